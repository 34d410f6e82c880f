// Reads all recorded history of a database, as the portfolio is loaded, and for comparison the same
// rows by the engine's C API with nothing done to them. One thread each.
//
//   bench_load sqlite:FILE | postgresql://...

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "adapters/storage/db.h"
#include "adapters/storage/history_reader.h"

namespace arrears::bench {

namespace {

/// What is read: the columns and order of adapters/storage/history_*.cpp.
const std::vector<std::string> statements = {
    "SELECT part, customer_id, document_id, version, entry_id, kind, issued_on, currency, "
    "cancelled FROM document ORDER BY part, customer_id, document_id, version",
    "SELECT part, customer_id, document_id, version, instalment_no, due_on, amount_minor FROM "
    "instalment ORDER BY part, customer_id, document_id, version, instalment_no",
    "SELECT part, customer_id, payment_id, version, entry_id, value_on, currency, amount_minor, "
    "reverses_id, cancelled FROM payment ORDER BY part, customer_id, payment_id, version",
    "SELECT part, customer_id, entry_id, kind, payment_id, credit_id, credit_instalment, "
    "document_id, instalment_no, allocated_on, amount_minor, source_minor FROM allocation "
    "ORDER BY part, customer_id, allocation_id",
    "SELECT part, customer_id, dispute_mark_id, version, entry_id, document_id, amount_minor, "
    "from_day, until_day FROM dispute_mark ORDER BY part, customer_id, dispute_mark_id, version",
    "SELECT part, customer_id, entry_id, entity_id, party_id, number, segment FROM customer "
    "ORDER BY part, customer_id, version",
    "SELECT part, party_id, entry_id, country FROM party ORDER BY part, party_id, version",
    "SELECT part, seq, entry_id FROM journal_seal ORDER BY part, seq",
    "SELECT part, checkpoint_no, seq FROM checkpoint_head ORDER BY part, checkpoint_no"};

struct Reading {
  std::int64_t rows = 0;
  std::int64_t sum = 0;  ///< of all bytes or integers, so that none is left unread
};

void require(bool fine, const char* what) {
  if (fine) return;
  fmt::print(stderr, "bench_load: {}\n", what);
  std::exit(1);
}

Reading read_sqlite(const std::string& file) {
  Reading reading;
  sqlite3* db = nullptr;
  require(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                          nullptr) == SQLITE_OK,
          "cannot open the file");
  sqlite3_exec(db, "PRAGMA cache_size = -65536; BEGIN", nullptr, nullptr, nullptr);
  for (const std::string& sql : statements) {
    sqlite3_stmt* rows = nullptr;
    require(sqlite3_prepare_v2(db, sql.c_str(), -1, &rows, nullptr) == SQLITE_OK, sql.c_str());
    const int columns = sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
      ++reading.rows;
      for (int i = 0; i < columns; ++i) {
        if (sqlite3_column_type(rows, i) == SQLITE_TEXT)
          reading.sum += sqlite3_column_text(rows, i)[0];
        else
          reading.sum += sqlite3_column_int64(rows, i);
      }
    }
    sqlite3_finalize(rows);
  }
  sqlite3_close(db);
  return reading;
}

Reading read_postgres(const std::string& url) {
  Reading reading;
  PGconn* db = PQconnectdb(url.c_str());
  require(PQstatus(db) == CONNECTION_OK, "cannot connect");
  PQclear(PQexec(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  for (const std::string& sql : statements) {
    PQclear(PQexec(db, ("DECLARE c NO SCROLL CURSOR FOR " + sql).c_str()));
    for (int count = 1; count > 0;) {
      PGresult* block = PQexecParams(db, "FETCH 10000 FROM c", 0, nullptr, nullptr, nullptr,
                                     nullptr, /*binary*/ 1);
      require(PQresultStatus(block) == PGRES_TUPLES_OK, sql.c_str());
      count = PQntuples(block);
      const int columns = PQnfields(block);
      reading.rows += count;
      for (int row = 0; row < count; ++row) {
        for (int i = 0; i < columns; ++i) {
          std::int64_t value = 0;
          const char* bytes = PQgetvalue(block, row, i);
          for (int byte = PQgetlength(block, row, i); byte-- > 0;)
            value = value << 8 | static_cast<unsigned char>(*bytes++);
          reading.sum += value;
        }
      }
      PQclear(block);
    }
    PQclear(PQexec(db, "CLOSE c"));
  }
  PQfinish(db);
  return reading;
}

Reading read_history(storage::Connection& connection) {
  Reading reading;
  const storage::Transaction snapshot(connection, storage::Transaction::Mode::read);
  storage::HistoryReader(connection).each({}, [&](const app::CustomerHistory& history) {
    const portfolio::CustomerFacts& facts = history.facts;
    reading.rows += static_cast<std::int64_t>(facts.instalments.size() + facts.payments.size() +
                                              facts.allocations.size() + facts.disputes.size());
    for (const auto& fact : facts.instalments) reading.sum += fact.amount_minor;
    for (const auto& fact : facts.payments) reading.sum += fact.amount_minor;
    for (const auto& fact : facts.allocations) reading.sum += fact.amount_minor;
  });
  return reading;
}

struct Time {
  double wall = 1e9;
  double cpu = 1e9;
};

/// The best of three.
template <class Read>
Time measure(const Read& read, Reading& reading) {
  Time best;
  const auto cpu_now = [] {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  };
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpu_now();
    reading = read();
    best.cpu = std::min(best.cpu, cpu_now() - cpu);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    best.wall = std::min(best.wall, wall.count());
  }
  return best;
}

int run(const std::string& url) {
  const bool postgres = storage::is_postgres(url);
  const auto connection = storage::open_database(url, storage::OpenMode::existing);
  Reading ours;
  Reading peer;
  const Time our_time = measure([&] { return read_history(*connection); }, ours);
  const Time peer_time =
      measure([&] { return postgres ? read_postgres(url) : read_sqlite(url.substr(7)); }, peer);
  require(ours.rows > 0, "the database has no receivables");
  fmt::print(
      "load_{} ours {:.3f} s ({:.3f} s cpu) peer {:.3f} s ({:.3f} s cpu) ratio {:.2f} "
      "rows {} facts {}\n",
      postgres ? "postgresql" : "sqlite", our_time.wall, our_time.cpu, peer_time.wall,
      peer_time.cpu, our_time.wall / peer_time.wall, peer.rows, ours.rows);
  return 0;
}

}  // namespace

}  // namespace arrears::bench

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: bench_load sqlite:FILE | postgresql://...\n");
    return 2;
  }
  return arrears::bench::run(arguments[1]);
}
