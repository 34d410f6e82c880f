#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/portfolio/ranking.h"

/// What the ranking keeps of its query and of a customer. Inside of ranking.cpp only.
namespace arrears::portfolio {

using base::checked_add;
using base::checked_sub;
using strategy::Factor;

/// What a customer has in one currency.
struct CustomerSums {
  std::uint8_t currency = 0;  ///< number in the book
  std::int64_t not_due = 0;
  std::int64_t overdue = 0;
  std::int64_t credits = 0;
  std::int64_t unapplied = 0;
  std::int64_t before = 0;  ///< balance at the start of the look-back
  std::int32_t oldest_due = 0;

  std::int64_t balance() const {
    return checked_sub(checked_add(not_due, overdue), checked_add(credits, unapplied));
  }
  std::int64_t net_overdue() const {
    return std::max<std::int64_t>(0, checked_sub(overdue, checked_add(credits, unapplied)));
  }
};

/// What of an open item is not to be chased.
struct Cover {
  std::uint32_t ref = 0;
  std::int64_t promised = 0;
  std::int64_t disputed = 0;
};

/// The bands of a factor, which rise.
struct Bands {
  std::vector<std::int64_t> at_least;
  std::vector<int> points;  ///< by the number of bands reached
};

/// Days, points and conversions of a query, worked out once.
struct RankingContext {
  const RankingQuery& query;
  const std::vector<money::Currency>& currencies;
  Date day;
  Date before;
  Date settled_since;
  std::int32_t quiet_until;     ///< last day on which a movement changes no balance asked for
  std::int32_t promises_since;  ///< earliest deadline of a promise that may count as broken
  std::optional<Day> plain_day;
  std::optional<Day> plain_before;
  Day plain_since = 0;
  std::array<Bands, strategy::factor_count> bands;  ///< by factor
  std::uint8_t base = 0;  ///< number of the base currency; 255 where the book has none of it

  RankingContext(const RankingQuery& q, const std::vector<money::Currency>& book)
      : query(q),
        currencies(book),
        day(q.as_of.day),
        before(day - q.strategy.rising_balance_days),
        settled_since(calendar::add_months(day, -q.strategy.settled_history_months)),
        quiet_until(std::min(before.days, settled_since.days)),
        promises_since(day.days - q.strategy.broken_promise_days),
        plain_day(plain_day_of(day)),
        plain_before(plain_day_of(before)) {
    // Nothing plain is settled on the first day of all without being issued on it.
    plain_since = plain_day_of(settled_since).value_or(0);
    for (std::size_t i = 0; i < bands.size(); ++i) {
      bands[i].points.push_back(0);
      for (const strategy::Band& band : q.strategy.points.bands[i]) {
        bands[i].at_least.push_back(band.at_least);
        bands[i].points.push_back(band.points);
      }
    }
    const auto found = std::find(book.begin(), book.end(), q.base);
    base = found == book.end() ? 255 : static_cast<std::uint8_t>(found - book.begin());
  }

  /// As PointsTable::points, without a branch per band: which band it is nobody can guess.
  int points(Factor factor, std::int64_t value) const {
    const Bands& steps = bands[static_cast<std::size_t>(factor)];
    std::size_t reached = 0;
    for (const std::int64_t least : steps.at_least) reached += value >= least;
    return steps.points[reached];
  }

  std::optional<std::int64_t> in_base(std::int64_t minor, std::uint8_t currency) const {
    if (minor == 0 || currency == base) return minor;
    const auto converted = query.rates.convert({minor, currencies[currency]}, query.base, day);
    return converted ? std::optional(converted->minor) : std::nullopt;
  }
};

}  // namespace arrears::portfolio
