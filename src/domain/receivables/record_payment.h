#pragma once

#include "base/result.h"
#include "domain/receivables/ledger.h"

/// Recording, amending and cancelling money received. Money lost again is in take_back.h.

#define ARREARS_RECORD_PAYMENT_REFUSALS(R)                                                      \
  R(number_missing, "Give the payment a number.")                                               \
  R(amount_not_positive, "Give an amount above 0; money lost again is a bounce.")               \
  R(payment_cancelled, "A cancelled payment stays as it is: record it anew.")                   \
  R(payment_bounced, "It was returned: cancel the bounce first if that was recorded in error.") \
  R(not_amendable,                                                                              \
    "Customer, entity, currency, number and kind cannot be amended: cancel and record anew.")   \
  R(valued_after_allocation,                                                                    \
    "It was allocated before that value date: choose an earlier one or take it back first.")    \
  R(amount_below_allocated,                                                                     \
    "More than that was allocated on some day: take allocations back first, or amend to more.")

ARREARS_REFUSALS(receivables, RecordPaymentRefusal, "record_payment",
                 ARREARS_RECORD_PAYMENT_REFUSALS);

#define ARREARS_CANCEL_PAYMENT_REFUSALS(R)       \
  R(already_cancelled, "Nothing is left to do.") \
  R(payment_bounced, "Cancel the bounce first.") \
  R(has_allocations, "Take back its allocations first.")

ARREARS_REFUSALS(receivables, CancelPaymentRefusal, "cancel_payment",
                 ARREARS_CANCEL_PAYMENT_REFUSALS);

namespace arrears::receivables {

/// A new payment, as it is to be written (version 1). `payment.reverses` must be empty. That its
/// number is free is for the use case to check. It has a currency and no more than the maximum.
base::Result<Payment, RecordPaymentRefusal> record_payment(const Payment& payment);

/// The next version of the payment of the ledger with the id of `amended`. `customer` is the
/// customer that the amendment names: it must be the ledger's. A bounce cannot be amended, nor what
/// it returned.
base::Result<Payment, RecordPaymentRefusal> amend_payment(const Ledger& ledger,
                                                          const Payment& amended,
                                                          parties::CustomerId customer);

/// The cancelled version of a payment or bounce of the ledger recorded in error. Cancelling a
/// bounce makes the money unapplied cash again; its allocations stay taken back.
base::Result<Payment, CancelPaymentRefusal> cancel_payment(const Ledger& ledger, PaymentId payment);

}  // namespace arrears::receivables
