#pragma once

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/storage/db.h"
#include "adapters/storage/postgres_wire.h"
#include "adapters/storage/sql_text.h"

/// A connection to a PostgreSQL server and its statements. Inside of postgres_db.cpp only.
namespace arrears::storage {

constexpr int oldest_server = 150'000;
constexpr int block_rows = 10'000;
/// Rows that are undone together where one of them is there already, and bytes of them on their
/// way.
constexpr std::size_t new_rows_at_once = 100'000;
constexpr std::size_t piece_bytes = 64 << 10;
/// Questions that are sent before their answers are read.
constexpr std::size_t questions_at_once = 256;

class PostgresStatement;

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const std::string& url) : sender_(url) {
    set_up();
    check_server();
  }
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override {
    closing_ = true;
    drop_statements();
  }

  void execute_script(const std::string& sql) override {
    if (!in_transaction_) ensure_alive();
    send_waiting();
    run_text(sql);
  }

  void write_later(const LaterWrite& write, std::span<const Value> values) override {
    ARREARS_REQUIRE(in_transaction_);
    waiting_.add(write, values);
    if (waiting_.full()) sender_.copy(waiting_.take_copied());
    if (waiting_.full()) send_waiting();
  }
  std::size_t insert_new(const LaterWrite& write, std::size_t count,
                         const std::function<std::span<const Value>(std::size_t)>& row) override;
  void query_many(std::string_view sql, std::size_t count,
                  const std::function<void(std::size_t, Statement&)>& bind,
                  const std::function<void(std::size_t, Statement&)>& row) override;

  std::vector<Query> query_together(std::span<const Question> questions) override;

  std::int64_t changed_rows() override { return changed_rows_; }

  std::string dialect(std::string_view migration) const override {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"{i64}", "BIGINT"},
        {"{blob}", "BYTEA"},
        {" {clustered}", ""},
        // Text keys sort by bytes, whatever the database's collation.
        {" TEXT", " TEXT COLLATE \"C\""}};
    std::string text(migration);
    for (const auto& [word, meaning] : words) {
      for (auto at = text.find(word); at != std::string::npos;
           at = text.find(word, at + meaning.size())) {
        text.replace(at, word.size(), meaning);
      }
    }
    return text;
  }

  std::vector<std::string> table_names() override {
    std::vector<std::string> names;
    Query rows =
        query("SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()");
    while (rows.next()) names.emplace_back(rows.text_at(0));
    return names;
  }

  std::vector<TableColumn> columns(std::string_view table) override {
    std::vector<TableColumn> columns;
    Query rows = query(
        "SELECT CAST(a.attname AS TEXT), format_type(a.atttypid, NULL), "
        "coalesce(array_position(k.conkey, a.attnum), 0) FROM pg_attribute a "
        "LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p' "
        "WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped "
        "ORDER BY a.attnum",
        table);
    while (rows.next()) {
      const std::string_view type = rows.text_at(1);
      columns.push_back({std::string(rows.text_at(0)),
                         type == "bigint" ? Value::Kind::integer
                         : type == "text" ? Value::Kind::text
                                          : Value::Kind::blob,
                         static_cast<int>(rows.int64_at(2))});
    }
    return columns;
  }

  // What waits to be written goes on waiting while something is locked: it holds no marks, which
  // are written when a command ends.

  // A row that another transaction changed while this one waited for it is read anew, so that the
  // marks are never older than the lock.
  std::vector<PartMark> lock_parts(int first, int last) override {
    const LaterWritesWait waiting(*this);
    auto marks = marks_of(
        query("SELECT part, last_id FROM id_mark WHERE part BETWEEN :first AND :last ORDER BY part "
              "FOR UPDATE",
              first, last));
    check_locked(static_cast<std::int64_t>(marks.size()), last - first + 1);
    return marks;
  }

  std::optional<std::vector<PartMark>> try_lock_parts(int first, int last) override {
    const LaterWritesWait waiting(*this);
    auto marks = marks_of(
        query("SELECT part, last_id FROM id_mark WHERE part BETWEEN :first AND :last ORDER BY part "
              "FOR UPDATE SKIP LOCKED",
              first, last));
    if (static_cast<int>(marks.size()) < last - first + 1) return std::nullopt;
    return marks;
  }

  Question part_lock(int part, bool wait) const override {
    return {wait ? "SELECT part, last_id FROM id_mark WHERE part = :part FOR UPDATE"
                 : "SELECT part, last_id FROM id_mark WHERE part = :part FOR UPDATE SKIP LOCKED",
            {part}};
  }

  Question checkpoints_lock() const override {
    return {"SELECT part FROM lock_row WHERE part = 0 AND purpose = 1 FOR UPDATE", {}};
  }

  int lock_node() override {
    const LaterWritesWait waiting(*this);
    {
      Query row = query(
          "SELECT number FROM lock_row WHERE part = 0 AND purpose = 2 ORDER BY number LIMIT 1 "
          "FOR UPDATE SKIP LOCKED");
      if (row.next()) return static_cast<int>(row.int64_at(0));
    }
    // All are taken: wait for one. Processes spread over them by their own number.
    const int node = getpid() % 32;
    const auto locked = execute(
        "SELECT number FROM lock_row WHERE part = 0 AND purpose = 2 AND number = :node FOR UPDATE",
        node);
    check_locked(locked, 1);
    return node;
  }

  // What a statement needs.

  /// Outside of a transaction a connection that was lost is replaced; nothing hangs on it.
  void ensure_alive() {
    while (wire().is_alive()) {
      pollfd socket{PQsocket(db()), POLLIN, 0};
      if (poll(&socket, 1, 0) <= 0) return;
      if (PQconsumeInput(db()) == 0) break;
    }
    reconnect();
  }

  std::string prepare_text(const std::string& text) {
    std::string name = "s" + std::to_string(++statement_number_);
    wire().check(PostgresResult(PQprepare(db(), name.c_str(), text.c_str(), 0, nullptr)), text);
    return name;
  }

  void forget(const std::string& name) noexcept {
    if (closing_) return;
    PostgresWire& quiet = sender_.quiet_wire();
    if (!quiet.is_alive()) return;
    // In a failed transaction nothing can be said; the name then lasts as long as the connection.
    if (PQtransactionStatus(quiet.handle()) == PQTRANS_INERROR) return;
    quiet.execute("DEALLOCATE " + name);
  }

  /// Runs the statement after what waits to be written, in the same round trip where that can be.
  PostgresResult run(const PostgresCall& call) {
    if (holding_back_ || waiting_.empty()) return wire().run(call);
    return std::move(send_waiting({&call, 1}).front());
  }
  /// Sends what waits to be written, unless it goes on waiting, and then `calls`, of which it
  /// returns the answers.
  std::vector<PostgresResult> send_waiting(std::span<const PostgresCall> calls = {});

  void note_changed(const PGresult* result) {
    const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result));
    changed_rows_ = 0;
    std::from_chars(count.data(), count.data() + count.size(), changed_rows_);
  }

  /// A name for a cursor, and the end of one unless its transaction is over or failed.
  std::string cursor_name() { return "c" + std::to_string(++statement_number_); }
  void close_cursor(const std::string& name, std::int64_t transaction) noexcept {
    PostgresWire& quiet = sender_.quiet_wire();
    if (transaction != transaction_number_) return;
    if (PQtransactionStatus(quiet.handle()) == PQTRANS_INTRANS) quiet.execute("CLOSE " + name);
  }

  bool in_transaction() const { return in_transaction_; }
  std::int64_t transaction_number() const { return transaction_number_; }
  int generation() const { return generation_; }

 protected:
  std::unique_ptr<Statement> prepare(std::string_view sql) override;

 private:
  /// A row that is not there locks nothing.
  static void check_locked(std::int64_t locked, std::int64_t expected) {
    if (locked == expected) return;
    throw StorageError(StorageProblem::corrupt,
                       "Rows of the table id_mark or lock_row are missing.");
  }

  void begin(bool write) override {
    ensure_alive();
    const std::string text = write ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                   : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    try {
      run_text(text);
    } catch (const StorageError& error) {
      if (error.problem != StorageProblem::lost) throw;
      reconnect();
      run_text(text);
    }
    in_transaction_ = true;
    ++transaction_number_;
  }

  void commit() override {
    const PostgresCall call{"COMMIT", nullptr, {}};
    const PostgresResult result = run(call);
    in_transaction_ = false;
    // After a failed statement the server rolls back, and says so only in the answer's name.
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      throw StorageError(StorageProblem::other,
                         "database: the transaction was rolled back after a failed statement");
    }
  }

  void rollback() noexcept override {
    drop_later_writes();
    PostgresWire& quiet = sender_.quiet_wire();
    if (in_transaction_ && quiet.is_alive()) quiet.execute("ROLLBACK");
    in_transaction_ = false;
  }

  void drop_later_writes() noexcept override {
    waiting_.clear();
    sender_.forget();
  }

  bool hold_back(bool hold) override { return std::exchange(holding_back_, hold); }

  void run_text(const std::string& sql) { note_changed(wire().run(sql).get()); }

  void reconnect() {
    PQreset(db());
    ++generation_;
    set_up();
  }

  void set_up() {
    wire().check_alive();
    PQsetNoticeProcessor(db(), [](void*, const char*) {}, nullptr);
    run_text("SET client_encoding = 'UTF8'; SET lock_timeout = '10s'");
  }

  void check_server() {
    if (PQserverVersion(db()) < oldest_server) {
      throw StorageError(StorageProblem::other,
                         "The server is older than PostgreSQL 15. Use a newer one.");
    }
    if (std::string_view(PQparameterStatus(db(), "server_encoding")) != "UTF8") {
      throw StorageError(StorageProblem::other,
                         "The database is not encoded in UTF-8. Make one with "
                         "'createdb --encoding=UTF8 --template=template0'.");
    }
  }

  PostgresWire& wire() { return sender_.wire(); }
  PGconn* db() { return wire().handle(); }

  PostgresSender sender_;
  WaitingWrites waiting_;
  bool holding_back_ = false;
  bool in_transaction_ = false;
  bool closing_ = false;
  int generation_ = 0;  ///< of the server's session; prepared statements go with it
  std::int64_t transaction_number_ = 0;
  std::int64_t statement_number_ = 0;
  std::int64_t changed_rows_ = 0;
};

/// Fetches the whole answer on the first step: another statement may then run between two rows.
/// Only what reads all parts comes in blocks, through a cursor.
class PostgresStatement final : public Statement {
 public:
  PostgresStatement(PostgresConnection& connection, std::string_view sql)
      : connection_(connection) {
    wide_ = sql.starts_with("SELECT") && sql.find("-- wide") != std::string_view::npos;
    SqlText numbered = number_parameters(sql, '$');
    text_ = std::move(numbered.text);
    parameters_ = PostgresParameters(numbered.names.size());
    if (!connection_.in_transaction()) connection_.ensure_alive();
    make_ready();
  }
  PostgresStatement(const PostgresStatement&) = delete;
  PostgresStatement& operator=(const PostgresStatement&) = delete;
  ~PostgresStatement() override {
    if (generation_ == connection_.generation()) connection_.forget(name_);
  }

  int parameter_count() const override { return static_cast<int>(parameters_.size()); }

  /// What the server knows it by.
  const char* name() {
    make_ready();
    return name_.c_str();
  }

  void bind(int parameter, const Value& value) override {
    parameters_.bind(static_cast<std::size_t>(parameter), value);
  }

  /// The statement with the parameters that are bound.
  PostgresCall call() {
    make_ready();
    return {text_, name_.c_str(), parameters_.fields()};
  }

  /// An answer that came by another way than `step`, which then begins at its first row.
  void set_answer(PostgresResult answer) {
    result_ = std::move(answer);
    row_ = -1;
  }

  bool step() override {
    if (result_) {
      if (row_ < PQntuples(result_.get())) ++row_;
      if (row_ == block_rows && !cursor_.empty()) fetch_block();
    } else {
      run();
    }
    return row_ < PQntuples(result_.get());
  }

  void reset() override {
    result_.reset();
    if (!cursor_.empty()) connection_.close_cursor(cursor_, cursor_transaction_);
    cursor_.clear();
    parameters_.clear();
  }

  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

  std::int64_t int64_at(int column) const override {
    const std::string_view bytes = text_at(column);
    if (bytes.empty()) return 0;
    constexpr Oid types[] = {16, 20, 21, 23};  // boolean, bigint, smallint, integer
    const Oid type = PQftype(result_.get(), column);
    ARREARS_REQUIRE(std::find(std::begin(types), std::end(types), type) != std::end(types));
    auto value = static_cast<std::uint64_t>(
        static_cast<std::int64_t>(static_cast<signed char>(bytes[0])));  // keeps the sign
    for (const char byte : bytes.substr(1)) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
  }

  std::string_view text_at(int column) const override {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }

  ByteView blob_at(int column) const override {
    const std::string_view bytes = text_at(column);
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  }

 private:
  void make_ready() {
    if (generation_ == connection_.generation()) return;
    name_ = connection_.prepare_text(text_);
    generation_ = connection_.generation();
  }

  void run() {
    if (!connection_.in_transaction()) connection_.ensure_alive();
    const PostgresCall call = this->call();
    if (wide_ && connection_.in_transaction()) {
      const std::string name = connection_.cursor_name();
      const std::string declare = "DECLARE " + name + " NO SCROLL CURSOR FOR " + text_;
      connection_.run({declare, nullptr, call.fields});
      cursor_ = name;
      cursor_transaction_ = connection_.transaction_number();
      return fetch_block();
    }
    result_ = connection_.run(call);
    connection_.note_changed(result_.get());
    row_ = 0;
  }

  void fetch_block() {
    const std::string fetch = "FETCH " + std::to_string(block_rows) + " FROM " + cursor_;
    result_ = connection_.run({fetch, nullptr, {}});
    row_ = 0;
  }

  PostgresConnection& connection_;
  std::string text_;
  std::string name_;
  int generation_ = -1;
  bool wide_ = false;   ///< reads all parts
  std::string cursor_;  ///< empty: the answer came whole
  std::int64_t cursor_transaction_ = 0;
  PostgresParameters parameters_;
  PostgresResult result_;
  int row_ = 0;
};

}  // namespace arrears::storage
