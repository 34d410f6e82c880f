#include "domain/metrics/formulas.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/metrics/targets.h"

namespace arrears::metrics {
namespace {

void expect_figure(const Figure& figure, int decimals, const std::string& expected) {
  ASSERT_TRUE(figure.defined()) << figure.name << " " << to_text(figure);
  EXPECT_EQ(to_decimal(figure, decimals), expected) << figure.name;
}

void expect_gap(const Figure& figure, Gap gap) {
  EXPECT_EQ(figure.state, FigureState::not_defined) << figure.name;
  EXPECT_EQ(text(figure.gap), text(gap)) << figure.name;
  EXPECT_EQ(to_decimal(figure, 2), "") << figure.name;
}

TEST(Formulas, count_back_dso_matches_the_published_vectors) {
  struct Case {
    const char* label;
    std::int64_t receivables;
    std::vector<MonthSales> newest_first;
    const char* expected;
  };
  const Case cases[] = {
      {"212,000 over three months of 30 days",
       212'000'00,
       {{30, 100'000'00}, {30, 80'000'00}, {30, 70'000'00}},
       "73.714"},
      {"2,100,000 over March, February, January",
       2'100'000'00,
       {{31, 900'000'00}, {28, 800'000'00}, {31, 700'000'00}},
       "76.714"},
      {"less than one month", 50'00, {{30, 100'00}}, "15.000"},
      {"exactly one month", 100'00, {{30, 100'00}, {31, 100'00}}, "30.000"},
      {"one cent into the next month", 100'01, {{30, 100'00}, {31, 100'00}}, "30.003"},
      {"a month without sales adds its days",
       150'00,
       {{30, 100'00}, {28, 0}, {31, 100'00}},
       "73.500"},
      {"a month with more credits than sales adds its days and no sales",
       150'00,
       {{30, 100'00}, {28, -70'00}, {31, 100'00}},
       "73.500"},
      {"the newest month is empty", 50'00, {{10, 0}, {31, 100'00}}, "25.500"},
      {"the current month has 10 elapsed days", 150'00, {{10, 100'00}, {31, 100'00}}, "25.500"},
      {"nothing is owed", 0, {{30, 100'00}}, "0.000"},
      {"the book is in credit", -5'00, {{30, 100'00}}, "0.000"},
      {"nothing is owed and nothing was sold", 0, {}, "0.000"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.label);
    expect_figure(dso_count_back(c.receivables, c.newest_first), 3, c.expected);
  }
}

TEST(Formulas, an_exhausted_history_gives_more_than_its_days) {
  const std::vector<MonthSales> months = {{30, 100'00}, {31, 0}};
  const Figure figure = dso_count_back(100'01, months);
  EXPECT_EQ(figure.state, FigureState::more_than);
  EXPECT_EQ(figure.gap, Gap::history_exhausted);
  EXPECT_EQ(to_text(figure), "more than 61 days");
  expect_gap(dso_count_back(1, {}), Gap::no_sales);
}

TEST(Formulas, dso_is_best_possible_dso_plus_average_days_delinquent) {
  const std::int64_t receivables = 450'000'00;
  const std::int64_t not_due = 320'000'00;
  const std::int64_t sales = 900'000'00;
  expect_figure(dso_simple(receivables, sales, 90), 1, "45.0");
  expect_figure(best_possible_dso(not_due, sales, 90), 1, "32.0");
  expect_figure(average_days_delinquent(receivables, not_due, sales, 90), 1, "13.0");
  expect_figure(dso_simple(-10'00, 100'00, 30), 1, "-3.0");
  expect_gap(dso_simple(receivables, 0, 90), Gap::no_sales);
  expect_gap(dso_simple(receivables, -1, 90), Gap::no_sales);
  expect_gap(best_possible_dso(not_due, 0, 90), Gap::no_sales);
  expect_gap(average_days_delinquent(receivables, not_due, 0, 90), Gap::no_sales);
}

TEST(Formulas, average_collection_period_takes_the_mean_of_opening_and_closing) {
  expect_figure(average_collection_period(400'00, 500'00, 3'650'00, 365), 1, "45.0");
  expect_figure(average_collection_period(400'00, 500'01, 3'650'00, 365), 6, "45.000500");
  expect_gap(average_collection_period(400'00, 500'00, 0, 365), Gap::no_sales);
}

TEST(Formulas, cei_matches_the_published_vectors) {
  const CeiTerms month{.beginning = 500'000'00,
                       .sales = 300'000'00,
                       .ending = 450'000'00,
                       .ending_not_due = 320'000'00,
                       .written_off = 20'000'00};
  expect_figure(cei(month), 2, "72.92");
  expect_figure(cei_write_offs_kept(month), 2, "68.75");
  const CeiTerms quarter{
      .beginning = 6'200, .sales = 10'890, .ending = 6'340, .ending_not_due = 3'590};
  expect_figure(cei(quarter), 2, "79.63");
  expect_figure(cei_average_sales(quarter, 3), 2, "55.93");
  expect_figure(cei_average_sales(month, 1), 2, "72.92");
}

TEST(Formulas, cei_is_100_when_nothing_is_overdue_and_more_when_credits_exceed_it) {
  expect_figure(cei({.beginning = 100, .sales = 50, .ending = 60, .ending_not_due = 60}), 2,
                "100.00");
  expect_figure(cei({.beginning = 100, .sales = 50, .ending = 40, .ending_not_due = 50}), 2,
                "110.00");
}

TEST(Formulas, cei_is_not_defined_where_nothing_could_have_been_collected) {
  const CeiTerms all_new{.beginning = 0, .sales = 50, .ending = 50, .ending_not_due = 50};
  expect_gap(cei(all_new), Gap::denominator_not_positive);
  expect_gap(cei_write_offs_kept(all_new), Gap::denominator_not_positive);
  expect_gap(cei_average_sales(all_new, 1), Gap::denominator_not_positive);
  expect_gap(cei({.beginning = 10, .sales = 0, .ending = 20, .ending_not_due = 20}),
             Gap::denominator_not_positive);
}

TEST(Formulas, cei_of_a_longer_period_is_the_mean_of_its_defined_months) {
  const Figure half = cei({.beginning = 100, .sales = 0, .ending = 50, .ending_not_due = 0});
  const Figure third = cei({.beginning = 3, .sales = 0, .ending = 2, .ending_not_due = 0});
  const Figure undefined = cei({});
  const std::vector<Figure> months = {half, undefined, third};
  const Figure mean = cei_mean(months);
  expect_figure(mean, 4, "41.6667");
  const std::vector<Input> inputs = {{"months", InputKind::count, 3},
                                     {"months_defined", InputKind::count, 2}};
  EXPECT_EQ(mean.inputs, inputs);
  expect_gap(cei_mean(std::vector<Figure>{undefined}), Gap::no_month_defined);
}

TEST(Formulas, rates_are_shares_of_a_positive_base) {
  expect_figure(collection_rate({.due = 200'00, .settled = 193'00, .inferred = 0}), 2, "96.50");
  expect_figure(collection_rate_next_month({.due = 3, .settled = 2, .inferred = 0}), 2, "66.67");
  expect_gap(collection_rate({}), Gap::nothing_fell_due);
  expect_figure(bad_debt_percent(1'50, 100'00), 2, "1.50");
  expect_figure(bad_debt_percent(0, 100'00), 2, "0.00");
  expect_figure(bad_debt_percent(-1'00, 100'00), 2, "-1.00");
  expect_gap(bad_debt_percent(1'50, 0), Gap::no_sales);
}

TEST(Formulas, promise_kept_rate_counts_matured_promises_only) {
  PromiseTally tally;
  tally.add(PromiseOutcome::kept, 100'00, 130'00);
  tally.add(PromiseOutcome::partly_kept, 100'00, 40'00);
  tally.add(PromiseOutcome::broken, 50'00, 0);
  tally.add(PromiseOutcome::not_matured, 999'00, 999'00);
  tally.add(PromiseOutcome::excluded, 999'00, 0);
  EXPECT_EQ(tally.matured(), 3);
  expect_figure(promise_kept_rate(tally), 2, "33.33");
  expect_figure(promise_partly_kept_rate(tally), 2, "33.33");
  expect_figure(promise_kept_rate_amount(tally), 2, "56.00");
  PromiseTally none;
  none.add(PromiseOutcome::not_matured, 1, 0);
  expect_gap(promise_kept_rate(none), Gap::nothing_matured);
  expect_gap(promise_partly_kept_rate(none), Gap::nothing_matured);
  expect_gap(promise_kept_rate_amount(none), Gap::nothing_matured);
}

TEST(Formulas, right_party_contact_rate_has_two_bases) {
  const ContactTally tally{.attempts = 40, .connects = 16, .right_party = 10};
  expect_figure(right_party_contact_rate(tally), 2, "25.00");
  expect_figure(right_party_contact_rate_of_connects(tally), 2, "62.50");
  expect_gap(right_party_contact_rate({}), Gap::no_attempts);
  expect_gap(right_party_contact_rate_of_connects({.attempts = 3, .connects = 0, .right_party = 0}),
             Gap::no_connects);
}

TEST(Formulas, cycle_times_are_weighted_by_amount) {
  WeightedDays days;
  days.add(300'00, 10);
  days.add(100'00, 30);
  expect_figure(collection_cycle_time(days), 1, "15.0");
  expect_figure(average_days_late(days), 1, "15.0");
  const Figure open = collection_cycle_time_open(days);
  EXPECT_EQ(open.state, FigureState::more_than);
  EXPECT_EQ(to_text(open), "more than 15 days");
  expect_gap(collection_cycle_time({}), Gap::nothing_settled);
  expect_gap(average_days_late({}), Gap::nothing_settled);
  expect_gap(collection_cycle_time_open({}), Gap::nothing_open);
}

TEST(Formulas, the_largest_amounts_do_not_overflow) {
  const std::int64_t largest = 9'000'000'000'000'000'000;
  expect_figure(dso_simple(largest, 1, 365), 0, "3285000000000000000000");
  WeightedDays days;
  days.add(largest, 36'500);
  expect_figure(collection_cycle_time(days), 0, "36500");
}

TEST(Figures, decimals_are_rounded_once_half_away_from_zero) {
  struct Case {
    const char* label;
    Ratio value;
    int decimals;
    const char* expected;
  };
  const Case cases[] = {
      {"third", {1, 3}, 4, "0.3333"},
      {"half up", {1, 2}, 0, "1"},
      {"negative half away from zero", {-1, 2}, 0, "-1"},
      {"just under a half", {499'999, 1'000'000}, 0, "0"},
      {"no minus zero", {-1, 1000}, 2, "0.00"},
      {"leading zeros of the fraction", {10'005, 10'000}, 4, "1.0005"},
      {"carry", {9'999, 1'000}, 2, "10.00"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.label);
    Figure figure;
    figure.state = FigureState::defined;
    figure.value = c.value;
    EXPECT_EQ(to_decimal(figure, c.decimals), c.expected);
  }
}

TEST(Figures, each_figure_explains_itself) {
  const Figure figure = dso_simple(450, 900, 90);
  EXPECT_EQ(figure.name, "dso_simple");
  EXPECT_EQ(figure.formula, "receivables * days / sales");
  const std::vector<Input> inputs = {{"receivables", InputKind::amount_minor, 450},
                                     {"sales", InputKind::amount_minor, 900},
                                     {"days", InputKind::days, 90}};
  EXPECT_EQ(figure.inputs, inputs);
  EXPECT_EQ(to_text(figure), "45.0 days");
  EXPECT_EQ(to_text(bad_debt_percent(1, 100)), "1.00 %");
  EXPECT_EQ(to_text(dso_simple(1, 0, 30)), "not defined: no sales");
}

TEST(Figures, states_and_gaps_have_stable_names) {
  EXPECT_EQ(base::name(FigureState::not_defined), "not_defined");
  EXPECT_EQ(base::name(Unit::percent), "percent");
  EXPECT_EQ(base::name(InputKind::count), "count");
  // Each gap has a text for people; `none` has nothing to say.
  for (std::size_t at = 0; at < base::name_count<Gap>; ++at) {
    EXPECT_EQ(text(static_cast<Gap>(at)).empty(), at == 0) << base::Names<Gap>::all[at];
  }
  EXPECT_EQ(base::name(Gap::missing_rate), "missing_rate");
  EXPECT_EQ(base::name_count<Gap>, static_cast<std::size_t>(Gap::missing_rate) + 1);
  EXPECT_EQ(base::name(Standing::unknown), "unknown");
}

TEST(Targets, both_ends_of_the_range_are_within) {
  struct Case {
    const char* label;
    std::int64_t receivables;  ///< of sales of 30 in 30 days: the DSO in days
    Standing expected;
  };
  const Case cases[] = {{"29 days", 29, Standing::below},
                        {"30 days", 30, Standing::within},
                        {"45 days", 45, Standing::within},
                        {"46 days", 46, Standing::above}};
  const Target& dso = targets()[0];
  ASSERT_EQ(dso.figure, "dso_simple");
  for (const Case& c : cases) {
    SCOPED_TRACE(c.label);
    EXPECT_EQ(standing(dso, dso_simple(c.receivables, 30, 30)), c.expected);
  }
  EXPECT_EQ(standing(dso, dso_simple(1, 0, 30)), Standing::unknown);
  const std::vector<MonthSales> one_month = {{30, 1}};
  EXPECT_EQ(standing(targets()[1], dso_count_back(9, one_month)), Standing::unknown);
  const std::vector<MonthSales> two_months = {{30, 1}, {31, 1}};
  EXPECT_EQ(standing(targets()[1], dso_count_back(9, two_months)), Standing::above);
}

TEST(Targets, each_names_its_source_and_a_range) {
  std::vector<std::string> names;
  for (const Target& target : targets()) {
    names.emplace_back(target.figure);
    EXPECT_LT(target.low_hundredths, target.high_hundredths) << target.figure;
    EXPECT_EQ(target.source, "brief") << target.figure;
  }
  const std::vector<std::string> expected = {"dso_simple", "dso_count_back", "collection_rate",
                                             "bad_debt_percent"};
  EXPECT_EQ(names, expected);
}

}  // namespace
}  // namespace arrears::metrics
