#pragma once

#include <string>

#include "domain/compliance/guard.h"

/// Inside the room: what a decision says to people.
namespace arrears::compliance {

/// "INV-1: ", or nothing where no debt is named.
std::string about(const Debt* debt);
std::string suppression_text(const Suppression& suppression);
std::string consent_text(const Consent& consent);
std::string consent_missing_text(Channel channel);
std::string quiet_text(const QuietPeriod& quiet);
std::string cover_text(const Debt& debt);
std::string conversation_text(const Debt* debt, Date last, Date again);
std::string cap_text(const Debt* debt, const Pack& pack, int count, Date again);
std::string count_text(const Debt* debt, const Pack& pack, int count, Date day);
std::string holiday_text(std::string_view name, std::string_view country, Date day);
std::string hours_text(const PlausibleZone& zone, const calendar::LocalTime& now, const Pack& pack);
std::string zone_text(const PlausibleZone& zone, const calendar::LocalTime& now);
std::string pack_text(const Pack& pack);

}  // namespace arrears::compliance
