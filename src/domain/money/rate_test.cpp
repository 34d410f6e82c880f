#include "domain/money/rate.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "base/check.h"

namespace arrears::money {
namespace {

Currency currency(std::string_view code) { return parse_currency(code).value(); }
calendar::Date day(std::string_view iso) { return calendar::parse_date(iso).value(); }
Money money(std::int64_t minor, std::string_view code) { return {minor, currency(code)}; }
Rate rate(std::string_view base, std::string_view quote, std::string_view on,
          std::string_view value) {
  return {currency(base), currency(quote), day(on), parse_rate(value).value()};
}

/// The converted amount as text, "none" where a rate is missing.
std::string converted(const RateTable& table, Money amount, std::string_view target,
                      std::string_view on) {
  const auto result = table.convert(amount, currency(target), day(on));
  return result ? to_text(*result) : "none";
}

TEST(Rate, a_positive_decimal_is_read) {
  struct {
    const char* text;
    std::int64_t scaled;  ///< 0: refused
  } const cases[] = {
      {"1.0843", 1'084'300'000},
      {"1", 1'000'000'000},
      {"0.000000001", 1},
      {"160.5", 160'500'000'000},
      {"999999999.999999999", 999'999'999'999'999'999},
      {"0", 0},
      {"0.0", 0},
      {"", 0},
      {".5", 0},
      {"1.", 0},
      {"-1", 0},
      {"+1", 0},
      {"1,5", 0},
      {"1.0000000001", 0},
      {"1000000000", 0},
      {"1.2.3", 0},
      {"1e2", 0},
      {" 1", 0},
      {"N/A", 0},
  };
  for (const auto& c : cases) {
    const auto read = parse_rate(c.text);
    EXPECT_EQ(read.value_or(0), c.scaled) << c.text;
    EXPECT_EQ(read.has_value(), c.scaled != 0) << c.text;
  }
}

TEST(RateTable, an_amount_is_converted_directly_inversely_or_crossed) {
  const RateTable table({
      rate("EUR", "USD", "2026-06-01", "1.0843"),
      rate("EUR", "JPY", "2026-06-01", "160.25"),
      rate("EUR", "KWD", "2026-06-01", "0.3333"),
      rate("USD", "MXN", "2026-06-01", "18.5"),
      rate("GBP", "EUR", "2026-06-01", "1.25"),
  });
  struct {
    const char* what;
    Money amount;
    const char* target;
    const char* result;
  } const cases[] = {
      {"direct", money(10000, "EUR"), "USD", "108.43 USD"},
      {"direct, half up", money(50, "EUR"), "USD", "0.54 USD"},
      {"direct, fewer decimals", money(10000, "EUR"), "JPY", "16,025 JPY"},
      {"direct, more decimals", money(100, "EUR"), "KWD", "0.333 KWD"},
      {"inverse", money(10843, "USD"), "EUR", "100.00 EUR"},
      {"inverse, from no decimals", money(16025, "JPY"), "EUR", "100.00 EUR"},
      {"cross, EUR to both", money(10843, "USD"), "JPY", "16,025 JPY"},
      {"cross, both ways", money(10000, "GBP"), "USD", "135.54 USD"},
      {"cross through USD", money(10000, "EUR"), "MXN", "2,005.96 MXN"},
      {"credit", money(-10000, "GBP"), "USD", "-135.54 USD"},
      {"same currency", money(123, "CHF"), "CHF", "1.23 CHF"},
      {"nothing of it", money(0, "EUR"), "USD", "0.00 USD"},
      {"no rate at all", money(100, "EUR"), "CHF", "none"},
      {"two crosses are one too many", money(100, "GBP"), "MXN", "none"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(converted(table, c.amount, c.target, "2026-06-01"), c.result) << c.what;
  }
}

TEST(RateTable, a_cross_is_rounded_once) {
  // 0.01 A is 0.004 EUR, which rounded would be nothing; times 10 it is 0.04 B.
  const RateTable table(
      {rate("USD", "EUR", "2026-06-01", "0.4"), rate("EUR", "GBP", "2026-06-01", "10")});
  EXPECT_EQ(converted(table, money(1, "USD"), "GBP", "2026-06-01"), "0.04 GBP");
}

TEST(RateTable, the_euro_is_the_first_choice_of_a_cross) {
  const RateTable table({
      rate("CHF", "AUD", "2026-06-01", "3"),
      rate("AUD", "USD", "2026-06-01", "3"),
      rate("CHF", "EUR", "2026-06-01", "1"),
      rate("EUR", "USD", "2026-06-01", "2"),
  });
  EXPECT_EQ(converted(table, money(100, "CHF"), "USD", "2026-06-01"), "2.00 USD");
}

TEST(RateTable, a_rate_holds_until_the_next_and_for_31_days_at_most) {
  const RateTable table({
      rate("EUR", "USD", "2026-06-10", "3"), rate("EUR", "USD", "2026-06-01", "2"),
      rate("EUR", "USD", "2026-06-10", "4"),  // corrects the one above of its day
  });
  struct {
    const char* on;
    const char* result;
  } const cases[] = {
      {"2026-05-31", "none"},     {"2026-06-01", "2.00 USD"}, {"2026-06-09", "2.00 USD"},
      {"2026-06-10", "4.00 USD"}, {"2026-07-10", "4.00 USD"}, {"2026-07-11", "4.00 USD"},
      {"2026-07-12", "none"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(converted(table, money(100, "EUR"), "USD", c.on), c.result) << c.on;
  }
}

TEST(RateTable, an_outdated_direct_rate_gives_way_to_a_fresh_cross) {
  const RateTable table({
      rate("GBP", "USD", "2026-01-01", "9"),
      rate("EUR", "USD", "2026-06-01", "1.2"),
      rate("EUR", "GBP", "2026-06-01", "0.8"),
  });
  EXPECT_EQ(converted(table, money(100, "GBP"), "USD", "2026-06-01"), "1.50 USD");
  EXPECT_EQ(converted(table, money(100, "GBP"), "USD", "2026-01-01"), "9.00 USD");
}

TEST(RateTable, the_greatest_document_is_converted_and_a_greater_result_is_not) {
  const RateTable table({
      rate("EUR", "USD", "2026-06-01", "1.084312345"),
      rate("EUR", "IRR", "2026-06-01", "1345678.123456789"),
  });
  EXPECT_EQ(converted(table, money(max_amount_minor, "EUR"), "USD", "2026-06-01"),
            "10,843,123,449,999.99 USD");
  EXPECT_EQ(converted(table, money(max_amount_minor, "EUR"), "IRR", "2026-06-01"), "none");
  EXPECT_EQ(converted(table, money(100, "USD"), "IRR", "2026-06-01"), "1,241,042.89 IRR");
}

TEST(RateTable, an_empty_table_converts_only_into_the_same_currency) {
  const RateTable table;
  EXPECT_EQ(converted(table, money(100, "EUR"), "EUR", "2026-06-01"), "1.00 EUR");
  EXPECT_EQ(converted(table, money(100, "EUR"), "USD", "2026-06-01"), "none");
}

TEST(RateTable, a_rate_of_nothing_or_of_a_currency_to_itself_is_a_mistake) {
  Rate zero = rate("EUR", "USD", "2026-06-01", "1");
  zero.scaled = 0;
  EXPECT_THROW(RateTable({zero}), base::Mistake);
  EXPECT_THROW(RateTable({rate("EUR", "EUR", "2026-06-01", "1")}), base::Mistake);
  Rate unnamed = rate("EUR", "USD", "2026-06-01", "1");
  unnamed.quote = Currency();
  EXPECT_THROW(RateTable({unnamed}), base::Mistake);
}

TEST(RateTable, there_and_back_misses_by_the_rounding_only) {
  std::mt19937_64 random(23);
  for (int i = 0; i < 20000; ++i) {
    Rate drawn = rate("EUR", "USD", "2026-06-01", "1");
    drawn.scaled = rate_scale + static_cast<std::int64_t>(random() % (9 * rate_scale));
    const RateTable table({drawn});
    const Money start = money(static_cast<std::int64_t>(random() % max_amount_minor), "EUR");
    const auto there = table.convert(start, currency("USD"), drawn.on);
    ASSERT_TRUE(there);
    const auto back = table.convert(*there, currency("EUR"), drawn.on);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->minor, start.minor) << drawn.scaled;
    ASSERT_EQ(there->minor,
              multiply_divide(start.minor, drawn.scaled, rate_scale, Rounding::half_up));
  }
}

}  // namespace
}  // namespace arrears::money
