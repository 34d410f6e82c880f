#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace arrears::storage {

/// Copies one snapshot of a SQLite file into a file that is not there yet, page by page, while
/// others read and write the first. Throws StorageError.
void copy_sqlite(const std::string& from, const std::string& to,
                 const std::function<void(std::int64_t done, std::int64_t total)>& progress);

}  // namespace arrears::storage
