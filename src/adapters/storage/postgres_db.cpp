#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/storage/db.h"
#include "adapters/storage/sql_text.h"

namespace arrears::storage {

namespace {

constexpr int oldest_server = 150'000;
constexpr int block_rows = 10'000;

StorageProblem problem_of(std::string_view state) {
  constexpr std::pair<std::string_view, StorageProblem> states[] = {
      {"23505", StorageProblem::unique},  {"23503", StorageProblem::foreign_key},
      {"23514", StorageProblem::check},   {"23502", StorageProblem::not_null},
      {"42804", StorageProblem::check},  // a value of another type than the column's
      {"40001", StorageProblem::retry},   {"40P01", StorageProblem::retry},
      {"55P03", StorageProblem::busy},    {"53100", StorageProblem::full},
      {"25006", StorageProblem::io},  // a standby, or made read-only
      {"57P01", StorageProblem::lost},    {"57P02", StorageProblem::lost},
      {"57P03", StorageProblem::lost},    {"57P05", StorageProblem::lost},
      {"XX001", StorageProblem::corrupt}, {"XX002", StorageProblem::corrupt},
  };
  for (const auto& [code, problem] : states) {
    if (code == state) return problem;
  }
  constexpr std::pair<std::string_view, StorageProblem> classes[] = {
      {"08", StorageProblem::lost},
      {"22", StorageProblem::check},  // out of range, a NUL in a text
      {"53", StorageProblem::busy},   // too many connections, no memory
      {"58", StorageProblem::io},
  };
  for (const auto& [code, problem] : classes) {
    if (state.substr(0, 2) == code) return problem;
  }
  return StorageProblem::other;
}

/// Without the line ends of the server's messages.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const std::string& url) : db_(PQconnectdb(url.c_str())) {
    try {
      set_up();
      check_server();
    } catch (const StorageError&) {
      PQfinish(db_);
      throw;
    }
  }
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override {
    closing_ = true;
    drop_statements();
    PQfinish(db_);
  }

  void execute_script(const std::string& sql) override {
    if (!in_transaction_) ensure_alive();
    run_text(sql);
  }

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

  void lock_parts(int first, int last) override {
    const auto locked = execute(
        "SELECT part FROM lock_row WHERE part BETWEEN :first AND :last AND purpose = 0 "
        "ORDER BY part FOR UPDATE",
        first, last);
    check_locked(locked, last - first + 1);
  }

  void lock_checkpoints() override {
    check_locked(execute("SELECT part FROM lock_row WHERE part = 0 AND purpose = 1 FOR UPDATE"), 1);
  }

  int lock_node() override {
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
    while (PQstatus(db_) == CONNECTION_OK) {
      pollfd socket{PQsocket(db_), POLLIN, 0};
      if (poll(&socket, 1, 0) <= 0) return;
      if (PQconsumeInput(db_) == 0) break;
    }
    reconnect();
  }

  std::string prepare_text(const std::string& text) {
    std::string name = "s" + std::to_string(++statement_number_);
    check(Result(PQprepare(db_, name.c_str(), text.c_str(), 0, nullptr)), text);
    return name;
  }

  void forget(const std::string& name) noexcept {
    if (closing_ || PQstatus(db_) != CONNECTION_OK) return;
    // In a failed transaction nothing can be said; the name then lasts as long as the connection.
    if (PQtransactionStatus(db_) == PQTRANS_INERROR) return;
    Result(PQexec(db_, ("DEALLOCATE " + name).c_str()));
  }

  Result check(Result result, std::string_view doing) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    StorageProblem problem = problem_of(state != nullptr ? state : "");
    if (PQstatus(db_) != CONNECTION_OK) problem = StorageProblem::lost;
    throw StorageError(problem, "database: " + one_line(PQerrorMessage(db_)) + " (" +
                                    std::string(doing.substr(0, 120)) + ")");
  }

  void note_changed(const PGresult* result) {
    const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result));
    changed_rows_ = 0;
    std::from_chars(count.data(), count.data() + count.size(), changed_rows_);
  }

  /// A name for a cursor, and the end of one unless its transaction is over or failed.
  std::string cursor_name() { return "c" + std::to_string(++statement_number_); }
  void close_cursor(const std::string& name, std::int64_t transaction) noexcept {
    if (transaction != transaction_number_ || PQtransactionStatus(db_) != PQTRANS_INTRANS) return;
    Result(PQexec(db_, ("CLOSE " + name).c_str()));
  }

  PGconn* handle() { return db_; }
  bool in_transaction() const { return in_transaction_; }
  std::int64_t transaction_number() const { return transaction_number_; }
  int generation() const { return generation_; }

 protected:
  std::unique_ptr<Statement> prepare(std::string_view sql) override;

 private:
  /// A row that is not there locks nothing.
  static void check_locked(std::int64_t locked, std::int64_t expected) {
    if (locked == expected) return;
    throw StorageError(StorageProblem::corrupt, "Rows of the table lock_row are missing.");
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
    const Result result = check(Result(PQexec(db_, "COMMIT")), "COMMIT");
    in_transaction_ = false;
    // After a failed statement the server rolls back, and says so only in the answer's name.
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      throw StorageError(StorageProblem::other,
                         "database: the transaction was rolled back after a failed statement");
    }
  }

  void rollback() noexcept override {
    if (in_transaction_ && PQstatus(db_) == CONNECTION_OK) Result(PQexec(db_, "ROLLBACK"));
    in_transaction_ = false;
  }

  void run_text(const std::string& sql) {
    note_changed(check(Result(PQexec(db_, sql.c_str())), sql).get());
  }

  void reconnect() {
    PQreset(db_);
    ++generation_;
    set_up();
  }

  void set_up() {
    if (PQstatus(db_) != CONNECTION_OK) {
      throw StorageError(StorageProblem::lost, one_line(PQerrorMessage(db_)));
    }
    PQsetNoticeProcessor(db_, [](void*, const char*) {}, nullptr);
    run_text("SET client_encoding = 'UTF8'; SET lock_timeout = '10s'");
  }

  void check_server() {
    if (PQserverVersion(db_) < oldest_server) {
      throw StorageError(StorageProblem::other,
                         "The server is older than PostgreSQL 15. Use a newer one.");
    }
    if (std::string_view(PQparameterStatus(db_, "server_encoding")) != "UTF8") {
      throw StorageError(StorageProblem::other,
                         "The database is not encoded in UTF-8. Make one with "
                         "'createdb --encoding=UTF8 --template=template0'.");
    }
  }

  PGconn* db_;
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
    parameters_.resize(numbered.names.size());
    if (!connection_.in_transaction()) connection_.ensure_alive();
    make_ready();
  }
  PostgresStatement(const PostgresStatement&) = delete;
  PostgresStatement& operator=(const PostgresStatement&) = delete;
  ~PostgresStatement() override {
    if (generation_ == connection_.generation()) connection_.forget(name_);
  }

  int parameter_count() const override { return static_cast<int>(parameters_.size()); }

  void bind(int parameter, const Value& value) override {
    Parameter& to = parameters_.at(static_cast<std::size_t>(parameter));
    to.kind = value.kind();
    switch (value.kind()) {
      case Value::Kind::null:
        return;
      case Value::Kind::integer:
        to.bytes = std::to_string(value.integer());
        return;
      case Value::Kind::text:
      case Value::Kind::blob:
        to.bytes = value.text();
        return;
    }
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
    for (Parameter& parameter : parameters_) parameter.kind = Value::Kind::null;
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
  struct Parameter {
    Value::Kind kind = Value::Kind::null;
    std::string bytes;
  };

  void make_ready() {
    if (generation_ == connection_.generation()) return;
    name_ = connection_.prepare_text(text_);
    generation_ = connection_.generation();
  }

  /// Integers go as text, which every integer type reads; text and blobs as their bytes.
  void run() {
    if (!connection_.in_transaction()) connection_.ensure_alive();
    make_ready();
    constexpr std::size_t most = 64;
    ARREARS_REQUIRE(parameters_.size() <= most);
    std::array<const char*, most> values{};
    std::array<int, most> lengths{};
    std::array<int, most> formats{};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const Parameter& parameter = parameters_[i];
      if (parameter.kind != Value::Kind::null) values[i] = parameter.bytes.c_str();
      lengths[i] = static_cast<int>(parameter.bytes.size());
      formats[i] = parameter.kind == Value::Kind::integer ? 0 : 1;
    }
    if (wide_ && connection_.in_transaction()) {
      const std::string name = connection_.cursor_name();
      const std::string declare = "DECLARE " + name + " NO SCROLL CURSOR FOR " + text_;
      connection_.check(
          Result(PQexecParams(connection_.handle(), declare.c_str(), parameter_count(), nullptr,
                              values.data(), lengths.data(), formats.data(), /*text*/ 0)),
          text_);
      cursor_ = name;
      cursor_transaction_ = connection_.transaction_number();
      return fetch_block();
    }
    Result result(PQexecPrepared(connection_.handle(), name_.c_str(), parameter_count(),
                                 values.data(), lengths.data(), formats.data(), /*binary*/ 1));
    result_ = connection_.check(std::move(result), text_);
    connection_.note_changed(result_.get());
    row_ = 0;
  }

  void fetch_block() {
    const std::string fetch = "FETCH " + std::to_string(block_rows) + " FROM " + cursor_;
    result_ = connection_.check(Result(PQexecParams(connection_.handle(), fetch.c_str(), 0, nullptr,
                                                    nullptr, nullptr, nullptr, /*binary*/ 1)),
                                text_);
    row_ = 0;
  }

  PostgresConnection& connection_;
  std::string text_;
  std::string name_;
  int generation_ = -1;
  bool wide_ = false;   ///< reads all parts
  std::string cursor_;  ///< empty: the answer came whole
  std::int64_t cursor_transaction_ = 0;
  std::vector<Parameter> parameters_;
  Result result_;
  int row_ = 0;
};

std::unique_ptr<Statement> PostgresConnection::prepare(std::string_view sql) {
  return std::make_unique<PostgresStatement>(*this, sql);
}

}  // namespace

std::unique_ptr<Connection> open_postgres(const std::string& url) {
  return std::make_unique<PostgresConnection>(url);
}

}  // namespace arrears::storage
