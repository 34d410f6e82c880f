#include "app/gather.h"

#include <algorithm>

#include "app/site.h"

namespace arrears::app {

namespace {

/// The files of other parties whose customers the promise covers.
std::vector<PartyFile> other_files(Facts& facts, const PartyFile& file,
                                   const promises::Promise& promise) {
  std::vector<PartyFile> others;
  for (const promises::PromiseItem& item : promise.items) {
    const auto holds = [&](const PartyFile& some) {
      return std::any_of(some.accounts.begin(), some.accounts.end(), [&](const Account& account) {
        return account.customer.id == item.customer;
      });
    };
    if (holds(file) || std::any_of(others.begin(), others.end(), holds)) continue;
    const auto party = facts.party_of(item.customer);
    ARREARS_REQUIRE(party.has_value());
    auto other = facts.party_file(*party, Detail::receivables);
    ARREARS_REQUIRE(other.has_value());
    others.push_back(std::move(*other));
  }
  return others;
}

std::vector<strategy::ContactMade> contacts_made(const PartyFile& file, parties::EntityId entity,
                                                 Date as_of) {
  std::vector<strategy::ContactMade> made;
  for (const contact::CallEntry& call : file.calls) {
    if (call.entity != entity || call.business_date > as_of) continue;
    made.push_back(
        {call.business_date, strategy::Channel::phone, contact::disposition(call), call.id});
  }
  return made;
}

}  // namespace

EntityContext gather_entity(Facts& facts, const parties::Entity& entity, Date as_of) {
  return {entity,
          as_of,
          entity_calendar(facts, entity),
          entity_strategy(facts, entity),
          facts.books(entity.id),
          money::RateTable(facts.rates()),
          facts.has_contacts()};
}

PartyFile locked_file(Transaction& facts, parties::CustomerId customer) {
  const auto party = facts.party_of(customer);
  ARREARS_REQUIRE(party.has_value());
  facts.lock(*party);
  auto file = facts.party_file(*party, Detail::receivables);
  ARREARS_REQUIRE(file.has_value());
  return std::move(*file);
}

promises::JudgedPromise judge_promise(Facts& facts, const PartyFile& file,
                                      const promises::Promise& promise,
                                      const calendar::BusinessCalendar& calendar, Date as_of) {
  const std::vector<PartyFile> others = other_files(facts.whole(), file, promise);
  std::vector<const receivables::Ledger*> ledgers;
  const auto add = [&](const PartyFile& some) {
    for (const Account& account : some.accounts)
      if (account.customer.entity == promise.entity) ledgers.push_back(&account.ledger);
  };
  add(file);
  for (const PartyFile& other : others) add(other);
  return promises::judge(promise, ledgers, calendar, as_of, file.promises);
}

strategy::PartyFacts gather_party(Facts& facts, const PartyFile& file,
                                  const EntityContext& context) {
  strategy::PartyFacts party;
  party.party = &file.party;
  party.entity = context.entity.id;
  for (const Account& account : file.accounts) {
    if (account.customer.entity != context.entity.id) continue;
    if (party.customers.empty()) {
      if (const strategy::Book* book =
              strategy::book_of(account.customer, file.party, context.books, context.as_of)) {
        party.collector = book->collector;
        party.manager = book->manager;
      }
    }
    party.customers.push_back({&account.customer, &account.ledger});
  }
  for (const promises::Promise& promise : file.promises) {
    if (promise.entity != context.entity.id || promise.made_on > context.as_of) continue;
    party.promises.push_back(judge_promise(facts, file, promise, context.calendar, context.as_of));
  }
  for (const HoldRecord& hold : file.holds) party.holds.push_back(hold.hold);
  for (strategy::FollowUp follow_up : file.follow_ups) {
    if (follow_up.entity != context.entity.id) continue;
    if (follow_up.closed_on && context.as_of < *follow_up.closed_on) {
      follow_up.closed_on.reset();
      follow_up.closing.reset();
    }
    party.follow_ups.push_back(std::move(follow_up));
  }
  party.reached = file.reached_steps;
  party.contacts_made = contacts_made(file, context.entity.id, context.as_of);
  party.contacts = file.contacts;
  return party;
}

FollowUpChanges write_follow_ups(Transaction& facts, Recorder& recorder, const PartyFile& file,
                                 const strategy::PartyFacts& party,
                                 const strategy::FollowUpDecision& decision, Date on) {
  const Part part = file.part;
  FollowUpChanges changes;
  for (const strategy::ClosedFollowUp& closed : decision.closed) {
    strategy::FollowUp follow_up = party.follow_ups[closed.index];
    ARREARS_REQUIRE(follow_up.id);
    // A decision about an earlier day sees it open; what is recorded stays.
    const bool is_closed = std::any_of(
        file.follow_ups.begin(), file.follow_ups.end(),
        [&](const auto& known) { return known.id == follow_up.id && known.closed_on.has_value(); });
    if (is_closed) continue;
    ++changes.closed;
    follow_up.closed_on = on;
    follow_up.closing = closed.closing;
    recorder
        .entry(part, EntryKind::follow_up_closed,
               {{"follow_up_id", to_string(follow_up.id)},
                {"party_id", to_string(party.party->id)},
                {"closed_on", to_string(on)},
                {"closing", base::name(closed.closing)}})
        .add(follow_up, Revision::next);
  }
  for (strategy::FollowUp follow_up : decision.opened) {
    if (!follow_up.id) follow_up.id = facts.ids().make<strategy::FollowUpTag>(part);
    recorder
        .entry(part, EntryKind::follow_up_created,
               {{"follow_up_id", to_string(follow_up.id)},
                {"party_id", to_string(party.party->id)},
                {"kind", base::name(follow_up.kind)},
                {"due_on", to_string(follow_up.due_on)},
                {"owner", follow_up.owner}})
        .add(follow_up, Revision::first);
  }
  changes.opened = static_cast<int>(decision.opened.size());
  return changes;
}

FollowUpChanges revise_follow_ups(Transaction& facts, parties::PartyId party,
                                  const parties::Entity& entity, Date as_of) {
  return revise_follow_ups(facts, party, gather_entity(facts, entity, as_of));
}

FollowUpChanges revise_follow_ups(Transaction& facts, parties::PartyId party,
                                  const EntityContext& context) {
  const auto file = facts.party_file(party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  const strategy::PartyFacts gathered = gather_party(facts, *file, context);
  SingleRecorder recorder(facts);
  return write_follow_ups(facts, recorder, *file, gathered,
                          strategy::decide_follow_ups(gathered, context.run()), context.as_of);
}

}  // namespace arrears::app
