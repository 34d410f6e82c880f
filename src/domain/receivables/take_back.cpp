#include "domain/receivables/take_back.h"

#include <algorithm>

namespace arrears::receivables {

namespace {

/// What of an allocation is not taken back, over all days.
struct Applied {
  const Allocation* row = nullptr;
  std::int64_t amount_minor = 0;
  std::int64_t source_minor = 0;
  Date last_reversal;
};

/// The allocations of `ledger` for which `wanted`, with what is left of each, in order of id.
template <class Wanted>
std::vector<Applied> applied_rows(const Ledger& ledger, Wanted wanted) {
  std::vector<Applied> applied;
  for (const Allocation& row : ledger.allocations) {
    if (!row.reverses && wanted(row) && counts(ledger, row)) {
      applied.push_back({&row, row.amount_minor, row.source_minor, row.allocated_on});
    }
  }
  const auto by_id = [](const Applied& a, const Applied& b) { return a.row->id < b.row->id; };
  std::sort(applied.begin(), applied.end(), by_id);
  for (const Allocation& row : ledger.allocations) {
    if (!row.reverses) continue;
    const auto found =
        std::lower_bound(applied.begin(), applied.end(), row.reverses,
                         [](const Applied& a, AllocationId id) { return a.row->id < id; });
    if (found == applied.end() || found->row->id != row.reverses) continue;
    found->amount_minor += row.amount_minor;
    found->source_minor += row.source_minor;
    found->last_reversal = std::max(found->last_reversal, row.allocated_on);
  }
  return applied;
}

/// The row that takes `amount` back. The share of the source is rounded half up, the last part
/// takes the rest.
Allocation reversal_of(const Applied& applied, std::int64_t amount, Date on) {
  Allocation row = *applied.row;
  row.id = {};
  row.reverses = applied.row->id;
  row.allocated_on = std::max(on, applied.row->allocated_on);
  row.amount_minor = -amount;
  std::int64_t source = applied.source_minor;
  if (amount < applied.amount_minor) {
    source = std::min(
        source, money::multiply_divide(applied.row->source_minor, amount, applied.row->amount_minor,
                                       money::Rounding::half_up));
  }
  row.source_minor = -source;
  return row;
}

}  // namespace

base::Result<AllocationRows, UnallocateRefusal> unallocate(const Ledger& ledger,
                                                           const UnallocateRequest& request) {
  using enum UnallocateRefusal;
  const std::vector<Applied> found =
      applied_rows(ledger, [&](const Allocation& row) { return row.id == request.allocation; });
  if (found.empty()) return allocation_unknown;
  const Applied& applied = found.front();
  const Allocation& allocation = *applied.row;
  if (allocation.kind == AllocationKind::discount) return is_a_discount;
  if (request.amount_minor && *request.amount_minor <= 0) return amount_not_positive;
  if (request.on < allocation.allocated_on) return before_allocation_date;
  if (applied.amount_minor <= 0) return already_unapplied;
  const std::int64_t amount = request.amount_minor.value_or(applied.amount_minor);
  if (amount > applied.amount_minor) return exceeds_allocation;
  AllocationRows rows = {reversal_of(applied, amount, request.on)};
  if (allocation.kind == AllocationKind::credit) return rows;
  const std::vector<Applied> discounts = applied_rows(ledger, [&](const Allocation& row) {
    return row.kind == AllocationKind::discount && row.payment == allocation.payment &&
           row.document == allocation.document && row.instalment == allocation.instalment;
  });
  for (const Applied& discount : discounts) {
    if (discount.amount_minor == 0) continue;
    rows.push_back(reversal_of(discount, discount.amount_minor, request.on));
  }
  return rows;
}

base::Result<BounceDecision, BounceRefusal> bounce(const Ledger& ledger,
                                                   const BounceRequest& request) {
  using enum BounceRefusal;
  const Payment* payment = find_payment(ledger, request.payment);
  if (payment == nullptr || payment->cancelled || payment->reverses) return payment_unknown;
  if (find_reversal(ledger, payment->id) != nullptr) return already_bounced;
  if (request.on < payment->value_on) return before_value_date;
  const std::vector<Applied> rows = applied_rows(ledger, [&](const Allocation& row) {
    return row.kind != AllocationKind::credit && row.payment == payment->id;
  });
  BounceDecision decision;
  for (const Applied& applied : rows) {
    // Until that later day it would be applied although the money is gone.
    if (applied.last_reversal > std::max(request.on, applied.row->allocated_on)) {
      return before_unallocation;
    }
    if (applied.amount_minor == 0) continue;
    decision.reversals.push_back(reversal_of(applied, applied.amount_minor, request.on));
  }
  decision.reversal = *payment;
  decision.reversal.id = {};
  decision.reversal.version = 1;
  decision.reversal.reverses = payment->id;
  decision.reversal.number = request.number;
  decision.reversal.value_on = request.on;
  decision.reversal.amount_minor = -payment->amount_minor;
  decision.reversal.reference = request.reason;
  return decision;
}

}  // namespace arrears::receivables
