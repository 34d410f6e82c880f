#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
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

/// What the factors of a group are, in base currency.
struct RankingInput {
  std::int64_t overdue = 0;
  std::int64_t balance = 0;
  std::int64_t balance_before = 0;  ///< 0: not known, or nothing to grow from
  Wide late_weighted = 0;
  Wide late_amount = 0;
  int days_overdue = 0;
  int broken_promises = 0;
  int follow_ups_due = 0;
};

/// What of an open item is not to be chased.
struct Cover {
  std::uint32_t ref = 0;
  std::int64_t promised = 0;
  std::int64_t disputed = 0;
};

/// The bands of a factor, which rise. Which of them a value reaches nobody can guess: what the
/// values of its bit width reach at least is looked up, the few bands beyond are all compared.
class Bands {
 public:
  Bands() : Bands(std::vector<strategy::Band>{}) {}
  explicit Bands(const std::vector<strategy::Band>& bands) {
    points_.push_back(0);
    for (const strategy::Band& band : bands) {
      at_least_.push_back(band.at_least);
      points_.push_back(band.points);
    }
    const auto count = static_cast<std::uint32_t>(at_least_.size());
    const auto reaches = [&](std::uint32_t band, std::uint64_t value) {
      return at_least_[band] <= 0 || static_cast<std::uint64_t>(at_least_[band]) <= value;
    };
    std::uint32_t reached = 0;
    for (int width = 0; width < 64; ++width) {
      const std::uint64_t above = std::uint64_t{1} << width;  // all values of the width are below
      while (reached < count && reaches(reached, above / 2)) ++reached;
      reached_[width] = reached;
      std::uint32_t most = reached;
      while (most < count && reaches(most, above - 1)) ++most;
      beyond_ = std::max(beyond_, most - reached);
    }
    // Beyond the last band there is nothing more to reach.
    at_least_.insert(at_least_.end(), beyond_, std::numeric_limits<std::int64_t>::max());
    points_.insert(points_.end(), beyond_, points_.back());
  }

  /// As PointsTable::points; no value is negative.
  int points(std::int64_t value) const {
    const auto above = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value));
    const std::uint32_t least = reached_[std::bit_width(above)];
    std::uint32_t reached = least;
    for (std::uint32_t i = 0; i < beyond_; ++i) reached += value >= at_least_[least + i];
    return points_[reached];
  }

 private:
  std::vector<std::int64_t> at_least_;
  std::vector<int> points_;                  ///< by the number of bands reached
  std::array<std::uint32_t, 64> reached_{};  ///< by all values of the bit width
  std::uint32_t beyond_ = 0;                 ///< most that are reached by some of a width only
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
  bool asks_present = false;  ///< known at the latest, and no look-back goes beyond the plain days
  std::uint8_t base = 0;      ///< number of the base currency; 255 where the book has none of it

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
    for (std::size_t i = 0; i < bands.size(); ++i) bands[i] = Bands(q.strategy.points.bands[i]);
    const auto found = std::find(book.begin(), book.end(), q.base);
    asks_present =
        q.as_of.known_at == latest && plain_before && before <= day && settled_since <= day;
    base = found == book.end() ? 255 : static_cast<std::uint8_t>(found - book.begin());
  }

  int points(Factor factor, std::int64_t value) const {
    return bands[static_cast<std::size_t>(factor)].points(value);
  }

  std::optional<std::int64_t> in_base(std::int64_t minor, std::uint8_t currency) const {
    if (minor == 0 || currency == base) return minor;
    const auto converted = query.rates.convert({minor, currencies[currency]}, query.base, day);
    return converted ? std::optional(converted->minor) : std::nullopt;
  }
};

}  // namespace arrears::portfolio
