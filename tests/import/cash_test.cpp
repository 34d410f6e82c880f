#include "import_fixture.h"

namespace arrears::app {
namespace {

class ImportCash : public ImportTest {
 protected:
  void SetUp() override {
    import(ImportKind::invoices,
           "number,customer,issued,due,amount,instalment\n"
           "INV-1,C1,2026-01-10,2026-02-09,60.00,1\n"
           "INV-1,C1,2026-01-10,2026-03-09,40.00,2\n"
           "INV-2,C1,2026-01-11,2026-02-10,50.00,1\n"
           "CN-1,C1,2026-01-12,,-20.00,1\n"
           "INV-9,C2,2026-01-11,2026-02-10,10.00,1\n");
  }
};

TEST_F(ImportCash, a_payment_settles_the_invoice_that_it_names_oldest_instalment_first) {
  const std::string file =
      "number,customer,value_on,amount,invoice\nP1,C1,2026-02-01,70.00,INV-1\n";
  const ImportReport report = import(ImportKind::payments, file);
  EXPECT_EQ(counts(report), "1/0/0/0");
  EXPECT_EQ(report.allocations, 2);
  EXPECT_EQ(open_total("2026-02-01"), "90.00");
  EXPECT_EQ(counts(import(ImportKind::payments, file)), "0/0/1/0");
  EXPECT_EQ(open_total("2026-02-01"), "90.00");
}

TEST_F(ImportCash, what_exceeds_the_invoice_stays_unapplied) {
  import(ImportKind::payments,
         "number,customer,value_on,amount,invoice\nP1,C1,2026-02-01,70.00,INV-2\n");
  EXPECT_EQ(aging("2026-02-01").at("unapplied_cash").as_string(), "20.00");
  const ImportReport second =
      import(ImportKind::payments,
             "number,customer,value_on,amount,invoice\nP2,C1,2026-02-02,5.00,INV-2\n");
  EXPECT_EQ(counts(second), "1/0/0/0");
  EXPECT_EQ(second.warnings.size(), 1U);
  EXPECT_EQ(aging("2026-02-02").at("unapplied_cash").as_string(), "25.00");
}

TEST_F(ImportCash, a_payment_without_customer_takes_that_of_its_invoice_or_is_unidentified) {
  const ImportReport report = import(ImportKind::payments,
                                     "number,value_on,amount,invoice\n"
                                     "P1,2026-02-01,10.00,INV-9\n"
                                     "P2,2026-02-01,11.00,\n");
  EXPECT_EQ(counts(report), "2/0/0/0");
  EXPECT_EQ(report.unidentified, 1);
  EXPECT_EQ(ledger("C2").payments.size(), 1U);
  EXPECT_EQ(ledger("unidentified").payments.at(0).amount_minor, 1100);
}

TEST_F(ImportCash, payments_without_number_are_told_apart_by_content_and_count) {
  const std::string file =
      "customer,value_on,amount,reference\n"
      "C1,2026-02-01,5.00,thanks\n"
      "C1,2026-02-01,5.00,thanks\n"
      "C1,2026-02-01,5.00,other\n";
  EXPECT_EQ(counts(import(ImportKind::payments, file)), "3/0/0/0");
  EXPECT_EQ(counts(import(ImportKind::payments, file)), "0/0/3/0");
  EXPECT_EQ(ledger("C1").payments.size(), 3U);
}

TEST_F(ImportCash, payments_are_refused_by_line) {
  const ImportReport report = import(ImportKind::payments,
                                     "number,customer,value_on,amount,invoice\n"
                                     "P1,C1,2026-02-01,-5.00,\n"
                                     "P2,C1,2026-02-01,5.00,INV-77\n"
                                     "P3,C1,2026-02-01,5.00,INV-9\n"
                                     "P4,C1,2026-02-01,5.00,\n"
                                     "P4,C1,2026-02-01,6.00,\n");
  EXPECT_EQ(problems(report),
            "2:amount_not_positive 3:document_unknown 4:other_customer 6:duplicate_number");
  EXPECT_EQ(counts(report), "1/0/0/4");
}

TEST_F(ImportCash, a_changed_payment_becomes_a_correction) {
  import(ImportKind::payments, "number,customer,value_on,amount\nP1,C1,2026-02-01,5.00\n");
  EXPECT_EQ(counts(import(ImportKind::payments,
                          "number,customer,value_on,amount\nP1,C1,2026-02-03,6.00\n")),
            "0/1/0/0");
  const receivables::Payment payment = ledger("C1").payments.at(0);
  EXPECT_EQ(payment.version, 2);
  EXPECT_EQ(payment.amount_minor, 600);
  EXPECT_EQ(counts(import(ImportKind::payments,
                          "number,customer,value_on,amount\nP1,C2,2026-02-03,6.00\n")),
            "0/0/0/1");
}

TEST_F(ImportCash, allocations_are_known_by_content_and_count) {
  import(ImportKind::payments, "number,customer,value_on,amount\nP1,C1,2026-02-01,50.00\n");
  const std::string file =
      "payment,credit,invoice,instalment,on,amount\n"
      "P1,,INV-1,1,2026-02-02,10.00\n"
      "P1,,INV-1,1,2026-02-02,10.00\n"
      ",CN-1,INV-2,1,2026-02-03,20.00\n";
  const ImportReport report = import(ImportKind::allocations, file);
  EXPECT_EQ(counts(report), "3/0/0/0") << problems(report);
  EXPECT_EQ(open_total("2026-02-03"), "120.00");
  EXPECT_EQ(aging("2026-02-03").at("credits").as_string(), "0.00");
  EXPECT_EQ(counts(import(ImportKind::allocations, file)), "0/0/3/0");
  EXPECT_EQ(open_total("2026-02-03"), "120.00");
}

TEST_F(ImportCash, allocations_are_refused_by_line) {
  import(ImportKind::payments, "number,customer,value_on,amount\nP1,C1,2026-02-01,500.00\n");
  const ImportReport report = import(ImportKind::allocations,
                                     "payment,credit,invoice,instalment,on,amount\n"
                                     "P1,,INV-1,1,2026-02-02,60.01\n"
                                     "P1,,INV-1,3,2026-02-02,1.00\n"
                                     "P1,CN-1,INV-1,1,2026-02-02,1.00\n"
                                     "P2,,INV-1,1,2026-02-02,1.00\n"
                                     "P1,,INV-9,1,2026-02-02,1.00\n"
                                     "P1,,INV-2,1,2026-01-31,1.00\n");
  EXPECT_EQ(counts(report), "0/0/0/6");
  EXPECT_EQ(problems(report),
            "2:exceeds_open_amount 3:document_unknown 4:source_required 5:payment_unknown "
            "6:other_customer 7:allocated_before_issue_or_value_date");
}

class ImportSnapshot : public ImportTest {
 protected:
  void SetUp() override {
    import(ImportKind::invoices,
           "number,customer,issued,due,amount\n"
           "INV-1,C1,2026-01-10,2026-02-09,100.00\n"
           "INV-2,C1,2026-01-11,2026-02-10,50.00\n"
           "INV-3,C2,2026-01-12,2026-02-11,30.00\n"
           "CN-1,C2,2026-01-12,,-20.00\n");
  }
  static ImportRequest snapshot() {
    auto request = ImportTest::request(ImportKind::open_items);
    request.as_of = calendar::parse_date("2026-03-01");
    return request;
  }
};

constexpr const char* open_items =
    "number,customer,issued,due,open\n"
    "INV-1,C1,2026-01-10,2026-02-09,40.00\n"
    "INV-4,C3,2026-01-20,2026-02-20,7.00\n";

TEST_F(ImportSnapshot, a_snapshot_without_control_closes_nothing_that_is_absent) {
  const ImportReport report = import(snapshot(), open_items);
  EXPECT_EQ(counts(report), "1/1/0/0");
  EXPECT_EQ(open_total("2026-03-01"), "127.00");
  EXPECT_EQ(open_total("2026-02-28"), "187.00");
  EXPECT_EQ(report.totals.at(*money::parse_currency("USD")).absent_items, 3);
  EXPECT_EQ(report.warnings.size(), 1U);
  for (const receivables::Payment& payment : ledger("C1").payments)
    EXPECT_EQ(payment.kind, receivables::PaymentKind::inferred_closure);
}

TEST_F(ImportSnapshot, with_its_control_total_it_closes_what_is_absent) {
  auto request = snapshot();
  request.control_totals = {"47.00"};
  const ImportReport report = import(request, open_items);
  EXPECT_EQ(open_total("2026-03-01"), "47.00");
  EXPECT_EQ(open_total("2026-02-28"), "187.00");
  EXPECT_EQ(aging("2026-03-01").at("credits").as_string(), "0.00");
  EXPECT_EQ(aging("2026-02-28").at("credits").as_string(), "20.00");
  EXPECT_EQ(report.totals.at(*money::parse_currency("USD")).closed_items, 4);
  EXPECT_EQ(counts(import(request, open_items)), "0/0/2/0");
}

TEST_F(ImportSnapshot, a_truncated_extract_closes_nothing) {
  auto request = snapshot();
  request.control_totals = {"47.00"};
  EXPECT_EQ(refusal_of(request,
                       "number,customer,issued,due,open\n"
                       "INV-1,C1,2026-01-10,2026-02-09,40.00\n"),
            "control_total_differs");
  EXPECT_EQ(open_total("2026-03-01"), "180.00");
}

TEST_F(ImportSnapshot, a_shrink_limit_lets_close_no_more_than_its_share) {
  auto request = snapshot();
  const std::string without_one =
      "number,customer,issued,due,open\n"
      "INV-1,C1,2026-01-10,2026-02-09,100.00\n"
      "INV-2,C1,2026-01-11,2026-02-10,50.00\n"
      "CN-1,C2,2026-01-12,,-20.00\n";
  request.shrink_limit_percent = 24;
  import(request, without_one);
  EXPECT_EQ(open_total("2026-03-01"), "180.00");
  request.shrink_limit_percent = 25;
  const ImportReport report = import(request, without_one);
  EXPECT_EQ(open_total("2026-03-01"), "150.00");
  EXPECT_EQ(counts(report), "0/0/3/0");
}

TEST_F(ImportSnapshot, a_refused_or_unreadable_row_closes_nothing) {
  auto request = snapshot();
  request.shrink_limit_percent = 100;
  const ImportReport report = import(request,
                                     "number,customer,issued,due,open\n"
                                     "INV-1,C1,2026-01-10,2026-02-09,100.01\n"
                                     "INV-2,C1,2026-01-11,2026-02-10,x\n"
                                     ",C2,2026-01-12,2026-02-11,30.00\n");
  EXPECT_EQ(problems(report), "2:open_amount_larger 3:not_an_amount 4:value_missing");
  EXPECT_EQ(open_total("2026-03-01"), "180.00");
}

TEST_F(ImportSnapshot, a_snapshot_needs_its_day) {
  EXPECT_EQ(refusal_of(request(ImportKind::open_items), open_items), "as_of_missing");
}

}  // namespace
}  // namespace arrears::app
