#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/storage/db.h"

namespace arrears::storage {

/// A numbered step of the schema: migrations/NNNN_name/up.sql with its why.md.
struct Migration {
  std::int64_t version = 0;  ///< 1, 2, 3, ... without a gap
  std::string_view name;     ///< "first"
  std::string_view up;       ///< SQL with {i64}, {blob}, {clustered}
};

/// The migrations that the build put into the program, in order.
std::vector<Migration> embedded_migrations();

/// What a database is, seen without changing it.
enum class DatabaseState : unsigned char {
  blank,       ///< nothing in it
  current,     ///< at the last of the migrations
  older,       ///< some migrations are missing
  newer,       ///< has migrations that this program does not know
  foreign,     ///< tables, but not of Arrears
  unfinished,  ///< what an interrupted copy left (copy_site.h)
};

DatabaseState inspect(Connection& connection, std::span<const Migration> migrations);

/// Applies what is missing, each migration in a transaction of its own. The state must not be
/// newer, foreign or unfinished (StorageError newer_database, not_arrears, unfinished). Several
/// processes may do it at once.
void migrate(Connection& connection, std::span<const Migration> migrations);

/// The row of `site` by which an unfinished copy is known.
constexpr std::string_view unfinished_mark = "unfinished_copy";

/// Like open_database with OpenMode::create, but drops all tables of an unfinished copy first.
std::unique_ptr<Connection> open_copy_target(std::string_view url);

}  // namespace arrears::storage
