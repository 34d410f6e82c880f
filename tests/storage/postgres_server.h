#pragma once

#include <string>
#include <vector>

namespace arrears::storage {

/// A real PostgreSQL server of the tests' own: in a folder of its own, on a Unix socket only, with
/// fsync, and with a default collation that does not sort by bytes. It starts when it is first
/// asked for and ends with this process, however that ends.
class PostgresServer {
 public:
  /// Whether the package postgresql-15 is there.
  static bool installed();
  static PostgresServer& get();

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  /// A new database with the schema of Arrears in it; answers its URL.
  std::string make_database();
  /// A new database with nothing in it; answers its URL.
  std::string make_blank_database();
  std::string url(const std::string& database) const;
  void stop();   ///< at once, as by a crash
  void start();  ///< and waits until it answers

 private:
  PostgresServer();
  std::string create(const std::string& from);

  std::string folder_;
  int watcher_ = 0;  ///< process that ends the server when this one has ended
  int pipe_ = -1;    ///< closed when this process ends
  int databases_ = 0;
};

}  // namespace arrears::storage
