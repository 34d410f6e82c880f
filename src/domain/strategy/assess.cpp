#include <algorithm>
#include <map>

#include "base/checked.h"
#include "domain/strategy/follow_ups.h"
#include "domain/strategy/steps.h"
#include "domain/strategy/worklist.h"

namespace arrears::strategy {
namespace {

using base::checked_add;
using promises::PromiseState;

std::string count_of(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string label(const ChasedItem& item) {
  if (item.document->instalments.size() == 1) return item.document->number;
  return item.document->number + '/' + std::to_string(item.instalment->number);
}

/// The last step that was done for each item.
std::map<ItemKey, const ReachedStep*> last_done(const PartyFacts& facts, const Strategy& strategy) {
  std::map<ItemKey, const ReachedStep*> last;
  for (const ReachedStep& row : facts.reached) {
    const Step* step = find_step(strategy, row.step);
    if (!step || row.status != StepStatus::done) continue;
    const ReachedStep*& kept = last[row.item];
    if (!kept || find_step(strategy, kept->step)->offset_days < step->offset_days) kept = &row;
  }
  return last;
}

/// Whether the contact that the step wants took place. Any logged call will do for a step on the
/// phone or inside the house, because it names the next action; what is to be written is met by a
/// message, or by the right party on the phone.
bool is_met(const ReachedStep& reached, const Step& step, const PartyFacts& facts, Date as_of) {
  const bool written = channel_of(step.action) == Channel::written;
  return std::any_of(
      facts.contacts_made.begin(), facts.contacts_made.end(), [&](const ContactMade& made) {
        if (made.on < reached.on || made.on > as_of) return false;
        if (made.channel == Channel::written) return written;
        return !written || made.disposition == contact::Disposition::right_party_reached;
      });
}

/// Weighted sums go beyond 64 bits: 10^15 minor units times thousands of days.
__extension__ using Wide = __int128;

struct Risk {
  std::int64_t tenths = 0;  ///< of a day, rounded half up
  std::int64_t items = 0;
};

/// Amount-weighted days late of the instalments settled within the look-back, early counting 0.
/// An amount without a rate is left out of the sample.
Risk risk_of(const PartyFacts& facts, const RunContext& run) {
  const Date since = calendar::add_months(run.as_of, -run.strategy.settled_history_months);
  Wide weighted = 0;
  Wide total = 0;
  Risk risk;
  for (const CustomerFacts& customer : facts.customers)
    for (const auto& document : customer.ledger->documents)
      for (const auto& part : document.instalments) {
        if (part.amount_minor <= 0) continue;
        const auto settled =
            receivables::settled_on(*customer.ledger, document.id, part.number, run.as_of);
        if (!settled || *settled <= since) continue;
        const auto amount = in_base(part.amount_minor, document.currency, run);
        if (!amount) continue;
        weighted += Wide{*amount} * std::max(0, *settled - part.due_on);
        total += *amount;
        ++risk.items;
      }
  if (total > 0) risk.tenths = static_cast<std::int64_t>((weighted * 20 + total) / (total * 2));
  return risk;
}

/// The balance in base currency on `day`, at the rates of the business date, so that only what is
/// owed makes it move.
std::optional<std::int64_t> balance_on(Date day, const PartyFacts& facts, const RunContext& run) {
  std::int64_t sum = 0;
  for (const CustomerFacts& customer : facts.customers)
    for (const auto& row : receivables::aging(*customer.ledger, day)) {
      const auto converted = in_base(row.balance(), row.currency, run);
      if (!converted) return std::nullopt;
      sum = checked_add(sum, *converted);
    }
  return sum;
}

class Assessor {
 public:
  Assessor(const PartyFacts& facts, const RunContext& run)
      : facts_(facts), run_(run), items_(chased_items(facts, run)) {}

  std::optional<WorklistEntry> assess() {
    add_follow_ups();
    add_steps();
    add_cash_and_contact();
    if (entry_.reasons.empty()) return std::nullopt;
    add_party();
    add_amounts();
    add_parts();
    choose_action();
    return std::move(entry_);
  }

 private:
  void because(ReasonKind kind, std::string text) {
    entry_.reasons.push_back({kind, std::move(text)});
  }

  bool rests() const { return hold_in_force(facts_, run_.as_of) != nullptr; }

  /// Overdue, and some of it is to be asked for.
  bool is_chased(const ChasedItem& item) const {
    return item.days_overdue > 0 && item.chased_minor > 0 && !item.cash_covers &&
           !item.small_balance;
  }

  void add_follow_ups() {
    // A broken promise is what the collector must know first.
    add_follow_ups_if([](FollowUpKind kind) { return kind == FollowUpKind::broken_promise; });
    add_follow_ups_if([](FollowUpKind kind) { return kind != FollowUpKind::broken_promise; });
  }

  template <class Wanted>
  void add_follow_ups_if(Wanted wanted) {
    for (const FollowUp& row : facts_.follow_ups) {
      if (!wanted(row.kind) || !is_due(row, facts_, run_.as_of)) continue;
      entry_.follow_ups_due.push_back(row);
      const std::string since = " since " + calendar::to_string(row.due_on);
      switch (row.kind) {
        case FollowUpKind::broken_promise:
          add_broken_promise(row, since);
          break;
        case FollowUpKind::escalation:
          because(ReasonKind::follow_up_due, "escalation to " + row.owner + since);
          wants_escalation_ = true;
          break;
        case FollowUpKind::dispute:
          because(ReasonKind::follow_up_due, "dispute to be settled by " + row.owner + since);
          wants_call_ = true;
          break;
        case FollowUpKind::next_action:
          because(ReasonKind::follow_up_due,
                  "agreed next action " + std::string(base::name(row.action)) + since);
          add_next_action(row.action);
          break;
      }
    }
  }

  void add_broken_promise(const FollowUp& follow_up, const std::string& since) {
    wants_call_ = true;
    for (const promises::JudgedPromise& row : facts_.promises) {
      if (row.promise->id != follow_up.promise) continue;
      because(ReasonKind::broken_promise,
              "promise " + row.promise->number + " of " +
                  money::to_text({row.promise->amount_minor, row.promise->currency}) + " by " +
                  calendar::to_string(row.promise->due_on) + " was not kept, follow-up due" +
                  since);
      if (row.standing.probably_kept)
        because(ReasonKind::probably_kept,
                "unapplied cash would cover promise " + row.promise->number);
      return;
    }
    because(ReasonKind::broken_promise, "a promise was not kept, follow-up due" + since);
  }

  void add_next_action(contact::NextActionKind action) {
    switch (action) {
      case contact::NextActionKind::escalate:
        wants_escalation_ = true;
        break;
      case contact::NextActionKind::fix_contact:
        wants_contact_fixed_ = true;
        break;
      case contact::NextActionKind::call:
      case contact::NextActionKind::wait_for_payment:
        wants_call_ = true;
        break;
      case contact::NextActionKind::email:
      case contact::NextActionKind::letter:
      case contact::NextActionKind::send_copy:
      case contact::NextActionKind::none:
        break;
    }
  }

  void add_steps() {
    if (rests()) return;
    const auto last = last_done(facts_, run_.strategy);
    for (const ChasedItem& item : items_) {
      if (!is_chased(item)) continue;
      const auto found = last.find(item.key());
      if (found == last.end()) continue;
      const Step& step = *find_step(run_.strategy, found->second->step);
      if (step.offset_days < 0 || is_met(*found->second, step, facts_, run_.as_of)) continue;
      because(ReasonKind::step_due,
              step.id + " of " + label(item) + " since " + calendar::to_string(found->second->on));
      const Channel channel = channel_of(step.action);
      if (channel == Channel::phone) wants_call_ = true;
      if (channel == Channel::manager || channel == Channel::agency) wants_escalation_ = true;
    }
  }

  void add_cash_and_contact() {
    if (rests()) return;
    bool any_chased = false;
    bool any_covered = false;
    for (const ChasedItem& item : items_) {
      any_chased = any_chased || is_chased(item);
      any_covered = any_covered || (item.cash_covers && item.chased_minor > 0);
    }
    cash_covers_all_ = any_covered && !any_chased;
    if (any_covered)
      because(ReasonKind::cash_to_apply, "credits or unapplied cash cover what is overdue");
    if (any_chased && !is_reachable(facts_, run_)) {
      because(ReasonKind::no_contact, "no active contact has a phone number or an e-mail address");
      wants_contact_fixed_ = true;
    }
  }

  void add_party() {
    entry_.party = facts_.party->id;
    entry_.name = facts_.party->name;
    for (const CustomerFacts& row : facts_.customers) {
      entry_.customers.push_back(row.customer->id);
      entry_.numbers.push_back(row.customer->number);
    }
  }

  void add_amounts() {
    std::map<money::Currency, Amounts> by_currency;
    for (const CustomerFacts& customer : facts_.customers)
      for (const auto& row : receivables::aging(*customer.ledger, run_.as_of)) {
        Amounts& sum = by_currency[row.currency];
        sum.currency = row.currency;
        sum.open_minor = checked_add(sum.open_minor, row.total());
        sum.overdue_minor = checked_add(sum.overdue_minor, row.overdue());
        sum.to_apply_minor = checked_add(sum.to_apply_minor, row.credits + row.unapplied_cash);
      }
    for (const ChasedItem& item : items_)
      if (is_chased(item)) {
        auto& sum = by_currency[item.document->currency].chased_minor;
        sum = checked_add(sum, item.chased_minor);
      }
    entry_.open_base = entry_.overdue_base = entry_.chased_base = 0;
    for (const auto& [currency, row] : by_currency) {
      entry_.amounts.push_back(row);
      add_in_base(entry_.open_base, row.open_minor, currency);
      add_in_base(entry_.overdue_base, row.overdue_minor, currency);
      add_in_base(entry_.chased_base, row.chased_minor, currency);
    }
  }

  void add_in_base(std::optional<std::int64_t>& sum, std::int64_t minor,
                   money::Currency currency) const {
    const auto converted = in_base(minor, currency, run_);
    sum = sum && converted ? std::optional(checked_add(*sum, *converted)) : std::nullopt;
  }

  void add_parts() {
    if (entry_.overdue_base) {
      add_part(Factor::overdue_amount, *entry_.overdue_base,
               money::to_text({*entry_.overdue_base, run_.base}) + " overdue");
    } else {
      add_part(Factor::overdue_amount, 0, "not known: a rate is missing");
      because(ReasonKind::missing_rate, "no rate to " + std::string(run_.base.code()) + " on " +
                                            calendar::to_string(run_.as_of));
    }
    add_days_overdue();
    const Risk risk = risk_of(facts_, run_);
    add_part(Factor::risk, risk.tenths,
             risk.items == 0
                 ? std::string("nothing settled lately")
                 : std::to_string(risk.tenths / 10) + '.' + std::to_string(risk.tenths % 10) +
                       " days late on " + count_of(risk.items, "settled item", "settled items"));
    entry_.parts[static_cast<std::size_t>(Factor::risk)].sample = risk.items;
    add_broken_promises();
    const auto due = static_cast<std::int64_t>(entry_.follow_ups_due.size());
    add_part(Factor::follow_up_due, due, count_of(due, "follow-up due", "follow-ups due"));
    add_rising_balance();
    if (!entry_.overdue_base) return;
    int points = 0;
    for (const Part& part : entry_.parts) points += part.points;
    entry_.points = points;
  }

  void add_part(Factor factor, std::int64_t value, std::string fact) {
    Part& part = entry_.parts[static_cast<std::size_t>(factor)];
    part.factor = factor;
    part.value = value;
    part.points = run_.strategy.points.points(factor, value);
    part.fact = std::move(fact);
  }

  void add_days_overdue() {
    const ChasedItem* oldest = nullptr;
    for (const ChasedItem& item : items_)
      if (is_chased(item) && (!oldest || oldest->days_overdue < item.days_overdue)) oldest = &item;
    if (!oldest) {
      add_part(Factor::days_overdue, 0, "no overdue item to chase");
      return;
    }
    add_part(Factor::days_overdue, oldest->days_overdue,
             count_of(oldest->days_overdue, "day", "days") + " overdue (" + label(*oldest) + ')');
  }

  void add_broken_promises() {
    std::int64_t broken = 0;
    for (const promises::JudgedPromise& row : facts_.promises) {
      const auto& standing = row.standing;
      const bool failed =
          standing.state == PromiseState::broken || standing.state == PromiseState::partly_kept;
      if (failed && !standing.superseded && standing.broken_since &&
          *standing.broken_since <= run_.as_of &&
          run_.as_of - *standing.broken_since < run_.strategy.broken_promise_days)
        ++broken;
    }
    add_part(Factor::broken_promises, broken,
             count_of(broken, "promise", "promises") + " broken within " +
                 std::to_string(run_.strategy.broken_promise_days) + " days");
  }

  /// Per cent, rounded down; a balance that was 0 or in credit has no growth that could be told.
  void add_rising_balance() {
    const int days = run_.strategy.rising_balance_days;
    const auto now = balance_on(run_.as_of, facts_, run_);
    const auto before = balance_on(run_.as_of - days, facts_, run_);
    const std::string window = " within " + std::to_string(days) + " days";
    if (!now || !before || *before <= 0) {
      add_part(Factor::rising_balance, 0, "no balance to compare with" + window);
      return;
    }
    const std::int64_t growth = money::multiply_divide(base::checked_sub(*now, *before), 100,
                                                       *before, money::Rounding::down);
    const std::int64_t percent = std::max<std::int64_t>(0, growth);
    add_part(Factor::rising_balance, percent,
             "balance up " + std::to_string(percent) + " %" + window);
  }

  void choose_action() {
    if (cash_covers_all_) {
      entry_.action = RecommendedAction::apply_cash;
    } else if (wants_escalation_) {
      entry_.action = RecommendedAction::escalate;
    } else if (wants_contact_fixed_) {
      entry_.action = RecommendedAction::fix_contact;
    } else if (wants_call_) {
      entry_.action = RecommendedAction::call;
    } else {
      entry_.action = RecommendedAction::remind;
    }
  }

  const PartyFacts& facts_;
  const RunContext& run_;
  std::vector<ChasedItem> items_;
  WorklistEntry entry_;
  bool cash_covers_all_ = false;
  bool wants_escalation_ = false;
  bool wants_contact_fixed_ = false;
  bool wants_call_ = false;
};

}  // namespace

std::optional<WorklistEntry> assess(const PartyFacts& facts, const RunContext& run) {
  return Assessor(facts, run).assess();
}

}  // namespace arrears::strategy
