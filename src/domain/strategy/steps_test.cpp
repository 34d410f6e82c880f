#include "domain/strategy/steps.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "domain/strategy/test_party.h"

namespace arrears::strategy {
namespace {

using test::day;
using test::Desk;
using test::TestParty;

std::string done_steps(const StepDecision& decision) {
  std::string steps;
  for (const auto& row : decision.reached)
    if (row.status == StepStatus::done) steps += (steps.empty() ? "" : " ") + row.step;
  return steps;
}

std::string skipped_steps(const StepDecision& decision) {
  std::string steps;
  for (const auto& row : decision.reached)
    if (row.status == StepStatus::skipped) steps += (steps.empty() ? "" : " ") + row.step;
  return steps;
}

std::string stopped_steps(const StepDecision& decision) {
  std::string steps;
  for (const auto& row : decision.stopped)
    steps += (steps.empty() ? "" : " ") + row.step + ':' + std::string(base::name(row.reason));
  return steps;
}

TEST(Steps, each_step_comes_on_its_day_and_not_the_day_before) {
  // Due on Wednesday 2026-05-13. Steps on a weekend come on the next business day.
  const struct {
    const char* before;
    const char* on;
    const char* step;
  } cases[] = {
      {"2026-05-08", "2026-05-11", "notice"},       // -4 is Saturday 9 May
      {"2026-05-13", "2026-05-14", "reminder_1"},   // Thursday
      {"2026-05-19", "2026-05-20", "call_7"},       // Wednesday
      {"2026-05-26", "2026-05-27", "reminder_14"},  // Wednesday
      {"2026-06-02", "2026-06-03", "call_21"},      // Wednesday
      {"2026-06-11", "2026-06-12", "manager_30"},   // Friday
      {"2026-07-10", "2026-07-13", "final_60"},     // +60 is Sunday 12 July
      {"2026-08-10", "2026-08-11", "agency_90"},    // Tuesday
  };
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  for (const auto& row : cases) {
    EXPECT_EQ(done_steps(party.take_steps(desk.on(row.before))), "") << row.before;
    EXPECT_EQ(done_steps(party.take_steps(desk.on(row.on))), row.step) << row.on;
    EXPECT_TRUE(party.take_steps(desk.on(row.on)).reached.empty()) << row.on << " again";
  }
}

TEST(Steps, nothing_happens_on_a_weekend_or_a_holiday) {
  Desk desk;
  desk.calendar.add_holiday({day("2026-05-14"), "Ascension Day"});
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.take_steps(desk.on("2026-05-11"));
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-14"))), "");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-15"))), "reminder_1");
  TestParty late;
  late.invoice("INV-2", "2026-05-04", 100'000);
  EXPECT_TRUE(late.take_steps(desk.on("2026-05-16")).reached.empty());
}

TEST(Steps, after_missed_weeks_only_the_highest_step_is_taken) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  const auto decision = party.take_steps(desk.on("2026-05-29"));
  EXPECT_EQ(done_steps(decision), "reminder_14");
  EXPECT_EQ(skipped_steps(decision), "notice reminder_1 call_7");
  EXPECT_EQ(decision.actions.size(), 1U);
  EXPECT_TRUE(party.take_steps(desk.on("2026-05-29")).reached.empty());
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-06-03"))), "call_21");
}

TEST(Steps, a_notice_is_skipped_once_the_item_is_overdue) {
  Desk desk;
  desk.strategy.steps = {{"notice", -4, StepAction::remind, 0}, {"call", 7, StepAction::call, 1}};
  TestParty on_the_day;
  on_the_day.invoice("INV-1", "2026-05-13", 100'000);
  EXPECT_EQ(done_steps(on_the_day.take_steps(desk.on("2026-05-13"))), "notice");
  TestParty late;
  late.invoice("INV-1", "2026-05-13", 100'000);
  const auto decision = late.take_steps(desk.on("2026-05-14"));
  EXPECT_EQ(done_steps(decision), "");
  EXPECT_EQ(skipped_steps(decision), "notice");
}

TEST(Steps, a_lower_step_that_a_new_strategy_adds_is_not_made_up_for) {
  Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.take_steps(desk.on("2026-05-27"));
  auto& steps = desk.strategy.steps;
  steps.insert(steps.begin() + 3, {"mail_10", 10, StepAction::remind, 2});
  const auto decision = party.take_steps(desk.on("2026-05-28"));
  EXPECT_EQ(done_steps(decision), "");
  EXPECT_EQ(skipped_steps(decision), "mail_10");
}

TEST(Steps, a_promise_for_the_whole_stops_and_the_step_comes_once_when_it_is_broken) {
  const Desk desk;
  TestParty party;
  const auto invoice = party.invoice("INV-1", "2026-05-15", 1'250'000);
  party.take_steps(desk.on("2026-05-22"));
  party.promise("P-1", "2026-06-01", "2026-06-10", invoice, 1'250'000);
  const auto stopped = party.take_steps(desk.on("2026-06-05"));
  EXPECT_EQ(stopped_steps(stopped), "call_21:promise");
  EXPECT_TRUE(stopped.reached.empty());
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-06-10"))), "");
  const auto decision = party.take_steps(desk.on("2026-06-11"));
  EXPECT_EQ(done_steps(decision), "call_21");
  EXPECT_EQ(skipped_steps(decision), "reminder_14");
}

TEST(Steps, what_a_promise_covers_in_part_is_left_out) {
  const Desk desk;
  TestParty party;
  const auto invoice = party.invoice("INV-1", "2026-05-15", 100'000);
  party.promise("P-1", "2026-05-18", "2026-06-10", invoice, 60'000);
  auto decision = decide_steps(party.gather(desk.on("2026-05-22")), desk.on("2026-05-22"));
  EXPECT_EQ(decision.actions.at(0).items.at(0).open_minor, 100'000);
  EXPECT_EQ(decision.actions.at(0).items.at(0).chased_minor, 40'000);
  // 20,000 of the promise arrives: 40,000 of it is to come, and 40,000 is still chased.
  party.pay(invoice, "2026-05-20", 20'000);
  decision = decide_steps(party.gather(desk.on("2026-05-22")), desk.on("2026-05-22"));
  EXPECT_EQ(decision.actions.at(0).items.at(0).open_minor, 80'000);
  EXPECT_EQ(decision.actions.at(0).items.at(0).chased_minor, 40'000);
}

TEST(Steps, only_the_disputed_part_is_left_out_while_the_mark_holds) {
  const Desk desk;
  const struct {
    const char* what;
    std::optional<std::int64_t> disputed;
    const char* until;
    std::int64_t chased;
    const char* stopped;
  } cases[] = {
      {"part", 30'000, "2026-05-23", 70'000, ""},
      {"whole", std::nullopt, "2026-05-23", 0, "call_7:dispute"},
      {"exactly the whole", 100'000, "2026-05-23", 0, "call_7:dispute"},
      {"over since today", std::nullopt, "2026-05-22", 100'000, ""},
  };
  for (const auto& row : cases) {
    TestParty party;
    const auto invoice = party.invoice("INV-1", "2026-05-15", 100'000);
    party.dispute(invoice, "2026-05-18", row.disputed, day(row.until));
    const auto decision = party.take_steps(desk.on("2026-05-22"));
    EXPECT_EQ(stopped_steps(decision), row.stopped) << row.what;
    if (row.chased == 0) {
      EXPECT_TRUE(decision.reached.empty()) << row.what;
    } else {
      EXPECT_EQ(decision.actions.at(0).items.at(0).chased_minor, row.chased) << row.what;
    }
  }
}

TEST(Steps, a_balance_below_the_threshold_is_left_alone_and_one_at_it_is_not) {
  const Desk desk;
  ASSERT_EQ(desk.strategy.small_balance_minor, 1'000);
  TestParty below;
  below.invoice("INV-1", "2026-05-13", 999);
  EXPECT_EQ(stopped_steps(below.take_steps(desk.on("2026-05-14"))), "reminder_1:small_balance");
  TestParty at;
  at.invoice("INV-1", "2026-05-13", 1'000);
  EXPECT_EQ(done_steps(at.take_steps(desk.on("2026-05-14"))), "reminder_1");
}

TEST(Steps, a_balance_without_a_rate_is_not_called_small) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 500, "EUR");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-14"))), "reminder_1");
}

TEST(Steps, unapplied_cash_that_covers_what_is_overdue_stops_the_chase) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.invoice("INV-2", "2026-06-30", 100'000);
  party.receive("2026-05-14", 100'000);
  EXPECT_EQ(stopped_steps(party.take_steps(desk.on("2026-05-14"))), "reminder_1:cash_to_apply");
}

TEST(Steps, a_quiet_period_stops_and_a_later_run_picks_up_once) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.holds = {{day("2026-05-14"), day("2026-05-22"), "new managing director"}};
  EXPECT_EQ(stopped_steps(party.take_steps(desk.on("2026-05-14"))), "reminder_1:quiet_period");
  EXPECT_EQ(stopped_steps(party.take_steps(desk.on("2026-05-21"))), "call_7:quiet_period");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-22"))), "call_7");
  EXPECT_TRUE(party.take_steps(desk.on("2026-05-22")).reached.empty());
}

TEST(Steps, quiet_days_keep_chasing_contacts_apart) {
  const Desk desk;
  ASSERT_EQ(desk.strategy.quiet_days, 3);
  TestParty party;
  party.invoice("INV-1", "2026-05-12", 100'000);
  party.called("2026-05-11");
  EXPECT_EQ(stopped_steps(party.take_steps(desk.on("2026-05-13"))), "reminder_1:quiet_days");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-14"))), "reminder_1");
  party.invoice("INV-2", "2026-05-14", 100'000);
  EXPECT_EQ(stopped_steps(party.take_steps(desk.on("2026-05-15"))), "reminder_1:quiet_days");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-18"))), "reminder_1");
}

TEST(Steps, an_attempt_that_nobody_heard_starts_no_quiet_days) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-12", 100'000);
  party.called("2026-05-13", contact::Disposition::not_reached);
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-13"))), "reminder_1");
}

TEST(Steps, every_invoice_gets_its_notice_also_within_quiet_days) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-15", 100'000);
  party.invoice("INV-2", "2026-05-16", 100'000);
  party.called("2026-05-11");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-11"))), "notice");
  EXPECT_EQ(done_steps(party.take_steps(desk.on("2026-05-12"))), "notice");
}

TEST(Steps, three_invoices_make_one_reminder_named_by_the_highest_step) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.invoice("INV-2", "2026-05-27", 50'000);
  party.add_customer("C-1b");
  party.invoice("INV-3", "2026-05-26", 20'000);
  party.reached = {{{{100}, 1}, "call_7", day("2026-05-20"), StepStatus::done}};
  const auto decision = party.take_steps(desk.on("2026-05-28"));
  ASSERT_EQ(decision.actions.size(), 1U);
  const DueAction& action = decision.actions[0];
  EXPECT_EQ(action.channel, Channel::written);
  EXPECT_EQ(action.level, 3);
  ASSERT_EQ(action.items.size(), 3U);
  EXPECT_EQ(action.items[0].step, "reminder_14");
  EXPECT_EQ(action.items[0].step_date, day("2026-05-27"));
  EXPECT_EQ(action.items[1].step, "reminder_1");
  EXPECT_EQ(action.items[2].chased_minor, 20'000);
}

TEST(Steps, escalation_gives_one_follow_up_with_owner_and_date) {
  const Desk desk;
  TestParty party;
  party.manager = "martin";
  party.invoice("INV-1", "2026-05-13", 100'000);
  party.invoice("INV-2", "2026-05-14", 100'000);
  const auto decision = party.take_steps(desk.on("2026-06-15"));
  ASSERT_EQ(decision.follow_ups.size(), 1U);
  EXPECT_EQ(decision.follow_ups[0].kind, FollowUpKind::escalation);
  EXPECT_EQ(decision.follow_ups[0].owner, "martin");
  EXPECT_EQ(decision.follow_ups[0].due_on, day("2026-06-15"));
  party.invoice("INV-3", "2026-05-18", 100'000);
  const auto next = party.take_steps(desk.on("2026-06-17"));
  EXPECT_EQ(done_steps(next), "manager_30");
  EXPECT_TRUE(next.follow_ups.empty());
  TestParty without;
  without.invoice("INV-1", "2026-05-13", 100'000);
  EXPECT_EQ(without.take_steps(desk.on("2026-06-15")).follow_ups.at(0).owner, "manager");
}

TEST(Steps, the_agency_step_is_a_proposal_of_its_own) {
  const Desk desk;
  TestParty party;
  party.invoice("INV-1", "2026-02-02", 100'000);
  const auto decision = party.take_steps(desk.on("2026-05-29"));
  ASSERT_EQ(decision.actions.size(), 1U);
  EXPECT_EQ(decision.actions[0].action, StepAction::refer);
  EXPECT_EQ(decision.actions[0].channel, Channel::agency);
}

/// Whatever days are run, each item and step is recorded once, a second run of a day gives nothing,
/// and no item takes two steps on one day.
TEST(Steps, property_steps_are_reached_once_whichever_days_are_run) {
  const Desk desk;
  std::mt19937_64 random(20260513);
  for (int round = 0; round < 200; ++round) {
    TestParty party;
    for (int i = 0; i < 6; ++i) {
      const Date due = day("2026-03-02") + static_cast<int>(random() % 90);
      party.invoice("INV-" + std::to_string(i), calendar::to_string(due),
                    500 + static_cast<std::int64_t>(random() % 100'000));
    }
    std::set<std::pair<ItemKey, std::string>> seen;
    for (Date run = day("2026-02-20"); run < day("2026-08-01");
         run = run + 1 + static_cast<int>(random() % 12)) {
      const auto decision = party.take_steps(desk.on(run));
      std::set<ItemKey> taken;
      for (const auto& row : decision.reached) {
        EXPECT_TRUE(seen.emplace(row.item, row.step).second) << row.step;
        if (row.status == StepStatus::done) {
          EXPECT_TRUE(taken.insert(row.item).second);
        }
      }
      std::set<Channel> channels;
      for (const auto& action : decision.actions)
        EXPECT_TRUE(channels.insert(action.channel).second);
      EXPECT_TRUE(party.take_steps(desk.on(run)).reached.empty());
    }
  }
}

}  // namespace
}  // namespace arrears::strategy
