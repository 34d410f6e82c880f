#include "domain/calendar/local_time.h"

#include <date/tz.h>

#include <chrono>
#include <stdexcept>

#include "base/check.h"

namespace arrears::calendar {

namespace {
using std::chrono::seconds;

/// The zone, or null. Names of the machine's private copies (posix/, right/ with leap seconds)
/// are no IANA names.
const date::time_zone* find_zone(std::string_view zone) {
  if (zone.empty() || zone.starts_with("posix/") || zone.starts_with("right/")) return nullptr;
  try {
    return date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& require_zone(std::string_view zone) {
  const date::time_zone* found = find_zone(zone);
  ARREARS_REQUIRE(found != nullptr);
  return *found;
}
}  // namespace

bool is_time_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

LocalTime local_time(std::string_view zone, base::Instant instant) {
  const date::sys_time<std::chrono::microseconds> exact{std::chrono::microseconds{instant.micros}};
  const auto utc = std::chrono::floor<seconds>(exact);
  const date::sys_info info = require_zone(zone).get_info(utc);
  const date::sys_seconds wall = utc + info.offset;
  const auto day = std::chrono::floor<date::days>(wall);
  return {.day = Date{static_cast<std::int32_t>(day.time_since_epoch().count())},
          .seconds = static_cast<int>((wall - day).count()),
          .utc_offset_seconds = static_cast<int>(info.offset.count()),
          .abbreviation = info.abbrev};
}

base::Instant instant_of(std::string_view zone, Date day, int seconds_of_day) {
  ARREARS_REQUIRE(seconds_of_day >= 0 && seconds_of_day < 86'400);
  const date::local_seconds wall{date::days{day.days} + seconds{seconds_of_day}};
  const date::local_info info = require_zone(zone).get_info(wall);
  // `first` is the rule before the change, also where only one rule applies.
  const seconds utc = info.result == date::local_info::nonexistent
                          ? info.first.end.time_since_epoch()
                          : wall.time_since_epoch() - info.first.offset;
  return {std::chrono::microseconds{utc}.count()};
}

}  // namespace arrears::calendar
