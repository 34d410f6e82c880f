#include "domain/promises/promise.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "domain/promises/check_promise.h"
#include "domain/receivables/dispute.h"
#include "domain/receivables/test_ledger.h"

namespace arrears::promises {
namespace {

using receivables::day;
using receivables::DocumentId;
using receivables::PaymentId;
using receivables::TestLedger;

/// INV-10452: 12,500.00 due 2026-05-15, promised on 2026-06-01 for 2026-06-10.
class Inv10452 : public testing::Test {
 protected:
  TestLedger test;
  const receivables::Ledger* ledger = &test.ledger;
  DocumentId invoice = test.add(
      receivables::make_document("INV-10452", 1250000, day("2026-04-15"), day("2026-05-15")));
  calendar::BusinessCalendar weekdays;
  Promise promise = promised(1250000, "2026-06-10");

  Promise promised(std::int64_t minor, std::string_view due_on) const {
    Promise made;
    made.id = {17};
    made.made_on = day("2026-06-01");
    made.due_on = day(due_on);
    made.currency = receivables::currency("USD");
    made.amount_minor = minor;
    made.items = {{test.ledger.customer, invoice, 1, minor}};
    return made;
  }
  PromiseStanding on(std::string_view as_of) const {
    return judge(promise, LedgerRefs(&ledger, 1), weekdays, day(as_of)).standing;
  }
  std::string_view state(std::string_view as_of) const { return base::name(on(as_of).state); }
  receivables::AllocationId pay(std::int64_t minor, std::string_view value_on,
                                std::string_view allocated_on) {
    return test.apply(test.payment(minor, value_on), invoice, minor, day(allocated_on));
  }
};

TEST_F(Inv10452, is_open_on_the_promised_day_and_broken_on_the_next) {
  EXPECT_EQ(state("2026-06-01"), "open");
  EXPECT_EQ(state("2026-06-10"), "open");
  EXPECT_EQ(on("2026-06-10").broken_since, std::nullopt);
  EXPECT_EQ(state("2026-06-11"), "broken");
  EXPECT_EQ(on("2026-06-11").broken_since, day("2026-06-11"));
  EXPECT_EQ(on("2026-07-11").broken_since, day("2026-06-11"));
}

TEST_F(Inv10452, a_payment_valued_on_the_promised_day_keeps_it) {
  pay(1250000, "2026-06-10", "2026-06-10");
  EXPECT_EQ(state("2026-06-09"), "open");
  EXPECT_EQ(state("2026-06-10"), "kept");
  EXPECT_EQ(state("2026-06-11"), "kept");
}

TEST_F(Inv10452, a_payment_valued_in_time_keeps_it_although_allocated_later) {
  pay(1250000, "2026-06-10", "2026-06-15");
  EXPECT_EQ(state("2026-06-11"), "broken");
  EXPECT_TRUE(on("2026-06-11").probably_kept);
  EXPECT_EQ(state("2026-06-14"), "broken");
  EXPECT_EQ(state("2026-06-15"), "kept");
  EXPECT_EQ(on("2026-06-15").broken_since, std::nullopt);
}

TEST_F(Inv10452, only_what_is_valued_from_the_day_it_was_made_to_the_deadline_counts) {
  const struct {
    std::string_view value_on;
    std::string_view state;
  } cases[] = {
      {"2026-05-31", "broken"},
      {"2026-06-01", "kept"},
      {"2026-06-10", "kept"},
      {"2026-06-11", "broken"},
  };
  for (const auto& c : cases) {
    test.ledger.allocations.clear();
    pay(1250000, c.value_on, "2026-06-12");
    EXPECT_EQ(state("2026-06-12"), c.state) << c.value_on;
  }
}

TEST_F(Inv10452, a_part_in_time_keeps_it_partly) {
  pay(500000, "2026-06-05", "2026-06-05");
  EXPECT_EQ(state("2026-06-10"), "open");
  EXPECT_EQ(on("2026-06-10").paid_minor, 500000);
  pay(750000, "2026-06-11", "2026-06-11");
  EXPECT_EQ(state("2026-06-11"), "partly_kept");
  EXPECT_EQ(on("2026-06-11").paid_minor, 500000);
  EXPECT_EQ(on("2026-06-11").broken_since, day("2026-06-11"));
}

TEST_F(Inv10452, a_bounce_breaks_what_was_kept) {
  pay(1250000, "2026-06-09", "2026-06-09");
  const PaymentId payment = test.ledger.payments.back().id;
  test.write(receivables::bounce(test.ledger, {payment, day("2026-06-12"), "R", "R01"}).value());
  EXPECT_EQ(state("2026-06-11"), "kept");
  EXPECT_EQ(state("2026-06-12"), "broken");
  EXPECT_EQ(on("2026-06-12").broken_since, day("2026-06-11"));
}

TEST_F(Inv10452, unapplied_cash_that_would_do_shows_it_as_probably_kept) {
  promise = promised(1250000, "2026-06-10");
  test.payment(1249999, "2026-06-10");
  EXPECT_FALSE(on("2026-06-11").probably_kept);
  test.payment(1, "2026-06-10");
  EXPECT_FALSE(on("2026-06-09").probably_kept);
  EXPECT_TRUE(on("2026-06-11").probably_kept);
  EXPECT_EQ(state("2026-06-11"), "broken");
}

TEST_F(Inv10452, the_discount_of_a_payment_in_time_counts_with_it) {
  receivables::Document terms = *receivables::find_document(test.ledger, invoice);
  terms.instalments[0].due_on = day("2026-06-30");
  terms.instalments[0].discount_until = day("2026-06-10");
  terms.instalments[0].discounted_minor = 1225000;
  test.write(receivables::amend_document(test.ledger, terms, test.ledger.customer).value());
  pay(1225000, "2026-06-10", "2026-06-10");
  EXPECT_EQ(state("2026-06-11"), "kept");
  EXPECT_EQ(on("2026-06-11").paid_minor, 1250000);
}

TEST_F(Inv10452, tolerance_is_in_business_days_after_the_rolled_day) {
  const struct {
    std::string_view due_on;
    int tolerance_days;
    std::string_view deadline;
  } cases[] = {
      {"2026-06-10", 0, "2026-06-10"},  // Wednesday
      {"2026-06-13", 0, "2026-06-15"},  // Saturday
      {"2026-06-14", 0, "2026-06-15"},  // Sunday
      {"2026-06-12", 1, "2026-06-15"},  // Friday
      {"2026-06-13", 1, "2026-06-16"},  // Saturday: rolled to Monday, then one day
      {"2026-06-12", 5, "2026-06-19"},
  };
  for (const auto& c : cases) {
    promise.due_on = day(c.due_on);
    promise.tolerance_days = c.tolerance_days;
    EXPECT_EQ(calendar::to_string(deadline(promise, weekdays)), c.deadline)
        << c.due_on << " + " << c.tolerance_days;
  }
  weekdays.add_holiday({day("2026-06-15"), "local"});
  promise = promised(1250000, "2026-06-13");
  EXPECT_EQ(deadline(promise, weekdays), day("2026-06-16"));
}

TEST_F(Inv10452, promised_for_saturday_it_is_kept_by_money_that_arrives_on_monday) {
  promise = promised(1250000, "2026-06-13");
  EXPECT_EQ(state("2026-06-15"), "open");
  pay(1250000, "2026-06-15", "2026-06-15");
  EXPECT_EQ(state("2026-06-16"), "kept");
  test.ledger.allocations.clear();
  EXPECT_EQ(state("2026-06-16"), "broken");
}

TEST_F(Inv10452, with_one_day_of_grace_it_is_not_broken_on_the_next_day) {
  promise = promised(1250000, "2026-06-24");
  promise.tolerance_days = 1;
  EXPECT_EQ(state("2026-06-25"), "open");
  EXPECT_EQ(state("2026-06-26"), "broken");
}

TEST_F(Inv10452, superseded_or_withdrawn_it_is_neither_kept_nor_broken) {
  promise.events = {{PromiseEventKind::superseded, day("2026-06-10"), ""}};
  EXPECT_EQ(state("2026-06-09"), "open");
  EXPECT_EQ(state("2026-06-10"), "withdrawn");
  EXPECT_TRUE(on("2026-06-11").superseded);
  promise.events[0].kind = PromiseEventKind::withdrawn;
  EXPECT_EQ(state("2026-06-11"), "withdrawn");
  EXPECT_FALSE(on("2026-06-11").superseded);
  promise.events[0].on = day("2026-06-11");
  EXPECT_EQ(state("2026-06-11"), "broken") << "the event comes after the deadline";
}

TEST_F(Inv10452, a_dispute_suspends_it_until_it_is_cleared) {
  test.ledger.disputes = {make_dispute({1}, invoice, 100, "2026-06-10", day("2026-06-20"))};
  EXPECT_FALSE(on("2026-06-09").suspended);
  EXPECT_TRUE(on("2026-06-10").suspended);
  EXPECT_EQ(state("2026-06-19"), "open");
  EXPECT_EQ(on("2026-06-19").broken_since, std::nullopt);
  EXPECT_EQ(state("2026-06-20"), "broken");
  EXPECT_EQ(on("2026-06-20").broken_since, day("2026-06-11"));
}

TEST_F(Inv10452, a_dispute_after_the_deadline_mends_nothing) {
  test.ledger.disputes = {make_dispute({1}, invoice, 100, "2026-06-11")};
  EXPECT_EQ(state("2026-06-11"), "broken");
  EXPECT_FALSE(on("2026-06-11").suspended);
}

TEST_F(Inv10452, a_disputed_promise_may_still_be_kept) {
  test.ledger.disputes = {make_dispute({1}, invoice, 100, "2026-06-05")};
  pay(1250000, "2026-06-08", "2026-06-08");
  EXPECT_EQ(state("2026-06-11"), "kept");
  EXPECT_FALSE(on("2026-06-11").suspended);
}

TEST(RandomPromises, are_paid_with_no_more_than_was_promised) {
  std::mt19937_64 random(7);
  const auto pick = [&random](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  const calendar::BusinessCalendar weekdays;
  std::array<int, 5> seen{};
  for (int round = 0; round < 2000; ++round) {
    Promise promise;
    promise.made_on = day("2026-06-01") + pick(0, 10);
    promise.due_on = promise.made_on + pick(0, 14);
    promise.tolerance_days = pick(0, 3);
    ItemSettlements settlements;
    for (int i = 0; i <= pick(0, 3); ++i) {
      promise.items.push_back({{1}, {i + 1}, 1, pick(1, 500)});
      promise.amount_minor += promise.items.back().amount_minor;
      settlements.emplace_back();
      for (int n = pick(0, 4); n > 0; --n) {
        const Date valued_on = day("2026-06-01") + pick(-5, 40);
        const Date allocated_on = valued_on + pick(0, 9);
        const int amount = pick(1, 400);
        settlements.back().push_back({valued_on, allocated_on, amount, {}});
        if (pick(0, 3)) continue;
        settlements.back().push_back({valued_on, allocated_on + pick(0, 9), -amount, {}});
      }
    }
    if (!pick(0, 9)) promise.events = {{PromiseEventKind::withdrawn, promise.made_on + 1, ""}};
    for (Date as_of = promise.made_on; as_of < promise.made_on + 60; as_of = as_of + 1) {
      const PromiseStanding now =
          standing(promise, settlements, weekdays, as_of, /*disputed=*/false, pick(0, 600));
      ++seen[static_cast<std::size_t>(now.state)];
      std::int64_t paid = 0;
      for (std::size_t i = 0; i < promise.items.size(); ++i) {
        ASSERT_GE(now.item_paid_minor[i], 0);
        ASSERT_LE(now.item_paid_minor[i], promise.items[i].amount_minor);
        paid += now.item_paid_minor[i];
      }
      ASSERT_EQ(now.paid_minor, paid);
      ASSERT_TRUE(weekdays.is_business_day(now.deadline));
      ASSERT_GE(now.deadline, promise.due_on);
      ASSERT_TRUE(now.state != PromiseState::kept || paid == promise.amount_minor);
      ASSERT_TRUE(now.state != PromiseState::open || as_of <= now.deadline);
      ASSERT_EQ(now.broken_since.has_value(),
                now.state == PromiseState::broken || now.state == PromiseState::partly_kept);
    }
  }
  for (const int count : seen) EXPECT_GT(count, 1000);
}

}  // namespace
}  // namespace arrears::promises
