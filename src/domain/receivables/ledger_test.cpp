#include "domain/receivables/ledger.h"

#include <gtest/gtest.h>

#include "domain/receivables/test_ledger.h"

namespace arrears::receivables {
namespace {

TEST(Aging, each_age_has_one_bucket) {
  const struct {
    int days_overdue;
    std::string_view bucket;
  } cases[] = {
      {-400, "not_due"}, {-1, "not_due"}, {0, "not_due"},    {1, "1_30"},        {29, "1_30"},
      {30, "1_30"},      {31, "31_60"},   {60, "31_60"},     {61, "61_90"},      {90, "61_90"},
      {91, "91_120"},    {120, "91_120"}, {121, "over_120"}, {9999, "over_120"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(bucket_names[aging_bucket(c.days_overdue)], c.bucket) << c.days_overdue;
  }
}

TEST(Aging, an_item_is_not_overdue_on_its_due_date) {
  TestLedger test;
  test.invoice(10000, "2026-04-15", "2026-05-15");
  EXPECT_EQ(aging(test.ledger, day("2026-05-15"))[0].buckets[0], 10000);
  EXPECT_EQ(aging(test.ledger, day("2026-05-16"))[0].buckets[1], 10000);
  const std::vector<OpenItem> items = open_items(test.ledger, day("2026-06-01"));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].days_overdue, 17);
}

TEST(Aging, a_document_counts_from_its_issue_date) {
  TestLedger test;
  test.invoice(10000, "2026-04-15", "2026-05-15");
  EXPECT_TRUE(aging(test.ledger, day("2026-04-14")).empty());
  EXPECT_EQ(aging(test.ledger, day("2026-04-15"))[0].total(), 10000);
}

TEST(Aging, credits_and_unapplied_cash_stand_beside_the_buckets) {
  TestLedger test;
  test.invoice(10000, "2026-04-01", "2026-05-01");
  test.invoice(4000, "2026-05-01", "2026-06-30");
  test.credit_note(3000, "2026-05-10");
  test.payment(2000, "2026-05-20");
  const Aging row = aging(test.ledger, day("2026-05-20")).at(0);
  EXPECT_EQ(row.open_items, 2);
  EXPECT_EQ(row.total(), 14000);
  EXPECT_EQ(row.credits, 3000);
  EXPECT_EQ(row.unapplied_cash, 2000);
  EXPECT_EQ(row.balance(), 9000);
  EXPECT_EQ(row.overdue(), 5000);
}

TEST(Aging, what_is_overdue_is_never_below_zero) {
  TestLedger test;
  test.invoice(10000, "2026-04-01", "2026-05-01");
  test.payment(12000, "2026-05-20");
  EXPECT_EQ(aging(test.ledger, day("2026-05-20"))[0].overdue(), 0);
  EXPECT_EQ(aging(test.ledger, day("2026-05-20"))[0].balance(), -2000);
}

TEST(Aging, currencies_stay_apart_and_a_lone_credit_or_payment_has_a_row) {
  TestLedger test;
  test.invoice(10000, "2026-04-01", "2026-05-01");
  Payment euros = make_payment(700, day("2026-04-02"));
  euros.currency = currency("EUR");
  test.add(euros);
  Document yen = make_document("CN-Y", -500, day("2026-04-02"), day("2026-04-02"));
  yen.currency = currency("JPY");
  test.add(yen);
  const std::vector<Aging> rows = aging(test.ledger, day("2026-04-02"));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].currency.code(), "EUR");
  EXPECT_EQ(rows[0].unapplied_cash, 700);
  EXPECT_EQ(rows[1].currency.code(), "JPY");
  EXPECT_EQ(rows[1].credits, 500);
  EXPECT_EQ(rows[2].total(), 10000);
}

TEST(Aging, adds_up_over_customers) {
  TestLedger test;
  test.invoice(10000, "2026-04-01", "2026-05-01");
  test.payment(2000, "2026-04-02");
  test.credit_note(1, "2026-04-02");
  const Aging row = aging(test.ledger, day("2026-05-20")).at(0);
  Aging sum = row;
  add_to(sum, row);
  EXPECT_EQ(sum.open_items, 2);
  EXPECT_EQ(sum.total(), 20000);
  EXPECT_EQ(sum.credits, 2);
  EXPECT_EQ(sum.unapplied_cash, 4000);
  Aging euros;
  euros.currency = currency("EUR");
  EXPECT_THROW(add_to(sum, euros), base::Mistake);
}

TEST(OpenItems, come_by_due_date_then_number_then_instalment) {
  TestLedger test;
  const auto add = [&test](std::string number, std::string_view due_on) {
    test.add(make_document(std::move(number), 100, day("2026-01-01"), day(due_on)));
  };
  add("B", "2026-02-01");
  add("C", "2026-01-15");
  Document two = make_document("A", 200, day("2026-01-01"), day("2026-02-01"));
  two.instalments = {{1, day("2026-02-01"), 150, {}, 0}, {2, day("2026-02-01"), 50, {}, 0}};
  test.add(two);
  std::string order;
  for (const OpenItem& item : open_items(test.ledger, day("2026-03-01"))) {
    order += item.document->number + std::to_string(item.instalment->number) + " ";
  }
  EXPECT_EQ(order, "C1 A1 A2 B1 ");
}

TEST(OpenItems, an_allocation_counts_from_its_own_day) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  const PaymentId payment = test.payment(6000, "2026-05-03");
  test.apply(payment, invoice, 4000, day("2026-05-05"));
  EXPECT_EQ(open_amount(test.ledger, invoice, 1, day("2026-05-04")), 10000);
  EXPECT_EQ(open_amount(test.ledger, invoice, 1, day("2026-05-05")), 6000);
  EXPECT_TRUE(unapplied_payments(test.ledger, day("2026-05-02")).empty());
  EXPECT_EQ(unapplied_payments(test.ledger, day("2026-05-04")).at(0).unapplied_minor, 6000);
  EXPECT_EQ(unapplied_payments(test.ledger, day("2026-05-05")).at(0).unapplied_minor, 2000);
}

TEST(OpenItems, a_cancelled_document_counts_on_no_day_and_frees_its_cash) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  const PaymentId payment = test.payment(6000, "2026-05-03");
  const AllocationId applied = test.apply(payment, invoice, 6000);
  test.write(unallocate(test.ledger, {applied, day("2026-05-10"), {}}).value());
  test.write(cancel_document(test.ledger, invoice).value());
  EXPECT_TRUE(open_items(test.ledger, day("2026-05-05")).empty());
  EXPECT_EQ(unapplied_payments(test.ledger, day("2026-05-05")).at(0).unapplied_minor, 6000);
}

TEST(OpenItems, the_unknown_is_not_open) {
  const TestLedger test;
  EXPECT_EQ(open_amount(test.ledger, {7}, 1, day("2026-05-05")), 0);
}

TEST(SettledOn, is_the_day_from_which_nothing_was_open) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  const auto settled = [&](std::string_view as_of) {
    return settled_on(test.ledger, invoice, 1, day(as_of));
  };
  EXPECT_EQ(settled("2026-06-01"), std::nullopt);
  test.apply(test.payment(4000, "2026-05-03"), invoice, 4000);
  const AllocationId rest = test.apply(test.payment(6000, "2026-05-09"), invoice, 6000);
  EXPECT_EQ(settled("2026-05-08"), std::nullopt);
  EXPECT_EQ(settled("2026-05-09"), day("2026-05-09"));
  test.write(unallocate(test.ledger, {rest, day("2026-05-20"), {}}).value());
  EXPECT_EQ(settled("2026-05-19"), day("2026-05-09"));
  EXPECT_EQ(settled("2026-05-20"), std::nullopt);
  test.apply(test.payment(6000, "2026-06-02"), invoice, 6000);
  EXPECT_EQ(settled("2026-06-30"), day("2026-06-02"));
}

TEST(SettledOn, moving_cash_within_a_day_does_not_open_the_item) {
  TestLedger test;
  const DocumentId invoice = test.invoice(5000, "2026-04-01", "2026-05-01");
  const AllocationId first = test.apply(test.payment(5000, "2026-05-03"), invoice, 5000);
  test.write(unallocate(test.ledger, {first, day("2026-05-20"), {}}).value());
  test.apply(test.payment(5000, "2026-05-04"), invoice, 5000, day("2026-05-20"));
  EXPECT_EQ(settled_on(test.ledger, invoice, 1, day("2026-06-30")), day("2026-05-03"));
}

TEST(Settlements, carry_the_value_date_of_their_source) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  const DocumentId credit = test.credit_note(1000, "2026-04-20");
  const PaymentId payment = test.payment(6000, "2026-05-03");
  const AllocationId applied = test.apply(payment, invoice, 6000, day("2026-05-06"));
  test.write(
      allocate(test.ledger, {{{}, credit, 1}, {{invoice, 1, 400, {}}}, day("2026-05-07")}).value());
  test.write(unallocate(test.ledger, {applied, day("2026-05-08"), 1000}).value());
  const std::vector<Settlement> rows = settlements(test.ledger, invoice, 1);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].valued_on, day("2026-05-03"));
  EXPECT_EQ(rows[0].allocated_on, day("2026-05-06"));
  EXPECT_EQ(rows[1].valued_on, day("2026-04-20"));
  EXPECT_EQ(rows[1].kind, AllocationKind::credit);
  EXPECT_EQ(rows[2].valued_on, day("2026-05-03"));
  EXPECT_EQ(rows[2].amount_minor, -1000);
  EXPECT_EQ(open_amount(test.ledger, credit, 1, day("2026-05-07")), -600);
  EXPECT_EQ(settlements(test.ledger, credit, 1).at(0).amount_minor, -400);
}

}  // namespace
}  // namespace arrears::receivables
