#pragma once

#include <string>

#include "app/import.h"

namespace arrears::cli {

/// What an import would see in a CSV file: `{file, encoding, delimiter, records_seen, whole_file,
/// problems, columns: [{column, looks_like, dates, decimal, empty, values, question}]}`.
base::Result<app::Json> describe_import_file(const std::string& path,
                                             const app::ImportOptions& options);

}  // namespace arrears::cli
