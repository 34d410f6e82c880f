#pragma once

#include <span>
#include <string_view>

#include "base/names.h"
#include "base/refusal.h"
#include "base/result.h"
#include "domain/receivables/ledger.h"

/// The life of a dispute: raised with a reason and an owner, resolved or rejected. What it takes
/// out of the chase is the mark's own business (domain/receivables/dispute.h).

#define ARREARS_RAISE_DISPUTE_REFUSALS(R)                                    \
  R(reason_unknown, "`arrears dispute reasons` lists the reasons.")          \
  R(reason_text_required, "The reason \"other\" needs a text.")              \
  R(owner_required, "Say who settles it.")                                   \
  R(due_before_start, "Choose the first day of the dispute or a later one.") \
  R(text_too_long, "Keep the text within 20,000 bytes; attach longer papers as a document.")

ARREARS_REFUSALS(disputes, RaiseDisputeRefusal, "raise_dispute", ARREARS_RAISE_DISPUTE_REFUSALS);

#define ARREARS_RESOLVE_DISPUTE_REFUSALS(R)                                            \
  R(resolution_required, "Say why it ended so: the customer and the auditor read it.") \
  R(resolution_too_long, "Keep the text within 20,000 bytes; attach longer papers as a document.")

ARREARS_REFUSALS(disputes, ResolveDisputeRefusal, "resolve_dispute",
                 ARREARS_RESOLVE_DISPUTE_REFUSALS);

namespace arrears::disputes {

using calendar::Date;
using receivables::DisputeMark;

enum class DisputeState : unsigned char {
  open,      ///< its part is left out of the chase
  resolved,  ///< the customer was right, or both agreed
  rejected,  ///< the customer was wrong: chased again
};

/// Where it stands as of `as_of`; before its first day it is open.
DisputeState state(const DisputeMark& mark, Date as_of);

struct DisputeReason {
  std::string_view code;
  std::string_view label;
};
/// Why customers contest; the last one, "other", needs a text.
std::span<const DisputeReason> dispute_reasons();

/// Business days that an owner has where no due date is given.
constexpr int default_due_days = 10;
constexpr std::size_t max_text_bytes = 20'000;

/// Checks what is beside the ledger: reason, owner, due date. `receivables::mark_dispute` checks
/// the rest.
base::Result<base::Done, RaiseDisputeRefusal> check_raise(const DisputeMark& mark);

/// Checks why a dispute ended. `receivables::clear_dispute` checks the rest.
base::Result<base::Done, ResolveDisputeRefusal> check_resolution(std::string_view why);

}  // namespace arrears::disputes

ARREARS_NAMES(disputes, DisputeState, "open", "resolved", "rejected");
