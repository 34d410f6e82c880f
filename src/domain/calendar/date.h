#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace arrears::calendar {

/// A civil day: invoice, due, promised, value date. Days since 1970-01-01; no time, no zone.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

/// `date` moved by whole days; `a - b` is the number of days from b to a (0 on the same day).
constexpr Date operator+(Date date, int days) { return {date.days + days}; }
constexpr Date operator-(Date date, int days) { return {date.days - days}; }
constexpr int operator-(Date a, Date b) { return a.days - b.days; }

struct YearMonthDay {
  int year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31
};

/// The day, or nothing where there is no such day (30 February) or the year is outside 1900..2199.
std::optional<Date> make_date(int year, int month, int day);
YearMonthDay split(Date date);

/// ISO 8601 (2026-06-01); reading accepts nothing else.
std::string to_string(Date date);
std::optional<Date> parse_date(std::string_view iso);

/// Monday 0 .. Sunday 6.
int weekday(Date date);

Date first_of_month(Date date);
Date last_of_month(Date date);
/// `months` later (or earlier); a day that the month lacks becomes its last day.
Date add_months(Date date, int months);

/// Days overdue of something due on `due_on`: 0 or less is not overdue; the due day itself is not.
constexpr int days_overdue(Date due_on, Date as_of) { return as_of - due_on; }

}  // namespace arrears::calendar
