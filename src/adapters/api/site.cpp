#include "adapters/api/site.h"

namespace arrears::api {

bool SiteClock::move_forward(base::Instant wanted) {
  const std::lock_guard lock(moving_);
  if (wanted < now()) return false;
  start_at(wanted);
  return true;
}

}  // namespace arrears::api
