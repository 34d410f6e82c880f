#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/strategy/facts.h"

/// The worklist: whom a collector acts on today, in which order, and why.
///
/// A party is on the list if at least one of these holds:
///  1. a follow-up is due (a broken promise, a next action agreed in a call, an escalation);
///  2. an overdue item with a chased amount has reached a step that still wants its contact: a call
///     logged on or after the day of the step, or for reminders and demands also a message sent;
///  3. something is overdue, and credits or unapplied cash of the same customer cover it all;
///  4. an overdue item is chased, but nobody can be reached.
/// Rules 2 to 4 do not hold during a quiet period, 2 and 4 not for a customer with a small balance;
/// what promises and disputes cover is not chased. So a party of which everything is covered,
/// resting or not overdue is not on the list.
namespace arrears::strategy {

enum class RecommendedAction : unsigned char { call, remind, escalate, apply_cash, fix_contact };

/// Why a party is on the list, or what to know about its place.
enum class ReasonKind : unsigned char {
  follow_up_due,
  broken_promise,
  step_due,
  cash_to_apply,
  no_contact,
  missing_rate,
  probably_kept,  ///< unapplied cash would keep the promise that looks broken
};

struct Reason {
  ReasonKind kind = ReasonKind::step_due;
  std::string text;  ///< for people: "reminder_14 of INV-7 since 2026-06-01"
};

/// What one factor adds to the points.
struct Part {
  Factor factor = Factor::overdue_amount;
  int points = 0;
  std::int64_t value = 0;   ///< in the unit of the factor, as the bands read it
  std::int64_t sample = 0;  ///< of risk: the number of items behind it
  std::string fact;         ///< for people: "17 days overdue (INV-10452)"
};

/// Amounts of one currency.
struct Amounts {
  money::Currency currency;
  std::int64_t open_minor = 0;      ///< positive open items
  std::int64_t overdue_minor = 0;   ///< net of credits and unapplied cash, by customer
  std::int64_t chased_minor = 0;    ///< overdue less what promises and disputes cover
  std::int64_t to_apply_minor = 0;  ///< credits and unapplied cash
};

/// More of one factor that would bring the party to the next place, all else the same.
struct WayUp {
  Factor factor = Factor::overdue_amount;
  std::int64_t more = 0;  ///< base currency minor units, or days
};

/// The distance to the place above: points, and the factors that alone would close it. No way where
/// the bands of both factors end too early.
struct WhyNotHigher {
  int points_to_next = 0;  ///< 0: equal points, the overdue amount or the number decided
  std::vector<WayUp> ways;
};

struct WorklistEntry {
  parties::PartyId party;
  std::string name;
  std::vector<parties::CustomerId> customers;
  std::vector<std::string> numbers;  ///< of the customers
  std::optional<int> rank;           ///< 1 is first; nothing: not ranked, a rate is missing
  std::optional<int> points;         ///< nothing where not ranked
  std::array<Part, factor_count> parts;
  std::vector<Reason> reasons;
  RecommendedAction action = RecommendedAction::call;
  std::vector<Amounts> amounts;  ///< in order of currency
  std::optional<std::int64_t> open_base;
  std::optional<std::int64_t> overdue_base;
  std::optional<std::int64_t> chased_base;
  std::vector<FollowUp> follow_ups_due;
  std::optional<WhyNotHigher> why_not_higher;  ///< nothing for the first and the not ranked
};

/// One collector's worklist of a business date.
struct Worklist {
  std::string collector;  ///< empty: unassigned
  std::vector<WorklistEntry> entries;
};

/// The party's entry, without rank; nothing where it is not on the list.
std::optional<WorklistEntry> assess(const PartyFacts& facts, const RunContext& run);

/// Whether `a` stands above `b` on a list that has both; see `rank`.
bool comes_before(const WorklistEntry& a, const WorklistEntry& b);

/// Puts the entries in order and numbers them: by points, then overdue amount in base currency,
/// then the first customer number (a total order; the last resort is the party's id). What is not
/// ranked comes last, in order of number.
void rank(std::vector<WorklistEntry>& entries, const PointsTable& table);

/// Assesses and ranks the parties of an entity, one list per collector, in order of collector.
std::vector<Worklist> worklists(std::span<const PartyFacts> parties, const RunContext& run);

}  // namespace arrears::strategy

ARREARS_NAMES(strategy, RecommendedAction, "call", "remind", "escalate", "apply_cash",
              "fix_contact");
ARREARS_NAMES(strategy, ReasonKind, "follow_up_due", "broken_promise", "step_due", "cash_to_apply",
              "no_contact", "missing_rate", "probably_kept");
