#include "domain/compliance/guard_text.h"

#include <array>

namespace arrears::compliance {

namespace {

std::string clock_text(int seconds) {
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return two(seconds / 3600) + ":" + two(seconds / 60 % 60);
}

std::string weekday_name(Date day) {
  constexpr std::array<std::string_view, 7> names = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                     "Friday", "Saturday", "Sunday"};
  return std::string(names[static_cast<std::size_t>(calendar::weekday(day))]);
}

/// " (reason)", or nothing.
std::string because(const std::string& reason) { return reason.empty() ? "" : " (" + reason + ")"; }

std::string until_text(std::optional<Date> until) {
  return until ? " until " + to_string(*until) : "";
}

}  // namespace

std::string about(const Debt* debt) { return debt == nullptr ? "" : debt->number + ": "; }

std::string suppression_text(const Suppression& suppression) {
  const bool demanded = suppression.kind == SuppressionKind::cease_contact;
  return std::string(demanded ? "All contact was demanded to cease" : "Not to be contacted") +
         " from " + to_string(suppression.from) + until_text(suppression.until) +
         because(suppression.reason) + ".";
}

std::string consent_text(const Consent& consent) {
  return "Consent for " +
         (consent.channel ? std::string(base::name(*consent.channel)) : "every channel") + " was " +
         std::string(base::name(consent.state)) + " on " + to_string(consent.on) +
         because(consent.source) + ".";
}

std::string consent_missing_text(Channel channel) {
  return "The channel " + std::string(base::name(channel)) +
         " needs consent for this number, and none is on file.";
}

std::string quiet_text(const QuietPeriod& quiet) {
  return "The party is left to rest from " + to_string(quiet.from) + until_text(quiet.until) +
         because(quiet.reason) + ".";
}

std::string cover_text(const Debt& debt) {
  const bool promised = debt.cover == Cover::promise;
  return debt.number + " is covered by " + (promised ? "the promise " : "a dispute") +
         (promised ? debt.covered_by : because(debt.covered_by)) + until_text(debt.covered_until) +
         ".";
}

std::string conversation_text(const Debt* debt, Date last, Date again) {
  return about(debt) + "it was talked about on " + to_string(last) + "; the next call may be on " +
         to_string(again) + ".";
}

std::string cap_text(const Debt* debt, const Pack& pack, int count, Date again) {
  return about(debt) + std::to_string(count) + " calls in " + std::to_string(pack.calls->days) +
         " days, and " + std::to_string(pack.calls->most) +
         " are allowed; the next call may be on " + to_string(again) + ".";
}

std::string count_text(const Debt* debt, const Pack& pack, int count, Date day) {
  return about(debt) + std::to_string(count) + " of " + std::to_string(pack.calls->most) +
         " calls on the " + std::to_string(pack.calls->days) + " days up to " + to_string(day);
}

std::string holiday_text(std::string_view name, std::string_view country, Date day) {
  return to_string(day) + " is " + std::string(name) + " (" + std::string(country) + ").";
}

std::string hours_text(const PlausibleZone& zone, const calendar::LocalTime& now,
                       const Pack& pack) {
  return "It is " + clock_text(now.seconds) + " in " + zone.zone + " (" + zone.source +
         "); contact is allowed from " + clock_text(pack.opens_seconds) + " to " +
         clock_text(pack.closes_seconds) + ".";
}

std::string zone_text(const PlausibleZone& zone, const calendar::LocalTime& now) {
  return zone.zone + " (" + zone.source + "): " + weekday_name(now.day) + " " + to_string(now.day) +
         " " + clock_text(now.seconds);
}

std::string pack_text(const Pack& pack) {
  return pack.code + ": " + pack.name + ", valid from " + to_string(pack.valid_from);
}

}  // namespace arrears::compliance
