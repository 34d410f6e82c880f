#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/formats/problem.h"
#include "base/result.h"

/// From the text of a field to an amount or a day. Nothing here decides what a value is good for;
/// what could mean two things is refused with the option that settles it.
namespace arrears::formats {

// ---- amounts ----

/// Which character separates the decimals; the other one may group thousands.
enum class DecimalStyle : std::uint8_t { automatic, dot, comma };

/// Reads `--decimal`: auto, dot or comma.
base::Result<DecimalStyle, FieldError> parse_decimal_style(std::string_view text);
/// The spelling on the command line.
std::string_view option_text(DecimalStyle style);

/// An amount as plain text: optional `-`, digits, optional `.` and the decimals as they were
/// written: "-1234567.89", "5", "12.50". No zeros lead, zero is never negative.
struct AmountField {
  std::string amount;
  std::string currency;  ///< sign or code beside the amount as written ("€", "EUR"); often empty
};

/// Reads an amount: "1.234.567,89", "1 234,50" (any kind of blank), "1'234.50", "(123.45)",
/// "123.45-", "$120.00", "EUR 12,00", "12,00 €", "12,34,567.80". With `automatic` each value speaks
/// for itself, and "1,234" is refused as ambiguous_decimal. Refuses scientific notation and "#REF!"
/// as spreadsheet_damage: digits are lost in them.
base::Result<AmountField, FieldError> read_amount(std::string_view text, DecimalStyle style);

/// Finds the style of a column from as many of its values as wanted.
class DecimalStyleFinder {
 public:
  void see(std::string_view text);
  /// `automatic` if no value has a separator. Refuses ambiguous_decimal and mixed_decimals, naming
  /// the option to give.
  base::Result<DecimalStyle, FieldError> style() const;

 private:
  std::string dot_, comma_, ambiguous_;  ///< the first value of each kind
};

// ---- numbers that are names ----

/// "1928826755.0" is the number 1928826755 after it went through a floating point column: the text
/// without that tail. Nothing if `text` is not such a number. The reader keeps fields as they are.
std::optional<std::string_view> without_float_tail(std::string_view text);

/// Whether a spreadsheet has replaced the value: "1.92883E+09", "#REF!", "########".
bool is_spreadsheet_damage(std::string_view text);

// ---- days ----

/// Order of day, month and year in numeric dates. Dates that begin with a four-digit year or name
/// the month say their order themselves and are read under every style but `excel_serial`'s plain
/// numbers.
enum class DateStyle : std::uint8_t {
  automatic,
  day_month_year,
  month_day_year,
  year_month_day,
  excel_serial,  ///< plain numbers are days since 1899-12-31 as Excel counts them
};

/// Reads `--dates`: auto, D/M/Y, M/D/Y, Y-M-D or excel; any of / - . between the letters.
base::Result<DateStyle, FieldError> parse_date_style(std::string_view text);
/// The spelling on the command line.
std::string_view option_text(DateStyle style);

/// A day of the calendar that exists.
struct DateField {
  int year = 0;                 ///< 1..9999
  int month = 0;                ///< 1..12
  int day = 0;                  ///< 1..31
  bool two_digit_year = false;  ///< the century is ours: 70..99 are 1900s, 00..69 are 2000s
  bool operator==(const DateField&) const = default;
};

/// Reads a day: 2019-03-07, 2019/3/7, 20190307, 20190307.0, 7.3.2019, 7-MAR-2019, 07 Mar 19,
/// "Mar 7, 2019", and in the given style 03/07/2019. A time of day after it is checked and dropped,
/// the day stays as written. Dots mean day first unless the style says otherwise. With `automatic`
/// 03/07/2019 is refused as ambiguous_date; 30 February is an impossible_date.
base::Result<DateField, FieldError> read_date(std::string_view text, DateStyle style);

/// Finds the style of a column from as many of its values as wanted.
class DateStyleFinder {
 public:
  void see(std::string_view text);
  /// `automatic` if every value says its order itself. Refuses ambiguous_date and mixed_dates,
  /// naming the option to give.
  base::Result<DateStyle, FieldError> style() const;

 private:
  std::string day_first_, month_first_, ambiguous_;  ///< the first value of each kind
  bool either_ = false;                              ///< some value like 03/03/2019
};

}  // namespace arrears::formats
