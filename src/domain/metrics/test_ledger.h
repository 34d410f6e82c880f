#pragma once

#include <cstdint>
#include <string>

#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/receivables/ledger.h"

/// Ledgers for the tests of this room.
namespace arrears::metrics::test {

using calendar::Date;
using receivables::Allocation;
using receivables::AllocationKind;
using receivables::Document;
using receivables::DocumentId;
using receivables::DocumentKind;
using receivables::Ledger;
using receivables::Payment;
using receivables::PaymentId;
using receivables::PaymentKind;

inline Date day(const char* iso) { return *calendar::parse_date(iso); }
inline money::Currency usd() { return *money::parse_currency("USD"); }
inline money::Currency eur() { return *money::parse_currency("EUR"); }

/// Writes a ledger fact by fact; ids rise in the order of the calls.
struct LedgerWriter {
  Ledger ledger;
  std::int64_t last_id = 0;

  Document& document(DocumentKind kind, Date issued_on, Date due_on, std::int64_t minor,
                     money::Currency currency = usd()) {
    Document document;
    document.id = {++last_id};
    document.kind = kind;
    document.number = std::to_string(last_id);
    document.issued_on = issued_on;
    document.currency = currency;
    document.amount_minor = minor;
    document.instalments.push_back(
        {.number = 1, .due_on = due_on, .amount_minor = minor, .discount_until = {}});
    ledger.documents.push_back(document);
    return ledger.documents.back();
  }

  DocumentId invoice(const char* issued_on, const char* due_on, std::int64_t minor,
                     money::Currency currency = usd()) {
    return document(DocumentKind::invoice, day(issued_on), day(due_on), minor, currency).id;
  }

  PaymentId payment(Date value_on, std::int64_t minor, money::Currency currency = usd(),
                    PaymentKind kind = PaymentKind::payment, PaymentId reverses = {}) {
    Payment payment;
    payment.id = {++last_id};
    payment.kind = kind;
    payment.value_on = value_on;
    payment.currency = currency;
    payment.amount_minor = minor;
    payment.reverses = reverses;
    ledger.payments.push_back(payment);
    return payment.id;
  }

  Allocation& allocate(PaymentId payment, DocumentId document, Date on, std::int64_t minor) {
    Allocation allocation;
    allocation.id = {++last_id};
    allocation.payment = payment;
    allocation.document = document;
    allocation.allocated_on = on;
    allocation.amount_minor = minor;
    allocation.source_minor = minor;
    ledger.allocations.push_back(allocation);
    return ledger.allocations.back();
  }

  /// A payment of `minor` on `on`, applied at once.
  void pay(DocumentId document, const char* on, std::int64_t minor,
           PaymentKind kind = PaymentKind::payment) {
    allocate(payment(day(on), minor, usd(), kind), document, day(on), minor);
  }

  void credit(DocumentId credit, DocumentId document, const char* on, std::int64_t minor) {
    Allocation& allocation = allocate({}, document, day(on), minor);
    allocation.kind = AllocationKind::credit;
    allocation.credit = credit;
    allocation.credit_instalment = 1;
  }
};

}  // namespace arrears::metrics::test
