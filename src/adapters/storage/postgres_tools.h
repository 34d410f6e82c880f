#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace arrears::storage {

/// Runs pg_dump or pg_restore, found on the PATH, with these words on the database of the URL,
/// whose parts (a password too) it gets in its environment, where other users cannot read them. It
/// ends with this process. Throws std::runtime_error where it is not there, and StorageError with
/// its own last words where it fails.
void run_postgres_tool(std::string_view name, const std::string& url,
                       std::vector<std::string> words);

}  // namespace arrears::storage
