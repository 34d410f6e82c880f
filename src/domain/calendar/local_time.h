#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/calendar/date.h"

namespace arrears::calendar {

/// The time on the wall at a place. Not an instant, and not comparable with one.
struct LocalTime {
  Date day;
  int seconds = 0;             ///< seconds since local midnight, 0..86399
  int utc_offset_seconds = 0;  ///< east is positive, daylight saving included
  std::string abbreviation;    ///< "CEST"
};

/// Whether `zone` is an IANA time zone name that this machine's tzdata knows.
bool is_time_zone(std::string_view zone);

/// The local time of `zone` (IANA name, checked with `is_time_zone` before) at `instant`.
LocalTime local_time(std::string_view zone, base::Instant instant);

/// The instant of a local wall time. A time that the clock skips (spring) is the first instant
/// after the gap; one that happens twice (autumn) is the earlier.
base::Instant instant_of(std::string_view zone, Date day, int seconds);

}  // namespace arrears::calendar
