#include "domain/money/money.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <random>

#include "base/check.h"

namespace arrears::money {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

Currency currency(std::string_view code) { return parse_currency(code).value(); }

/// A random number of random size, so that small and huge ones are equally common.
std::int64_t any_size(std::mt19937_64& random) {
  const auto size = static_cast<std::int64_t>(random() >> (1 + random() % 63));
  return random() % 2 == 0 ? size : -size;
}

TEST(Currency, the_minor_unit_has_the_decimals_of_iso_4217) {
  struct {
    const char* code;
    int decimals;
  } const cases[] = {
      {"USD", 2}, {"EUR", 2}, {"GBP", 2}, {"CHF", 2}, {"HUF", 2}, {"AED", 2}, {"ZWG", 2},
      {"MGA", 2}, {"MRU", 2}, {"JPY", 0}, {"CLP", 0}, {"KRW", 0}, {"ISK", 0}, {"UGX", 0},
      {"VND", 0}, {"XAF", 0}, {"XPF", 0}, {"BIF", 0}, {"KWD", 3}, {"BHD", 3}, {"OMR", 3},
      {"JOD", 3}, {"TND", 3}, {"IQD", 3}, {"LYD", 3},
  };
  for (const auto& c : cases) {
    const auto found = parse_currency(c.code);
    ASSERT_TRUE(found) << c.code;
    EXPECT_EQ(found->code(), c.code);
    EXPECT_EQ(found->decimals(), c.decimals) << c.code;
  }
}

TEST(Currency, an_unknown_code_is_none) {
  for (const char* code : {"", "US", "USDX", "usd", "XXX", "DEM", "SD ", "D A", "ABC", "U$D"}) {
    EXPECT_FALSE(parse_currency(code)) << code;
  }
  EXPECT_FALSE(Currency());
  EXPECT_EQ(Currency().code(), "");
}

TEST(Currency, every_known_code_is_found_as_itself) {
  int known = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) {
        const auto found = parse_currency(std::string{a, b, c});
        if (!found) continue;
        ++known;
        ASSERT_EQ(found->code(), (std::string{a, b, c}));
      }
    }
  }
  EXPECT_EQ(known, 158);
}

TEST(Money, amounts_of_one_currency_add_and_subtract) {
  const Money a{1250, currency("EUR")};
  const Money b{-300, currency("EUR")};
  EXPECT_EQ(a + b, (Money{950, currency("EUR")}));
  EXPECT_EQ(a - b, (Money{1550, currency("EUR")}));
  EXPECT_EQ(-a, (Money{-1250, currency("EUR")}));
}

TEST(Money, adding_different_currencies_is_a_mistake) {
  const Money euro{1, currency("EUR")};
  const Money dollar{1, currency("USD")};
  EXPECT_THROW((void)(euro + dollar), base::Mistake);
  EXPECT_THROW((void)(euro - dollar), base::Mistake);
  EXPECT_THROW((void)(euro + Money{}), base::Mistake);
}

TEST(Money, an_overflow_is_a_mistake) {
  const Currency euro = currency("EUR");
  EXPECT_THROW((void)(Money{greatest, euro} + Money{1, euro}), base::Mistake);
  EXPECT_THROW((void)(Money{least, euro} - Money{1, euro}), base::Mistake);
  EXPECT_THROW((void)(-Money{least, euro}), base::Mistake);
}

TEST(MultiplyDivide, each_rounding_ends_as_named) {
  struct {
    std::int64_t value, factor, divisor;
    std::int64_t half_up, half_even, down, up;
  } const cases[] = {
      {6, 1, 3, 2, 2, 2, 2},      {5, 1, 2, 3, 2, 2, 3},      {7, 1, 2, 4, 4, 3, 4},
      {-5, 1, 2, -3, -2, -2, -3}, {-7, 1, 2, -4, -4, -3, -4}, {4, 1, 3, 1, 1, 1, 2},
      {5, 1, 3, 2, 2, 1, 2},      {-4, 1, 3, -1, -1, -1, -2}, {1, 1, 2, 1, 0, 0, 1},
      {-1, 1, 2, -1, 0, 0, -1},   {0, 7, 9, 0, 0, 0, 0},      {10, -1, 4, -3, -2, -2, -3},
  };
  for (const auto& c : cases) {
    const auto label = std::to_string(c.value) + " * " + std::to_string(c.factor) + " / " +
                       std::to_string(c.divisor);
    EXPECT_EQ(multiply_divide(c.value, c.factor, c.divisor, Rounding::half_up), c.half_up) << label;
    EXPECT_EQ(multiply_divide(c.value, c.factor, c.divisor, Rounding::half_even), c.half_even)
        << label;
    EXPECT_EQ(multiply_divide(c.value, c.factor, c.divisor, Rounding::down), c.down) << label;
    EXPECT_EQ(multiply_divide(c.value, c.factor, c.divisor, Rounding::up), c.up) << label;
  }
}

/// Whether `result` is the rounding of product / divisor, from its definition alone: by how far
/// `result * divisor` misses the product, and on which side.
bool is_rounding_of(Wide product, std::int64_t divisor, std::int64_t result, Rounding rounding) {
  const Wide miss = static_cast<Wide>(result) * divisor - product;
  const Wide size = miss < 0 ? -miss : miss;
  const bool outwards = product < 0 ? miss < 0 : miss > 0;
  switch (rounding) {
    case Rounding::down:
      return size < divisor && !outwards;
    case Rounding::up:
      return size < divisor && (miss == 0 || outwards);
    case Rounding::half_up:
      return size * 2 < divisor || (size * 2 == divisor && outwards);
    case Rounding::half_even:
      return size * 2 < divisor || (size * 2 == divisor && result % 2 == 0);
  }
  return false;
}

TEST(MultiplyDivide, agrees_with_the_definition_for_amounts_of_every_size) {
  std::mt19937_64 random(42);
  int checked = 0;
  while (checked < 200000) {
    const std::int64_t value = any_size(random);
    const std::int64_t factor = any_size(random);
    const std::int64_t drawn = any_size(random);
    const std::int64_t divisor = drawn < 0 ? -drawn : drawn;
    if (divisor == 0) continue;
    const Wide product = static_cast<Wide>(value) * factor;
    const Wide whole = product / divisor;
    if (whole >= greatest || whole <= least) continue;
    for (const Rounding rounding :
         {Rounding::half_up, Rounding::half_even, Rounding::down, Rounding::up}) {
      const std::int64_t result = multiply_divide(value, factor, divisor, rounding);
      ASSERT_TRUE(is_rounding_of(product, divisor, result, rounding))
          << value << " * " << factor << " / " << divisor << " -> " << result << " by "
          << int(rounding);
    }
    ++checked;
  }
}

TEST(MultiplyDivide, the_greatest_results_still_fit) {
  EXPECT_EQ(multiply_divide(greatest, greatest, greatest, Rounding::up), greatest);
  EXPECT_EQ(multiply_divide(least, 1, 1, Rounding::down), least);
  EXPECT_EQ(multiply_divide(least, greatest, greatest, Rounding::down), least);
}

TEST(MultiplyDivide, a_result_beyond_64_bits_or_a_divisor_of_zero_is_a_mistake) {
  EXPECT_THROW((void)multiply_divide(greatest, 2, 1, Rounding::down), base::Mistake);
  EXPECT_THROW((void)multiply_divide(least, -1, 1, Rounding::down), base::Mistake);
  EXPECT_THROW((void)multiply_divide(1, 1, 0, Rounding::down), base::Mistake);
  EXPECT_THROW((void)multiply_divide(1, 1, -1, Rounding::down), base::Mistake);
}

TEST(Split, the_largest_remainder_gets_the_odd_cent) {
  struct {
    std::int64_t total;
    std::vector<std::int64_t> weights;
    std::vector<std::int64_t> parts;
  } const cases[] = {
      {100, {1, 1, 1}, {34, 33, 33}},
      {200, {1, 1, 1}, {67, 67, 66}},
      {-100, {1, 1, 1}, {-34, -33, -33}},
      {0, {1, 2}, {0, 0}},
      {100, {0, 1}, {0, 100}},
      {1, {1, 2, 3}, {0, 0, 1}},
      {10, {1, 2, 3}, {2, 3, 5}},
      {5, {7}, {5}},
      {1, {0, 5, 5, 0}, {0, 1, 0, 0}},
      {99999, {12500, 75000, 12500}, {12500, 74999, 12500}},
  };
  for (const auto& c : cases) EXPECT_EQ(split(c.total, c.weights), c.parts) << c.total;
}

TEST(Split, the_parts_sum_to_the_total_and_miss_their_share_by_less_than_a_unit) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 20000; ++round) {
    const std::int64_t total = any_size(random);
    std::vector<std::int64_t> weights(1 + random() % 20);
    Wide whole = 0;
    for (std::int64_t& weight : weights) {
      weight = static_cast<std::int64_t>(random() % 4 == 0 ? 0 : random() >> (2 + random() % 61));
      whole += weight;
    }
    if (whole == 0) weights.front() = 1;
    if (whole == 0) whole = 1;
    const auto parts = split(total, weights);
    ASSERT_EQ(parts.size(), weights.size());
    Wide sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sum += parts[i];
      const Wide exact = static_cast<Wide>(total) * weights[i];
      const Wide truncated = exact / whole;
      const Wide difference = parts[i] - truncated;
      if (exact % whole == 0) {
        ASSERT_EQ(difference, 0) << total << " part " << i;
      } else {
        ASSERT_TRUE(difference == 0 || difference == (total < 0 ? -1 : 1)) << total << " " << i;
      }
    }
    ASSERT_EQ(sum, total);
  }
}

TEST(Split, weights_that_say_nothing_are_a_mistake) {
  EXPECT_THROW((void)split(100, {}), base::Mistake);
  EXPECT_THROW((void)split(100, {0, 0}), base::Mistake);
  EXPECT_THROW((void)split(100, {2, -1}), base::Mistake);
}

TEST(Amount, is_printed_as_a_plain_decimal_and_for_people) {
  struct {
    std::int64_t minor;
    const char* code;
    const char* decimal;
    const char* text;
  } const cases[] = {
      {1250000, "USD", "12500.00", "12,500.00 USD"},
      {-350, "USD", "-3.50", "-3.50 USD"},
      {5, "USD", "0.05", "0.05 USD"},
      {-5, "USD", "-0.05", "-0.05 USD"},
      {0, "USD", "0.00", "0.00 USD"},
      {100001, "JPY", "100001", "100,001 JPY"},
      {0, "JPY", "0", "0 JPY"},
      {-100, "JPY", "-100", "-100 JPY"},
      {-1000, "JPY", "-1000", "-1,000 JPY"},
      {1, "KWD", "0.001", "0.001 KWD"},
      {1234567, "KWD", "1234.567", "1,234.567 KWD"},
      {99999, "USD", "999.99", "999.99 USD"},
      {-99999999, "USD", "-999999.99", "-999,999.99 USD"},
      {max_amount_minor, "EUR", "9999999999999.99", "9,999,999,999,999.99 EUR"},
      {least, "EUR", "-92233720368547758.08", "-92,233,720,368,547,758.08 EUR"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(to_decimal(c.minor, currency(c.code)), c.decimal);
    EXPECT_EQ(to_text({c.minor, currency(c.code)}), c.text);
  }
}

TEST(Amount, is_read_in_the_decimals_of_its_currency) {
  using enum AmountError;
  struct {
    const char* text;
    const char* code;
    std::int64_t minor;
    std::optional<AmountError> error = {};
  } const cases[] = {
      {"12500.00", "USD", 1250000},
      {"-12500.00", "USD", -1250000},
      {"+7", "USD", 700},
      {"7.5", "USD", 750},
      {"007", "USD", 700},
      {"-0.00", "USD", 0},
      {"100.000", "JPY", 100},
      {"1.2300000", "USD", 123},
      {"1.2345", "KWD", 0, too_many_decimals},
      {"1.234", "USD", 0, too_many_decimals},
      {"1.001", "JPY", 0, too_many_decimals},
      {"9999999999999.99", "USD", max_amount_minor},
      {"-9999999999999.99", "USD", -max_amount_minor},
      {"10000000000000.00", "USD", 0, beyond_maximum},
      {"-10000000000000", "USD", 0, beyond_maximum},
      {"999999999999999", "JPY", max_amount_minor},
      {"1000000000000000", "JPY", 0, beyond_maximum},
      {"99999999999999999999999999999999", "USD", 0, beyond_maximum},
      {"", "USD", 0, not_a_number},
      {"-", "USD", 0, not_a_number},
      {".5", "USD", 0, not_a_number},
      {"5.", "USD", 0, not_a_number},
      {"1,000.00", "USD", 0, not_a_number},
      {"1.000,00", "USD", 0, not_a_number},
      {" 1", "USD", 0, not_a_number},
      {"1 ", "USD", 0, not_a_number},
      {"--1", "USD", 0, not_a_number},
      {"+-1", "USD", 0, not_a_number},
      {"1e3", "USD", 0, not_a_number},
      {"1.2.3", "USD", 0, not_a_number},
      {"0x10", "USD", 0, not_a_number},
      {"nan", "USD", 0, not_a_number},
  };
  for (const auto& c : cases) {
    const ParsedAmount read = parse_amount(c.text, currency(c.code));
    EXPECT_EQ(read.error, c.error) << c.text << " " << c.code;
    EXPECT_EQ(read.minor, c.minor) << c.text << " " << c.code;
  }
  EXPECT_THROW((void)parse_amount("1", Currency()), base::Mistake);
}

TEST(Amount, what_was_printed_is_read_back) {
  std::mt19937_64 random(5);
  for (const char* code : {"USD", "JPY", "KWD"}) {
    for (int i = 0; i < 20000; ++i) {
      const std::int64_t minor = any_size(random) % (max_amount_minor + 1);
      const ParsedAmount read = parse_amount(to_decimal(minor, currency(code)), currency(code));
      ASSERT_FALSE(read.error) << minor << " " << code;
      ASSERT_EQ(read.minor, minor) << code;
    }
  }
}

}  // namespace
}  // namespace arrears::money
