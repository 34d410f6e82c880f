#include "domain/receivables/timeline.h"

#include <algorithm>

#include "base/checked.h"

namespace arrears::receivables {

Timeline::Timeline(std::vector<std::pair<Date, std::int64_t>> changes) {
  std::sort(changes.begin(), changes.end());
  std::int64_t level = 0;
  for (const auto& [day, change] : changes) {
    level = base::checked_add(level, change);
    if (!levels_.empty() && levels_.back().first == day) {
      levels_.back().second = level;
    } else {
      levels_.push_back({day, level});
    }
  }
}

std::int64_t Timeline::final_level() const { return levels_.empty() ? 0 : levels_.back().second; }

std::int64_t Timeline::lowest_from(Date day) const {
  std::int64_t lowest = final_level();
  for (auto it = levels_.rbegin(); it != levels_.rend(); ++it) {
    lowest = std::min(lowest, it->second);
    if (it->first <= day) return lowest;
  }
  return std::min<std::int64_t>(lowest, 0);
}

std::int64_t Timeline::lowest() const {
  return levels_.empty() ? 0 : lowest_from(levels_.front().first);
}

Date Timeline::first_day_with(std::int64_t level, Date earliest) const {
  ARREARS_REQUIRE(level <= final_level());
  for (auto it = levels_.rbegin(); it != levels_.rend(); ++it) {
    if (it->second < level) return std::max(earliest, std::prev(it)->first);
  }
  return levels_.empty() ? earliest : std::max(earliest, levels_.front().first);
}

bool Timeline::is_below(std::int64_t level, Date day) const {
  for (const auto& [from, from_then] : levels_) {
    if (from < day && from_then < level) return true;
  }
  return false;
}

namespace {

struct Changes {
  std::vector<std::pair<Date, std::int64_t>> on;
  std::int64_t settled_without_discount = 0;
  std::int64_t discount_taken = 0;
};

/// Books the settling side of `row` on its instalment.
void settle(Changes& changes, const Ledger& ledger, const Allocation& row,
            const Instalment& instalment) {
  changes.on.push_back({row.allocated_on, -row.amount_minor});
  if (row.kind == AllocationKind::discount) {
    changes.discount_taken += row.amount_minor;
    return;
  }
  const Payment* payment =
      row.kind == AllocationKind::payment ? find_payment(ledger, row.payment) : nullptr;
  const bool in_time =
      payment && instalment.discount_until && payment->value_on <= *instalment.discount_until;
  if (!in_time) changes.settled_without_discount += row.amount_minor;
}

}  // namespace

std::vector<ItemTimeline> item_timelines(const Ledger& ledger, std::vector<ItemKey> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::vector<ItemTimeline> timelines;
  timelines.reserve(keys.size());
  std::vector<Changes> changes(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Document* document = find_document(ledger, keys[i].document);
    ARREARS_REQUIRE(document != nullptr && !document->cancelled);
    const Instalment* instalment = find_instalment(*document, keys[i].instalment);
    ARREARS_REQUIRE(instalment != nullptr);
    timelines.push_back({keys[i], document, instalment, Timeline({}), 0, 0});
    const std::int64_t amount = instalment->amount_minor;
    changes[i].on.push_back({document->issued_on, amount < 0 ? -amount : amount});
  }
  const auto position = [&keys](ItemKey key) {
    const auto found = std::lower_bound(keys.begin(), keys.end(), key);
    return found != keys.end() && *found == key ? found - keys.begin() : -1;
  };
  for (const Allocation& row : ledger.allocations) {
    const auto settled = position({row.document, row.instalment});
    const auto used =
        row.kind == AllocationKind::credit ? position({row.credit, row.credit_instalment}) : -1;
    if ((settled < 0 && used < 0) || !counts(ledger, row)) continue;
    if (settled >= 0) settle(changes[settled], ledger, row, *timelines[settled].instalment);
    if (used >= 0) changes[used].on.push_back({row.allocated_on, -row.source_minor});
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    timelines[i].left = Timeline(std::move(changes[i].on));
    timelines[i].settled_without_discount = changes[i].settled_without_discount;
    timelines[i].discount_taken = changes[i].discount_taken;
  }
  return timelines;
}

Timeline payment_timeline(const Ledger& ledger, const Payment& payment) {
  std::vector<std::pair<Date, std::int64_t>> changes;
  if (!payment.reverses) changes.push_back({payment.value_on, payment.amount_minor});
  for (const Payment& other : ledger.payments) {
    if (other.reverses == payment.id && !other.cancelled) {
      changes.push_back({other.value_on, other.amount_minor});
    }
  }
  for (const Allocation& row : ledger.allocations) {
    if (row.kind == AllocationKind::payment && row.payment == payment.id && counts(ledger, row)) {
      changes.push_back({row.allocated_on, -row.source_minor});
    }
  }
  return Timeline(std::move(changes));
}

std::vector<ItemKey> keys_of(const Document& document) {
  std::vector<ItemKey> keys;
  for (const Instalment& instalment : document.instalments) {
    keys.push_back({document.id, instalment.number});
  }
  return keys;
}

}  // namespace arrears::receivables
