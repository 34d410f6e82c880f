#include "domain/contact/call.h"

#include "base/check.h"

namespace arrears::contact {

std::optional<Disposition> derived_disposition(LineOutcome outcome) {
  switch (outcome) {
    case LineOutcome::answered:
      return std::nullopt;
    case LineOutcome::invalid_number:
      return Disposition::bad_number;
    case LineOutcome::busy:
    case LineOutcome::no_answer:
    case LineOutcome::declined:
    case LineOutcome::unreachable:
    case LineOutcome::trunk_failure:
      return Disposition::not_reached;
  }
  return std::nullopt;
}

Disposition disposition(const CallEntry& entry) {
  const auto known =
      entry.disposition ? entry.disposition : derived_disposition(entry.line_outcome);
  ARREARS_REQUIRE(known.has_value());
  return *known;
}

std::optional<ItemDiscussed> freeze_item(const receivables::Ledger& ledger,
                                         receivables::DocumentId document, int instalment,
                                         Date as_of) {
  const auto* found = receivables::find_document(ledger, document);
  if (!found || found->cancelled || found->issued_on > as_of) return std::nullopt;
  const auto* part = receivables::find_instalment(*found, instalment);
  if (!part) return std::nullopt;
  return ItemDiscussed{
      .customer = ledger.customer,
      .document = document,
      .instalment = instalment,
      .currency = found->currency,
      .open_minor = receivables::open_amount(ledger, document, instalment, as_of),
      .days_overdue = calendar::days_overdue(part->due_on, as_of),
  };
}

bool is_late(const CallEntry& entry) {
  return entry.entered_at.micros - entry.ended_at.micros > late_after_micros;
}

}  // namespace arrears::contact
