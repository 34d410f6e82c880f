#pragma once

#include <string>
#include <vector>

#include "domain/strategy/facts.h"

/// The schedule: which steps a party's open items take on a business date.
namespace arrears::strategy {

/// Why a step that is due is not taken today. It stays due: a later run takes the highest step that
/// is due then, once.
enum class StopReason : unsigned char {
  promise,        ///< promises in force cover the item
  dispute,        ///< disputes (and promises) cover the item
  cash_to_apply,  ///< credits and unapplied cash cover what the customer has overdue
  small_balance,
  quiet_period,  ///< the party is marked to be left alone
  quiet_days,    ///< the last contact was too short a time ago
};

/// One item of a contact.
struct StepItem {
  ItemKey item;
  std::string step;
  Date step_date;  ///< due date plus offset, rolled forward to a business day of the entity
  money::Currency currency;
  int days_overdue = 0;
  std::int64_t open_minor = 0;
  std::int64_t chased_minor = 0;  ///< the part that is asked for
};

/// One contact with one party on one day through one channel, with all its items. The highest step
/// gives the action and the level. `refer` is a proposal: nothing leaves without approval.
struct DueAction {
  Channel channel = Channel::written;
  StepAction action = StepAction::remind;
  int level = 0;
  std::vector<StepItem> items;
};

struct StoppedStep {
  ItemKey item;
  std::string step;
  StopReason reason = StopReason::promise;
};

struct StepDecision {
  std::vector<DueAction> actions;    ///< by channel
  std::vector<ReachedStep> reached;  ///< to be recorded: done and skipped
  std::vector<StoppedStep> stopped;  ///< shown, not recorded as reached
  std::vector<FollowUp> follow_ups;  ///< the manager's, where an item was escalated
};

/// Decides the steps of one party. Per open item the steps count whose date has come and that were
/// not reached before; the highest is taken, lower ones are recorded as skipped and never made up
/// for, nor is a notice once the item is overdue. On a day that is no business day nothing happens.
/// Deciding again with the reached steps recorded gives nothing new.
StepDecision decide_steps(const PartyFacts& facts, const RunContext& run);

/// The same on any day: what waits to be taken. A worklist that is asked for on a day that is no
/// business day shows it.
StepDecision waiting_steps(const PartyFacts& facts, const RunContext& run);

/// Puts a decision into the facts, as recording it and gathering again would.
void record(const StepDecision& decision, PartyFacts& facts);

}  // namespace arrears::strategy

ARREARS_NAMES(strategy, StopReason, "promise", "dispute", "cash_to_apply", "small_balance",
              "quiet_period", "quiet_days");
