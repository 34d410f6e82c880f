#include "adapters/storage/migrations.h"

#include <sodium.h>

#include <algorithm>
#include <filesystem>

#include "base/embedded.h"
#include "base/text.h"

namespace arrears::embedded {
std::span<const base::EmbeddedFile> migrations();
}

namespace arrears::storage {

namespace {

constexpr std::string_view schema_migration_table =
    "CREATE TABLE schema_migration (version {i64} NOT NULL, name TEXT NOT NULL, "
    "CONSTRAINT schema_migration_pk PRIMARY KEY (version)) {clustered}";

bool has_migrations(const std::vector<std::string>& tables) {
  return std::find(tables.begin(), tables.end(), "schema_migration") != tables.end();
}

std::int64_t applied_version(Connection& connection) {
  Query last = connection.query("SELECT coalesce(max(version), 0) FROM schema_migration");
  last.next();
  return last.int64_at(0);
}

[[noreturn]] void refuse_newer() {
  throw StorageError(StorageProblem::newer_database,
                     "The database was written by a newer version of Arrears and was left "
                     "untouched. Install that version or a later one.");
}

[[noreturn]] void refuse_foreign() {
  throw StorageError(StorageProblem::not_arrears,
                     "This is a database, but not one of Arrears; it was left untouched. "
                     "Check its name.");
}

[[noreturn]] void refuse_unfinished() {
  throw StorageError(StorageProblem::unfinished,
                     "The database is an unfinished copy: `arrears copy` into it was interrupted "
                     "or failed");
}

bool is_unfinished_copy(Connection& connection, const std::vector<std::string>& tables) {
  return std::find(tables.begin(), tables.end(), "site") != tables.end() &&
         connection.query("SELECT 1 FROM site WHERE name = :name", unfinished_mark).next();
}

void drop_tables(Connection& connection) {
  Transaction transaction(connection, Transaction::Mode::write);
  for (const std::string& table : connection.table_names()) {
    connection.execute_script("DROP TABLE " + table);
  }
  transaction.commit();
}

void apply(Connection& connection, const Migration& migration) {
  Transaction transaction(connection, Transaction::Mode::write);
  if (!has_migrations(connection.table_names())) {
    connection.execute(connection.dialect(schema_migration_table));
  }
  // Another process may have been faster since the state was read.
  if (applied_version(connection) >= migration.version) return;
  connection.execute_script(connection.dialect(migration.up));
  connection.execute("INSERT INTO schema_migration (version, name) VALUES (:version, :name)",
                     migration.version, migration.name);
  if (migration.version == 1) {
    // Names this database for ever: a checkpoint of another one does not verify here.
    std::array<std::uint8_t, 16> id{};
    randombytes_buf(id.data(), id.size());
    std::array<char, 33> hex{};
    sodium_bin2hex(hex.data(), hex.size(), id.data(), id.size());
    connection.execute("INSERT INTO site (name, value) VALUES ('database_id', :id)",
                       std::string_view(hex.data()));
  }
  transaction.commit();
}

constexpr std::string_view sqlite_prefix = "sqlite:";

/// Looks through the engine alone: whoever else opens the file and closes it ends all locks that
/// this process has on it (POSIX), and other processes would take its log for an abandoned one.
DatabaseState inspect_file(const std::string& file, std::span<const Migration> known) {
  try {
    const auto untouched = open_sqlite_untouched(file);
    return inspect(*untouched, known);
  } catch (const StorageError& error) {
    const bool foreign = std::string_view(error.what()).find("not a database") != std::string::npos;
    if (error.problem != StorageProblem::corrupt || !foreign) throw;
    throw StorageError(StorageProblem::corrupt,
                       file + " is not a database; it was left untouched. Check the path.");
  }
}

/// Only `create` may make something of a file that is absent or empty.
void check_absent(const std::string& file, OpenMode mode) {
  if (mode == OpenMode::create) return;
  throw StorageError(StorageProblem::absent, "There is no database at " + file +
                                                 ". Make one with 'arrears init', or name "
                                                 "another with --db or ARREARS_DB.");
}

/// What to do with an unfinished copy.
enum class Unfinished : unsigned char { refuse, drop };

void check_file(const std::string& file, OpenMode mode, Unfinished unfinished,
                std::span<const Migration> known) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return check_absent(file, mode);
  if (!std::filesystem::is_regular_file(file, error)) {
    throw StorageError(StorageProblem::not_arrears, file + " is not a file. Check the path.");
  }
  if (std::filesystem::file_size(file, error) == 0) return check_absent(file, mode);
  switch (inspect_file(file, known)) {
    case DatabaseState::newer:
      refuse_newer();
    case DatabaseState::foreign:
      refuse_foreign();
    case DatabaseState::unfinished:
      if (unfinished == Unfinished::refuse) refuse_unfinished();
      return;
    case DatabaseState::blank:
      return check_absent(file, mode);
    case DatabaseState::current:
    case DatabaseState::older:
      return;
  }
}

std::unique_ptr<Connection> open_file_database(const std::string& file, OpenMode mode,
                                               Unfinished unfinished,
                                               std::span<const Migration> known) {
  if (file != ":memory:") check_file(file, mode, unfinished, known);
  return open_sqlite(file);
}

std::unique_ptr<Connection> open_server_database(const std::string& url, OpenMode mode,
                                                 std::span<const Migration> known) {
  auto connection = open_postgres(url);
  if (mode == OpenMode::existing && inspect(*connection, known) == DatabaseState::blank) {
    throw StorageError(StorageProblem::absent,
                       "The database is blank. Fill it with 'arrears init', or name another with "
                       "--db or ARREARS_DB.");
  }
  return connection;
}

std::unique_ptr<Connection> open_migrated(std::string_view url, OpenMode mode,
                                          Unfinished unfinished) {
  const bool on_server = is_postgres(url);
  if (!on_server && (url.substr(0, sqlite_prefix.size()) != sqlite_prefix ||
                     url.size() == sqlite_prefix.size())) {
    throw StorageError(StorageProblem::other, "\"" + std::string(url) +
                                                  "\" does not name a database. Write "
                                                  "sqlite:FILE, for example sqlite:arrears.db, or "
                                                  "postgresql://USER@HOST/NAME.");
  }
  const std::vector<Migration> known = embedded_migrations();
  auto connection = on_server ? open_server_database(std::string(url), mode, known)
                              : open_file_database(std::string(url.substr(sqlite_prefix.size())),
                                                   mode, unfinished, known);
  if (unfinished == Unfinished::drop && inspect(*connection, known) == DatabaseState::unfinished) {
    drop_tables(*connection);
  }
  migrate(*connection, known);
  return connection;
}

}  // namespace

std::vector<Migration> embedded_migrations() {
  std::vector<Migration> migrations;
  for (const base::EmbeddedFile& file : embedded::migrations()) {
    const std::string_view folder = file.name.substr(0, file.name.find('/'));
    const auto version = base::parse_int(folder.substr(0, 4));
    ARREARS_REQUIRE(version && *version == static_cast<std::int64_t>(migrations.size()) + 1);
    migrations.push_back({*version, folder.substr(5), file.content});
  }
  return migrations;
}

DatabaseState inspect(Connection& connection, std::span<const Migration> migrations) {
  const std::vector<std::string> tables = connection.table_names();
  if (!has_migrations(tables)) {
    return tables.empty() ? DatabaseState::blank : DatabaseState::foreign;
  }
  const std::int64_t version = applied_version(connection);
  const auto known = static_cast<std::int64_t>(migrations.size());
  if (version > known) return DatabaseState::newer;
  if (is_unfinished_copy(connection, tables)) return DatabaseState::unfinished;
  return version == known ? DatabaseState::current : DatabaseState::older;
}

void migrate(Connection& connection, std::span<const Migration> migrations) {
  switch (inspect(connection, migrations)) {
    case DatabaseState::newer:
      refuse_newer();
    case DatabaseState::foreign:
      refuse_foreign();
    case DatabaseState::unfinished:
      refuse_unfinished();
    case DatabaseState::current:
      return;
    case DatabaseState::blank:
    case DatabaseState::older:
      for (const Migration& migration : migrations) {
        try {
          apply(connection, migration);
        } catch (const StorageError&) {
          // Where engines let two processes make the same table at once, one of them fails.
          if (!has_migrations(connection.table_names()) ||
              applied_version(connection) < migration.version) {
            throw;
          }
        }
      }
  }
}

std::string without_password(std::string_view url) {
  if (!is_postgres(url)) return std::string(url);
  const auto options = url.find('?');
  if (options != std::string_view::npos &&
      url.find("password=", options) != std::string_view::npos) {
    return without_password(url.substr(0, options));
  }
  const auto colon = url.find(':', url.find("//"));
  const auto host = url.find('@');
  if (host == std::string_view::npos || colon > host) return std::string(url);
  return std::string(url.substr(0, colon)) + std::string(url.substr(host));
}

bool is_postgres(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

std::unique_ptr<Connection> open_database(std::string_view url, OpenMode mode) {
  return open_migrated(url, mode, Unfinished::refuse);
}

std::unique_ptr<Connection> open_copy_target(std::string_view url) {
  return open_migrated(url, OpenMode::create, Unfinished::drop);
}

}  // namespace arrears::storage
