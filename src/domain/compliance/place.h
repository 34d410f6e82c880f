#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Where a called person may be, from what is on file. data/guard has the area codes and zones.
namespace arrears::compliance {

/// A time zone that the person may live in, and what says so.
struct PlausibleZone {
  std::string zone;    ///< IANA
  std::string source;  ///< for people: "area code +1312"
  bool operator==(const PlausibleZone&) const = default;
};

/// What is on file about where somebody is. All but `assumed_zone` may be empty.
struct Whereabouts {
  std::string time_zone;        ///< the contact's own
  std::string number;           ///< E.164, see `normalised_number`
  std::string country;          ///< of the address, ISO 3166 alpha-2
  std::string region;           ///< of the address: state or province ("NY")
  std::string assumed_country;  ///< where neither number nor address tells
  std::string assumed_zone;     ///< IANA; where nothing else tells
};

struct Place {
  std::vector<PlausibleZone> zones;    ///< never empty; one of them is right
  std::vector<std::string> countries;  ///< plausible ones, whose rules and holidays count
};

/// The zones and countries that the person may be in: the contact's own zone alone where it is
/// known, else those of the number and of the address together (12 CFR 1006 comment 6(b)(1)-2).
/// A country without its region says nothing that a number of that country does not say better.
Place place_of(const Whereabouts& known);

/// A telephone number in E.164 ("+13125550100"), or empty where it cannot be read as one. Numbers
/// without a calling code are read as dialled in `country` (ISO 3166 alpha-2).
std::string normalised_number(std::string_view given, std::string_view country);

/// An e-mail address as consent is kept for: trimmed, lower case. Empty where it has no "@".
std::string normalised_email(std::string_view given);

}  // namespace arrears::compliance
