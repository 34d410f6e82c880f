#include "adapters/storage/backup.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/progress.h"

namespace arrears::cli {

namespace {

using storage::StorageError;
using storage::StorageProblem;

/// What a person can do about a failure; the general advice is about commands.
[[noreturn]] void fail(const StorageError& error, const std::string& url) {
  switch (error.problem) {
    case StorageProblem::full:
      throw std::runtime_error(std::string(error.what()) +
                               ". Nothing of it was kept. Make room on the disk and run the same "
                               "line again");
    case StorageProblem::io:
    case StorageProblem::lost:
    case StorageProblem::busy:
      throw std::runtime_error(std::string(error.what()) + " [" + storage::without_password(url) +
                               "]. Nothing of it was kept. Mend the cause and run the same line "
                               "again");
    default:
      throw error;
  }
}

/// What `work` answers, with progress shown meanwhile and failures in words.
template <class Work>
auto with_progress(Session& session, const Work& work) {
  Progress progress(session.options().progress);
  try {
    return taken(work([&](std::string_view what, std::int64_t done, std::int64_t total) {
      progress.show(what, done, total);
    }));
  } catch (const StorageError& error) {
    fail(error, session.options().db);
  }
}

Rows file_rows(const storage::BackupManifest& manifest) {
  Rows files;
  for (const storage::BackupFile& file : manifest.files) {
    files.push_back(Object{{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return files;
}

/// What the answer about keys says: who finds a backup without them must know where they are.
std::string_view about_keys(bool included) {
  return included ? "in the backup: who has the backup reads all personal data"
                  : "not in the backup: keep the key file apart, nothing is restored without it";
}

void add_backup(CommandLine& line) {
  struct Input {
    std::string to;
    bool with_keys = false;
  };
  auto input = std::make_shared<Input>();
  CLI::App& command = line.add(
      line.app(), "backup", "Back up the site into a folder, while it is used",
      "backup --to /backup/2026-06-30", [input](Session& session) {
        session.check_now(session.store());
        const storage::BackupManifest manifest =
            with_progress(session, [&](storage::BackupProgress progress) {
              return storage::back_up({session.options().db, session.options().keys, input->to,
                                       input->with_keys, ARREARS_VERSION, std::move(progress)},
                                      session.clock());
            });
        session.print(Object{{"backup", input->to},
                             {"engine", manifest.engine},
                             {"checkpoint", manifest.checkpoint},
                             {"at", to_string(manifest.checkpoint_at)},
                             {"digest", manifest.digest},
                             {"keys", about_keys(input->with_keys)},
                             {"files", file_rows(manifest)}});
      });
  command.add_option("--to", input->to, "A folder that is not there yet")->required();
  command.add_flag("--with-keys", input->with_keys,
                   "Also the key file: the backup then opens all personal data");
}

void add_restore(CommandLine& line) {
  auto from = std::make_shared<std::string>();
  CLI::App& command = line.add(
      line.app(), "restore", "Make the database --db from a backup, and verify it",
      "restore --from /backup/2026-06-30 --db sqlite:restored.db --keys arrears.db.keys",
      [from](Session& session) {
        const storage::RestoreReport report =
            with_progress(session, [&](storage::BackupProgress progress) {
              return storage::restore(
                  {*from, session.options().db, session.options().keys, std::move(progress)});
            });
        const storage::BackupManifest& manifest = report.manifest;
        session.print(Object{{"from", *from},
                             {"to", storage::without_password(session.options().db)},
                             {"made_at", to_string(manifest.made_at)},
                             {"program", manifest.program},
                             {"checkpoint", manifest.checkpoint},
                             {"at", to_string(manifest.checkpoint_at)},
                             {"entries", report.found.entries},
                             {"facts", report.found.rows},
                             {"checkpoints", report.found.checkpoints},
                             {"verified", report.found.passed()},
                             {"keys", report.made_keys ? "made from the backup" : "as they were"},
                             {"sessions_ended", report.sessions}});
      });
  command.add_option("--from", *from, "The folder of a backup")->required();
}

}  // namespace

void add_backup_commands(CommandLine& line) {
  add_backup(line);
  add_restore(line);
}

}  // namespace arrears::cli
