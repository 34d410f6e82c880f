#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "domain/calendar/business_calendar.h"
#include "domain/contact/call.h"
#include "domain/money/rate.h"
#include "domain/parties/parties.h"
#include "domain/promises/promise.h"
#include "domain/receivables/ledger.h"
#include "domain/strategy/strategy.h"

/// What is gathered about one party in one entity before anything is decided. All of it is as known
/// at one instant; the business date is in `RunContext`.
namespace arrears::strategy {

using receivables::ItemKey;
using FollowUpId = base::Id<struct FollowUpTag>;

/// Why a follow-up exists.
enum class FollowUpKind : unsigned char {
  next_action,     ///< agreed in a call
  broken_promise,  ///< the day after the deadline of a promise that was not kept
  escalation,      ///< an item reached an escalation step
  dispute,         ///< its owner is to have settled a dispute by now
};

/// Why a follow-up is no longer open.
enum class FollowUpClosing : unsigned char {
  done,          ///< somebody said so
  called,        ///< a call was logged on or after its day; the call's next action takes over
  promise_kept,  ///< as known now, the promise was kept
  promise_open,  ///< as known now, the promise is still open
  promise_withdrawn,
  promise_superseded,
  items_settled,  ///< nothing is left to follow up
  dispute_ended,  ///< resolved or rejected
};

/// The next thing to do about a party: agreed or prescribed.
struct FollowUp {
  FollowUpId id;  ///< none until it is recorded
  parties::PartyId party;
  parties::EntityId entity;
  FollowUpKind kind = FollowUpKind::next_action;
  Date opened_on;
  Date due_on;                  ///< from this day on it is on the worklist
  std::string owner;            ///< empty: the collector of the party
  promises::PromiseId promise;  ///< of a broken promise
  contact::CallId call;         ///< the call in which it was agreed
  contact::NextActionKind action = contact::NextActionKind::call;
  std::optional<Date> closed_on;
  std::optional<FollowUpClosing> closing;
  receivables::DisputeMarkId dispute;  ///< of a dispute
};

/// A mark that lets a party rest.
struct Hold {
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
  std::string reason;
};

enum class StepStatus : unsigned char {
  done,     ///< its action was taken up
  skipped,  ///< a later step was due already, or the item was overdue before its notice
};

/// A step that an open item has passed. Recorded once per item and step id.
struct ReachedStep {
  ItemKey item;
  std::string step;
  Date on;  ///< business date of the run
  StepStatus status = StepStatus::done;
};

/// How a step comes to somebody. Contacts of one channel and day are one contact.
enum class Channel : unsigned char { written, phone, manager, agency };
Channel channel_of(StepAction action);

/// A contact that took place: a logged call (either direction) or a message that was sent.
struct ContactMade {
  Date on;
  Channel channel = Channel::phone;
  std::optional<contact::Disposition> disposition;  ///< of a call
  contact::CallId call;
};

struct CustomerFacts {
  const parties::Customer* customer = nullptr;
  const receivables::Ledger* ledger = nullptr;
};

/// One party in one entity. The pointers outlive it.
struct PartyFacts {
  const parties::Party* party = nullptr;
  parties::EntityId entity;
  std::string collector;  ///< from the book; empty: unassigned
  std::string manager;    ///< who gets its escalations; empty: the strategy's
  std::vector<CustomerFacts> customers;
  std::vector<promises::JudgedPromise> promises;  ///< as of the business date
  std::vector<Hold> holds;
  std::vector<FollowUp> follow_ups;  ///< the open ones, and all of the broken promises
  std::vector<ReachedStep> reached;
  std::vector<ContactMade> contacts_made;
  std::vector<parties::Contact> contacts;
};

/// The business date and what it is judged by. The references outlive it.
struct RunContext {
  Date as_of;
  const Strategy& strategy;
  const calendar::BusinessCalendar& calendar;  ///< of the entity
  const money::RateTable& rates;
  money::Currency base;  ///< of the entity
  /// Whether the site keeps contacts here at all. Where it keeps none, their absence says nothing.
  bool contacts_kept = true;
};

/// `minor` in the entity's base currency at the rates of the business date; nothing where a rate is
/// missing. Nothing is owed in no currency: 0 needs no rate.
std::optional<std::int64_t> in_base(std::int64_t minor, money::Currency currency,
                                    const RunContext& run);

/// The hold that is in force; null if none.
const Hold* hold_in_force(const PartyFacts& facts, Date as_of);

/// Whether somebody can be reached: an active contact with a phone number or an e-mail address, or
/// a call that reached the right party. On a site without contacts everybody counts as reachable.
bool is_reachable(const PartyFacts& facts, const RunContext& run);

/// An open item and what of it may be chased.
struct ChasedItem {
  const parties::Customer* customer = nullptr;
  const receivables::Document* document = nullptr;
  const receivables::Instalment* instalment = nullptr;
  int days_overdue = 0;
  std::int64_t open_minor = 0;
  std::int64_t promised_minor = 0;  ///< still to come under promises in force
  std::int64_t disputed_minor = 0;  ///< partial disputes fall on the earliest due instalments
  std::int64_t chased_minor = 0;    ///< open less promised less disputed, not below 0
  /// The customer's credits and unapplied cash cover all that it has overdue in this currency.
  bool cash_covers = false;
  bool small_balance = false;  ///< of the customer: below the strategy's threshold

  ItemKey key() const { return {document->id, instalment->number}; }
};

/// Every positive open item of the party, in order of customer, due date, number, instalment.
std::vector<ChasedItem> chased_items(const PartyFacts& facts, const RunContext& run);

}  // namespace arrears::strategy

ARREARS_NAMES(strategy, FollowUpKind, "next_action", "broken_promise", "escalation", "dispute");
ARREARS_NAMES(strategy, FollowUpClosing, "done", "called", "promise_kept", "promise_open",
              "promise_withdrawn", "promise_superseded", "items_settled", "dispute_ended");
ARREARS_NAMES(strategy, StepStatus, "done", "skipped");
ARREARS_NAMES(strategy, Channel, "written", "phone", "manager", "agency");
