#include "table.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace arrears::scenarios {

namespace {

/// Characters of UTF-8 text.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void Table::add(std::vector<std::string> row) {
  ARREARS_REQUIRE(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

Output Table::lines() const {
  if (rows_.empty()) return {"(empty)"};
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& row : rows_) widths[i] = std::max(widths[i], width(row[i]));
    if (widths[i] > 0) widths[i] = std::max(widths[i], width(columns_[i].label));
  }
  const auto line_of = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string& cell = cell_of(i);
      const std::string gap(widths[i] - width(cell), ' ');
      line += line.empty() ? "" : "  ";
      line += columns_[i].align == Align::right ? gap + cell : cell + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  Output lines{line_of([&](std::size_t i) -> const std::string& { return columns_[i].label; })};
  for (const auto& row : rows_)
    lines.push_back(line_of([&](std::size_t i) -> const std::string& { return row[i]; }));
  return lines;
}

std::string text_of(const Json& json, std::string_view member) {
  const boost::json::value* value = json.if_contains(member);
  if (!value || value->is_null()) return {};
  if (value->is_string()) return std::string(value->as_string());
  return boost::json::serialize(*value);
}

std::string amount_of(const Json& json, std::string_view member) {
  const std::string text = text_of(json, member);
  return text.find_first_not_of("0.") == std::string::npos && !text.empty() ? "-" : text;
}

std::string spaced(std::string_view name) {
  std::string text(name);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    const bool range = i > 0 && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    text[i] = range ? '-' : ' ';
  }
  return text;
}

Output wrapped(std::string_view text, std::size_t columns) {
  Output lines;
  std::string line;
  for (const std::string_view word : base::split(text, ' ')) {
    if (!line.empty() && line.size() + 1 + word.size() > columns) {
      lines.push_back(line);
      line.clear();
    }
    line += line.empty() ? "" : " ";
    line += word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace arrears::scenarios
