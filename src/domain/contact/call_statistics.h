#pragma once

#include <array>
#include <optional>
#include <span>

#include "domain/contact/call.h"

namespace arrears::contact {

/// Counts over a set of log entries (the last version of each). Rates are basis points (10,000 =
/// all), rounded half up, and not defined where there is nothing to divide by.
struct CallStatistics {
  std::int64_t calls = 0;
  std::int64_t outbound = 0;  ///< attempts of ours; inbound calls are the rest
  std::array<std::int64_t, base::name_count<Disposition>> by_disposition{};
  std::int64_t right_party_outbound = 0;
  std::int64_t logged_late = 0;

  /// Right-party contacts over attempts, outbound only (rules.md 4.4: inbound counted separately).
  std::optional<std::int64_t> right_party_rate() const;
  /// Share of all entries that were logged late.
  std::optional<std::int64_t> late_share() const;
};

CallStatistics call_statistics(std::span<const CallEntry> entries);

}  // namespace arrears::contact
