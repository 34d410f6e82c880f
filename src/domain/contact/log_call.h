#pragma once

#include <span>

#include "base/refusal.h"
#include "base/result.h"
#include "domain/contact/call.h"
#include "domain/contact/reasons.h"

/// Refusals of `log_call`, in the order in which they are checked.
#define ARREARS_LOG_CALL_REFUSALS(R)                                                             \
  R(author_required, "Say who held the call.")                                                   \
  R(text_not_utf8, "Send the texts as UTF-8 without NUL characters.")                            \
  R(text_too_long, "Keep each text within 20,000 bytes; attach longer papers as a document.")    \
  R(ended_before_started, "Correct the start or the end of the call.")                           \
  R(ended_after_entered, "A call is logged after it ended; correct the times or the time zone.") \
  R(contact_required, "Say who was reached: a contact of the party, or the name as text.")       \
  R(disposition_required, "The line was answered: say what the call came to.")                   \
  R(disposition_contradicts_line_outcome,                                                        \
    "Where nobody spoke it follows from the line outcome; a machine that took a message "        \
    "answered.")                                                                                 \
  R(duplicate_item, "Name each instalment once.")                                                \
  R(reason_unknown, "Choose a reason for delay from the list that is in force on that day.")     \
  R(reason_text_required, "The reason \"other\" needs a text.")                                  \
  R(broken_reason_required, "An item under a broken promise was discussed: say why it broke.")   \
  R(next_action_required, "Say what happens next, or choose \"none\" and say why.")              \
  R(none_needs_reason, "Say why nothing needs to happen next.")                                  \
  R(next_action_date_required, "Give the day on which the next action is due.")                  \
  R(next_action_in_past, "The next action is due on the day of the call or later.")              \
  R(next_action_owner_required, "Say who does the next action.")
ARREARS_REFUSALS(contact, LogCallRefusal, "log_call", ARREARS_LOG_CALL_REFUSALS);

/// Refusals of `amend_call`, in the order in which they are checked.
#define ARREARS_AMEND_CALL_REFUSALS(R)                          \
  R(amendment_reason_required, "Say why the entry is amended.") \
  R(nothing_changed, "Change something, or leave the entry as it is.")
ARREARS_REFUSALS(contact, AmendCallRefusal, "amend_call", ARREARS_AMEND_CALL_REFUSALS);

namespace arrears::contact {

constexpr std::size_t max_text_bytes = 20'000;

/// What an entry is checked against.
struct CallContext {
  std::span<const parties::Contact> contacts;  ///< of the party
  std::span<const DelayReason> reasons;
  /// instalments under a promise that is broken on the day of the call
  std::span<const receivables::ItemKey> broken_items;
};

/// Checks an entry before it is recorded, and an amended one as well. Its contact must be one of
/// the party's; that its items belong to the party or its group is for the use case to check. Why a
/// promise was broken is asked only where the right party was reached: nobody else can say.
base::Result<base::Done, LogCallRefusal> check_call(const CallEntry& entry,
                                                    const CallContext& context);

/// Checks that `after`, the next version of the entry, may follow `before`. What was said may be
/// put right: contact, line outcome, disposition, reasons, notes, next action, further items.
/// Entity, party, customer, times, direction, author and what was frozen must be as they were. Then
/// `check_call` checks the whole.
base::Result<base::Done, AmendCallRefusal> check_amendment(const CallEntry& before,
                                                           const CallEntry& after);

}  // namespace arrears::contact
