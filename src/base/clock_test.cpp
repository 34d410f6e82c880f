#include "base/clock.h"

#include <gtest/gtest.h>

#include <random>

namespace arrears::base {
namespace {

TEST(Instant, is_printed_as_rfc_3339_in_utc_with_microseconds) {
  struct {
    std::int64_t micros;
    const char* text;
  } const cases[] = {
      {0, "1970-01-01T00:00:00.000000Z"},
      {1, "1970-01-01T00:00:00.000001Z"},
      {-1, "1969-12-31T23:59:59.999999Z"},
      {1780322700000000, "2026-06-01T14:05:00.000000Z"},
      {951782400000000, "2000-02-29T00:00:00.000000Z"},
      {253402300799999999, "9999-12-31T23:59:59.999999Z"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_string(Instant{c.micros}), c.text);
}

TEST(Instant, is_read_from_rfc_3339) {
  struct {
    const char* text;
    const char* utc;
  } const cases[] = {
      {"2026-06-01T14:05:00.000000Z", "2026-06-01T14:05:00.000000Z"},
      {"2026-06-01T14:05:00Z", "2026-06-01T14:05:00.000000Z"},
      {"2026-06-01T14:05Z", "2026-06-01T14:05:00.000000Z"},
      {"2026-06-01t14:05z", "2026-06-01T14:05:00.000000Z"},
      {"2026-06-01 14:05:00Z", "2026-06-01T14:05:00.000000Z"},
      {"2026-06-01", "2026-06-01T00:00:00.000000Z"},
      {"2026-06-01T14:05:00.5Z", "2026-06-01T14:05:00.500000Z"},
      {"2026-06-01T14:05:00.000001Z", "2026-06-01T14:05:00.000001Z"},
      {"2026-06-01T00:30:00+02:00", "2026-05-31T22:30:00.000000Z"},
      {"2026-06-01T23:30:00-0530", "2026-06-02T05:00:00.000000Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
  };
  for (const auto& c : cases) {
    const auto read = parse_instant(c.text);
    ASSERT_TRUE(read) << c.text;
    EXPECT_EQ(to_string(*read), c.utc) << c.text;
  }
}

TEST(Instant, nothing_else_is_read) {
  for (const char* text : {"",
                           "2026",
                           "2026-06",
                           "2026-6-1",
                           "2026-02-29",
                           "2026-13-01",
                           "2026-06-01T",
                           "2026-06-01T14",
                           "2026-06-01T14:05",
                           "2026-06-01T14:05:00",
                           "2026-06-01T24:00:00Z",
                           "2026-06-01T14:60:00Z",
                           "2026-06-01T14:05:60Z",
                           "2026-06-01T14:05:00.Z",
                           "2026-06-01T14:05:00.1234567Z",
                           "2026-06-01T14:05:00ZZ",
                           "2026-06-01T14:05:00+2:00",
                           "2026-06-01T14:05:00+02",
                           "2026-06-01T14:05:00+19:00",
                           "2026-06-01T14:05:00+02:60",
                           "2026-06-01T14:05:00 Z",
                           " 2026-06-01",
                           "2026-06-01 ",
                           "2026-06-01Z",
                           "yesterday"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Instant, what_was_printed_is_read_back) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const Instant instant{static_cast<std::int64_t>(random() % 8'000'000'000'000'000) -
                          2'000'000'000'000'000};
    ASSERT_EQ(parse_instant(to_string(instant)), instant) << instant.micros;
  }
}

TEST(FixedClock, stands_where_it_was_put) {
  FixedClock clock(Instant{5});
  EXPECT_EQ(clock.now(), Instant{5});
  clock.set(Instant{3});
  EXPECT_EQ(clock.now(), Instant{3});
}

}  // namespace
}  // namespace arrears::base
