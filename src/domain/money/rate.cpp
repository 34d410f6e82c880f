#include "domain/money/rate.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/check.h"

namespace arrears::money {

namespace {
__extension__ using Wide = __int128;

constexpr std::size_t whole_digits_max = 9;
constexpr std::size_t decimals_max = 9;

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

auto key(const Rate& rate) { return std::tie(rate.base, rate.quote, rate.on); }

/// A fraction of positive factors, kept in lowest terms so that it fits 128 bits.
class Fraction {
 public:
  void times(std::int64_t over, std::int64_t under) {
    for (std::int64_t& below : under_) reduce(over, below);
    for (std::int64_t& above : over_) reduce(above, under);
    reduce(over, under);
    over_.push_back(over);
    under_.push_back(under);
  }

  /// `minor` times the fraction, half up; nothing if an intermediate or the result does not fit.
  std::optional<std::int64_t> of(std::int64_t minor) const {
    Wide above = minor < 0 ? -static_cast<Wide>(minor) : minor;
    Wide below = 1;
    for (const std::int64_t factor : over_) {
      if (__builtin_mul_overflow(above, factor, &above)) return {};
    }
    for (const std::int64_t factor : under_) {
      if (__builtin_mul_overflow(below, factor, &below)) return {};
    }
    Wide result = above / below;
    const Wide rest = above % below;
    if (rest >= below - rest) ++result;
    if (result > std::numeric_limits<std::int64_t>::max()) return {};
    return static_cast<std::int64_t>(minor < 0 ? -result : result);
  }

 private:
  static void reduce(std::int64_t& a, std::int64_t& b) {
    const std::int64_t common = std::gcd(a, b);
    a /= common;
    b /= common;
  }

  std::vector<std::int64_t> over_;
  std::vector<std::int64_t> under_;
};

}  // namespace

std::optional<std::int64_t> parse_rate(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const bool has_point = point != std::string_view::npos;
  const std::string_view fraction = has_point ? text.substr(point + 1) : "";
  if (whole.empty() || whole.size() > whole_digits_max) return {};
  if (fraction.size() > decimals_max || (has_point && fraction.empty())) return {};
  std::int64_t scaled = 0;
  for (const std::string_view digits : {whole, fraction}) {
    for (const char c : digits) {
      if (c < '0' || c > '9') return {};
      scaled = scaled * 10 + (c - '0');
    }
  }
  scaled *= power_of_ten(static_cast<int>(decimals_max - fraction.size()));
  if (scaled == 0) return {};
  return scaled;
}

RateTable::RateTable(std::vector<Rate> rates) : rates_(std::move(rates)) {
  for (const Rate& rate : rates_) {
    ARREARS_REQUIRE(rate.scaled > 0);
    ARREARS_REQUIRE(rate.base && rate.quote && rate.base != rate.quote);
    currencies_.push_back(rate.base);
    currencies_.push_back(rate.quote);
  }
  std::stable_sort(rates_.begin(), rates_.end(),
                   [](const Rate& a, const Rate& b) { return key(a) < key(b); });
  // The euro first: the ECB publishes all its rates against it.
  const auto rank = [](Currency c) { return std::pair(c.code() != "EUR", c); };
  std::sort(currencies_.begin(), currencies_.end(),
            [&](Currency a, Currency b) { return rank(a) < rank(b); });
  currencies_.erase(std::unique(currencies_.begin(), currencies_.end()), currencies_.end());
}

std::optional<Rate> RateTable::find(Currency base, Currency quote, calendar::Date on) const {
  const auto wanted = std::tie(base, quote, on);
  const auto after =
      std::upper_bound(rates_.begin(), rates_.end(), wanted,
                       [](const auto& sought, const Rate& rate) { return sought < key(rate); });
  if (after == rates_.begin()) return {};
  const Rate& rate = *std::prev(after);
  if (rate.base != base || rate.quote != quote || on - rate.on > max_age_days) return {};
  return rate;
}

std::optional<RateTable::Ratio> RateTable::ratio(Currency from, Currency to,
                                                 calendar::Date on) const {
  if (const auto direct = find(from, to, on)) return Ratio{direct->scaled, rate_scale};
  if (const auto inverse = find(to, from, on)) return Ratio{rate_scale, inverse->scaled};
  return {};
}

std::optional<Money> RateTable::convert(Money amount, Currency target, calendar::Date on) const {
  if (amount.currency == target) return amount;
  std::vector<Ratio> steps;
  if (const auto pair = ratio(amount.currency, target, on)) steps.push_back(*pair);
  for (std::size_t i = 0; steps.empty() && i < currencies_.size(); ++i) {
    const auto first = ratio(amount.currency, currencies_[i], on);
    if (!first) continue;
    const auto second = ratio(currencies_[i], target, on);
    if (second) steps = {*first, *second};
  }
  if (steps.empty()) return {};
  Fraction fraction;
  for (const Ratio& step : steps) fraction.times(step.over, step.under);
  fraction.times(power_of_ten(target.decimals()), power_of_ten(amount.currency.decimals()));
  const auto minor = fraction.of(amount.minor);
  if (!minor) return {};
  return Money{*minor, target};
}

}  // namespace arrears::money
