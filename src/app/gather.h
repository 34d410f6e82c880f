#pragma once

#include "app/recorder.h"
#include "domain/strategy/facts.h"
#include "domain/strategy/follow_ups.h"

/// From stored facts to what the rules of the strategy room decide on.
namespace arrears::app {

/// What holds for a whole entity on a business date: gathered once, used for every party.
struct EntityContext {
  parties::Entity entity;
  Date as_of;
  calendar::BusinessCalendar calendar;
  strategy::Strategy strategy;
  std::vector<strategy::Book> books;
  money::RateTable rates;
  bool contacts_kept = true;

  strategy::RunContext run() const {
    return {as_of, strategy, calendar, rates, entity.base_currency, contacts_kept};
  }
};
EntityContext gather_entity(Facts& facts, const parties::Entity& entity, Date as_of);

/// The party's facts in the context's entity, as of its date. Points into `file`, which must
/// outlive it. `facts` is asked for other parties of the group where a promise covers their items.
strategy::PartyFacts gather_party(Facts& facts, const PartyFile& file,
                                  const EntityContext& context);

/// The file of the customer's party with its receivables, locked for the command.
PartyFile locked_file(Transaction& facts, parties::CustomerId customer);

/// Where the promise stands as of `as_of`.
promises::JudgedPromise judge_promise(Facts& facts, const PartyFile& file,
                                      const promises::Promise& promise,
                                      const calendar::BusinessCalendar& calendar, Date as_of);

/// Closes the follow-ups that no longer have a reason and opens those that now have one, as the
/// facts of the open transaction stand. Answers how many of each.
struct FollowUpChanges {
  int opened = 0;
  int closed = 0;
};
FollowUpChanges revise_follow_ups(Transaction& facts, parties::PartyId party,
                                  const parties::Entity& entity, Date as_of);
/// The same where the entity's context is at hand.
FollowUpChanges revise_follow_ups(Transaction& facts, parties::PartyId party,
                                  const EntityContext& context);

/// Writes what was decided about the follow-ups of `party`; new ones without an id get one.
FollowUpChanges write_follow_ups(Transaction& facts, Recorder& recorder, const PartyFile& file,
                                 const strategy::PartyFacts& party,
                                 const strategy::FollowUpDecision& decision, Date on);

}  // namespace arrears::app
