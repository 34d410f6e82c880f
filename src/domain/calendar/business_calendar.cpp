#include "domain/calendar/business_calendar.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "domain/calendar/holiday_files.h"

namespace arrears::calendar {

namespace {
constexpr unsigned whole_week = 0b1111111;
constexpr std::string_view weekday_names = "Mon Tue Wed Thu Fri Sat Sun";

bool is_before(const Holiday& holiday, Date day) { return holiday.day < day; }

/// "DE" of "DE.txt".
std::string_view country_of(const base::EmbeddedFile& file) {
  return file.name.substr(0, file.name.find('.'));
}

/// What follows `key` on the line that starts with it; nothing if there is no such line. Only the
/// head of a file has such lines.
std::optional<std::string_view> head_line(std::string_view text, std::string_view key) {
  for (const std::string_view line : base::split(text, '\n')) {
    if (line.starts_with(key)) return line.substr(key.size());
    if (!line.empty() && line.front() >= '0' && line.front() <= '9') return {};
  }
  return {};
}

bool lists(std::string_view words, std::string_view word) {
  const auto all = base::split(words, ' ');
  return std::find(all.begin(), all.end(), word) != all.end();
}

/// "Sat Sun" as the bits of BusinessCalendar.
unsigned weekend_of(std::string_view text) {
  const auto days = head_line(text, "weekend ");
  ARREARS_REQUIRE(days.has_value());
  unsigned bits = 0;
  for (const std::string_view name : base::split(*days, ' ')) {
    const auto at = weekday_names.find(name);
    ARREARS_REQUIRE(at != std::string_view::npos);
    bits |= 1U << (at / 4);
  }
  return bits;
}

/// Whether "[BW BY] " or "[not SCT] " at the front of `rest` means `region` (empty: the country
/// alone); cuts it off, so that the name is left.
bool takes_place(std::string_view& rest, std::string_view region) {
  if (!rest.starts_with('[')) return true;
  const auto end = rest.find("] ");
  ARREARS_REQUIRE(end != std::string_view::npos);
  std::string_view places = rest.substr(1, end - 1);
  rest.remove_prefix(end + 2);
  const bool excluded = places.starts_with("not ");
  if (excluded) places.remove_prefix(4);
  return lists(places, region) != excluded;
}

std::vector<Holiday> holidays_of(std::string_view text, std::string_view region) {
  std::vector<Holiday> holidays;
  for (const std::string_view line : base::split(text, '\n')) {
    const auto day = parse_date(line.substr(0, 10));
    if (!day) continue;
    std::string_view rest = line.substr(11);
    if (takes_place(rest, region)) holidays.push_back({*day, std::string(rest)});
  }
  return holidays;
}
}  // namespace

BusinessCalendar::BusinessCalendar(unsigned weekend, std::vector<Holiday> holidays)
    : weekend_(weekend & whole_week), holidays_(std::move(holidays)) {
  ARREARS_REQUIRE(weekend_ != whole_week);
  const auto earlier = [](const Holiday& a, const Holiday& b) { return a.day < b.day; };
  const auto same = [](const Holiday& a, const Holiday& b) { return a.day == b.day; };
  std::stable_sort(holidays_.begin(), holidays_.end(), earlier);
  holidays_.erase(std::unique(holidays_.begin(), holidays_.end(), same), holidays_.end());
}

bool BusinessCalendar::is_business_day(Date day) const {
  return (weekend_ >> weekday(day) & 1U) == 0 && holiday_name(day).empty();
}

std::string_view BusinessCalendar::holiday_name(Date day) const {
  const auto at = std::lower_bound(holidays_.begin(), holidays_.end(), day, is_before);
  return at != holidays_.end() && at->day == day ? std::string_view(at->name) : "";
}

Date BusinessCalendar::roll_forward(Date day) const {
  while (!is_business_day(day)) day = day + 1;
  return day;
}

Date BusinessCalendar::add_business_days(Date day, int n) const {
  ARREARS_REQUIRE(n >= 0);
  if (n == 0) return roll_forward(day);
  for (; n > 0; --n) day = roll_forward(day + 1);
  return day;
}

void BusinessCalendar::add_holiday(Holiday holiday) {
  ARREARS_REQUIRE(!holiday.name.empty());
  const auto at = std::lower_bound(holidays_.begin(), holidays_.end(), holiday.day, is_before);
  if (at != holidays_.end() && at->day == holiday.day) {
    *at = std::move(holiday);
  } else {
    holidays_.insert(at, std::move(holiday));
  }
}

void BusinessCalendar::remove_holiday(Date day) {
  std::erase_if(holidays_, [&](const Holiday& holiday) { return holiday.day == day; });
}

std::optional<BusinessCalendar> make_calendar(std::string_view code) {
  const std::string_view country = code.substr(0, code.find('-'));
  const bool has_region = country.size() < code.size();
  const std::string_view region = has_region ? code.substr(country.size() + 1) : "";
  for (const base::EmbeddedFile& file : embedded::holidays()) {
    if (country_of(file) != country) continue;
    if (has_region) {
      const auto regions = head_line(file.content, "regions ");
      if (region.empty() || !regions || !lists(*regions, region)) return {};
    }
    return BusinessCalendar(weekend_of(file.content), holidays_of(file.content, region));
  }
  return {};
}

HolidayYears holiday_years() {
  const auto years = head_line(embedded::holidays().front().content, "years ");
  ARREARS_REQUIRE(years && years->size() == 9);
  const auto first = base::parse_int(years->substr(0, 4));
  const auto last = base::parse_int(years->substr(5));
  ARREARS_REQUIRE(first && last);
  return {static_cast<int>(*first), static_cast<int>(*last)};
}

std::vector<std::string> calendar_codes() {
  std::vector<std::string> codes;
  for (const base::EmbeddedFile& file : embedded::holidays()) {
    const std::string country(country_of(file));
    codes.push_back(country);
    const auto regions = head_line(file.content, "regions ");
    if (!regions) continue;
    for (const std::string_view region : base::split(*regions, ' ')) {
      codes.push_back(country + "-" + std::string(region));
    }
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

}  // namespace arrears::calendar
