#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/money/money.h"

namespace arrears::money {

constexpr std::int64_t rate_scale = 1'000'000'000;

/// On `on`, one major unit of `base` is worth `scaled / rate_scale` major units of `quote`
/// (the ECB publishes base EUR).
struct Rate {
  Currency base;
  Currency quote;
  calendar::Date on;
  std::int64_t scaled = 0;  ///< > 0
};

/// A decimal ("1.0843", up to 9 digits on either side of the point) as a scaled rate; nothing if it
/// is not a positive number.
std::optional<std::int64_t> parse_rate(std::string_view text);

/// All known rates, looked up by day. A rate holds from its day until the next one of the pair,
/// for at most `max_age_days`, both days included; of two for one day the later in the list counts.
class RateTable {
 public:
  static constexpr int max_age_days = 31;

  RateTable() = default;
  explicit RateTable(std::vector<Rate> rates);

  /// `amount` in `target` at the rates of `on`: directly, else inversely, else crossed through one
  /// common currency (EUR before others, those by code); rounded half up once. Nothing where a rate
  /// is missing (never 1) or the result is beyond 64 bits.
  std::optional<Money> convert(Money amount, Currency target, calendar::Date on) const;

 private:
  struct Ratio {
    std::int64_t over = 1;
    std::int64_t under = 1;
  };

  std::optional<Ratio> ratio(Currency from, Currency to, calendar::Date on) const;
  std::optional<Rate> find(Currency base, Currency quote, calendar::Date on) const;

  std::vector<Rate> rates_;           ///< sorted by (base, quote, on)
  std::vector<Currency> currencies_;  ///< that a cross may go through, in the order of preference
};

}  // namespace arrears::money
