#include "domain/strategy/strategy.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/strategy/test_party.h"

namespace arrears::strategy {
namespace {

using test::currency;

TEST(Strategy, the_standard_steps_rise_and_have_ids_of_their_own) {
  const Strategy strategy = standard_strategy(currency("USD"));
  std::set<std::string> ids;
  std::vector<int> offsets;
  for (const Step& step : strategy.steps) {
    ids.insert(step.id);
    offsets.push_back(step.offset_days);
  }
  EXPECT_EQ(ids.size(), strategy.steps.size());
  EXPECT_EQ(offsets, (std::vector<int>{-4, 1, 7, 14, 21, 30, 60, 90}));
  EXPECT_EQ(find_step(strategy, "manager_30")->action, StepAction::escalate);
  EXPECT_EQ(find_step(strategy, "unknown"), nullptr);
}

TEST(Strategy, points_start_exactly_where_their_band_starts) {
  const PointsTable points = standard_strategy(currency("USD")).points;
  const struct {
    Factor factor;
    std::int64_t value;
    int expected;
  } cases[] = {
      {Factor::overdue_amount, 0, 0},
      {Factor::overdue_amount, 1, 2},
      {Factor::overdue_amount, 9'999, 2},
      {Factor::overdue_amount, 10'000, 5},
      {Factor::overdue_amount, 100'000'000, 60},
      {Factor::days_overdue, 0, 0},
      {Factor::days_overdue, 30, 10},
      {Factor::days_overdue, 31, 15},
      {Factor::broken_promises, 9, 25},
      {Factor::rising_balance, 24, 0},
      {Factor::rising_balance, 25, 5},
  };
  for (const auto& row : cases)
    EXPECT_EQ(points.points(row.factor, row.value), row.expected)
        << base::name(row.factor) << ' ' << row.value;
}

TEST(Strategy, every_factor_has_bands_that_rise_in_value_and_in_points) {
  const PointsTable points = standard_strategy(currency("USD")).points;
  for (const auto& bands : points.bands) {
    ASSERT_FALSE(bands.empty());
    for (std::size_t i = 1; i < bands.size(); ++i) {
      EXPECT_GT(bands[i].at_least, bands[i - 1].at_least);
      EXPECT_GT(bands[i].points, bands[i - 1].points);
    }
  }
}

TEST(Strategy, amounts_follow_the_decimals_of_the_base_currency) {
  EXPECT_EQ(standard_strategy(currency("EUR")).small_balance_minor, 1'000);
  EXPECT_EQ(standard_strategy(currency("KWD")).small_balance_minor, 10'000);
  EXPECT_EQ(standard_strategy(currency("JPY")).small_balance_minor, 1'000);
}

TEST(Strategy, every_name_reads_back_as_its_member) {
  EXPECT_EQ(base::name(StepAction::final_demand), "final_demand");
  EXPECT_EQ(base::parse_name<StepAction>("refer"), StepAction::refer);
  EXPECT_EQ(base::parse_name<Factor>("rising_balance"), Factor::rising_balance);
  EXPECT_EQ(base::parse_name<FollowUpClosing>("items_settled"), FollowUpClosing::items_settled);
  EXPECT_EQ(base::parse_name<StepAction>("Refer"), std::nullopt);
}

}  // namespace
}  // namespace arrears::strategy
