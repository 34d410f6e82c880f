#include "programs/arrears/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "adapters/formats/csv_writer.h"
#include "base/check.h"

namespace arrears::cli {

namespace {

namespace json = boost::json;

/// On one line, with a blank after each comma and colon.
void append_inline(std::string& out, const json::value& value) {
  const char* separator = "";
  if (const auto* object = value.if_object()) {
    out += '{';
    for (const auto& [key, member] : *object) {
      out += separator + json::serialize(json::value(key)) + ": ";
      append_inline(out, member);
      separator = ", ";
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const json::value& element : *array) {
      out += separator;
      append_inline(out, element);
      separator = ", ";
    }
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

bool is_list(const json::value& value) {
  const auto* array = value.if_array();
  return array && !array->empty() && array->front().is_object();
}

void append_list(std::string& out, const json::array& list, std::string_view indent) {
  out += "[";
  const char* separator = "\n";
  for (const json::value& element : list) {
    out += separator;
    out += indent;
    out += "  ";
    append_inline(out, element);
    separator = ",\n";
  }
  out += "\n";
  out += indent;
  out += "]";
}

/// Members of objects by dotted names, so that a row is flat.
void flatten(Object& flat, const std::string& prefix, const Object& object) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix + std::string(key);
    if (const auto* inner = value.if_object()) {
      flatten(flat, name + ".", *inner);
    } else {
      flat[name] = value;
    }
  }
}

std::string csv_value(const json::value& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_string()) return std::string(*text);
  if (const auto* array = value.if_array()) {
    if (is_list(value)) return json::serialize(value);
    std::string joined;
    for (const json::value& element : *array)
      joined += (joined.empty() ? "" : ";") + csv_value(element);
    return joined;
  }
  return json::serialize(value);
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string out;
  if (is_list(value)) {
    append_list(out, value.get_array(), "");
  } else if (const auto* object = value.if_object()) {
    out += '{';
    const char* separator = "\n";
    for (const auto& [key, member] : *object) {
      out += separator + std::string("  ") + json::serialize(json::value(key)) + ": ";
      if (is_list(member)) {
        append_list(out, member.get_array(), "  ");
      } else {
        append_inline(out, member);
      }
      separator = ",\n";
    }
    out += "\n}";
  } else {
    append_inline(out, value);
  }
  out += '\n';
  return out;
}

std::string csv_text(const Rows& rows, const Columns& columns) {
  std::vector<std::string> keys(columns.begin(), columns.end());
  std::vector<Object> flat;
  for (const json::value& row : rows) {
    flatten(flat.emplace_back(), "", row.as_object());
    for (const auto& [key, value] : flat.back())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.emplace_back(key);
  }
  std::erase_if(keys, [&](const std::string& key) {
    return !flat.empty() && std::none_of(flat.begin(), flat.end(),
                                         [&](const Object& row) { return row.contains(key); });
  });
  std::string out;
  formats::write_csv_record(out, keys);
  for (const Object& row : flat) {
    std::vector<std::string> values;
    for (const std::string& key : keys) {
      const json::value* value = row.if_contains(key);
      values.push_back(value ? csv_value(*value) : std::string());
    }
    formats::write_csv_record(out, values);
  }
  return out;
}

void print_answer(const Object& answer, Format format) {
  switch (format) {
    case Format::table:
      return print_text(answer_text(answer, terminal_width()));
    case Format::json:
      return print_text(json_text(answer));
    case Format::csv:
      return print_text(csv_text(Rows{answer}, {}));
  }
}

void print_rows(const Rows& rows, const Columns& columns, Format format) {
  switch (format) {
    case Format::table:
      return print_text(table_text(rows, columns, terminal_width()));
    case Format::json:
      return print_text(json_text(rows));
    case Format::csv:
      return print_text(csv_text(rows, columns));
  }
}

void print_text(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return;
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "The answer could not be written");
    }
  }
}

int terminal_width() {
  winsize size{};
  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace arrears::cli
