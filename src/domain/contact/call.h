#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/names.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"
#include "domain/receivables/ledger.h"

/// The call log: what was said, against which invoices and balances. Plain values.
namespace arrears::contact {

using calendar::Date;
using CallId = base::Id<struct CallTag>;

/// Who rang whom: outbound is a call of ours.
enum class Direction : unsigned char { outbound, inbound };

/// How the telephone ended the attempt.
enum class LineOutcome : unsigned char {
  answered,  ///< also by an answering machine
  busy,
  no_answer,
  invalid_number,
  declined,
  unreachable,
  trunk_failure,
};

/// What the attempt came to.
enum class Disposition : unsigned char {
  right_party_reached,  ///< a person entitled to speak for the customer
  wrong_party,
  message_left,
  not_reached,
  bad_number,
  refused_to_talk,
};

/// What is to be done next. `none` is a choice too, and says why.
enum class NextActionKind : unsigned char {
  call,
  email,
  letter,
  escalate,
  wait_for_payment,
  send_copy,
  fix_contact,
  none,
};

/// An instalment that was talked about, with what was open on it then. Frozen: later payments do
/// not change it.
struct ItemDiscussed {
  parties::CustomerId customer;
  receivables::DocumentId document;
  int instalment = 1;
  money::Currency currency;
  std::int64_t open_minor = 0;
  int days_overdue = 0;  ///< on the business date of the call; 0 or less is not overdue
  bool operator==(const ItemDiscussed&) const = default;
};

struct NextAction {
  NextActionKind kind = NextActionKind::none;
  std::optional<Date> due_on;  ///< the day on which it is due; nothing for `none`
  std::string owner;           ///< who does it; empty for `none`
  std::string reason;          ///< why there is none; empty otherwise
  bool operator==(const NextAction&) const = default;
};

/// One entry of the call log. Append-only: an amendment is a further version of the same id, and
/// the earlier ones stay readable. Promises made in the call name it (`Promise::call`).
struct CallEntry {
  CallId id;
  int version = 1;
  parties::EntityId entity;
  parties::PartyId party;
  parties::CustomerId customer;  ///< none: the call was about the party as a whole
  Date business_date;            ///< the entity's local day on which the call started
  base::Instant started_at;
  base::Instant ended_at;
  base::Instant entered_at;  ///< when version 1 was recorded
  Direction direction = Direction::outbound;
  parties::ContactId contact;  ///< none where the person is not on file: see contact_text
  std::string contact_text;
  LineOutcome line_outcome = LineOutcome::answered;
  std::optional<Disposition> disposition;  ///< may be left out where nobody spoke
  std::vector<ItemDiscussed> items;
  std::string reason_for_delay;  ///< a code of the maintained list, empty where none was given
  std::string reason_text;
  std::string broken_promise_reason;  ///< why the promise was broken, in the customer's words
  std::string notes;
  std::optional<NextAction> next_action;  ///< nothing: not said, which is refused
  std::string author;
  std::string amendment_reason;  ///< from version 2 on
  bool operator==(const CallEntry&) const = default;
};

/// The disposition that follows from the line alone, where nobody spoke; nothing for `answered`.
std::optional<Disposition> derived_disposition(LineOutcome outcome);

/// The entry's own disposition, else the derived one; a checked entry always has one.
Disposition disposition(const CallEntry& entry);

/// An instalment of `ledger` as it stands on `as_of`, to be kept in an entry. Nothing where the
/// ledger has no such instalment, or none issued by then.
std::optional<ItemDiscussed> freeze_item(const receivables::Ledger& ledger,
                                         receivables::DocumentId document, int instalment,
                                         Date as_of);

/// An entry made more than 24 hours after the end of the call is late: what is written from memory
/// the next day is no evidence. Exactly 24 hours is in time.
constexpr std::int64_t late_after_micros = std::int64_t{24} * 3600 * 1'000'000;
bool is_late(const CallEntry& entry);

}  // namespace arrears::contact

ARREARS_NAMES(contact, Direction, "outbound", "inbound");
ARREARS_NAMES(contact, LineOutcome, "answered", "busy", "no_answer", "invalid_number", "declined",
              "unreachable", "trunk_failure");
ARREARS_NAMES(contact, Disposition, "right_party_reached", "wrong_party", "message_left",
              "not_reached", "bad_number", "refused_to_talk");
ARREARS_NAMES(contact, NextActionKind, "call", "email", "letter", "escalate", "wait_for_payment",
              "send_copy", "fix_contact", "none");
