#pragma once

#include <stdexcept>
#include <string>

namespace arrears::storage {

/// What went wrong in the storage, as far as a caller can act on it.
enum class StorageProblem : unsigned char {
  unique,          ///< the key exists already
  foreign_key,     ///< the row refers to nothing
  check,           ///< a CHECK constraint or a strict column type said no
  not_null,        ///< a value is missing
  retry,           ///< another transaction came first: begin again
  busy,            ///< another process kept the database locked longer than the time-out
  full,            ///< the disk is full
  io,              ///< the disk did not do what was asked
  lost,            ///< the server cannot be reached, or the connection broke
  absent,          ///< there is no such database
  corrupt,         ///< the file is damaged or no database at all
  not_arrears,     ///< a database, but of another program
  newer_database,  ///< written by a newer version of this program
  unfinished,      ///< a copy of a site that was interrupted
  key_file,        ///< the key file is missing, readable by others, or the wrong one
  other,
};

/// A failure of the storage: the transaction is rolled back and nothing of it is kept.
class StorageError : public std::runtime_error {
 public:
  StorageError(StorageProblem kind, const std::string& message)
      : std::runtime_error(message), problem(kind) {}

  const StorageProblem problem;
};

}  // namespace arrears::storage
