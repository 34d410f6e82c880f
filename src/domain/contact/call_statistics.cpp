#include "domain/contact/call_statistics.h"

namespace arrears::contact {
namespace {

constexpr std::int64_t whole = 10'000;

std::optional<std::int64_t> share(std::int64_t part, std::int64_t total) {
  if (total == 0) return std::nullopt;
  return money::multiply_divide(part, whole, total, money::Rounding::half_up);
}

}  // namespace

std::optional<std::int64_t> CallStatistics::right_party_rate() const {
  return share(right_party_outbound, outbound);
}

std::optional<std::int64_t> CallStatistics::late_share() const { return share(logged_late, calls); }

CallStatistics call_statistics(std::span<const CallEntry> entries) {
  CallStatistics sum;
  for (const auto& entry : entries) {
    const Disposition came_to = disposition(entry);
    ++sum.calls;
    ++sum.by_disposition[static_cast<std::size_t>(came_to)];
    if (entry.direction == Direction::outbound) {
      ++sum.outbound;
      if (came_to == Disposition::right_party_reached) ++sum.right_party_outbound;
    }
    if (is_late(entry)) ++sum.logged_late;
  }
  return sum;
}

}  // namespace arrears::contact
