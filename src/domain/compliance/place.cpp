#include "domain/compliance/place.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/text.h"
#include "domain/compliance/data_lines.h"

namespace arrears::compliance {

namespace {

using Zones = std::vector<std::string>;

struct Country {
  std::string calling_code;
  std::string trunk;  ///< dialled before a number at home; empty for none
  Zones zones;
};

struct Places {
  std::map<std::string, Country, std::less<>> countries;
  std::map<std::string, Zones, std::less<>> regions;     ///< "US-NY"
  std::map<std::string, Zones, std::less<>> area_codes;  ///< "1312"
};

Zones zones_from(const std::vector<std::string_view>& words, std::size_t first) {
  ARREARS_REQUIRE(words.size() > first);
  return {words.begin() + static_cast<std::ptrdiff_t>(first), words.end()};
}

const Places& places() {
  static const Places all = [] {
    Places made;
    each_line("/countries.txt", [&](std::string_view, const auto& words) {
      made.countries[std::string(words[0])] = {std::string(words[1]),
                                               words[2] == "-" ? "" : std::string(words[2]),
                                               zones_from(words, 3)};
    });
    each_line("/regions.txt", [&](std::string_view, const auto& words) {
      made.regions[std::string(words[0]) + "-" + std::string(words[1])] = zones_from(words, 2);
    });
    each_line("/area_codes.txt", [&](std::string_view, const auto& words) {
      made.area_codes[std::string(words[0])] = zones_from(words, 1);
    });
    return made;
  }();
  return all;
}

void add_country(std::vector<std::string>& countries, std::string_view country) {
  if (!country.empty() && std::ranges::find(countries, country) == countries.end())
    countries.emplace_back(country);
}

void add_zones(Place& place, const Zones& zones, const std::string& source) {
  for (const std::string& zone : zones) {
    const auto same = [&](const PlausibleZone& known) { return known.zone == zone; };
    if (std::ranges::none_of(place.zones, same)) place.zones.push_back({zone, source});
  }
}

const Zones* zones_of_country(std::string_view country) {
  const auto found = places().countries.find(country);
  return found == places().countries.end() ? nullptr : &found->second.zones;
}

/// What a number says: its countries, and its zones where it says more than the country does.
struct NumberPlace {
  std::vector<std::string> countries;
  Zones zones;
  std::string source;
};

NumberPlace place_of_number(std::string_view number) {
  NumberPlace place;
  if (number.size() < 5 || number.front() != '+') return place;
  if (number[1] == '1') {
    const auto area = places().area_codes.find(number.substr(1, 4));
    if (area == places().area_codes.end()) return place;  // toll-free and the like: anywhere
    place.zones = area->second;
    place.source = "area code +" + area->first;
    for (const auto& [code, country] : places().countries) {
      const bool lies_in = std::ranges::any_of(place.zones, [&](const std::string& zone) {
        return std::ranges::find(country.zones, zone) != country.zones.end();
      });
      if (lies_in) place.countries.push_back(code);
    }
    return place;
  }
  std::size_t digits = 0;
  for (const auto& [code, country] : places().countries) {
    if (!number.substr(1).starts_with(country.calling_code)) continue;
    if (country.calling_code.size() < digits) continue;
    if (country.calling_code.size() > digits) place.countries.clear();
    digits = country.calling_code.size();
    place.countries.push_back(code);
  }
  return place;
}

std::string region_code(const Whereabouts& known) {
  const std::string region = base::to_upper_ascii(base::trim(known.region));
  const std::string country = base::to_upper_ascii(known.country);
  return region.starts_with(country + "-") ? region : country + "-" + region;
}

}  // namespace

Place place_of(const Whereabouts& known) {
  Place place;
  const std::string country = base::to_upper_ascii(known.country);
  NumberPlace number = place_of_number(known.number);
  const bool agree = std::ranges::find(number.countries, country) != number.countries.end();
  if (agree) number.countries = {country};
  for (const std::string& one : number.countries) add_country(place.countries, one);
  add_country(place.countries, country);
  if (place.countries.empty()) add_country(place.countries, known.assumed_country);
  if (!known.time_zone.empty()) {
    place.zones.push_back({known.time_zone, "the contact's own"});
    return place;
  }
  if (!number.zones.empty()) {
    add_zones(place, number.zones, number.source);
  } else {
    for (const std::string& one : number.countries)
      add_zones(place, *zones_of_country(one), "number of " + one);
  }
  const auto region = places().regions.find(region_code(known));
  if (region != places().regions.end()) {
    // The region is a place within the country; a number that says no more than that is no doubt.
    if (agree && number.zones.empty()) place.zones.clear();
    add_zones(place, region->second, "region " + region->first);
  } else if (!agree) {
    if (const Zones* zones = zones_of_country(country))
      add_zones(place, *zones, "country " + country);
  }
  if (!place.zones.empty()) return place;
  if (const Zones* zones = zones_of_country(known.assumed_country))
    add_zones(place, *zones, "country " + known.assumed_country + ", assumed");
  if (place.zones.empty()) place.zones.push_back({known.assumed_zone, "assumed"});
  return place;
}

std::string normalised_number(std::string_view given, std::string_view country) {
  std::string digits;
  for (const char c : given) {
    if (c == 'x' || c == 'X' || c == ';') break;  // an extension
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c == '+' && digits.empty()) {
      digits = "+";
    } else if (std::string_view(" ()-./").find(c) == std::string_view::npos) {
      return {};
    }
  }
  constexpr std::size_t shortest = 8;
  constexpr std::size_t longest = 16;  // E.164: 15 digits after the plus
  if (digits.starts_with("00")) digits = "+" + digits.substr(2);
  if (!digits.starts_with('+')) {
    const auto found = places().countries.find(base::to_upper_ascii(country));
    if (found == places().countries.end() || digits.empty()) return {};
    const Country& home = found->second;
    const bool north_american = home.calling_code == "1";
    if (north_american && digits.size() != 10 && digits.size() != 11) return {};
    const bool has_trunk = !home.trunk.empty() && digits.starts_with(home.trunk) &&
                           (!north_american || digits.size() == 11);
    digits = "+" + home.calling_code + (has_trunk ? digits.substr(home.trunk.size()) : digits);
  }
  return digits.size() < shortest || digits.size() > longest ? "" : digits;
}

std::string normalised_email(std::string_view given) {
  const std::string address = base::to_lower_ascii(base::trim(given));
  const auto at = address.find('@');
  const bool complete = at != std::string::npos && at > 0 && at + 1 < address.size() &&
                        address.find(' ') == std::string::npos;
  return complete ? address : "";
}

}  // namespace arrears::compliance
