#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/names.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"

/// What one customer owes, from facts. Every value here is "as known at" some instant: superseded
/// versions are already gone. The business date comes as `as_of`.
namespace arrears::receivables {

using calendar::Date;
using DocumentId = base::Id<struct DocumentTag>;
using PaymentId = base::Id<struct PaymentTag>;
using AllocationId = base::Id<struct AllocationTag>;
using DisputeMarkId = base::Id<struct DisputeMarkTag>;

enum class DocumentKind : unsigned char {
  invoice,
  credit_note,
  fee,
  interest_note,
  opening_balance,
  refund,
  adjustment,
};

/// A part of a document with its own due date: the open item.
struct Instalment {
  int number = 1;  ///< 1..n within the document
  Date due_on;
  std::int64_t amount_minor = 0;       ///< same sign as the document
  std::optional<Date> discount_until;  ///< last day of the early-payment discount, included
  std::int64_t discounted_minor = 0;   ///< what settles the instalment until that day
};

/// Anything that changes what is owed. Positive amounts are owed to the entity, negative ones are
/// credits of the customer.
struct Document {
  DocumentId id;
  int version = 1;
  DocumentKind kind = DocumentKind::invoice;
  std::string number;
  Date issued_on;
  money::Currency currency;
  std::int64_t amount_minor = 0;  ///< sum of the instalments
  std::vector<Instalment> instalments;
  std::string payment_method;  ///< "", "direct_debit", ...: as the ERP names it
  std::string holder;          ///< who owns the receivable if not the entity (factor), else empty
  std::string reference;       ///< the customer's order number or the like
  bool cancelled = false;      ///< recorded in error: counts on no date
};

enum class PaymentKind : unsigned char {
  payment,           ///< money received, as reported
  inferred_payment,  ///< "paid in full on that day" without the payment itself (settled_on)
  inferred_closure,  ///< absent from a complete open-item list: settled somehow, not cash
};

/// Money received, or (with `reverses`) the same money lost again: a bounce or a refund. The
/// negative row has its own date; its amount is negative.
struct Payment {
  PaymentId id;
  int version = 1;
  PaymentKind kind = PaymentKind::payment;
  std::string number;  ///< the ERP's or bank's number, or one derived from the row's content
  Date value_on;
  money::Currency currency;
  std::int64_t amount_minor = 0;
  PaymentId reverses;  ///< set on a reversal only
  std::string payer;
  std::string reference;
  bool cancelled = false;
};

enum class AllocationKind : unsigned char {
  payment,   ///< from a payment
  credit,    ///< from a credit note or another negative document
  discount,  ///< early-payment discount taken in time: settles without a source
};

/// The part of a payment or credit applied to an instalment. Taking it back is a second row with
/// `reverses` and negative amounts, on its own date.
struct Allocation {
  AllocationId id;
  AllocationKind kind = AllocationKind::payment;
  PaymentId payment;          ///< source where kind is payment, and the reason where discount
  DocumentId credit;          ///< source where kind is credit
  int credit_instalment = 0;  ///< instalment of the credit, where kind is credit
  DocumentId document;        ///< what is settled
  int instalment = 1;
  Date allocated_on;              ///< never before the document's issue and the source's value date
  std::int64_t amount_minor = 0;  ///< in the document's currency
  std::int64_t source_minor = 0;  ///< in the source's currency; 0 for a discount
  AllocationId reverses;
};

/// How a dispute ended.
enum class DisputeOutcome : unsigned char {
  resolved,  ///< the customer was right, or both agreed
  rejected,  ///< the customer was wrong
};

/// A contested document or part of one: left out of the chase while it holds. domain/disputes has
/// its life cycle.
struct DisputeMark {
  DisputeMarkId id;
  DocumentId document;
  std::optional<std::int64_t> amount_minor;  ///< nothing: the whole document
  Date from;
  std::optional<Date> until;   ///< first day on which it no longer holds
  std::string reason;          ///< in words, may be empty
  std::string reason_code;     ///< of disputes::dispute_reasons; empty in marks from before 0006
  std::string owner;           ///< who settles it; empty in marks from before 0006
  std::optional<Date> due_on;  ///< the owner is to have settled it by then
  std::int64_t call = 0;       ///< id of the call log entry, 0 if none
  std::optional<DisputeOutcome> outcome;  ///< once it ended
  std::string resolution;                 ///< why it ended so
};

/// All facts of one customer's receivables, as known at one instant.
struct Ledger {
  parties::CustomerId customer;
  std::vector<Document> documents;  ///< sorted by id
  std::vector<Payment> payments;    ///< sorted by id
  std::vector<Allocation> allocations;
  std::vector<DisputeMark> disputes;
};

/// Names one instalment.
struct ItemKey {
  DocumentId document;
  int instalment = 1;
  auto operator<=>(const ItemKey&) const = default;
};

/// Null for what the ledger does not hold.
const Document* find_document(const Ledger& ledger, DocumentId id);
const Payment* find_payment(const Ledger& ledger, PaymentId id);
/// The row, not cancelled, by which the money of `payment` was lost again.
const Payment* find_reversal(const Ledger& ledger, PaymentId payment);
const Instalment* find_instalment(const Document& document, int number);

/// Whether neither side of the allocation is cancelled: such a row counts from its own date on.
bool counts(const Ledger& ledger, const Allocation& allocation);

/// An instalment with an open amount on a date.
struct OpenItem {
  const Document* document = nullptr;  ///< points into the ledger
  const Instalment* instalment = nullptr;
  std::int64_t open_minor = 0;  ///< negative: a credit not yet used
  int days_overdue = 0;
};

/// The open items of `ledger` as of `as_of` (documents issued on or before it, allocations dated on
/// or before it), credits included, in order of due date, then document number, then instalment.
std::vector<OpenItem> open_items(const Ledger& ledger, Date as_of);

/// Open amount of one instalment; 0 for an unknown one.
std::int64_t open_amount(const Ledger& ledger, DocumentId document, int instalment, Date as_of);

struct UnappliedPayment {
  const Payment* payment = nullptr;
  std::int64_t unapplied_minor = 0;
};
/// Payments valued on or before `as_of` with a part not allocated by then, in order of id. What
/// was returned (bounced) by then is not left: reversal rows reduce their payment, not themselves.
std::vector<UnappliedPayment> unapplied_payments(const Ledger& ledger, Date as_of);

constexpr int bucket_count = 6;
/// not_due, 1_30, 31_60, 61_90, 91_120, over_120
extern const std::array<std::string_view, bucket_count> bucket_names;
/// Bucket of a positive open item: 0 or fewer days overdue is not due. rules.md 4.1.
int aging_bucket(int days_overdue);

/// Aging of one currency. Buckets hold positive open items only; total = sum of buckets;
/// balance = total - credits - unapplied cash.
struct Aging {
  money::Currency currency;
  std::int64_t open_items = 0;  ///< positive ones
  std::array<std::int64_t, bucket_count> buckets{};
  std::int64_t credits = 0;  ///< unused credits, as a positive amount
  std::int64_t unapplied_cash = 0;
  std::int64_t total() const;
  std::int64_t balance() const;
  /// What ranks a customer: overdue buckets net of credits and unapplied cash, not below zero.
  std::int64_t overdue() const;
};

/// One row per currency in which the customer has an open item, a credit or unapplied cash, in
/// order of currency code.
std::vector<Aging> aging(const Ledger& ledger, Date as_of);

/// Adds `other` (same currency) into `sum`.
void add_to(Aging& sum, const Aging& other);

/// One movement on an instalment: an allocation (or its reversal) as it counts on the open amount.
struct Settlement {
  Date valued_on;  ///< value date of the payment, issue date of the credit
  Date allocated_on;
  std::int64_t amount_minor = 0;  ///< negative for a reversal
  AllocationKind kind = AllocationKind::payment;
};
/// The movements on one instalment, in order of allocation date then id. Its open amount on a day
/// is its amount less the movements allocated by then, so the use of a credit counts negative.
std::vector<Settlement> settlements(const Ledger& ledger, DocumentId document, int instalment);

/// The day on which the instalment's open amount became 0 and stayed so until `as_of`.
std::optional<Date> settled_on(const Ledger& ledger, DocumentId document, int instalment,
                               Date as_of);

}  // namespace arrears::receivables

ARREARS_NAMES(receivables, DocumentKind, "invoice", "credit_note", "fee", "interest_note",
              "opening_balance", "refund", "adjustment");
ARREARS_NAMES(receivables, PaymentKind, "payment", "inferred_payment", "inferred_closure");
ARREARS_NAMES(receivables, DisputeOutcome, "resolved", "rejected");
ARREARS_NAMES(receivables, AllocationKind, "payment", "credit", "discount");
