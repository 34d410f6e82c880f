#include "app/receivables.h"

#include <charconv>

#include "app/gather.h"
#include "app/site.h"
#include "base/text.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/record_document.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

namespace arrears::app {

namespace {

using receivables::Document;
using receivables::Payment;

Json body_of(const DocumentInput& input) {
  boost::json::array instalments;
  for (const InstalmentInput& part : input.instalments) {
    instalments.push_back(Json{{"due", part.due},
                               {"amount", part.amount},
                               {"discount_until", part.discount_until},
                               {"discounted", part.discounted}});
  }
  return {{"customer", input.customer},
          {"number", input.number},
          {"kind", input.kind},
          {"issued", input.issued},
          {"currency", input.currency},
          {"instalments", std::move(instalments)},
          {"method", input.payment_method},
          {"holder", input.holder},
          {"reference", input.reference}};
}

Refusal number_taken(std::string_view what, std::string_view number) {
  return base::refuse(
      ReceivablesRefusal::number_taken,
      std::string(what) + " number " + std::string(number) + " is taken in this entity");
}

std::string on_document(std::string_view number) { return "Document " + std::string(number); }

}  // namespace

Result<Document> read_document(const DocumentInput& input) {
  for (const auto& [text, what] :
       {std::pair<const std::string&, std::string_view>{input.number, "the document number"},
        {input.payment_method, "the payment method"},
        {input.holder, "the holder"},
        {input.reference, "the reference"}}) {
    if (const auto clean = check_text(text, what); !clean) return clean.error();
  }
  Document document;
  const auto kind = base::parse_name<receivables::DocumentKind>(input.kind);
  if (!kind) {
    return base::refuse(ReceivablesRefusal::kind_unknown,
                        on_document(input.number) + " has the kind " + input.kind);
  }
  document.kind = *kind;
  document.number = input.number;
  const auto currency = money::parse_currency(input.currency);
  if (!currency) {
    return base::refuse(SiteRefusal::currency_unknown,
                        on_document(input.number) + " names the currency " + input.currency);
  }
  document.currency = *currency;
  const auto issued = read_date(input.issued, on_document(input.number) + ": issue date");
  if (!issued) return issued.error();
  document.issued_on = *issued;
  document.payment_method = input.payment_method;
  document.holder = input.holder;
  document.reference = input.reference;
  for (const InstalmentInput& part : input.instalments) {
    receivables::Instalment instalment;
    instalment.number = static_cast<int>(document.instalments.size()) + 1;
    const auto due = read_date(part.due.empty() ? input.issued : part.due,
                               on_document(input.number) + ": due date");
    if (!due) return due.error();
    instalment.due_on = *due;
    const auto amount = read_amount(part.amount, *currency, on_document(input.number) + ": amount");
    if (!amount) return amount.error();
    const bool as_credit = document.kind == receivables::DocumentKind::credit_note && *amount > 0;
    instalment.amount_minor = as_credit ? -*amount : *amount;
    if (!part.discount_until.empty()) {
      const auto until =
          read_date(part.discount_until, on_document(input.number) + ": discount date");
      if (!until) return until.error();
      instalment.discount_until = *until;
      const auto discounted =
          read_amount(part.discounted, *currency, on_document(input.number) + ": discounted");
      if (!discounted) return discounted.error();
      instalment.discounted_minor = *discounted;
    }
    document.amount_minor = base::checked_add(document.amount_minor, instalment.amount_minor);
    document.instalments.push_back(instalment);
  }
  return document;
}

Result<Json> record_document(Store& store, const Caller& caller, std::string_view entity_code,
                             const DocumentInput& input) {
  Json body = body_of(input);
  body["entity"] = entity_code;
  return run_command(
      store, caller, "record_document", body, part_of_customer(entity_code, input.customer),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = find_customer(facts, *entity, input.customer);
        const auto read = read_document(input);
        if (!read) return read.error();
        auto checked = receivables::record_document(*read);
        if (!checked) return base::refuse(checked.error(), on_document(input.number));
        Document& document = *checked;
        const Part part = customer->customer.part();
        document.id = facts.ids().make<receivables::DocumentTag>(part);
        if (!facts.claim_number(entity->id, NumberKind::document,
                                {document.id.value, customer->customer.value, document.number})) {
          return number_taken("Document", document.number);
        }
        Json payload{{"customer", input.customer},
                     {"document_id", to_string(document.id)},
                     {"number", document.number},
                     {"kind", base::name(document.kind)},
                     {"issued", input.issued},
                     {"currency", input.currency},
                     {"amount", money::to_decimal(document.amount_minor, document.currency)}};
        facts.open_entry(part, EntryKind::document_recorded, boost::json::serialize(payload))
            .add(customer->customer, document, "");
        return payload;
      });
}

namespace {

/// `input` over the document as it stands: what is empty stays.
DocumentInput overlay(const Document& known, const DocumentInput& input,
                      std::string_view customer) {
  DocumentInput merged = input;
  merged.customer = customer;
  merged.kind = base::name(known.kind);
  if (merged.currency.empty()) merged.currency = known.currency.code();
  if (merged.issued.empty()) merged.issued = to_string(known.issued_on);
  if (merged.payment_method.empty()) merged.payment_method = known.payment_method;
  if (merged.holder.empty()) merged.holder = known.holder;
  if (merged.reference.empty()) merged.reference = known.reference;
  if (merged.instalments.empty()) merged.instalments.resize(known.instalments.size());
  for (std::size_t i = 0; i < merged.instalments.size() && i < known.instalments.size(); ++i) {
    InstalmentInput& part = merged.instalments[i];
    const receivables::Instalment& old = known.instalments[i];
    if (part.due.empty()) part.due = to_string(old.due_on);
    if (part.amount.empty()) part.amount = money::to_decimal(old.amount_minor, known.currency);
    if (part.discount_until.empty() && old.discount_until) {
      part.discount_until = to_string(*old.discount_until);
      part.discounted = money::to_decimal(old.discounted_minor, known.currency);
    }
  }
  return merged;
}

}  // namespace

Result<Json> amend_document(Store& store, const Caller& caller, std::string_view entity_code,
                            const DocumentInput& input, std::string_view reason) {
  Json body = body_of(input);
  body["entity"] = entity_code;
  body["reason"] = reason;
  return run_command(
      store, caller, "amend_document", body, part_of_document(entity_code, input.number),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_document(facts, *entity, input.number);
        const PartyFile file = locked_file(facts, found->customer);
        const Account& account = account_of(file, found->customer);
        const Document* known = receivables::find_document(account.ledger, found->document);
        ARREARS_REQUIRE(known != nullptr);
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        if (reason.empty()) {
          return base::refuse(ReceivablesRefusal::reason_required,
                              "The amendment of " + on_document(input.number));
        }
        auto customer = found->customer;
        if (!input.customer.empty()) {
          const auto named = find_customer(facts, *entity, input.customer);
          if (!named) return named.error();
          customer = named->customer;
        }
        auto read = read_document(overlay(*known, input, account.customer.number));
        if (!read) return read.error();
        read->id = known->id;
        auto amended = receivables::amend_document(account.ledger, *read, customer);
        if (!amended) return base::refuse(amended.error(), on_document(input.number));
        Json payload{{"number", input.number},
                     {"document_id", to_string(known->id)},
                     {"version", amended->version},
                     {"amount", money::to_decimal(amended->amount_minor, amended->currency)},
                     {"reason", reason}};
        facts.open_entry(file.part, EntryKind::document_corrected, boost::json::serialize(payload))
            .add(found->customer, *amended, reason);
        revise_follow_ups(facts, file.party.id, *entity, business_date(*entity, caller));
        return payload;
      });
}

Result<Json> cancel_document(Store& store, const Caller& caller, std::string_view entity_code,
                             std::string_view number, std::string_view reason) {
  const Json body{{"entity", entity_code}, {"number", number}, {"reason", reason}};
  return run_command(
      store, caller, "cancel_document", body, part_of_document(entity_code, number),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_document(facts, *entity, number);
        const PartyFile file = locked_file(facts, found->customer);
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        if (reason.empty()) {
          return base::refuse(ReceivablesRefusal::reason_required,
                              "The cancellation of " + on_document(number));
        }
        const auto cancelled =
            receivables::cancel_document(account_of(file, found->customer).ledger, found->document);
        if (!cancelled) return base::refuse(cancelled.error(), on_document(number));
        facts.open_entry(file.part, EntryKind::document_cancelled, boost::json::serialize(body))
            .add(found->customer, *cancelled, reason);
        revise_follow_ups(facts, file.party.id, *entity, business_date(*entity, caller));
        return body;
      });
}

// What follows writes money: payments, their allocation, and taking both back.

Result<Payment> read_payment(const PaymentInput& input) {
  const std::string what = "Payment " + input.number;
  for (const auto& [text, field] :
       {std::pair<const std::string&, std::string_view>{input.number, "the payment number"},
        {input.payer, "the payer"},
        {input.reference, "the reference"}}) {
    if (const auto clean = check_text(text, field); !clean) return clean.error();
  }
  Payment payment;
  payment.number = input.number;
  const auto currency = money::parse_currency(input.currency);
  if (!currency) {
    return base::refuse(SiteRefusal::currency_unknown,
                        what + " names the currency " + input.currency);
  }
  payment.currency = *currency;
  const auto value_on = read_date(input.value_on, what + ": value date");
  if (!value_on) return value_on.error();
  payment.value_on = *value_on;
  const auto amount = read_amount(input.amount, *currency, what + ": amount");
  if (!amount) return amount.error();
  payment.amount_minor = *amount;
  payment.payer = input.payer;
  payment.reference = input.reference;
  return payment;
}

}  // namespace arrears::app
