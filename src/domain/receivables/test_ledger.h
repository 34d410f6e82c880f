#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "domain/receivables/allocate.h"
#include "domain/receivables/ledger.h"
#include "domain/receivables/record_document.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

/// For tests only: a ledger that gives ids and writes what the decisions of this room say.
namespace arrears::receivables {

inline money::Currency currency(std::string_view code) { return *money::parse_currency(code); }
inline Date day(std::string_view iso) { return *calendar::parse_date(iso); }

/// A document with one instalment and no discount, as it would be handed to record_document.
inline Document make_document(std::string number, std::int64_t minor, Date issued_on, Date due_on) {
  Document document;
  document.kind = minor < 0 ? DocumentKind::credit_note : DocumentKind::invoice;
  document.number = std::move(number);
  document.issued_on = issued_on;
  document.currency = currency("USD");
  document.amount_minor = minor;
  document.instalments = {{1, due_on, minor, std::nullopt, 0}};
  return document;
}

/// A mark as it was made before it is known how it ended; nothing of `minor`: the whole document.
inline DisputeMark make_dispute(DisputeMarkId id, DocumentId document,
                                std::optional<std::int64_t> minor, std::string_view from,
                                std::optional<Date> until = std::nullopt) {
  DisputeMark mark;
  mark.id = id;
  mark.document = document;
  mark.amount_minor = minor;
  mark.from = day(from);
  mark.until = until;
  mark.reason = "price";
  return mark;
}

inline Payment make_payment(std::int64_t minor, Date value_on) {
  Payment payment;
  payment.number = "P";
  payment.value_on = value_on;
  payment.currency = currency("USD");
  payment.amount_minor = minor;
  return payment;
}

class TestLedger {
 public:
  explicit TestLedger(std::int64_t customer = 1) {
    ledger.customer = {customer};
    next_id_ = customer * 1'000'000;
  }

  Ledger ledger;

  /// Each writes what was decided; a refusal throws, for the tests to fail.
  DocumentId add(const Document& document) {
    ledger.documents.push_back(record_document(document).value());
    return ledger.documents.back().id = {++next_id_};
  }
  DocumentId invoice(std::int64_t minor, std::string_view issued_on, std::string_view due_on) {
    return add(
        make_document("INV-" + std::to_string(next_id_ + 1), minor, day(issued_on), day(due_on)));
  }
  DocumentId credit_note(std::int64_t minor, std::string_view issued_on) {
    return add(make_document("CN-" + std::to_string(next_id_ + 1), -minor, day(issued_on),
                             day(issued_on)));
  }
  PaymentId add(const Payment& payment) {
    ledger.payments.push_back(record_payment(payment).value());
    return ledger.payments.back().id = {++next_id_};
  }
  PaymentId payment(std::int64_t minor, std::string_view value_on) {
    return add(make_payment(minor, day(value_on)));
  }
  AllocationId write(const AllocationRows& rows) {
    AllocationId first{next_id_ + 1};
    for (Allocation row : rows) {
      row.id = {++next_id_};
      ledger.allocations.push_back(row);
    }
    return first;
  }
  void write(const BounceDecision& decision) {
    ledger.payments.push_back(decision.reversal);
    ledger.payments.back().id = {++next_id_};
    write(decision.reversals);
  }
  /// Puts the new version in the place of the old one.
  void write(const Document& document) {
    *std::ranges::find(ledger.documents, document.id, &Document::id) = document;
  }
  void write(const Payment& payment) {
    *std::ranges::find(ledger.payments, payment.id, &Payment::id) = payment;
  }
  AllocationId apply(PaymentId payment, DocumentId document, std::int64_t minor,
                     std::optional<Date> on = std::nullopt) {
    return write(allocate(ledger, {{payment, {}, 1}, {{document, 1, minor, {}}}, on}).value());
  }

 private:
  std::int64_t next_id_ = 0;
};

}  // namespace arrears::receivables
