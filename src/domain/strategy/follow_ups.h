#pragma once

#include <vector>

#include "domain/strategy/facts.h"

/// Follow-ups: the next action agreed or prescribed.
namespace arrears::strategy {

struct ClosedFollowUp {
  std::size_t index = 0;  ///< in PartyFacts::follow_ups
  FollowUpClosing closing = FollowUpClosing::done;
};

struct FollowUpDecision {
  std::vector<FollowUp> opened;
  std::vector<ClosedFollowUp> closed;
};

/// Decides which follow-ups open and close.
/// A dispute with a due date gets one for its owner on that day, rolled to a business day; it
/// closes when the dispute has ended.
/// A promise that is broken or partly kept gets one on the first day after its deadline, rolled to
/// a business day, unless a dispute suspends it or its items are paid by now; one only, except
/// that a promise which was thought kept and is not gets another. Follow-ups close where the
/// promise turns out kept, withdrawn, superseded or still open, where nothing of it is left open
/// (an escalation: where the party has nothing overdue; an agreed call or wait for payment: where
/// it owes nothing), and where a call met them.
FollowUpDecision decide_follow_ups(const PartyFacts& facts, const RunContext& run);

/// Closes and adds what was decided.
void record(const FollowUpDecision& decision, Date on, PartyFacts& facts);

/// Whether it waits on `as_of`: open, due by then, and not met by a call since. A call on or after
/// its day meets a broken promise and a next action "call" or "wait for payment", because every
/// call names the next action, which takes over.
bool is_due(const FollowUp& follow_up, const PartyFacts& facts, Date as_of);

/// The follow-up of a call's next action; nothing for "none".
std::optional<FollowUp> follow_up_of(const contact::CallEntry& entry);

}  // namespace arrears::strategy
