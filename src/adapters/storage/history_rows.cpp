#include "adapters/storage/history_rows.h"

#include <utility>

namespace arrears::storage {

HistoryRows::Cursors HistoryRows::open(Connection& connection, const HistorySelection& selection) {
  const auto rows = [&](std::string_view select, std::string_view key) {
    return HistoryCursor(selection.query(connection, select, selection.of_customers, key));
  };
  return {rows("SELECT part, customer_id, document_id, version, entry_id, kind, issued_on, "
               "currency, cancelled FROM document",
               "part, customer_id, document_id, version"),
          rows("SELECT part, customer_id, document_id, version, instalment_no, due_on, "
               "amount_minor FROM instalment",
               "part, customer_id, document_id, version, instalment_no"),
          rows("SELECT part, customer_id, payment_id, version, entry_id, value_on, currency, "
               "amount_minor, reverses_id, cancelled, kind FROM payment",
               "part, customer_id, payment_id, version"),
          rows("SELECT part, customer_id, entry_id, kind, payment_id, credit_id, "
               "credit_instalment, document_id, instalment_no, allocated_on, amount_minor, "
               "source_minor FROM allocation",
               "part, customer_id, allocation_id"),
          rows("SELECT part, customer_id, dispute_mark_id, version, entry_id, document_id, "
               "amount_minor, from_day, until_day FROM dispute_mark",
               "part, customer_id, dispute_mark_id, version")};
}

portfolio::CustomerFacts HistoryRows::facts() const {
  portfolio::CustomerFacts facts;
  facts.customer = customer_;
  facts.instalments = instalments_;
  facts.payments = payments_;
  facts.allocations = allocations_;
  facts.disputes = disputes_;
  return facts;
}

/// Each instalment with what its version of the document says.
void HistoryRows::read_documents(Cursors& cursors, EntryOrdinals& ordinals) {
  const base::Part part = customer_.part();
  HistoryCursor& document = cursors.documents;
  HistoryCursor& row = cursors.instalments;
  const auto key = [](const HistoryCursor& at) { return std::pair(at.integer(2), at.integer(3)); };
  bool more = row.find(part, customer_.value);
  const auto pass = [&] {
    row.next();
    more = row.find(part, customer_.value);
  };
  for (; document.find(part, customer_.value); document.next()) {
    const auto version = key(document);
    while (more && key(row) < version) pass();
    if (!more || key(row) != version) continue;
    portfolio::InstalmentFact fact;
    fact.document = {version.first};
    fact.version = static_cast<int>(version.second);
    fact.known_from = ordinals.of(document.integer(4));
    fact.kind = document.member<receivables::DocumentKind>(5);
    fact.issued_on = document.date(6);
    fact.currency = document.currency(7);
    fact.cancelled = document.integer(8) != 0;
    for (; more && key(row) == version; pass()) {
      fact.instalment = row.small(4);
      fact.due_on = row.date(5);
      fact.amount_minor = row.integer(6);
      instalments_.push_back(fact);
    }
  }
}

void HistoryRows::read(Cursors& cursors, EntryOrdinals& ordinals, parties::CustomerId customer) {
  customer_ = customer;
  instalments_.clear();
  payments_.clear();
  allocations_.clear();
  disputes_.clear();
  const base::Part part = customer.part();
  read_documents(cursors, ordinals);
  for (HistoryCursor& row = cursors.payments; row.find(part, customer.value); row.next()) {
    portfolio::PaymentFact& fact = payments_.emplace_back();
    fact.payment = row.id<receivables::PaymentId>(2);
    fact.version = row.small(3);
    fact.known_from = ordinals.of(row.integer(4));
    fact.value_on = row.date(5);
    fact.currency = row.currency(6);
    fact.amount_minor = row.integer(7);
    fact.reverses = row.id<receivables::PaymentId>(8);
    fact.cancelled = row.integer(9) != 0;
    fact.kind = row.member<receivables::PaymentKind>(10);
  }
  for (HistoryCursor& row = cursors.allocations; row.find(part, customer.value); row.next()) {
    portfolio::AllocationFact& fact = allocations_.emplace_back();
    fact.known_from = ordinals.of(row.integer(2));
    fact.kind = row.member<receivables::AllocationKind>(3);
    fact.payment = row.id<receivables::PaymentId>(4);
    fact.credit = row.id<receivables::DocumentId>(5);
    fact.credit_instalment = row.small(6);
    fact.document = row.id<receivables::DocumentId>(7);
    fact.instalment = row.small(8);
    fact.allocated_on = row.date(9);
    fact.amount_minor = row.integer(10);
    fact.source_minor = row.integer(11);
  }
  for (HistoryCursor& row = cursors.disputes; row.find(part, customer.value); row.next()) {
    portfolio::DisputeFact& fact = disputes_.emplace_back();
    fact.dispute = row.id<receivables::DisputeMarkId>(2);
    fact.version = row.small(3);
    fact.known_from = ordinals.of(row.integer(4));
    fact.document = row.id<receivables::DocumentId>(5);
    if (!row.is_null(6)) fact.amount_minor = row.integer(6);
    fact.from = row.date(7);
    if (!row.is_null(8)) fact.until = row.date(8);
  }
}

}  // namespace arrears::storage
