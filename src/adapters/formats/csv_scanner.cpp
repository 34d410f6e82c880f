#include "adapters/formats/csv_scanner.h"

#include <algorithm>
#include <utility>

namespace arrears::formats {

int line_end_size(std::string_view text, std::size_t at, bool complete) {
  if (at >= text.size()) return 0;
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  if (at + 1 < text.size()) return text[at + 1] == '\n' ? 2 : 1;
  return complete ? 1 : -1;
}

CsvScanner::CsvScanner(Dialect dialect) : dialect_(std::move(dialect)) {
  const auto mark = [](Table& table, char c) { table[static_cast<unsigned char>(c)] = true; };
  for (const char c : {'\n', '\r', dialect_.delimiter.front()}) mark(field_stops_, c);
  for (const char c : {'\n', '\r', '"'}) mark(quoted_stops_, c);
  if (dialect_.backslash_escapes) mark(quoted_stops_, '\\');
}

std::size_t CsvScanner::skip(std::string_view text, bool complete, std::int64_t& lines,
                             bool& more) const {
  std::size_t at = 0;
  more = false;
  while (at < text.size()) {
    std::size_t end = at;
    if (dialect_.comment != '\0' && text[at] == dialect_.comment) {
      end = std::min(text.find_first_of("\r\n", at), text.size());
    } else {
      while (end < text.size() && is_blank_beside_delimiter(text[end])) ++end;
    }
    if (end == text.size()) {
      more = !complete;
      return complete ? end : at;
    }
    const int size = line_end_size(text, end, complete);
    more = size < 0;
    if (size <= 0) return at;
    at = end + static_cast<std::size_t>(size);
    ++lines;
  }
  more = !complete;
  return at;
}

bool CsvScanner::is_blank_beside_delimiter(char c) const {
  return (c == ' ' || c == '\t') && c != dialect_.delimiter.front();
}

CsvScanner::Found CsvScanner::field_end_at(std::string_view text, std::size_t at,
                                           bool complete) const {
  if (at == text.size()) return {complete ? Stop::text_end : Stop::more, at, 0};
  const int line_end = line_end_size(text, at, complete);
  if (line_end < 0) return {Stop::more, at, 0};
  if (line_end > 0) return {Stop::line_end, at, static_cast<std::size_t>(line_end)};
  const std::string& delimiter = dialect_.delimiter;
  const std::string_view here = text.substr(at, delimiter.size());
  if (here == delimiter) return {Stop::delimiter, at, delimiter.size()};
  const bool cut = !complete && here.size() < delimiter.size() && delimiter.starts_with(here);
  if (cut) return {Stop::more, at, 0};
  return {Stop::nothing, at, 0};
}

CsvScanner::Found CsvScanner::find_field_end(std::string_view text, std::size_t from,
                                             bool complete) const {
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  const bool one_byte = dialect_.delimiter.size() == 1;
  std::size_t at = from;
  for (;;) {
    while (at < size && !field_stops_[static_cast<unsigned char>(bytes[at])]) ++at;
    if (at < size && one_byte && bytes[at] == dialect_.delimiter.front()) {
      return {Stop::delimiter, at, 1};
    }
    const Found found = field_end_at(text, at, complete);
    if (found.stop != Stop::nothing) return found;
    ++at;
  }
}

CsvScanner::Found CsvScanner::after_quote(std::string_view text, std::size_t begin,
                                          std::size_t close, bool complete,
                                          ScannedRecord& out) const {
  std::size_t at = close + 1;
  while (at < text.size() && is_blank_beside_delimiter(text[at])) ++at;
  const Found found = field_end_at(text, at, complete);
  if (found.stop != Stop::nothing) return found;
  // Text after the closing quote. On one line the field is taken as it stands, up to its
  // delimiter; the record is reported.
  const Found rest = find_field_end(text, at, complete);
  if (out.stray_field < 0) out.stray_field = static_cast<int>(out.fields.size());
  out.fields.push_back({static_cast<std::uint32_t>(begin),
                        static_cast<std::uint32_t>(rest.at - begin), /*escaped=*/false});
  return rest;
}

bool CsvScanner::scan_quoted(std::string_view text, std::size_t from, bool complete,
                             ScannedRecord& out, Found& found, ScanStatus& status) const {
  const std::int64_t open_line = out.lines;
  const auto stop = [&](ScanStatus why) {
    out.open_field = static_cast<int>(out.fields.size());
    out.open_line = open_line;
    status = why;
    return false;
  };
  bool escaped = false;
  std::size_t at = from + 1;
  for (;;) {
    while (at < text.size() && !quoted_stops_[static_cast<unsigned char>(text[at])]) ++at;
    if (at == text.size()) return stop(complete ? ScanStatus::unclosed_quote : ScanStatus::more);
    const bool last = at + 1 == text.size();
    if (last && !complete) return stop(ScanStatus::more);
    const char next = last ? '\0' : text[at + 1];
    if (text[at] == '\\') {
      const bool escapes = !last && (next == '"' || next == '\\');
      escaped = escaped || escapes;
      at += escapes ? 2 : 1;
    } else if (text[at] != '"') {
      at += static_cast<std::size_t>(line_end_size(text, at, complete));
      ++out.lines;
    } else if (!last && next == '"') {
      escaped = true;
      at += 2;
    } else {
      break;
    }
  }
  const std::size_t fields_before = out.fields.size();
  found = after_quote(text, from, at, complete, out);
  if (found.stop == Stop::more) return stop(ScanStatus::more);
  if (out.fields.size() == fields_before) {
    out.fields.push_back(
        {static_cast<std::uint32_t>(from + 1), static_cast<std::uint32_t>(at - from - 1), escaped});
    return true;
  }
  if (out.lines == open_line) return true;
  out.fields.pop_back();
  return stop(ScanStatus::swallowed);
}

ScanStatus CsvScanner::scan(std::string_view text, bool complete, ScannedRecord& out) const {
  out.fields.clear();
  out.lines = 0;
  out.stray_field = -1;
  out.open_field = -1;
  std::size_t from = 0;
  for (;;) {
    Found found{};
    std::size_t quote = from;  // blanks may stand before it
    while (quote < text.size() && is_blank_beside_delimiter(text[quote])) ++quote;
    if (quote < text.size() && text[quote] == '"') {
      ScanStatus status{};
      if (!scan_quoted(text, quote, complete, out, found, status)) return status;
    } else {
      found = find_field_end(text, from, complete);
      if (found.stop == Stop::more) return ScanStatus::more;
      out.fields.push_back({static_cast<std::uint32_t>(from),
                            static_cast<std::uint32_t>(found.at - from), /*escaped=*/false});
    }
    if (found.stop == Stop::delimiter) {
      from = found.at + found.size;
      continue;
    }
    out.size = found.at;
    out.consumed = found.at + found.size;
    if (found.stop == Stop::line_end) ++out.lines;
    return ScanStatus::record;
  }
}

ScanStatus CsvScanner::scan_literally(std::string_view text, bool complete,
                                      ScannedRecord& out) const {
  out.fields.clear();
  out.lines = 0;
  out.stray_field = -1;
  for (std::size_t from = 0;;) {
    const Found found = find_field_end(text, from, complete);
    if (found.stop == Stop::more) return ScanStatus::more;
    out.fields.push_back({static_cast<std::uint32_t>(from),
                          static_cast<std::uint32_t>(found.at - from), /*escaped=*/false});
    if (found.stop == Stop::delimiter) {
      from = found.at + found.size;
      continue;
    }
    out.size = found.at;
    out.consumed = found.at + found.size;
    if (found.stop == Stop::line_end) out.lines = 1;
    return ScanStatus::record;
  }
}

void CsvScanner::unescape(std::string_view field, std::string& out) const {
  for (std::size_t at = 0; at < field.size(); ++at) {
    const char c = field[at];
    const bool last = at + 1 == field.size();
    const bool doubled = c == '"' && !last && field[at + 1] == '"';
    const bool escape = dialect_.backslash_escapes && c == '\\' && !last &&
                        (field[at + 1] == '"' || field[at + 1] == '\\');
    if (doubled || escape) ++at;
    out += field[at];
  }
}

}  // namespace arrears::formats
