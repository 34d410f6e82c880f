#include "domain/money/money.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"

namespace arrears::money {

namespace {
__extension__ using Wide = __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

/// The digits of |minor|, at least one before the decimals.
std::string padded_digits(std::int64_t minor, int decimals) {
  const auto bits = static_cast<std::uint64_t>(minor);
  std::string out = std::to_string(minor < 0 ? 0 - bits : bits);
  const auto least = static_cast<std::size_t>(decimals) + 1;
  if (out.size() < least) out.insert(0, least - out.size(), '0');
  return out;
}
}  // namespace

Money operator+(Money a, Money b) {
  ARREARS_REQUIRE(a.currency == b.currency);
  return {base::checked_add(a.minor, b.minor), a.currency};
}

Money operator-(Money a, Money b) {
  ARREARS_REQUIRE(a.currency == b.currency);
  return {base::checked_sub(a.minor, b.minor), a.currency};
}

Money operator-(Money a) { return {base::checked_sub(0, a.minor), a.currency}; }

std::int64_t multiply_divide(std::int64_t value, std::int64_t factor, std::int64_t divisor,
                             Rounding rounding) {
  ARREARS_REQUIRE(divisor > 0);
  const Wide product = static_cast<Wide>(value) * factor;
  const bool negative = product < 0;
  const Wide size = negative ? -product : product;
  Wide quotient = size / divisor;
  const Wide twice_rest = size % divisor * 2;
  bool away = false;
  switch (rounding) {
    case Rounding::half_up:
      away = twice_rest >= divisor;
      break;
    case Rounding::half_even:
      away = twice_rest > divisor || (twice_rest == divisor && quotient % 2 != 0);
      break;
    case Rounding::down:
      break;
    case Rounding::up:
      away = twice_rest > 0;
      break;
  }
  if (away) ++quotient;
  if (negative) quotient = -quotient;
  ARREARS_REQUIRE(quotient >= std::numeric_limits<std::int64_t>::min());
  ARREARS_REQUIRE(quotient <= std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(quotient);
}

std::vector<std::int64_t> split(std::int64_t total, const std::vector<std::int64_t>& weights) {
  Wide whole = 0;
  for (const std::int64_t weight : weights) {
    ARREARS_REQUIRE(weight >= 0);
    whole += weight;
  }
  ARREARS_REQUIRE(whole > 0);
  std::vector<std::int64_t> parts(weights.size());
  std::vector<Wide> rests(weights.size());
  const std::int64_t unit = total < 0 ? -1 : 1;
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide share = static_cast<Wide>(total) * weights[i];
    parts[i] = static_cast<std::int64_t>(share / whole);
    rests[i] = share % whole * unit;
    left -= parts[i];
  }
  // What the truncation left is fewer units than there are parts with a remainder.
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  for (std::size_t i = 0; left != 0; ++i, left -= unit) parts[order[i]] += unit;
  return parts;
}

std::string to_decimal(std::int64_t minor, Currency currency) {
  std::string out = padded_digits(minor, currency.decimals());
  if (currency.decimals() > 0) {
    out.insert(out.size() - static_cast<std::size_t>(currency.decimals()), 1, '.');
  }
  if (minor < 0) out.insert(0, 1, '-');
  return out;
}

std::string to_text(Money amount) {
  std::string out = to_decimal(amount.minor, amount.currency);
  const std::size_t sign = amount.minor < 0 ? 1 : 0;
  for (std::size_t at = std::min(out.find('.'), out.size()); at > sign + 3;) {
    at -= 3;
    out.insert(at, 1, ',');
  }
  out += ' ';
  out += amount.currency.code();
  return out;
}

ParsedAmount parse_amount(std::string_view text, Currency currency) {
  ARREARS_REQUIRE(static_cast<bool>(currency));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return {0, AmountError::not_a_number};
  }
  if (whole.empty() || !text.empty()) return {0, AmountError::not_a_number};

  const auto decimals = static_cast<std::size_t>(currency.decimals());
  const std::string_view beyond = fraction.substr(std::min(decimals, fraction.size()));
  if (beyond.find_first_not_of('0') != std::string_view::npos) {
    return {0, AmountError::too_many_decimals};
  }
  std::string digits(whole);
  digits += fraction.substr(0, decimals);
  digits.append(decimals - std::min(decimals, fraction.size()), '0');
  std::int64_t minor = 0;
  for (const char c : digits) {
    minor = minor * 10 + (c - '0');
    if (minor > max_amount_minor) return {0, AmountError::beyond_maximum};
  }
  return {negative ? -minor : minor, {}};
}

}  // namespace arrears::money
