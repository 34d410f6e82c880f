#pragma once

#include "base/result.h"
#include "domain/receivables/ledger.h"

/// The mark that a document or part of one is contested: it is left out of the chase.

#define ARREARS_MARK_DISPUTE_REFUSALS(R)                                                \
  R(document_unknown, "Check the number: this customer has no such document in force.") \
  R(document_is_credit, "Only what is owed can be contested: name an invoice.")         \
  R(amount_not_positive, "Give an amount above 0, or none for the whole document.")     \
  R(before_issue, "Choose the issue date or a later day.")                              \
  R(nothing_open, "It is settled on that day: nothing is left to contest.")             \
  R(already_disputed, "It is contested as a whole already: clear that dispute first.")  \
  R(exceeds_open_amount, "Lower the amount.")

ARREARS_REFUSALS(receivables, MarkDisputeRefusal, "mark_dispute", ARREARS_MARK_DISPUTE_REFUSALS);

#define ARREARS_CLEAR_DISPUTE_REFUSALS(R)                                \
  R(already_cleared, "It has ended by that day: nothing is left to do.") \
  R(before_dispute, "Choose the first day of the dispute or a later one.")

ARREARS_REFUSALS(receivables, ClearDisputeRefusal, "clear_dispute", ARREARS_CLEAR_DISPUTE_REFUSALS);

namespace arrears::receivables {

/// Whether the mark holds on `as_of`: from its first day, included, to `until`, not included.
bool holds(const DisputeMark& mark, Date as_of);

/// What of the document's open amount is contested as of `as_of`.
std::int64_t disputed_amount(const Ledger& ledger, DocumentId document, Date as_of);

/// The mark as it is to be written; it must be without an end. Amounts are judged by what is open
/// on its first day; marks that hold on that day may together not exceed it.
base::Result<DisputeMark, MarkDisputeRefusal> mark_dispute(const Ledger& ledger,
                                                           const DisputeMark& mark);

/// The mark, one of the ledger's, with `on` as the first day on which it no longer holds. Cleared
/// on its first day, it never held.
base::Result<DisputeMark, ClearDisputeRefusal> clear_dispute(const Ledger& ledger,
                                                             DisputeMarkId mark, Date on);

}  // namespace arrears::receivables
