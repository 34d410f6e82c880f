#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
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

 private:
  friend class PostgresPipeline;
  PGconn* db_;
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
