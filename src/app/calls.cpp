#include "app/calls.h"

#include <algorithm>

#include "app/guard.h"
#include "app/promising.h"
#include "app/site.h"
#include "base/text.h"
#include "domain/contact/log_call.h"

namespace arrears::app {

namespace {

using contact::CallEntry;

Json body_of(std::string_view entity, const CallInput& input) {
  const auto texts = [](const std::vector<std::string>& values) {
    boost::json::array list;
    for (const std::string& value : values) list.push_back(boost::json::string(value));
    return list;
  };
  boost::json::array promises;
  for (const PromiseInput& promise : input.promises) {
    promises.push_back(Json{{"amount", promise.amount},
                            {"by", promise.by},
                            {"items", texts(promise.items)},
                            {"supersedes", texts(promise.supersedes)}});
  }
  boost::json::array disputes;
  for (const DisputeInput& dispute : input.disputes)
    disputes.push_back(dispute_body(entity, dispute));
  return {{"entity", entity},
          {"customer", input.customer},
          {"started", input.started},
          {"ended", input.ended},
          {"direction", input.direction},
          {"contact", input.contact},
          {"line_outcome", input.line_outcome},
          {"disposition", input.disposition},
          {"items", texts(input.items)},
          {"reason_for_delay", input.reason_for_delay},
          {"reason_text", input.reason_text},
          {"broken_promise_reason", input.broken_promise_reason},
          {"notes", input.notes},
          {"next_action", input.next_action},
          {"next_on", input.next_on},
          {"next_owner", input.next_owner},
          {"next_reason", input.next_reason},
          {"promises", std::move(promises)},
          {"disputes", std::move(disputes)}};
}

template <class E>
Result<E> read_word(std::string_view text, std::string_view what) {
  if (const auto value = base::parse_name<E>(text)) return *value;
  std::string known;
  for (const std::string_view name : base::Names<E>::all) {
    known += known.empty() ? "" : ", ";
    known += name;
  }
  return base::refuse(CallRefusal::value_unknown, "The " + std::string(what) + " " +
                                                      std::string(text) + " is none of " + known);
}

Result<Instant> read_time(const std::string& text, Instant otherwise, std::string_view what) {
  if (text.empty()) return otherwise;
  if (const auto instant = base::parse_instant(text)) return *instant;
  return base::refuse(CallRefusal::time_invalid,
                      "The " + std::string(what) + " " + text + " is not an instant");
}

/// A contact of the party by id, reference, e-mail or name; nothing: free text.
parties::ContactId find_contact(const PartyFile& file, std::string_view text) {
  for (const parties::Contact& contact : file.contacts) {
    if (to_string(contact.id) == text ||
        (!contact.reference.empty() && contact.reference == text) ||
        (!contact.email.empty() && contact.email == text) || contact.name == text)
      return contact.id;
  }
  return {};
}

/// Puts what the input says over `call`; what it leaves out stays.
Result<base::Done> read_details(const PartyFile& file, const CallInput& input, CallEntry& call) {
  if (!input.contact.empty()) {
    call.contact = find_contact(file, input.contact);
    call.contact_text = call.contact ? "" : input.contact;
  }
  if (!input.line_outcome.empty()) {
    const auto outcome = read_word<contact::LineOutcome>(input.line_outcome, "line outcome");
    if (!outcome) return outcome.error();
    call.line_outcome = *outcome;
  }
  if (!input.disposition.empty()) {
    const auto disposition = read_word<contact::Disposition>(input.disposition, "disposition");
    if (!disposition) return disposition.error();
    call.disposition = *disposition;
  } else if (!call.disposition) {
    call.disposition = contact::derived_disposition(call.line_outcome);
  }
  if (!input.reason_for_delay.empty()) call.reason_for_delay = input.reason_for_delay;
  if (!input.reason_text.empty()) call.reason_text = input.reason_text;
  if (!input.broken_promise_reason.empty())
    call.broken_promise_reason = input.broken_promise_reason;
  if (!input.notes.empty()) call.notes = input.notes;
  if (!input.next_action.empty()) {
    const auto kind = read_word<contact::NextActionKind>(input.next_action, "next action");
    if (!kind) return kind.error();
    contact::NextAction next;
    next.kind = *kind;
    next.reason = input.next_reason;
    if (*kind != contact::NextActionKind::none) {
      if (!input.next_on.empty()) {
        const auto day = read_date(input.next_on, "The day of the next action");
        if (!day) return day.error();
        next.due_on = *day;
      }
      next.owner = input.next_owner.empty() ? call.author : input.next_owner;
    }
    call.next_action = next;
  }
  return base::Done{};
}

/// What a call may be about: the party's group in the entity, with the broken promises on it.
struct Subject {
  std::vector<PartyFile> files;
  std::vector<receivables::ItemKey> broken;
};

Subject gather_subject(Facts& facts, const PartyFile& file, const EntityContext& context) {
  Subject subject;
  subject.files = group_files(facts, file, context.as_of);
  for (const PartyFile& member : subject.files) {
    for (const promises::Promise& promise : member.promises) {
      if (promise.entity != context.entity.id || promise.made_on > context.as_of) continue;
      const auto judged = judge_promise(facts, member, promise, context.calendar, context.as_of);
      const auto state = judged.standing.state;
      if (state != promises::PromiseState::broken && state != promises::PromiseState::partly_kept)
        continue;
      for (const promises::PromiseItem& item : promise.items)
        subject.broken.push_back({item.document, item.instalment});
    }
  }
  return subject;
}

/// The named items, or everything overdue of the customer (of the party where it has none).
Result<std::vector<NamedInstalment>> read_items(Facts& facts, const parties::Entity& entity,
                                                const PartyFile& file, parties::CustomerId customer,
                                                const std::vector<std::string>& texts, Date as_of) {
  std::vector<NamedInstalment> items;
  for (const std::string& text : texts) {
    const auto item = find_instalment(facts, entity, text);
    if (!item) return item.error();
    items.push_back(*item);
  }
  if (!texts.empty()) return items;
  for (const auto& open : receivables::open_items(account_of(file, customer).ledger, as_of)) {
    if (open.open_minor > 0 && open.days_overdue > 0)
      items.push_back({customer, open.document->id, open.instalment->number});
  }
  return items;
}

Result<std::vector<contact::ItemDiscussed>> freeze(const Subject& subject,
                                                   const std::vector<NamedInstalment>& items,
                                                   Date as_of) {
  std::vector<contact::ItemDiscussed> frozen;
  for (const NamedInstalment& item : items) {
    std::optional<contact::ItemDiscussed> found;
    for (const PartyFile& file : subject.files)
      for (const Account& account : file.accounts)
        if (account.customer.id == item.customer)
          found = contact::freeze_item(account.ledger, item.document, item.instalment, as_of);
    if (!found) {
      return base::refuse(
          CallRefusal::item_unknown,
          "An item discussed is not one of this customer's group on " + to_string(as_of));
    }
    frozen.push_back(*found);
  }
  return frozen;
}

Json call_payload(const CallEntry& call, const PartyFile& file) {
  return {{"call_id", to_string(call.id)},
          {"party_id", to_string(file.party.id)},
          {"version", call.version},
          {"business_date", to_string(call.business_date)},
          {"direction", base::name(call.direction)},
          {"disposition", base::name(contact::disposition(call))},
          {"reason_for_delay", call.reason_for_delay},
          {"items", call.items.size()}};
}

contact::CallContext call_context(const Subject& subject,
                                  std::span<const contact::DelayReason> reasons,
                                  const PartyFile& file) {
  return {file.contacts, reasons, subject.broken};
}

std::optional<strategy::FollowUp> write_next_action(Transaction& facts, Recorder& recorder,
                                                    const CallEntry& call, const PartyFile& file) {
  auto follow_up = strategy::follow_up_of(call);
  if (!follow_up) return follow_up;
  follow_up->id = facts.ids().make<strategy::FollowUpTag>(file.part);
  recorder
      .entry(file.part, EntryKind::follow_up_created,
             {{"follow_up_id", to_string(follow_up->id)},
              {"party_id", to_string(file.party.id)},
              {"kind", base::name(follow_up->kind)},
              {"due_on", to_string(follow_up->due_on)},
              {"owner", follow_up->owner}})
      .add(*follow_up, Revision::first);
  return follow_up;
}

PartyFile locked_file(Transaction& facts, parties::PartyId party) {
  facts.lock(party);
  auto file = facts.party_file(party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  return std::move(*file);
}

}  // namespace

Result<LoggedCall> log_call_in(Transaction& facts, const Caller& caller,
                               const parties::Entity& entity, const CallInput& input) {
  const auto customer = find_customer(facts, entity, input.customer);
  if (!customer) return customer.error();
  const PartyFile file = locked_file(facts, customer->party);
  CallEntry call;
  const auto started = read_time(input.started, caller.now, "start");
  if (!started) return started.error();
  const auto ended = read_time(input.ended, *started, "end");
  if (!ended) return ended.error();
  call.started_at = *started;
  call.ended_at = *ended;
  call.entered_at = caller.now;
  call.entity = entity.id;
  call.party = customer->party;
  call.customer = customer->customer;
  call.author = caller.actor;
  call.business_date = calendar::local_time(entity.time_zone, *started).day;
  const auto direction = read_word<contact::Direction>(input.direction, "direction");
  if (!direction) return direction.error();
  call.direction = *direction;
  if (const auto read = read_details(file, input, call); !read) return read.error();
  const EntityContext context = gather_entity(facts, entity, call.business_date);
  const Subject subject = gather_subject(facts, file, context);
  const auto items =
      read_items(facts, entity, file, customer->customer, input.items, call.business_date);
  if (!items) return items.error();
  auto frozen = freeze(subject, *items, call.business_date);
  if (!frozen) return frozen.error();
  call.items = std::move(*frozen);
  const auto reasons = delay_reasons(facts);
  const auto checked = contact::check_call(call, call_context(subject, reasons, file));
  if (!checked) return base::refuse(checked.error(), "The call with customer " + input.customer);
  call.id = facts.ids().make<contact::CallTag>(file.part);
  Entry& entry = facts.open_entry(file.part, EntryKind::call_logged,
                                  boost::json::serialize(call_payload(call, file)));
  entry.add(call);
  const auto decision = guard_call(facts, file, context, call);
  if (decision) entry.add(*decision);
  boost::json::array promised;
  for (const PromiseInput& promise : input.promises) {
    auto written = write_promise(facts, file, context, promise, *items, call.business_date,
                                 call.contact, call.id);
    if (!written) return written.error();
    promised.push_back(std::move(*written));
  }
  auto disputed =
      write_disputes(facts, caller, file, context, input.disputes, call.business_date, call.id);
  if (!disputed) return disputed.error();
  LoggedCall logged;
  SingleRecorder recorder(facts);
  logged.next_action = write_next_action(facts, recorder, call, file);
  revise_follow_ups(facts, file.party.id, context);
  logged.answer = call_payload(call, file);
  logged.answer["customer"] = input.customer;
  logged.answer["promises"] = std::move(promised);
  logged.answer["disputes"] = std::move(*disputed);
  logged.answer["guard"] = nullptr;
  if (decision) {
    Json guard = guard_json(*decision);
    guard.erase("facts");  // `call show` has them
    logged.answer["guard"] = std::move(guard);
  }
  return logged;
}

Result<Json> log_call(Store& store, const Caller& caller, std::string_view entity_code,
                      const CallInput& input) {
  return run_command(store, caller, "log_call", body_of(entity_code, input),
                     part_of_customer(entity_code, input.customer),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       auto logged = log_call_in(facts, caller, *entity, input);
                       if (!logged) return logged.error();
                       return std::move(logged->answer);
                     });
}

Result<Json> amend_call(Store& store, const Caller& caller, std::string_view entity_code,
                        std::string_view call_id, const CallInput& input, std::string_view reason) {
  const contact::CallId id{base::parse_int(call_id).value_or(0)};
  Json body = body_of(entity_code, input);
  body["call_id"] = call_id;
  body["reason"] = reason;
  const auto find = [&](Facts& facts) -> Result<parties::PartyId> {
    const auto entity = find_entity(facts, entity_code);
    if (!entity) return entity.error();
    const auto party = facts.party_of_call(id);
    if (!party) {
      return base::refuse(CallRefusal::call_unknown, "There is no call " + std::string(call_id));
    }
    return *party;
  };
  return run_command(
      store, caller, "amend_call", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto party = find(facts);
        if (!party) return party.error();
        return party->part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const PartyFile file = locked_file(facts, *find(facts));
        const auto versions = facts.call_versions(file.party.id, id);
        ARREARS_REQUIRE(!versions.empty());
        const CallEntry& before = versions.back();
        if (before.entity != entity->id) {
          return base::refuse(CallRefusal::call_unknown,
                              "Entity " + entity->code + " has no call " + std::string(call_id));
        }
        CallEntry after = before;
        after.version = before.version + 1;
        after.amendment_reason = reason;
        if (!input.line_outcome.empty() || !input.disposition.empty()) after.disposition.reset();
        if (const auto read = read_details(file, input, after); !read) return read.error();
        const EntityContext context = gather_entity(facts, *entity, before.business_date);
        const Subject subject = gather_subject(facts, file, context);
        if (!input.items.empty()) {
          const auto items =
              read_items(facts, *entity, file, before.customer, input.items, before.business_date);
          if (!items) return items.error();
          const auto frozen = freeze(subject, *items, before.business_date);
          if (!frozen) return frozen.error();
          for (const contact::ItemDiscussed& item : *frozen) {
            if (std::find(after.items.begin(), after.items.end(), item) == after.items.end())
              after.items.push_back(item);
          }
        }
        const std::string what = "The call of " + to_string(before.business_date) +
                                 " with customer " +
                                 account_of(file, before.customer).customer.number;
        const auto amendable = contact::check_amendment(before, after);
        if (!amendable) return base::refuse(amendable.error(), what);
        const auto reasons = delay_reasons(facts);
        const auto checked = contact::check_call(after, call_context(subject, reasons, file));
        if (!checked) return base::refuse(checked.error(), what);
        Json payload = call_payload(after, file);
        payload["reason"] = reason;
        facts.open_entry(file.part, EntryKind::call_amended, boost::json::serialize(payload))
            .add(after);
        if (before.next_action != after.next_action) {
          SingleRecorder recorder(facts);
          write_next_action(facts, recorder, after, file);
        }
        return payload;
      });
}

Result<Json> record_promise(Store& store, const Caller& caller, std::string_view entity_code,
                            std::string_view customer, const PromiseInput& input) {
  CallInput as_body;
  as_body.customer = customer;
  as_body.promises = {input};
  return run_command(
      store, caller, "record_promise", body_of(entity_code, as_body),
      part_of_customer(entity_code, customer), [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_customer(facts, *entity, customer);
        const PartyFile file = locked_file(facts, found->party);
        const Date today = business_date(*entity, caller);
        const EntityContext context = gather_entity(facts, *entity, today);
        const auto overdue = read_items(facts, *entity, file, found->customer, {}, today);
        if (!overdue) return overdue.error();
        return write_promise(facts, file, context, input, *overdue, today, {}, {});
      });
}

Result<Json> withdraw_promise(Store& store, const Caller& caller, std::string_view entity_code,
                              std::string_view number, Date on, std::string_view reason) {
  const Json body{
      {"entity", entity_code}, {"promise", number}, {"on", to_string(on)}, {"reason", reason}};
  return run_command(
      store, caller, "withdraw_promise", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto found = find_promise(facts, *entity, number);
        if (!found) return found.error();
        return found->party.part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_promise(facts, *entity, number);
        const PartyFile file = locked_file(facts, found->party);
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        const EntityContext context = gather_entity(facts, *entity, on);
        for (const promises::Promise& promise : file.promises) {
          if (promise.id != found->promise) continue;
          const auto judged = judge_promise(facts, file, promise, context.calendar, on);
          const auto event = promises::withdraw_promise(judged, on, std::string(reason));
          if (!event) return base::refuse(event.error(), "Promise " + std::string(number));
          facts.open_entry(file.part, EntryKind::promise_withdrawn, boost::json::serialize(body))
              .add(file.party.id, promise.id, static_cast<int>(promise.events.size()) + 1, *event);
          revise_follow_ups(facts, file.party.id, *entity, on);
          return body;
        }
        base::fail_requirement("the promise belongs to its party", std::source_location::current());
      });
}

}  // namespace arrears::app
