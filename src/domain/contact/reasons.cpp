#include "domain/contact/reasons.h"

namespace arrears::contact {

std::vector<DelayReason> default_delay_reasons() {
  return {
      {"internal_approval_delay", "Internal approval delay", {}},
      {"invoice_not_received", "Invoice not received", {}},
      {"dispute", "Invoice is disputed", {}},
      {"cash_flow", "Cash flow", {}},
      {"already_paid", "Says it is paid already", {}},
      {"missing_purchase_order", "Purchase order number missing", {}},
      {"payment_run_date", "Waits for the next payment run", {}},
      {"wrong_address", "Invoice went to the wrong address", {}},
      {"contact_absent", "Person in charge is absent", {}},
      {"bank_problem", "Problem at the bank", {}},
      {"goods_not_received", "Goods or service not received", {}},
      {"terms_misunderstood", "Other payment terms assumed", {}},
      {"waits_for_credit_note", "Waits for a credit note", {}},
      {"insolvency", "Insolvency or restructuring", {}},
      {"other", "Other (see the text)", {}},
  };
}

const DelayReason* find_reason(std::span<const DelayReason> reasons, std::string_view code,
                               calendar::Date on) {
  for (const auto& reason : reasons)
    if (reason.code == code && (!reason.retired_on || on < *reason.retired_on)) return &reason;
  return nullptr;
}

}  // namespace arrears::contact
