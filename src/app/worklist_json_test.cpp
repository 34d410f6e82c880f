#include "app/worklist_json.h"

#include <gtest/gtest.h>

namespace arrears::app {
namespace {

using strategy::Factor;

constexpr parties::PartyId party{42};

strategy::WorklistEntry entry_of(std::string name) {
  strategy::WorklistEntry entry;
  entry.party = party;
  entry.name = std::move(name);
  entry.numbers = {"C1", "C\"2\""};
  for (std::size_t i = 0; i < entry.parts.size(); ++i) {
    entry.parts[i] = {static_cast<Factor>(i), static_cast<int>(i), 10 * static_cast<int>(i), 0,
                      "fact"};
  }
  entry.parts[static_cast<std::size_t>(Factor::risk)].sample = 7;
  return entry;
}

Json shown(const strategy::WorklistEntry& entry, int position, int overall_rank) {
  const money::Currency base = money::parse_currency("EUR").value();
  return read_line({"anna", position, party, line_text(entry, overall_rank, base)});
}

TEST(WorklistLine, is_kept_without_the_name_of_the_party) {
  const strategy::WorklistEntry entry = entry_of("Erika Mustermann");
  const std::string kept = line_text(entry, 1, money::parse_currency("EUR").value());
  EXPECT_EQ(kept.find("Mustermann"), std::string::npos) << kept;
  EXPECT_TRUE(shown(entry, 1, 1).at("party").is_null());
}

TEST(WorklistLine, shows_amounts_as_decimals_of_their_currency) {
  strategy::WorklistEntry entry = entry_of("Acme");
  entry.points = 55;
  entry.open_base = 12345;
  entry.overdue_base = -5;
  entry.amounts = {{money::parse_currency("JPY").value(), 700, 600, 500, 0}};
  entry.why_not_higher = {{3, {{Factor::overdue_amount, 182}, {Factor::days_overdue, 4}}}};
  const Json line = shown(entry, 2, 5);
  EXPECT_EQ(line.at("rank").as_int64(), 2);
  EXPECT_EQ(line.at("overall_rank").as_int64(), 5);
  EXPECT_EQ(line.at("party_id").as_string(), "42");
  EXPECT_EQ(line.at("collector").as_string(), "anna");
  EXPECT_EQ(line.at("open").as_string(), "123.45");
  EXPECT_EQ(line.at("overdue").as_string(), "-0.05");
  EXPECT_TRUE(line.at("chased").is_null());
  EXPECT_EQ(boost::json::serialize(line.at("amounts")),
            R"([{"currency":"JPY","open":"700","overdue":"600","chased":"500","to_apply":"0"}])");
  EXPECT_EQ(boost::json::serialize(line.at("why_not_higher")),
            R"({"points_to_next":3,"ways":[{"factor":"overdue_amount","more":"1.82","unit":"EUR"},)"
            R"({"factor":"days_overdue","more":4,"unit":"days"}]})");
}

TEST(WorklistLine, without_points_has_no_rank) {
  const Json line = shown(entry_of("Acme"), 2, 5);
  for (const char* field : {"rank", "overall_rank", "points", "why_not_higher"})
    EXPECT_TRUE(line.at(field).is_null()) << field;
}

TEST(WorklistLine, only_the_part_of_risk_has_a_sample) {
  const Json line = shown(entry_of("Acme"), 1, 1);
  const boost::json::array& parts = line.at("parts").as_array();
  ASSERT_EQ(parts.size(), strategy::factor_count);
  for (const boost::json::value& part : parts) {
    const bool is_risk = part.at("name").as_string() == "risk";
    EXPECT_EQ(part.as_object().contains("sample"), is_risk);
  }
  EXPECT_EQ(parts.at(static_cast<std::size_t>(Factor::risk)).at("sample").as_int64(), 7);
}

TEST(WorklistLine, keeps_any_text) {
  for (const std::string name :
       {"", "a\"b", "a\\", "tab\there", "line\nfeed\x01\x1f", "M\xc3\xbcller"}) {
    strategy::WorklistEntry entry = entry_of("Acme");
    entry.reasons = {{strategy::ReasonKind::step_due, name}};
    const Json line = shown(entry, 1, 1);
    EXPECT_EQ(line.at("reasons").at(0).at("text").as_string(), name);
    EXPECT_EQ(line.at("customers").at(1).as_string(), "C\"2\"");
  }
}

TEST(WorklistLine, tells_follow_ups_that_are_not_recorded_yet) {
  strategy::WorklistEntry entry = entry_of("Acme");
  strategy::FollowUp follow_up;
  follow_up.kind = strategy::FollowUpKind::escalation;
  follow_up.action = contact::NextActionKind::escalate;
  follow_up.due_on = Date{20634};
  follow_up.owner = "head";
  entry.follow_ups_due = {follow_up};
  EXPECT_EQ(boost::json::serialize(shown(entry, 1, 1).at("follow_ups")),
            R"([{"follow_up_id":"","kind":"escalation","action":"escalate",)"
            R"("due_on":"2026-06-30","owner":"head"}])");
}

}  // namespace
}  // namespace arrears::app
