#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/ledger.h"

/// Taking allocations back: one of them (unallocate), or all because the money is lost (bounce).

#define ARREARS_UNALLOCATE_REFUSALS(R)                                               \
  R(allocation_unknown,                                                              \
    "Name an allocation of this customer that is neither a reversal nor "            \
    "cancelled with its document or payment.")                                       \
  R(is_a_discount, "Take back the payment's allocation: its discount goes with it.") \
  R(amount_not_positive, "Give an amount above 0, or none to take back all of it.")  \
  R(before_allocation_date, "Choose the day of the allocation or a later one.")      \
  R(already_unapplied, "Nothing of it is left to take back.")                        \
  R(exceeds_allocation, "Lower the amount.")

ARREARS_REFUSALS(receivables, UnallocateRefusal, "unallocate", ARREARS_UNALLOCATE_REFUSALS);

#define ARREARS_BOUNCE_REFUSALS(R)                                                              \
  R(payment_unknown, "Check the number: this customer has no such payment in force.")           \
  R(already_bounced, "It was returned before: nothing is left to do.")                          \
  R(before_value_date, "Money is lost on its value date at the earliest: check the two dates.") \
  R(before_unallocation,                                                                        \
    "A part was taken back on a later day: date the bounce on that day or after it.")

ARREARS_REFUSALS(receivables, BounceRefusal, "bounce_payment", ARREARS_BOUNCE_REFUSALS);

namespace arrears::receivables {

struct UnallocateRequest {
  AllocationId allocation;
  Date on;
  std::optional<std::int64_t> amount_minor;  ///< in the document's currency; nothing: all of it
};

/// The reversal rows: of the allocation, and of a discount that its payment earned on the same
/// instalment, always whole (from `on`, but not before the discount's own date). Across currencies
/// a part takes back its share of the source, rounded half up; the last part the rest.
base::Result<AllocationRows, UnallocateRefusal> unallocate(const Ledger& ledger,
                                                           const UnallocateRequest& request);

struct BounceRequest {
  PaymentId payment;
  Date on;
  std::string number;  ///< of the reversal, as the bank or the ERP names it
  std::string reason;  ///< "R01 insufficient funds"
};

struct BounceDecision {
  Payment reversal;          ///< `reference` holds the reason; without id
  AllocationRows reversals;  ///< dated `on`, or on the day of a later allocation
};

/// Returns the whole payment: the items that it settled are open again.
base::Result<BounceDecision, BounceRefusal> bounce(const Ledger& ledger,
                                                   const BounceRequest& request);

}  // namespace arrears::receivables
