#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "domain/strategy/test_party.h"
#include "domain/strategy/worklist.h"

namespace arrears::strategy {
namespace {

using test::currency;
using test::Desk;
using test::TestParty;

const PointsTable& table() {
  static const Strategy strategy = standard_strategy(currency("USD"));
  return strategy.points;
}

void set_factor(WorklistEntry& entry, Factor factor, std::int64_t value) {
  Part& part = entry.parts[static_cast<std::size_t>(factor)];
  part.factor = factor;
  part.value = value;
  part.points = table().points(factor, value);
  if (factor == Factor::overdue_amount) entry.overdue_base = value;
  int points = 0;
  for (const Part& each : entry.parts) points += each.points;
  entry.points = points;
}

std::int64_t factor(const WorklistEntry& entry, Factor which) {
  return entry.parts[static_cast<std::size_t>(which)].value;
}

WorklistEntry entry_with(std::int64_t party, std::string number, std::int64_t overdue, int days) {
  WorklistEntry entry;
  entry.party = {party};
  entry.numbers = {std::move(number)};
  set_factor(entry, Factor::overdue_amount, overdue);
  set_factor(entry, Factor::days_overdue, days);
  return entry;
}

std::vector<std::int64_t> order(const std::vector<WorklistEntry>& entries) {
  std::vector<std::int64_t> parties;
  for (const auto& entry : entries) parties.push_back(entry.party.value);
  return parties;
}

TEST(Rank, points_then_overdue_amount_then_number_decide) {
  std::vector<WorklistEntry> entries = {
      entry_with(1, "B", 200'000, 5), entry_with(2, "A", 200'000, 5),
      entry_with(3, "C", 200'001, 5), entry_with(4, "D", 200'000, 8)};
  rank(entries, table());
  EXPECT_EQ(order(entries), (std::vector<std::int64_t>{4, 3, 2, 1}));
  EXPECT_EQ(entries[0].why_not_higher, std::nullopt);
  EXPECT_EQ(entries[3].why_not_higher->points_to_next, 0);
}

TEST(Rank, why_not_higher_names_the_least_amount_and_days) {
  std::vector<WorklistEntry> entries = {entry_with(1, "A", 240'000, 10),
                                        entry_with(2, "B", 200'000, 5)};
  rank(entries, table());
  const WhyNotHigher& why = entries[1].why_not_higher.value();
  EXPECT_EQ(why.points_to_next, 3);
  ASSERT_EQ(why.ways.size(), 2U);
  EXPECT_EQ(why.ways[0].factor, Factor::overdue_amount);
  EXPECT_EQ(why.ways[0].more, 50'000);  // the band from 2,500.00 gives 5 points more
  EXPECT_EQ(why.ways[1].factor, Factor::days_overdue);
  EXPECT_EQ(why.ways[1].more, 10);  // 3 points at 8 days only tie, and the amount is lower
}

TEST(Rank, a_tie_is_turned_by_one_cent_or_by_none_where_the_number_comes_first) {
  std::vector<WorklistEntry> later = {entry_with(1, "A", 210'000, 5),
                                      entry_with(2, "B", 200'000, 5)};
  rank(later, table());
  EXPECT_EQ(later[1].why_not_higher->ways.at(0).more, 10'001);
  std::vector<WorklistEntry> earlier = {entry_with(1, "B", 210'000, 5),
                                        entry_with(2, "A", 200'000, 5)};
  rank(earlier, table());
  EXPECT_EQ(earlier[1].why_not_higher->ways.at(0).more, 10'000);
}

TEST(Rank, where_the_bands_end_no_way_is_named) {
  std::vector<WorklistEntry> entries = {entry_with(1, "A", 100'000'000, 121),
                                        entry_with(2, "B", 0, 121)};
  set_factor(entries[0], Factor::broken_promises, 3);
  rank(entries, table());
  EXPECT_EQ(entries[1].why_not_higher->points_to_next, 85);
  EXPECT_TRUE(entries[1].why_not_higher->ways.empty());
}

std::vector<WorklistEntry> random_entries(std::mt19937_64& random) {
  std::vector<WorklistEntry> entries;
  const int count = 2 + static_cast<int>(random() % 30);
  for (int i = 0; i < count; ++i) {
    const std::int64_t scale = std::int64_t{1} << (random() % 24);
    auto entry = entry_with(i + 1, "C-" + std::to_string(random() % 20),
                            static_cast<std::int64_t>(random() % 20) * scale,
                            static_cast<int>(random() % 140));
    set_factor(entry, Factor::risk, static_cast<std::int64_t>(random() % 400));
    set_factor(entry, Factor::broken_promises, static_cast<std::int64_t>(random() % 4));
    set_factor(entry, Factor::follow_up_due, static_cast<std::int64_t>(random() % 2));
    if (random() % 10 == 0) {
      entry.points.reset();
      entry.overdue_base.reset();
    }
    entries.push_back(entry);
  }
  return entries;
}

TEST(Rank, property_the_order_is_total_and_does_not_depend_on_the_input_order) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    auto entries = random_entries(random);
    auto shuffled = entries;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    rank(entries, table());
    rank(shuffled, table());
    EXPECT_EQ(order(entries), order(shuffled));
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (!entries[i].points) continue;
      ASSERT_TRUE(entries[i - 1].points.has_value()) << "the not ranked come last";
      EXPECT_GE(*entries[i - 1].points, *entries[i].points);
      EXPECT_EQ(entries[i].rank, static_cast<int>(i) + 1);
    }
  }
}

TEST(Rank, property_the_stated_amount_or_days_lift_the_rank_and_less_does_not) {
  std::mt19937_64 random(2);
  int ways = 0;
  for (int round = 0; round < 300; ++round) {
    auto entries = random_entries(random);
    rank(entries, table());
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (!entries[i].why_not_higher) continue;
      for (const WayUp& way : entries[i].why_not_higher->ways) {
        ++ways;
        const auto rank_with = [&](std::int64_t more) {
          auto changed = entries;
          set_factor(changed[i], way.factor, factor(entries[i], way.factor) + more);
          rank(changed, table());
          return *std::find_if(changed.begin(), changed.end(), [&](const auto& entry) {
                    return entry.party == entries[i].party;
                  })->rank;
        };
        EXPECT_LT(rank_with(way.more), *entries[i].rank) << base::name(way.factor);
        if (way.more > 1) {
          EXPECT_EQ(rank_with(way.more - 1), *entries[i].rank) << base::name(way.factor);
        }
      }
    }
  }
  EXPECT_GT(ways, 1'000);
}

/// The same with real ledgers: a further overdue invoice of the stated amount.
TEST(Rank, property_a_further_overdue_invoice_of_the_stated_amount_lifts_the_rank) {
  const Desk desk;
  const RunContext run = desk.on("2026-05-29");
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<TestParty> parties;
    for (std::int64_t id = 1; id <= 6; ++id) {
      TestParty& party = parties.emplace_back(id);
      party.invoice("INV-1", calendar::to_string(run.as_of - 8 - static_cast<int>(random() % 60)),
                    1'000 + static_cast<std::int64_t>(random() % 3'000'000));
      party.take_steps(run);
    }
    const auto list_now = [&] {
      std::vector<PartyFacts> facts;
      for (const auto& party : parties) facts.push_back(party.gather(run));
      return worklists(facts, run).at(0).entries;
    };
    const auto before = list_now();
    const std::size_t chosen = 1 + random() % (before.size() - 1);
    const auto& ways = before[chosen].why_not_higher->ways;
    if (ways.empty() || ways[0].factor != Factor::overdue_amount) continue;
    const auto party = before[chosen].party;
    parties[static_cast<std::size_t>(party.value) - 1].invoice("INV-2", "2026-05-28", ways[0].more);
    const auto after = list_now();
    const auto moved = std::find_if(after.begin(), after.end(),
                                    [&](const auto& entry) { return entry.party == party; });
    ASSERT_NE(moved, after.end());
    EXPECT_LT(*moved->rank, *before[chosen].rank);
  }
}

}  // namespace
}  // namespace arrears::strategy
