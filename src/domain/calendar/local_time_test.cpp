#include "domain/calendar/local_time.h"

#include <gtest/gtest.h>

#include <random>

#include "base/check.h"

namespace arrears::calendar {
namespace {

constexpr std::int64_t second = 1'000'000;

base::Instant at(std::string_view text) { return base::parse_instant(text).value(); }
Date day(std::string_view iso) { return parse_date(iso).value(); }
constexpr int clock_time(int hours, int minutes) { return hours * 3600 + minutes * 60; }

TEST(LocalTime, an_instant_has_a_wall_time_in_each_zone) {
  struct {
    const char* zone;
    const char* instant;
    const char* day;
    int seconds;
    int offset;
    const char* abbreviation;
  } const cases[] = {
      {"UTC", "2026-06-01T12:00:00Z", "2026-06-01", clock_time(12, 0), 0, "UTC"},
      {"Europe/Berlin", "2026-06-01T22:30:00Z", "2026-06-02", clock_time(0, 30), 7200, "CEST"},
      {"America/New_York", "2026-01-01T04:59:59Z", "2025-12-31", 86399, -18000, "EST"},
      {"Asia/Kolkata", "2026-06-01T12:00:00Z", "2026-06-01", clock_time(17, 30), 19800, "IST"},
      // Either side of the hour that New York skips, 2026-03-08 07:00 UTC.
      {"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08", 7199, -18000, "EST"},
      {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08", 10800, -14400, "EDT"},
      // Either side of the hour that Berlin skips, and of the one that it lives twice.
      {"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29", 7199, 3600, "CET"},
      {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29", 10800, 7200, "CEST"},
      {"Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25", 10799, 7200, "CEST"},
      {"Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25", 7200, 3600, "CET"},
      // Before 1970, between two seconds.
      {"UTC", "1969-12-31T23:59:59.5Z", "1969-12-31", 86399, 0, "UTC"},
  };
  for (const auto& c : cases) {
    const LocalTime local = local_time(c.zone, at(c.instant));
    EXPECT_EQ(to_string(local.day), c.day) << c.zone << " " << c.instant;
    EXPECT_EQ(local.seconds, c.seconds) << c.zone << " " << c.instant;
    EXPECT_EQ(local.utc_offset_seconds, c.offset) << c.zone << " " << c.instant;
    EXPECT_EQ(local.abbreviation, c.abbreviation) << c.zone << " " << c.instant;
  }
}

TEST(LocalTime, a_wall_time_has_one_instant_also_where_the_clock_changes) {
  struct {
    const char* what;
    const char* zone;
    const char* day;
    int seconds;
    const char* instant;
  } const cases[] = {
      {"plain", "Europe/Berlin", "2026-06-01", clock_time(9, 0), "2026-06-01T07:00:00Z"},
      {"before", "America/New_York", "2026-03-08", clock_time(1, 59), "2026-03-08T06:59:00Z"},
      {"skipped", "America/New_York", "2026-03-08", clock_time(2, 0), "2026-03-08T07:00:00Z"},
      {"skipped", "America/New_York", "2026-03-08", clock_time(2, 30), "2026-03-08T07:00:00Z"},
      {"after", "America/New_York", "2026-03-08", clock_time(3, 0), "2026-03-08T07:00:00Z"},
      {"before", "Europe/Berlin", "2026-03-29", clock_time(1, 59), "2026-03-29T00:59:00Z"},
      {"skipped", "Europe/Berlin", "2026-03-29", clock_time(2, 59), "2026-03-29T01:00:00Z"},
      {"after", "Europe/Berlin", "2026-03-29", clock_time(3, 1), "2026-03-29T01:01:00Z"},
      {"before", "Europe/Berlin", "2026-10-25", clock_time(1, 59), "2026-10-24T23:59:00Z"},
      {"twice", "Europe/Berlin", "2026-10-25", clock_time(2, 0), "2026-10-25T00:00:00Z"},
      {"twice", "Europe/Berlin", "2026-10-25", clock_time(2, 59), "2026-10-25T00:59:00Z"},
      {"after", "Europe/Berlin", "2026-10-25", clock_time(3, 0), "2026-10-25T02:00:00Z"},
      {"midnight", "Asia/Tokyo", "2026-06-01", 0, "2026-05-31T15:00:00Z"},
      // Midnight itself is skipped on the day that summer time begins in Santiago.
      {"skipped", "America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00Z"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(base::to_string(instant_of(c.zone, day(c.day), c.seconds)),
              base::to_string(at(c.instant)))
        << c.what << " " << c.zone << " " << c.day << " " << c.seconds;
  }
}

TEST(LocalTime, the_wall_time_of_an_instant_leads_back_to_it_or_its_earlier_double) {
  std::mt19937_64 random(3);
  const std::int64_t start = at("2020-01-01T00:00:00Z").micros / second;
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"}) {
    int doubles = 0;
    for (int i = 0; i < 5000; ++i) {
      const base::Instant instant{(start + static_cast<std::int64_t>(random() % 300'000'000)) *
                                  second};
      const LocalTime local = local_time(zone, instant);
      const base::Instant back = instant_of(zone, local.day, local.seconds);
      ASSERT_LE(back, instant) << zone << " " << base::to_string(instant);
      ASSERT_LE(instant.micros - back.micros, 3600 * second);
      doubles += back == instant ? 0 : 1;
    }
    EXPECT_LT(doubles, 10) << zone;
  }
}

TEST(LocalTime, only_iana_names_are_time_zones) {
  for (const char* zone : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"}) {
    EXPECT_TRUE(is_time_zone(zone)) << zone;
  }
  for (const char* zone :
       {"", "Berlin", "Europe", "Europe/Atlantis", "europe/berlin", "../passwd", "/etc/passwd",
        "posix/Europe/Berlin", "right/Europe/Berlin", "+02:00", "zone.tab", "Europe/Berlin "}) {
    EXPECT_FALSE(is_time_zone(zone)) << zone;
  }
}

TEST(LocalTime, an_unchecked_zone_or_time_is_a_mistake) {
  EXPECT_THROW((void)local_time("Europe/Atlantis", at("2026-06-01")), base::Mistake);
  EXPECT_THROW((void)instant_of("Europe/Atlantis", day("2026-06-01"), 0), base::Mistake);
  EXPECT_THROW((void)instant_of("UTC", day("2026-06-01"), -1), base::Mistake);
  EXPECT_THROW((void)instant_of("UTC", day("2026-06-01"), 86'400), base::Mistake);
}

}  // namespace
}  // namespace arrears::calendar
