// SQLite's side of the measurements: bench_sqlite FILE answers lines of standard input, tabs
// between the words, with a line of JSON each:
//   do     SQL                  runs statements
//   load   TABLE COLUMNS FILE   fills a table from a file of numbers, in one transaction
//   run    SQL                  takes the time of stepping through all rows of a query
//   write  FILE SQL             writes the rows of a query
#include <sqlite3.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "measuring.h"

namespace arrears::bench {
namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bench_sqlite: %s\n", what.c_str());
  std::exit(1);
}

class Database {
 public:
  explicit Database(const char* file) {
    check(sqlite3_open(file, &db_));
    run("PRAGMA mmap_size = 34359738368; PRAGMA cache_size = -1000000; PRAGMA temp_store = memory;"
        "PRAGMA threads = 0");
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql) {
    check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
  }

  /// Calls `each(statement)` for all rows.
  template <class Each>
  void query(const std::string& sql, Each each) {
    sqlite3_stmt* statement = prepare(sql);
    int code = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) each(statement);
    check(code == SQLITE_DONE ? SQLITE_OK : code);
    sqlite3_finalize(statement);
  }

  void load(const std::string& table, int columns, const std::string& file) {
    std::string sql = "INSERT INTO " + table + " VALUES (?";
    for (int i = 1; i < columns; ++i) sql += ",?";
    sqlite3_stmt* statement = prepare(sql + ")");
    run("BEGIN");
    std::ifstream in(file, std::ios::binary);
    if (!in) fail("cannot read " + file);
    for (std::string line; std::getline(in, line);) {
      const char* at = line.data();
      const char* const end = at + line.size();
      for (int i = 1; i <= columns; ++i) {
        std::int64_t value = 0;
        const auto read = std::from_chars(at, end, value);
        if (read.ptr == at) {
          sqlite3_bind_null(statement, i);
        } else {
          sqlite3_bind_int64(statement, i, value);
        }
        at = read.ptr + (read.ptr < end);
      }
      const int code = sqlite3_step(statement);
      if (code != SQLITE_DONE) check(code);
      sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    run("COMMIT");
  }

 private:
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  void check(int code) {
    if (code != SQLITE_OK) fail(sqlite3_errmsg(db_));
  }

  sqlite3* db_ = nullptr;
};

void write(Database& database, const std::string& name, const std::string& sql) {
  std::FILE* file = std::fopen(name.c_str(), "wb");
  if (file == nullptr) fail("cannot write " + name);
  database.query(sql, [file](sqlite3_stmt* row) {
    for (int i = 0; i < sqlite3_column_count(row); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, i));
      std::fprintf(file, "%s%s", i == 0 ? "" : ",", text == nullptr ? "" : text);
    }
    std::fputc('\n', file);
  });
  if (std::fclose(file) != 0) fail("cannot write " + name);
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  for (const char c : line) {
    if (c == '\t') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  words.resize(std::max<std::size_t>(4, words.size()));
  return words;
}

void answer(Database& database, const Instructions& instructions, const std::string& line) {
  const std::vector<std::string> words = words_of(line);
  const Stopwatch watch(instructions);
  if (words[0] == "do") {
    database.run(words[1]);
  } else if (words[0] == "load") {
    database.load(words[1], std::stoi(words[2]), words[3]);
  } else if (words[0] == "run") {
    database.query(words[1], [](sqlite3_stmt* row) {
      for (int i = 0; i < sqlite3_column_count(row); ++i) sqlite3_column_int64(row, i);
    });
  } else if (words[0] == "write") {
    write(database, words[1], words[2]);
  } else {
    fail("unknown request " + words[0]);
  }
  watch.print();
}

}  // namespace
}  // namespace arrears::bench

int main(int argc, char** argv) {
  using namespace arrears::bench;
  if (argc != 2) fail("give a file");
  const Instructions instructions;
  Database database(argv[1]);
  for (std::string line; std::getline(std::cin, line);) answer(database, instructions, line);
}
