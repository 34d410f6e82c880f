#include "domain/receivables/dispute.h"

#include <algorithm>

#include "base/checked.h"

namespace arrears::receivables {

namespace {

std::int64_t open_amount_of(const Ledger& ledger, const Document& document, Date as_of) {
  std::int64_t open = 0;
  for (const Instalment& instalment : document.instalments) {
    open = base::checked_add(open, open_amount(ledger, document.id, instalment.number, as_of));
  }
  return open;
}

}  // namespace

bool holds(const DisputeMark& mark, Date as_of) {
  return mark.from <= as_of && (!mark.until || as_of < *mark.until);
}

std::int64_t disputed_amount(const Ledger& ledger, DocumentId document, Date as_of) {
  const Document* found = find_document(ledger, document);
  if (found == nullptr) return 0;
  bool whole = false;
  std::int64_t contested = 0;
  for (const DisputeMark& mark : ledger.disputes) {
    if (mark.document != document || !holds(mark, as_of)) continue;
    if (!mark.amount_minor) whole = true;
    contested = base::checked_add(contested, mark.amount_minor.value_or(0));
  }
  if (!whole && contested == 0) return 0;
  const std::int64_t open = std::max<std::int64_t>(0, open_amount_of(ledger, *found, as_of));
  return whole ? open : std::min(open, contested);
}

base::Result<DisputeMark, MarkDisputeRefusal> mark_dispute(const Ledger& ledger,
                                                           const DisputeMark& mark) {
  using enum MarkDisputeRefusal;
  ARREARS_REQUIRE(!mark.until);
  const Document* document = find_document(ledger, mark.document);
  if (document == nullptr || document->cancelled) return document_unknown;
  if (document->amount_minor < 0) return document_is_credit;
  if (mark.amount_minor && *mark.amount_minor <= 0) return amount_not_positive;
  if (mark.from < document->issued_on) return before_issue;
  const std::int64_t open = open_amount_of(ledger, *document, mark.from);
  if (open <= 0) return nothing_open;
  const std::int64_t contested = disputed_amount(ledger, mark.document, mark.from);
  if (contested >= open) return already_disputed;
  if (mark.amount_minor && *mark.amount_minor > open - contested) return exceeds_open_amount;
  return mark;
}

base::Result<DisputeMark, ClearDisputeRefusal> clear_dispute(const Ledger& ledger,
                                                             DisputeMarkId mark, Date on) {
  using enum ClearDisputeRefusal;
  const auto found = std::find_if(ledger.disputes.begin(), ledger.disputes.end(),
                                  [mark](const DisputeMark& row) { return row.id == mark; });
  ARREARS_REQUIRE(found != ledger.disputes.end());
  if (found->until && *found->until <= on) return already_cleared;
  if (on < found->from) return before_dispute;
  DisputeMark cleared = *found;
  cleared.until = on;
  return cleared;
}

}  // namespace arrears::receivables
