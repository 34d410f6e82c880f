#include "adapters/storage/sqlite_backup.h"

#include <sqlite3.h>

#include "adapters/storage/sqlite_bulk.h"

namespace arrears::storage {

namespace {

constexpr int busy_timeout_millis = 10'000;
constexpr int pages_a_step = 2'048;  // 8 MB: often enough to show progress

class Handle {
 public:
  Handle(const std::string& file, int flags) {
    const int code = sqlite3_open_v2(file.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    try {
      if (code != SQLITE_OK) fail_sqlite(db_, code, "open " + file);
    } catch (const StorageError&) {
      sqlite3_close(db_);
      throw;
    }
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, busy_timeout_millis);
  }
  ~Handle() { sqlite3_close(db_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  sqlite3* get() const { return db_; }
  void run(const char* sql) const {
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail_sqlite(db_, code, sql);
  }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace

void copy_sqlite(const std::string& from, const std::string& to,
                 const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const Handle site(from, SQLITE_OPEN_READWRITE);
  const Handle copy(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // One snapshot for all steps: without it, each change by another process begins the copy anew.
  site.run("BEGIN; SELECT count(*) FROM sqlite_schema");
  // Nobody else sees the copy, and an interrupted one is thrown away.
  copy.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL");
  sqlite3_backup* backup = sqlite3_backup_init(copy.get(), "main", site.get(), "main");
  if (backup == nullptr) fail_sqlite(copy.get(), SQLITE_ERROR, "back up");
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, pages_a_step);
    const std::int64_t total = sqlite3_backup_pagecount(backup);
    if (progress) progress(total - sqlite3_backup_remaining(backup), total);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) fail_sqlite(nullptr, code, "back up");
  if (finished != SQLITE_OK) fail_sqlite(copy.get(), finished, "back up");
}

}  // namespace arrears::storage
