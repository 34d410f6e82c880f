#include "domain/compliance/place.h"

#include <gtest/gtest.h>

#include "domain/calendar/local_time.h"
#include "domain/compliance/data_lines.h"
#include "domain/compliance/pack.h"

namespace arrears::compliance {
namespace {

std::string zones_text(const Place& place) {
  std::string text;
  for (const PlausibleZone& zone : place.zones) text += (text.empty() ? "" : " ") + zone.zone;
  return text;
}

std::string countries_text(const Place& place) {
  std::string text;
  for (const std::string& country : place.countries) text += (text.empty() ? "" : " ") + country;
  return text;
}

TEST(Place, all_that_is_plausible_counts) {
  struct Case {
    std::string_view label;
    Whereabouts known;
    std::string_view zones;
    std::string_view countries;
  };
  const Case cases[] = {
      {"the contact's own zone wins",
       {"Europe/Vienna", "+13125550100", "US", "NY", "US", "UTC"},
       "Europe/Vienna",
       "US"},
      {"area code", {"", "+13125550100", "", "", "DE", "UTC"}, "America/Chicago", "US"},
      {"a country says nothing that its number does not",
       {"", "+12125550100", "US", "", "US", "UTC"},
       "America/New_York",
       "US"},
      {"Chicago number, New York address",
       {"", "+13125550100", "US", "NY", "US", "UTC"},
       "America/Chicago America/New_York",
       "US"},
      {"region as ISO 3166-2, small letters",
       {"", "+13125550100", "us", "us-ny", "US", "UTC"},
       "America/Chicago America/New_York",
       "US"},
      {"area code of two zones",
       {"", "+18125550100", "US", "", "US", "UTC"},
       "America/Chicago America/New_York",
       "US"},
      {"toll-free says nothing",
       {"", "+18005550100", "US", "IL", "US", "UTC"},
       "America/Chicago",
       "US"},
      {"number and address of two countries",
       {"", "+14165550100", "GB", "", "US", "UTC"},
       "America/Toronto Europe/London",
       "CA GB"},
      {"a number of a country with one zone",
       {"", "+431234567", "", "", "US", "UTC"},
       "Europe/Vienna",
       "AT"},
      {"a calling code of several countries, told apart by the address",
       {"", "+39061234567", "IT", "", "US", "UTC"},
       "Europe/Rome",
       "IT"},
      {"nothing known: the assumed country", {"", "", "", "", "AT", "UTC"}, "Europe/Vienna", "AT"},
      {"no such country: the assumed zone",
       {"", "", "", "", "XX", "Asia/Tokyo"},
       "Asia/Tokyo",
       "XX"},
  };
  for (const Case& one : cases) {
    const Place place = place_of(one.known);
    EXPECT_EQ(zones_text(place), one.zones) << one.label;
    EXPECT_EQ(countries_text(place), one.countries) << one.label;
  }
}

TEST(Place, a_country_alone_means_all_its_zones) {
  const Place place = place_of({"", "", "US", "", "DE", "UTC"});
  EXPECT_GT(place.zones.size(), 20U);
  EXPECT_EQ(place.zones.front().source, "country US");
}

TEST(Place, numbers_are_read_as_dialled) {
  struct Case {
    std::string_view given;
    std::string_view country;
    std::string_view number;
  };
  const Case cases[] = {
      {"+1 (312) 555-0100", "", "+13125550100"},
      {"312.555.0100", "US", "+13125550100"},
      {"1-312-555-0100", "US", "+13125550100"},
      {"+1 312 555 0100 x12", "US", "+13125550100"},
      {"0043 1 234567", "DE", "+431234567"},
      {"01 234 567", "AT", "+431234567"},
      {"089/123456", "de", "+4989123456"},
      {"555-0100", "US", ""},
      {"call me", "US", ""},
      {"", "US", ""},
      {"0612345678", "", ""},
      {"+12345678901234567", "", ""},
  };
  for (const Case& one : cases)
    EXPECT_EQ(normalised_number(one.given, one.country), one.number) << one.given;
}

TEST(Place, addresses_are_compared_without_case) {
  EXPECT_EQ(normalised_email(" Jo@Example.COM "), "jo@example.com");
  for (const std::string_view wrong : {"jo", "@example.com", "jo@", "jo b@example.com", ""})
    EXPECT_EQ(normalised_email(wrong), "") << wrong;
}

TEST(PlaceData, every_zone_is_known_to_this_machine) {
  int zones = 0;
  const auto check = [&](const auto& words, std::size_t first) {
    for (std::size_t i = first; i < words.size(); ++i, ++zones)
      EXPECT_TRUE(calendar::is_time_zone(words[i])) << words[i];
  };
  each_line("/countries.txt", [&](std::string_view, const auto& words) { check(words, 3); });
  each_line("/regions.txt", [&](std::string_view, const auto& words) { check(words, 2); });
  each_line("/area_codes.txt", [&](std::string_view, const auto& words) { check(words, 1); });
  EXPECT_GT(zones, 900);
}

TEST(Packs, the_us_pack_says_what_regulation_f_says) {
  const Pack* us = find_pack("us");
  ASSERT_NE(us, nullptr);
  EXPECT_EQ(us->opens_seconds, 8 * 3600);
  EXPECT_EQ(us->closes_seconds, 21 * 3600);
  ASSERT_TRUE(us->calls && us->conversation_days);
  EXPECT_EQ(us->calls->most, 7);
  EXPECT_EQ(us->calls->days, 7);
  EXPECT_EQ(*us->conversation_days, 7);
  EXPECT_EQ(to_string(us->valid_from), "2021-11-30");
  EXPECT_EQ(find_pack("xx"), nullptr);
}

}  // namespace
}  // namespace arrears::compliance
