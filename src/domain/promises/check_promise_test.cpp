#include "domain/promises/check_promise.h"

#include <gtest/gtest.h>

#include "domain/receivables/test_ledger.h"

namespace arrears::promises {
namespace {

using receivables::day;
using receivables::DocumentId;
using receivables::TestLedger;

class CheckPromise : public testing::Test {
 protected:
  TestLedger test;
  const receivables::Ledger* ledger = &test.ledger;
  DocumentId older = test.invoice(10000, "2026-04-01", "2026-05-01");
  DocumentId newer = test.invoice(5000, "2026-04-01", "2026-05-15");
  std::vector<Promise> made;
  std::vector<JudgedPromise> others;

  PromiseItem item(DocumentId document, std::int64_t minor) const {
    return {test.ledger.customer, document, 1, minor};
  }
  PromiseRequest request(std::vector<PromiseItem> items) const {
    Promise promise;
    promise.made_on = day("2026-06-01");
    promise.due_on = day("2026-06-10");
    promise.currency = receivables::currency("USD");
    for (const PromiseItem& next : items) promise.amount_minor += next.amount_minor;
    promise.items = std::move(items);
    return {promise, {}};
  }
  std::string_view checked(const PromiseRequest& ask) const {
    const auto result = check_promise(ask, LedgerRefs(&ledger, 1), others);
    return result.ok() ? "ok" : base::code(result.error());
  }
  /// Makes `ask` the one other promise, judged as of `as_of`.
  void given(const PromiseRequest& ask, std::string_view as_of = "2026-06-01") {
    made = {check_promise(ask, LedgerRefs(&ledger, 1), {}).value()};
    made[0].id = {17};
    others = {judge(made[0], LedgerRefs(&ledger, 1), {}, day(as_of))};
  }
  std::vector<PromiseItem> spread(std::int64_t minor, std::vector<PromiseItem> chosen) const {
    return spread_oldest_first(minor, std::move(chosen), day("2026-06-01"), LedgerRefs(&ledger, 1),
                               others, {});
  }
};

TEST_F(CheckPromise, refuses_in_the_documented_order) {
  EXPECT_EQ(checked(request({})), "amount_not_positive");
  PromiseRequest ask = request({item(older, 10100), item(newer, -100)});
  EXPECT_EQ(checked(ask), "amount_not_positive");
  EXPECT_EQ(checked(request({item(older, money::max_amount_minor + 1)})), "beyond_maximum");
  ask = request({item(older, 100)});
  ask.promise.due_on = day("2026-05-31");
  EXPECT_EQ(checked(ask), "promise_date_in_past");
  ask.promise.due_on = day("2026-06-01");
  EXPECT_EQ(checked(ask), "ok");
  EXPECT_EQ(checked(request({item({99}, 100)})), "item_unknown");
  ask = request({item(older, 100)});
  ask.promise.items[0].customer = {2};
  EXPECT_EQ(checked(ask), "item_unknown");
  EXPECT_EQ(checked(request({item(older, 100), item(older, 100)})), "item_repeated");
  receivables::Document euros =
      receivables::make_document("INV-E", 1000, day("2026-04-01"), day("2026-05-01"));
  euros.currency = receivables::currency("EUR");
  const DocumentId foreign = test.add(euros);
  EXPECT_EQ(checked(request({item(older, 100), item(foreign, 100)})), "mixed_currencies");
  ask = request({item(older, 100)});
  ask.promise.amount_minor = 101;
  EXPECT_EQ(checked(ask), "items_do_not_sum");
  ask = request({item(older, 100)});
  ask.supersedes = {{17}};
  EXPECT_EQ(checked(ask), "superseded_not_open");
  EXPECT_EQ(checked(request({item(older, 10001)})), "exceeds_open_amount");
  EXPECT_EQ(checked(request({item(older, 10000), item(newer, 5000)})), "ok");
  EXPECT_EQ(checked(request({item(test.credit_note(500, "2026-04-01"), 100)})), "item_not_open");
  test.apply(test.payment(10000, "2026-06-01"), older, 10000);
  EXPECT_EQ(checked(request({item(older, 1)})), "item_not_open");
}

TEST_F(CheckPromise, what_another_open_promise_covers_cannot_be_promised_again) {
  given(request({item(older, 7000)}));
  EXPECT_EQ(checked(request({item(older, 3001)})), "exceeds_open_amount");
  EXPECT_EQ(checked(request({item(older, 3000)})), "ok");
  PromiseRequest ask = request({item(older, 10000)});
  EXPECT_EQ(checked(ask), "exceeds_open_amount");
  EXPECT_EQ(promisable_amount(ask, item(older, 0), LedgerRefs(&ledger, 1), others), 3000);
  ask.supersedes = {{17}};
  EXPECT_EQ(checked(ask), "ok");
  EXPECT_EQ(promisable_amount(ask, item(older, 0), LedgerRefs(&ledger, 1), others), 10000);
}

TEST_F(CheckPromise, what_the_other_promise_was_paid_is_not_counted_twice) {
  const PromiseRequest first = request({item(older, 7000)});
  given(first);
  test.apply(test.payment(2000, "2026-06-03"), older, 2000);
  given(first, "2026-06-03");
  PromiseRequest ask = request({item(older, 3000)});
  ask.promise.made_on = day("2026-06-03");
  EXPECT_EQ(checked(ask), "ok");
  ask = request({item(older, 3001)});
  ask.promise.made_on = day("2026-06-03");
  EXPECT_EQ(checked(ask), "exceeds_open_amount");
}

TEST_F(CheckPromise, a_broken_promise_covers_nothing_and_cannot_be_replaced) {
  given(request({item(older, 7000)}), "2026-06-11");
  PromiseRequest ask = request({item(older, 10000)});
  ask.promise.made_on = day("2026-06-11");
  ask.promise.due_on = day("2026-06-20");
  EXPECT_EQ(checked(ask), "ok");
  ask.supersedes = {{17}};
  EXPECT_EQ(checked(ask), "superseded_not_open");
}

TEST_F(CheckPromise, a_suspended_promise_binds_until_its_deadline) {
  const PromiseRequest first = request({item(older, 7000)});
  test.ledger.disputes = {make_dispute({1}, older, 100, "2026-06-02")};
  PromiseRequest ask = request({item(older, 10000)});
  ask.promise.due_on = day("2026-06-20");
  ask.promise.made_on = day("2026-06-10");
  given(first, "2026-06-10");
  EXPECT_EQ(checked(ask), "exceeds_open_amount");
  ask.promise.made_on = day("2026-06-11");
  given(first, "2026-06-11");
  EXPECT_EQ(others[0].standing.state, PromiseState::open);
  EXPECT_EQ(checked(ask), "ok");
}

TEST_F(CheckPromise, an_amount_is_spread_over_the_oldest_items_first) {
  const auto items = spread(12000, {item(newer, 0), item(older, 0)});
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].document, older);
  EXPECT_EQ(items[0].amount_minor, 10000);
  EXPECT_EQ(items[1].amount_minor, 2000);
  EXPECT_EQ(spread(10000, {item(newer, 0), item(older, 0)}).size(), 1u);
  given(request({item(older, 7000)}));
  EXPECT_EQ(spread(12000, {item(newer, 0), item(older, 0)})[0].amount_minor, 3000);
}

TEST_F(CheckPromise, what_is_too_much_is_refused_after_spreading) {
  EXPECT_EQ(checked(request(spread(15000, {item(newer, 0), item(older, 0)}))), "ok");
  EXPECT_EQ(checked(request(spread(15001, {item(newer, 0), item(older, 0)}))),
            "exceeds_open_amount");
  EXPECT_EQ(checked(request(spread(1, {item({99}, 0)}))), "item_unknown");
}

TEST_F(CheckPromise, only_an_open_promise_can_be_withdrawn) {
  using enum WithdrawPromiseRefusal;
  given(request({item(older, 7000)}));
  EXPECT_EQ(withdraw_promise(others[0], day("2026-05-31"), "").error(), before_made);
  const PromiseEvent event = withdraw_promise(others[0], day("2026-06-01"), "insolvent").value();
  EXPECT_EQ(event.kind, PromiseEventKind::withdrawn);
  EXPECT_EQ(event.reason, "insolvent");
  given(request({item(older, 7000)}), "2026-06-11");
  EXPECT_EQ(withdraw_promise(others[0], day("2026-06-11"), "").error(), not_open);
  made[0].events = {event};
  others = {judge(made[0], LedgerRefs(&ledger, 1), {}, day("2026-06-11"))};
  EXPECT_EQ(withdraw_promise(others[0], day("2026-06-11"), "").error(), already_withdrawn);
}

}  // namespace
}  // namespace arrears::promises
