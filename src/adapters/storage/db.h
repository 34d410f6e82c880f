#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/storage/storage_error.h"
#include "base/check.h"

/// The thin SQL layer: connections, statements, transactions. One SQL text with `:name` parameters
/// serves every engine; docs/decisions and README.md of this room list the SQL that is safe.
namespace arrears::storage {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// A value on its way into a statement or a fact row. Text and blobs are views: whoever makes the
/// value keeps the bytes until the call ends.
class Value {
 public:
  enum class Kind : unsigned char { null, integer, text, blob };

  Value() = default;
  Value(std::nullopt_t) {}  // NOLINT: implicit, so that values can be listed
  template <class T>
    requires std::is_integral_v<T>
  Value(T value) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {}  // NOLINT
  Value(std::string_view value)                                                         // NOLINT
      : kind_(Kind::text),
        // A null pointer would be bound as null.
        bytes_(value.data() != nullptr ? value.data() : ""),
        size_(value.size()) {}
  Value(const std::string& value) : Value(std::string_view(value)) {}  // NOLINT
  Value(const char* value) : Value(std::string_view(value)) {}         // NOLINT
  Value(ByteView value)                                                // NOLINT
      : kind_(Kind::blob),
        bytes_(reinterpret_cast<const char*>(value.data())),
        size_(value.size()) {}
  Value(const Bytes& value) : Value(ByteView(value)) {}  // NOLINT
  template <std::size_t n>
  Value(const std::array<std::uint8_t, n>& value) : Value(ByteView(value)) {}  // NOLINT
  template <class T>
  Value(const std::optional<T>& value) {  // NOLINT
    if (value) *this = Value(*value);
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  std::int64_t integer() const { return integer_; }
  std::string_view text() const { return {bytes_, size_}; }
  ByteView blob() const { return {reinterpret_cast<const std::uint8_t*>(bytes_), size_}; }

 private:
  Kind kind_ = Kind::null;
  std::int64_t integer_ = 0;
  const char* bytes_ = "";
  std::size_t size_ = 0;
};

/// A prepared statement of one engine. Parameters and columns count from 0.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual int parameter_count() const = 0;
  /// The value is used by the following `step`s until `reset`.
  virtual void bind(int parameter, const Value& value) = 0;
  /// Runs to the next row; false after the last one.
  virtual bool step() = 0;
  /// Ready to run again; the parameters must be bound anew.
  virtual void reset() = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t int64_at(int column) const = 0;
  virtual std::string_view text_at(int column) const = 0;  ///< valid until the next step or reset
  virtual ByteView blob_at(int column) const = 0;          ///< valid until the next step or reset

  bool leased = false;  ///< in use by a `Query`
};

/// One run of a statement: a row cursor that gives the statement back at the end of its scope.
class Query {
 public:
  explicit Query(Statement& statement) : statement_(&statement) { statement_->leased = true; }
  explicit Query(std::unique_ptr<Statement> own) : statement_(own.get()), own_(std::move(own)) {}
  Query(Query&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), own_(std::move(other.own_)) {}
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ == nullptr) return;
    statement_->reset();
    statement_->leased = false;
  }

  bool next() { return statement_->step(); }
  bool is_null(int column) const { return statement_->is_null(column); }
  std::int64_t int64_at(int column) const { return statement_->int64_at(column); }
  std::string_view text_at(int column) const { return statement_->text_at(column); }
  ByteView blob_at(int column) const { return statement_->blob_at(column); }
  Bytes bytes_at(int column) const {
    const ByteView view = blob_at(column);
    return {view.begin(), view.end()};
  }
  std::optional<std::int64_t> optional_int64_at(int column) const {
    if (is_null(column)) return std::nullopt;
    return int64_at(column);
  }
  Statement& statement() { return *statement_; }
  const Statement& statement() const { return *statement_; }

 private:
  Statement* statement_;
  std::unique_ptr<Statement> own_;
};

/// An insert for which nobody waits; see `Connection::write_later`.
struct LaterWrite {
  std::string sql;   ///< "INSERT INTO t (a, b) VALUES (:a, :b)"
  std::string copy;  ///< "t (a, b)": the same rows for an engine with a bulk loader
};

/// Such an insert into some columns of a table, all of them {i64}, {blob} or TEXT.
LaterWrite insert_into(std::string_view table, std::span<const std::string_view> columns);

/// A text and the values of its parameters. What these view stays until it was asked.
struct Question {
  std::string_view sql;
  std::vector<Value> values;
};

/// The highest id that a committed command has made in a part.
struct PartMark {
  int part = 0;
  std::int64_t last_id = 0;
};

/// A column of a table as the engine knows it.
struct TableColumn {
  std::string name;
  Value::Kind type = Value::Kind::integer;
  int key = 0;  ///< its place in the primary key, from 1; 0: not in it
};

/// One connection to a database; used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Begins a run with `values` for the parameters in order of their first appearance. Statements
  /// are prepared once per text and kept.
  template <class... Values>
  Query query(std::string_view sql, const Values&... values) {
    Query run = lease(sql);
    ARREARS_REQUIRE(run.statement().parameter_count() == static_cast<int>(sizeof...(values)));
    int parameter = 0;
    (run.statement().bind(parameter++, Value(values)), ...);
    return run;
  }

  /// The same with the values in a list.
  Query query_with(std::string_view sql, std::span<const Value> values);

  /// Runs to the end and answers how many rows it changed.
  template <class... Values>
  std::int64_t execute(std::string_view sql, const Values&... values) {
    Query run = query(sql, values...);
    while (run.next()) {
    }
    return changed_rows();
  }

  /// A statement for a caller that binds by itself.
  Query lease(std::string_view sql);

  /// Writes a row when it is convenient: every later statement sees it, but whether the engine took
  /// it may only be said (StorageError) by a later statement, by the end of a savepoint or by the
  /// commit. An engine across a wire gathers such rows and sends them together, in the order of
  /// their texts' first rows: none may need a row of a text that came after its own. Inside a write
  /// transaction only; `write` lives as long as the connection.
  virtual void write_later(const LaterWrite& write, std::span<const Value> values) = 0;
  void write_later(const LaterWrite& write, std::initializer_list<Value> values) {
    write_later(write, std::span(values.begin(), values.size()));
  }

  /// Inserts rows in their order up to the first that is there already, or that an engine cannot
  /// tell from it; answers how many it inserted. `row` gives the n-th one. Few rows may come to 0.
  virtual std::size_t insert_new(const LaterWrite& write, std::size_t count,
                                 const std::function<std::span<const Value>(std::size_t)>& row) = 0;

  /// Asks one text `count` times in few round trips: `bind` gives the n-th question its parameters,
  /// `row` gets each row of its answer. No answer may depend on what another one changed.
  virtual void query_many(std::string_view sql, std::size_t count,
                          const std::function<void(std::size_t, Statement&)>& bind,
                          const std::function<void(std::size_t, Statement&)>& row) = 0;

  /// Asks different texts, none of them twice, in this order and in one round trip where there is a
  /// wire. The answers are read to their ends before anything else is asked.
  virtual std::vector<Query> query_together(std::span<const Question> questions);

  /// Several statements without parameters, as in a migration.
  virtual void execute_script(const std::string& sql) = 0;

  /// Rows inserted, updated or deleted by the last statement.
  virtual std::int64_t changed_rows() = 0;

  /// The engine's words in a migration text: {i64}, {blob}, {clustered}, TEXT.
  virtual std::string dialect(std::string_view migration) const = 0;

  /// The names of all tables.
  virtual std::vector<std::string> table_names() = 0;
  /// The table's columns in their order; none where there is no such table.
  virtual std::vector<TableColumn> columns(std::string_view table) = 0;

  // In a write transaction, until its end. On an engine that has one writer at a time, the
  // transaction itself is the lock.

  /// Excludes other writers of the parts, once they have ended. Lock before reading what is decided
  /// on. Answers the marks, as those others left them.
  virtual std::vector<PartMark> lock_parts(int first, int last) = 0;
  /// The same without waiting: nothing where another writer has one of the parts. What it locked
  /// meanwhile stays locked until the transaction or savepoint ends.
  virtual std::optional<std::vector<PartMark>> try_lock_parts(int first, int last) = 0;
  /// `lock_parts` or `try_lock_parts` of one part, to be asked together with others that come after
  /// it. The answer is for `marks_of`.
  virtual Question part_lock(int part, bool wait) const = 0;
  static std::vector<PartMark> marks_of(Query rows);
  /// Excludes other sealers and makers of checkpoints: a question that goes first, and answers a
  /// row.
  virtual Question checkpoints_lock() const = 0;
  /// A node number (0..31) for ids that no other transaction has at the time.
  virtual int lock_node() = 0;

 protected:
  virtual std::unique_ptr<Statement> prepare(std::string_view sql) = 0;
  /// Statements must go before the engine's handle does.
  void drop_statements() { statements_.clear(); }

 private:
  friend class Transaction;
  friend class LaterWritesWait;
  /// Whether what waits to be written goes on waiting; answers what held before.
  virtual bool hold_back(bool hold) = 0;
  virtual void begin(bool write) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  friend class Savepoint;
  /// Forgets what was to be written later and was not sent yet.
  virtual void drop_later_writes() noexcept = 0;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>
      statements_;
};

/// A transaction; without `commit` it is rolled back at the end of its scope.
/// read: all queries see one snapshot. write: the only writer, from the first statement on, or, on
/// an engine with many, the only one of what it locked; a statement sees what was committed before
/// it began. A connection that was lost is replaced at the beginning; inside, it ends the
/// transaction (lost).
class Transaction {
 public:
  enum class Mode : unsigned char { read, write };

  Transaction(Connection& connection, Mode mode) : connection_(connection) {
    connection_.begin(mode == Mode::write);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (open_) connection_.rollback();
  }

  /// Throws when the changes could not be made durable; they are rolled back then. Only where the
  /// connection was lost meanwhile (lost), they may be there all the same: ask for them.
  void commit() {
    connection_.commit();
    open_ = false;
  }

 private:
  Connection& connection_;
  bool open_ = true;
};

/// In its scope statements do not see what waits to be written (`write_later`), which goes on
/// waiting: for questions that it has no answer to.
class LaterWritesWait {
 public:
  explicit LaterWritesWait(Connection& connection, bool hold = true)
      : connection_(connection), before_(connection.hold_back(hold)) {}
  LaterWritesWait(const LaterWritesWait&) = delete;
  LaterWritesWait& operator=(const LaterWritesWait&) = delete;
  ~LaterWritesWait() { connection_.hold_back(before_); }

 private:
  Connection& connection_;
  bool before_;
};

/// Undoes a part of a write transaction: without `keep`, what was done in its scope is undone.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection) : connection_(connection) {
    connection_.execute("SAVEPOINT step");
  }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint() {
    if (open_) undo();
  }
  /// Undoes it now. False where the engine has ended the whole transaction (disk full, connection
  /// lost): nothing is left to undo, and nothing may go on in it.
  bool undo() noexcept;
  void keep() {
    connection_.execute("RELEASE SAVEPOINT step");
    open_ = false;
  }

 private:
  Connection& connection_;
  bool open_ = true;
};

enum class OpenMode : unsigned char {
  existing,  ///< refuses a file that is not there (absent)
  create,    ///< makes the database where there is none
};

/// Opens `sqlite:FILE` (or `sqlite::memory:`) or `postgresql://...` (libpq's URL, of a database
/// that is there, if only blank) and brings its schema up to this version. A newer database, one of
/// another program and a file that is no database are refused untouched.
std::unique_ptr<Connection> open_database(std::string_view url, OpenMode mode);

/// Whether the URL means a PostgreSQL server: postgresql:// or postgres://.
bool is_postgres(std::string_view url);

/// The URL as it may be shown: without what stands between the user's name and the host.
std::string without_password(std::string_view url);

/// The same without migrations or checks; for the checks themselves and for tests.
std::unique_ptr<Connection> open_sqlite(const std::string& file);

/// The same for a PostgreSQL server (15 or later).
std::unique_ptr<Connection> open_postgres(const std::string& url);

/// A connection that writes nothing, not even beside the file.
std::unique_ptr<Connection> open_sqlite_untouched(const std::string& file);

}  // namespace arrears::storage
