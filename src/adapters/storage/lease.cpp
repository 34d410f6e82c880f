#include "adapters/storage/lease.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "adapters/storage/db.h"
#include "adapters/storage/hashing.h"
#include "base/ids.h"

namespace arrears::storage {

namespace {

class ServerLease final : public app::Lease {
 public:
  ServerLease(std::unique_ptr<Connection> connection, std::unique_ptr<Transaction> transaction)
      : connection_(std::move(connection)), transaction_(std::move(transaction)) {}

 private:
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Transaction> transaction_;  // goes before its connection
};

std::unique_ptr<app::Lease> try_server_lease(std::string_view url, std::string_view name) {
  const base::Part part = base::slot_of(name);
  auto connection = open_postgres(std::string(url));
  connection->execute(
      "INSERT INTO lease (part, name) VALUES (:part, :name) ON CONFLICT (part, name) DO NOTHING",
      part, name);
  auto transaction = std::make_unique<Transaction>(*connection, Transaction::Mode::write);
  const bool locked =
      connection
          ->query(
              "SELECT part FROM lease WHERE part = :part AND name = :name FOR UPDATE SKIP LOCKED",
              part, name)
          .next();
  if (!locked) return nullptr;
  return std::make_unique<ServerLease>(std::move(connection), std::move(transaction));
}

class FileLease final : public app::Lease {
 public:
  explicit FileLease(int file) : file_(file) {}
  FileLease(const FileLease&) = delete;
  FileLease& operator=(const FileLease&) = delete;
  ~FileLease() override { close(file_); }

 private:
  int file_;
};

[[noreturn]] void fail(const std::string& path) {
  throw StorageError(StorageProblem::io, "cannot lock " + path + ": " + std::strerror(errno));
}

/// Where the name's lock lies in the file: by its hash, so that any names fit and none collide.
off_t place_of(std::string_view name) {
  const Hash hash = HashInput("arrears lease 1").text(name).hash();
  std::uint64_t place = 0;
  std::memcpy(&place, hash.data(), sizeof place);
  return static_cast<off_t>(place >> 2);
}

std::unique_ptr<app::Lease> try_file_lease(const std::string& path, std::string_view name) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) fail(path);
  auto lease = std::make_unique<FileLease>(file);
  struct flock bytes{};
  bytes.l_type = F_WRLCK;
  bytes.l_whence = SEEK_SET;
  bytes.l_start = place_of(name);
  bytes.l_len = 1;
  // Of the open file, not of the process: two holders in one process exclude each other too.
  if (fcntl(file, F_OFD_SETLK, &bytes) == 0) return lease;
  if (errno == EAGAIN || errno == EACCES) return nullptr;
  fail(path);
}

}  // namespace

std::unique_ptr<app::Lease> try_lease(std::string_view url, std::string_view name) {
  if (is_postgres(url)) return try_server_lease(url, name);
  return try_file_lease(std::string(url.substr(url.find(':') + 1)) + ".leases", name);
}

}  // namespace arrears::storage
