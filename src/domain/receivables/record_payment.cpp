#include "domain/receivables/record_payment.h"

#include <algorithm>
#include <optional>

#include "domain/receivables/timeline.h"

namespace arrears::receivables {

namespace {

std::optional<RecordPaymentRefusal> check_payment(const Payment& payment) {
  using enum RecordPaymentRefusal;
  if (payment.number.empty()) return number_missing;
  ARREARS_REQUIRE(bool(payment.currency) && payment.amount_minor <= money::max_amount_minor);
  if (payment.amount_minor <= 0) return amount_not_positive;
  return std::nullopt;
}

}  // namespace

base::Result<Payment, RecordPaymentRefusal> record_payment(const Payment& payment) {
  ARREARS_REQUIRE(!payment.reverses);
  if (const auto refused = check_payment(payment)) return *refused;
  Payment recorded = payment;
  recorded.version = 1;
  recorded.cancelled = false;
  return recorded;
}

base::Result<Payment, RecordPaymentRefusal> amend_payment(const Ledger& ledger,
                                                          const Payment& amended,
                                                          parties::CustomerId customer) {
  using enum RecordPaymentRefusal;
  if (const auto refused = check_payment(amended)) return *refused;
  const Payment* existing = find_payment(ledger, amended.id);
  ARREARS_REQUIRE(existing != nullptr);
  if (existing->cancelled) return payment_cancelled;
  if (existing->reverses || find_reversal(ledger, existing->id) != nullptr) return payment_bounced;
  if (customer != ledger.customer || amended.currency != existing->currency ||
      amended.number != existing->number || amended.kind != existing->kind || amended.reverses) {
    return not_amendable;
  }
  const Timeline left = payment_timeline(ledger, *existing);
  if (left.is_below(existing->amount_minor, amended.value_on)) return valued_after_allocation;
  if (existing->amount_minor - left.lowest() > amended.amount_minor) return amount_below_allocated;
  Payment next = amended;
  next.version = existing->version + 1;
  next.cancelled = false;
  return next;
}

base::Result<Payment, CancelPaymentRefusal> cancel_payment(const Ledger& ledger,
                                                           PaymentId payment) {
  using enum CancelPaymentRefusal;
  const Payment* existing = find_payment(ledger, payment);
  ARREARS_REQUIRE(existing != nullptr);
  if (existing->cancelled) return already_cancelled;
  if (find_reversal(ledger, payment) != nullptr) return payment_bounced;
  if (!existing->reverses &&
      payment_timeline(ledger, *existing).final_level() != existing->amount_minor) {
    return has_allocations;
  }
  Payment cancelled = *existing;
  ++cancelled.version;
  cancelled.cancelled = true;
  return cancelled;
}

}  // namespace arrears::receivables
