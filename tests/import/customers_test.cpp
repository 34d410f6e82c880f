#include "import_fixture.h"

namespace arrears::app {
namespace {

class ImportParties : public ImportTest {
 protected:
  PartyFile file_of(std::string_view number) {
    const auto facts = store_->read({});
    const auto entity = find_entity(*facts, "E");
    const auto customer = find_customer(*facts, *entity, number);
    EXPECT_TRUE(customer.ok()) << number;
    return *facts->party_file(customer->party, Detail::everything);
  }
};

TEST_F(ImportParties, customers_are_added_and_known_again) {
  const std::string file =
      "customer_number,company name,country,segment,since\n"
      "000123,Acme GmbH,de,A,2020-01-01\n"
      "C2,Beta Ltd,GB,,\n";
  EXPECT_EQ(counts(import(ImportKind::customers, file)), "2/0/0/0");
  EXPECT_EQ(counts(import(ImportKind::customers, file)), "0/0/2/0");
  EXPECT_EQ(file_of("000123").party.name, "Acme GmbH");
  EXPECT_EQ(file_of("000123").party.country, "DE");
  EXPECT_EQ(counts(import(ImportKind::customers, "number,name\nC2,Beta plc\n")), "0/1/0/0");
}

TEST_F(ImportParties, a_stub_gets_its_name_from_the_documents_or_later_from_the_master_file) {
  import(ImportKind::invoices,
         "number,customer,customer_name,issued,due,amount\n"
         "A1,C1,Acme,2026-01-10,2026-02-09,1.00\n"
         "A2,C2,,2026-01-10,2026-02-09,1.00\n");
  EXPECT_EQ(file_of("C1").party.name, "Acme");
  EXPECT_TRUE(file_of("C1").party.stub);
  EXPECT_EQ(file_of("C2").party.name, "C2");
  EXPECT_EQ(counts(import(ImportKind::customers, "number,name\nC2,Beta\n")), "0/1/0/0");
  EXPECT_FALSE(file_of("C2").party.stub);
}

TEST_F(ImportParties, a_branch_may_stand_before_its_head_office) {
  const ImportReport report = import(ImportKind::customers,
                                     "number,name,parent\n"
                                     "B2,Sub branch,B1\n"
                                     "B1,Branch,H\n"
                                     "H,Head office,\n"
                                     "X,Lost,NOBODY\n");
  EXPECT_EQ(counts(report), "3/0/0/1");
  EXPECT_EQ(problems(report), "5:parent_unknown");
  EXPECT_EQ(file_of("B2").parents.at(0).parent, file_of("B1").party.id);
  EXPECT_EQ(file_of("B2").part, file_of("H").part);
}

TEST_F(ImportParties, contacts_are_known_by_reference_or_address) {
  const std::string file =
      "customer,name,email,active\n"
      "C1,Anna,anna@example.com,yes\n"
      "C1,Bert,bert@,no\n";
  const ImportReport report = import(ImportKind::contacts, file);
  EXPECT_EQ(counts(report), "1/0/0/1");
  EXPECT_EQ(problems(report), "3:email_invalid");
  EXPECT_EQ(counts(import(ImportKind::contacts, file)), "0/0/1/1");
  EXPECT_EQ(counts(import(ImportKind::contacts,
                          "customer,name,email,active\nC1,Anna B,anna@example.com,no\n")),
            "0/1/0/0");
  ASSERT_EQ(file_of("C1").contacts.size(), 1U);
  EXPECT_FALSE(file_of("C1").contacts[0].active);
}

TEST_F(ImportParties, rates_are_read_in_rows_and_in_the_wide_form_of_the_ecb) {
  const ImportReport rows = import(ImportKind::rates,
                                   "date,base,quote,rate\n"
                                   "2026-01-02,EUR,USD,1.0843\n"
                                   "2026-01-02,EUR,EUR,1\n"
                                   "2026-01-02,EUR,USD,1.09\n");
  EXPECT_EQ(counts(rows), "1/0/0/2");
  EXPECT_EQ(problems(rows), "3:rate_invalid 4:duplicate_number");
  const std::string wide = "Date,USD,JPY,CYP,\n2026-01-02,1.0843,171.05,N/A,\n";
  EXPECT_EQ(counts(import(ImportKind::rates, wide)), "1/0/0/0");
  EXPECT_EQ(counts(import(ImportKind::rates, wide)), "0/0/1/0");
  EXPECT_EQ(counts(import(ImportKind::rates, "Date,USD\n2026-01-02,1.0844\n")), "0/1/0/0");
  EXPECT_EQ(store_->read({})->rates().size(), 2U);
}

}  // namespace
}  // namespace arrears::app
