#pragma once

#include <span>
#include <string>
#include <string_view>

/// Writes RFC 4180: reject files and `--format csv`.
namespace arrears::formats {

struct CsvWriteOptions {
  char delimiter = ',';
  std::string_view line_end = "\n";  ///< "\r\n" for programs that insist on RFC 4180
  /// Puts an apostrophe before values that a spreadsheet would run as a formula (they start with
  /// = + - @, a tab or a CR) and that are not plain numbers. Changes the value: for people only.
  bool guard_formulas = false;
};

/// Appends one record with its line end. Quotes only what would otherwise be read differently.
void write_csv_record(std::string& out, std::span<const std::string_view> fields,
                      const CsvWriteOptions& options = {});
void write_csv_record(std::string& out, std::span<const std::string> fields,
                      const CsvWriteOptions& options = {});

}  // namespace arrears::formats
