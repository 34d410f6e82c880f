#pragma once

#include <string>
#include <vector>

#include "domain/calendar/date.h"

namespace arrears::calendar {

struct Holiday {
  Date day;
  std::string name;
};

/// Which days an entity (or a contact's place) works: weekend days, public holidays, and the
/// site's own additions. A value; made by `make_calendar`.
class BusinessCalendar {
 public:
  BusinessCalendar() = default;  ///< Monday to Friday, no holidays.
  /// `weekend`: bit n set means weekday n (Monday 0) is not worked; never all seven. Of several
  /// holidays on one day the first gives the name.
  BusinessCalendar(unsigned weekend, std::vector<Holiday> holidays);

  bool is_business_day(Date day) const;
  /// The holiday's name, empty where the day is none (a weekend is no holiday).
  std::string_view holiday_name(Date day) const;
  /// `day` itself if it is a business day, else the next one.
  Date roll_forward(Date day) const;
  /// The n-th business day after `day` (n >= 0; 0 is `day` itself, rolled forward).
  Date add_business_days(Date day, int n) const;

  /// Replaces a holiday of that day; the name is not empty.
  void add_holiday(Holiday holiday);
  /// Makes `day` a business day although it is a holiday by the country's data.
  void remove_holiday(Date day);

 private:
  unsigned weekend_ = 0b1100000;
  std::vector<Holiday> holidays_;  ///< sorted by day
};

/// The calendar of a country ("US", "DE") or of a region of it ("DE-BY", "US-CA"), from the
/// holiday data in data/holidays (README of this room: what a country alone means, and limits).
/// Nothing for an unknown code. Years without data have no holidays: see `holiday_years`.
std::optional<BusinessCalendar> make_calendar(std::string_view code);

struct HolidayYears {
  int first = 0;
  int last = 0;
};
/// The years that the holiday data covers, both included.
HolidayYears holiday_years();

/// All codes that `make_calendar` knows, sorted.
std::vector<std::string> calendar_codes();

}  // namespace arrears::calendar
