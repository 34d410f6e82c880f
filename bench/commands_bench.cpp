#include <fmt/format.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "adapters/storage/store.h"
#include "app/customers.h"
#include "app/receivables.h"
#include "app/site.h"
#include "base/text.h"

/// Commands of many clients (record a payment), durable, beside a plain program that inserts the
/// same rows in the same batches on the same engine. One line of text for each figure:
/// name, commands/s of ours, of the plain program, their ratio, runs, spread of ours.
///
///   bench_commands [--server postgresql://USER@/postgres?host=DIR] [--commands N] [--runs N]
namespace arrears::bench {
namespace {

using storage::Bytes;

struct Options {
  std::string server;  ///< empty: SQLite only
  int commands = 1'000;
  int runs = 3;
};

constexpr int customers = 400;

/// A table whose rows the plain program writes, and how: an update where a batch has the row
/// before.
struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::string conflict;  ///< appended to the INSERT
};

const std::vector<Table>& tables() {
  static const std::vector<Table> all = {
      {"payment",
       {"part", "customer_id", "payment_id", "version", "entry_id", "kind", "number", "value_on",
        "currency", "amount_minor", "reverses_id", "sealed_payer", "reference", "cancelled",
        "reason"},
       ""},
      {"number_index",
       {"part", "entity_id", "kind", "number_key", "number", "owner_id", "subject_id"},
       ""},
      {"journal",
       {"part", "entry_id", "command_id", "command_entries", "kind", "schema_version", "actor",
        "recorded_at", "payload", "private_party", "private_payload", "row_count", "rows_root",
        "row_hashes", "owners"},
       ""},
      {"idempotency_key",
       {"part", "client", "idempotency_key", "body_hash", "answer", "recorded_at"},
       ""},
      {"journal_seal", {"part", "seq", "entry_id", "chain_hash"}, ""},
      {"journal_head",
       {"part", "seq", "chain_hash"},
       " ON CONFLICT (part) DO UPDATE SET seq = excluded.seq, chain_hash = excluded.chain_hash"},
      {"id_mark",
       {"part", "last_id"},
       " ON CONFLICT (part) DO UPDATE SET last_id = excluded.last_id"},
      {"checkpoint", {"part", "checkpoint_no", "at", "previous_hash", "root", "signature"}, ""},
      {"checkpoint_head", {"part", "checkpoint_no", "seq", "chain_hash"}, ""}};
  return all;
}

std::string insert_text(const Table& table, char mark) {
  std::string names;
  std::string parameters;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) names += ", ", parameters += ", ";
    names += table.columns[i];
    parameters += mark + std::to_string(i + 1);
  }
  return "INSERT INTO " + table.name + " (" + names + ") VALUES (" + parameters + ")" +
         table.conflict;
}

/// A value with the bytes that a statement wants.
struct Cell {
  storage::Value::Kind kind = storage::Value::Kind::null;
  std::int64_t integer = 0;
  std::string bytes;
};
using Row = std::vector<Cell>;
using Rows = std::vector<Row>;

/// What a plain program does with a database; no more than the engine's own calls.
class Plain {
 public:
  virtual ~Plain() = default;
  virtual void text(const char* sql) = 0;
  virtual void prepare(std::size_t table, const std::string& sql) = 0;
  virtual void insert(std::size_t table, const Row& row) = 0;
  virtual char mark() const = 0;
};

class PlainSqlite final : public Plain {
 public:
  explicit PlainSqlite(const std::string& file) {
    if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("open");
    text("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  }
  ~PlainSqlite() override {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  void text(const char* sql) override { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  void prepare(std::size_t table, const std::string& sql) override {
    statements_.resize(std::max(statements_.size(), table + 1));
    check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statements_[table], nullptr));
  }
  void insert(std::size_t table, const Row& row) override {
    sqlite3_stmt* statement = statements_[table];
    for (int i = 0; i < static_cast<int>(row.size()); ++i) {
      const Cell& cell = row[static_cast<std::size_t>(i)];
      const int size = static_cast<int>(cell.bytes.size());
      switch (cell.kind) {
        case storage::Value::Kind::null:
          sqlite3_bind_null(statement, i + 1);
          break;
        case storage::Value::Kind::integer:
          sqlite3_bind_int64(statement, i + 1, cell.integer);
          break;
        case storage::Value::Kind::text:
          sqlite3_bind_text(statement, i + 1, cell.bytes.data(), size, SQLITE_STATIC);
          break;
        case storage::Value::Kind::blob:
          sqlite3_bind_blob(statement, i + 1, cell.bytes.data(), size, SQLITE_STATIC);
          break;
      }
    }
    if (sqlite3_step(statement) != SQLITE_DONE) check(sqlite3_errcode(db_));
    sqlite3_reset(statement);
  }
  char mark() const override { return '?'; }

 private:
  void check(int code) {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
};

class PlainPostgres final : public Plain {
 public:
  explicit PlainPostgres(const std::string& url) : db_(PQconnectdb(url.c_str())) {
    if (PQstatus(db_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(db_));
  }
  ~PlainPostgres() override { PQfinish(db_); }
  void text(const char* sql) override { check(PQexec(db_, sql)); }
  void prepare(std::size_t table, const std::string& sql) override {
    check(PQprepare(db_, name(table).c_str(), sql.c_str(), 0, nullptr));
  }
  void insert(std::size_t table, const Row& row) override {
    const char* values[16] = {};
    int lengths[16] = {};
    int formats[16] = {};
    std::string integers[16];
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Cell& cell = row[i];
      if (cell.kind == storage::Value::Kind::null) continue;
      if (cell.kind == storage::Value::Kind::integer) integers[i] = std::to_string(cell.integer);
      const bool is_integer = cell.kind == storage::Value::Kind::integer;
      const std::string& bytes = is_integer ? integers[i] : cell.bytes;
      values[i] = bytes.data();
      lengths[i] = static_cast<int>(bytes.size());
      formats[i] = is_integer ? 0 : 1;
    }
    check(PQexecPrepared(db_, name(table).c_str(), static_cast<int>(row.size()), values, lengths,
                         formats, 0));
  }
  char mark() const override { return '$'; }

 private:
  static std::string name(std::size_t table) { return "s" + std::to_string(table); }
  void check(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(db_));
  }
  PGconn* db_;
};

/// The databases of one engine, made anew for every run.
class Databases {
 public:
  explicit Databases(const Options& options, bool server) : server_(server ? options.server : "") {
    std::string pattern = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Databases() {
    for (const std::string& name : made_) admin("DROP DATABASE " + name + " WITH (FORCE)");
    std::filesystem::remove_all(folder_);
  }
  std::string key_file() const { return folder_ + "/keys" + std::to_string(count_); }
  std::string make() {
    const std::string name = "bench_commands_" + std::to_string(++count_);
    if (server_.empty()) return "sqlite:" + folder_ + "/" + name;
    admin("CREATE DATABASE " + name);
    made_.push_back(name);
    const auto options = std::min(server_.find('?'), server_.size());
    const auto slash = server_.rfind('/', options);
    return server_.substr(0, slash + 1) + name + server_.substr(options);
  }
  std::unique_ptr<Plain> open_plain(const std::string& url) const {
    if (server_.empty()) return std::make_unique<PlainSqlite>(url.substr(url.find(':') + 1));
    return std::make_unique<PlainPostgres>(url);
  }

 private:
  void admin(const std::string& sql) const { PlainPostgres(server_).text(sql.c_str()); }

  std::string server_;
  std::string folder_;
  std::vector<std::string> made_;
  int count_ = 0;
};

double seconds_of(const std::function<void()>& act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(bool fine) {
  if (!fine) throw std::runtime_error("a command was refused");
}

/// `commands` payments from `clients` threads; how long they took.
double run_commands(storage::DatabaseStore& store, const base::Clock& clock, int clients,
                    int commands) {
  app::Caller caller{"bench", "entity", clock.now(), std::nullopt};
  require(app::add_entity(store, caller, {"E", "Example", "EUR", "Europe/Berlin", "DE", 0}).ok());
  for (int i = 0; i < customers; ++i) {
    caller.idempotency_key = "c" + std::to_string(i);
    app::CustomerRow row;
    row.number = caller.idempotency_key;
    require(app::add_customer(store, caller, "E", row, {20'000}).ok());
  }
  return seconds_of([&] {
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&, client] {
        for (int i = client; i < commands; i += clients) {
          const std::string number = "p" + std::to_string(i);
          const std::string customer = "c" + std::to_string(i % customers);
          const app::Caller one{"bench", number, clock.now(), std::nullopt};
          require(app::record_payment(store, one, "E",
                                      {customer, number, "2026-01-10", "EUR", "12.50", "", number})
                      .ok());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

Cell cell_of(const storage::Query& row, int column, const std::string& name) {
  static const std::vector<std::string> texts = {
      "number", "currency", "reference", "reason", "number_key",     "kind_text",
      "actor",  "payload",  "client",    "answer", "idempotency_key"};
  static const std::vector<std::string> blobs = {
      "sealed_payer", "private_payload", "rows_root",     "row_hashes", "owners",
      "body_hash",    "chain_hash",      "previous_hash", "root",       "signature"};
  if (row.is_null(column)) return {};
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (among(texts)) return {storage::Value::Kind::text, 0, std::string(row.text_at(column))};
  if (among(blobs)) return {storage::Value::Kind::blob, 0, std::string(row.text_at(column))};
  return {storage::Value::Kind::integer, row.int64_at(column), {}};
}

/// The rows of the payments, table by table, in the order in which they were written.
std::vector<Rows> rows_of(const std::string& url, std::int64_t after_checkpoint) {
  const auto connection = storage::open_database(url, storage::OpenMode::existing);
  const std::string sealed =
      " WHERE EXISTS (SELECT 1 FROM journal j WHERE j.kind = "
      "'payment_recorded' AND j.part = t.part AND j.entry_id = t.entry_id)";
  std::vector<Rows> all;
  for (const Table& table : tables()) {
    std::string columns;
    for (const std::string& column : table.columns)
      columns += (columns.empty() ? "t." : ", t.") + column;
    std::string from = table.name;
    std::string where;
    std::string order = "t.entry_id";
    if (table.name == "payment" || table.name == "journal_seal" || table.name == "journal") {
      where = sealed;
    } else if (table.name == "number_index") {
      where = " WHERE t.kind = 3";
      order = "t.subject_id";
    } else if (table.name == "idempotency_key") {
      where = " WHERE t.client = 'bench/record_payment'";
      order = "t.recorded_at";
    } else if (table.name == "journal_head" || table.name == "id_mark") {
      // Written once for each command: the states that the row went through.
      from = "journal_seal";
      where = sealed;
      if (table.name == "id_mark") columns = "t.part, t.entry_id";
    } else {
      where = " WHERE t.checkpoint_no > " + std::to_string(after_checkpoint);
      order = "t.checkpoint_no";
    }
    Rows& rows = all.emplace_back();
    storage::Query query = connection->query("SELECT " + columns + " FROM " + from + " t" + where +
                                             " ORDER BY " + order);
    while (query.next()) {
      Row& row = rows.emplace_back();
      for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
        const std::string& name = table.columns[static_cast<std::size_t>(i)];
        const bool is_word = table.name == "journal" && name == "kind";
        row.push_back(cell_of(query, i, is_word ? "kind_text" : name));
      }
    }
  }
  return all;
}

/// Inserts the rows in `batches` transactions of one size; how long that took.
double run_plain(Plain& plain, const std::vector<Rows>& rows, std::size_t batches) {
  for (std::size_t i = 0; i < tables().size(); ++i)
    plain.prepare(i, insert_text(tables()[i], plain.mark()));
  return seconds_of([&] {
    for (std::size_t batch = 0; batch < batches; ++batch) {
      plain.text("BEGIN");
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t end = rows[i].size() * (batch + 1) / batches;
        for (std::size_t at = rows[i].size() * batch / batches; at < end; ++at)
          plain.insert(i, rows[i][at]);
      }
      plain.text("COMMIT");
    }
  });
}

struct Figures {
  std::vector<double> ours;   ///< commands a second
  std::vector<double> plain;  ///< the same rows
  double batch = 0;           ///< commands in one commit
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const Options& options, bool server, int clients) {
  Databases databases(options, server);
  const base::SystemClock clock;
  Figures figures;
  for (int run = 0; run < options.runs; ++run) {
    const std::string url = databases.make();
    std::int64_t before = 0;
    std::int64_t after = 0;
    {
      storage::DatabaseStore store({url, databases.key_file(), storage::OpenMode::create, false},
                                   clock);
      figures.ours.push_back(options.commands /
                             run_commands(store, clock, clients, options.commands));
      after = store.checkpoint();
      before = customers + 1;  // one command after the other before the clients began
    }
    const auto batches = static_cast<std::size_t>(std::max<std::int64_t>(1, after - before));
    figures.batch = static_cast<double>(options.commands) / static_cast<double>(batches);
    const std::vector<Rows> rows = rows_of(url, before);
    const std::string other = databases.make();
    storage::open_database(other, storage::OpenMode::create).reset();
    const auto plain = databases.open_plain(other);
    figures.plain.push_back(options.commands / run_plain(*plain, rows, batches));
  }
  const auto [least, most] = std::minmax_element(figures.ours.begin(), figures.ours.end());
  const double ours = median(figures.ours);
  const double plain = median(figures.plain);
  fmt::print(
      "commands {} clients={} batch={:.1f} ours={:.0f}/s plain={:.0f}/s ratio={:.2f} runs={} "
      "spread={:.0f}-{:.0f}\n",
      server ? "postgresql" : "sqlite", clients, figures.batch, ours, plain, plain / ours,
      options.runs, *least, *most);
  std::fflush(stdout);
}

}  // namespace
}  // namespace arrears::bench

int main(int count, char** words) {
  arrears::bench::Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const std::string value = words[i + 1];
    if (name == "--server") options.server = value;
    if (name == "--commands") options.commands = std::stoi(value);
    if (name == "--runs") options.runs = std::stoi(value);
  }
  for (const bool server : {false, true}) {
    if (server && options.server.empty()) continue;
    for (const int clients : {1, 8, 32}) arrears::bench::measure(options, server, clients);
  }
}
