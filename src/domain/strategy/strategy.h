#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"

/// The rules that decide who is contacted, when and how: steps, points and thresholds. Plain
/// values.
namespace arrears::strategy {

using calendar::Date;

/// What a step does.
enum class StepAction : unsigned char {
  remind,        ///< a written reminder; before the due date a notice
  call,          ///< a telephone call by the collector
  escalate,      ///< a follow-up for the manager
  final_demand,  ///< a written final demand
  refer,         ///< a proposal to refer the debt to an agency; somebody must approve it
};

/// One dunning step. Due dates are of the instalment.
struct Step {
  std::string id;       ///< stable for ever: what was reached is recorded under it
  int offset_days = 0;  ///< from the due date; negative is before it
  StepAction action = StepAction::remind;
  int level = 0;  ///< severity; the highest one names a consolidated contact
};

/// What a party's points are made of.
enum class Factor : unsigned char {
  overdue_amount,   ///< net overdue amount in base currency, minor units
  days_overdue,     ///< of the oldest item that is chased
  risk,             ///< amount-weighted days late of what was settled lately, in tenths of a day
  broken_promises,  ///< how many within the look-back
  follow_up_due,    ///< how many are due
  rising_balance,   ///< growth of the balance over the look-back, in per cent
};
constexpr std::size_t factor_count = 6;

/// From `at_least` on a factor gives `points`.
struct Band {
  std::int64_t at_least = 1;
  int points = 0;
};

/// Points by factor: whole numbers in bands, so that anybody can add them up. Within a factor the
/// bands rise in value and in points; below the first there are none.
struct PointsTable {
  std::array<std::vector<Band>, factor_count> bands;

  std::vector<Band>& operator[](Factor factor) { return bands[static_cast<std::size_t>(factor)]; }
  const std::vector<Band>& operator[](Factor factor) const {
    return bands[static_cast<std::size_t>(factor)];
  }
  /// The points of the highest band that `value` reaches.
  int points(Factor factor, std::int64_t value) const;
};

/// One version of the rules. A later version keeps the ids of the steps that it keeps.
struct Strategy {
  std::string name;
  int version = 1;
  Date valid_from;
  std::vector<Step> steps;  ///< in order of offset
  PointsTable points;
  /// A customer whose balance (base currency, minor units) is below this is left alone.
  std::int64_t small_balance_minor = 0;
  /// Calendar days from one chasing contact with a party to the next: a contact on the 1st with 3
  /// allows the next on the 4th. 0 is no limit. Notices before the due date are outside of it.
  int quiet_days = 0;
  std::string escalation_owner;     ///< who gets an escalation where the party has no manager
  int broken_promise_days = 90;     ///< look-back of Factor::broken_promises
  int rising_balance_days = 30;     ///< look-back of Factor::rising_balance
  int settled_history_months = 12;  ///< look-back of Factor::risk
};

/// The rules that ship: a notice 4 days before due for every invoice; a reminder 1 day, calls 7 and
/// 21 days, a second reminder 14 days overdue; manager at 30, final demand at 60, proposal to refer
/// at 90. Amounts are thought of in a currency like USD or EUR; `base` has other decimals: KWD
/// counts in thousandths, and a currency without decimals counts a hundred units as one.
Strategy standard_strategy(money::Currency base);

/// The step of that id; null where this version has none.
const Step* find_step(const Strategy& strategy, std::string_view id);

}  // namespace arrears::strategy

ARREARS_NAMES(strategy, StepAction, "remind", "call", "escalate", "final_demand", "refer");
ARREARS_NAMES(strategy, Factor, "overdue_amount", "days_overdue", "risk", "broken_promises",
              "follow_up_due", "rising_balance");
