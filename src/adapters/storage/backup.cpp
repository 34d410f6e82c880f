#include "adapters/storage/backup.h"

#include <sodium.h>

#include <filesystem>

#include "adapters/storage/migrations.h"
#include "adapters/storage/postgres_tools.h"
#include "adapters/storage/sqlite_backup.h"

namespace arrears::storage {

namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

std::string sqlite_file(const std::string& url) { return url.substr(sqlite_prefix.size()); }

std::string without_slashes(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

/// What the manifest says of the database and its last checkpoint; answers that checkpoint's file.
std::string describe_database(Connection& connection, const KeyFile& keys,
                              BackupManifest& manifest) {
  Query last = connection.query("SELECT max(version) FROM schema_migration");
  ARREARS_REQUIRE(last.next());
  manifest.migration = last.int64_at(0);
  manifest.database_id = database_id(connection);
  const auto exported = export_checkpoint(connection, keys.public_key());
  ARREARS_REQUIRE(exported.has_value());
  const Checkpoint checkpoint = parse_checkpoint_file(*exported).value().checkpoint;
  manifest.checkpoint = checkpoint.number;
  manifest.checkpoint_at = checkpoint.at;
  manifest.digest = to_hex(checkpoint_hash(manifest.database_id, checkpoint));
  return *exported + "\n";
}

void show(const BackupProgress& progress, std::string_view what, std::int64_t done,
          std::int64_t total) {
  if (progress) progress(what, done, total);
}

/// The database's copy in the folder; answers the file of its last checkpoint.
std::string copy_database(const BackupOptions& options, Connection& site, const KeyFile& keys,
                          const UnfinishedFolder& folder, BackupManifest& manifest) {
  const bool on_server = is_postgres(options.url);
  const std::string_view name = on_server ? backup_names::postgres : backup_names::sqlite;
  folder.put(name, "");  // for its mode, which those who fill it leave
  if (on_server) {
    manifest.engine = "postgresql";
    const Transaction snapshot(site, Transaction::Mode::read);
    std::string exported = describe_database(site, keys, manifest);
    Query exporting = site.query("SELECT pg_export_snapshot() -- wide");
    ARREARS_REQUIRE(exporting.next());
    show(options.progress, "dumping", 0, 1);
    run_postgres_tool(
        "pg_dump", options.url,
        {"--format=custom", "--no-owner", "--no-privileges",
         "--snapshot=" + std::string(exporting.text_at(0)), "--file=" + folder.file(name)});
    return exported;
  }
  manifest.engine = "sqlite";
  const std::string file = folder.file(name);
  copy_sqlite(sqlite_file(options.url), file, [&](std::int64_t done, std::int64_t total) {
    show(options.progress, "copying", done, total);
  });
  return describe_database(*open_sqlite_untouched(file), keys, manifest);
}

/// A site that is being made from a backup. What it makes is gone again without `keep`.
class Restoration {
 public:
  Restoration(const RestoreOptions& options, BackupManifest manifest)
      : options_(options), folder_(without_slashes(options.from)) {
    report_.manifest = std::move(manifest);
  }

  base::Result<RestoreReport> run() {
    if (const auto refusal = check_backup()) return *refusal;
    const KeyFile keys = find_keys();
    if (!is_target_free()) return target_taken();
    return is_postgres(options_.url) ? to_server(keys) : to_file(keys);
  }

 private:
  const BackupManifest& manifest() const { return report_.manifest; }
  std::string file(std::string_view name) const { return folder_ + '/' + std::string(name); }
  std::string_view database_name() const {
    return manifest().engine == "sqlite" ? backup_names::sqlite : backup_names::postgres;
  }
  bool holds(std::string_view name) const {
    for (const BackupFile& one : manifest().files)
      if (one.name == name) return true;
    return false;
  }
  base::Refusal target_taken() const {
    return base::refuse(RestoreRefusal::target_not_empty,
                        "The database " + without_password(options_.url) + " is there already");
  }

  std::optional<base::Refusal> check_backup() {
    const std::string engine = is_postgres(options_.url) ? "postgresql" : "sqlite";
    const auto known = static_cast<std::int64_t>(embedded_migrations().size());
    if (manifest().migration > known) {
      return base::refuse(RestoreRefusal::backup_newer,
                          "The backup " + folder_ + " was made by Arrears " + manifest().program);
    }
    if (manifest().engine != engine) {
      return base::refuse(RestoreRefusal::other_engine,
                          "The backup " + folder_ + " is one of " + manifest().engine);
    }
    if (!is_target_free()) return target_taken();
    if (!holds(database_name()) || !holds(backup_names::checkpoint))
      return damaged("manifest.json");
    std::int64_t done = 0;
    for (const BackupFile& expected : manifest().files) {
      show(options_.progress, "checking files", done++,
           static_cast<std::int64_t>(manifest().files.size()));
      std::error_code none;
      if (!std::filesystem::is_regular_file(file(expected.name), none)) {
        return base::refuse(RestoreRefusal::backup_incomplete,
                            "The file " + file(expected.name) + " of the backup is missing");
      }
      const BackupFile found = describe_file(folder_, expected.name);
      if (found.bytes != expected.bytes || found.sha256 != expected.sha256) {
        return damaged(expected.name);
      }
    }
    against_ = parse_checkpoint_file(read_whole_file(file(backup_names::checkpoint)));
    if (!against_ || against_->database_id != manifest().database_id ||
        against_->checkpoint.number != manifest().checkpoint ||
        to_hex(checkpoint_hash(against_->database_id, against_->checkpoint)) != manifest().digest) {
      return damaged(backup_names::checkpoint);
    }
    return std::nullopt;
  }

  base::Refusal damaged(std::string_view name) const {
    return base::refuse(RestoreRefusal::backup_damaged,
                        "The file " + file(name) + " is not what the backup wrote");
  }

  /// The site's key file, or the backup's own, which is put in its place at the end.
  KeyFile find_keys() {
    std::error_code none;
    const bool is_there = std::filesystem::exists(options_.key_file, none);
    if (!is_there && !holds(backup_names::keys)) {
      throw StorageError(StorageProblem::key_file,
                         "The key file " + options_.key_file +
                             " is not there, and the backup does not hold it: bring the one that "
                             "was kept apart");
    }
    report_.made_keys = !is_there;
    const std::string path = is_there ? options_.key_file : file(backup_names::keys);
    KeyFile keys = KeyFile::load(path);
    if (keys.public_key() != against_->public_key) {
      throw StorageError(StorageProblem::key_file,
                         "The key file " + path + " is not the one of this backup's site");
    }
    return keys;
  }

  bool is_target_free() const {
    if (is_postgres(options_.url)) return open_postgres(options_.url)->table_names().empty();
    std::error_code none;
    const std::string target = sqlite_file(options_.url);
    return !std::filesystem::exists(std::filesystem::symlink_status(target, none)) &&
           !std::filesystem::exists(target + "-wal", none);
  }

  base::Result<RestoreReport> to_file(const KeyFile& keys) {
    const std::string target = sqlite_file(options_.url);
    const UnnamedFile copy(target);
    show(options_.progress, "copying", 0, 1);
    copy_file_durably(file(backup_names::sqlite), copy.path());
    if (const auto problem = finish(std::string(sqlite_prefix) + copy.path(), keys)) {
      return base::refuse(RestoreRefusal::restored_not_verified, *problem);
    }
    make_durable(copy.path());
    put_keys();
    if (!publish_file(copy.path(), target)) return target_taken();
    return report_;
  }

  base::Result<RestoreReport> to_server(const KeyFile& keys) {
    show(options_.progress, "restoring", 0, 1);
    run_postgres_tool("pg_restore", options_.url,
                      {"--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                       file(backup_names::postgres)});
    const auto problem = finish(options_.url, keys);
    if (problem) {
      drop_tables();
      return base::refuse(RestoreRefusal::restored_not_verified, *problem);
    }
    put_keys();
    return report_;
  }

  void drop_tables() const {
    const auto connection = open_postgres(options_.url);
    Transaction transaction(*connection, Transaction::Mode::write);
    for (const std::string& table : connection->table_names()) {
      connection->execute_script("DROP TABLE " + table);
    }
    transaction.commit();
  }

  /// Brings the database up to this version, verifies it and makes it a site of its own; what is
  /// wrong with it otherwise. Its connection is closed at the end.
  std::optional<std::string> finish(const std::string& url, const KeyFile& keys) {
    try {
      const auto site = open_database(url, OpenMode::existing);
      check_key_file(*site, keys);
      VerifyOptions options;
      options.public_key = keys.public_key();
      options.against = against_;
      options.progress = [&](int done, int total) {
        show(options_.progress, "verifying", done, total);
      };
      report_.found = verify(*site, options);
      if (!report_.found.passed()) {
        const Problem& first = report_.found.problems.front();
        return "The backup's journal is not verified: " +
               std::to_string(report_.found.problem_count) +
               " problems, the first: " + first.where + ": " + first.text;
      }
      begin_anew(*site);
      return std::nullopt;
    } catch (const StorageError& error) {
      if (error.problem != StorageProblem::corrupt) throw;
      return "The backup's database cannot be read: " + std::string(error.what());
    }
  }

  void begin_anew(Connection& site) {
    std::array<std::uint8_t, 16> token{};
    randombytes_buf(token.data(), token.size());
    Transaction transaction(site, Transaction::Mode::write);
    site.execute("DELETE FROM site WHERE name = :name", restored_mark);
    site.execute("INSERT INTO site (name, value) VALUES (:name, :token)", restored_mark,
                 to_hex(token));
    report_.sessions = site.execute("DELETE FROM session -- wide");
    site.execute("DELETE FROM sign_in_guess -- wide");
    transaction.commit();
    // A dump has no statistics, without which the server plans badly.
    site.execute_script("ANALYZE");
  }

  void put_keys() const {
    if (report_.made_keys) copy_file_durably(file(backup_names::keys), options_.key_file);
  }

  /// A name beside the target that nothing bears, gone with what the engine puts beside it.
  class UnnamedFile {
   public:
    explicit UnnamedFile(const std::string& target) {
      std::array<std::uint8_t, 4> token{};
      randombytes_buf(token.data(), token.size());
      path_ = target + ".restoring-" + to_hex(token);
    }
    ~UnnamedFile() {
      std::error_code none;
      for (const char* more : {"", "-wal", "-shm", "-journal"}) {
        std::filesystem::remove(path_ + more, none);
      }
    }
    UnnamedFile(const UnnamedFile&) = delete;
    UnnamedFile& operator=(const UnnamedFile&) = delete;
    const std::string& path() const { return path_; }

   private:
    std::string path_;
  };

  const RestoreOptions& options_;
  std::string folder_;
  std::optional<CheckpointFile> against_;
  RestoreReport report_;
};

}  // namespace

base::Result<BackupManifest> back_up(const BackupOptions& options, const base::Clock& clock) {
  const std::string target = without_slashes(options.to);
  const auto taken = [&] {
    return base::refuse(BackupRefusal::folder_exists, "There is something at " + target);
  };
  std::error_code none;
  if (std::filesystem::exists(std::filesystem::symlink_status(target, none))) return taken();
  BackupManifest manifest;
  manifest.program = options.program;
  manifest.made_at = clock.now();
  const auto site = open_database(options.url, OpenMode::existing);
  const KeyFile keys = KeyFile::load(options.key_file);
  make_checkpoint(*site, keys, clock);
  UnfinishedFolder folder(target);
  folder.put(backup_names::checkpoint, copy_database(options, *site, keys, folder, manifest));
  std::vector<std::string_view> names = {
      manifest.engine == "sqlite" ? backup_names::sqlite : backup_names::postgres,
      backup_names::checkpoint};
  if (options.with_keys) {
    folder.put(backup_names::keys, read_whole_file(options.key_file));
    names.push_back(backup_names::keys);
  }
  for (const std::string_view name : names) {
    make_durable(folder.file(name));
    manifest.files.push_back(describe_file(folder.path(), name));
  }
  if (!folder.finish(manifest)) return taken();
  return manifest;
}

base::Result<RestoreReport> restore(const RestoreOptions& options) {
  const std::string folder = without_slashes(options.from);
  const std::string path = folder + '/' + std::string(backup_names::manifest);
  std::error_code none;
  if (folder.ends_with(backup_names::unfinished) || !std::filesystem::is_regular_file(path, none)) {
    return base::refuse(RestoreRefusal::backup_incomplete,
                        "The folder " + folder + " holds no finished backup");
  }
  auto manifest = parse_manifest(read_whole_file(path));
  if (!manifest) {
    return base::refuse(RestoreRefusal::backup_damaged, "The file " + path + " is no manifest");
  }
  return Restoration(options, std::move(*manifest)).run();
}

}  // namespace arrears::storage
