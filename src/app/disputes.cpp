#include "app/disputes.h"

#include "app/accounts.h"
#include "app/receivables.h"
#include "base/text.h"
#include "domain/receivables/dispute.h"

namespace arrears::app {

namespace {

using receivables::DisputeMark;
using receivables::Document;
using receivables::Ledger;

std::string on_document(std::string_view number) { return "Document " + std::string(number); }

/// What was refused, with what can still be contested where more was asked for.
std::string refused_mark(const Ledger& ledger, const DisputeMark& mark, std::string_view number,
                         receivables::MarkDisputeRefusal reason) {
  if (reason != receivables::MarkDisputeRefusal::exceeds_open_amount) return on_document(number);
  const Document* document = receivables::find_document(ledger, mark.document);
  std::int64_t left = -receivables::disputed_amount(ledger, mark.document, mark.from);
  for (const receivables::Instalment& instalment : document->instalments)
    left += receivables::open_amount(ledger, mark.document, instalment.number, mark.from);
  return on_document(number) + " has " + money::to_text({left, document->currency}) +
         " open and not yet contested; " +
         money::to_text({*mark.amount_minor, document->currency}) + " was asked for";
}

std::string amount_text(const DisputeMark& mark, money::Currency currency) {
  return mark.amount_minor ? money::to_decimal(*mark.amount_minor, currency) : "whole";
}

/// The input as a mark on a document of `account`, whose id is known.
Result<DisputeMark> read_mark(const Caller& caller, const Account& account,
                              const EntityContext& context, const DisputeInput& input,
                              receivables::DocumentId document, Date on) {
  for (const auto& [text, what] :
       {std::pair<const std::string&, std::string_view>{input.text, "the text of the dispute"},
        {input.owner, "the owner of the dispute"}}) {
    if (const auto clean = check_text(text, what); !clean) return clean.error();
  }
  DisputeMark mark;
  mark.document = document;
  mark.reason_code = input.reason;
  mark.reason = input.text;
  mark.owner = input.owner.empty() ? caller.actor : input.owner;
  mark.from = on;
  if (!input.from.empty()) {
    const auto from = read_date(input.from, "The first day of the dispute");
    if (!from) return from.error();
    mark.from = *from;
  }
  mark.due_on = context.calendar.add_business_days(mark.from, disputes::default_due_days);
  if (!input.due.empty()) {
    const auto due = read_date(input.due, "The due date of the dispute");
    if (!due) return due.error();
    mark.due_on = *due;
  }
  if (!input.amount.empty()) {
    const Document* found = receivables::find_document(account.ledger, document);
    ARREARS_REQUIRE(found != nullptr);
    const auto amount = read_amount(input.amount, found->currency, "The disputed amount");
    if (!amount) return amount.error();
    mark.amount_minor = *amount;
  }
  return mark;
}

const Account* account_with(const PartyFile& file, parties::CustomerId customer) {
  for (const Account& account : file.accounts)
    if (account.customer.id == customer) return &account;
  return nullptr;
}

Result<Json> write_dispute(Transaction& facts, const Caller& caller, const PartyFile& file,
                           const EntityContext& context, const DisputeInput& input, Date on,
                           contact::CallId call) {
  const auto found = find_document(facts, context.entity, input.document);
  if (!found) return found.error();
  const Account* account = account_with(file, found->customer);
  if (!account) {
    return base::refuse(receivables::MarkDisputeRefusal::document_unknown,
                        on_document(input.document) + " belongs to another party");
  }
  auto mark = read_mark(caller, *account, context, input, found->document, on);
  if (!mark) return mark.error();
  mark->call = call.value;
  if (const auto checked = disputes::check_raise(*mark); !checked)
    return base::refuse(checked.error(), "The dispute of document " + input.document);
  auto marked = receivables::mark_dispute(account->ledger, *mark);
  if (!marked) {
    return base::refuse(marked.error(),
                        refused_mark(account->ledger, *mark, input.document, marked.error()));
  }
  marked->id = facts.ids().make<receivables::DisputeMarkTag>(file.part);
  const Document* document = receivables::find_document(account->ledger, found->document);
  Json answer{{"entity", context.entity.code},
              {"dispute_id", to_string(marked->id)},
              {"document", input.document},
              {"currency", document->currency.code()},
              {"amount", amount_text(*marked, document->currency)},
              {"reason", marked->reason_code},
              {"text", marked->reason},
              {"owner", marked->owner},
              {"due", day_or_null(marked->due_on)},
              {"from", to_string(marked->from)}};
  facts.open_entry(file.part, EntryKind::dispute_marked, boost::json::serialize(answer))
      .add(found->customer, *marked, Revision::first);
  return answer;
}

}  // namespace

Json dispute_body(std::string_view entity, const DisputeInput& input) {
  return {{"entity", entity},       {"document", input.document}, {"amount", input.amount},
          {"reason", input.reason}, {"text", input.text},         {"owner", input.owner},
          {"due", input.due},       {"from", input.from}};
}

Result<boost::json::array> write_disputes(Transaction& facts, const Caller& caller,
                                          const PartyFile& file, const EntityContext& context,
                                          std::span<const DisputeInput> inputs, Date on,
                                          contact::CallId call) {
  boost::json::array written;
  std::optional<PartyFile> now;  // with what the earlier ones contested
  for (const DisputeInput& input : inputs) {
    if (!written.empty()) now = facts.party_file(file.party.id, Detail::receivables);
    auto one = write_dispute(facts, caller, now ? *now : file, context, input, on, call);
    if (!one) return one.error();
    written.push_back(std::move(*one));
  }
  return written;
}

Result<Json> raise_dispute(Store& store, const Caller& caller, std::string_view entity_code,
                           const DisputeInput& input) {
  return run_command(store, caller, "raise_dispute", dispute_body(entity_code, input),
                     part_of_document(entity_code, input.document),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       const auto found = find_document(facts, *entity, input.document);
                       const PartyFile file = locked_file(facts, found->customer);
                       const Date today = business_date(*entity, caller);
                       const EntityContext context = gather_entity(facts, *entity, today);
                       auto raised = write_dispute(facts, caller, file, context, input, today, {});
                       if (raised) revise_follow_ups(facts, file.party.id, context);
                       return raised;
                     });
}

namespace {

/// A dispute by its id, or those of a document.
struct NamedDisputes {
  receivables::DocumentId document;
  parties::CustomerId customer;
  std::string number;                  ///< of the document
  receivables::DisputeMarkId dispute;  ///< none: all of the document
};

Result<NamedDisputes> find_disputes(Facts& facts, const parties::Entity& entity,
                                    std::string_view text) {
  if (facts.find_number(entity.id, NumberKind::document, text)) {
    const auto found = find_document(facts, entity, text);
    if (!found) return found.error();
    return NamedDisputes{found->document, found->customer, std::string(text), {}};
  }
  const receivables::DisputeMarkId id{base::parse_int(text).value_or(0)};
  const auto customer = facts.customer_of_dispute(id);
  const auto party = customer ? facts.party_of(*customer) : std::nullopt;
  if (party) {
    const auto file = facts.party_file(*party, Detail::receivables);
    const Account& account = account_of(*file, *customer);
    for (const DisputeMark& mark : account.ledger.disputes) {
      if (mark.id != id || account.customer.entity != entity.id) continue;
      const Document* document = receivables::find_document(account.ledger, mark.document);
      ARREARS_REQUIRE(document != nullptr);
      return NamedDisputes{mark.document, *customer, document->number, id};
    }
  }
  return base::refuse(ReceivablesRefusal::dispute_unknown,
                      "Entity " + entity.code + " has no dispute or document " + std::string(text));
}

/// Ends the disputes that hold on `on`; where none does, the rule says why.
Result<boost::json::array> end_disputes(Transaction& facts, const PartyFile& file,
                                        const NamedDisputes& named, const Json& payload,
                                        receivables::DisputeOutcome outcome, std::string_view why,
                                        Date on) {
  const Ledger& ledger = account_of(file, named.customer).ledger;
  std::vector<const DisputeMark*> ending;
  const DisputeMark* last = nullptr;
  for (const DisputeMark& mark : ledger.disputes) {
    if (mark.document != named.document || (named.dispute && mark.id != named.dispute)) continue;
    last = &mark;
    if (receivables::holds(mark, on)) ending.push_back(&mark);
  }
  if (!last) {
    return base::refuse(ReceivablesRefusal::dispute_unknown,
                        on_document(named.number) + " was never in dispute");
  }
  if (ending.empty()) ending.push_back(last);
  boost::json::array ids;
  Entry* entry = nullptr;
  for (const DisputeMark* mark : ending) {
    auto ended = receivables::clear_dispute(ledger, mark->id, on);
    if (!ended) return base::refuse(ended.error(), on_document(named.number));
    ended->outcome = outcome;
    ended->resolution = why;
    if (!entry) {
      entry =
          &facts.open_entry(file.part, EntryKind::dispute_cleared, boost::json::serialize(payload));
    }
    entry->add(named.customer, *ended, Revision::next);
    ids.push_back(boost::json::string(to_string(mark->id)));
  }
  return ids;
}

}  // namespace

Result<Json> resolve_dispute(Store& store, const Caller& caller, std::string_view entity_code,
                             const ResolutionInput& input) {
  const Json body{{"entity", entity_code},
                  {"dispute", input.dispute},
                  {"outcome", input.outcome},
                  {"reason", input.reason},
                  {"on", input.on}};
  return run_command(
      store, caller, "resolve_dispute", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto found = find_disputes(facts, *entity, input.dispute);
        if (!found) return found.error();
        return found->customer.part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto outcome = base::parse_name<receivables::DisputeOutcome>(input.outcome);
        if (!outcome) {
          return base::refuse(ReceivablesRefusal::outcome_unknown,
                              "The outcome \"" + input.outcome + "\" of " + input.dispute);
        }
        if (const auto clean = check_text(input.reason, "the reason"); !clean) return clean.error();
        if (const auto checked = disputes::check_resolution(input.reason); !checked)
          return base::refuse(checked.error(), "The resolution of " + input.dispute);
        const Date today = business_date(*entity, caller);
        Date on = today;
        if (!input.on.empty()) {
          const auto read = read_date(input.on, "The day of the resolution");
          if (!read) return read.error();
          on = *read;
        }
        const auto named = find_disputes(facts, *entity, input.dispute);
        const PartyFile file = locked_file(facts, named->customer);
        Json answer{{"entity", entity->code},
                    {"document", named->number},
                    {"outcome", input.outcome},
                    {"reason", input.reason},
                    {"on", to_string(on)}};
        auto ended = end_disputes(facts, file, *named, answer, *outcome, input.reason, on);
        if (!ended) return ended.error();
        revise_follow_ups(facts, file.party.id, *entity, today);
        answer["disputes"] = std::move(*ended);
        return answer;
      });
}

Result<boost::json::array> dispute_list(Facts& facts, const DisputeQuery& query) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  if (!query.state.empty() && !base::parse_name<disputes::DisputeState>(query.state)) {
    return base::refuse(ReceivablesRefusal::outcome_unknown,
                        "The state \"" + query.state + "\" of disputes");
  }
  boost::json::array list;
  const auto listed = each_account(
      facts, *entity, query.customer, Detail::receivables,
      [&](const PartyFile& file, const Account& account) {
        for (const DisputeMark& mark : account.ledger.disputes) {
          const std::string_view state = base::name(disputes::state(mark, query.as_of));
          if (!query.state.empty() && state != query.state) continue;
          if (!query.owner.empty() && mark.owner != query.owner) continue;
          const Document* document = receivables::find_document(account.ledger, mark.document);
          ARREARS_REQUIRE(document != nullptr);
          const bool holds = receivables::holds(mark, query.as_of);
          const std::int64_t disputed =
              holds ? receivables::disputed_amount(account.ledger, mark.document, query.as_of) : 0;
          list.push_back(Json{{"dispute_id", to_string(mark.id)},
                              {"customer", account.customer.number},
                              {"name", file.party.name},
                              {"document", document->number},
                              {"currency", document->currency.code()},
                              {"amount", amount_text(mark, document->currency)},
                              {"disputed", money::to_decimal(disputed, document->currency)},
                              {"state", state},
                              {"reason", mark.reason_code},
                              {"text", mark.reason},
                              {"owner", mark.owner},
                              {"due", day_or_null(mark.due_on)},
                              {"from", to_string(mark.from)},
                              {"until", day_or_null(mark.until)},
                              {"resolution", mark.resolution},
                              {"call_id", mark.call == 0 ? "" : std::to_string(mark.call)}});
        }
      });
  if (!listed) return listed.error();
  return list;
}

boost::json::array dispute_reason_list() {
  boost::json::array list;
  for (const disputes::DisputeReason& reason : disputes::dispute_reasons())
    list.push_back(Json{{"reason", reason.code}, {"label", reason.label}});
  return list;
}

}  // namespace arrears::app
