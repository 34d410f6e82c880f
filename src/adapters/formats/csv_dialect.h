#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/formats/csv_scanner.h"
#include "adapters/formats/problem.h"
#include "base/result.h"

/// How a file separates and quotes: options of the command line, and detection from a sample.
namespace arrears::formats {

/// How a quote inside quotes is written.
enum class QuoteEscape : unsigned char { automatic, doubled, backslash };

/// Reads `--delimiter`: "auto" (gives empty text), "comma", "semicolon", "tab", "pipe", "space",
/// `\t`, or the delimiter itself, one to eight bytes. Refuses quotes, line ends and NUL.
base::Result<std::string, FieldError> parse_delimiter(std::string_view text);

/// Reads `--encoding`: "auto" (gives empty text) or a name that encoding_name() knows.
base::Result<std::string, FieldError> parse_encoding(std::string_view text);

/// Finds how `sample` separates and quotes, by scanning it as each candidate would. The delimiter
/// under which most records have the same number of fields wins; none: comma. Backslash escapes
/// are chosen only if they leave no quote unexplained where doubled quotes do.
/// `delimiter`: empty, or given and not to be found. `complete`: the sample is the whole text.
Dialect detect_dialect(std::string_view sample, bool complete, std::string_view delimiter,
                       QuoteEscape escape, char comment);

/// Excel's first line "sep=;": bytes of that line with its end, and its delimiter. 0: none.
std::size_t separator_line(std::string_view text, std::string& delimiter);

}  // namespace arrears::formats
