#include <algorithm>

#include "adapters/storage/copy_site.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/progress.h"

namespace arrears::cli {

namespace {

/// Beside the SQLite file of the two, the site's first.
std::string default_key_file(const std::string& from, const std::string& to) {
  constexpr std::string_view prefix = "sqlite:";
  for (const std::string& url : {from, to}) {
    if (url.starts_with(prefix)) return url.substr(prefix.size()) + ".keys";
  }
  throw UsageError("Name the key file of the site: --keys FILE or ARREARS_KEYS.");
}

/// A failure in words: it names its database already, unlike those of other commands.
[[noreturn]] void fail(const storage::StorageError& error) {
  using storage::StorageProblem;
  constexpr StorageProblem passing[] = {StorageProblem::full, StorageProblem::lost,
                                        StorageProblem::busy, StorageProblem::retry,
                                        StorageProblem::io};
  const bool passes = std::ranges::count(passing, error.problem) > 0;
  throw std::runtime_error(
      error.what() + std::string(passes ? ". Mend the cause and run the same line again; until "
                                          "then every command refuses the copy"
                                        : ""));
}

storage::CopyReport copy(Session& session, const storage::CopyOptions& options) {
  try {
    {
      storage::DatabaseStore site(
          {options.from, options.key_file, storage::OpenMode::existing, false}, session.clock());
      session.check_now(site);
    }
    return taken(storage::copy_site(options, session.clock()));
  } catch (const storage::StorageError& error) {
    fail(error);
  }
}

Object answer(const storage::CopyOptions& options, const storage::CopyReport& report) {
  Rows tables;
  for (const storage::CopiedTable& table : report.tables) {
    if (table.rows > 0) tables.push_back(Object{{"table", table.name}, {"rows", table.rows}});
  }
  return {{"from", storage::without_password(options.from)},
          {"to", storage::without_password(options.to)},
          {"keys", options.key_file},
          {"checkpoint", report.checkpoint.number},
          {"at", to_string(report.checkpoint.at)},
          {"entries", report.entries},
          {"rows", report.rows},
          {"verified", true},
          {"tables", std::move(tables)}};
}

}  // namespace

void add_copy_command(CommandLine& line) {
  struct Input {
    std::string from;
    std::string to;
  };
  auto input = std::make_shared<Input>();
  CLI::App& command = line.add(
      line.app(), "copy", "Copy the whole site to another database and verify it there",
      "copy --from sqlite:arrears.db --to postgresql://arrears@db/arrears --keys arrears.db.keys",
      [input, &line](Session& session) {
        storage::CopyOptions options{input->from, input->to, line.options().keys, {}};
        if (options.key_file.empty()) options.key_file = default_key_file(input->from, input->to);
        storage::CopyReport report;
        {
          Progress progress(session.options().progress);
          options.progress = [&](std::string_view what, std::int64_t done, std::int64_t total) {
            progress.show(what, done, total);
          };
          report = copy(session, options);
        }
        session.print(answer(options, report));
      });
  command.add_option("--from", input->from, "The site's database")->required();
  command.add_option("--to", input->to, "A blank database, or an unfinished copy")->required();
}

}  // namespace arrears::cli
