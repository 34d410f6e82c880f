#include "domain/calendar/business_calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/check.h"
#include "base/text.h"
#include "domain/calendar/holiday_files.h"

namespace arrears::calendar {
namespace {

Date day(std::string_view iso) { return parse_date(iso).value(); }

/// The holidays of a year that fall on Monday to Friday: "01-01 04-03 ...".
std::string weekday_holidays(std::string_view code, int year) {
  const BusinessCalendar calendar = make_calendar(code).value();
  std::vector<std::string> days;
  for (Date date = make_date(year, 1, 1).value(); split(date).year == year; date = date + 1) {
    if (weekday(date) < 5 && !calendar.holiday_name(date).empty()) {
      days.push_back(to_string(date).substr(5));
    }
  }
  return base::join(days, " ");
}

TEST(HolidayData, known_years_are_right) {
  struct {
    const char* code;
    int year;
    const char* days;  ///< Monday to Friday only
  } const cases[] = {
      // US Office of Personnel Management, federal holidays as observed.
      {"US", 2010, "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25 12-24 12-31"},
      {"US", 2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25"},
      {"US", 2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"},
      {"US", 2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"},
      {"US", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"},
      // German federal and Bavarian law (FTG); Reformation Day 2017 was nationwide.
      {"DE", 2017, "04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"},
      {"DE", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26"},
      {"DE", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 12-25"},
      {"DE-BY", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 05-30 10-03 11-01 12-25 12-26"},
      {"DE-BY", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 12-25"},
      // www.gov.uk/bank-holidays; GB alone is England and Wales.
      {"GB", 2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"},
      {"GB", 2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"},
      {"GB", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"},
      {"GB", 2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"},
      {"GB", 2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"},
      {"GB", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"},
      {"GB-ENG", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"},
      {"GB-SCT", 2022, "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27"},
      {"GB-SCT", 2024, "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26"},
      {"GB-SCT", 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28"},
      // Code du travail, art. L3133-1.
      {"FR", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 08-15 11-01 11-11 12-25"},
      {"FR", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"},
      // Cabinet Office of Japan: the accession of 2019, the Olympic moves of 2020 and 2021.
      {"JP", 2019,
       "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-06 07-15 08-12 09-16 09-23 "
       "10-14 10-22 11-04"},
      {"JP", 2020,
       "01-01 01-13 02-11 02-24 03-20 04-29 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 "
       "11-03 11-23"},
      {"JP", 2021,
       "01-01 01-11 02-11 02-23 04-29 05-03 05-04 05-05 07-22 07-23 08-09 09-20 09-23 11-03 "
       "11-23"},
      {"JP", 2026,
       "01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 "
       "10-12 11-03 11-23"},
      // Closing days of the Irish banks (BPFI).
      {"IE", 2022, "01-03 03-17 03-18 04-15 04-18 05-02 06-06 08-01 10-31 12-26 12-27"},
      {"IE", 2024, "01-01 02-05 03-18 03-29 04-01 05-06 06-03 08-05 10-28 12-25 12-26"},
      // Corrections of tools/holidays.mjs.
      {"CA", 2026, "01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25"},
      {"CN", 2026, "01-01 02-16 02-17 02-18 02-19 05-01 06-19 09-25 10-01 10-02"},
      {"CY", 2026, "01-01 01-06 02-23 03-25 04-01 04-10 04-13 05-01 10-01 10-28 12-25"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(weekday_holidays(c.code, c.year), c.days) << c.code << " " << c.year;
  }
}

TEST(HolidayData, juneteenth_is_a_holiday_from_2021_on) {
  const auto us = make_calendar("US").value();
  EXPECT_EQ(us.holiday_name(day("2020-06-19")), "");
  EXPECT_EQ(us.holiday_name(day("2021-06-18")), "Juneteenth (observed)");
  EXPECT_EQ(us.holiday_name(day("2021-06-19")), "Juneteenth");
  EXPECT_EQ(us.holiday_name(day("2023-06-19")), "Juneteenth");
  EXPECT_EQ(us.holiday_name(day("2026-11-26")), "Thanksgiving Day");
}

TEST(HolidayData, lunar_new_year_in_korea_begins_on_the_eve) {
  const auto korea = make_calendar("KR").value();
  EXPECT_EQ(korea.holiday_name(day("2025-01-27")), "");
  for (const char* iso : {"2025-01-28", "2025-01-29", "2025-01-30"}) {
    EXPECT_EQ(korea.holiday_name(day(iso)), "Korean New Year") << iso;
  }
  EXPECT_EQ(korea.holiday_name(day("2025-01-31")), "");
}

TEST(HolidayData, the_weekend_of_israel_is_friday_and_saturday) {
  const auto israel = make_calendar("IL").value();
  EXPECT_TRUE(israel.is_business_day(day("2026-06-04")));
  EXPECT_FALSE(israel.is_business_day(day("2026-06-05")));
  EXPECT_FALSE(israel.is_business_day(day("2026-06-06")));
  EXPECT_TRUE(israel.is_business_day(day("2026-06-07")));
}

TEST(HolidayData, every_file_of_the_folder_is_embedded) {
  std::vector<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator("data/holidays")) {
    if (entry.path().extension() == ".txt") expected.push_back(entry.path().filename());
  }
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> found;
  for (const base::EmbeddedFile& file : embedded::holidays()) found.emplace_back(file.name);
  EXPECT_EQ(found, expected);
}

TEST(HolidayData, every_line_of_every_file_is_understood) {
  const HolidayYears years = holiday_years();
  EXPECT_EQ(years.first, 2010);
  EXPECT_EQ(years.last, 2035);
  for (const base::EmbeddedFile& file : embedded::holidays()) {
    std::string previous;
    for (const std::string_view line : base::split(file.content, '\n')) {
      if (line.empty() || line.starts_with("# ") || line.starts_with("regions ")) continue;
      if (line.starts_with("years ")) {
        EXPECT_EQ(line, "years 2010 2035") << file.name;
      } else if (line.starts_with("weekend ")) {
        EXPECT_TRUE(line == "weekend Sat Sun" || line == "weekend Fri Sat") << line;
      } else {
        const auto date = parse_date(line.substr(0, 10));
        ASSERT_TRUE(date) << file.name << ": " << line;
        EXPECT_GE(split(*date).year, years.first);
        EXPECT_LE(split(*date).year, years.last);
        EXPECT_LT(previous, line) << file.name;
        previous = line;
      }
    }
    EXPECT_FALSE(previous.empty()) << file.name;
  }
}

TEST(HolidayData, every_code_has_holidays_in_every_year) {
  const auto codes = calendar_codes();
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
  EXPECT_EQ(std::adjacent_find(codes.begin(), codes.end()), codes.end());
  EXPECT_GT(codes.size(), 300U);
  for (const std::string& code : codes) {
    const auto calendar = make_calendar(code);
    ASSERT_TRUE(calendar) << code;
    for (int year = holiday_years().first; year <= holiday_years().last; ++year) {
      int holidays = 0;
      const Date next = make_date(year + 1, 1, 1).value();
      for (Date date = make_date(year, 1, 1).value(); date < next; date = date + 1) {
        holidays += calendar->holiday_name(date).empty() ? 0 : 1;
      }
      EXPECT_GE(holidays, 5) << code << " " << year;
      EXPECT_LE(holidays, 35) << code << " " << year;
    }
  }
}

TEST(MakeCalendar, an_unknown_code_has_no_calendar) {
  for (const char* code : {"", "XX", "de", "DEU", "DE-", "DE-XX", "DE-BY-A", "-BY", "US-BY", "PL-X",
                           "DE BY", "regions"}) {
    EXPECT_FALSE(make_calendar(code)) << code;
  }
  for (const char* code : {"US-CA", "GB-SCT", "DE-BY", "CH-ZH", "AT-9", "CA-QC", "AU-NSW"}) {
    EXPECT_TRUE(make_calendar(code)) << code;
  }
}

TEST(MakeCalendar, years_without_data_have_weekends_only) {
  const auto us = make_calendar("US").value();
  EXPECT_FALSE(us.is_business_day(day("2035-12-25")));
  EXPECT_TRUE(us.is_business_day(day("2036-12-25")));
  EXPECT_TRUE(us.is_business_day(day("2009-12-25")));
  EXPECT_FALSE(us.is_business_day(day("2036-12-27")));
}

TEST(BusinessCalendar, a_plain_calendar_works_monday_to_friday) {
  const BusinessCalendar calendar;
  EXPECT_TRUE(calendar.is_business_day(day("2026-06-05")));
  EXPECT_FALSE(calendar.is_business_day(day("2026-06-06")));
  EXPECT_FALSE(calendar.is_business_day(day("2026-06-07")));
  EXPECT_TRUE(calendar.is_business_day(day("2026-06-08")));
  EXPECT_EQ(calendar.holiday_name(day("2026-06-06")), "");
}

TEST(BusinessCalendar, business_days_are_counted_from_the_day_after) {
  const auto germany = make_calendar("DE").value();
  struct {
    const char* from;
    int days;
    const char* to;
  } const cases[] = {
      {"2026-04-02", 0, "2026-04-02"},  // Thursday before Good Friday
      {"2026-04-02", 1, "2026-04-07"},  // Tuesday after Easter Monday
      {"2026-04-03", 0, "2026-04-07"}, {"2026-04-03", 1, "2026-04-07"},
      {"2026-04-03", 2, "2026-04-08"}, {"2026-04-07", 1, "2026-04-08"},
      {"2026-12-24", 1, "2026-12-28"}, {"2026-12-31", 1, "2027-01-04"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(to_string(germany.add_business_days(day(c.from), c.days)), c.to)
        << c.from << " + " << c.days;
  }
  EXPECT_EQ(to_string(germany.roll_forward(day("2026-04-03"))), "2026-04-07");
  EXPECT_EQ(to_string(germany.roll_forward(day("2026-04-07"))), "2026-04-07");
  EXPECT_THROW((void)germany.add_business_days(day("2026-04-03"), -1), base::Mistake);
}

TEST(BusinessCalendar, n_business_days_later_lie_n_business_days) {
  const auto calendar = make_calendar("GB-NIR").value();
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const Date from = day("2010-01-01") + static_cast<int>(random() % 9000);
    const int n = static_cast<int>(random() % 30) + 1;
    const Date to = calendar.add_business_days(from, n);
    int between = 0;
    for (Date date = from + 1; date <= to; date = date + 1) {
      between += calendar.is_business_day(date) ? 1 : 0;
    }
    ASSERT_EQ(between, n) << to_string(from);
    ASSERT_TRUE(calendar.is_business_day(to)) << to_string(to);
  }
}

TEST(BusinessCalendar, a_site_adds_and_removes_holidays) {
  auto calendar = make_calendar("US").value();
  calendar.add_holiday({day("2026-11-27"), "Company day"});
  EXPECT_EQ(calendar.holiday_name(day("2026-11-27")), "Company day");
  EXPECT_EQ(to_string(calendar.roll_forward(day("2026-11-26"))), "2026-11-30");
  calendar.add_holiday({day("2026-11-26"), "Harvest day"});
  EXPECT_EQ(calendar.holiday_name(day("2026-11-26")), "Harvest day");
  calendar.remove_holiday(day("2026-10-12"));
  EXPECT_TRUE(calendar.is_business_day(day("2026-10-12")));
  calendar.remove_holiday(day("2026-10-13"));
  EXPECT_TRUE(calendar.is_business_day(day("2026-10-13")));
  EXPECT_THROW(calendar.add_holiday({day("2026-10-12"), ""}), base::Mistake);
}

TEST(BusinessCalendar, of_two_holidays_on_one_day_the_first_names_it) {
  const BusinessCalendar calendar(
      0b1000000, {{day("2026-03-03"), "B"}, {day("2026-03-02"), "A"}, {day("2026-03-03"), "C"}});
  EXPECT_EQ(calendar.holiday_name(day("2026-03-03")), "B");
  EXPECT_EQ(calendar.holiday_name(day("2026-03-02")), "A");
  EXPECT_TRUE(calendar.is_business_day(day("2026-03-07")));
  EXPECT_FALSE(calendar.is_business_day(day("2026-03-08")));
}

TEST(BusinessCalendar, a_week_without_work_is_a_mistake) {
  EXPECT_THROW(BusinessCalendar(0b1111111, {}), base::Mistake);
}

}  // namespace
}  // namespace arrears::calendar
