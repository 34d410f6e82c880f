#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What was found wrong in an outside file. Problems are values and all of them are collected; an
/// exception is thrown only where the disk fails.
namespace arrears::formats {

// R(name, rejects, meaning): `rejects` is whether the record it stands on must not be used.
#define ARREARS_PROBLEM_REASONS(R)                                                 \
  R(not_text, true, "the file is not text")                                        \
  R(guessed_encoding, false, "the encoding is a guess")                            \
  R(empty_file, true, "the file has no header and no record")                      \
  R(header_only, false, "the file has a header but no record")                     \
  R(duplicate_column, false, "two columns have one name")                          \
  R(unnamed_column, false, "a column has no name")                                 \
  R(too_few_fields, true, "the record has fewer fields than the header")           \
  R(too_many_fields, true, "the record has more fields than the header")           \
  R(extra_empty_fields, false, "the record ends in empty fields without a column") \
  R(nul_byte, true, "a field holds a NUL byte")                                    \
  R(invalid_utf8, true, "a field is not well-formed UTF-8")                        \
  R(invalid_encoding, true, "a field has bytes that its encoding does not know")   \
  R(unclosed_quote, true, "a quoted field is never closed")                        \
  R(stray_quote, true, "text follows the closing quote of a field")                \
  R(line_too_long, true, "the record is longer than the limit")                    \
  R(empty_value, true, "a value is missing")                                       \
  R(not_an_amount, true, "the value is not an amount")                             \
  R(ambiguous_decimal, true, "one separator, decimal or thousands")                \
  R(mixed_decimals, true, "decimal dot and decimal comma in one column")           \
  R(number_too_long, true, "the value has too many digits")                        \
  R(spreadsheet_damage, true, "a spreadsheet has replaced the value")              \
  R(not_a_date, true, "the value is not a date")                                   \
  R(ambiguous_date, true, "day and month could be exchanged")                      \
  R(mixed_dates, true, "day first and month first in one column")                  \
  R(impossible_date, true, "the calendar has no such day")                         \
  R(excel_serial, true, "the value could be a day number of a spreadsheet")        \
  R(not_a_flag, true, "the value is neither yes nor no")                           \
  R(unknown_option, true, "an option of the import is not known")

/// Why a record, a value or an option is not taken as it stands.
enum class Reason : std::uint8_t {
#define ARREARS_REASON_MEMBER(name, rejects, meaning) name,
  ARREARS_PROBLEM_REASONS(ARREARS_REASON_MEMBER)
#undef ARREARS_REASON_MEMBER
};

/// The stable name for programs: "too_few_fields".
std::string_view code(Reason reason);

/// Whether a record with this problem must not be used. The others are notes.
bool rejects(Reason reason);

/// Why one value or option was not understood; `text` says what, and what to do next.
struct FieldError {
  Reason reason;
  std::string text;
};

/// One finding at one place of a file.
struct Problem {
  std::int64_t line = 0;    ///< physical line, 1-based; 0 when the whole file is meant
  int column = 0;           ///< field number, 1-based; 0 when the whole record is meant
  std::string column_name;  ///< from the header; empty where there is none
  std::string value;        ///< the value as read, valid UTF-8, cut to a readable length
  Reason reason;
  std::string text;  ///< for people: what, where, what to do next
};

}  // namespace arrears::formats
