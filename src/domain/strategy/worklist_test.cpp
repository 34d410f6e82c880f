#include "domain/strategy/worklist.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/strategy/test_party.h"

namespace arrears::strategy {
namespace {

using test::currency;
using test::day;
using test::Desk;
using test::TestParty;

std::optional<WorklistEntry> entry_of(const TestParty& party, const Desk& desk,
                                      std::string_view on) {
  return assess(party.gather(desk.on(on)), desk.on(on));
}

std::string reasons(const std::optional<WorklistEntry>& entry) {
  if (!entry) return "(not on the list)";
  std::string text;
  for (const auto& reason : entry->reasons)
    text += (text.empty() ? "" : " ") + std::string(base::name(reason.kind));
  return text + " -> " + std::string(base::name(entry->action));
}

const Part& part(const WorklistEntry& entry, Factor factor) {
  return entry.parts[static_cast<std::size_t>(factor)];
}

TEST(Worklist, a_broken_promise_comes_on_the_day_after_its_deadline) {
  const Desk desk;
  TestParty party;
  const auto invoice = party.invoice("INV-10452", "2026-05-15", 1'250'000);
  party.take_steps(desk.on("2026-06-01"));
  party.called("2026-06-01");
  party.promise("P-1", "2026-06-01", "2026-06-10", invoice, 1'250'000);
  party.take_steps(desk.on("2026-06-10"));
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-06-10")), "(not on the list)");
  party.take_steps(desk.on("2026-06-11"));
  const auto entry = entry_of(party, desk, "2026-06-11");
  EXPECT_EQ(reasons(entry), "broken_promise step_due -> call");
  EXPECT_EQ(entry->reasons[0].text,
            "promise P-1 of 12,500.00 USD by 2026-06-10 was not kept, follow-up due since "
            "2026-06-11");
  EXPECT_EQ(part(*entry, Factor::overdue_amount).fact, "12,500.00 USD overdue");
  EXPECT_EQ(part(*entry, Factor::days_overdue).fact, "27 days overdue (INV-10452)");
  EXPECT_EQ(part(*entry, Factor::broken_promises).value, 1);
  EXPECT_EQ(entry->points, 30 + 10 + 15 + 20);
  party.pay(invoice, "2026-06-10", 1'250'000);
  party.take_steps(desk.on("2026-06-12"));
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-06-12")), "(not on the list)");
  EXPECT_EQ(party.follow_ups.at(0).closing, FollowUpClosing::promise_kept);
}

TEST(Worklist, a_call_step_stays_until_a_call_is_logged) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-20")), "(not on the list)");
  party.take_steps(desk.on("2026-05-20"));
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-20")), "step_due -> call");
  party.called("2026-05-19");
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-22")), "step_due -> call");
  party.called("2026-05-22", contact::Disposition::not_reached);
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-22")), "(not on the list)");
}

TEST(Worklist, a_reminder_stays_until_it_is_sent_or_the_right_party_spoken_to) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.take_steps(desk.on("2026-05-14"));
  party.called("2026-05-14", contact::Disposition::not_reached);
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-15")), "step_due -> remind");
  TestParty spoken = party;
  spoken.called("2026-05-15");
  EXPECT_EQ(reasons(entry_of(spoken, desk, "2026-05-15")), "(not on the list)");
  party.made.push_back({day("2026-05-15"), Channel::written, {}, {}});
  EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-15")), "(not on the list)");
}

TEST(Worklist, what_is_not_overdue_covered_or_resting_is_not_on_the_list) {
  const Desk desk;
  const struct {
    const char* what;
    void (*change)(TestParty&, receivables::DocumentId);
    const char* expected;
  } cases[] = {
      {"nothing", [](TestParty&, receivables::DocumentId) {}, "step_due -> call"},
      {"promise",
       [](TestParty& p, receivables::DocumentId id) {
         p.promise("P-1", "2026-05-20", "2026-06-10", id, 100'000);
       },
       "(not on the list)"},
      {"dispute",
       [](TestParty& p, receivables::DocumentId id) { p.dispute(id, "2026-05-20", std::nullopt); },
       "(not on the list)"},
      {"quiet period",
       [](TestParty& p, receivables::DocumentId) {
         p.holds = {{day("2026-05-20"), {}, "asked by sales"}};
       },
       "(not on the list)"},
      {"quiet period with a follow-up",
       [](TestParty& p, receivables::DocumentId) {
         p.holds = {{day("2026-05-20"), {}, "asked by sales"}};
         FollowUp follow_up;
         follow_up.due_on = day("2026-05-20");
         p.follow_ups = {follow_up};
       },
       "follow_up_due -> call"},
      {"paid", [](TestParty& p, receivables::DocumentId id) { p.pay(id, "2026-05-20", 100'000); },
       "(not on the list)"},
      {"cash to apply",
       [](TestParty& p, receivables::DocumentId) { p.receive("2026-05-20", 100'000); },
       "cash_to_apply -> apply_cash"},
      {"too little cash",
       [](TestParty& p, receivables::DocumentId) { p.receive("2026-05-20", 99'999); },
       "(not on the list)"},
      {"nobody to reach", [](TestParty& p, receivables::DocumentId) { p.contacts.clear(); },
       "step_due no_contact -> fix_contact"},
      {"contact inactive",
       [](TestParty& p, receivables::DocumentId) { p.contacts[0].active = false; },
       "step_due no_contact -> fix_contact"},
  };
  for (const auto& row : cases) {
    TestParty party;
    const auto invoice = party.invoice("INV-1", "2026-05-13", 100'000);
    party.take_steps(desk.on("2026-05-20"));
    row.change(party, invoice);
    EXPECT_EQ(reasons(entry_of(party, desk, "2026-05-20")), row.expected) << row.what;
  }
  TestParty not_due;
  not_due.invoice("INV-1", "2026-05-20", 100'000);
  not_due.contacts.clear();
  EXPECT_EQ(reasons(entry_of(not_due, desk, "2026-05-20")), "(not on the list)");
  EXPECT_EQ(reasons(entry_of(not_due, desk, "2026-05-21")), "no_contact -> fix_contact");
}

TEST(Worklist, follow_ups_recommend_what_was_agreed) {
  const Desk desk;
  const struct {
    contact::NextActionKind kind;
    RecommendedAction expected;
  } cases[] = {
      {contact::NextActionKind::call, RecommendedAction::call},
      {contact::NextActionKind::wait_for_payment, RecommendedAction::call},
      {contact::NextActionKind::email, RecommendedAction::remind},
      {contact::NextActionKind::send_copy, RecommendedAction::remind},
      {contact::NextActionKind::escalate, RecommendedAction::escalate},
      {contact::NextActionKind::fix_contact, RecommendedAction::fix_contact},
  };
  for (const auto& row : cases) {
    TestParty party;
    party.invoice("INV-1", "2026-06-13", 100'000);
    FollowUp follow_up;
    follow_up.due_on = day("2026-06-02");
    follow_up.action = row.kind;
    party.follow_ups = {follow_up};
    EXPECT_FALSE(entry_of(party, desk, "2026-06-01").has_value());
    EXPECT_EQ(entry_of(party, desk, "2026-06-02").value().action, row.expected)
        << base::name(row.kind);
  }
}

TEST(Worklist, risk_weighs_days_late_by_amount_over_twelve_months) {
  const Desk desk;
  TestParty party;
  party.contacts.clear();
  party.invoice("INV-1", "2026-05-13", 100'000);
  const auto late = party.invoice("INV-2", "2026-04-01", 300'000);
  party.pay(late, "2026-04-11", 300'000);  // 10 days late
  const auto early = party.invoice("INV-3", "2026-04-01", 100'000);
  party.pay(early, "2026-03-20", 100'000);  // counts 0
  const auto old = party.invoice("INV-4", "2025-01-15", 900'000);
  party.pay(old, "2025-05-20", 900'000);  // 12 months ago to the day: outside
  const auto entry = entry_of(party, desk, "2026-05-20").value();
  EXPECT_EQ(part(entry, Factor::risk).value, 75);
  EXPECT_EQ(part(entry, Factor::risk).sample, 2);
  EXPECT_EQ(part(entry, Factor::risk).fact, "7.5 days late on 2 settled items");
  EXPECT_EQ(part(entry, Factor::risk).points, 5);
}

TEST(Worklist, risk_does_not_overflow_at_the_greatest_amounts) {
  const Desk desk;
  TestParty party;
  party.contacts.clear();
  party.invoice("INV-1", "2026-05-13", 100'000);
  const auto late = party.invoice("INV-2", "1990-01-01", money::max_amount_minor);
  party.pay(late, "2026-04-11", money::max_amount_minor);
  const auto entry = entry_of(party, desk, "2026-05-20").value();
  EXPECT_EQ(part(entry, Factor::risk).value, 10 * (day("2026-04-11") - day("1990-01-01")));
}

TEST(Worklist, a_balance_that_rose_is_told_in_per_cent) {
  const Desk desk;
  TestParty party;
  party.contacts.clear();
  party.invoice("INV-1", "2026-05-13", 100'000);  // issued 13 April
  party.invoice("INV-2", "2026-06-13", 50'000);   // issued 14 May
  const auto entry = entry_of(party, desk, "2026-05-20").value();
  EXPECT_EQ(part(entry, Factor::rising_balance).value, 50);
  EXPECT_EQ(part(entry, Factor::rising_balance).fact, "balance up 50 % within 30 days");
  EXPECT_EQ(part(entry_of(party, desk, "2026-05-14").value(), Factor::rising_balance).value, 50);
  TestParty fresh;
  fresh.contacts.clear();
  fresh.invoice("INV-1", "2026-05-19", 100'000);  // issued 19 April
  EXPECT_EQ(part(entry_of(fresh, desk, "2026-05-20").value(), Factor::rising_balance).value, 0);
}

TEST(Worklist, broken_promises_count_for_ninety_days) {
  const Desk desk;
  TestParty party;
  party.contacts.clear();
  const auto invoice = party.invoice("INV-1", "2026-01-15", 100'000);
  party.promise("P-1", "2026-01-20", "2026-01-30", invoice, 100'000);  // broken since 31 January
  const auto broken_on = [&](std::string_view on) {
    return part(entry_of(party, desk, on).value(), Factor::broken_promises).value;
  };
  EXPECT_EQ(broken_on("2026-01-31"), 1);
  EXPECT_EQ(broken_on("2026-04-30"), 1);
  EXPECT_EQ(broken_on("2026-05-01"), 0);
}

TEST(Worklist, a_missing_rate_is_shown_and_listed_last) {
  Desk desk;
  std::vector<TestParty> parties;
  parties.emplace_back(1, "Euro");
  parties.emplace_back(2, "Dollar");
  parties[0].invoice("INV-1", "2026-05-13", 900'000, "EUR");
  parties[1].invoice("INV-2", "2026-05-13", 10'000);
  std::vector<PartyFacts> facts;
  for (auto& party : parties) {
    party.take_steps(desk.on("2026-05-20"));
    facts.push_back(party.gather(desk.on("2026-05-20")));
  }
  auto list = worklists(facts, desk.on("2026-05-20")).at(0).entries;
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "Dollar");
  EXPECT_EQ(list[1].rank, std::nullopt);
  EXPECT_EQ(list[1].points, std::nullopt);
  EXPECT_EQ(list[1].overdue_base, std::nullopt);
  EXPECT_EQ(list[1].amounts.at(0).overdue_minor, 900'000);
  EXPECT_EQ(list[1].reasons.back().kind, ReasonKind::missing_rate);

  desk.rates = money::RateTable(
      {{currency("EUR"), currency("USD"), day("2026-05-20"), money::rate_scale * 11 / 10}});
  list = worklists(facts, desk.on("2026-05-20")).at(0).entries;
  EXPECT_EQ(list[0].name, "Euro");
  EXPECT_EQ(list[0].rank, 1);
  EXPECT_EQ(list[0].overdue_base, 990'000);
}

TEST(Worklist, overdue_is_net_by_customer_and_never_below_zero) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.receive("2026-05-14", 30'000);
  party.add_customer("C-1b");
  party.invoice("INV-2", "2026-05-13", 10'000);
  party.receive("2026-05-14", 50'000);
  party.take_steps(desk.on("2026-05-20"));
  const auto entry = entry_of(party, desk, "2026-05-20").value();
  EXPECT_EQ(entry.overdue_base, 70'000);
  EXPECT_EQ(entry.open_base, 110'000);
  EXPECT_EQ(entry.chased_base, 100'000);
  EXPECT_EQ(entry.amounts.at(0).to_apply_minor, 80'000);
  EXPECT_EQ(entry.numbers, (std::vector<std::string>{"C-1", "C-1b"}));
}

TEST(Worklist, each_collector_has_ranks_of_their_own) {
  const Desk desk;
  std::vector<TestParty> parties;
  for (std::int64_t id = 1; id <= 3; ++id) {
    TestParty& party = parties.emplace_back(id, "Party " + std::to_string(id));
    party.invoice("INV-1", "2026-05-13", 100'000 * id);
    party.collector = id == 2 ? "carl" : "clara";
    party.take_steps(desk.on("2026-05-20"));
  }
  std::vector<PartyFacts> facts;
  for (const auto& party : parties) facts.push_back(party.gather(desk.on("2026-05-20")));
  const auto lists = worklists(facts, desk.on("2026-05-20"));
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_EQ(lists[0].collector, "carl");
  EXPECT_EQ(lists[0].entries.at(0).rank, 1);
  ASSERT_EQ(lists[1].entries.size(), 2U);
  EXPECT_EQ(lists[1].entries[0].name, "Party 3");
  EXPECT_EQ(lists[1].entries[1].rank, 2);
}

}  // namespace
}  // namespace arrears::strategy
