#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/calendar/business_calendar.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"
#include "domain/receivables/ledger.h"

namespace arrears::promises {

using calendar::Date;
using PromiseId = base::Id<struct PromiseTag>;

/// What was promised on one instalment.
struct PromiseItem {
  parties::CustomerId customer;
  receivables::DocumentId document;
  int instalment = 1;
  std::int64_t amount_minor = 0;
};

enum class PromiseEventKind : unsigned char { withdrawn, superseded };

struct PromiseEvent {
  PromiseEventKind kind = PromiseEventKind::withdrawn;
  Date on;
  std::string reason;
};

/// Amount, date and invoices that a customer committed to. The state is derived, never stored.
struct Promise {
  PromiseId id;
  std::string number;  ///< "P-17": short, for people
  parties::PartyId party;
  parties::EntityId entity;
  Date made_on;
  Date due_on;             ///< the promised date, as the customer said it
  int tolerance_days = 0;  ///< business days, fixed when the promise was made
  money::Currency currency;
  std::int64_t amount_minor = 0;  ///< sum of the items
  std::vector<PromiseItem> items;
  std::vector<PromiseEvent> events;
  parties::ContactId contact;
  std::int64_t call = 0;  ///< id of the call log entry, 0 if none
};

enum class PromiseState : unsigned char { open, kept, partly_kept, broken, withdrawn };
std::string_view name(PromiseState state);

/// The last day on which a payment still keeps the promise: the promised date rolled forward to a
/// business day of the entity, plus the tolerance in business days.
Date deadline(const Promise& promise, const calendar::BusinessCalendar& entity_calendar);

/// The movements on the promised items, in the order of `Promise::items`.
using ItemSettlements = std::vector<std::vector<receivables::Settlement>>;

struct PromiseStanding {
  PromiseState state = PromiseState::open;
  std::int64_t paid_minor = 0;  ///< counted towards the promise, at most the promised amount
  Date deadline;
  std::optional<Date> broken_since;  ///< first day after the deadline, where broken or partly kept
  bool superseded = false;           ///< a later promise took its place: neither kept nor broken
  bool suspended = false;            ///< a dispute mark on a promised item stops the valuation
  bool probably_kept = false;        ///< unapplied cash of the payer would cover what is missing
};

/// Derives the state as of `as_of` from facts (rules.md 4.5 and "Decided"). Only movements valued
/// from `made_on` to the deadline (both included) and allocated on or before `as_of` count, at most
/// the promised amount per item. Superseded reads as withdrawn with `superseded` set.
/// `unapplied_minor`: the payer's unapplied cash in the promise's currency as of that day.
PromiseStanding standing(const Promise& promise, const ItemSettlements& settlements,
                         const calendar::BusinessCalendar& entity_calendar, Date as_of,
                         bool disputed, std::int64_t unapplied_minor);

}  // namespace arrears::promises
