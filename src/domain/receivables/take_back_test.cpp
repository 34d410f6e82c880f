#include "domain/receivables/take_back.h"

#include <gtest/gtest.h>

#include "domain/receivables/dispute.h"
#include "domain/receivables/test_ledger.h"

namespace arrears::receivables {
namespace {

class TakeBack : public testing::Test {
 protected:
  TestLedger test;
  DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  PaymentId payment = test.payment(6000, "2026-04-10");
  AllocationId applied = test.apply(payment, invoice, 6000, day("2026-04-12"));

  std::string_view unallocated(AllocationId id, std::string_view on,
                               std::optional<std::int64_t> minor = {}) {
    const auto result = unallocate(test.ledger, {id, day(on), minor});
    if (!result) return base::code(result.error());
    test.write(*result);
    return "ok";
  }
  std::string_view bounced(PaymentId id, std::string_view on) {
    const auto result = bounce(test.ledger, {id, day(on), "R", "R01"});
    if (!result) return base::code(result.error());
    test.write(*result);
    return "ok";
  }
  std::int64_t open(std::string_view as_of) {
    return open_amount(test.ledger, invoice, 1, day(as_of));
  }
};

TEST_F(TakeBack, an_allocation_in_parts_and_no_more) {
  EXPECT_EQ(unallocated({99}, "2026-04-12"), "allocation_unknown");
  EXPECT_EQ(unallocated(applied, "2026-04-12", 0), "amount_not_positive");
  EXPECT_EQ(unallocated(applied, "2026-04-11"), "before_allocation_date");
  EXPECT_EQ(unallocated(applied, "2026-04-12", 6001), "exceeds_allocation");
  EXPECT_EQ(unallocated(applied, "2026-04-20", 1000), "ok");
  EXPECT_EQ(unallocated(applied, "2026-04-15", 5001), "exceeds_allocation");
  EXPECT_EQ(unallocated(applied, "2026-04-15"), "ok");
  EXPECT_EQ(unallocated(applied, "2026-04-21"), "already_unapplied");
  const AllocationId reversal = test.ledger.allocations.back().id;
  EXPECT_EQ(unallocated(reversal, "2026-04-21"), "allocation_unknown");
  EXPECT_EQ(open("2026-04-14"), 4000);
  EXPECT_EQ(open("2026-04-15"), 9000);
  EXPECT_EQ(open("2026-04-20"), 10000);
}

TEST_F(TakeBack, across_currencies_the_last_part_takes_the_rest_of_the_source) {
  Document yen = make_document("INV-Y", 1000, day("2026-04-01"), day("2026-05-01"));
  yen.currency = currency("JPY");
  const DocumentId foreign = test.add(yen);
  const PaymentId dollars = test.payment(667, "2026-04-10");
  const AllocationId id =
      test.write(allocate(test.ledger, {{dollars, {}, 1}, {{foreign, 1, 1000, 667}}, {}}).value());
  std::int64_t given_back = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(unallocated(id, "2026-04-20", i == 2 ? 334 : 333), "ok");
    given_back -= test.ledger.allocations.back().source_minor;
  }
  EXPECT_EQ(given_back, 667);
}

TEST_F(TakeBack, a_bounce_opens_the_items_again_from_its_day_on) {
  EXPECT_EQ(bounced({99}, "2026-04-15"), "payment_unknown");
  EXPECT_EQ(bounced(payment, "2026-04-09"), "before_value_date");
  EXPECT_EQ(bounced(payment, "2026-04-15"), "ok");
  EXPECT_EQ(bounced(payment, "2026-04-15"), "already_bounced");
  EXPECT_EQ(bounced(test.ledger.payments.back().id, "2026-04-15"), "payment_unknown");
  EXPECT_EQ(open("2026-04-14"), 4000);
  EXPECT_EQ(open("2026-04-15"), 10000);
  EXPECT_TRUE(unapplied_payments(test.ledger, day("2026-04-15")).empty());
  EXPECT_EQ(test.ledger.payments.back().reference, "R01");
  EXPECT_EQ(test.ledger.payments.back().amount_minor, -6000);
}

TEST_F(TakeBack, a_bounce_before_the_allocation_leaves_nothing_open_twice) {
  EXPECT_EQ(bounced(payment, "2026-04-11"), "ok");
  for (const std::string_view as_of : {"2026-04-11", "2026-04-12", "2026-04-30"}) {
    EXPECT_EQ(open(as_of), 10000) << as_of;
    EXPECT_TRUE(unapplied_payments(test.ledger, day(as_of)).empty()) << as_of;
  }
}

TEST_F(TakeBack, a_bounce_cannot_precede_what_was_taken_back_by_hand) {
  EXPECT_EQ(unallocated(applied, "2026-04-20", 1000), "ok");
  EXPECT_EQ(bounced(payment, "2026-04-19"), "before_unallocation");
  EXPECT_EQ(bounced(payment, "2026-04-20"), "ok");
  EXPECT_EQ(open("2026-04-20"), 10000);
}

TEST(Dispute, contests_no_more_than_is_open) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  const DocumentId credit = test.credit_note(500, "2026-04-01");
  const auto mark = [&](DocumentId document, std::optional<std::int64_t> minor,
                        std::string_view from) -> std::string_view {
    const auto result = mark_dispute(test.ledger, make_dispute({}, document, minor, from));
    if (!result) return base::code(result.error());
    test.ledger.disputes.push_back(*result);
    test.ledger.disputes.back().id = {static_cast<std::int64_t>(test.ledger.disputes.size())};
    return "ok";
  };
  EXPECT_EQ(mark({99}, {}, "2026-04-10"), "document_unknown");
  EXPECT_EQ(mark(credit, {}, "2026-04-10"), "document_is_credit");
  EXPECT_EQ(mark(invoice, 0, "2026-04-10"), "amount_not_positive");
  EXPECT_EQ(mark(invoice, {}, "2026-03-31"), "before_issue");
  EXPECT_EQ(mark(invoice, 10001, "2026-04-10"), "exceeds_open_amount");
  EXPECT_EQ(mark(invoice, 4000, "2026-04-10"), "ok");
  EXPECT_EQ(mark(invoice, 6001, "2026-04-10"), "exceeds_open_amount");
  EXPECT_EQ(mark(invoice, {}, "2026-04-11"), "ok");
  EXPECT_EQ(mark(invoice, 1, "2026-04-11"), "already_disputed");
  EXPECT_EQ(disputed_amount(test.ledger, invoice, day("2026-04-09")), 0);
  EXPECT_EQ(disputed_amount(test.ledger, invoice, day("2026-04-10")), 4000);
  EXPECT_EQ(disputed_amount(test.ledger, invoice, day("2026-04-11")), 10000);
  test.apply(test.payment(7000, "2026-04-15"), invoice, 7000);
  EXPECT_EQ(disputed_amount(test.ledger, invoice, day("2026-04-15")), 3000);
  test.apply(test.payment(3000, "2026-04-16"), invoice, 3000);
  EXPECT_EQ(mark(invoice, {}, "2026-04-16"), "nothing_open");
}

TEST(Dispute, does_not_hold_from_the_day_on_which_it_is_cleared) {
  TestLedger test;
  const DocumentId invoice = test.invoice(10000, "2026-04-01", "2026-05-01");
  test.ledger.disputes.push_back(make_dispute({5}, invoice, {}, "2026-04-10"));
  EXPECT_EQ(clear_dispute(test.ledger, {5}, day("2026-04-09")).error(),
            ClearDisputeRefusal::before_dispute);
  test.ledger.disputes[0] = clear_dispute(test.ledger, {5}, day("2026-04-20")).value();
  EXPECT_TRUE(holds(test.ledger.disputes[0], day("2026-04-19")));
  EXPECT_FALSE(holds(test.ledger.disputes[0], day("2026-04-20")));
  EXPECT_EQ(clear_dispute(test.ledger, {5}, day("2026-04-20")).error(),
            ClearDisputeRefusal::already_cleared);
  EXPECT_EQ(clear_dispute(test.ledger, {5}, day("2026-04-19")).value().until, day("2026-04-19"));
}

}  // namespace
}  // namespace arrears::receivables
