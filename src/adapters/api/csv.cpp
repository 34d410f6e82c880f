#include "adapters/api/csv.h"

#include "app/flat_rows.h"

namespace arrears::api {

namespace {

/// Whether a spreadsheet takes the text as a formula; a plain negative number is none.
bool is_formula(const std::string& text) {
  if (text.empty()) return false;
  const char first = text.front();
  if (first == '=' || first == '@' || first == '\t' || first == '\r') return true;
  if (first != '+' && first != '-') return false;
  return text.find_first_not_of("0123456789.", 1) != std::string::npos;
}

void append_value(std::string& out, const std::string& value) {
  const std::string text = is_formula(value) ? "'" + value : value;
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_record(std::string& out, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_value(out, values[i]);
  }
  out += "\r\n";
}

}  // namespace

std::string csv_text(const boost::json::array& rows) {
  const app::FlatRows flat = app::flat_rows(rows, {});
  std::string out;
  append_record(out, flat.header);
  for (const auto& row : flat.rows) append_record(out, row);
  return out;
}

}  // namespace arrears::api
