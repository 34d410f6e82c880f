#pragma once

#include <string_view>

/// The closed list of journal entry kinds: past tense, stable for ever. `X(kind, schema version)`.
#define ARREARS_ENTRY_KINDS(X) \
  X(entity_added, 1)           \
  X(calendar_changed, 1)       \
  X(party_added, 1)            \
  X(party_changed, 1)          \
  X(group_changed, 1)          \
  X(customer_added, 1)         \
  X(customer_changed, 1)       \
  X(contact_added, 1)          \
  X(contact_changed, 1)        \
  X(document_recorded, 1)      \
  X(document_corrected, 1)     \
  X(document_cancelled, 1)     \
  X(payment_recorded, 1)       \
  X(payment_corrected, 1)      \
  X(payment_bounced, 1)        \
  X(allocated, 1)              \
  X(unallocated, 1)            \
  X(dispute_marked, 2)         \
  X(dispute_cleared, 2)        \
  X(rate_recorded, 1)          \
  X(promise_made, 1)           \
  X(promise_withdrawn, 1)      \
  X(call_logged, 1)            \
  X(call_amended, 1)           \
  X(delay_reason_changed, 1)   \
  X(follow_up_created, 1)      \
  X(follow_up_closed, 1)       \
  X(hold_placed, 1)            \
  X(hold_lifted, 1)            \
  X(book_changed, 1)           \
  X(strategy_changed, 1)       \
  X(day_run, 1)                \
  X(steps_reached, 1)          \
  X(worklist_frozen, 1)        \
  X(import_published, 1)       \
  X(profile_saved, 1)          \
  X(person_added, 1)           \
  X(person_changed, 1)         \
  X(credential_changed, 1)     \
  X(token_issued, 1)           \
  X(token_revoked, 1)          \
  X(substitution_changed, 1)   \
  X(guard_pack_changed, 1)     \
  X(consent_changed, 1)        \
  X(suppression_changed, 1)    \
  X(interaction_recorded, 1)   \
  X(interaction_changed, 1)    \
  X(call_reviewed, 1)

namespace arrears::app {

enum class EntryKind : unsigned char {
#define ARREARS_ENTRY_KIND_MEMBER_(kind, version) kind,
  ARREARS_ENTRY_KINDS(ARREARS_ENTRY_KIND_MEMBER_)
#undef ARREARS_ENTRY_KIND_MEMBER_
};

std::string_view name(EntryKind kind);
/// Version of the payload's shape.
int schema_version(EntryKind kind);

}  // namespace arrears::app
