#include "domain/disputes/dispute.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace arrears::disputes {

namespace {

constexpr std::string_view other_reason = "other";

constexpr std::array reasons = {
    DisputeReason{"price", "Price is wrong"},
    DisputeReason{"quantity", "Quantity is wrong"},
    DisputeReason{"quality", "Quality, damage or defect"},
    DisputeReason{"not_received", "Goods or service not received"},
    DisputeReason{"returned", "Goods were returned"},
    DisputeReason{"not_ordered", "Not ordered"},
    DisputeReason{"duplicate", "Invoiced twice"},
    DisputeReason{"already_paid", "Says it is paid already"},
    DisputeReason{"missing_purchase_order", "Purchase order number missing or wrong"},
    DisputeReason{"tax", "Tax is wrong"},
    DisputeReason{"terms", "Terms or discount are wrong"},
    DisputeReason{other_reason, "Other (see the text)"},
};

}  // namespace

DisputeState state(const DisputeMark& mark, Date as_of) {
  if (!mark.until || as_of < *mark.until) return DisputeState::open;
  return mark.outcome == receivables::DisputeOutcome::rejected ? DisputeState::rejected
                                                               : DisputeState::resolved;
}

std::span<const DisputeReason> dispute_reasons() { return reasons; }

base::Result<base::Done, RaiseDisputeRefusal> check_raise(const DisputeMark& mark) {
  using enum RaiseDisputeRefusal;
  if (std::ranges::find(reasons, mark.reason_code, &DisputeReason::code) == reasons.end())
    return reason_unknown;
  if (mark.reason_code == other_reason && base::trim(mark.reason).empty())
    return reason_text_required;
  if (base::trim(mark.owner).empty()) return owner_required;
  if (mark.due_on && *mark.due_on < mark.from) return due_before_start;
  if (mark.reason.size() > max_text_bytes) return text_too_long;
  return base::Done{};
}

base::Result<base::Done, ResolveDisputeRefusal> check_resolution(std::string_view why) {
  if (base::trim(why).empty()) return ResolveDisputeRefusal::resolution_required;
  if (why.size() > max_text_bytes) return ResolveDisputeRefusal::resolution_too_long;
  return base::Done{};
}

}  // namespace arrears::disputes
