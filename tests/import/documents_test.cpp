#include "import_fixture.h"

namespace arrears::app {
namespace {

class ImportDocuments : public ImportTest {};

constexpr const char* two_invoices =
    "number,customer,issued,due,amount\n"
    "INV-1,C1,2026-01-10,2026-02-09,100.00\n"
    "INV-2,C2,2026-01-11,2026-02-10,250.50\n";

TEST_F(ImportDocuments, invoices_and_stub_customers_are_added) {
  const ImportReport report = import(ImportKind::invoices, two_invoices);
  EXPECT_EQ(counts(report), "2/0/0/0");
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.stubs, 2);
  EXPECT_EQ(report.totals.at(*money::parse_currency("USD")).added_minor, 35050);
  EXPECT_EQ(open_total("2026-03-01"), "350.50");
  EXPECT_EQ(open_total("2026-01-10"), "100.00");
}

TEST_F(ImportDocuments, the_same_rows_in_another_file_and_column_order_change_nothing) {
  import(ImportKind::invoices, two_invoices);
  const ImportReport again = import(ImportKind::invoices,
                                    "due;amount;customer;number;issued\n"
                                    "2026-02-10;250,50;C2;INV-2;2026-01-11\n"
                                    "2026-02-09;100,00;C1;INV-1;2026-01-10\n");
  EXPECT_EQ(counts(again), "0/0/2/0");
  EXPECT_EQ(ledger("C1").documents.at(0).version, 1);
}

TEST_F(ImportDocuments, a_changed_row_becomes_a_correction) {
  import(ImportKind::invoices, two_invoices);
  const ImportReport again = import(ImportKind::invoices,
                                    "number,customer,issued,due,amount\n"
                                    "INV-1,C1,2026-01-10,2026-02-19,90.00\n");
  EXPECT_EQ(counts(again), "0/1/0/0");
  const receivables::Ledger known = ledger("C1");
  ASSERT_EQ(known.documents.size(), 1U);
  EXPECT_EQ(known.documents[0].version, 2);
  EXPECT_EQ(known.documents[0].amount_minor, 9000);
  EXPECT_EQ(to_string(known.documents[0].instalments[0].due_on), "2026-02-19");
}

TEST_F(ImportDocuments, a_document_of_another_customer_or_currency_is_not_amended) {
  import(ImportKind::invoices, two_invoices);
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,issued,due,amount,currency\n"
                                     "INV-1,C2,2026-01-10,2026-02-09,100.00,USD\n"
                                     "INV-2,C2,2026-01-11,2026-02-10,250.50,EUR\n");
  EXPECT_EQ(counts(report), "0/0/0/2");
  EXPECT_EQ(problems(report), "2:not_amendable 3:not_amendable");
  EXPECT_EQ(open_total("2026-03-01"), "350.50");
}

TEST_F(ImportDocuments, a_number_repeated_in_the_file_is_refused_and_names_the_first_line) {
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,issued,due,amount\n"
                                     "INV-1,C1,2026-01-10,2026-02-09,100.00\n"
                                     "INV-1,C1,2026-01-10,2026-02-09,70.00\n");
  EXPECT_EQ(counts(report), "1/0/0/1");
  ASSERT_EQ(problems(report), "3:duplicate_number");
  EXPECT_NE(report.problems[0].message.find("line 2"), std::string::npos);
  EXPECT_EQ(open_total("2026-03-01"), "100.00");
}

TEST_F(ImportDocuments, all_problems_of_a_file_are_reported_at_once_and_the_good_rows_imported) {
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,issued,due,amount,currency\n"
                                     "A1,C1,2026-01-10,2026-02-09,100.00,USD\n"
                                     "A2,C1,2026-02-10,2026-02-09,100.00,USD\n"
                                     "A3,C1,2026-01-10,2026-02-09,0.00,USD\n"
                                     "A4,C1,2026-01-10,2026-02-09,\"100,001.50\",JPY\n"
                                     "A5,,2026-01-10,2026-02-09,100.00,USD\n"
                                     "A6,C1,2026-02-30,2026-02-09,1e5,USD\n"
                                     "A7,C1,2026-01-10,2026-02-09,99999999999999.99,USD\n"
                                     "A8,C1,2026-01-10,2026-02-09,1.00,XXQ\n"
                                     "A9,C1,2026-01-10\n"
                                     ",C1,2026-01-10,2026-02-09,1.00,USD\n");
  EXPECT_EQ(counts(report), "1/0/0/9");
  EXPECT_EQ(problems(report),
            "3:due_before_issue 4:amount_zero 5:too_many_decimals 6:value_missing "
            "7:impossible_date 7:spreadsheet_damage 8:amount_beyond_maximum 9:currency_unknown "
            "10:too_few_fields 11:value_missing");
  EXPECT_EQ(report.problems[2].column, "amount");
  EXPECT_EQ(report.problems[2].value, "100001.50");
  EXPECT_EQ(report.stubs, 1);
}

TEST_F(ImportDocuments, nul_bytes_and_bad_utf8_reject_their_line_only) {
  using std::string_literals::operator""s;
  const std::string nul =
      "number,customer,issued,due,amount\n"
      "A1,C\0"
      "1,2026-01-10,2026-02-09,1.00\n"
      "A2,C\xFF,2026-01-10,2026-02-09,1.00\n"
      "A3,Caf\xC3\xA9 \xC3\xA9\xC3\xA9,2026-01-10,2026-02-09,1.00\n"s;
  const ImportReport report = import(ImportKind::invoices, nul);
  EXPECT_EQ(counts(report), "1/0/0/2");
  EXPECT_EQ(problems(report), "2:nul_byte 3:invalid_utf8");
}

TEST_F(ImportDocuments, the_reject_file_is_importable_once_corrected) {
  import(ImportKind::invoices,
         "number,customer,issued,due,amount\n"
         "A1,C1,2026-01-10,2026-02-09,100.00\n"
         "\"A2\",C1,2026-01-10,2026-02-09,\n"
         "A3,C1,2026-02-10,2026-02-09,7.00\n");
  std::string rejects = read_file(reject_path());
  EXPECT_EQ(rejects.substr(0, rejects.find('\n')),
            "number,customer,issued,due,amount,arrears_line,arrears_problem");
  EXPECT_NE(rejects.find("\"A2\",C1,2026-01-10,2026-02-09,,3,"), std::string::npos) << rejects;
  rejects.replace(rejects.find("2026-02-09,,3,"), 14, "2026-02-09,5.00,3,");
  const ImportReport second = import(ImportKind::invoices, rejects);
  EXPECT_EQ(counts(second), "1/0/0/1");
  EXPECT_EQ(open_total("2026-03-01"), "105.00");
}

TEST_F(ImportDocuments, a_reject_file_of_a_reject_file_has_its_two_columns_once) {
  const std::string path = write_file("again.csv",
                                      "number,customer,issued,due,amount,arrears_line,"
                                      "arrears_problem\nA1,C1,2026-01-10,2026-02-09,x,9,old\n");
  auto request = ImportDocuments::request(ImportKind::invoices);
  ASSERT_TRUE(try_import_path(path, request, caller()).ok());
  const std::string rejects = read_file(reject_path());
  EXPECT_TRUE(
      rejects.starts_with("number,customer,issued,due,amount,arrears_line,arrears_problem\n"
                          "A1,C1,2026-01-10,2026-02-09,x,2,"))
      << rejects;
  EXPECT_EQ(rejects.find("old"), std::string::npos);
}

TEST_F(ImportDocuments, kinds_are_read_in_their_usual_spellings) {
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,type,issued,due,amount\n"
                                     "A1,C1,INV,2026-01-10,2026-02-09,100.00\n"
                                     "A2,C1,Credit Note,2026-01-10,,30.00\n"
                                     "A3,C1,381,2026-01-10,,-5.00\n"
                                     "A4,C1,,2026-01-10,,-6.00\n"
                                     "A5,C1,opening balance,2026-01-10,2025-12-01,1.00\n"
                                     "A6,C1,pizza,2026-01-10,2026-12-01,1.00\n"
                                     "A7,C1,invoice,2026-01-10,2026-12-01,-1.00\n");
  EXPECT_EQ(counts(report), "5/0/0/2");
  EXPECT_EQ(problems(report), "7:kind_unknown 8:kind_and_sign_disagree");
  const Json row = aging("2026-03-01");
  EXPECT_EQ(row.at("total").as_string(), "101.00");
  EXPECT_EQ(row.at("credits").as_string(), "41.00");
}

TEST_F(ImportDocuments, instalments_of_one_number_form_one_document_wherever_they_stand) {
  const std::string file =
      "number,customer,issued,due,amount,instalment\n"
      "A1,C1,2026-01-10,2026-04-09,30.00,2\n"
      "B1,C1,2026-01-10,2026-04-09,8.00,1\n"
      "A1,C1,2026-01-10,2026-02-09,70.00,1\n"
      "B2,C1,2026-01-10,2026-04-09,1.00,1\n"
      "B2,C1,2026-01-10,2026-05-09,2.00,2\n";
  EXPECT_EQ(counts(import(ImportKind::invoices, file)), "3/0/0/0");
  const receivables::Ledger known = ledger("C1");
  ASSERT_EQ(known.documents.size(), 3U);
  for (const receivables::Document& document : known.documents) {
    if (document.number != "A1") continue;
    EXPECT_EQ(document.amount_minor, 10000);
    ASSERT_EQ(document.instalments.size(), 2U);
    EXPECT_EQ(document.instalments[0].amount_minor, 7000);
  }
  EXPECT_EQ(counts(import(ImportKind::invoices, file)), "0/0/3/0");
}

TEST_F(ImportDocuments, a_bad_instalment_takes_its_document_with_it) {
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,issued,due,amount,instalment\n"
                                     "A1,C1,2026-01-10,2026-04-09,30.00,1\n"
                                     "A1,C1,2026-01-10,2026-04-09,x,2\n"
                                     "B1,C1,2026-01-10,2026-04-09,8.00,1\n");
  EXPECT_EQ(counts(report), "1/0/0/2");
  EXPECT_EQ(problems(report), "2:document_incomplete 3:not_an_amount");
}

TEST_F(ImportDocuments, strict_refuses_rows_of_unknown_customers) {
  import(ImportKind::customers, "number,name\nC1,Acme\n");
  auto strict = request(ImportKind::invoices);
  strict.options.strict = true;
  const ImportReport report = import(strict, two_invoices);
  EXPECT_EQ(counts(report), "1/0/0/1");
  EXPECT_EQ(problems(report), "3:customer_unknown");
  EXPECT_EQ(report.stubs, 0);
}

TEST_F(ImportDocuments, numbers_that_read_alike_are_pointed_out) {
  import(ImportKind::customers, "number,name\n0200769623,Wal-Mart\n");
  const ImportReport report = import(ImportKind::invoices,
                                     "number,customer,issued,due,amount\n"
                                     "A1,200769623,2026-01-10,2026-02-09,1.00\n");
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("0200769623"), std::string::npos);
}

TEST_F(ImportDocuments, a_file_that_could_be_read_in_two_ways_imports_nothing) {
  auto ask = request(ImportKind::invoices);
  EXPECT_EQ(refusal_of(ask, "number,customer,issued,due,amount\nA1,C1,3/4/2026,5/6/2026,1.00\n"),
            "dates_unsettled");
  EXPECT_EQ(
      refusal_of(ask, "number,customer,issued,due,amount\nA1,C1,2026-03-04,2026-03-04,\"1,234\"\n"),
      "decimals_unsettled");
  EXPECT_EQ(refusal_of(ask, "number,customer,issued,amount\nA1,C1,2026-03-04,1.00\n"),
            "required_column_missing");
  EXPECT_EQ(refusal_of(ask, ""), "file_empty");
  ask.options.mapping = {{"pizza", "number"}};
  EXPECT_EQ(refusal_of(ask, two_invoices), "field_unknown");
  ask.options.mapping = {{"number", "pizza"}};
  EXPECT_EQ(refusal_of(ask, two_invoices), "column_unknown");
  ask.options.mapping = {{"number", "number"}, {"number", "customer"}};
  EXPECT_EQ(refusal_of(ask, two_invoices), "field_repeated");
  ask = request(ImportKind::invoices);
  ask.options.currency = "";
  EXPECT_EQ(refusal_of(ask, two_invoices), "currency_missing");
  ask = request(ImportKind::invoices);
  ask.options.dates = "M/D/Y";
  EXPECT_EQ(
      counts(import(ask, "number,customer,issued,due,amount\nA1,C1,3/4/2026,5/6/2026,1.00\n")),
      "1/0/0/0");
}

TEST_F(ImportDocuments, a_control_total_that_differs_imports_nothing) {
  auto controlled = request(ImportKind::invoices);
  controlled.control_totals = {"350.49"};
  EXPECT_EQ(refusal_of(controlled, two_invoices), "control_total_differs");
  EXPECT_EQ(open_total("2026-03-01"), "none");
  controlled.control_totals = {"USD 350.50"};
  EXPECT_EQ(counts(import(controlled, two_invoices)), "2/0/0/0");
}

TEST_F(ImportDocuments, a_dry_run_reports_all_and_keeps_nothing) {
  auto dry = request(ImportKind::invoices);
  dry.dry_run = true;
  const ImportReport report = import(dry, two_invoices);
  EXPECT_EQ(counts(report), "2/0/0/0");
  EXPECT_EQ(report.stubs, 2);
  EXPECT_EQ(open_total("2026-03-01"), "none");
}

TEST_F(ImportDocuments, the_same_key_gives_the_same_report_once) {
  const std::string path = write_file("file.csv", two_invoices);
  const Caller once = caller();
  const auto first = try_import_path(path, request(ImportKind::invoices), once);
  const auto second = try_import_path(path, request(ImportKind::invoices), once);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(to_json(*first), to_json(*second));
  auto other = request(ImportKind::invoices);
  other.options.strict = true;
  const auto third = try_import_path(path, other, once);
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, "idempotency_key_reused");
}

TEST_F(ImportDocuments, a_profile_keeps_the_mapping) {
  ImportOptions options;
  options.currency = "EUR";
  options.mapping = {{"number", "Beleg"}, {"customer", "Konto"}};
  options.dates = "D/M/Y";
  ASSERT_TRUE(save_import_profile(*store_, caller(), "erp", ImportKind::invoices, options).ok());
  const auto facts = store_->read({});
  const auto kept = load_import_profile(*facts, "erp", ImportKind::invoices);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(to_json(*kept), to_json(options));
  EXPECT_EQ(load_import_profile(*facts, "erp", ImportKind::payments).error().code,
            "profile_kind_differs");
  EXPECT_EQ(load_import_profile(*facts, "sap", ImportKind::payments).error().code,
            "profile_unknown");
}

}  // namespace
}  // namespace arrears::app
