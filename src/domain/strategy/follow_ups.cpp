#include "domain/strategy/follow_ups.h"

#include <algorithm>

#include "base/check.h"
#include "domain/receivables/dispute.h"

namespace arrears::strategy {
namespace {

using contact::NextActionKind;
using promises::PromiseState;

bool has_failed(const promises::PromiseStanding& standing) {
  return standing.state == PromiseState::broken || standing.state == PromiseState::partly_kept;
}

bool is_met_by_call(const FollowUp& follow_up, const PartyFacts& facts, Date as_of) {
  const bool by_call = follow_up.kind == FollowUpKind::broken_promise ||
                       (follow_up.kind == FollowUpKind::next_action &&
                        (follow_up.action == NextActionKind::call ||
                         follow_up.action == NextActionKind::wait_for_payment));
  if (!by_call) return false;
  const Date from = std::max(follow_up.due_on, follow_up.opened_on);
  return std::any_of(facts.contacts_made.begin(), facts.contacts_made.end(),
                     [&](const ContactMade& made) {
                       return made.channel == Channel::phone && made.on >= from &&
                              made.on <= as_of && (!made.call || made.call != follow_up.call);
                     });
}

/// Whether something of the promise may still be open; what a customer of another party of the
/// group owes is not known here and counts as open.
bool any_open(const promises::Promise& promise, const PartyFacts& facts, Date as_of) {
  return std::any_of(promise.items.begin(), promise.items.end(), [&](const auto& item) {
    for (const CustomerFacts& customer : facts.customers)
      if (customer.customer->id == item.customer)
        return receivables::open_amount(*customer.ledger, item.document, item.instalment, as_of) >
               0;
    return true;
  });
}

/// Whether the party owes anything at all, due or not.
bool any_owed(const PartyFacts& facts, Date as_of) {
  for (const CustomerFacts& customer : facts.customers)
    for (const auto& item : receivables::open_items(*customer.ledger, as_of))
      if (item.open_minor > 0) return true;
  return false;
}

bool any_overdue(const PartyFacts& facts, Date as_of) {
  for (const CustomerFacts& customer : facts.customers)
    for (const auto& item : receivables::open_items(*customer.ledger, as_of))
      if (item.open_minor > 0 && item.days_overdue > 0) return true;
  return false;
}

const promises::JudgedPromise* find_promise(const PartyFacts& facts, promises::PromiseId id) {
  for (const promises::JudgedPromise& row : facts.promises)
    if (row.promise->id == id) return &row;
  return nullptr;
}

std::optional<FollowUpClosing> closing_of_promise(const promises::JudgedPromise& row,
                                                  const PartyFacts& facts, Date as_of) {
  if (row.standing.superseded) return FollowUpClosing::promise_superseded;
  switch (row.standing.state) {
    case PromiseState::kept:
      return FollowUpClosing::promise_kept;
    case PromiseState::withdrawn:
      return FollowUpClosing::promise_withdrawn;
    case PromiseState::open:
      return FollowUpClosing::promise_open;
    case PromiseState::partly_kept:
    case PromiseState::broken:
      break;
  }
  if (!any_open(*row.promise, facts, as_of)) return FollowUpClosing::items_settled;
  return std::nullopt;
}

const receivables::DisputeMark* find_dispute(const PartyFacts& facts,
                                             receivables::DisputeMarkId id) {
  for (const CustomerFacts& customer : facts.customers)
    for (const receivables::DisputeMark& mark : customer.ledger->disputes)
      if (mark.id == id) return &mark;
  return nullptr;
}

std::optional<FollowUpClosing> closing(const FollowUp& follow_up, const PartyFacts& facts,
                                       Date as_of) {
  if (follow_up.kind == FollowUpKind::dispute) {
    const receivables::DisputeMark* mark = find_dispute(facts, follow_up.dispute);
    if (mark && mark->until && *mark->until <= as_of) return FollowUpClosing::dispute_ended;
  }
  if (follow_up.kind == FollowUpKind::broken_promise) {
    const promises::JudgedPromise* row = find_promise(facts, follow_up.promise);
    if (row) {
      const auto reason = closing_of_promise(*row, facts, as_of);
      if (reason) return reason;
    }
  }
  if (follow_up.kind == FollowUpKind::escalation && !any_overdue(facts, as_of))
    return FollowUpClosing::items_settled;
  const bool about_money = follow_up.kind == FollowUpKind::next_action &&
                           (follow_up.action == NextActionKind::call ||
                            follow_up.action == NextActionKind::wait_for_payment);
  if (about_money && !any_owed(facts, as_of)) return FollowUpClosing::items_settled;
  if (is_met_by_call(follow_up, facts, as_of)) return FollowUpClosing::called;
  return std::nullopt;
}

/// Whether the promise had its follow-up. One that closed because the promise, or its items, seemed
/// in order does not count: it was never worked.
bool was_followed_up(const PartyFacts& facts, promises::PromiseId promise) {
  return std::any_of(facts.follow_ups.begin(), facts.follow_ups.end(), [&](const FollowUp& row) {
    return row.promise == promise && (!row.closing || row.closing == FollowUpClosing::done ||
                                      row.closing == FollowUpClosing::called);
  });
}

/// An open dispute with a due date has one follow-up, its owner's.
void open_for_disputes(const PartyFacts& facts, const RunContext& run, FollowUpDecision& decision) {
  for (const CustomerFacts& customer : facts.customers) {
    for (const receivables::DisputeMark& mark : customer.ledger->disputes) {
      const bool has_one = std::ranges::find(facts.follow_ups, mark.id, &FollowUp::dispute) !=
                           facts.follow_ups.end();
      if (!mark.due_on || has_one || !receivables::holds(mark, run.as_of)) continue;
      FollowUp follow_up;
      follow_up.party = facts.party->id;
      follow_up.entity = facts.entity;
      follow_up.kind = FollowUpKind::dispute;
      follow_up.opened_on = run.as_of;
      follow_up.due_on = run.calendar.roll_forward(*mark.due_on);
      follow_up.owner = mark.owner;
      follow_up.dispute = mark.id;
      decision.opened.push_back(follow_up);
    }
  }
}

}  // namespace

FollowUpDecision decide_follow_ups(const PartyFacts& facts, const RunContext& run) {
  FollowUpDecision decision;
  for (std::size_t i = 0; i < facts.follow_ups.size(); ++i) {
    if (facts.follow_ups[i].closed_on) continue;
    if (const auto reason = closing(facts.follow_ups[i], facts, run.as_of))
      decision.closed.push_back({i, *reason});
  }
  for (const promises::JudgedPromise& row : facts.promises) {
    const auto& standing = row.standing;
    if (!has_failed(standing) || standing.superseded || standing.suspended) continue;
    if (!standing.broken_since || *standing.broken_since > run.as_of) continue;
    if (was_followed_up(facts, row.promise->id)) continue;
    if (!any_open(*row.promise, facts, run.as_of)) continue;
    FollowUp follow_up;
    follow_up.party = facts.party->id;
    follow_up.entity = facts.entity;
    follow_up.kind = FollowUpKind::broken_promise;
    follow_up.opened_on = run.as_of;
    follow_up.due_on = run.calendar.roll_forward(*standing.broken_since);
    follow_up.owner = facts.collector;
    follow_up.promise = row.promise->id;
    decision.opened.push_back(follow_up);
  }
  open_for_disputes(facts, run, decision);
  return decision;
}

void record(const FollowUpDecision& decision, Date on, PartyFacts& facts) {
  for (const ClosedFollowUp& closed : decision.closed) {
    facts.follow_ups[closed.index].closed_on = on;
    facts.follow_ups[closed.index].closing = closed.closing;
  }
  facts.follow_ups.insert(facts.follow_ups.end(), decision.opened.begin(), decision.opened.end());
}

bool is_due(const FollowUp& follow_up, const PartyFacts& facts, Date as_of) {
  return !follow_up.closed_on && follow_up.due_on <= as_of &&
         !is_met_by_call(follow_up, facts, as_of);
}

std::optional<FollowUp> follow_up_of(const contact::CallEntry& entry) {
  if (!entry.next_action || entry.next_action->kind == NextActionKind::none) return std::nullopt;
  ARREARS_REQUIRE(entry.next_action->due_on.has_value());
  FollowUp follow_up;
  follow_up.party = entry.party;
  follow_up.entity = entry.entity;
  follow_up.kind = FollowUpKind::next_action;
  follow_up.opened_on = entry.business_date;
  follow_up.due_on = *entry.next_action->due_on;
  follow_up.owner = entry.next_action->owner;
  follow_up.call = entry.id;
  follow_up.action = entry.next_action->kind;
  return follow_up;
}

}  // namespace arrears::strategy
