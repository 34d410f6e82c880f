#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "programs/arrears/output.h"

namespace arrears::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view ellipsis = "…";
constexpr std::size_t text_width_min = 10;

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string cut(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end)
    if (starts_character(text[end]) && ++seen == width) break;
  return std::string(text.substr(0, end)).append(ellipsis);
}

/// Text of others does not steer a terminal, and stays on its line.
std::string on_one_line(std::string_view text) {
  std::string clean;
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    clean += code < 0x20 || code == 0x7F ? ' ' : byte;
  }
  return clean;
}

/// Digits with at most one sign before and one point between.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto digits = [](std::string_view some) {
    return !some.empty() && some.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (point == std::string_view::npos) return digits(text);
  return digits(text.substr(0, point)) && digits(text.substr(point + 1));
}

/// The amounts of the answers, by the last word of their key. They get thousands separators.
bool is_amount(std::string_view key) {
  constexpr std::string_view keys[] = {
      "amount",  "open",       "overdue",       "chased",         "to_apply", "total",
      "balance", "credits",    "unapplied",     "unapplied_cash", "not_due",  "1_30",
      "31_60",   "61_90",      "91_120",        "over_120",       "disputed", "promised",
      "paid",    "discounted", "small_balance", "source_amount",  "file",     "added",
      "control", "closed",     "absent"};
  const auto dot = key.rfind('.');
  if (dot != std::string_view::npos) key.remove_prefix(dot + 1);
  return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

std::string grouped(std::string_view number) {
  const auto point = std::min(number.find('.'), number.size());
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  std::string out(number.substr(0, first));
  for (std::size_t i = first; i < point; ++i) {
    out += number[i];
    if (i + 1 < point && (point - i - 1) % 3 == 0) out += ',';
  }
  return out.append(number.substr(point));
}

std::string cell_text(std::string_view key, const json::value& value);

/// Objects inside a cell: an item as INV-1#2 100.00, a reason by its text, others word by word.
std::string object_text(const Object& object) {
  if (const json::value* text = object.if_contains("text")) return cell_text("", *text);
  std::string out;
  for (const auto& [key, value] : object) {
    if (value.is_object() || value.is_array() || value.is_null()) continue;
    if (key == "instalment") {
      if (value != 1) out += "#" + cell_text(key, value);
      continue;
    }
    const std::string word = cell_text(key, value);
    if (!word.empty()) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

std::string cell_text(std::string_view key, const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_bool()) return value.get_bool() ? "yes" : "";
  if (const auto* text = value.if_string()) {
    const std::string_view plain = *text;
    return is_amount(key) && is_number(plain) ? grouped(plain) : on_one_line(plain);
  }
  if (const auto* object = value.if_object()) return object_text(*object);
  if (const auto* array = value.if_array()) {
    std::string out;
    for (const json::value& element : *array)
      out += (out.empty() ? "" : ", ") + cell_text(key, element);
    return out;
  }
  return json::serialize(value);
}

std::string title_of(std::string_view key) {
  if (key == "1_30" || key == "31_60" || key == "61_90" || key == "91_120") {
    std::string range(key);
    std::replace(range.begin(), range.end(), '_', '-');
    return range;
  }
  std::string title(key);
  std::replace(title.begin(), title.end(), '_', ' ');
  std::replace(title.begin(), title.end(), '.', ' ');
  return title;
}

struct TableColumn {
  std::string title;
  std::vector<std::string> cells;
  std::size_t width = 0;
  bool right = false;
};

TableColumn make_column(const Rows& rows, std::string_view key) {
  TableColumn column{title_of(key), {}, 0, false};
  column.width = width_of(column.title);
  bool numbers = true;
  bool any = false;
  for (const json::value& row : rows) {
    const json::value* value = row.as_object().if_contains(key);
    column.cells.push_back(value ? cell_text(key, *value) : std::string());
    column.width = std::max(column.width, width_of(column.cells.back()));
    if (column.cells.back().empty()) continue;
    any = true;
    // What looks like a number may be the name of something: those stay left.
    numbers = numbers && (value->is_int64() || (is_amount(key) && value->is_string()));
  }
  column.right = numbers && any;
  return column;
}

/// Takes from the widest text column until the line fits, or no text can give any more.
void fit(std::vector<TableColumn>& columns, std::size_t width) {
  const auto line = [&] {
    std::size_t sum = columns.empty() ? 0 : 2 * (columns.size() - 1);
    for (const TableColumn& column : columns) sum += column.width;
    return sum;
  };
  while (line() > width) {
    TableColumn* widest = nullptr;
    for (TableColumn& column : columns)
      if (!column.right && column.width > text_width_min &&
          (!widest || column.width > widest->width))
        widest = &column;
    if (!widest) return;
    --widest->width;
  }
}

void append_cell(std::string& line, const TableColumn& column, const std::string& text) {
  const std::string shown = cut(text, column.width);
  const std::string blanks(column.width - width_of(shown), ' ');
  line += column.right ? blanks + shown : shown + blanks;
}

std::string end_of(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string table_text(const Rows& rows, const Columns& columns, int width) {
  if (rows.empty()) return "(none)\n";
  std::vector<TableColumn> table;
  for (const std::string_view key : columns) {
    TableColumn column = make_column(rows, key);
    const bool empty = std::all_of(column.cells.begin(), column.cells.end(),
                                   [](const std::string& cell) { return cell.empty(); });
    if (!empty) table.push_back(std::move(column));
  }
  if (width > 0) fit(table, static_cast<std::size_t>(width));
  std::string out;
  std::string head;
  std::string rule;
  for (const TableColumn& column : table) {
    append_cell(head, column, column.title);
    head += "  ";
    rule += std::string(column.width, '-') + "  ";
  }
  out += end_of(head) + end_of(rule);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::string line;
    for (const TableColumn& column : table) {
      append_cell(line, column, column.cells[row]);
      line += "  ";
    }
    out += end_of(line);
  }
  return out;
}

std::string answer_text(const Object& answer, int width) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::string tables;
  std::size_t widest = 0;
  const auto add = [&](const std::string& key, std::string_view last, const json::value& value) {
    std::string text = cell_text(last, value);
    if (text.empty()) text = value.is_bool() ? "no" : "-";
    lines.emplace_back(title_of(key), std::move(text));
    widest = std::max(widest, lines.back().first.size());
  };
  for (const auto& [name, value] : answer) {
    const std::string key(name);
    const auto* array = value.if_array();
    if (array && !array->empty() && array->front().is_object()) {
      Columns columns;
      for (const auto& [column, cell] : array->front().get_object()) columns.push_back(column);
      tables += "\n" + title_of(key) + "\n" + table_text(*array, columns, width);
    } else if (const auto* inner = value.if_object()) {
      for (const auto& [part, cell] : *inner) add(key + "." + std::string(part), part, cell);
    } else {
      add(key, key, value);
    }
  }
  std::string out;
  for (const auto& [key, text] : lines)
    out += end_of(key + ":" + std::string(widest - key.size() + 1, ' ') + text);
  return out + tables;
}

}  // namespace arrears::cli
