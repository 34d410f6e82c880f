#include "app/gather.h"
#include "app/receivables.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

namespace arrears::app {

namespace {

using receivables::Payment;

std::string on_payment(std::string_view number) { return "Payment " + std::string(number); }

}  // namespace

Result<Json> record_payment(Store& store, const Caller& caller, std::string_view entity_code,
                            const PaymentInput& input) {
  const Json body{{"entity", entity_code},      {"customer", input.customer},
                  {"number", input.number},     {"value_on", input.value_on},
                  {"currency", input.currency}, {"amount", input.amount},
                  {"payer", input.payer},       {"reference", input.reference}};
  return run_command(
      store, caller, "record_payment", body, part_of_customer(entity_code, input.customer),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = find_customer(facts, *entity, input.customer);
        const auto read = read_payment(input);
        if (!read) return read.error();
        auto payment = receivables::record_payment(*read);
        if (!payment) return base::refuse(payment.error(), on_payment(input.number));
        const Part part = customer->customer.part();
        payment->id = facts.ids().make<receivables::PaymentTag>(part);
        if (!facts.claim_number(entity->id, NumberKind::payment,
                                {payment->id.value, customer->customer.value, payment->number})) {
          return base::refuse(ReceivablesRefusal::number_taken,
                              on_payment(input.number) + " is recorded already");
        }
        const Json payload{{"customer", input.customer},
                           {"payment_id", to_string(payment->id)},
                           {"number", payment->number},
                           {"value_on", input.value_on},
                           {"currency", input.currency},
                           {"amount", money::to_decimal(payment->amount_minor, payment->currency)}};
        facts.open_entry(part, EntryKind::payment_recorded, boost::json::serialize(payload))
            .add(customer->customer, customer->party, *payment, "");
        return payload;
      });
}

Result<Json> cancel_payment(Store& store, const Caller& caller, std::string_view entity_code,
                            std::string_view number, std::string_view reason) {
  const Json body{{"entity", entity_code}, {"number", number}, {"reason", reason}};
  return run_command(
      store, caller, "cancel_payment", body, part_of_payment(entity_code, number),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_payment(facts, *entity, number);
        const PartyFile file = locked_file(facts, found->customer);
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        if (reason.empty()) {
          return base::refuse(ReceivablesRefusal::reason_required,
                              "The cancellation of " + on_payment(number));
        }
        const auto cancelled =
            receivables::cancel_payment(account_of(file, found->customer).ledger, found->payment);
        if (!cancelled) return base::refuse(cancelled.error(), on_payment(number));
        facts.open_entry(file.part, EntryKind::payment_corrected, boost::json::serialize(body))
            .add(found->customer, file.party.id, *cancelled, reason);
        revise_follow_ups(facts, file.party.id, *entity, business_date(*entity, caller));
        return body;
      });
}

Result<Json> bounce_payment(Store& store, const Caller& caller, std::string_view entity_code,
                            std::string_view number, Date on, std::string_view reason) {
  const Json body{
      {"entity", entity_code}, {"number", number}, {"on", to_string(on)}, {"reason", reason}};
  return run_command(
      store, caller, "bounce_payment", body, part_of_payment(entity_code, number),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_payment(facts, *entity, number);
        const PartyFile file = locked_file(facts, found->customer);
        const receivables::Ledger& ledger = account_of(file, found->customer).ledger;
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        auto decided = receivables::bounce(
            ledger, {found->payment, on, std::string(number) + "/returned", std::string(reason)});
        if (!decided) return base::refuse(decided.error(), on_payment(number));
        Payment& reversal = decided->reversal;
        reversal.id = facts.ids().make<receivables::PaymentTag>(file.part);
        // A bounce that was cancelled keeps its number.
        for (int count = 2;
             !facts.claim_number(entity->id, NumberKind::payment,
                                 {reversal.id.value, found->customer.value, reversal.number});
             ++count)
          reversal.number = std::string(number) + "/returned-" + std::to_string(count);
        Entry& entry =
            facts.open_entry(file.part, EntryKind::payment_bounced, boost::json::serialize(body));
        entry.add(found->customer, file.party.id, decided->reversal, reason);
        write_allocations(facts, entry, found->customer, decided->reversals);
        revise_follow_ups(facts, file.party.id, *entity, business_date(*entity, caller));
        Json answer = body;
        answer["reversal"] = reversal.number;
        answer["reopened"] = allocations_json(ledger, decided->reversals);
        return answer;
      });
}

}  // namespace arrears::app
