#include "domain/receivables/allocate.h"

#include <gtest/gtest.h>

#include "domain/receivables/test_ledger.h"

namespace arrears::receivables {
namespace {

class Allocate : public testing::Test {
 protected:
  TestLedger test;
  DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  PaymentId payment = test.payment(6000, "2026-04-10");

  std::string_view asked(const AllocateRequest& request) {
    const auto result = allocate(test.ledger, request);
    return result.ok() ? "ok" : base::code(result.error());
  }
  std::string_view asked(const AllocateOldestFirstRequest& request) {
    const auto result = allocate_oldest_first(test.ledger, request);
    return result.ok() ? "ok" : base::code(result.error());
  }
  AllocateRequest request(std::int64_t minor, std::optional<Date> on = {}) {
    return {{payment, {}, 1}, {{invoice, 1, minor, {}}}, on};
  }
};

TEST_F(Allocate, refuses_in_the_documented_order) {
  const DocumentId credit = test.credit_note(500, "2026-04-05");
  AllocateRequest ask = request(100);
  ask.source.payment = {99};
  EXPECT_EQ(asked(ask), "source_unknown");
  ask.source = {{}, invoice, 1};
  EXPECT_EQ(asked(ask), "source_is_not_a_credit");
  ask = request(100);
  ask.targets[0].document = {99};
  EXPECT_EQ(asked(ask), "document_unknown");
  ask = request(100);
  ask.targets[0].instalment = 2;
  EXPECT_EQ(asked(ask), "document_unknown");
  ask = request(100);
  ask.targets[0].document = credit;
  EXPECT_EQ(asked(ask), "target_is_credit");
  ask = request(100);
  ask.targets.push_back(ask.targets[0]);
  EXPECT_EQ(asked(ask), "target_repeated");
  EXPECT_EQ(asked(request(0)), "amount_not_positive");
  EXPECT_EQ(asked(request(money::max_amount_minor + 1)), "exceeds_unapplied");
  ask = request(100);
  ask.targets[0].source_minor = 99;
  EXPECT_EQ(asked(ask), "source_amount_differs");
  EXPECT_EQ(asked(request(100, day("2026-04-09"))), "allocated_before_issue_or_value_date");
  EXPECT_EQ(asked(request(100, day("2026-04-10"))), "ok");
  EXPECT_EQ(asked(request(6001)), "exceeds_unapplied");
  EXPECT_EQ(asked(request(6000)), "ok");
  EXPECT_EQ(allocatable_from(test.ledger, {payment, {}, 1}, {}), 6000);
  EXPECT_EQ(allocatable_from(test.ledger, {payment, {}, 1}, day("2026-04-09")), 0);
  EXPECT_EQ(allocatable_to(test.ledger, {invoice, 1}, {}), 10000);
}

TEST_F(Allocate, refuses_what_is_spent_or_settled) {
  test.apply(payment, invoice, 6000);
  EXPECT_EQ(asked(request(100)), "already_applied");
  const DocumentId other = test.invoice(5000, "2026-04-01", "2026-05-01");
  EXPECT_EQ(asked({{payment, {}, 1}, {{other, 1, 100, {}}}, {}}), "nothing_unapplied");
  payment = test.payment(5000, "2026-04-11");
  EXPECT_EQ(asked(request(4001)), "exceeds_open_amount");
  test.apply(payment, invoice, 4000);
  EXPECT_EQ(asked(request(1)), "nothing_open");
}

TEST_F(Allocate, is_dated_by_default_when_source_and_document_first_exist) {
  test.apply(payment, invoice, 100);
  EXPECT_EQ(test.ledger.allocations.back().allocated_on, day("2026-04-10"));
  const DocumentId later = test.invoice(5000, "2026-04-20", "2026-05-20");
  test.apply(payment, later, 100);
  EXPECT_EQ(test.ledger.allocations.back().allocated_on, day("2026-04-20"));
}

TEST_F(Allocate, a_backdated_one_takes_nothing_that_a_later_day_needs) {
  test.apply(payment, invoice, 6000, day("2026-04-25"));
  EXPECT_EQ(asked(request(1, day("2026-04-12"))), "already_applied");
  payment = test.payment(9000, "2026-04-11");
  EXPECT_EQ(asked(request(4001, day("2026-04-12"))), "exceeds_open_amount");
  EXPECT_EQ(asked(request(4000, day("2026-04-12"))), "ok");
}

TEST_F(Allocate, after_a_bounce_the_default_day_is_the_first_on_which_it_fits) {
  const PaymentId bounced = test.payment(10000, "2026-04-02");
  test.apply(bounced, invoice, 10000);
  test.write(bounce(test.ledger, {bounced, day("2026-04-15"), "R", "R01"}).value());
  EXPECT_EQ(asked(request(6000, day("2026-04-14"))), "nothing_open");
  test.apply(payment, invoice, 6000);
  EXPECT_EQ(test.ledger.allocations.back().allocated_on, day("2026-04-15"));
}

TEST_F(Allocate, a_credit_settles_an_invoice) {
  const DocumentId credit = test.credit_note(500, "2026-04-05");
  const auto from_credit = [&](std::int64_t minor) {
    return AllocateRequest{{{}, credit, 1}, {{invoice, 1, minor, {}}}, {}};
  };
  EXPECT_EQ(asked(from_credit(501)), "exceeds_unapplied");
  test.write(allocate(test.ledger, from_credit(500)).value());
  EXPECT_EQ(asked(from_credit(1)), "already_applied");
  EXPECT_EQ(test.ledger.allocations.back().kind, AllocationKind::credit);
  EXPECT_EQ(open_amount(test.ledger, invoice, 1, day("2026-04-05")), 9500);
  EXPECT_EQ(aging(test.ledger, day("2026-04-05"))[0].credits, 0);
}

TEST_F(Allocate, across_currencies_it_carries_both_amounts) {
  Document euros = make_document("INV-E", 5000, day("2026-04-01"), day("2026-05-01"));
  euros.currency = currency("EUR");
  const DocumentId foreign = test.add(euros);
  AllocateRequest ask{{payment, {}, 1}, {{foreign, 1, 5000, {}}}, {}};
  EXPECT_EQ(asked(ask), "currency_differs");
  EXPECT_EQ(asked(AllocateOldestFirstRequest{{payment, {}, 1}, {{foreign, 1}}, {}, {}}),
            "currency_differs");
  ask.targets[0].source_minor = 6001;
  EXPECT_EQ(asked(ask), "exceeds_unapplied");
  ask.targets[0].source_minor = 5500;
  test.write(allocate(test.ledger, ask).value());
  EXPECT_EQ(open_amount(test.ledger, foreign, 1, day("2026-04-10")), 0);
  EXPECT_EQ(unapplied_payments(test.ledger, day("2026-04-10")).at(0).unapplied_minor, 500);
}

TEST_F(Allocate, a_returned_payment_is_no_source) {
  test.write(bounce(test.ledger, {payment, day("2026-04-15"), "R", "R01"}).value());
  EXPECT_EQ(asked(request(1)), "nothing_unapplied");
  payment = test.ledger.payments.back().id;
  EXPECT_EQ(asked(request(1)), "source_unknown");
}

TEST_F(Allocate, oldest_first_goes_by_due_date_then_issue_date_then_number) {
  const auto add = [this](std::string number, std::string_view issued, std::string_view due) {
    return test.add(make_document(std::move(number), 1000, day(issued), day(due)));
  };
  const DocumentId by_number = add("B", "2026-03-01", "2026-05-01");
  const DocumentId by_name = add("A", "2026-03-01", "2026-05-01");
  const DocumentId oldest = add("Z", "2026-03-20", "2026-04-01");
  const AllocationRows rows =
      allocate_oldest_first(test.ledger, {{payment, {}, 1}, {}, {}, {}}).value();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].document, oldest);
  EXPECT_EQ(rows[1].document, by_name);
  EXPECT_EQ(rows[2].document, by_number);
  EXPECT_EQ(rows[3].document, invoice);
  EXPECT_EQ(rows[3].amount_minor, 3000);
}

TEST_F(Allocate, oldest_first_keeps_to_the_total_and_the_chosen_items) {
  const DocumentId older = test.invoice(1000, "2026-02-01", "2026-03-01");
  AllocateOldestFirstRequest ask{{payment, {}, 1}, {{invoice, 1}}, 2500, {}};
  const AllocationRows rows = allocate_oldest_first(test.ledger, ask).value();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].amount_minor, 2500);
  ask.total_minor = 6001;
  EXPECT_EQ(asked(ask), "exceeds_unapplied");
  ask.total_minor = 0;
  EXPECT_EQ(asked(ask), "amount_not_positive");
  ask = {{payment, {}, 1}, {{older, 1}}, {}, {}};
  const AllocationRows all = allocate_oldest_first(test.ledger, ask).value();
  EXPECT_EQ(all.at(0).amount_minor, 1000) << "the rest stays unapplied";
  test.write(all);
  EXPECT_EQ(asked(ask), "nothing_open");
  ask.on = day("2026-04-09");
  EXPECT_EQ(asked(ask), "allocated_before_issue_or_value_date");
}

class EarlyPayment : public testing::Test {
 protected:
  TestLedger test;

  DocumentId discounted(std::string number, std::int64_t minor = 10000,
                        std::int64_t settled_by = 9800) {
    Document document =
        make_document(std::move(number), minor, day("2026-04-01"), day("2026-05-01"));
    document.instalments[0].discount_until = day("2026-04-11");
    document.instalments[0].discounted_minor = settled_by;
    return test.add(document);
  }
  std::int64_t open(DocumentId document) {
    return open_amount(test.ledger, document, 1, day("2026-12-31"));
  }
  std::int64_t unapplied() {
    std::int64_t sum = 0;
    for (const auto& left : unapplied_payments(test.ledger, day("2026-12-31"))) {
      sum += left.unapplied_minor;
    }
    return sum;
  }
  void pay_oldest_first(std::int64_t minor, std::string_view value_on) {
    const PaymentId payment = test.payment(minor, value_on);
    test.write(allocate_oldest_first(test.ledger, {{payment, {}, 1}, {}, {}, {}}).value());
  }
};

TEST_F(EarlyPayment, in_time_the_discounted_amount_settles) {
  const struct {
    std::string_view value_on;
    std::int64_t paid;
    std::int64_t open;
  } cases[] = {
      {"2026-04-10", 9800, 0},   {"2026-04-11", 9800, 0}, {"2026-04-12", 9800, 200},
      {"2026-04-11", 9799, 201}, {"2026-04-11", 9801, 0}, {"2026-04-11", 10000, 0},
  };
  int number = 0;
  for (const auto& c : cases) {
    const DocumentId invoice = discounted("INV-" + std::to_string(++number));
    test.apply(test.payment(c.paid, c.value_on), invoice, c.paid, day("2026-04-20"));
    EXPECT_EQ(open(invoice), c.open) << c.value_on << " " << c.paid;
  }
}

TEST_F(EarlyPayment, two_payments_in_time_earn_it_together) {
  const DocumentId invoice = discounted("INV-1");
  test.apply(test.payment(5000, "2026-04-05"), invoice, 5000);
  test.apply(test.payment(4800, "2026-04-11"), invoice, 4800);
  EXPECT_EQ(open(invoice), 0);
}

TEST_F(EarlyPayment, what_a_credit_settles_earns_no_discount) {
  const DocumentId invoice = discounted("INV-1");
  const DocumentId credit = test.credit_note(2000, "2026-04-05");
  test.write(allocate(test.ledger, {{{}, credit, 1}, {{invoice, 1, 2000, {}}}, {}}).value());
  test.apply(test.payment(7839, "2026-04-06"), invoice, 7839);
  EXPECT_EQ(open(invoice), 161) << "80 % of the discount of 200 is 160";
  test.apply(test.payment(1, "2026-04-06"), invoice, 1);
  EXPECT_EQ(open(invoice), 0);
}

TEST_F(EarlyPayment, oldest_first_takes_it_only_where_it_explains_the_shortfall) {
  const struct {
    std::int64_t paid;
    std::int64_t open_first;
    std::int64_t open_second;
    std::int64_t unapplied;
  } cases[] = {
      {9800, 0, 10000, 0}, {10000, 0, 10000, 0},  {19600, 0, 0, 0}, {19800, 0, 0, 0},
      {19599, 0, 401, 0},  {9799, 201, 10000, 0}, {20000, 0, 0, 0}, {20500, 0, 0, 500},
  };
  for (const auto& c : cases) {
    test = TestLedger();
    const DocumentId first = discounted("INV-1");
    const DocumentId second = discounted("INV-2");
    pay_oldest_first(c.paid, "2026-04-11");
    EXPECT_EQ(open(first), c.open_first) << c.paid;
    EXPECT_EQ(open(second), c.open_second) << c.paid;
    EXPECT_EQ(unapplied(), c.unapplied) << c.paid;
  }
}

TEST_F(EarlyPayment, it_goes_back_with_its_payment) {
  const DocumentId invoice = discounted("INV-1");
  const PaymentId payment = test.payment(9800, "2026-04-11");
  const AllocationId applied = test.apply(payment, invoice, 9800);
  const AllocationId discount{applied.value + 1};
  EXPECT_EQ(unallocate(test.ledger, {discount, day("2026-04-20"), {}}).error(),
            UnallocateRefusal::is_a_discount);
  TestLedger partly = test;
  partly.write(unallocate(partly.ledger, {applied, day("2026-04-20"), 100}).value());
  EXPECT_EQ(open_amount(partly.ledger, invoice, 1, day("2026-04-20")), 300);
  test.write(bounce(test.ledger, {payment, day("2026-04-20"), "R", "R01"}).value());
  EXPECT_EQ(open_amount(test.ledger, invoice, 1, day("2026-04-19")), 0);
  EXPECT_EQ(open(invoice), 10000);
  EXPECT_EQ(unapplied(), 0);
}

}  // namespace
}  // namespace arrears::receivables
