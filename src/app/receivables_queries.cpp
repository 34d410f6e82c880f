#include <algorithm>

#include "app/accounts.h"
#include "app/receivables.h"
#include "domain/receivables/dispute.h"

namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::Document;
using receivables::Ledger;
using receivables::Payment;

std::string number_of_payment(const Ledger& ledger, receivables::PaymentId id) {
  const Payment* payment = receivables::find_payment(ledger, id);
  return payment ? payment->number : std::string();
}

std::string number_of_document(const Ledger& ledger, receivables::DocumentId id) {
  const Document* document = receivables::find_document(ledger, id);
  return document ? document->number : std::string();
}

Json payment_json(const Ledger& ledger, const Payment& payment, std::int64_t unapplied) {
  const auto decimal = [&](std::int64_t minor) {
    return money::to_decimal(minor, payment.currency);
  };
  Json row{{"payment_id", to_string(payment.id)}, {"number", payment.number},
           {"kind", base::name(payment.kind)},    {"value_on", to_string(payment.value_on)},
           {"currency", payment.currency.code()}, {"amount", decimal(payment.amount_minor)},
           {"unapplied", decimal(unapplied)},     {"payer", payment.payer},
           {"reference", payment.reference},      {"cancelled", payment.cancelled}};
  if (payment.reverses) row["reverses"] = number_of_payment(ledger, payment.reverses);
  if (const Payment* reversal = receivables::find_reversal(ledger, payment.id))
    row["returned_on"] = to_string(reversal->value_on);
  return row;
}

Json allocation_json(const Ledger& ledger, const Allocation& row) {
  const Document* document = receivables::find_document(ledger, row.document);
  ARREARS_REQUIRE(document != nullptr);
  Json json{{"allocation_id", to_string(row.id)},
            {"kind", base::name(row.kind)},
            {"on", to_string(row.allocated_on)},
            {"source", row.payment ? number_of_payment(ledger, row.payment)
                                   : number_of_document(ledger, row.credit)},
            {"document", document->number},
            {"instalment", row.instalment},
            {"currency", document->currency.code()},
            {"amount", money::to_decimal(row.amount_minor, document->currency)},
            {"counts", receivables::counts(ledger, row)}};
  const Payment* payment = receivables::find_payment(ledger, row.payment);
  if (payment && payment->currency != document->currency) {
    json["source_currency"] = payment->currency.code();
    json["source_amount"] = money::to_decimal(row.source_minor, payment->currency);
  }
  if (row.reverses) json["reverses"] = to_string(row.reverses);
  return json;
}

boost::json::array instalments_json(const Ledger& ledger, const Document& document, Date as_of) {
  boost::json::array list;
  for (const receivables::Instalment& instalment : document.instalments) {
    const auto decimal = [&](std::int64_t minor) {
      return money::to_decimal(minor, document.currency);
    };
    Json row{
        {"instalment", instalment.number},
        {"due", to_string(instalment.due_on)},
        {"days_overdue", calendar::days_overdue(instalment.due_on, as_of)},
        {"amount", decimal(instalment.amount_minor)},
        {"open", decimal(receivables::open_amount(ledger, document.id, instalment.number, as_of))},
        {"settled_on",
         day_or_null(receivables::settled_on(ledger, document.id, instalment.number, as_of))}};
    if (instalment.discount_until) {
      row["discount_until"] = to_string(*instalment.discount_until);
      row["discounted"] = decimal(instalment.discounted_minor);
    }
    list.push_back(std::move(row));
  }
  return list;
}

boost::json::array dispute_marks_json(const Ledger& ledger, const Document& document, Date as_of) {
  boost::json::array list;
  for (const receivables::DisputeMark& mark : ledger.disputes) {
    if (mark.document != document.id) continue;
    list.push_back(
        Json{{"dispute_id", to_string(mark.id)},
             {"amount", mark.amount_minor ? money::to_decimal(*mark.amount_minor, document.currency)
                                          : "whole"},
             {"from", to_string(mark.from)},
             {"until", day_or_null(mark.until)},
             {"holds", receivables::holds(mark, as_of)},
             {"reason", mark.reason}});
  }
  return list;
}

}  // namespace

Result<boost::json::array> payment_list(Facts& facts, std::string_view entity_code,
                                        std::string_view customer, Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  boost::json::array list;
  const auto listed = each_account(
      facts, *entity, customer, Detail::receivables,
      [&](const PartyFile& file, const Account& account) {
        const auto unapplied = receivables::unapplied_payments(account.ledger, as_of);
        for (const Payment& payment : account.ledger.payments) {
          if (as_of < payment.value_on) continue;
          const auto left = std::find_if(unapplied.begin(), unapplied.end(), [&](const auto& some) {
            return some.payment->id == payment.id;
          });
          Json row{{"customer", account.customer.number}, {"name", file.party.name}};
          const Json own = payment_json(account.ledger, payment,
                                        left == unapplied.end() ? 0 : left->unapplied_minor);
          for (const auto& [key, value] : own) row[key] = value;
          list.push_back(std::move(row));
        }
      });
  if (!listed) return listed.error();
  return list;
}

Result<boost::json::array> allocation_list(Facts& facts, std::string_view entity_code,
                                           std::string_view customer) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  boost::json::array list;
  const auto listed =
      each_account(facts, *entity, customer, Detail::receivables,
                   [&](const PartyFile& file, const Account& account) {
                     for (const Allocation& allocation : account.ledger.allocations) {
                       Json row{{"customer", account.customer.number}, {"name", file.party.name}};
                       for (const auto& [key, value] : allocation_json(account.ledger, allocation))
                         row[key] = value;
                       list.push_back(std::move(row));
                     }
                   });
  if (!listed) return listed.error();
  return list;
}

Result<Json> document_report(Facts& facts, std::string_view entity_code, std::string_view number,
                             Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto found = find_document(facts, *entity, number);
  if (!found) return found.error();
  const auto party = facts.party_of(found->customer);
  ARREARS_REQUIRE(party.has_value());
  const auto file = facts.party_file(*party, Detail::receivables);
  ARREARS_REQUIRE(file.has_value());
  const Account& account = account_of(*file, found->customer);
  const Ledger& ledger = account.ledger;
  const Document* document = receivables::find_document(ledger, found->document);
  ARREARS_REQUIRE(document != nullptr);
  const auto decimal = [&](std::int64_t minor) {
    return money::to_decimal(minor, document->currency);
  };
  std::int64_t open = 0;
  for (const receivables::Instalment& instalment : document->instalments)
    open += receivables::open_amount(ledger, document->id, instalment.number, as_of);
  boost::json::array allocations;
  for (const Allocation& row : ledger.allocations)
    if (row.document == document->id || row.credit == document->id)
      allocations.push_back(allocation_json(ledger, row));
  return Json{{"number", document->number},
              {"kind", base::name(document->kind)},
              {"customer", account.customer.number},
              {"name", file->party.name},
              {"as_of", to_string(as_of)},
              {"issued", to_string(document->issued_on)},
              {"currency", document->currency.code()},
              {"amount", decimal(document->amount_minor)},
              {"open", decimal(open)},
              {"disputed", decimal(receivables::disputed_amount(ledger, document->id, as_of))},
              {"version", document->version},
              {"cancelled", document->cancelled},
              {"payment_method", document->payment_method},
              {"holder", document->holder},
              {"reference", document->reference},
              {"instalments", instalments_json(ledger, *document, as_of)},
              {"allocations", std::move(allocations)},
              {"disputes", dispute_marks_json(ledger, *document, as_of)}};
}

}  // namespace arrears::app
