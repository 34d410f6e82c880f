#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "domain/receivables/ledger.h"

/// Cash application: what part of a payment or credit settles which instalments.

#define ARREARS_ALLOCATE_REFUSALS(R)                                                             \
  R(source_unknown, "Check the number: this customer has no such payment or credit in force.")   \
  R(source_is_not_a_credit, "Allocate from a payment or from a negative document.")              \
  R(document_unknown, "Check the number: this customer has no such instalment in force.")        \
  R(target_is_credit, "A credit settles other documents: name it as the source.")                \
  R(target_repeated, "Name each instalment once, with the sum of its amounts.")                  \
  R(amount_not_positive, "Give amounts above 0.")                                                \
  R(currency_differs, "Across currencies, give the amount in each of the two currencies.")       \
  R(source_amount_differs, "In one currency both amounts are the same: give one of them.")       \
  R(allocated_before_issue_or_value_date,                                                        \
    "Choose a day on or after the issue date and the value date.")                               \
  R(already_applied, "This source is applied to it in full already: nothing is left to do.")     \
  R(nothing_unapplied, "Nothing of the source is left from that day on: choose another source.") \
  R(nothing_open, "It is settled from that day on: choose an open item.")                        \
  R(exceeds_unapplied, "Lower the amount; what is allocated on a later day counts too.")         \
  R(exceeds_open_amount,                                                                         \
    "Lower the amount or add items; what settles it on a later day counts too.")

ARREARS_REFUSALS(receivables, AllocateRefusal, "allocate", ARREARS_ALLOCATE_REFUSALS);

namespace arrears::receivables {

/// Where the money comes from: a payment, or else an instalment of a negative document.
struct AllocationSource {
  PaymentId payment;
  DocumentId credit;
  int credit_instalment = 1;
};

/// How much of which instalment is settled.
struct AllocationTarget {
  DocumentId document;
  int instalment = 1;
  std::int64_t amount_minor = 0;             ///< in the document's currency
  std::optional<std::int64_t> source_minor;  ///< in the source's; needed where that is another
};

struct AllocateRequest {
  AllocationSource source;
  std::vector<AllocationTarget> targets;  ///< at least one
  /// Nothing: each row gets the first day, not before the issue date and the source's value (or
  /// issue) date, from which it fits on every later day; without taken-back rows that is the later
  /// of these two dates.
  std::optional<Date> on;
};

struct AllocateOldestFirstRequest {
  AllocationSource source;
  std::vector<ItemKey> items;  ///< nothing: all open items in the source's currency
  /// At most this much of the source; nothing: what is left of it.
  std::optional<std::int64_t> total_minor;
  std::optional<Date> on;  ///< as in AllocateRequest; items issued later are left out
};

/// The allocation rows to write, in order; their ids are for the use case to give.
using AllocationRows = std::vector<Allocation>;

/// Allocates the amounts asked for. Neither the source nor an item may fall below 0 on any day,
/// also not on a later one than the allocation's.
///
/// A payment valued on or before `discount_until` (included) that covers all of what is open but
/// the early-payment discount settles the instalment: the rest becomes a second row, a discount.
/// What credits or late payments settle earns no discount, in proportion, rounded half up.
///
/// The ledger may be a slice: the source, the targets, their reversals, and every allocation and
/// payment that touches one of them.
base::Result<AllocationRows, AllocateRefusal> allocate(const Ledger& ledger,
                                                       const AllocateRequest& request);

/// Allocates in order of due date, issue date, number and instalment, until nothing is left. What
/// exceeds the open items stays unapplied. Discounts are taken only where the money falls short by
/// no more than them, so that no customer who pays in full is given one unasked.
base::Result<AllocationRows, AllocateRefusal> allocate_oldest_first(
    const Ledger& ledger, const AllocateOldestFirstRequest& request);

/// The most that can be allocated from the source, or to the item: what is left of it on every day
/// from `on`; nothing: after everything that is known. Both are in force.
std::int64_t allocatable_from(const Ledger& ledger, const AllocationSource& source,
                              std::optional<Date> on);
std::int64_t allocatable_to(const Ledger& ledger, ItemKey item, std::optional<Date> on);

}  // namespace arrears::receivables
