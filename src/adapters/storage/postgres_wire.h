#pragma once

#include <libpq-fe.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/storage/postgres_rows.h"

/// libpq with failures as StorageError. Internal to the PostgreSQL connection.
namespace arrears::storage {

struct PostgresResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, PostgresResultDeleter>;

/// A statement with its parameters on its way to the server; it views what others keep.
struct PostgresCall {
  std::string_view text;       ///< ends with a NUL
  const char* name = nullptr;  ///< of the prepared statement; null: not prepared
  const PostgresFields& fields;
};

/// The connection of libpq.
class PostgresWire {
 public:
  explicit PostgresWire(const std::string& url) : db_(PQconnectdb(url.c_str())) {}
  PostgresWire(const PostgresWire&) = delete;
  PostgresWire& operator=(const PostgresWire&) = delete;
  ~PostgresWire() { PQfinish(db_); }

  PGconn* handle() { return db_; }
  bool is_alive() const { return PQstatus(db_) == CONNECTION_OK; }

  /// Throws (lost) without a connection.
  void check_alive() const;
  /// What is wrong with a result, if anything is.
  std::optional<StorageProblem> problem(const PostgresResult& result) const;
  /// The result if it is one; else the failure is thrown. `doing` says what was asked.
  PostgresResult check(PostgresResult result, std::string_view doing);
  /// Statements without parameters.
  PostgresResult run(const std::string& text) { return check(execute(text), text); }
  PostgresResult execute(const std::string& text) {
    return PostgresResult(PQexec(db_, text.c_str()));
  }
  /// Answers of calls come binary.
  PostgresResult run(const PostgresCall& call);
  /// The rows by a COPY.
  void copy(const WaitingRows& rows);

  // The same in pieces. What fails meanwhile is said at the end.
  void begin_copy(const LaterWrite& write);
  void put_copied(std::string_view bytes);
  PostgresResult end_copy();

 private:
  friend class PostgresPipeline;
  PGconn* db_;
};

/// The wire, over which COPYs go while the program does something else.
class PostgresSender {
 public:
  explicit PostgresSender(const std::string& url) : wire_(url) {}

  /// The wire, once nothing goes over it; throws what went wrong with what did.
  PostgresWire& wire() {
    if (copying_.valid()) copying_.get();
    return wire_;
  }
  /// The same, leaving what went wrong to the next `wire`.
  PostgresWire& quiet_wire() noexcept {
    if (copying_.valid()) copying_.wait();
    return wire_;
  }
  /// Sends the rows by COPYs, in a thread of their own where there is one.
  void copy(std::vector<WaitingRows> texts) {
    copying_ = std::async([&wire = wire(), texts = std::move(texts)] {
      for (const WaitingRows& rows : texts) wire.copy(rows);
    });
  }
  /// What was sent is undone, whatever became of it.
  void forget() noexcept {
    quiet_wire();
    copying_ = {};
  }

 private:
  PostgresWire wire_;
  std::future<void> copying_;
};

/// Calls that are sent one after the other, their answers read only then. After a failure the
/// server skips the rest, so that nothing of it is done.
class PostgresPipeline {
 public:
  explicit PostgresPipeline(PostgresWire& wire);
  PostgresPipeline(const PostgresPipeline&) = delete;
  PostgresPipeline& operator=(const PostgresPipeline&) = delete;
  ~PostgresPipeline() {
    if (open_) read_answers();
  }

  /// What cannot be sent is found out with the answers.
  void send(const PostgresCall& call);
  /// One answer a call, in their order; the first failure is thrown.
  std::vector<PostgresResult> finish();

 private:
  std::vector<PostgresResult> read_answers();

  PostgresWire& wire_;
  std::vector<std::string_view> texts_;  ///< of the calls
  bool open_ = true;
};

}  // namespace arrears::storage
