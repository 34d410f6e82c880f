#include <map>
#include <set>

#include "base/text.h"
#include "import_fixture.h"

namespace arrears::app {
namespace {

constexpr const char* path =
    "../shared/data/ar-ledger/pthiagu2+DataMining/WA_Fn-UseC_-Accounts-Receivable.csv";

/// One invoice of the ledger, read without any of the code under test but the calendar's.
struct Invoice {
  std::string customer;
  Date issued, due, settled;
  std::int64_t cents = 0;
};

Date american_day(std::string_view text) {
  const auto parts = base::split(text, '/');
  return *calendar::make_date(static_cast<int>(*base::parse_int(parts[2])),
                              static_cast<int>(*base::parse_int(parts[0])),
                              static_cast<int>(*base::parse_int(parts[1])));
}

std::int64_t cents(std::string_view text) {
  const auto point = text.find('.');
  const std::int64_t whole = *base::parse_int(text.substr(0, point)) * 100;
  if (point == std::string_view::npos) return whole;
  std::string decimals(text.substr(point + 1));
  decimals.resize(2, '0');
  return whole + *base::parse_int(decimals);
}

std::vector<Invoice> read_ledger(const std::string& text) {
  std::vector<Invoice> ledger;
  bool is_header = true;
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (line.empty() || std::exchange(is_header, false)) continue;
    const auto fields = base::split(line, ',');
    ledger.push_back({std::string(fields[1]), american_day(fields[4]), american_day(fields[5]),
                      american_day(fields[8]), cents(fields[6])});
  }
  return ledger;
}

struct Expected {
  std::int64_t items = 0;
  std::set<std::string> customers;
  std::int64_t total = 0;
  std::map<std::string, std::int64_t> buckets;
};

Expected expected_on(const std::vector<Invoice>& ledger, Date as_of) {
  Expected expected;
  for (const Invoice& invoice : ledger) {
    if (invoice.issued > as_of || std::max(invoice.issued, invoice.settled) <= as_of) continue;
    ++expected.items;
    expected.customers.insert(invoice.customer);
    expected.total += invoice.cents;
    const int late = as_of - invoice.due;
    const char* bucket = late <= 0     ? "not_due"
                         : late <= 30  ? "1_30"
                         : late <= 60  ? "31_60"
                         : late <= 90  ? "61_90"
                         : late <= 120 ? "91_120"
                                       : "over_120";
    expected.buckets[bucket] += invoice.cents;
  }
  return expected;
}

class IbmLedger : public ImportTest {};

TEST_F(IbmLedger, ages_as_an_independent_calculation_says) {
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: ../shared/data absent";
  auto request = ImportTest::request(ImportKind::invoices);
  request.options.dates = "M/D/Y";
  const auto mapping = parse_mapping(
      "customer=customerID,number=invoiceNumber,issued=InvoiceDate,due=DueDate,"
      "amount=InvoiceAmount,settled_on=SettledDate");
  ASSERT_TRUE(mapping.ok());
  request.options.mapping = *mapping;
  const std::vector<Invoice> ledger = read_ledger(read_file(path));
  std::int64_t sum = 0;
  for (const Invoice& invoice : ledger) sum += invoice.cents;
  request.control_totals = {money::to_decimal(sum, *money::parse_currency("USD"))};
  const auto report = try_import_path(path, request, caller());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(counts(*report), std::to_string(ledger.size()) + "/0/0/0");

  const Json june = aging("2013-06-30");
  EXPECT_EQ(june.at("open_items").as_int64(), 84);
  EXPECT_EQ(june.at("customers").as_int64(), 52);
  EXPECT_EQ(june.at("total").as_string(), "5119.85");
  EXPECT_EQ(june.at("buckets").at("not_due").as_string(), "4284.29");
  EXPECT_EQ(june.at("buckets").at("1_30").as_string(), "835.56");
  EXPECT_EQ(june.at("balance").as_string(), "5119.85");

  const auto usd = *money::parse_currency("USD");
  for (const char* day : {"2012-01-03", "2012-03-31", "2012-12-31", "2013-02-28", "2013-06-30",
                          "2013-11-30", "2014-01-01"}) {
    const Expected expected = expected_on(ledger, *calendar::parse_date(day));
    const Json row = aging(day);
    if (expected.items == 0) {
      EXPECT_TRUE(row.empty()) << day;
      continue;
    }
    ASSERT_FALSE(row.empty()) << day;
    EXPECT_EQ(row.at("open_items").as_int64(), expected.items) << day;
    EXPECT_EQ(row.at("customers").as_int64(), std::ssize(expected.customers)) << day;
    EXPECT_EQ(row.at("total").as_string(), money::to_decimal(expected.total, usd)) << day;
    for (const auto& [bucket, minor] : expected.buckets) {
      EXPECT_EQ(row.at("buckets").at(bucket).as_string(), money::to_decimal(minor, usd))
          << day << " " << bucket;
    }
  }

  const auto again = try_import_path(path, request, caller());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(counts(*again), "0/0/" + std::to_string(ledger.size()) + "/0");
}

}  // namespace
}  // namespace arrears::app
