#include "app/gather.h"
#include "app/receivables.h"
#include "base/text.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::AllocationRows;
using receivables::Document;
using receivables::Payment;

std::string on_payment(std::string_view number) { return "Payment " + std::string(number); }

/// The customer that a numbered thing belongs to, as the part of a command.
std::function<Result<Part>(Transaction&)> part_of_owner(std::string_view entity_code,
                                                        NumberKind kind, std::string_view number) {
  return [=](Transaction& facts) -> Result<Part> {
    const auto entity = find_entity(facts, entity_code);
    if (!entity) return entity.error();
    if (kind == NumberKind::payment) {
      const auto payment = find_payment(facts, *entity, number);
      if (!payment) return payment.error();
      return payment->customer.part();
    }
    const auto document = find_document(facts, *entity, number);
    if (!document) return document.error();
    return document->customer.part();
  };
}

PartyFile locked_file(Transaction& facts, parties::CustomerId customer) {
  const auto party = facts.party_of(customer);
  ARREARS_REQUIRE(party.has_value());
  facts.lock(*party);
  auto file = facts.party_file(*party, Detail::receivables);
  ARREARS_REQUIRE(file.has_value());
  return std::move(*file);
}

/// "INV-1#2" names the second instalment of INV-1, where no document bears the whole text.
struct NamedItem {
  DocumentRef document;
  int instalment = 1;
};
Result<NamedItem> find_item(Facts& facts, const parties::Entity& entity, std::string_view text) {
  const auto mark = text.rfind('#');
  if (mark != std::string_view::npos && !facts.find_number(entity.id, NumberKind::document, text)) {
    const auto number = base::parse_int(text.substr(mark + 1));
    if (!number || *number < 1 || *number > 1000) {
      return base::refuse(ReceivablesRefusal::instalment_unknown,
                          std::string(text) + " names no instalment");
    }
    const auto document = find_document(facts, entity, text.substr(0, mark));
    if (!document) return document.error();
    return NamedItem{*document, static_cast<int>(*number)};
  }
  const auto document = find_document(facts, entity, text);
  if (!document) return document.error();
  return NamedItem{*document, 1};
}

struct FoundSource {
  receivables::AllocationSource source;
  parties::CustomerId customer;
  money::Currency currency;
  std::string name;
};

money::Currency currency_of(const receivables::Ledger& ledger,
                            const receivables::AllocationSource& source) {
  if (source.payment) {
    const Payment* payment = receivables::find_payment(ledger, source.payment);
    return payment ? payment->currency : money::Currency();
  }
  const Document* credit = receivables::find_document(ledger, source.credit);
  return credit ? credit->currency : money::Currency();
}

Result<FoundSource> find_source(Facts& facts, const parties::Entity& entity,
                                const AllocationInput& input) {
  if (input.payment.empty() == input.credit.empty()) {
    return base::refuse(ReceivablesRefusal::source_required, "The allocation names no one source");
  }
  FoundSource found;
  if (!input.payment.empty()) {
    const auto payment = find_payment(facts, entity, input.payment);
    if (!payment) return payment.error();
    found.source.payment = payment->payment;
    found.customer = payment->customer;
    found.name = on_payment(input.payment);
  } else {
    const auto item = find_item(facts, entity, input.credit);
    if (!item) return item.error();
    found.source.credit = item->document.document;
    found.source.credit_instalment = item->instalment;
    found.customer = item->document.customer;
    found.name = "Credit " + input.credit;
  }
  return found;
}

/// What is left of the source on `day`.
std::int64_t left_of(const receivables::Ledger& ledger, const receivables::AllocationSource& source,
                     Date day) {
  if (!source.payment)
    return -receivables::open_amount(ledger, source.credit, source.credit_instalment, day);
  for (const auto& payment : receivables::unapplied_payments(ledger, day))
    if (payment.payment->id == source.payment) return payment.unapplied_minor;
  return 0;
}

/// The first day, from `day` on, on which both the source and the document are there.
Date first_day_of(const receivables::Ledger& ledger, const receivables::AllocationSource& source,
                  const Document& document, Date day) {
  day = std::max(day, document.issued_on);
  if (const Payment* payment = receivables::find_payment(ledger, source.payment))
    day = std::max(day, payment->value_on);
  if (const Document* credit = receivables::find_document(ledger, source.credit))
    day = std::max(day, credit->issued_on);
  return day;
}

/// Fills in the amount of a target that names none: all that is open, or what is left of the source
/// after `taken` if that is less.
Result<base::Done> fill_in_amount(const receivables::Ledger& ledger, const FoundSource& source,
                                  const Document& document, std::int64_t taken, Date day,
                                  receivables::AllocationTarget& target) {
  const std::int64_t open =
      receivables::open_amount(ledger, target.document, target.instalment, day);
  if (open <= 0) {
    return base::refuse(receivables::AllocateRefusal::nothing_open,
                        "Document " + document.number + " has nothing open on " + to_string(day));
  }
  target.amount_minor = open;
  // Across currencies nothing is known of the amount: the rule asks for it.
  if (document.currency != source.currency) return base::Done{};
  const std::int64_t left = left_of(ledger, source.source, day) - taken;
  if (left <= 0) {
    return base::refuse(receivables::AllocateRefusal::nothing_unapplied,
                        source.name + " has nothing left for document " + document.number);
  }
  target.amount_minor = std::min(open, left);
  return base::Done{};
}

Result<std::vector<receivables::AllocationTarget>> read_targets(
    Facts& facts, const parties::Entity& entity, const receivables::Ledger& ledger,
    const FoundSource& source, const AllocationInput& input, Date day) {
  std::vector<receivables::AllocationTarget> targets;
  std::int64_t taken = 0;
  for (const AllocationTargetInput& given : input.targets) {
    const auto item = find_item(facts, entity, given.document);
    if (!item) return item.error();
    if (item->document.customer != ledger.customer) {
      return base::refuse(
          ReceivablesRefusal::other_customer,
          source.name + " belongs to another customer than document " + given.document);
    }
    const Document* document = receivables::find_document(ledger, item->document.document);
    ARREARS_REQUIRE(document != nullptr);
    receivables::AllocationTarget target{item->document.document, item->instalment, 0, {}};
    if (given.amount.empty()) {
      const auto filled =
          fill_in_amount(ledger, source, *document, taken,
                         first_day_of(ledger, source.source, *document, day), target);
      if (!filled) return filled.error();
    } else {
      const auto amount = read_amount(given.amount, document->currency, "The allocated amount");
      if (!amount) return amount.error();
      target.amount_minor = *amount;
    }
    if (!given.source_amount.empty()) {
      const auto amount = read_amount(given.source_amount, source.currency, "The source amount");
      if (!amount) return amount.error();
      target.source_minor = *amount;
    }
    taken = base::checked_add(taken, target.source_minor.value_or(target.amount_minor));
    targets.push_back(target);
  }
  return targets;
}

boost::json::array allocations_json(const receivables::Ledger& ledger, const AllocationRows& rows) {
  boost::json::array list;
  for (const Allocation& row : rows) {
    const Document* document = receivables::find_document(ledger, row.document);
    list.push_back(Json{{"allocation_id", to_string(row.id)},
                        {"document", document->number},
                        {"instalment", row.instalment},
                        {"kind", base::name(row.kind)},
                        {"on", to_string(row.allocated_on)},
                        {"amount", money::to_decimal(row.amount_minor, document->currency)},
                        {"currency", document->currency.code()}});
  }
  return list;
}

}  // namespace

std::vector<receivables::AllocationId> write_allocations(Transaction& facts, Entry& entry,
                                                         parties::CustomerId customer,
                                                         std::vector<Allocation>& rows) {
  std::vector<receivables::AllocationId> ids;
  for (Allocation& row : rows) {
    row.id = facts.ids().make<receivables::AllocationTag>(customer.part());
    entry.add(customer, row);
    ids.push_back(row.id);
  }
  return ids;
}

Result<Json> record_payment(Store& store, const Caller& caller, std::string_view entity_code,
                            const PaymentInput& input) {
  const Json body{{"entity", entity_code},      {"customer", input.customer},
                  {"number", input.number},     {"value_on", input.value_on},
                  {"currency", input.currency}, {"amount", input.amount},
                  {"payer", input.payer},       {"reference", input.reference}};
  return run_command(
      store, caller, "record_payment", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto customer = find_customer(facts, *entity, input.customer);
        if (!customer) return customer.error();
        return customer->customer.part();
      },
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
      store, caller, "cancel_payment", body,
      part_of_owner(entity_code, NumberKind::payment, number),
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
      store, caller, "bounce_payment", body,
      part_of_owner(entity_code, NumberKind::payment, number),
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

Result<Json> apply_allocation(Store& store, const Caller& caller, std::string_view entity_code,
                              const AllocationInput& input) {
  boost::json::array targets;
  for (const AllocationTargetInput& target : input.targets) {
    targets.push_back(Json{{"document", target.document},
                           {"amount", target.amount},
                           {"source_amount", target.source_amount}});
  }
  const Json body{{"entity", entity_code},  {"payment", input.payment},
                  {"credit", input.credit}, {"targets", std::move(targets)},
                  {"amount", input.amount}, {"on", input.on}};
  return run_command(
      store, caller, "apply_allocation", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto source = find_source(facts, *entity, input);
        if (!source) return source.error();
        return source->customer.part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        auto source = find_source(facts, *entity, input);
        const PartyFile file = locked_file(facts, source->customer);
        const receivables::Ledger& ledger = account_of(file, source->customer).ledger;
        source->currency = currency_of(ledger, source->source);
        std::optional<Date> on;
        if (!input.on.empty()) {
          const auto read = read_date(input.on, "The allocation date");
          if (!read) return read.error();
          on = *read;
        }
        const Date today = business_date(*entity, caller);
        std::optional<Result<AllocationRows, receivables::AllocateRefusal>> rows;
        if (input.targets.empty()) {
          receivables::AllocateOldestFirstRequest request{source->source, {}, {}, on};
          if (!input.amount.empty()) {
            const auto total = read_amount(input.amount, source->currency, "The amount");
            if (!total) return total.error();
            request.total_minor = *total;
          }
          rows = receivables::allocate_oldest_first(ledger, request);
        } else {
          const auto chosen =
              read_targets(facts, *entity, ledger, *source, input, on.value_or(today));
          if (!chosen) return chosen.error();
          rows = receivables::allocate(ledger, {source->source, *chosen, on});
        }
        if (!*rows) return base::refuse(rows->error(), source->name);
        Entry& entry =
            facts.open_entry(file.part, EntryKind::allocated, boost::json::serialize(body));
        write_allocations(facts, entry, source->customer, **rows);
        revise_follow_ups(facts, file.party.id, *entity, today);
        return Json{{"source", source->name}, {"allocations", allocations_json(ledger, **rows)}};
      });
}

Result<Json> take_back_allocation(Store& store, const Caller& caller, std::string_view entity_code,
                                  std::string_view allocation_id, std::string_view amount,
                                  Date on) {
  const Json body{{"entity", entity_code},
                  {"allocation_id", allocation_id},
                  {"amount", amount},
                  {"on", to_string(on)}};
  const receivables::AllocationId id{base::parse_int(allocation_id).value_or(0)};
  const auto unknown = [&] {
    return base::refuse(ReceivablesRefusal::allocation_unknown,
                        "There is no allocation " + std::string(allocation_id));
  };
  return run_command(
      store, caller, "take_back_allocation", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto customer = facts.customer_of_allocation(id);
        if (!customer) return unknown();
        return customer->part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = facts.customer_of_allocation(id);
        const PartyFile file = locked_file(facts, *customer);
        const Account& account = account_of(file, *customer);
        if (account.customer.entity != entity->id) return unknown();
        receivables::UnallocateRequest request{id, on, {}};
        for (const Allocation& row : account.ledger.allocations) {
          if (row.id != id || amount.empty()) continue;
          const auto read = read_amount(
              amount, receivables::find_document(account.ledger, row.document)->currency,
              "The amount");
          if (!read) return read.error();
          request.amount_minor = *read;
        }
        auto rows = receivables::unallocate(account.ledger, request);
        if (!rows) {
          return base::refuse(rows.error(), "Allocation " + std::string(allocation_id));
        }
        Entry& entry =
            facts.open_entry(file.part, EntryKind::unallocated, boost::json::serialize(body));
        write_allocations(facts, entry, *customer, *rows);
        revise_follow_ups(facts, file.party.id, *entity, business_date(*entity, caller));
        Json answer = body;
        answer["allocations"] = allocations_json(account.ledger, *rows);
        return answer;
      });
}

}  // namespace arrears::app
