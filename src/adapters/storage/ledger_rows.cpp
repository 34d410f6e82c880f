#include "adapters/storage/ledger_rows.h"

#include <tuple>

#include "adapters/storage/personal.h"

namespace arrears::storage {

using parties::CustomerId;
using parties::PartyId;

parties::Party read_party(const Snapshot& snapshot, FactRow& row) {
  parties::Party party;
  party.id = row.id<PartyId>();
  row.skip(2);
  party.kind = row.member<parties::PartyKind>();
  party.reference = row.text();
  party.name = row.text();
  if (row.is_null()) {
    row.skip();
  } else {
    party.name = snapshot.keys.open(party.id, "party.sealed_name", row.blob())
                     .value_or(std::string(erased_text));
  }
  party.country = row.text();
  party.language = row.text();
  party.stub = row.flag();
  return party;
}

parties::Contact read_contact(const Snapshot& snapshot, FactRow& row) {
  parties::Contact contact;
  contact.party = row.id<parties::PartyId>();
  contact.id = row.id<parties::ContactId>();
  row.skip(2);
  contact.reference = row.text();
  contact.role = row.text();
  contact.language = row.text();
  contact.time_zone = row.text();
  contact.active = row.flag();
  unpack_personal(snapshot.keys.open(contact.party, "contact.sealed", row.blob()), contact);
  return contact;
}

parties::Customer read_customer(FactRow& row) {
  parties::Customer customer;
  customer.id = row.id<CustomerId>();
  row.skip(2);
  customer.entity = row.id<parties::EntityId>();
  customer.party = row.id<PartyId>();
  customer.number = row.text();
  customer.segment = row.text();
  customer.since = row.maybe_date();
  return customer;
}

receivables::Document read_document(FactRow& row) {
  receivables::Document document;
  document.id = row.id<receivables::DocumentId>();
  document.version = row.small();
  row.skip();
  document.kind = row.member<receivables::DocumentKind>();
  document.number = row.text();
  document.issued_on = row.date();
  document.currency = row.currency();
  document.amount_minor = row.integer();
  document.payment_method = row.text();
  document.holder = row.text();
  document.reference = row.text();
  document.cancelled = row.flag();
  return document;
}

receivables::Instalment read_instalment(FactRow& row) {
  receivables::Instalment instalment;
  instalment.number = row.small();
  row.skip();
  instalment.due_on = row.date();
  instalment.amount_minor = row.integer();
  instalment.discount_until = row.maybe_date();
  instalment.discounted_minor = row.maybe_integer().value_or(0);
  return instalment;
}

namespace {

receivables::Payment read_payment(FactRow& row, std::optional<ByteView>& sealed_payer) {
  receivables::Payment payment;
  payment.id = row.id<receivables::PaymentId>();
  payment.version = row.small();
  row.skip();
  payment.kind = row.member<receivables::PaymentKind>();
  payment.number = row.text();
  payment.value_on = row.date();
  payment.currency = row.currency();
  payment.amount_minor = row.integer();
  payment.reverses = row.id<receivables::PaymentId>();
  if (row.is_null()) {
    row.skip();
  } else {
    sealed_payer = row.blob();
  }
  payment.reference = row.text();
  payment.cancelled = row.flag();
  return payment;
}

}  // namespace

receivables::Payment read_payment(const Snapshot& snapshot, PartyId party, FactRow& row) {
  std::optional<ByteView> sealed;
  receivables::Payment payment = read_payment(row, sealed);
  if (sealed) {
    payment.payer = snapshot.keys.open(party, "payment.sealed_payer", *sealed)
                        .value_or(std::string(erased_text));
  }
  return payment;
}

receivables::Payment read_payment_without_payer(FactRow& row) {
  std::optional<ByteView> sealed;
  return read_payment(row, sealed);
}

receivables::Allocation read_allocation(FactRow& row) {
  receivables::Allocation allocation;
  allocation.id = row.id<receivables::AllocationId>();
  row.skip();
  allocation.kind = row.member<receivables::AllocationKind>();
  allocation.payment = row.id<receivables::PaymentId>();
  allocation.credit = row.id<receivables::DocumentId>();
  allocation.credit_instalment = static_cast<int>(row.maybe_integer().value_or(0));
  allocation.document = row.id<receivables::DocumentId>();
  allocation.instalment = row.small();
  allocation.allocated_on = row.date();
  allocation.amount_minor = row.integer();
  allocation.source_minor = row.integer();
  allocation.reverses = row.id<receivables::AllocationId>();
  return allocation;
}

namespace {

contact::CallEntry read_call(const Snapshot& snapshot, FactRow& row) {
  contact::CallEntry call;
  row.skip();
  call.party = row.id<PartyId>();
  call.id = row.id<contact::CallId>();
  call.version = row.small();
  row.skip();
  call.entity = row.id<parties::EntityId>();
  call.customer = row.id<CustomerId>();
  call.business_date = row.date();
  call.started_at = {row.integer()};
  call.ended_at = {row.integer()};
  call.entered_at = {row.integer()};
  call.direction = row.member<contact::Direction>();
  call.contact = row.id<parties::ContactId>();
  call.line_outcome = row.member<contact::LineOutcome>();
  call.disposition = row.maybe_member<contact::Disposition>();
  call.reason_for_delay = row.text();
  if (const auto action = row.maybe_member<contact::NextActionKind>()) {
    contact::NextAction next;
    next.kind = *action;
    next.due_on = row.maybe_date();
    next.owner = row.text();
    next.reason = row.text();
    call.next_action = next;
  } else {
    row.skip(3);
  }
  call.author = row.text();
  call.amendment_reason = row.text();
  if (!row.is_null()) {
    unpack_personal(snapshot.keys.open(call.party, "call.sealed_text", row.blob()), call);
  }
  return call;
}

}  // namespace

std::optional<receivables::Document> read_document(const Snapshot& snapshot, CustomerId customer,
                                                   receivables::DocumentId id) {
  constexpr const char* condition =
      " WHERE part = :part AND customer_id = :customer AND document_id = :document";
  const FactScan scan(snapshot);
  std::optional<receivables::Document> document;
  const auto read = [&](FactRow& row) {
    row.skip(2);
    document = read_document(row);
  };
  scan.run(facts::document, condition, read, customer.part(), customer.value, id.value);
  if (!document) return std::nullopt;
  const auto read_part = [&](FactRow& row) {
    row.skip(3);
    if (row.small() == document->version) document->instalments.push_back(read_instalment(row));
  };
  scan.run(facts::instalment, condition, read_part, customer.part(), customer.value, id.value);
  return document;
}

std::optional<receivables::Payment> read_payment(const Snapshot& snapshot, CustomerId customer,
                                                 PartyId party, receivables::PaymentId id) {
  std::optional<receivables::Payment> payment;
  const auto read = [&](FactRow& row) {
    row.skip(2);
    payment = read_payment(snapshot, party, row);
  };
  FactScan(snapshot).run(
      facts::payment, " WHERE part = :part AND customer_id = :customer AND payment_id = :payment",
      read, customer.part(), customer.value, id.value);
  return payment;
}

std::vector<contact::CallEntry> read_calls(const Snapshot& snapshot, const FactScan& scan,
                                           base::Part part, Owners parties, std::int64_t call) {
  std::vector<contact::CallEntry> calls;
  scan.rows(facts::call, part, parties, [&](FactRow& row) {
    contact::CallEntry entry = read_call(snapshot, row);
    if (call == 0 || entry.id.value == call) calls.push_back(std::move(entry));
  });
  // Both tables come in the same order.
  std::size_t at = 0;
  scan.rows(facts::call_item, part, parties, [&](FactRow& row) {
    row.skip();
    // Braces: read in this order.
    const auto key = std::tuple{row.id<PartyId>(), row.id<contact::CallId>(), row.small()};
    const auto key_at = [&] {
      return std::tuple(calls[at].party, calls[at].id, calls[at].version);
    };
    while (at < calls.size() && key_at() < key) ++at;
    if (at == calls.size() || key_at() != key) return;
    contact::ItemDiscussed& item = calls[at].items.emplace_back();
    row.skip(2);
    item.customer = row.id<CustomerId>();
    item.document = row.id<receivables::DocumentId>();
    item.instalment = row.small();
    item.currency = row.currency();
    item.open_minor = row.integer();
    item.days_overdue = row.small();
  });
  return calls;
}

}  // namespace arrears::storage
