#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/storage/checkpoint.h"
#include "base/result.h"

/// Moves a site from one database to another, of whatever engines.
namespace arrears::storage {

struct CopyOptions {
  std::string from;      ///< URL of the site
  std::string to;        ///< URL of a blank database, or of an unfinished copy
  std::string key_file;  ///< of both
  std::function<void(std::string_view what, std::int64_t done, std::int64_t total)> progress;
};

struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
};

struct CopyReport {
  Checkpoint checkpoint;  ///< the last one, the same in both
  std::int64_t entries = 0;
  std::int64_t rows = 0;
  std::vector<CopiedTable> tables;  ///< in order of name
};

/// Copies every row of every table as it is, ids, hashes and signatures included, and verifies the
/// whole journal of the copy against the site's own checkpoint. The site gets a checkpoint first
/// and is then read in one snapshot; others may ask it meanwhile, but not change it (site_moved).
/// Until the last step the copy bears a mark by which every command refuses it
/// (DatabaseState::unfinished); a copy that was interrupted or refused is begun anew by the next.
/// A StorageError names the database that failed.
base::Result<CopyReport> copy_site(const CopyOptions& options, const base::Clock& clock);

#define ARREARS_COPY_REFUSALS(R)                                                           \
  R(target_not_empty,                                                                      \
    "Name a SQLite file that is not there yet, or a blank database made with `createdb`.") \
  R(site_moved, "Stop whatever writes to it and run the same line again.")                 \
  R(copy_not_verified,                                                                     \
    "Run `arrears journal verify` on the site; if it fails there too, restore its backup.")

}  // namespace arrears::storage

ARREARS_REFUSALS(storage, CopyRefusal, "copy", ARREARS_COPY_REFUSALS);
