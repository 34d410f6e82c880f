#include "app/gather.h"
#include "app/receivables.h"
#include "base/text.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/take_back.h"

/// Cash application: allocating what was received, and taking allocations back.
namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::AllocationRows;
using receivables::Document;
using receivables::Payment;

std::string on_payment(std::string_view number) { return "Payment " + std::string(number); }

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

/// What was refused: the source and its targets, or what is left where more was asked for.
std::string refused_allocation(const receivables::Ledger& ledger, const FoundSource& source,
                               const AllocationInput& input,
                               const std::vector<receivables::AllocationTarget>& targets,
                               std::int64_t asked_minor, std::optional<Date> on,
                               receivables::AllocateRefusal reason) {
  using enum receivables::AllocateRefusal;
  const auto text = [](std::int64_t minor, money::Currency currency) {
    return money::to_text({minor, currency});
  };
  if (reason == exceeds_unapplied) {
    const std::int64_t left = receivables::allocatable_from(ledger, source.source, on);
    return source.name + " has " + text(left, source.currency) + " left; " +
           text(asked_minor, source.currency) + " was asked for";
  }
  for (std::size_t i = 0; reason == exceeds_open_amount && i < targets.size(); ++i) {
    const receivables::AllocationTarget& target = targets[i];
    const std::int64_t open =
        receivables::allocatable_to(ledger, {target.document, target.instalment}, on);
    if (target.amount_minor <= open) continue;
    const auto currency = receivables::find_document(ledger, target.document)->currency;
    return text(open, currency) + " is open of " + input.targets[i].document + "; " +
           text(target.amount_minor, currency) + " was asked for";
  }
  constexpr std::size_t named_max = 3;
  std::string what = source.name;
  for (std::size_t i = 0; i < targets.size() && i < named_max; ++i)
    what += (i == 0 ? " on " : ", ") + input.targets[i].document;
  return targets.size() > named_max ? what + " and others" : what;
}

/// The rows that the input asks for.
Result<AllocationRows> decide_allocation(Facts& facts, const parties::Entity& entity,
                                         const receivables::Ledger& ledger,
                                         const FoundSource& source, const AllocationInput& input,
                                         Date today) {
  std::optional<Date> on;
  if (!input.on.empty()) {
    const auto read = read_date(input.on, "The allocation date");
    if (!read) return read.error();
    on = *read;
  }
  if (input.targets.empty()) {
    receivables::AllocateOldestFirstRequest request{source.source, {}, {}, on};
    if (!input.amount.empty()) {
      const auto total = read_amount(input.amount, source.currency, "The amount");
      if (!total) return total.error();
      request.total_minor = *total;
    }
    auto rows = receivables::allocate_oldest_first(ledger, request);
    if (rows) return std::move(*rows);
    return base::refuse(
        rows.error(), refused_allocation(ledger, source, input, {}, request.total_minor.value_or(0),
                                         on, rows.error()));
  }
  const auto targets = read_targets(facts, entity, ledger, source, input, on.value_or(today));
  if (!targets) return targets.error();
  auto rows = receivables::allocate(ledger, {source.source, *targets, on});
  if (rows) return std::move(*rows);
  std::int64_t asked = 0;
  for (const receivables::AllocationTarget& target : *targets)
    asked = base::checked_add(asked, target.source_minor.value_or(target.amount_minor));
  return base::refuse(rows.error(),
                      refused_allocation(ledger, source, input, *targets, asked, on, rows.error()));
}

/// "Payment PAY-1 on INV-1": whose allocation it is.
std::string on_allocation(const receivables::Ledger& ledger, const Allocation& row) {
  const Document* document = receivables::find_document(ledger, row.document);
  const Document* credit = receivables::find_document(ledger, row.credit);
  const Payment* payment = receivables::find_payment(ledger, row.payment);
  ARREARS_REQUIRE(document != nullptr && (credit != nullptr || payment != nullptr));
  std::string what = payment ? on_payment(payment->number) : "Credit " + credit->number;
  what += " on " + document->number;
  if (row.instalment > 1) what += "#" + std::to_string(row.instalment);
  return what;
}

/// What was refused, with what is still applied where more was asked for.
std::string refused_take_back(const receivables::Ledger& ledger,
                              const receivables::UnallocateRequest& request,
                              receivables::UnallocateRefusal reason) {
  const Allocation* allocation = nullptr;
  std::int64_t applied = 0;
  for (const Allocation& row : ledger.allocations) {
    if (row.id == request.allocation) allocation = &row;
    if (row.id == request.allocation || row.reverses == request.allocation)
      applied += row.amount_minor;
  }
  ARREARS_REQUIRE(allocation != nullptr);
  std::string what = on_allocation(ledger, *allocation);
  if (reason != receivables::UnallocateRefusal::exceeds_allocation) return what;
  const auto currency = receivables::find_document(ledger, allocation->document)->currency;
  return what + " has " + money::to_text({applied, currency}) + " applied; " +
         money::to_text({*request.amount_minor, currency}) + " was asked for";
}
}  // namespace

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
        const Date today = business_date(*entity, caller);
        auto rows = decide_allocation(facts, *entity, ledger, *source, input, today);
        if (!rows) return rows.error();
        Entry& entry =
            facts.open_entry(file.part, EntryKind::allocated, boost::json::serialize(body));
        write_allocations(facts, entry, source->customer, *rows);
        revise_follow_ups(facts, file.party.id, *entity, today);
        return Json{{"source", source->name}, {"allocations", allocations_json(ledger, *rows)}};
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
          return base::refuse(rows.error(),
                              refused_take_back(account.ledger, request, rows.error()));
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
