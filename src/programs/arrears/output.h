#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"

/// How answers come out: for people, for programs, for spreadsheets. Only answers go to stdout.
namespace arrears::cli {

enum class Format : unsigned char { table, json, csv };

using Object = boost::json::object;
using Rows = boost::json::array;
/// Keys in the order in which a table shows them; a table shows no others. CSV has all of them,
/// the others after these.
using Columns = std::vector<std::string_view>;

/// Any JSON parser reads it; the elements of a list stand one a line.
std::string json_text(const boost::json::value& value);
/// A table of aligned columns, numbers to the right. `width`: cuts texts to that many columns; 0
/// cuts nothing.
std::string table_text(const Rows& rows, const Columns& columns, int width);
/// `key: value` lines; lists of objects follow as tables.
std::string answer_text(const Object& answer, int width);
std::string csv_text(const Rows& rows, const Columns& columns);

void print_answer(const Object& answer, Format format);
void print_rows(const Rows& rows, const Columns& columns, Format format);
/// The only way to stdout. A reader that has gone away is no failure; a full disk is one.
void print_text(std::string_view text);

/// Columns of the terminal behind stdout; 0 where it is none.
int terminal_width();

}  // namespace arrears::cli

ARREARS_NAMES(cli, Format, "table", "json", "csv");
