#include "domain/receivables/ledger.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/checked.h"

namespace arrears::receivables {

using base::checked_add;
using base::checked_sub;

namespace {

template <class Key>
using Sums = std::vector<std::pair<Key, std::int64_t>>;

/// Sorts by key and leaves one entry per key.
template <class Key>
void sum_by_key(Sums<Key>& sums) {
  std::sort(sums.begin(), sums.end());
  auto last = sums.begin();
  for (auto next = sums.begin(); next != sums.end(); ++next) {
    if (next == sums.begin()) continue;
    if (next->first == last->first) {
      last->second = checked_add(last->second, next->second);
    } else {
      *++last = *next;
    }
  }
  if (!sums.empty()) sums.erase(last + 1, sums.end());
}

template <class Key>
std::int64_t sum_of(const Sums<Key>& sums, Key key) {
  const auto found =
      std::lower_bound(sums.begin(), sums.end(), key,
                       [](const auto& entry, const Key& wanted) { return entry.first < wanted; });
  return found != sums.end() && found->first == key ? found->second : 0;
}

/// What to take from the amount of each instalment for the allocations dated by `as_of`.
Sums<ItemKey> settled_by(const Ledger& ledger, Date as_of) {
  Sums<ItemKey> settled;
  settled.reserve(ledger.allocations.size());
  for (const Allocation& row : ledger.allocations) {
    if (row.allocated_on > as_of || !counts(ledger, row)) continue;
    settled.push_back({{row.document, row.instalment}, row.amount_minor});
    if (row.kind == AllocationKind::credit) {
      settled.push_back({{row.credit, row.credit_instalment}, -row.source_minor});
    }
  }
  sum_by_key(settled);
  return settled;
}

template <class Row, class RowId>
const Row* find_by_id(const std::vector<Row>& rows, RowId id) {
  const auto found = std::lower_bound(rows.begin(), rows.end(), id,
                                      [](const Row& row, RowId wanted) { return row.id < wanted; });
  return found != rows.end() && found->id == id ? &*found : nullptr;
}

Aging& row_of(std::vector<Aging>& rows, money::Currency currency) {
  for (Aging& row : rows) {
    if (row.currency == currency) return row;
  }
  rows.emplace_back().currency = currency;
  return rows.back();
}

}  // namespace

const Document* find_document(const Ledger& ledger, DocumentId id) {
  return find_by_id(ledger.documents, id);
}

const Payment* find_payment(const Ledger& ledger, PaymentId id) {
  return find_by_id(ledger.payments, id);
}

const Payment* find_reversal(const Ledger& ledger, PaymentId payment) {
  for (const Payment& row : ledger.payments) {
    if (row.reverses == payment && !row.cancelled) return &row;
  }
  return nullptr;
}

const Instalment* find_instalment(const Document& document, int number) {
  for (const Instalment& instalment : document.instalments) {
    if (instalment.number == number) return &instalment;
  }
  return nullptr;
}

bool counts(const Ledger& ledger, const Allocation& allocation) {
  const Document* document = find_document(ledger, allocation.document);
  if (document != nullptr && document->cancelled) return false;
  if (allocation.kind == AllocationKind::credit) {
    const Document* credit = find_document(ledger, allocation.credit);
    return credit == nullptr || !credit->cancelled;
  }
  const Payment* payment = find_payment(ledger, allocation.payment);
  return payment == nullptr || !payment->cancelled;
}

std::vector<OpenItem> open_items(const Ledger& ledger, Date as_of) {
  const Sums<ItemKey> settled = settled_by(ledger, as_of);
  std::vector<OpenItem> items;
  for (const Document& document : ledger.documents) {
    if (document.cancelled || document.issued_on > as_of) continue;
    for (const Instalment& instalment : document.instalments) {
      const std::int64_t open = checked_sub(
          instalment.amount_minor, sum_of(settled, ItemKey{document.id, instalment.number}));
      if (open == 0) continue;
      items.push_back(
          {&document, &instalment, open, calendar::days_overdue(instalment.due_on, as_of)});
    }
  }
  std::sort(items.begin(), items.end(), [](const OpenItem& a, const OpenItem& b) {
    return std::tie(a.instalment->due_on, a.document->number, a.document->id,
                    a.instalment->number) <
           std::tie(b.instalment->due_on, b.document->number, b.document->id, b.instalment->number);
  });
  return items;
}

std::int64_t open_amount(const Ledger& ledger, DocumentId document, int instalment, Date as_of) {
  const Document* found = find_document(ledger, document);
  if (found == nullptr || found->cancelled || found->issued_on > as_of) return 0;
  const Instalment* part = find_instalment(*found, instalment);
  if (part == nullptr) return 0;
  std::int64_t open = part->amount_minor;
  for (const Settlement& movement : settlements(ledger, document, instalment)) {
    if (movement.allocated_on <= as_of) open = checked_sub(open, movement.amount_minor);
  }
  return open;
}

std::vector<UnappliedPayment> unapplied_payments(const Ledger& ledger, Date as_of) {
  Sums<PaymentId> used;
  for (const Allocation& row : ledger.allocations) {
    if (row.kind != AllocationKind::payment || row.allocated_on > as_of) continue;
    if (counts(ledger, row)) used.push_back({row.payment, row.source_minor});
  }
  for (const Payment& payment : ledger.payments) {
    if (!payment.reverses || payment.cancelled || payment.value_on > as_of) continue;
    used.push_back({payment.reverses, -payment.amount_minor});
  }
  sum_by_key(used);
  std::vector<UnappliedPayment> unapplied;
  for (const Payment& payment : ledger.payments) {
    if (payment.reverses || payment.cancelled || payment.value_on > as_of) continue;
    const std::int64_t left = checked_sub(payment.amount_minor, sum_of(used, payment.id));
    if (left != 0) unapplied.push_back({&payment, left});
  }
  return unapplied;
}

const std::array<std::string_view, bucket_count> bucket_names = {"not_due", "1_30",   "31_60",
                                                                 "61_90",   "91_120", "over_120"};

int aging_bucket(int days_overdue) {
  if (days_overdue <= 0) return 0;
  return std::min((days_overdue - 1) / 30 + 1, bucket_count - 1);
}

std::int64_t Aging::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t bucket : buckets) sum = checked_add(sum, bucket);
  return sum;
}

std::int64_t Aging::balance() const {
  return checked_sub(checked_sub(total(), credits), unapplied_cash);
}

std::int64_t Aging::overdue() const {
  return std::max<std::int64_t>(0, checked_sub(balance(), buckets[0]));
}

std::vector<Aging> aging(const Ledger& ledger, Date as_of) {
  std::vector<Aging> rows;
  for (const OpenItem& item : open_items(ledger, as_of)) {
    Aging& row = row_of(rows, item.document->currency);
    if (item.open_minor < 0) {
      row.credits = checked_sub(row.credits, item.open_minor);
      continue;
    }
    ++row.open_items;
    std::int64_t& bucket = row.buckets[aging_bucket(item.days_overdue)];
    bucket = checked_add(bucket, item.open_minor);
  }
  for (const UnappliedPayment& payment : unapplied_payments(ledger, as_of)) {
    Aging& row = row_of(rows, payment.payment->currency);
    row.unapplied_cash = checked_add(row.unapplied_cash, payment.unapplied_minor);
  }
  std::sort(rows.begin(), rows.end(),
            [](const Aging& a, const Aging& b) { return a.currency < b.currency; });
  return rows;
}

void add_to(Aging& sum, const Aging& other) {
  ARREARS_REQUIRE(sum.currency == other.currency);
  sum.open_items = checked_add(sum.open_items, other.open_items);
  for (int i = 0; i < bucket_count; ++i) {
    sum.buckets[i] = checked_add(sum.buckets[i], other.buckets[i]);
  }
  sum.credits = checked_add(sum.credits, other.credits);
  sum.unapplied_cash = checked_add(sum.unapplied_cash, other.unapplied_cash);
}

std::vector<Settlement> settlements(const Ledger& ledger, DocumentId document, int instalment) {
  std::vector<std::pair<AllocationId, Settlement>> found;
  const ItemKey wanted{document, instalment};
  for (const Allocation& row : ledger.allocations) {
    const bool settles = ItemKey{row.document, row.instalment} == wanted;
    const bool is_used =
        row.kind == AllocationKind::credit && ItemKey{row.credit, row.credit_instalment} == wanted;
    if ((!settles && !is_used) || !counts(ledger, row)) continue;
    Settlement movement{row.allocated_on, row.allocated_on,
                        settles ? row.amount_minor : -row.source_minor, row.kind};
    if (row.kind == AllocationKind::credit) {
      const Document* credit = find_document(ledger, row.credit);
      if (credit != nullptr) movement.valued_on = credit->issued_on;
    } else if (const Payment* payment = find_payment(ledger, row.payment)) {
      movement.valued_on = payment->value_on;
    }
    found.push_back({row.id, movement});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.allocated_on, a.first) < std::tie(b.second.allocated_on, b.first);
  });
  std::vector<Settlement> movements;
  movements.reserve(found.size());
  for (const auto& [id, movement] : found) movements.push_back(movement);
  return movements;
}

std::optional<Date> settled_on(const Ledger& ledger, DocumentId document, int instalment,
                               Date as_of) {
  const Document* found = find_document(ledger, document);
  if (found == nullptr || found->cancelled || found->issued_on > as_of) return std::nullopt;
  const Instalment* part = find_instalment(*found, instalment);
  if (part == nullptr) return std::nullopt;
  std::int64_t open = part->amount_minor;
  std::optional<Date> settled;
  const std::vector<Settlement> movements = settlements(ledger, document, instalment);
  for (std::size_t i = 0; i < movements.size() && movements[i].allocated_on <= as_of; ++i) {
    open = checked_sub(open, movements[i].amount_minor);
    const Date day = movements[i].allocated_on;
    if (i + 1 < movements.size() && movements[i + 1].allocated_on == day) continue;
    if (open != 0) {
      settled.reset();
    } else if (!settled) {
      settled = day;
    }
  }
  return settled;
}

}  // namespace arrears::receivables
