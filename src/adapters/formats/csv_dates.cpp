#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/formats/csv_fields.h"
#include "adapters/formats/utf8.h"
#include "base/text.h"

namespace arrears::formats {

namespace {
constexpr int pivot_year = 70;
constexpr int excel_serial_max = 2958465;  ///< 9999-12-31

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes digits off the front, at most nine; -1 if there is none.
int take_number(std::string_view& text, std::size_t& digits) {
  digits = 0;
  while (digits < text.size() && digits < 9 && is_digit(text[digits])) ++digits;
  if (digits == 0) return -1;
  int value = 0;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes the name of a month, or three and more of its letters; 0 if there is none.
int take_month(std::string_view& text) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"january", "february", "march", "april", "may", "june", "july", "august", "september",
       "october", "november", "december"});
  std::size_t size = 0;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  while (size < text.size() && is_letter(text[size])) ++size;
  if (size < 3) return 0;
  const std::string word = base::to_lower_ascii(text.substr(0, size));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i].starts_with(word)) continue;
    text.remove_prefix(size);
    return static_cast<int>(i) + 1;
  }
  return 0;
}

/// Whether `text`, what follows a day, is nothing, a time of day, or the tail of a float.
bool is_time_tail(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ' ' && text.front() != 'T') return false;
  text.remove_prefix(1);
  text = base::trim(text);
  std::size_t digits = 0;
  const int hour = take_number(text, digits);
  if (hour < 0 || hour > 24 || digits > 2 || !take(text, ':')) return false;
  for (int part = 0; part < 2; ++part) {
    const int value = take_number(text, digits);
    if (value < 0 || value > 60 || digits != 2) return false;
    if (part == 1 || !take(text, ':')) break;
  }
  if (take(text, '.') && take_number(text, digits) < 0) return false;
  text = base::trim(text);
  const std::string half = base::to_lower_ascii(text.substr(0, 2));
  if (half == "am" || half == "pm") text.remove_prefix(2);
  if (take(text, 'Z')) return text.empty();
  if (take(text, '+') || take(text, '-')) {
    if (take_number(text, digits) < 0 || digits > 4 || digits == 3) return false;
    if (take(text, ':') && (take_number(text, digits) < 0 || digits != 2)) return false;
  }
  return text.empty();
}

/// How a date says its order.
enum class Shape : std::uint8_t { none, sure, slashed, dotted, serial };

/// A date taken apart. `sure`: year, month, day. Otherwise `first` and `second` in written order.
struct Parts {
  Shape shape = Shape::none;
  int first = 0, second = 0;
  int year = 0, month = 0, day = 0;
  bool two_digit_year = false;
};

void set_year(Parts& parts, int year, std::size_t digits) {
  parts.two_digit_year = digits == 2;
  parts.year = year;
  if (digits == 2) parts.year += year >= pivot_year ? 1900 : 2000;
}

bool is_year_size(std::size_t digits) { return digits == 2 || digits == 4; }

/// 20190307 and 20190307.0, or the day number of a spreadsheet.
Parts take_apart_number(int value, std::size_t digits, std::string_view rest) {
  Parts parts;
  const bool float_tail =
      rest.size() >= 2 && rest.front() == '.' && rest.find_first_not_of('0', 1) == rest.npos;
  if (digits == 8 && (float_tail || is_time_tail(rest))) {
    parts = {Shape::sure, 0, 0, value / 10000, value / 100 % 100, value % 100, false};
  } else if (digits <= 7 && (rest.empty() || float_tail)) {
    parts.shape = Shape::serial;
    parts.first = value;
  }
  return parts;
}

/// "Mar 7, 2019".
Parts take_apart_month_first(std::string_view text) {
  Parts parts;
  parts.month = take_month(text);
  if (parts.month == 0) return {};
  take(text, '.');
  while (take(text, ' ') || take(text, '-')) {
  }
  std::size_t digits = 0;
  parts.day = take_number(text, digits);
  if (parts.day < 0 || digits > 2) return {};
  if (!take(text, ',') && (text.empty() || (text.front() != ' ' && text.front() != '-'))) return {};
  while (take(text, ' ') || take(text, '-')) {
  }
  const int year = take_number(text, digits);
  if (year < 0 || !is_year_size(digits) || !is_time_tail(text)) return {};
  set_year(parts, year, digits);
  parts.shape = Shape::sure;
  return parts;
}

/// "7-MAR-2019", "07 Mar 19", "7. March 2019": `text` stands after the day.
Parts take_apart_named_month(int day, std::string_view text) {
  Parts parts;
  const auto is_between = [](char c) { return c == ' ' || c == '-' || c == '/' || c == '.'; };
  const auto skip = [&] {
    while (!text.empty() && is_between(text.front())) text.remove_prefix(1);
  };
  skip();
  parts.day = day;
  parts.month = take_month(text);
  if (parts.month == 0) return {};
  take(text, ',');
  skip();
  std::size_t digits = 0;
  const int year = take_number(text, digits);
  if (year < 0 || !is_year_size(digits) || !is_time_tail(text)) return {};
  set_year(parts, year, digits);
  parts.shape = Shape::sure;
  return parts;
}

Parts take_apart(std::string_view text) {
  text = base::trim(text);
  std::size_t digits = 0;
  if (text.empty()) return {};
  if (!is_digit(text.front())) return take_apart_month_first(text);
  const int first = take_number(text, digits);
  const std::size_t first_digits = digits;
  const char mark = text.empty() ? '\0' : text.front();
  const bool is_mark = mark == '/' || mark == '-' || mark == '.';
  const bool number_follows = is_mark && text.size() > 1 && is_digit(text[1]);
  if (first_digits > 4 || (!number_follows && first_digits > 2)) {
    return take_apart_number(first, first_digits, text);
  }
  if (!number_follows) {
    const Parts named = take_apart_named_month(first, text);
    return named.shape == Shape::none ? take_apart_number(first, first_digits, text) : named;
  }
  std::string_view rest = text.substr(1);
  const int second = take_number(rest, digits);
  const std::size_t second_digits = digits;
  if (!take(rest, mark)) return take_apart_number(first, first_digits, text);
  const int third = take_number(rest, digits);
  if (third < 0 || second_digits > 2 || !is_time_tail(rest)) return {};
  Parts parts;
  if (first_digits == 4 && digits <= 2) {
    parts = {Shape::sure, 0, 0, first, second, third, false};
  } else if (first_digits <= 2 && is_year_size(digits)) {
    parts.shape = mark == '.' ? Shape::dotted : Shape::slashed;
    parts.first = first;
    parts.second = second;
    set_year(parts, third, digits);
  }
  return parts;
}

int days_in_month(int year, int month) {
  static constexpr auto days = std::to_array<int>({31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31});
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool exists(int year, int month, int day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, month);
}

/// The day of Excel's 1900 system. It counts a 29 February 1900 (serial 60) that never was.
bool set_from_serial(Parts& parts) {
  int serial = parts.first;
  if (serial < 1 || serial > excel_serial_max || serial == 60) return false;
  if (serial > 60) --serial;
  int year = 1900;
  const auto days_in_year = [&] { return days_in_month(year, 2) == 29 ? 366 : 365; };
  while (serial > days_in_year()) serial -= days_in_year(), ++year;
  int month = 1;
  while (serial > days_in_month(year, month)) serial -= days_in_month(year, month++);
  parts.year = year;
  parts.month = month;
  parts.day = serial;
  return true;
}

FieldError not_a_date(std::string_view text, DateStyle style) {
  std::string message = "'" + excerpt(text) + "' is not a date";
  if (style != DateStyle::automatic) message += " with --dates " + std::string(option_text(style));
  return {Reason::not_a_date, message + "."};
}

FieldError ambiguous_date(std::string_view text) {
  return {Reason::ambiguous_date,
          "'" + excerpt(text) +
              "' may have the day or the month first. Give --dates D/M/Y or --dates M/D/Y."};
}

FieldError serial_refused(std::string_view text) {
  return {Reason::excel_serial, "'" + excerpt(text) +
                                    "' may be the day number of a spreadsheet. Format the column "
                                    "as a date, or give --dates excel."};
}

/// Puts day and month in their places; what is wrong, if they have none.
std::optional<FieldError> settle(Parts& parts, std::string_view text, DateStyle style) {
  if (parts.shape == Shape::sure) return {};
  if (parts.shape == Shape::none) return not_a_date(text, DateStyle::automatic);
  if (parts.shape == Shape::serial) {
    if (style == DateStyle::excel_serial) {
      return set_from_serial(parts) ? std::nullopt : std::optional(not_a_date(text, style));
    }
    const bool likely = parts.first >= 20'000 && parts.first < 80'000;  // 1954 to 2119
    return likely ? serial_refused(text) : not_a_date(text, DateStyle::automatic);
  }
  if (style == DateStyle::year_month_day) return not_a_date(text, style);
  bool day_first = style == DateStyle::day_month_year || parts.shape == Shape::dotted;
  if (style == DateStyle::month_day_year) day_first = false;
  const bool open = style == DateStyle::automatic || style == DateStyle::excel_serial;
  if (open && parts.shape == Shape::slashed) {
    const bool either = parts.first <= 12 && parts.second <= 12;
    if (either && parts.first != parts.second) return ambiguous_date(text);
    day_first = parts.first > 12 || either;
  }
  parts.day = day_first ? parts.first : parts.second;
  parts.month = day_first ? parts.second : parts.first;
  return {};
}
}  // namespace

base::Result<DateStyle, FieldError> parse_date_style(std::string_view text) {
  std::string letters = base::to_upper_ascii(text);
  std::erase_if(letters, [](char c) { return c == '/' || c == '-' || c == '.'; });
  if (letters == "AUTO") return DateStyle::automatic;
  if (letters == "DMY") return DateStyle::day_month_year;
  if (letters == "MDY") return DateStyle::month_day_year;
  if (letters == "YMD") return DateStyle::year_month_day;
  if (letters == "EXCEL") return DateStyle::excel_serial;
  return FieldError{
      Reason::unknown_option,
      "--dates '" + excerpt(text) + "' is not known. Give auto, D/M/Y, M/D/Y, Y-M-D or excel."};
}

std::string_view option_text(DateStyle style) {
  switch (style) {
    case DateStyle::automatic:
      return "auto";
    case DateStyle::day_month_year:
      return "D/M/Y";
    case DateStyle::month_day_year:
      return "M/D/Y";
    case DateStyle::year_month_day:
      return "Y-M-D";
    case DateStyle::excel_serial:
      return "excel";
  }
  return {};
}

base::Result<DateField, FieldError> read_date(std::string_view text, DateStyle style) {
  if (base::trim(text).empty()) {
    return FieldError{Reason::empty_value, "The date is missing."};
  }
  Parts parts = take_apart(text);
  if (const auto error = settle(parts, text, style)) return *error;
  if (!exists(parts.year, parts.month, parts.day)) {
    const bool exchanged = parts.shape == Shape::slashed || parts.shape == Shape::dotted;
    std::string message = "'" + excerpt(text) + "' is not a day of the calendar";
    if (exchanged && exists(parts.year, parts.day, parts.month)) {
      message += " as " + std::string(option_text(style)) + "; look at --dates";
    }
    return FieldError{Reason::impossible_date, message + "."};
  }
  return DateField{parts.year, parts.month, parts.day, parts.two_digit_year};
}

void DateStyleFinder::see(std::string_view text) {
  const Parts parts = take_apart(text);
  if (parts.shape != Shape::slashed) return;
  const auto keep = [&](std::string& first) {
    if (first.empty()) first = excerpt(text);
  };
  if (parts.first > 12 && parts.second > 12) return;
  if (parts.first > 12) {
    keep(day_first_);
  } else if (parts.second > 12) {
    keep(month_first_);
  } else if (parts.first != parts.second) {
    keep(ambiguous_);
  } else {
    either_ = true;
  }
}

base::Result<DateStyle, FieldError> DateStyleFinder::style() const {
  if (!day_first_.empty() && !month_first_.empty()) {
    return FieldError{Reason::mixed_dates,
                      "'" + day_first_ + "' has the day first, '" + month_first_ +
                          "' the month. Give --dates D/M/Y or --dates M/D/Y; values of the other "
                          "kind are then rejected."};
  }
  if (!day_first_.empty()) return DateStyle::day_month_year;
  if (!month_first_.empty()) return DateStyle::month_day_year;
  if (!ambiguous_.empty()) return ambiguous_date(ambiguous_);
  return either_ ? DateStyle::day_month_year : DateStyle::automatic;
}

}  // namespace arrears::formats
