#include "domain/strategy/steps.h"

#include <algorithm>
#include <map>
#include <set>

namespace arrears::strategy {
namespace {

struct PendingStep {
  const Step* step = nullptr;
  Date date;
};

/// Whether the contact counts against the quiet days: somebody heard from us, or we from them.
bool was_heard(const ContactMade& made) {
  if (made.channel == Channel::written) return true;
  return made.disposition == contact::Disposition::right_party_reached ||
         made.disposition == contact::Disposition::message_left ||
         made.disposition == contact::Disposition::refused_to_talk;
}

/// The last chasing contact: a call that was heard, a message that was sent, or a reminder that is
/// due to be sent. A notice before the due date is none.
std::optional<Date> last_contact(const PartyFacts& facts, const RunContext& run) {
  std::optional<Date> last;
  const auto see = [&](Date on) {
    if (on <= run.as_of && (!last || *last < on)) last = on;
  };
  for (const ContactMade& made : facts.contacts_made)
    if (was_heard(made)) see(made.on);
  for (const ReachedStep& reached : facts.reached) {
    const Step* step = find_step(run.strategy, reached.step);
    if (step && reached.status == StepStatus::done && step->offset_days >= 0 &&
        channel_of(step->action) == Channel::written)
      see(reached.on);
  }
  return last;
}

class Decider {
 public:
  Decider(const PartyFacts& facts, const RunContext& run)
      : facts_(facts),
        run_(run),
        held_(hold_in_force(facts, run.as_of) != nullptr),
        last_contact_(last_contact(facts, run)) {
    for (const ReachedStep& row : facts.reached) reached_[row.item].insert(row.step);
  }

  StepDecision decide() {
    for (const ChasedItem& item : chased_items(facts_, run_)) decide_item(item);
    StepDecision decision = std::move(decision_);
    for (auto& [channel, action] : actions_) decision.actions.push_back(std::move(action));
    if (actions_.contains(Channel::manager) && !has_open_escalation())
      decision.follow_ups.push_back(escalation());
    return decision;
  }

 private:
  void decide_item(const ChasedItem& item) {
    const std::set<std::string>& reached = reached_[item.key()];
    std::vector<PendingStep> pending;
    const Step* highest_reached = nullptr;
    for (const Step& step : run_.strategy.steps) {
      if (reached.contains(step.id)) {
        highest_reached = &step;
        continue;
      }
      const Date date = run_.calendar.roll_forward(item.instalment->due_on + step.offset_days);
      if (date <= run_.as_of) pending.push_back({&step, date});
    }
    if (pending.empty()) return;
    const PendingStep highest = pending.back();
    const bool too_late =
        (highest_reached && highest.step->offset_days < highest_reached->offset_days) ||
        (highest.step->offset_days < 0 && item.days_overdue > 0);
    if (!too_late) {
      if (const auto reason = why_stopped(item, *highest.step)) {
        decision_.stopped.push_back({item.key(), highest.step->id, *reason});
        return;
      }
      pending.pop_back();
    }
    for (const PendingStep& missed : pending)
      decision_.reached.push_back({item.key(), missed.step->id, run_.as_of, StepStatus::skipped});
    if (!too_late) take(item, highest);
  }

  std::optional<StopReason> why_stopped(const ChasedItem& item, const Step& step) const {
    if (item.chased_minor == 0)
      return item.disputed_minor > 0 ? StopReason::dispute : StopReason::promise;
    if (item.cash_covers) return StopReason::cash_to_apply;
    if (item.small_balance) return StopReason::small_balance;
    if (held_) return StopReason::quiet_period;
    const Channel channel = channel_of(step.action);
    const bool disturbs =
        step.offset_days >= 0 && (channel == Channel::written || channel == Channel::phone);
    if (disturbs && last_contact_ && run_.as_of - *last_contact_ < run_.strategy.quiet_days)
      return StopReason::quiet_days;
    return std::nullopt;
  }

  void take(const ChasedItem& item, const PendingStep& pending) {
    const Step& step = *pending.step;
    decision_.reached.push_back({item.key(), step.id, run_.as_of, StepStatus::done});
    const Channel channel = channel_of(step.action);
    auto [found, first] = actions_.try_emplace(channel);
    DueAction& action = found->second;
    if (first || step.level > action.level) {
      action.channel = channel;
      action.action = step.action;
      action.level = step.level;
    }
    action.items.push_back({item.key(), step.id, pending.date, item.document->currency,
                            item.days_overdue, item.open_minor, item.chased_minor});
  }

  bool has_open_escalation() const {
    return std::any_of(facts_.follow_ups.begin(), facts_.follow_ups.end(), [](const auto& row) {
      return row.kind == FollowUpKind::escalation && !row.closed_on;
    });
  }

  FollowUp escalation() const {
    FollowUp follow_up;
    follow_up.party = facts_.party->id;
    follow_up.entity = facts_.entity;
    follow_up.kind = FollowUpKind::escalation;
    follow_up.opened_on = run_.as_of;
    follow_up.due_on = run_.as_of;
    follow_up.owner = facts_.manager.empty() ? run_.strategy.escalation_owner : facts_.manager;
    follow_up.action = contact::NextActionKind::escalate;
    return follow_up;
  }

  const PartyFacts& facts_;
  const RunContext& run_;
  bool held_;
  std::optional<Date> last_contact_;
  std::map<ItemKey, std::set<std::string>> reached_;
  std::map<Channel, DueAction> actions_;
  StepDecision decision_;
};

}  // namespace

StepDecision waiting_steps(const PartyFacts& facts, const RunContext& run) {
  return Decider(facts, run).decide();
}

StepDecision decide_steps(const PartyFacts& facts, const RunContext& run) {
  if (!run.calendar.is_business_day(run.as_of)) return {};
  return waiting_steps(facts, run);
}

void record(const StepDecision& decision, PartyFacts& facts) {
  facts.reached.insert(facts.reached.end(), decision.reached.begin(), decision.reached.end());
  facts.follow_ups.insert(facts.follow_ups.end(), decision.follow_ups.begin(),
                          decision.follow_ups.end());
}

}  // namespace arrears::strategy
