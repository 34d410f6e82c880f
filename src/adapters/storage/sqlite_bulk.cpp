#include "adapters/storage/sqlite_bulk.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <utility>

namespace arrears::storage {

namespace {

constexpr std::size_t columns_max = 32;
constexpr std::size_t job_bytes = 256 << 10;
constexpr std::size_t jobs_max = 16;  ///< that wait for the thread

// The virtual table: the rows of SqliteBulk::Reading, columns c0, c1, ... A value is the byte of
// its kind, then the 8 bytes of an integer, or a size of 8 bytes and as many bytes.

struct Table {
  sqlite3_vtab base;
  SqliteBulk::Reading* reading;
};

struct Cursor {
  sqlite3_vtab_cursor base;
  SqliteBulk::Reading* reading;
  const char* next;  ///< where the next row begins
  std::array<const char*, columns_max> values;
};

std::int64_t number_at(const char* at) {
  std::int64_t number = 0;
  std::memcpy(&number, at, sizeof number);
  return number;
}

bool at_end(const Cursor& cursor) { return cursor.reading->row >= cursor.reading->block->count; }

void find_values(Cursor& cursor) {
  if (at_end(cursor)) return;
  const char* at = cursor.next;
  for (std::size_t i = 0; i < cursor.reading->block->columns; ++i) {
    cursor.values[i] = at;
    const auto kind = static_cast<Value::Kind>(*at++);
    if (kind == Value::Kind::null) continue;
    const std::int64_t number = number_at(at);
    at += sizeof number;
    if (kind != Value::Kind::integer) at += number;
  }
  cursor.next = at;
}

int connect(sqlite3* db, void* reading, int, const char* const*, sqlite3_vtab** table, char**) {
  std::string columns;
  for (std::size_t i = 0; i < columns_max; ++i)
    columns += (i > 0 ? ", c" : "c") + std::to_string(i);
  const int code = sqlite3_declare_vtab(db, ("CREATE TABLE t (" + columns + ")").c_str());
  if (code != SQLITE_OK) return code;
  *table = &(new Table{{}, static_cast<SqliteBulk::Reading*>(reading)})->base;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<Table*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }

int open_cursor(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
  *cursor = &(new Cursor{{}, reinterpret_cast<Table*>(table)->reading, nullptr, {}})->base;
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  delete reinterpret_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int first_row(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  auto& cursor = *reinterpret_cast<Cursor*>(base);
  cursor.reading->row = 0;
  cursor.next = cursor.reading->block->bytes.data();
  find_values(cursor);
  return SQLITE_OK;
}

int next_row(sqlite3_vtab_cursor* base) {
  auto& cursor = *reinterpret_cast<Cursor*>(base);
  ++cursor.reading->row;
  find_values(cursor);
  return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* base) {
  return at_end(*reinterpret_cast<const Cursor*>(base)) ? 1 : 0;
}

int give_value(sqlite3_vtab_cursor* base, sqlite3_context* to, int column) {
  const char* at = reinterpret_cast<const Cursor*>(base)->values[static_cast<std::size_t>(column)];
  const auto kind = static_cast<Value::Kind>(*at++);
  const auto size = [at] { return static_cast<sqlite3_uint64>(number_at(at)); };
  switch (kind) {
    case Value::Kind::null:
      sqlite3_result_null(to);
      break;
    case Value::Kind::integer:
      sqlite3_result_int64(to, number_at(at));
      break;
    case Value::Kind::text:
      sqlite3_result_text64(to, at + 8, size(), SQLITE_STATIC, SQLITE_UTF8);
      break;
    case Value::Kind::blob:
      sqlite3_result_blob64(to, at + 8, size(), SQLITE_STATIC);
      break;
  }
  return SQLITE_OK;
}

int give_rowid(sqlite3_vtab_cursor* base, sqlite3_int64* rowid) {
  *rowid = static_cast<sqlite3_int64>(reinterpret_cast<const Cursor*>(base)->reading->row);
  return SQLITE_OK;
}

/// There without being created, in every connection that it is registered with.
const sqlite3_module waiting_rows = [] {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xDisconnect = disconnect;
  module.xBestIndex = best_index;
  module.xOpen = open_cursor;
  module.xClose = close_cursor;
  module.xFilter = first_row;
  module.xNext = next_row;
  module.xEof = is_at_end;
  module.xColumn = give_value;
  module.xRowid = give_rowid;
  return module;
}();

}  // namespace

void RowBlock::append(std::span<const Value> values) {
  const auto put = [&](std::int64_t number) {
    std::array<char, 8> eight;
    std::memcpy(eight.data(), &number, eight.size());
    bytes.append(eight.data(), eight.size());
  };
  for (const Value& value : values) {
    bytes += static_cast<char>(value.kind());
    switch (value.kind()) {
      case Value::Kind::null:
        break;
      case Value::Kind::integer:
        put(value.integer());
        break;
      case Value::Kind::text:
      case Value::Kind::blob:
        put(static_cast<std::int64_t>(value.text().size()));
        bytes += value.text();
        break;
    }
  }
  columns = values.size();
  ++count;
}

SqliteBulk::SqliteBulk(sqlite3* db) : db_(db) {
  const int code = sqlite3_create_module(db, "waiting_rows", &waiting_rows, &reading_);
  if (code != SQLITE_OK) fail_sqlite(db, code, "create module");
}

SqliteBulk::~SqliteBulk() {
  drop();
  for (const auto& [write, statement] : statements_) sqlite3_finalize(statement);
}

void SqliteBulk::add(const LaterWrite& write, std::span<const Value> values) {
  is_busy_ = true;
  auto block = waiting_.begin();
  while (block != waiting_.end() && block->write != &write) ++block;
  if (block == waiting_.end()) {
    block = waiting_.emplace(waiting_.end());
    block->write = &write;
  }
  const std::size_t before = block->bytes.size();
  block->append(values);
  waiting_bytes_ += block->bytes.size() - before;
  if (waiting_bytes_ < job_bytes) return;
  waiting_bytes_ = 0;
  hand_over(std::exchange(waiting_, {}));
}

std::size_t SqliteBulk::insert_new(const LaterWrite& write, std::size_t count,
                                   const std::function<std::span<const Value>(std::size_t)>& row) {
  settle();
  inserted_ = 0;
  for (std::size_t i = 0; i < count; ++i) add(write, row(i));
  try {
    settle();
  } catch (const StorageError& error) {
    if (error.problem != StorageProblem::unique) throw;
  }
  return inserted_;
}

void SqliteBulk::hand_over(Job job) {
  if (failure_ && !thread_.joinable()) return;
  if (!thread_.joinable()) {
    is_last_ = false;
    thread_ = std::thread([this] { work(); });
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return jobs_.size() < jobs_max || failure_; });
  if (failure_) return;
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

void SqliteBulk::finish() {
  waiting_bytes_ = 0;
  const Job rest = std::exchange(waiting_, {});
  pause();
  is_busy_ = false;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  for (const RowBlock& block : rest) insert(block);
}

void SqliteBulk::drop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    jobs_.clear();
  }
  pause();
  waiting_.clear();
  waiting_bytes_ = 0;
  failure_ = nullptr;
  is_busy_ = false;
}

void SqliteBulk::pause() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_last_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SqliteBulk::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return is_last_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    changed_.notify_all();
    lock.unlock();
    std::exception_ptr failure;
    try {
      for (const RowBlock& block : job) insert(block);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (!failure) continue;
    failure_ = failure;
    jobs_.clear();
    changed_.notify_all();
    return;
  }
}

void SqliteBulk::insert(const RowBlock& block) {
  reading_ = {&block, 0};
  sqlite3_stmt* statement = statement_for(block);
  const int code = sqlite3_step(statement);
  inserted_ += reading_.row;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement);
    return;
  }
  try {
    fail_sqlite(db_, code, block.write->copy);
  } catch (...) {
    sqlite3_reset(statement);
    throw;
  }
}

/// What a block inserted stays where one of its rows fails: whoever wants it undone undoes the
/// transaction.
sqlite3_stmt* SqliteBulk::statement_for(const RowBlock& block) {
  sqlite3_stmt*& statement = statements_[block.write];
  if (statement != nullptr) return statement;
  ARREARS_REQUIRE(block.columns <= columns_max);
  std::string sql = "INSERT OR FAIL INTO " + block.write->copy + " SELECT ";
  for (std::size_t i = 0; i < block.columns; ++i) sql += (i > 0 ? ", c" : "c") + std::to_string(i);
  sql += " FROM waiting_rows";
  const int code =
      sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail_sqlite(db_, code, sql);
  return statement;
}

}  // namespace arrears::storage
