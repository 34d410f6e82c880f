#include "import_fixture.h"

namespace arrears::app {
namespace {

class ImportSettled : public ImportTest {
 protected:
  ImportReport invoice(const std::string& amount, const std::string& settled_on) {
    return import(ImportKind::invoices,
                  "number,customer,issued,due,amount,settled_on\n"
                  "INV-1,C1,2026-01-10,2026-02-09," +
                      amount + "," + settled_on + "\n");
  }
};

TEST_F(ImportSettled, settled_on_pays_in_full_on_that_day) {
  const ImportReport report = invoice("100.00", "2026-02-05");
  EXPECT_EQ(report.allocations, 1);
  EXPECT_EQ(open_total("2026-02-04"), "100.00");
  EXPECT_EQ(open_total("2026-02-05"), "none");
  const receivables::Ledger known = ledger("C1");
  ASSERT_EQ(known.payments.size(), 1U);
  EXPECT_EQ(known.payments[0].kind, receivables::PaymentKind::inferred_payment);
  EXPECT_EQ(known.payments[0].number, "INV-1");
}

TEST_F(ImportSettled, settled_before_issue_counts_from_the_issue_date) {
  invoice("100.00", "2026-01-05");
  EXPECT_EQ(open_total("2026-01-10"), "none");
  EXPECT_EQ(to_string(ledger("C1").payments.at(0).value_on), "2026-01-10");
}

TEST_F(ImportSettled, the_same_settlement_again_changes_nothing) {
  invoice("100.00", "2026-02-05");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-05")), "0/0/1/0");
  EXPECT_EQ(ledger("C1").allocations.size(), 1U);
}

TEST_F(ImportSettled, a_settlement_reported_later_is_added) {
  invoice("100.00", "");
  EXPECT_EQ(counts(invoice("100.00", "2026-03-05")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-03-04"), "100.00");
  EXPECT_EQ(open_total("2026-03-05"), "none");
}

TEST_F(ImportSettled, another_day_corrects_the_settlement) {
  invoice("100.00", "2026-02-05");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-15")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-02-14"), "100.00");
  EXPECT_EQ(open_total("2026-02-15"), "none");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-15")), "0/0/1/0");
  EXPECT_EQ(counts(invoice("100.00", "2026-01-20")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-01-19"), "100.00");
  EXPECT_EQ(open_total("2026-01-20"), "none");
}

TEST_F(ImportSettled, a_removed_settlement_opens_the_invoice_again) {
  invoice("100.00", "2026-02-05");
  EXPECT_EQ(counts(invoice("100.00", "")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-03-01"), "100.00");
  EXPECT_EQ(counts(invoice("100.00", "")), "0/0/1/0");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-07")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-02-06"), "100.00");
  EXPECT_EQ(open_total("2026-02-07"), "none");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-07")), "0/0/1/0");
}

TEST_F(ImportSettled, amount_and_settlement_change_together) {
  invoice("100.00", "2026-02-05");
  EXPECT_EQ(counts(invoice("80.00", "2026-02-05")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-02-04"), "80.00");
  EXPECT_EQ(open_total("2026-02-05"), "none");
  EXPECT_EQ(aging("2026-01-20").at("unapplied_cash").as_string(), "0.00");
}

TEST_F(ImportSettled, what_a_real_payment_has_settled_is_not_paid_twice) {
  invoice("100.00", "");
  import(ImportKind::payments,
         "number,customer,value_on,amount,invoice\nP1,C1,2026-02-01,40.00,INV-1\n");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-05")), "0/1/0/0");
  EXPECT_EQ(open_total("2026-02-04"), "60.00");
  EXPECT_EQ(open_total("2026-02-05"), "none");
  EXPECT_EQ(counts(invoice("100.00", "2026-02-05")), "0/0/1/0");
}

TEST_F(ImportSettled, a_credit_is_not_settled_by_a_payment) {
  const ImportReport report = invoice("-100.00", "2026-02-05");
  EXPECT_EQ(problems(report), "2:credit_settled");
}

TEST_F(ImportSettled, instalments_are_settled_one_by_one) {
  const std::string file =
      "number,customer,issued,due,amount,instalment,settled_on\n"
      "INV-1,C1,2026-01-10,2026-02-09,60.00,1,2026-02-05\n"
      "INV-1,C1,2026-01-10,2026-03-09,40.00,2,\n";
  EXPECT_EQ(counts(import(ImportKind::invoices, file)), "1/0/0/0");
  EXPECT_EQ(open_total("2026-02-05"), "40.00");
  EXPECT_EQ(counts(import(ImportKind::invoices, file)), "0/0/1/0");
}

}  // namespace
}  // namespace arrears::app
