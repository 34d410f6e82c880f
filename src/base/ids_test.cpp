#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace arrears::base {
namespace {

struct CustomerTag;

Instant at(std::string_view text) { return parse_instant(text).value(); }

TEST(Ids, rise_strictly_within_a_part_while_the_clock_stands) {
  FixedClock clock(at("2026-06-01T08:00:00Z"));
  IdSource source(clock, 3);
  std::int64_t last = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t id = source.next(17);
    ASSERT_GT(id, last);
    last = id;
  }
}

TEST(Ids, rise_also_when_the_clock_steps_back) {
  FixedClock clock(at("2026-06-01T08:00:00Z"));
  IdSource source(clock, 3);
  const std::int64_t before = source.next(17);
  clock.set(at("2026-06-01T07:00:00Z"));
  const std::int64_t after = source.next(17);
  EXPECT_GT(after, before);
  clock.set(at("1999-01-01T00:00:00Z"));
  EXPECT_GT(source.next(17), after);
}

TEST(Ids, carry_their_part) {
  FixedClock clock(at("2026-06-01T08:00:00Z"));
  IdSource source(clock, 31);
  for (Part part = 0; part < part_count; ++part) {
    for (int i = 0; i < 70; ++i) ASSERT_EQ(source.make<CustomerTag>(part).part(), part);
  }
}

TEST(Ids, of_all_parts_and_nodes_differ) {
  FixedClock clock(at("2026-06-01T08:00:00Z"));
  std::set<std::int64_t> seen;
  for (int node = 0; node < 32; ++node) {
    IdSource source(clock, node);
    for (Part part = 0; part < part_count; part += 31) {
      for (int i = 0; i < 10; ++i) ASSERT_TRUE(seen.insert(source.next(part)).second);
    }
  }
}

TEST(Ids, are_positive_from_the_first_to_the_last_millisecond_of_the_layout) {
  for (const char* text : {"1970-01-01", "2019-12-31", "2020-01-01", "2026-06-01", "2159-05-01"}) {
    const FixedClock clock(at(text));
    IdSource source(clock, 31);
    EXPECT_GT(source.next(part_count - 1), 0) << text;
    EXPECT_GT(source.next(0), 0) << text;
  }
}

TEST(Ids, rise_above_what_the_database_already_has) {
  FixedClock clock(at("2026-06-01T08:00:00Z"));
  IdSource earlier(clock, 1);
  for (int i = 0; i < 1000; ++i) earlier.next(5);
  const std::int64_t stored = earlier.next(5);
  for (const int node : {0, 1, 31}) {
    IdSource restarted(clock, node);
    restarted.rise_above(5, stored);
    EXPECT_GT(restarted.next(5), stored) << node;
    EXPECT_LT(restarted.next(6), stored) << "another part is not moved";
  }
}

TEST(Ids, of_no_part_are_a_mistake) {
  const FixedClock clock(at("2026-06-01T08:00:00Z"));
  IdSource source(clock, 0);
  EXPECT_THROW((void)source.next(-1), Mistake);
  EXPECT_THROW((void)source.next(part_count), Mistake);
}

TEST(Ids, none_is_false_and_text_is_decimal) {
  EXPECT_FALSE(Id<CustomerTag>{});
  EXPECT_TRUE(Id<CustomerTag>{1});
  EXPECT_EQ(to_string(Id<CustomerTag>{421948342789}), "421948342789");
}

TEST(Slot, of_a_key_never_changes) {
  // Stored rows are found by these values: a change here loses them.
  struct {
    const char* key;
    Part slot;
  } const cases[] = {{"", 842}, {"ACME", 727}, {"0000611365", 214}, {"Zürich", 1005}};
  for (const auto& c : cases) EXPECT_EQ(slot_of(c.key), c.slot) << c.key;
}

TEST(Slot, keys_spread_evenly_over_the_parts) {
  std::array<int, part_count> counts{};
  for (int i = 0; i < 100 * part_count; ++i) {
    ++counts[static_cast<std::size_t>(slot_of("customer " + std::to_string(i)))];
  }
  for (const int count : counts) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 160);
  }
}

}  // namespace
}  // namespace arrears::base
