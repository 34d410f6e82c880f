#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar/date.h"

/// The reason for delay: why the customer says an invoice is unpaid.
namespace arrears::contact {

/// One line of the maintained list. A code is never reused for another meaning; a reason that is
/// no longer wanted is retired, so that older entries keep theirs.
struct DelayReason {
  std::string code;                          ///< snake_case, stable
  std::string label;                         ///< for people
  std::optional<calendar::Date> retired_on;  ///< first day on which it may not be chosen
};

/// The code that needs a text: no other reason fits.
constexpr std::string_view other_reason = "other";

/// The list that a new installation starts with; the site adds and retires.
std::vector<DelayReason> default_delay_reasons();

/// The reason of that code that may be chosen on `on`; nothing for an unknown or retired one.
const DelayReason* find_reason(std::span<const DelayReason> reasons, std::string_view code,
                               calendar::Date on);

}  // namespace arrears::contact
