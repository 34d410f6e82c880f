#include "domain/strategy/follow_ups.h"

#include <gtest/gtest.h>

#include "domain/strategy/test_party.h"

namespace arrears::strategy {
namespace {

using test::day;
using test::Desk;
using test::TestParty;

struct BrokenPromise {
  Desk desk;
  TestParty party;
  receivables::DocumentId invoice = party.invoice("INV-10452", "2026-05-15", 1'250'000);
  promises::Promise& promise = party.promise("P-1", "2026-06-01", "2026-06-10", invoice, 1'250'000);

  FollowUpDecision decide(std::string_view on) {
    return decide_follow_ups(party.gather(desk.on(on)), desk.on(on));
  }
};

TEST(FollowUps, a_broken_promise_is_followed_up_on_the_day_after_its_deadline) {
  BrokenPromise broken;
  EXPECT_TRUE(broken.decide("2026-06-10").opened.empty());
  const auto decision = broken.decide("2026-06-11");
  ASSERT_EQ(decision.opened.size(), 1U);
  EXPECT_EQ(decision.opened[0].kind, FollowUpKind::broken_promise);
  EXPECT_EQ(decision.opened[0].due_on, day("2026-06-11"));
  EXPECT_EQ(decision.opened[0].owner, "clara");
  EXPECT_EQ(decision.opened[0].promise, broken.promise.id);
}

TEST(FollowUps, the_follow_up_rolls_over_the_weekend) {
  BrokenPromise broken;
  broken.promise.due_on = day("2026-06-12");
  EXPECT_EQ(broken.decide("2026-06-13").opened.at(0).due_on, day("2026-06-15"));
}

TEST(FollowUps, a_promise_gets_one_follow_up_however_often_the_day_is_run) {
  BrokenPromise broken;
  broken.party.take_steps(broken.desk.on("2026-06-11"));
  EXPECT_TRUE(broken.decide("2026-06-11").opened.empty());
  EXPECT_TRUE(broken.decide("2026-06-19").opened.empty());
}

TEST(FollowUps, a_late_run_gives_the_day_that_was_missed) {
  BrokenPromise broken;
  const auto decision = broken.decide("2026-06-22");
  ASSERT_EQ(decision.opened.size(), 1U);
  EXPECT_EQ(decision.opened[0].due_on, day("2026-06-11"));
  EXPECT_EQ(decision.opened[0].opened_on, day("2026-06-22"));
}

TEST(FollowUps, it_closes_with_the_reason_when_the_promise_turns_out_otherwise) {
  const struct {
    const char* what;
    FollowUpClosing closing;
    void (*change)(BrokenPromise&);
  } cases[] = {
      {"paid in time, imported late", FollowUpClosing::promise_kept,
       [](BrokenPromise& b) { b.party.pay(b.invoice, "2026-06-10", 1'250'000); }},
      {"paid after the deadline", FollowUpClosing::items_settled,
       [](BrokenPromise& b) { b.party.pay(b.invoice, "2026-06-11", 1'250'000); }},
      {"withdrawn in time", FollowUpClosing::promise_withdrawn,
       [](BrokenPromise& b) {
         b.promise.events = {{promises::PromiseEventKind::withdrawn, day("2026-06-09"), "mistake"}};
       }},
      {"superseded in time", FollowUpClosing::promise_superseded,
       [](BrokenPromise& b) {
         b.promise.events = {{promises::PromiseEventKind::superseded, day("2026-06-09"), "P-2"}};
       }},
      {"another date was meant", FollowUpClosing::promise_open,
       [](BrokenPromise& b) { b.promise.due_on = day("2026-06-20"); }},
  };
  for (const auto& row : cases) {
    BrokenPromise broken;
    broken.party.take_steps(broken.desk.on("2026-06-11"));
    ASSERT_TRUE(broken.decide("2026-06-12").closed.empty()) << row.what;
    row.change(broken);
    const auto decision = broken.decide("2026-06-12");
    ASSERT_EQ(decision.closed.size(), 1U) << row.what;
    EXPECT_EQ(base::name(decision.closed[0].closing), base::name(row.closing)) << row.what;
    EXPECT_TRUE(decision.opened.empty()) << row.what;
  }
}

TEST(FollowUps, a_partly_kept_promise_is_followed_up_as_well) {
  BrokenPromise broken;
  broken.party.pay(broken.invoice, "2026-06-10", 250'000);
  EXPECT_EQ(broken.decide("2026-06-11").opened.size(), 1U);
}

TEST(FollowUps, a_promise_that_was_thought_kept_gets_another_one) {
  BrokenPromise broken;
  broken.party.take_steps(broken.desk.on("2026-06-11"));
  broken.party.follow_ups.at(0).closed_on = day("2026-06-12");
  broken.party.follow_ups.at(0).closing = FollowUpClosing::promise_kept;
  EXPECT_EQ(broken.decide("2026-06-15").opened.size(), 1U);
  broken.party.follow_ups.at(0).closing = FollowUpClosing::called;
  EXPECT_TRUE(broken.decide("2026-06-15").opened.empty());
}

TEST(FollowUps, a_call_on_or_after_its_day_closes_it) {
  BrokenPromise broken;
  broken.party.take_steps(broken.desk.on("2026-06-11"));
  broken.party.called("2026-06-10");
  EXPECT_TRUE(broken.decide("2026-06-11").closed.empty());
  broken.party.called("2026-06-11", contact::Disposition::not_reached);
  const auto decision = broken.decide("2026-06-11");
  ASSERT_EQ(decision.closed.size(), 1U);
  EXPECT_EQ(decision.closed[0].closing, FollowUpClosing::called);
}

TEST(FollowUps, an_escalation_closes_when_nothing_is_overdue_any_more) {
  const Desk desk;
  TestParty party;
  const auto invoice = party.invoice("INV-1", "2026-05-13", 100'000);
  party.take_steps(desk.on("2026-06-12"));
  ASSERT_EQ(party.follow_ups.size(), 1U);
  party.pay(invoice, "2026-06-15", 100'000);
  const auto decision =
      decide_follow_ups(party.gather(desk.on("2026-06-15")), desk.on("2026-06-15"));
  EXPECT_EQ(decision.closed.at(0).closing, FollowUpClosing::items_settled);
}

TEST(FollowUps, the_next_action_of_a_call_becomes_one_which_the_same_call_does_not_meet) {
  contact::CallEntry entry;
  entry.id = {77};
  entry.business_date = day("2026-06-01");
  EXPECT_FALSE(follow_up_of(entry).has_value());
  entry.next_action = {contact::NextActionKind::call, day("2026-06-01"), "clara", ""};
  const auto follow_up = follow_up_of(entry);
  ASSERT_TRUE(follow_up.has_value());
  EXPECT_EQ(follow_up->due_on, day("2026-06-01"));
  PartyFacts facts;
  const ContactMade same{day("2026-06-01"), Channel::phone, {}, {77}};
  facts.contacts_made = {same};
  EXPECT_TRUE(is_due(*follow_up, facts, day("2026-06-01")));
  facts.contacts_made.push_back({day("2026-06-01"), Channel::phone, {}, {78}});
  EXPECT_FALSE(is_due(*follow_up, facts, day("2026-06-01")));
  entry.next_action->kind = contact::NextActionKind::none;
  EXPECT_FALSE(follow_up_of(entry).has_value());
}

}  // namespace
}  // namespace arrears::strategy
