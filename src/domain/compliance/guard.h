#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/names.h"
#include "domain/calendar/business_calendar.h"
#include "domain/calendar/local_time.h"
#include "domain/compliance/pack.h"
#include "domain/compliance/place.h"
#include "domain/receivables/ledger.h"

/// The guard: may we contact this person, on this channel, at this instant, about these debts? One
/// pure function from facts to a decision with its rule. rules.md 4.9, 4.10; see README.md.
namespace arrears::compliance {

using base::Instant;
using calendar::Date;
using receivables::DocumentId;

/// Consent for a number or address: holds for the whole installation.
enum class ConsentState : unsigned char { granted, withdrawn };

struct Consent {
  std::optional<Channel> channel;  ///< nothing: every channel
  ConsentState state = ConsentState::granted;
  Date on;             ///< the day it was given or withdrawn
  std::string source;  ///< how we know: "letter of 3 March"
};

/// Why nobody may contact a person or party.
enum class SuppressionKind : unsigned char {
  do_not_contact,  ///< asked to be left alone, or we decided so
  cease_contact,   ///< demanded in writing: 12 CFR 1006.6(c)
};

struct Suppression {
  SuppressionKind kind = SuppressionKind::do_not_contact;
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
  std::string reason;
};

/// A quiet period of the party (`strategy::Hold`).
struct QuietPeriod {
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
  std::string reason;
};

/// What covers a debt as a whole, so that it is not chased.
enum class Cover : unsigned char { none, promise, dispute };

/// One debt that the contact is about: a document.
struct Debt {
  DocumentId document;
  std::string number;
  Cover cover = Cover::none;
  std::string covered_by;             ///< for people: "C1-P1"
  std::optional<Date> covered_until;  ///< first day on which it may be chased again, where known
};

/// A call that was made or taken, with the person or somebody unknown who may be that person.
struct PastCall {
  Instant at;
  contact::Direction direction = contact::Direction::outbound;
  contact::LineOutcome line_outcome = contact::LineOutcome::answered;
  bool conversation = false;      ///< somebody entitled spoke, also to refuse to talk
  std::vector<DocumentId> debts;  ///< empty: about no debt in particular, counts for each
};

/// Which rule decided. `allowed` stands where none refused; the others in the order in which they
/// are asked.
enum class Rule : unsigned char {
  allowed,
  cease_contact,
  do_not_contact,
  consent_withdrawn,
  consent_missing,
  no_address,  ///< no number or address for the channel
  quiet_period,
  dispute_in_force,
  promise_in_force,
  after_conversation,
  call_cap,
  holiday,
  calling_hours,
};

struct GuardQuestion {
  Channel channel = Channel::call;
  Instant at;
};

/// The holidays of a country in which the person may be.
struct CountryHolidays {
  std::string country;
  const calendar::BusinessCalendar* calendar = nullptr;
};

/// Everything that is decided on. The pointers outlive it.
struct GuardFacts {
  std::string address;  ///< number or e-mail address of the channel; empty: none on file
  Place place;
  std::vector<CountryHolidays> holidays;
  std::vector<Suppression> suppressions;  ///< of the contact and its party
  std::vector<Consent> consents;          ///< of the address
  std::vector<QuietPeriod> quiet_periods;
  std::vector<Debt> debts;      ///< empty: about none in particular
  std::vector<PastCall> calls;  ///< in any order; later ones than the question's day do not count
  std::vector<const Pack*> packs;  ///< those that are on for the entity
};

/// One thing that the decision rests on, for people.
struct GuardFact {
  std::string name;
  std::string value;
};

struct GuardDecision {
  bool allowed = false;
  Rule rule = Rule::allowed;
  std::string pack;  ///< code of the pack whose rule it is; empty: one of our own
  std::string text;  ///< one sentence
  std::vector<GuardFact> facts;
  std::string time_zone;  ///< of the zone that decided, else the first plausible one
  calendar::LocalTime local_time;
  /// Where it is refused: the first instant after `at` at which nothing refuses any more, as far as
  /// is known today. Nothing where that waits for somebody (an open dispute), or where allowed.
  std::optional<Instant> opens_at;
};

/// Decides. Every plausible zone must allow; the first rule in order that refuses is named. More
/// calls, suppressions, zones or further debts never turn a refusal into a permission.
GuardDecision decide(const GuardQuestion& question, const GuardFacts& facts);

/// The packs of `on` that bind for a person who may be in `countries`: those that name one of them,
/// and the one for all others where a country has no pack of its own among them.
std::vector<const Pack*> binding_packs(std::span<const Pack* const> on,
                                       std::span<const std::string> countries);

}  // namespace arrears::compliance

ARREARS_NAMES(compliance, ConsentState, "granted", "withdrawn");
ARREARS_NAMES(compliance, SuppressionKind, "do_not_contact", "cease_contact");
ARREARS_NAMES(compliance, Cover, "none", "promise", "dispute");
ARREARS_NAMES(compliance, Rule, "allowed", "cease_contact", "do_not_contact", "consent_withdrawn",
              "consent_missing", "no_address", "quiet_period", "dispute_in_force",
              "promise_in_force", "after_conversation", "call_cap", "holiday", "calling_hours");
