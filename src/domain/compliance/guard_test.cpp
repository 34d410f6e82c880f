#include "domain/compliance/guard.h"

#include <gtest/gtest.h>

#include <random>

namespace arrears::compliance {
namespace {

constexpr DocumentId first_debt{101};
constexpr DocumentId second_debt{102};
constexpr DocumentId third_debt{103};

Instant at(std::string_view text) {
  const auto instant = base::parse_instant(text);
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(Instant{});
}

Date day(std::string_view text) { return calendar::parse_date(text).value(); }

std::string instant_text(std::optional<Instant> instant) {
  return instant ? to_string(*instant) : "-";
}

std::vector<const Pack*> all_packs() {
  std::vector<const Pack*> on;
  for (const Pack& pack : packs()) on.push_back(&pack);
  return on;
}

const calendar::BusinessCalendar& us_holidays() {
  static const auto calendar = calendar::make_calendar("US").value();
  return calendar;
}

/// Somebody in New York who may be called about one debt.
GuardFacts person_in(std::vector<std::string> zones = {"America/New_York"}) {
  GuardFacts facts;
  facts.address = "+12125550100";
  for (std::string& zone : zones) facts.place.zones.push_back({std::move(zone), "test"});
  facts.place.countries = {"US"};
  facts.holidays = {{"US", &us_holidays()}};
  facts.debts = {{first_debt, "INV-1", {}, {}, {}}};
  facts.packs = all_packs();
  return facts;
}

PastCall unanswered(std::string_view when, std::vector<DocumentId> debts = {first_debt}) {
  PastCall call;
  call.at = at(when);
  call.line_outcome = contact::LineOutcome::no_answer;
  call.debts = std::move(debts);
  return call;
}

/// Unanswered calls on each day from 2 to 8 March 2026, and one to a busy line on the 5th.
GuardFacts week_of_calls() {
  GuardFacts facts = person_in();
  for (int n = 2; n <= 8; ++n)
    facts.calls.push_back(unanswered("2026-03-0" + std::to_string(n) + "T11:00-05:00"));
  PastCall busy = unanswered("2026-03-05T15:00-05:00");
  busy.line_outcome = contact::LineOutcome::busy;
  facts.calls.push_back(busy);
  return facts;
}

TEST(Guard, seven_calls_in_seven_days_are_allowed_and_the_eighth_is_not) {
  const GuardFacts facts = week_of_calls();
  const auto eighth = decide({Channel::call, at("2026-03-08T15:00-04:00")}, facts);
  EXPECT_FALSE(eighth.allowed);
  EXPECT_EQ(eighth.rule, Rule::call_cap);
  EXPECT_EQ(eighth.pack, "us");
  EXPECT_EQ(instant_text(eighth.opens_at), "2026-03-09T12:00:00.000000Z") << "08:00 in New York";
  EXPECT_TRUE(decide({Channel::call, at("2026-03-09T10:00-04:00")}, facts).allowed);
}

TEST(Guard, the_day_before_the_seventh_call_is_not_capped) {
  GuardFacts facts = week_of_calls();
  std::erase_if(facts.calls,
                [](const PastCall& call) { return call.at > at("2026-03-08T00:00Z"); });
  EXPECT_TRUE(decide({Channel::call, at("2026-03-07T15:00-05:00")}, facts).allowed);
}

TEST(Guard, what_did_not_connect_and_who_called_us_is_no_call) {
  struct Case {
    std::string_view label;
    contact::Direction direction;
    contact::LineOutcome outcome;
    bool counts;
  };
  using contact::Direction;
  using contact::LineOutcome;
  const Case cases[] = {
      {"rang and nobody answered", Direction::outbound, LineOutcome::no_answer, true},
      {"voicemail or a person answered", Direction::outbound, LineOutcome::answered, true},
      {"rejected by the called person", Direction::outbound, LineOutcome::declined, true},
      {"no telling whether it rang", Direction::outbound, LineOutcome::unreachable, true},
      {"busy", Direction::outbound, LineOutcome::busy, false},
      {"out of service", Direction::outbound, LineOutcome::invalid_number, false},
      {"our own line failed", Direction::outbound, LineOutcome::trunk_failure, false},
      {"they called us", Direction::inbound, LineOutcome::answered, false},
  };
  for (const Case& one : cases) {
    GuardFacts facts = person_in();
    for (int n = 0; n < 7; ++n) {
      PastCall call = unanswered("2026-03-05T11:00-05:00");
      call.direction = one.direction;
      call.line_outcome = one.outcome;
      facts.calls.push_back(call);
    }
    const auto decision = decide({Channel::call, at("2026-03-06T11:00-05:00")}, facts);
    EXPECT_EQ(decision.allowed, !one.counts) << one.label;
  }
}

/// A conversation on 9 March about the first and the second debt.
GuardFacts after_conversation(DocumentId about) {
  GuardFacts facts = person_in();
  facts.debts = {{about, "INV", {}, {}, {}}};
  PastCall call = unanswered("2026-03-09T10:00-04:00", {first_debt, second_debt});
  call.line_outcome = contact::LineOutcome::answered;
  call.conversation = true;
  facts.calls = {call};
  return facts;
}

TEST(Guard, a_conversation_about_two_debts_rests_both_for_seven_days_and_no_third) {
  struct Case {
    DocumentId debt;
    std::string_view at;
    bool allowed;
  };
  const Case cases[] = {
      {first_debt, "2026-03-09T15:00-04:00", false},
      {first_debt, "2026-03-10T12:00-04:00", false},
      {first_debt, "2026-03-15T20:59-04:00", false},
      {first_debt, "2026-03-16T08:00-04:00", true},
      {second_debt, "2026-03-10T12:00-04:00", false},
      {second_debt, "2026-03-15T12:00-04:00", false},
      {second_debt, "2026-03-16T12:00-04:00", true},
      {third_debt, "2026-03-10T12:00-04:00", true},
  };
  for (const Case& one : cases) {
    const auto decision = decide({Channel::call, at(one.at)}, after_conversation(one.debt));
    EXPECT_EQ(decision.allowed, one.allowed) << one.debt.value << " at " << one.at;
    if (one.allowed) continue;
    EXPECT_EQ(decision.rule, Rule::after_conversation);
    EXPECT_EQ(instant_text(decision.opens_at), "2026-03-16T12:00:00.000000Z");
  }
}

TEST(Guard, an_inbound_conversation_rests_the_debt_too) {
  GuardFacts facts = after_conversation(first_debt);
  facts.calls[0].direction = contact::Direction::inbound;
  EXPECT_EQ(decide({Channel::call, at("2026-03-10T12:00-04:00")}, facts).rule,
            Rule::after_conversation);
}

TEST(Guard, a_pack_that_is_off_does_not_bind) {
  GuardFacts facts = week_of_calls();
  std::erase_if(facts.packs, [](const Pack* pack) { return pack->code == "us"; });
  EXPECT_TRUE(decide({Channel::call, at("2026-03-08T15:00-04:00")}, facts).allowed);
  EXPECT_EQ(decide({Channel::call, at("2026-03-08T22:00-04:00")}, facts).pack, "standard");
}

TEST(Guard, no_pack_binds_before_it_is_valid) {
  const GuardFacts facts = person_in();
  EXPECT_EQ(decide({Channel::call, at("2021-11-29T23:00-05:00")}, facts).pack, "standard");
  EXPECT_EQ(decide({Channel::call, at("2021-11-30T23:00-05:00")}, facts).pack, "us");
}

TEST(Guard, local_hours_of_every_plausible_zone) {
  struct Case {
    std::string_view label;
    std::vector<std::string> zones;
    std::string_view at;
    bool allowed;
    std::string_view opens_at;
  };
  const std::string new_york = "America/New_York";
  const std::string chicago = "America/Chicago";
  // On 8 March 2026 the clocks went forward at 2 in the morning.
  const Case cases[] = {
      {"21:30", {new_york}, "2026-03-08T20:30-05:00", false, "2026-03-09T12:00:00.000000Z"},
      {"20:30", {chicago}, "2026-03-08T20:30-05:00", true, "-"},
      {"both", {chicago, new_york}, "2026-03-08T20:30-05:00", false, "2026-03-09T13:00:00.000000Z"},
      {"7:59", {new_york}, "2026-03-09T07:59:59-04:00", false, "2026-03-09T12:00:00.000000Z"},
      {"8:00", {new_york}, "2026-03-09T08:00-04:00", true, "-"},
      {"20:59", {new_york}, "2026-03-09T20:59:59-04:00", true, "-"},
      {"21:00", {new_york}, "2026-03-09T21:00-04:00", false, "2026-03-10T12:00:00.000000Z"},
      {"half past five in India",
       {"Asia/Kolkata"},
       "2026-03-09T00:00Z",
       false,
       "2026-03-09T02:30:00.000000Z"},
  };
  for (const Case& one : cases) {
    const auto decision = decide({Channel::call, at(one.at)}, person_in(one.zones));
    EXPECT_EQ(decision.allowed, one.allowed) << one.label << ": " << decision.text;
    EXPECT_EQ(instant_text(decision.opens_at), one.opens_at) << one.label;
    if (!one.allowed) {
      EXPECT_EQ(decision.rule, Rule::calling_hours);
    }
  }
}

TEST(Guard, the_zone_that_refuses_is_named) {
  const auto decision = decide({Channel::call, at("2026-03-08T20:30-05:00")},
                               person_in({"America/Chicago", "America/New_York"}));
  EXPECT_EQ(decision.time_zone, "America/New_York");
  EXPECT_EQ(decision.local_time.seconds, 21 * 3600 + 30 * 60);
  EXPECT_EQ(decision.local_time.utc_offset_seconds, -4 * 3600);
}

TEST(Guard, nobody_is_called_on_a_holiday_of_the_persons_country) {
  const auto decision = decide({Channel::call, at("2026-07-03T12:00-04:00")}, person_in());
  EXPECT_EQ(decision.rule, Rule::holiday);
  EXPECT_EQ(instant_text(decision.opens_at), "2026-07-05T12:00:00.000000Z")
      << "the 3rd is observed, the 4th is the day itself";
  EXPECT_TRUE(decide({Channel::email, at("2026-07-03T12:00-04:00")}, person_in()).allowed);
}

TEST(Guard, rules_are_asked_in_their_order) {
  GuardFacts facts = week_of_calls();
  const GuardQuestion night{Channel::call, at("2026-03-08T23:00-04:00")};
  EXPECT_EQ(decide(night, facts).rule, Rule::call_cap);
  facts.debts[0].cover = Cover::promise;
  facts.debts[0].covered_until = day("2026-03-11");
  EXPECT_EQ(decide(night, facts).rule, Rule::promise_in_force);
  facts.debts.push_back({second_debt, "INV-2", Cover::dispute, {}, {}});
  EXPECT_EQ(decide(night, facts).rule, Rule::dispute_in_force);
  facts.quiet_periods = {{day("2026-03-01"), {}, "flood"}};
  EXPECT_EQ(decide(night, facts).rule, Rule::quiet_period);
  facts.address.clear();
  EXPECT_EQ(decide(night, facts).rule, Rule::no_address);
  facts.consents = {{Channel::call, ConsentState::withdrawn, day("2026-03-01"), "by phone"}};
  EXPECT_EQ(decide(night, facts).rule, Rule::consent_withdrawn);
  facts.suppressions = {{SuppressionKind::do_not_contact, day("2026-03-01"), {}, "asked"}};
  EXPECT_EQ(decide(night, facts).rule, Rule::do_not_contact);
  facts.suppressions.push_back({SuppressionKind::cease_contact, day("2026-03-01"), {}, "letter"});
  const auto decision = decide(night, facts);
  EXPECT_EQ(decision.rule, Rule::cease_contact);
  EXPECT_FALSE(decision.opens_at) << "a demand without end waits for nothing";
}

TEST(Guard, a_promise_opens_on_the_day_after_its_deadline) {
  GuardFacts facts = person_in();
  facts.debts[0].cover = Cover::promise;
  facts.debts[0].covered_until = day("2026-03-11");
  const auto before = decide({Channel::call, at("2026-03-10T12:00-04:00")}, facts);
  EXPECT_EQ(instant_text(before.opens_at), "2026-03-11T12:00:00.000000Z");
  EXPECT_TRUE(decide({Channel::call, at("2026-03-11T08:00-04:00")}, facts).allowed);
}

TEST(Guard, a_suppression_holds_from_its_first_day_until_before_its_last) {
  GuardFacts facts = person_in();
  facts.suppressions = {
      {SuppressionKind::do_not_contact, day("2026-03-10"), day("2026-03-12"), ""}};
  EXPECT_TRUE(decide({Channel::call, at("2026-03-09T12:00-04:00")}, facts).allowed);
  EXPECT_FALSE(decide({Channel::call, at("2026-03-10T12:00-04:00")}, facts).allowed);
  EXPECT_FALSE(decide({Channel::letter, at("2026-03-11T12:00-04:00")}, facts).allowed);
  EXPECT_TRUE(decide({Channel::call, at("2026-03-12T12:00-04:00")}, facts).allowed);
}

TEST(Guard, an_artificial_voice_needs_consent_and_a_person_does_not) {
  GuardFacts facts = person_in();
  const Instant noon = at("2026-03-10T12:00-04:00");
  EXPECT_EQ(decide({Channel::automated_call, noon}, facts).rule, Rule::consent_missing);
  EXPECT_TRUE(decide({Channel::call, noon}, facts).allowed);
  facts.consents = {{Channel::automated_call, ConsentState::granted, day("2026-03-11"), "form"}};
  EXPECT_FALSE(decide({Channel::automated_call, noon}, facts).allowed) << "given later";
  facts.consents[0].on = day("2026-03-10");
  EXPECT_TRUE(decide({Channel::automated_call, noon}, facts).allowed);
  facts.consents.push_back({{}, ConsentState::withdrawn, day("2026-03-10"), "letter"});
  EXPECT_EQ(decide({Channel::automated_call, noon}, facts).rule, Rule::consent_withdrawn);
}

// Property ----------------------------------------------------------------------------------------

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  bool once_in(int n) { return below(n) == 0; }
  Instant instant() {
    return {at("2026-03-01T00:00Z").micros + std::int64_t{60'000'000} * below(30 * 24 * 60)};
  }
  Date date() { return day("2026-03-01") + below(30); }
  DocumentId debt() { return {101 + below(3)}; }
  PastCall call() {
    PastCall made;
    made.at = instant();
    made.direction = once_in(4) ? contact::Direction::inbound : contact::Direction::outbound;
    made.line_outcome = static_cast<contact::LineOutcome>(below(7));
    made.conversation = once_in(6);
    if (!once_in(5)) made.debts = {debt()};
    return made;
  }
  GuardFacts facts() {
    GuardFacts made = person_in();
    made.debts[0].document = debt();
    for (int n = below(14); n > 0; --n) made.calls.push_back(call());
    return made;
  }
  /// Adds something that can only stand in the way.
  void burden(GuardFacts& facts) {
    switch (below(7)) {
      case 0:
        facts.suppressions.push_back({SuppressionKind::do_not_contact, date(), {}, ""});
        break;
      case 1:
        facts.consents.push_back({{}, ConsentState::withdrawn, date(), ""});
        break;
      case 2:
        facts.quiet_periods.push_back({date(), date(), ""});
        break;
      case 3:
        facts.place.zones.push_back({once_in(2) ? "America/Chicago" : "Pacific/Honolulu", ""});
        break;
      case 4:
        facts.debts.push_back({debt(), "INV-X", once_in(3) ? Cover::promise : Cover::none, "", {}});
        break;
      default:
        facts.calls.push_back(call());
    }
  }

 private:
  std::mt19937_64 random_;
};

TEST(GuardProperty, more_attempts_zones_and_suppressions_never_allow_more) {
  Chance chance(20260308);
  int turned = 0;
  for (int round = 0; round < 4'000; ++round) {
    GuardFacts facts = chance.facts();
    const GuardQuestion question{static_cast<Channel>(chance.below(5)), chance.instant()};
    bool allowed = decide(question, facts).allowed;
    for (int step = 0; step < 4; ++step) {
      chance.burden(facts);
      const bool now = decide(question, facts).allowed;
      ASSERT_TRUE(allowed || !now) << "round " << round << ", step " << step;
      turned += allowed && !now ? 1 : 0;
      allowed = now;
    }
  }
  EXPECT_GT(turned, 500) << "the burdens must matter";
}

TEST(GuardProperty, it_is_allowed_when_it_opens_and_not_a_second_before) {
  Chance chance(7);
  int opened = 0;
  for (int round = 0; round < 2'000; ++round) {
    GuardFacts facts = chance.facts();
    if (chance.once_in(3)) facts.place.zones.push_back({"America/Los_Angeles", ""});
    const GuardQuestion question{Channel::call, chance.instant()};
    const auto decision = decide(question, facts);
    if (!decision.opens_at) continue;
    ++opened;
    ASSERT_GT(*decision.opens_at, question.at);
    EXPECT_TRUE(decide({Channel::call, *decision.opens_at}, facts).allowed) << round;
    const Instant before{decision.opens_at->micros - 1'000'000};
    if (before >= question.at) {
      EXPECT_FALSE(decide({Channel::call, before}, facts).allowed) << round;
    }
  }
  EXPECT_GT(opened, 500);
}

TEST(GuardProperty, deciding_twice_gives_the_same) {
  Chance chance(11);
  for (int round = 0; round < 200; ++round) {
    const GuardFacts facts = chance.facts();
    const GuardQuestion question{Channel::call, chance.instant()};
    const auto first = decide(question, facts);
    const auto second = decide(question, facts);
    EXPECT_EQ(first.text, second.text);
    EXPECT_EQ(first.opens_at, second.opens_at);
  }
}

}  // namespace
}  // namespace arrears::compliance
