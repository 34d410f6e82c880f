#include "domain/receivables/allocate.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/checked.h"
#include "domain/receivables/timeline.h"

namespace arrears::receivables {

namespace {

using Refused = std::optional<AllocateRefusal>;

/// The source with what is left of it.
struct Source {
  AllocationSource id;
  const Payment* payment = nullptr;  ///< null: a credit
  money::Currency currency;
  Date dated_on;  ///< value date or issue date
  Timeline left;
};

base::Result<Source, AllocateRefusal> find_source(const Ledger& ledger,
                                                  const AllocationSource& id) {
  using enum AllocateRefusal;
  if (id.payment) {
    const Payment* payment = find_payment(ledger, id.payment);
    if (payment == nullptr || payment->cancelled || payment->reverses) return source_unknown;
    return Source{id, payment, payment->currency, payment->value_on,
                  payment_timeline(ledger, *payment)};
  }
  const Document* credit = find_document(ledger, id.credit);
  if (credit == nullptr || credit->cancelled) return source_unknown;
  if (find_instalment(*credit, id.credit_instalment) == nullptr) return source_unknown;
  if (credit->amount_minor > 0) return source_is_not_a_credit;
  return Source{id, nullptr, credit->currency, credit->issued_on,
                item_timelines(ledger, {{id.credit, id.credit_instalment}}).front().left};
}

/// The last day on which everything that is known has happened, or the day asked for.
constexpr Date end_of_days{std::numeric_limits<std::int32_t>::max()};

std::int64_t left_of(const Timeline& timeline, std::optional<Date> on) {
  return timeline.lowest_from(on.value_or(end_of_days));
}

Refused check_item(const Ledger& ledger, ItemKey key) {
  using enum AllocateRefusal;
  const Document* document = find_document(ledger, key.document);
  if (document == nullptr || document->cancelled) return document_unknown;
  if (find_instalment(*document, key.instalment) == nullptr) return document_unknown;
  if (document->amount_minor < 0) return target_is_credit;
  return std::nullopt;
}

/// Whether the source settles `key` at present.
bool is_applied_to(const Ledger& ledger, const Source& source, ItemKey key) {
  std::int64_t applied = 0;
  for (const Allocation& row : ledger.allocations) {
    if (ItemKey{row.document, row.instalment} != key || !counts(ledger, row)) continue;
    const bool from_source =
        source.payment ? row.kind == AllocationKind::payment && row.payment == source.id.payment
                       : row.kind == AllocationKind::credit && row.credit == source.id.credit &&
                             row.credit_instalment == source.id.credit_instalment;
    if (from_source) applied += row.amount_minor;
  }
  return applied > 0;
}

/// The early-payment discount that `source` may still leave unpaid on `item`.
std::int64_t discount_allowed(const Source& source, const ItemTimeline& item) {
  const Instalment& terms = *item.instalment;
  if (source.payment == nullptr || !terms.discount_until) return 0;
  if (source.payment->value_on > *terms.discount_until) return 0;
  const std::int64_t earning = terms.amount_minor - item.settled_without_discount;
  const std::int64_t whole =
      money::multiply_divide(terms.amount_minor - terms.discounted_minor, earning,
                             terms.amount_minor, money::Rounding::half_up);
  return std::max<std::int64_t>(0, whole - item.discount_taken);
}

/// One instalment to settle, with the rows' amounts.
struct Portion {
  const ItemTimeline* item = nullptr;
  std::int64_t amount_minor = 0;
  std::int64_t source_minor = 0;
  std::int64_t discount_minor = 0;
};

/// Makes the rows of portions that fit. `source_day`: from then on the source covers them all.
AllocationRows make_rows(const Source& source, const std::vector<Portion>& portions,
                         std::optional<Date> on, Date source_day) {
  AllocationRows rows;
  for (const Portion& portion : portions) {
    const ItemTimeline& item = *portion.item;
    Allocation row;
    row.kind = source.payment ? AllocationKind::payment : AllocationKind::credit;
    row.payment = source.id.payment;
    if (!source.payment) {
      row.credit = source.id.credit;
      row.credit_instalment = source.id.credit_instalment;
    }
    row.document = item.key.document;
    row.instalment = item.key.instalment;
    row.allocated_on =
        on ? *on
           : item.left.first_day_with(portion.amount_minor + portion.discount_minor,
                                      std::max(source_day, item.document->issued_on));
    row.amount_minor = portion.amount_minor;
    row.source_minor = portion.source_minor;
    rows.push_back(row);
    if (portion.discount_minor == 0) continue;
    row.kind = AllocationKind::discount;
    row.amount_minor = portion.discount_minor;
    row.source_minor = 0;
    rows.push_back(row);
  }
  return rows;
}

Refused check_targets(const Ledger& ledger, const Source& source,
                      const std::vector<AllocationTarget>& targets) {
  using enum AllocateRefusal;
  std::vector<ItemKey> keys;
  for (const AllocationTarget& target : targets) {
    const ItemKey key{target.document, target.instalment};
    if (const Refused refused = check_item(ledger, key)) return refused;
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return target_repeated;
  for (const AllocationTarget& target : targets) {
    if (target.amount_minor <= 0 || target.source_minor.value_or(1) <= 0) {
      return amount_not_positive;
    }
  }
  for (const AllocationTarget& target : targets) {
    const bool same = find_document(ledger, target.document)->currency == source.currency;
    if (!same && !target.source_minor) return currency_differs;
    if (same && target.source_minor && *target.source_minor != target.amount_minor) {
      return source_amount_differs;
    }
  }
  return std::nullopt;
}

const ItemTimeline& find_item(const std::vector<ItemTimeline>& items, ItemKey key) {
  return *std::lower_bound(
      items.begin(), items.end(), key,
      [](const ItemTimeline& item, ItemKey wanted) { return item.key < wanted; });
}

/// The items that may be settled oldest first, in that order, of those that are still open.
std::vector<const ItemTimeline*> oldest_first(const std::vector<ItemTimeline>& items,
                                              std::optional<Date> on) {
  std::vector<const ItemTimeline*> order;
  for (const ItemTimeline& item : items) {
    if (on && item.document->issued_on > *on) continue;
    if (left_of(item.left, on) > 0) order.push_back(&item);
  }
  const auto age = [](const ItemTimeline* item) {
    return std::tie(item->instalment->due_on, item->document->issued_on, item->document->number,
                    item->key);
  };
  std::sort(order.begin(), order.end(),
            [&age](const auto* a, const auto* b) { return age(a) < age(b); });
  return order;
}

/// Spreads `total` over `order`. See allocate_oldest_first for when discounts are taken.
std::vector<Portion> spread(const Source& source, const std::vector<const ItemTimeline*>& order,
                            std::int64_t total, std::optional<Date> on) {
  std::vector<Portion> portions;
  std::int64_t left = total;
  std::int64_t discounts = 0;
  for (const ItemTimeline* item : order) {
    if (left <= 0) break;
    const std::int64_t open = left_of(item->left, on);
    left -= open;
    discounts = base::checked_add(discounts, std::min(open - 1, discount_allowed(source, *item)));
    portions.push_back({item, open, open, 0});
  }
  if (left >= 0) return portions;
  std::int64_t short_of = -left;
  if (short_of > discounts) {
    // Not explained by discounts: the last one is settled in part.
    portions.back().amount_minor -= short_of;
    portions.back().source_minor -= short_of;
    return portions;
  }
  for (Portion& portion : portions) {
    const std::int64_t taken =
        std::min({short_of, portion.amount_minor - 1, discount_allowed(source, *portion.item)});
    portion.amount_minor -= taken;
    portion.source_minor -= taken;
    portion.discount_minor = taken;
    short_of -= taken;
  }
  return portions;
}

}  // namespace

base::Result<AllocationRows, AllocateRefusal> allocate(const Ledger& ledger,
                                                       const AllocateRequest& request) {
  using enum AllocateRefusal;
  ARREARS_REQUIRE(!request.targets.empty());
  const auto source = find_source(ledger, request.source);
  if (!source) return source.error();
  if (const Refused refused = check_targets(ledger, *source, request.targets)) return *refused;
  std::vector<ItemKey> keys;
  for (const AllocationTarget& target : request.targets) {
    keys.push_back({target.document, target.instalment});
  }
  const std::vector<ItemTimeline> items = item_timelines(ledger, keys);
  for (const ItemTimeline& item : items) {
    if (request.on && (*request.on < item.document->issued_on || *request.on < source->dated_on)) {
      return allocated_before_issue_or_value_date;
    }
  }
  const std::int64_t left = left_of(source->left, request.on);
  if (left <= 0) {
    const bool applied = std::all_of(
        keys.begin(), keys.end(), [&](ItemKey key) { return is_applied_to(ledger, *source, key); });
    return applied ? already_applied : nothing_unapplied;
  }
  for (const ItemTimeline& item : items) {
    if (left_of(item.left, request.on) <= 0) return nothing_open;
  }
  std::int64_t total = 0;
  for (const AllocationTarget& target : request.targets) {
    total = base::checked_add(total, target.source_minor.value_or(target.amount_minor));
  }
  if (total > left) return exceeds_unapplied;
  std::vector<Portion> portions;
  for (const AllocationTarget& target : request.targets) {
    const ItemTimeline& item = find_item(items, {target.document, target.instalment});
    const std::int64_t open = left_of(item.left, request.on);
    if (target.amount_minor > open) return exceeds_open_amount;
    const std::int64_t rest = open - target.amount_minor;
    portions.push_back({&item, target.amount_minor,
                        target.source_minor.value_or(target.amount_minor),
                        rest <= discount_allowed(*source, item) ? rest : 0});
  }
  return make_rows(*source, portions, request.on,
                   source->left.first_day_with(total, source->dated_on));
}

base::Result<AllocationRows, AllocateRefusal> allocate_oldest_first(
    const Ledger& ledger, const AllocateOldestFirstRequest& request) {
  using enum AllocateRefusal;
  const auto source = find_source(ledger, request.source);
  if (!source) return source.error();
  std::vector<ItemKey> keys = request.items;
  for (const ItemKey key : keys) {
    if (const Refused refused = check_item(ledger, key)) return *refused;
  }
  if (request.total_minor && *request.total_minor <= 0) return amount_not_positive;
  for (const ItemKey key : keys) {
    if (find_document(ledger, key.document)->currency != source->currency) return currency_differs;
  }
  if (request.on && *request.on < source->dated_on) return allocated_before_issue_or_value_date;
  if (keys.empty()) {
    for (const Document& document : ledger.documents) {
      const bool owed = !document.cancelled && document.amount_minor > 0;
      if (!owed || document.currency != source->currency) continue;
      for (const ItemKey key : keys_of(document)) keys.push_back(key);
    }
  }
  const std::int64_t left = left_of(source->left, request.on);
  if (left <= 0) return nothing_unapplied;
  const std::vector<ItemTimeline> items = item_timelines(ledger, std::move(keys));
  const std::vector<const ItemTimeline*> order = oldest_first(items, request.on);
  if (order.empty()) return nothing_open;
  const std::int64_t total = request.total_minor.value_or(left);
  if (total > left) return exceeds_unapplied;
  const std::vector<Portion> portions = spread(*source, order, total, request.on);
  std::int64_t used = 0;
  for (const Portion& portion : portions) used += portion.source_minor;
  return make_rows(*source, portions, request.on,
                   source->left.first_day_with(used, source->dated_on));
}

std::int64_t allocatable_from(const Ledger& ledger, const AllocationSource& source,
                              std::optional<Date> on) {
  const auto found = find_source(ledger, source);
  ARREARS_REQUIRE(found.ok());
  return left_of(found->left, on);
}

std::int64_t allocatable_to(const Ledger& ledger, ItemKey item, std::optional<Date> on) {
  return left_of(item_timelines(ledger, {item}).front().left, on);
}

}  // namespace arrears::receivables
