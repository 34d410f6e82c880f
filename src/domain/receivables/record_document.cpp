#include "domain/receivables/record_document.h"

#include <optional>

#include "base/checked.h"
#include "domain/receivables/timeline.h"

namespace arrears::receivables {

namespace {

using Refused = std::optional<RecordDocumentRefusal>;

bool is_beyond_maximum(std::int64_t minor) {
  return minor > money::max_amount_minor || minor < -money::max_amount_minor;
}

bool kind_allows(DocumentKind kind, bool is_credit) {
  switch (kind) {
    case DocumentKind::invoice:
    case DocumentKind::fee:
    case DocumentKind::interest_note:
    case DocumentKind::refund:
      return !is_credit;
    case DocumentKind::credit_note:
      return is_credit;
    case DocumentKind::opening_balance:
    case DocumentKind::adjustment:
      return true;
  }
  return false;
}

Refused check_instalment_amounts(const Document& document) {
  using enum RecordDocumentRefusal;
  int expected = 0;
  for (const Instalment& instalment : document.instalments) {
    if (instalment.number != ++expected) return instalments_out_of_order;
  }
  std::int64_t sum = 0;
  for (const Instalment& instalment : document.instalments) {
    const std::int64_t amount = instalment.amount_minor;
    if (amount == 0 || (amount < 0) != (document.amount_minor < 0)) return instalment_sign_differs;
    sum = base::checked_add(sum, amount);
  }
  ARREARS_REQUIRE(sum == document.amount_minor);
  return std::nullopt;
}

Refused check_instalment_dates(const Document& document) {
  using enum RecordDocumentRefusal;
  // A credit has no date to pay by, and an opening balance is dated when the books were taken over.
  const bool may_be_due_earlier =
      document.amount_minor < 0 || document.kind == DocumentKind::opening_balance;
  for (const Instalment& instalment : document.instalments) {
    if (!may_be_due_earlier && instalment.due_on < document.issued_on) return due_before_issue;
  }
  for (const Instalment& instalment : document.instalments) {
    if (instalment.discount_until && *instalment.discount_until > instalment.due_on) {
      return discount_beyond_due;
    }
  }
  for (const Instalment& instalment : document.instalments) {
    if (!instalment.discount_until) continue;
    if (instalment.discounted_minor <= 0 ||
        instalment.discounted_minor >= instalment.amount_minor) {
      return discount_not_smaller;
    }
  }
  return std::nullopt;
}

Refused check_document(const Document& document) {
  using enum RecordDocumentRefusal;
  if (document.number.empty()) return number_missing;
  ARREARS_REQUIRE(bool(document.currency));
  if (document.instalments.empty()) return no_instalments;
  if (document.amount_minor == 0) return amount_zero;
  if (is_beyond_maximum(document.amount_minor)) return amount_beyond_maximum;
  if (!kind_allows(document.kind, document.amount_minor < 0)) return kind_and_sign_disagree;
  if (const Refused refused = check_instalment_amounts(document)) return refused;
  return check_instalment_dates(document);
}

std::int64_t magnitude(std::int64_t minor) { return minor < 0 ? -minor : minor; }

}  // namespace

base::Result<Document, RecordDocumentRefusal> record_document(const Document& document) {
  if (const Refused refused = check_document(document)) return *refused;
  Document recorded = document;
  recorded.version = 1;
  recorded.cancelled = false;
  return recorded;
}

base::Result<Document, RecordDocumentRefusal> amend_document(const Ledger& ledger,
                                                             const Document& amended,
                                                             parties::CustomerId customer) {
  using enum RecordDocumentRefusal;
  if (const Refused refused = check_document(amended)) return *refused;
  const Document* existing = find_document(ledger, amended.id);
  ARREARS_REQUIRE(existing != nullptr);
  if (existing->cancelled) return document_cancelled;
  if (customer != ledger.customer || amended.currency != existing->currency ||
      amended.number != existing->number ||
      (amended.amount_minor < 0) != (existing->amount_minor < 0)) {
    return not_amendable;
  }
  const std::vector<ItemTimeline> timelines = item_timelines(ledger, keys_of(*existing));
  for (const ItemTimeline& item : timelines) {
    if (item.left.is_below(magnitude(item.instalment->amount_minor), amended.issued_on)) {
      return issued_after_allocation;
    }
  }
  for (const ItemTimeline& item : timelines) {
    const Instalment* kept = find_instalment(amended, item.key.instalment);
    const std::int64_t most_allocated =
        magnitude(item.instalment->amount_minor) - item.left.lowest();
    if (most_allocated > (kept == nullptr ? 0 : magnitude(kept->amount_minor))) {
      return amount_below_allocated;
    }
  }
  Document next = amended;
  next.version = existing->version + 1;
  next.cancelled = false;
  return next;
}

base::Result<Document, CancelDocumentRefusal> cancel_document(const Ledger& ledger,
                                                              DocumentId document) {
  using enum CancelDocumentRefusal;
  const Document* existing = find_document(ledger, document);
  ARREARS_REQUIRE(existing != nullptr);
  if (existing->cancelled) return already_cancelled;
  for (const ItemTimeline& item : item_timelines(ledger, keys_of(*existing))) {
    if (item.left.final_level() != magnitude(item.instalment->amount_minor)) return has_allocations;
  }
  Document cancelled = *existing;
  ++cancelled.version;
  cancelled.cancelled = true;
  return cancelled;
}

}  // namespace arrears::receivables
