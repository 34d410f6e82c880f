#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/checked.h"

namespace arrears::money {

/// An ISO 4217 currency. Made by `parse_currency`; the default is "no currency".
class Currency {
 public:
  constexpr Currency() = default;
  std::string_view code() const { return code_[0] ? std::string_view(code_.data(), 3) : ""; }
  /// Decimal places of the minor unit: USD 2, JPY 0, KWD 3.
  int decimals() const { return decimals_; }
  explicit operator bool() const { return code_[0] != 0; }
  bool operator==(const Currency& other) const { return code_ == other.code_; }
  auto operator<=>(const Currency& other) const { return code_ <=> other.code_; }

 private:
  friend std::optional<Currency> parse_currency(std::string_view code);
  std::array<char, 3> code_{};
  std::int8_t decimals_ = 0;
};

/// The currency of a three-letter code in upper case; nothing for an unknown one.
std::optional<Currency> parse_currency(std::string_view code);

/// Largest amount of one document, payment or promise, in minor units: 10^15 - 1 (that is
/// 9,999,999,999,999.99 in a currency of two decimals). Sums are checked 64-bit.
constexpr std::int64_t max_amount_minor = 999'999'999'999'999;

/// Why a text is not an amount.
enum class AmountError : unsigned char { not_a_number, too_many_decimals, beyond_maximum };

/// An amount in minor units of its currency. Adding different currencies is a mistake of ours.
struct Money {
  std::int64_t minor = 0;
  Currency currency;
  bool operator==(const Money&) const = default;
};

Money operator+(Money a, Money b);
Money operator-(Money a, Money b);
Money operator-(Money a);

/// How a division ends when it does not come out even. `half_up` and `up` go away from zero, `down`
/// goes towards it, so that a credit is rounded like the invoice it mirrors.
enum class Rounding : unsigned char { half_up, half_even, down, up };

/// numerator * factor / divisor with 128-bit intermediate; divisor > 0.
std::int64_t multiply_divide(std::int64_t value, std::int64_t factor, std::int64_t divisor,
                             Rounding rounding);

/// Splits `total` in proportion to `weights` (each >= 0, not all 0). The parts sum to the total;
/// each differs from its exact share by less than one minor unit (largest remainder, ties to the
/// earlier part).
std::vector<std::int64_t> split(std::int64_t total, const std::vector<std::int64_t>& weights);

/// Plain decimal: "12500.00", "-3.50", JPY "100001". The form of JSON and CSV.
std::string to_decimal(std::int64_t minor, Currency currency);
/// For people: "12,500.00 USD".
std::string to_text(Money amount);

struct ParsedAmount {
  std::int64_t minor = 0;
  std::optional<AmountError> error;
};
/// Reads a plain decimal ("-12500.00", "+7", ".5" is refused) in the currency's decimals; trailing
/// zeros beyond them are accepted ("100.000" JPY), other digits there are not.
ParsedAmount parse_amount(std::string_view text, Currency currency);

}  // namespace arrears::money
