#include "adapters/storage/fact_writer.h"

#include "adapters/storage/personal.h"
#include "base/text.h"

namespace arrears::storage {

namespace {

using calendar::Date;

std::optional<std::int64_t> days(const std::optional<Date>& date) {
  if (!date) return std::nullopt;
  return date->days;
}

template <class Tag>
std::optional<std::int64_t> id_or_null(base::Id<Tag> id) {
  if (!id) return std::nullopt;
  return id.value;
}

Value text_or_null(std::string_view text) { return text.empty() ? Value() : Value(text); }

template <class E>
std::int64_t number_of(E value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::string join_list(const std::vector<std::string>& list) { return base::join(list, "\n"); }

std::vector<std::string> split_list(std::string_view text) {
  if (text.empty()) return {};
  const auto pieces = base::split(text, '\n');
  return {pieces.begin(), pieces.end()};
}

void FactWriter::add(const parties::Entity& entity, app::Revision revision) {
  insert(facts::entity,
         {part_, entity.id.value, version(revision, "entity", "entity_id = :id", entity.id.value),
          entity.code, entity.name, entity.base_currency.code(), entity.time_zone, entity.calendar,
          entity.promise_tolerance_days});
}

void FactWriter::add(const app::CalendarDay& day, app::Revision revision) {
  insert(facts::calendar_day, {part_, day.entity.value, day.day.days,
                               version(revision, "calendar_day", "entity_id = :id AND day = :day",
                                       day.entity.value, day.day.days),
                               day.is_holiday, day.name});
}

void FactWriter::add(const parties::Party& party, app::Revision revision) {
  // The name of a natural person is personal data, that of a company is not.
  std::optional<Bytes> sealed;
  if (party.kind == parties::PartyKind::person) {
    sealed = seal(party.id, "party.sealed_name", party.name);
  }
  insert(facts::party,
         {part_, party.id.value, version(revision, "party", "party_id = :id", party.id.value),
          number_of(party.kind), party.reference,
          sealed ? std::string_view() : std::string_view(party.name), sealed, party.country,
          party.language, party.stub});
}

void FactWriter::add(const parties::GroupEdge& edge, app::Revision revision) {
  insert(facts::group_edge,
         {part_, edge.child.value, edge.from.days,
          version(revision, "group_edge", "child_party_id = :child AND from_day = :day",
                  edge.child.value, edge.from.days),
          edge.parent.value, days(edge.until)});
}

void FactWriter::add(const parties::Customer& customer, app::Revision revision) {
  insert(facts::customer, {part_, customer.id.value,
                           version(revision, "customer", "customer_id = :id", customer.id.value),
                           customer.entity.value, customer.party.value, customer.number,
                           customer.segment, days(customer.since)});
}

void FactWriter::add(const parties::Contact& contact, app::Revision revision) {
  insert(facts::contact,
         {part_, contact.party.value, contact.id.value,
          version(revision, "contact", "party_id = :party AND contact_id = :id",
                  contact.party.value, contact.id.value),
          contact.reference, contact.role, contact.language, contact.time_zone, contact.active,
          seal(contact.party, "contact.sealed", pack_personal(contact))});
}

void FactWriter::add(parties::CustomerId customer, const receivables::Document& document,
                     std::string_view reason) {
  insert(facts::document,
         {part_, customer.value, document.id.value, document.version, number_of(document.kind),
          document.number, document.issued_on.days, document.currency.code(), document.amount_minor,
          text_or_null(document.payment_method), text_or_null(document.holder),
          text_or_null(document.reference), document.cancelled, text_or_null(reason)});
  for (const receivables::Instalment& instalment : document.instalments) {
    std::optional<std::int64_t> discounted;
    if (instalment.discount_until) discounted = instalment.discounted_minor;
    insert(facts::instalment, {part_, customer.value, document.id.value, document.version,
                               instalment.number, instalment.due_on.days, instalment.amount_minor,
                               days(instalment.discount_until), discounted});
  }
}

void FactWriter::add(parties::CustomerId customer, parties::PartyId party,
                     const receivables::Payment& payment, std::string_view reason) {
  std::optional<Bytes> payer;
  if (!payment.payer.empty()) payer = seal(party, "payment.sealed_payer", payment.payer);
  insert(facts::payment,
         {part_, customer.value, payment.id.value, payment.version, number_of(payment.kind),
          payment.number, payment.value_on.days, payment.currency.code(), payment.amount_minor,
          id_or_null(payment.reverses), payer, text_or_null(payment.reference), payment.cancelled,
          text_or_null(reason)});
}

void FactWriter::add(parties::CustomerId customer, const receivables::Allocation& allocation) {
  std::optional<std::int64_t> credit_instalment;
  if (allocation.credit) credit_instalment = allocation.credit_instalment;
  insert(facts::allocation,
         {part_, customer.value, allocation.id.value, number_of(allocation.kind),
          id_or_null(allocation.payment), id_or_null(allocation.credit), credit_instalment,
          allocation.document.value, allocation.instalment, allocation.allocated_on.days,
          allocation.amount_minor, allocation.source_minor, id_or_null(allocation.reverses)});
}

void FactWriter::add(parties::CustomerId customer, const receivables::DisputeMark& mark,
                     app::Revision revision) {
  std::optional<std::int64_t> call;
  if (mark.call != 0) call = mark.call;
  std::optional<std::int64_t> outcome;
  if (mark.outcome) outcome = number_of(*mark.outcome);
  insert(facts::dispute_mark,
         {part_, customer.value, mark.id.value,
          version(revision, "dispute_mark", "customer_id = :customer AND dispute_mark_id = :id",
                  customer.value, mark.id.value),
          mark.document.value, mark.amount_minor, mark.from.days, days(mark.until), mark.reason,
          text_or_null(mark.reason_code), text_or_null(mark.owner), days(mark.due_on), call,
          outcome, text_or_null(mark.resolution)});
}

void FactWriter::add(const money::Rate& rate, app::Revision revision) {
  insert(facts::rate,
         {part_, rate.base.code(), rate.quote.code(), rate.on.days,
          version(revision, "rate", "base = :base AND quote = :quote AND rate_on = :day",
                  rate.base.code(), rate.quote.code(), rate.on.days),
          rate.scaled});
}

void FactWriter::add(const contact::DelayReason& reason, app::Revision revision) {
  insert(facts::delay_reason,
         {part_, reason.code, version(revision, "delay_reason", "code = :code", reason.code),
          reason.label, days(reason.retired_on)});
}

void FactWriter::add(const promises::Promise& promise) {
  std::optional<std::int64_t> call;
  if (promise.call != 0) call = promise.call;
  insert(facts::promise,
         {part_, promise.party.value, promise.id.value, promise.entity.value, promise.number,
          promise.made_on.days, promise.due_on.days, promise.tolerance_days,
          promise.currency.code(), promise.amount_minor, id_or_null(promise.contact), call});
  int item_no = 0;
  for (const promises::PromiseItem& item : promise.items) {
    insert(facts::promise_item,
           {part_, promise.party.value, promise.id.value, ++item_no, item.customer.value,
            item.document.value, item.instalment, item.amount_minor});
  }
}

void FactWriter::add(parties::PartyId party, promises::PromiseId promise, int event_no,
                     const promises::PromiseEvent& event) {
  insert(facts::promise_event, {part_, party.value, promise.value, event_no, number_of(event.kind),
                                event.on.days, event.reason});
}

void FactWriter::add(const contact::CallEntry& call) {
  const std::string personal = pack_personal(call);
  std::optional<Bytes> sealed;
  if (!personal.empty()) sealed = seal(call.party, "call.sealed_text", personal);
  std::optional<std::int64_t> disposition;
  if (call.disposition) disposition = number_of(*call.disposition);
  std::optional<std::int64_t> action;
  std::optional<std::int64_t> action_on;
  Value owner;
  Value action_reason;
  if (call.next_action) {
    action = number_of(call.next_action->kind);
    action_on = days(call.next_action->due_on);
    owner = text_or_null(call.next_action->owner);
    action_reason = text_or_null(call.next_action->reason);
  }
  insert(facts::call, {part_,
                       call.party.value,
                       call.id.value,
                       call.version,
                       call.entity.value,
                       id_or_null(call.customer),
                       call.business_date.days,
                       call.started_at.micros,
                       call.ended_at.micros,
                       call.entered_at.micros,
                       number_of(call.direction),
                       id_or_null(call.contact),
                       number_of(call.line_outcome),
                       disposition,
                       call.reason_for_delay,
                       action,
                       action_on,
                       owner,
                       action_reason,
                       call.author,
                       text_or_null(call.amendment_reason),
                       sealed});
  int item_no = 0;
  for (const contact::ItemDiscussed& item : call.items) {
    insert(facts::call_item, {part_, call.party.value, call.id.value, call.version, ++item_no,
                              item.customer.value, item.document.value, item.instalment,
                              item.currency.code(), item.open_minor, item.days_overdue});
  }
}

void FactWriter::add(const strategy::FollowUp& follow_up, app::Revision revision) {
  std::optional<std::int64_t> closing;
  if (follow_up.closing) closing = number_of(*follow_up.closing);
  insert(facts::follow_up,
         {part_, follow_up.party.value, follow_up.id.value,
          version(revision, "follow_up", "party_id = :party AND follow_up_id = :id",
                  follow_up.party.value, follow_up.id.value),
          follow_up.entity.value, number_of(follow_up.kind), follow_up.opened_on.days,
          follow_up.due_on.days, follow_up.owner, id_or_null(follow_up.promise),
          id_or_null(follow_up.call), number_of(follow_up.action), days(follow_up.closed_on),
          closing, id_or_null(follow_up.dispute)});
}

void FactWriter::add(const app::HoldRecord& hold, app::Revision revision) {
  insert(facts::hold, {part_, hold.party.value, hold.id.value,
                       version(revision, "hold", "party_id = :party AND hold_id = :id",
                               hold.party.value, hold.id.value),
                       hold.hold.from.days, days(hold.hold.until), hold.hold.reason});
}

void FactWriter::add(const strategy::Book& book, app::Revision revision) {
  insert(facts::book,
         {part_, book.id.value, version(revision, "book", "book_id = :id", book.id.value),
          book.entity.value, book.name, book.collector, book.manager, book.priority,
          join_list(book.rule.numbers), join_list(book.rule.number_patterns),
          join_list(book.rule.countries), join_list(book.rule.segments), book.valid_from.days,
          days(book.until)});
}

void FactWriter::add(const app::StrategySettings& settings) {
  insert(facts::strategy,
         {part_, settings.entity.value, settings.version, settings.small_balance_minor,
          settings.quiet_days, settings.escalation_owner});
}

void FactWriter::add(const app::RunRecord& run) {
  insert(facts::run, {part_, run.id, run.entity.value, run.business_date.days, run.ran_at.micros,
                      run.strategy_version, run.summary});
}

void FactWriter::add(parties::CustomerId customer, const strategy::ReachedStep& step) {
  insert(facts::reached_step,
         {part_, customer.value, step.item.document.value, step.item.instalment, step.step,
          step.on.days, number_of(step.status)});
}

void FactWriter::add(const app::DueActionRecord& action) {
  insert(facts::due_action,
         {part_, action.party.value, action.entity.value, action.on.days, number_of(action.channel),
          number_of(action.action), action.level, action.items});
}

void FactWriter::add(base::Part part, std::int64_t run, const app::FrozenEntry& line) {
  insert(facts::worklist_entry,
         {part, run, line.collector, line.position, line.party.value, line.entry});
}

void FactWriter::add_profile(std::string_view name, app::Revision revision, std::string_view kind,
                             std::string_view options) {
  insert(facts::import_profile,
         {part_, name, version(revision, "import_profile", "name = :name", name), kind, options});
}

}  // namespace arrears::storage
