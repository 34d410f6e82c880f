#include "domain/calendar/date.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace arrears::calendar {
namespace {

Date day(std::string_view iso) { return parse_date(iso).value(); }

TEST(Date, every_day_of_three_centuries_is_printed_read_and_split_alike) {
  std::chrono::sys_days expected{std::chrono::year{1900} / 1 / 1};
  const Date last = make_date(2199, 12, 31).value();
  int days = 0;
  for (Date date = make_date(1900, 1, 1).value(); date <= last; date = date + 1) {
    const std::chrono::year_month_day ymd{expected};
    const YearMonthDay parts = split(date);
    ASSERT_EQ(parts.year, int(ymd.year()));
    ASSERT_EQ(parts.month, int(unsigned(ymd.month())));
    ASSERT_EQ(parts.day, int(unsigned(ymd.day())));
    ASSERT_EQ(make_date(parts.year, parts.month, parts.day), date);
    ASSERT_EQ(parse_date(to_string(date)), date);
    expected += std::chrono::days{1};
    ++days;
  }
  EXPECT_EQ(days, 300 * 365 + 73);  // 1900 and 2100 are no leap years
}

TEST(Date, what_is_no_day_is_not_made) {
  struct {
    int year, month, day;
    bool is_day;
  } const cases[] = {
      {1899, 12, 31, false}, {1900, 1, 1, true},    {2199, 12, 31, true}, {2200, 1, 1, false},
      {2026, 2, 28, true},   {2026, 2, 29, false},  {2028, 2, 29, true},  {2028, 2, 30, false},
      {2000, 2, 29, true},   {2100, 2, 29, false},  {2026, 0, 1, false},  {2026, 13, 1, false},
      {2026, 4, 0, false},   {2026, 4, 31, false},  {2026, 4, -1, false}, {2026, 4, 257, false},
      {2026, -1, 1, false},  {2026, 257, 1, false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(make_date(c.year, c.month, c.day).has_value(), c.is_day)
        << c.year << " " << c.month << " " << c.day;
  }
}

TEST(Date, only_iso_days_are_read) {
  EXPECT_EQ(to_string(day("2026-06-01")), "2026-06-01");
  EXPECT_EQ(day("1970-01-01").days, 0);
  for (const char* text : {"", "2026-6-1", "2026-06-1", "20260601", "2026/06/01", "2026-06-01 ",
                           " 2026-06-01", "2026-06-31", "+026-06-01", "2026-0a-01", "2026-06--1",
                           "01-06-2026", "2026-06-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Date, weekdays_count_from_monday) {
  EXPECT_EQ(weekday(day("1970-01-01")), 3);
  EXPECT_EQ(weekday(day("1969-12-31")), 2);
  EXPECT_EQ(weekday(day("2026-06-01")), 0);
  EXPECT_EQ(weekday(day("2026-06-07")), 6);
}

TEST(Date, a_later_month_keeps_the_day_or_takes_its_last) {
  struct {
    const char* from;
    int months;
    const char* to;
  } const cases[] = {
      {"2026-01-31", 1, "2026-02-28"},  {"2028-01-31", 1, "2028-02-29"},
      {"2026-01-31", 2, "2026-03-31"},  {"2026-03-31", -1, "2026-02-28"},
      {"2026-12-15", 1, "2027-01-15"},  {"2026-01-15", -1, "2025-12-15"},
      {"2028-02-29", 12, "2029-02-28"}, {"2026-05-20", 0, "2026-05-20"},
      {"2026-08-31", 30, "2029-02-28"}, {"2026-02-28", 1, "2026-03-28"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(to_string(add_months(day(c.from), c.months)), c.to) << c.from << " " << c.months;
  }
}

TEST(Date, a_month_runs_from_its_first_to_its_last_day) {
  EXPECT_EQ(to_string(first_of_month(day("2026-02-17"))), "2026-02-01");
  EXPECT_EQ(to_string(last_of_month(day("2026-02-01"))), "2026-02-28");
  EXPECT_EQ(to_string(last_of_month(day("2028-02-29"))), "2028-02-29");
  EXPECT_EQ(to_string(last_of_month(day("2026-12-31"))), "2026-12-31");
}

TEST(Date, an_item_is_not_overdue_on_its_due_date) {
  const Date due = day("2026-02-28");
  EXPECT_EQ(days_overdue(due, day("2026-02-27")), -1);
  EXPECT_EQ(days_overdue(due, day("2026-02-28")), 0);
  EXPECT_EQ(days_overdue(due, day("2026-03-01")), 1);
}

TEST(Date, months_later_and_back_never_lands_after_the_start) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const Date date = day("1950-01-01") + static_cast<int>(random() % 60000);
    const int months = static_cast<int>(random() % 400);
    const Date back = add_months(add_months(date, months), -months);
    ASSERT_LE(back, date);
    ASSERT_LE(date - back, 3) << to_string(date) << " " << months;
    ASSERT_EQ(first_of_month(back), first_of_month(date));
  }
}

}  // namespace
}  // namespace arrears::calendar
