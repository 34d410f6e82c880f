#include <sqlite3.h>

#include <filesystem>

#include "adapters/storage/db.h"
#include "adapters/storage/sql_text.h"
#include "adapters/storage/sqlite_bulk.h"

namespace arrears::storage {

namespace {

constexpr int busy_timeout_millis = 10'000;

StorageProblem problem_of(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
      return StorageProblem::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return StorageProblem::foreign_key;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE:
      return StorageProblem::check;
    case SQLITE_CONSTRAINT_NOTNULL:
      return StorageProblem::not_null;
    case SQLITE_BUSY_SNAPSHOT:
      return StorageProblem::retry;
    default:
      break;
  }
  switch (extended_code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StorageProblem::busy;
    case SQLITE_FULL:
      return StorageProblem::full;
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return StorageProblem::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StorageProblem::corrupt;
    default:
      return StorageProblem::other;
  }
}

}  // namespace

void fail_sqlite(sqlite3* db, int code, std::string_view doing) {
  const int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
  std::string message = "database: ";
  message += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  message += " (";
  message += doing.substr(0, 120);
  message += ')';
  throw StorageError(problem_of(extended), message);
}

namespace {

/// Each use of the handle waits for the rows on their way.
class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* db, SqliteBulk& bulk, std::string_view sql)
      : db_(db), bulk_(bulk), sql_(sql) {
    const SqlText numbered = number_parameters(sql, '?');
    const int code = sqlite3_prepare_v3(db, numbered.text.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                        &handle_, nullptr);
    if (code != SQLITE_OK) fail_sqlite(db, code, sql_);
    parameter_count_ = static_cast<int>(numbered.names.size());
  }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override { sqlite3_finalize(handle_); }

  int parameter_count() const override { return parameter_count_; }

  void bind(int parameter, const Value& value) override {
    bulk_.end_streak();
    bind(parameter, value, SQLITE_TRANSIENT);
  }

  /// Runs once with values that stay where they are meanwhile.
  void run(std::span<const Value> values) {
    int parameter = 0;
    bulk_.settle();
    for (const Value& value : values) bind(parameter++, value, SQLITE_STATIC);
    while (go_on()) {
    }
  }

  void bind(int parameter, const Value& value, sqlite3_destructor_type lifetime) {
    const int at = parameter + 1;
    int code = SQLITE_OK;
    switch (value.kind()) {
      case Value::Kind::null:
        code = sqlite3_bind_null(handle_, at);
        break;
      case Value::Kind::integer:
        code = sqlite3_bind_int64(handle_, at, value.integer());
        break;
      case Value::Kind::text:
        code = sqlite3_bind_text64(handle_, at, value.text().data(), value.text().size(), lifetime,
                                   SQLITE_UTF8);
        break;
      case Value::Kind::blob:
        code = value.blob().empty() ? sqlite3_bind_zeroblob(handle_, at, 0)
                                    : sqlite3_bind_blob64(handle_, at, value.blob().data(),
                                                          value.blob().size(), lifetime);
        break;
    }
    if (code != SQLITE_OK) fail_sqlite(db_, code, sql_);
  }

  bool step() override {
    bulk_.end_streak();
    return go_on();
  }

  void reset() override {
    bulk_.pause();
    sqlite3_reset(handle_);
  }

  bool is_null(int column) const override {
    return sqlite3_column_type(settled(), column) == SQLITE_NULL;
  }
  std::int64_t int64_at(int column) const override {
    return sqlite3_column_int64(settled(), column);
  }
  std::string_view text_at(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(settled(), column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }
  ByteView blob_at(int column) const override {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(settled(), column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }

 private:
  sqlite3_stmt* settled() const {
    bulk_.settle();
    return handle_;
  }
  bool go_on() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail_sqlite(db_, code, sql_);
  }

  sqlite3* db_;
  SqliteBulk& bulk_;
  sqlite3_stmt* handle_ = nullptr;
  std::string sql_;
  int parameter_count_ = 0;
};

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const std::string& name, int flags) {
    const int code = sqlite3_open_v2(name.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
      const std::string message = std::string("cannot open the database ") + name + ": " +
                                  (db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code));
      sqlite3_close(db_);
      throw StorageError(problem_of(code), message);
    }
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, busy_timeout_millis);
    bulk_.emplace(db_);
  }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() override {
    bulk_->drop();
    drop_statements();
    bulk_.reset();
    sqlite3_close(db_);
  }

  void execute_script(const std::string& sql) override {
    bulk_->end_streak();
    const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail_sqlite(db_, code, sql);
  }

  // A call costs no more now than later, but for many rows in a row.
  void write_later(const LaterWrite& write, std::span<const Value> values) override {
    if (bulk_->takes(write)) return bulk_->add(write, values);
    Query run = lease(write.sql);
    static_cast<SqliteStatement&>(run.statement()).run(values);
  }
  std::size_t insert_new(const LaterWrite& write, std::size_t count,
                         const std::function<std::span<const Value>(std::size_t)>& row) override {
    if (count >= SqliteBulk::streak_min) return bulk_->insert_new(write, count, row);
    Query run = lease(write.sql);
    auto& statement = static_cast<SqliteStatement&>(run.statement());
    for (std::size_t i = 0; i < count; ++i) {
      try {
        statement.run(row(i));
      } catch (const StorageError& error) {
        if (error.problem != StorageProblem::unique) throw;
        return i;
      }
      statement.reset();
    }
    return count;
  }
  void query_many(std::string_view sql, std::size_t count,
                  const std::function<void(std::size_t, Statement&)>& bind,
                  const std::function<void(std::size_t, Statement&)>& row) override {
    Query run = lease(sql);
    for (std::size_t i = 0; i < count; ++i) {
      bind(i, run.statement());
      while (run.next()) row(i, run.statement());
      run.statement().reset();
    }
  }

  std::int64_t changed_rows() override { return sqlite3_changes64(db_); }

  std::vector<std::string> table_names() override {
    std::vector<std::string> names;
    Query rows = query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
    while (rows.next()) names.emplace_back(rows.text_at(0));
    return names;
  }

  std::vector<TableColumn> columns(std::string_view table) override {
    std::vector<TableColumn> columns;
    Query rows = query("SELECT name, type, pk FROM pragma_table_info(:table) ORDER BY cid", table);
    while (rows.next()) {
      const std::string_view type = rows.text_at(1);
      columns.push_back({std::string(rows.text_at(0)),
                         type == "INTEGER" ? Value::Kind::integer
                         : type == "TEXT"  ? Value::Kind::text
                                           : Value::Kind::blob,
                         static_cast<int>(rows.int64_at(2))});
    }
    return columns;
  }

  // One writer at a time.
  std::vector<PartMark> lock_parts(int first, int last) override {
    return marks_of(
        query("SELECT part, last_id FROM id_mark WHERE part BETWEEN :first AND :last ORDER BY part",
              first, last));
  }
  std::optional<std::vector<PartMark>> try_lock_parts(int first, int last) override {
    return lock_parts(first, last);
  }
  Question part_lock(int part, bool) const override {
    return {"SELECT part, last_id FROM id_mark WHERE part = :part", {part}};
  }
  Question checkpoints_lock() const override { return {"SELECT 0", {}}; }
  int lock_node() override { return 0; }

  std::string dialect(std::string_view migration) const override {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"{i64}", "INTEGER"}, {"{blob}", "BLOB"}, {"{clustered}", "STRICT, WITHOUT ROWID"}};
    std::string text(migration);
    for (const auto& [word, meaning] : words) {
      for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        text.replace(at, word.size(), meaning);
      }
    }
    return text;
  }

 protected:
  std::unique_ptr<Statement> prepare(std::string_view sql) override {
    bulk_->settle();
    return std::make_unique<SqliteStatement>(db_, *bulk_, sql);
  }

 private:
  bool hold_back(bool) override { return false; }
  // A write takes its lock at once: a transaction that reads first and writes later would fail
  // with "busy" in the middle, time-out or not.
  void begin(bool write) override { execute(write ? "BEGIN IMMEDIATE" : "BEGIN"); }
  void commit() override { execute("COMMIT"); }
  void rollback() noexcept override {
    bulk_->drop();
    // After "disk full" the engine may have rolled back by itself.
    if (!sqlite3_get_autocommit(db_)) {
      sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }
  void drop_later_writes() noexcept override { bulk_->drop(); }

  sqlite3* db_ = nullptr;
  std::optional<SqliteBulk> bulk_;
};

}  // namespace

std::unique_ptr<Connection> open_sqlite(const std::string& file) {
  auto connection =
      std::make_unique<SqliteConnection>(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // secure_delete: a destroyed party key must not linger in a free page. A log of up to 64 MB
  // before it is moved into the file: an import touches the same pages again and again.
  connection->execute_script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384");
  return connection;
}

std::unique_ptr<Connection> open_sqlite_untouched(const std::string& file) {
  // Without a write-ahead log beside it the file is complete, and "immutable" keeps the engine
  // from making one. With a log, a read-only connection reads both.
  std::error_code none;
  const bool has_log = std::filesystem::exists(file + "-wal", none) &&
                       std::filesystem::file_size(file + "-wal", none) > 0;
  std::string uri = "file:";
  for (const char c : file) {
    if (c == '?' || c == '#' || c == '%') {
      constexpr char digits[] = "0123456789ABCDEF";
      uri += {'%', digits[(c >> 4) & 15], digits[c & 15]};
    } else {
      uri += c;
    }
  }
  uri += has_log ? "?mode=ro" : "?mode=ro&immutable=1";
  return std::make_unique<SqliteConnection>(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

}  // namespace arrears::storage
