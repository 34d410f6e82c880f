#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/receivables/ledger.h"

/// What is left of an instalment, credit or payment over all days, past and future. The decisions
/// of this room look at the lowest level from a day on, because a row dated in the past also takes
/// from every later day.
namespace arrears::receivables {

/// A level that changes on days. It is 0 before the first change.
class Timeline {
 public:
  /// `changes`: in any order.
  explicit Timeline(std::vector<std::pair<Date, std::int64_t>> changes);

  /// Level after the last change.
  std::int64_t final_level() const;
  /// Lowest level on `day` or any later day.
  std::int64_t lowest_from(Date day) const;
  /// Lowest level from the first change on; 0 where there is none.
  std::int64_t lowest() const;
  /// First day, not before `earliest`, from which on the level never falls below `level`.
  /// `level` must not exceed the final level.
  Date first_day_with(std::int64_t level, Date earliest) const;
  /// Whether the level is below `level` on some day before `day`, from the first change on.
  bool is_below(std::int64_t level, Date day) const;

 private:
  std::vector<std::pair<Date, std::int64_t>> levels_;  ///< level from that day on, days rising
};

/// What is left of an instalment that settles or is settled.
struct ItemTimeline {
  ItemKey key;
  const Document* document = nullptr;
  const Instalment* instalment = nullptr;
  Timeline left;  ///< from the issue date on, as a positive amount, also of a credit
  /// Of what is settled now: by credits and by payments valued after `discount_until`.
  std::int64_t settled_without_discount = 0;
  std::int64_t discount_taken = 0;
};

/// The timelines of `keys` (each known to the ledger and not cancelled), in order of key, in one
/// pass over the allocations.
std::vector<ItemTimeline> item_timelines(const Ledger& ledger, std::vector<ItemKey> keys);

/// What is left of `payment` from its value date on: less its allocations and its reversals.
Timeline payment_timeline(const Ledger& ledger, const Payment& payment);

/// All instalments of the document as keys.
std::vector<ItemKey> keys_of(const Document& document);

}  // namespace arrears::receivables
