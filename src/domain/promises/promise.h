#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "domain/calendar/business_calendar.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"
#include "domain/receivables/ledger.h"

/// Amount, date and invoices that a customer committed to, and what became of it. See README.md.
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

/// Withdrawn, or replaced by a later promise. One dated after the deadline changes nothing: by then
/// the promise was kept or broken.
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

/// The last day on which a payment still keeps the promise: the promised date rolled forward to a
/// business day of the entity, plus the tolerance in business days.
Date deadline(const Promise& promise, const calendar::BusinessCalendar& entity_calendar);

/// The movements on the promised items, in the order of `Promise::items`.
using ItemSettlements = std::vector<std::vector<receivables::Settlement>>;

struct PromiseStanding {
  PromiseState state = PromiseState::open;
  std::int64_t paid_minor = 0;  ///< counted towards the promise, at most the promised amount
  std::vector<std::int64_t> item_paid_minor;  ///< the same per item, in the order of `items`
  Date deadline;
  std::optional<Date> broken_since;  ///< first day after the deadline, where broken or partly kept
  bool superseded = false;           ///< a later promise took its place: neither kept nor broken
  bool suspended = false;            ///< a dispute mark on a promised item stops the valuation
  bool probably_kept = false;        ///< unapplied cash of the payer would cover what is missing
};

/// Derives the state as of `as_of` from facts (rules.md 4.5 and "Decided"). Only movements valued
/// from `made_on` to the deadline (both included) and allocated on or before `as_of` count, at most
/// the promised amount per item. Superseded reads as withdrawn with `superseded` set. A suspended
/// promise stays open after its deadline; once the dispute is over it is judged as if there had
/// been none.
/// `disputed`: see `is_disputed`. `unapplied_minor`: the payer's unapplied cash in the promise's
/// currency as of that day.
PromiseStanding standing(const Promise& promise, const ItemSettlements& settlements,
                         const calendar::BusinessCalendar& entity_calendar, Date as_of,
                         bool disputed, std::int64_t unapplied_minor);

/// The ledgers of several customers, none null.
using LedgerRefs = std::span<const receivables::Ledger* const>;

/// Whether a dispute mark that holds on `as_of` lies on a promised item. Marks that began after the
/// deadline do not count: a broken promise is not mended by a dispute.
bool is_disputed(const Promise& promise, LedgerRefs ledgers, Date deadline, Date as_of);

/// A promise with its standing.
struct JudgedPromise {
  const Promise* promise = nullptr;
  PromiseStanding standing;
};

/// Gathers what `standing` needs from the ledgers of the party's customers in the promise's entity.
/// `promises`: all promises of the party. Money counts once: on an item that several promises name,
/// for the one with the earlier deadline first (then the one made earlier), as long as it holds.
JudgedPromise judge(const Promise& promise, LedgerRefs ledgers,
                    const calendar::BusinessCalendar& entity_calendar, Date as_of,
                    std::span<const Promise> promises = {});

}  // namespace arrears::promises

ARREARS_NAMES(promises, PromiseState, "open", "kept", "partly_kept", "broken", "withdrawn");
ARREARS_NAMES(promises, PromiseEventKind, "withdrawn", "superseded");
