#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/storage/backup_folder.h"
#include "adapters/storage/verify.h"
#include "base/clock.h"
#include "base/result.h"

/// Backups of a site while it is used, and sites made from them: SQLite by the engine's own online
/// backup, PostgreSQL by pg_dump and pg_restore, which must be on the PATH.
namespace arrears::storage {

using BackupProgress =
    std::function<void(std::string_view what, std::int64_t done, std::int64_t total)>;

struct BackupOptions {
  std::string url;         ///< of the site
  std::string key_file;    ///< of the site
  std::string to;          ///< a folder that is not there yet
  bool with_keys = false;  ///< puts the key file into the backup: it then opens all personal data
  std::string program;     ///< this program's version
  BackupProgress progress;
};

/// Makes a checkpoint and then copies one snapshot of the database, which holds at least that
/// checkpoint. Commands and questions go on meanwhile. The folder gets its name once all of it is
/// on the disk; until then it is `FOLDER.unfinished`, which no restore accepts.
base::Result<BackupManifest> back_up(const BackupOptions& options, const base::Clock& clock);

struct RestoreOptions {
  std::string from;      ///< the folder of a backup
  std::string url;       ///< a SQLite file that is not there yet, or a blank database
  std::string key_file;  ///< of the site; made from the backup where that holds it
  BackupProgress progress;
};

struct RestoreReport {
  BackupManifest manifest;
  Verification found;         ///< passed
  bool made_keys = false;     ///< the key file came out of the backup
  std::int64_t sessions = 0;  ///< that were ended: everybody signs in again
};

/// Checks every file of the backup against its hash, makes the database, brings it up to this
/// version's schema, and verifies its whole journal against the backup's checkpoint. What is
/// refused leaves nothing behind. The restored site ends all sessions, and no image of the
/// portfolio that was written before is used for it (app::Facts::checkpoint_digest). StorageError
/// key_file where the key file is absent or another site's.
base::Result<RestoreReport> restore(const RestoreOptions& options);

#define ARREARS_BACKUP_REFUSALS(R) R(folder_exists, "Name a folder that is not there yet.")

#define ARREARS_RESTORE_REFUSALS(R)                                                      \
  R(backup_incomplete, "Use another backup: an unfinished one cannot be completed.")     \
  R(backup_damaged, "Use another backup, or another copy of this one.")                  \
  R(backup_newer, "Install the version of Arrears that made it, or a later one.")        \
  R(other_engine, "Restore to the same engine, then move the site with `arrears copy`.") \
  R(target_not_empty, "Name a file that is not there yet, or a database of `createdb`.") \
  R(restored_not_verified, "Nothing of it was kept. Use another backup.")

}  // namespace arrears::storage

ARREARS_REFUSALS(storage, BackupRefusal, "backup", ARREARS_BACKUP_REFUSALS);
ARREARS_REFUSALS(storage, RestoreRefusal, "restore", ARREARS_RESTORE_REFUSALS);
