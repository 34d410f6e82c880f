#include "domain/receivables/record_document.h"

#include <gtest/gtest.h>

#include <functional>

#include "domain/receivables/record_payment.h"
#include "domain/receivables/test_ledger.h"

namespace arrears::receivables {
namespace {

Document sound() { return make_document("INV-1", 10000, day("2026-04-01"), day("2026-05-01")); }

TEST(RecordDocument, refuses_what_cannot_be_owed) {
  using enum RecordDocumentRefusal;
  const struct {
    RecordDocumentRefusal refusal;
    std::function<void(Document&)> spoil;
  } cases[] = {
      {number_missing, [](Document& d) { d.number.clear(); }},
      {amount_zero, [](Document& d) { d.amount_minor = 0; }},
      {amount_beyond_maximum, [](Document& d) { d.amount_minor = money::max_amount_minor + 1; }},
      {amount_beyond_maximum, [](Document& d) { d.amount_minor = INT64_MIN; }},
      {kind_and_sign_disagree, [](Document& d) { d.kind = DocumentKind::credit_note; }},
      {no_instalments, [](Document& d) { d.instalments.clear(); }},
      {instalments_out_of_order, [](Document& d) { d.instalments[0].number = 2; }},
      {instalment_sign_differs, [](Document& d) { d.instalments[0].amount_minor = -10000; }},
      {instalment_sign_differs, [](Document& d) { d.instalments[0].amount_minor = 0; }},
      {due_before_issue, [](Document& d) { d.instalments[0].due_on = day("2026-03-31"); }},
      {discount_beyond_due,
       [](Document& d) {
         d.instalments[0].discount_until = day("2026-05-02");
         d.instalments[0].discounted_minor = 9800;
       }},
      {discount_not_smaller,
       [](Document& d) {
         d.instalments[0].discount_until = day("2026-05-01");
         d.instalments[0].discounted_minor = 10000;
       }},
      {discount_not_smaller,
       [](Document& d) { d.instalments[0].discount_until = day("2026-05-01"); }},
  };
  for (const auto& c : cases) {
    Document document = sound();
    c.spoil(document);
    const auto result = record_document(document);
    ASSERT_FALSE(result.ok()) << base::code(c.refusal);
    EXPECT_EQ(base::code(result.error()), base::code(c.refusal));
  }
}

TEST(RecordDocument, instalments_that_do_not_sum_are_a_mistake_of_the_caller) {
  for (const std::int64_t minor : {std::int64_t{9999}, std::int64_t{10001}, INT64_MAX}) {
    Document document = sound();
    document.instalments[0].amount_minor = minor;
    EXPECT_THROW(static_cast<void>(record_document(document)), base::Mistake) << minor;
  }
}

TEST(RecordDocument, accepts_the_limits) {
  Document document = sound();
  document.amount_minor = document.instalments[0].amount_minor = money::max_amount_minor;
  document.instalments[0].due_on = document.issued_on;
  EXPECT_TRUE(record_document(document).ok());
  Document opening = sound();
  opening.kind = DocumentKind::opening_balance;
  opening.instalments[0].due_on = day("2025-12-31");
  EXPECT_TRUE(record_document(opening).ok());
}

TEST(RecordDocument, the_kind_decides_the_sign) {
  const struct {
    DocumentKind kind;
    bool positive;
    bool negative;
  } cases[] = {
      {DocumentKind::invoice, true, false},
      {DocumentKind::credit_note, false, true},
      {DocumentKind::fee, true, false},
      {DocumentKind::interest_note, true, false},
      {DocumentKind::opening_balance, true, true},
      {DocumentKind::refund, true, false},
      {DocumentKind::adjustment, true, true},
  };
  for (const auto& c : cases) {
    Document document = sound();
    document.kind = c.kind;
    EXPECT_EQ(record_document(document).ok(), c.positive) << static_cast<int>(c.kind);
    document.amount_minor = document.instalments[0].amount_minor = -5;
    EXPECT_EQ(record_document(document).ok(), c.negative) << static_cast<int>(c.kind);
  }
}

class AmendDocument : public testing::Test {
 protected:
  TestLedger test;
  DocumentId invoice = test.add(sound());
  PaymentId payment = test.payment(6000, "2026-04-10");

  std::string_view amended(const Document& document, std::int64_t customer = 1) {
    const auto result = amend_document(test.ledger, document, {customer});
    return result.ok() ? "ok" : base::code(result.error());
  }
  Document current() { return *find_document(test.ledger, invoice); }
};

TEST_F(AmendDocument, leaves_customer_number_currency_and_sign_as_they_are) {
  EXPECT_EQ(amended(current(), 2), "not_amendable");
  Document other = current();
  other.number = "INV-2";
  EXPECT_EQ(amended(other), "not_amendable");
  other = current();
  other.currency = currency("EUR");
  EXPECT_EQ(amended(other), "not_amendable");
  other = current();
  other.kind = DocumentKind::adjustment;
  other.amount_minor = other.instalments[0].amount_minor = -10000;
  EXPECT_EQ(amended(other), "not_amendable");
}

TEST_F(AmendDocument, keeps_room_for_what_was_allocated_on_any_day) {
  const AllocationId applied = test.apply(payment, invoice, 6000, day("2026-04-12"));
  test.write(unallocate(test.ledger, {applied, day("2026-04-20"), {}}).value());
  Document less = current();
  less.amount_minor = less.instalments[0].amount_minor = 5999;
  EXPECT_EQ(amended(less), "amount_below_allocated");
  less.amount_minor = less.instalments[0].amount_minor = 6000;
  EXPECT_EQ(amended(less), "ok");
  Document later = current();
  later.issued_on = day("2026-04-13");
  EXPECT_EQ(amended(later), "issued_after_allocation");
  later.issued_on = day("2026-04-12");
  EXPECT_EQ(amended(later), "ok");
}

TEST_F(AmendDocument, an_instalment_with_allocations_cannot_vanish) {
  Document split = current();
  split.instalments = {{1, day("2026-05-01"), 4000, {}, 0}, {2, day("2026-06-01"), 6000, {}, 0}};
  test.write(amend_document(test.ledger, split, {1}).value());
  EXPECT_EQ(current().version, 2);
  test.write(allocate(test.ledger, {{payment, {}, 1}, {{invoice, 2, 1, {}}}, {}}).value());
  Document whole = sound();
  whole.id = invoice;
  EXPECT_EQ(amended(whole), "amount_below_allocated");
}

TEST_F(AmendDocument, a_cancelled_one_stays_as_it_is) {
  const AllocationId applied = test.apply(payment, invoice, 6000);
  EXPECT_EQ(cancel_document(test.ledger, invoice).error(), CancelDocumentRefusal::has_allocations);
  test.write(unallocate(test.ledger, {applied, day("2026-04-20"), {}}).value());
  test.write(cancel_document(test.ledger, invoice).value());
  EXPECT_EQ(cancel_document(test.ledger, invoice).error(),
            CancelDocumentRefusal::already_cancelled);
  EXPECT_EQ(amended(current()), "document_cancelled");
}

TEST(RecordPayment, refuses_what_is_no_money) {
  using enum RecordPaymentRefusal;
  Payment payment = make_payment(1, day("2026-04-10"));
  payment.number.clear();
  EXPECT_EQ(record_payment(payment).error(), number_missing);
  EXPECT_EQ(record_payment(make_payment(0, day("2026-04-10"))).error(), amount_not_positive);
  EXPECT_TRUE(record_payment(make_payment(money::max_amount_minor, day("2026-04-10"))).ok());
}

TEST_F(AmendDocument, a_payment_keeps_room_for_what_was_allocated_on_any_day) {
  const auto amend = [&](std::int64_t minor, std::string_view value_on, std::int64_t customer = 1) {
    Payment next = *find_payment(test.ledger, payment);
    next.amount_minor = minor;
    next.value_on = day(value_on);
    const auto result = amend_payment(test.ledger, next, {customer});
    return result.ok() ? "ok" : base::code(result.error());
  };
  const AllocationId applied = test.apply(payment, invoice, 5000, day("2026-04-12"));
  EXPECT_EQ(amend(6000, "2026-04-10", 2), "not_amendable");
  EXPECT_EQ(amend(6000, "2026-04-13"), "valued_after_allocation");
  EXPECT_EQ(amend(6000, "2026-04-12"), "ok");
  EXPECT_EQ(amend(4999, "2026-04-10"), "amount_below_allocated");
  EXPECT_EQ(amend(5000, "2026-04-10"), "ok");
  EXPECT_EQ(cancel_payment(test.ledger, payment).error(), CancelPaymentRefusal::has_allocations);
  test.write(unallocate(test.ledger, {applied, day("2026-04-20"), {}}).value());
  EXPECT_EQ(amend(4999, "2026-04-10"), "amount_below_allocated");
  test.write(bounce(test.ledger, {payment, day("2026-04-21"), "R", "R01"}).value());
  EXPECT_EQ(amend(6000, "2026-04-10"), "payment_bounced");
  EXPECT_EQ(cancel_payment(test.ledger, payment).error(), CancelPaymentRefusal::payment_bounced);
  test.write(cancel_payment(test.ledger, test.ledger.payments.back().id).value());
  EXPECT_EQ(unapplied_payments(test.ledger, day("2026-04-21")).at(0).unapplied_minor, 6000);
  test.write(cancel_payment(test.ledger, payment).value());
  EXPECT_EQ(cancel_payment(test.ledger, payment).error(), CancelPaymentRefusal::already_cancelled);
  EXPECT_EQ(amend(6000, "2026-04-10"), "payment_cancelled");
  EXPECT_TRUE(unapplied_payments(test.ledger, day("2026-04-21")).empty());
}

}  // namespace
}  // namespace arrears::receivables
