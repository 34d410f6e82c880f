#include "adapters/formats/csv_writer.h"

#include <algorithm>

namespace arrears::formats {

namespace {
bool is_plain_number(std::string_view text) {
  text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == ',';
  });
}

bool is_formula(std::string_view text) {
  if (text.empty()) return false;
  const char first = text.front();
  if (first == '+' || first == '-') return !is_plain_number(text);
  return first == '=' || first == '@' || first == '\t' || first == '\r';
}

/// Blanks at the ends are kept by quoting, `#` because it can mean a comment, U+FEFF because it can
/// be taken for a byte order mark.
bool needs_quotes(std::string_view text, const CsvWriteOptions& options) {
  if (text.empty()) return false;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (is_blank(text.front()) || is_blank(text.back()) || text.front() == '#') return true;
  if (text.starts_with("\xEF\xBB\xBF")) return true;
  return std::any_of(text.begin(), text.end(), [&](char c) {
    return c == '"' || c == '\n' || c == '\r' || c == options.delimiter;
  });
}

template <class Text>
void write_record(std::string& out, std::span<const Text> fields, const CsvWriteOptions& options) {
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) out += options.delimiter;
    first = false;
    const bool guarded = options.guard_formulas && is_formula(field);
    // A record of one empty field would be an empty line, which readers skip.
    const bool quoted = needs_quotes(field, options) || (fields.size() == 1 && field.empty());
    if (quoted) out += '"';
    if (guarded) out += '\'';
    for (const char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    if (quoted) out += '"';
  }
  out += options.line_end;
}
}  // namespace

void write_csv_record(std::string& out, std::span<const std::string_view> fields,
                      const CsvWriteOptions& options) {
  write_record(out, fields, options);
}

void write_csv_record(std::string& out, std::span<const std::string> fields,
                      const CsvWriteOptions& options) {
  write_record(out, fields, options);
}

}  // namespace arrears::formats
