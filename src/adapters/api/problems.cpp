#include "adapters/api/problems.h"

#include <algorithm>
#include <array>

namespace arrears::api {

namespace {

struct Row {
  std::string_view name;  ///< "operation.code", or ".code" for any operation
  int status;
};

/// What is not 422. A thing out of scope is refused as an unknown one.
constexpr std::array rows{
    Row{".entity_unknown", 404},
    Row{".customer_unknown", 404},
    Row{".document_unknown", 404},
    Row{".payment_unknown", 404},
    Row{".promise_unknown", 404},
    Row{".call_unknown", 404},
    Row{".follow_up_unknown", 404},
    Row{".hold_unknown", 404},
    Row{".dispute_unknown", 404},
    Row{".allocation_unknown", 404},
    Row{".person_unknown", 404},
    Row{".token_unknown", 404},
    Row{".substitution_unknown", 404},
    Row{"run.collector_unknown", 404},
    Row{".interaction_unknown", 404},
    Row{".external_id_reused", 409},
    Row{"call.newer_version", 409},
    Row{".right_missing", 403},
    Row{"sign_in.not_recognised", 401},
    Row{"sign_in.totp_needed", 401},
    Row{"sign_in.totp_code_wrong", 401},
    Row{"sign_in.too_many_attempts", 429},
    Row{".idempotency_key_reused", 409},
    Row{".number_taken", 409},
    Row{".customer_exists", 409},
    Row{".entity_exists", 409},
    Row{".person_exists", 409},
    Row{".already_closed", 409},
    Row{".already_withdrawn", 409},
    Row{".already_cancelled", 409},
    Row{".run_under_way", 409},
    Row{".later_day_has_run", 409},
    Row{".set_up_done", 409},
    Row{".last_admin", 409},
    Row{".upload_unknown", 404},
    Row{".upload_busy", 409},
    Row{".upload_published", 409},
};

}  // namespace

int status_of(const base::Refusal& refusal) {
  const std::string name = refusal.operation + "." + refusal.code;
  for (const Row& row : rows) {
    const bool any_operation = row.name.front() == '.';
    if (any_operation ? name.ends_with(row.name) : name == row.name) return row.status;
  }
  return 422;
}

http::Problem problem_of(const base::Refusal& refusal) {
  return {.status = status_of(refusal),
          .code = refusal.operation + "." + refusal.code,
          .title = {},
          .detail = refusal.message,
          .errors = {}};
}

void stop(int status, std::string_view code, std::string_view detail) {
  throw Stop({.status = status,
              .code = std::string(code),
              .title = {},
              .detail = std::string(detail),
              .errors = {}});
}

}  // namespace arrears::api
