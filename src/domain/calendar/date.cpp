#include "domain/calendar/date.h"

#include <chrono>

namespace arrears::calendar {

namespace {
constexpr int first_year = 1900;
constexpr int last_year = 2199;

std::chrono::sys_days to_sys(Date date) {
  return std::chrono::sys_days{std::chrono::days{date.days}};
}

Date from_sys(std::chrono::sys_days day) {
  return {static_cast<std::int32_t>(day.time_since_epoch().count())};
}

std::chrono::year_month_day to_ymd(Date date) { return to_sys(date); }

/// The digits of `text` as a number, nothing where there is another character.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  return value;
}

void append_padded(std::string& out, int value, std::size_t width) {
  const std::string plain = std::to_string(value);
  if (plain.size() < width) out.append(width - plain.size(), '0');
  out += plain;
}
}  // namespace

std::optional<Date> make_date(int year, int month, int day) {
  if (year < first_year || year > last_year || month < 1 || month > 12) return {};
  if (day < 1 || day > 31) return {};
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) return {};
  return from_sys(ymd);
}

YearMonthDay split(Date date) {
  const auto ymd = to_ymd(date);
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::string to_string(Date date) {
  const auto [year, month, day] = split(date);
  std::string out;
  append_padded(out, year, 4);
  out += '-';
  append_padded(out, month, 2);
  out += '-';
  append_padded(out, day, 2);
  return out;
}

std::optional<Date> parse_date(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return {};
  const auto year = digits(iso.substr(0, 4));
  const auto month = digits(iso.substr(5, 2));
  const auto day = digits(iso.substr(8, 2));
  if (!year || !month || !day) return {};
  return make_date(*year, *month, *day);
}

int weekday(Date date) {
  return static_cast<int>(std::chrono::weekday{to_sys(date)}.iso_encoding()) - 1;
}

Date first_of_month(Date date) {
  const auto ymd = to_ymd(date);
  return from_sys(ymd.year() / ymd.month() / 1);
}

Date last_of_month(Date date) {
  const auto ymd = to_ymd(date);
  return from_sys(ymd.year() / ymd.month() / std::chrono::last);
}

Date add_months(Date date, int months) {
  const auto moved = to_ymd(date) + std::chrono::months{months};
  if (moved.ok()) return from_sys(moved);
  return from_sys(moved.year() / moved.month() / std::chrono::last);
}

}  // namespace arrears::calendar
