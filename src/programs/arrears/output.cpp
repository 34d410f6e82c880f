#include "programs/arrears/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "adapters/formats/csv_writer.h"
#include "app/flat_rows.h"
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
  const app::FlatRows flat = app::flat_rows(rows, columns);
  std::string out;
  formats::write_csv_record(out, flat.header);
  for (const auto& row : flat.rows) formats::write_csv_record(out, row);
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
