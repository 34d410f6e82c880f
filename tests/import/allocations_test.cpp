#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "import_fixture.h"

namespace arrears::app {
namespace {

class ImportAllocations : public ImportTest {
 protected:
  /// Documents and payments of a customer, who has many: I<customer>-0 to 59, each of 100.00.
  void add_customer(const std::string& customer) {
    std::string invoices = "number,customer,issued,due,amount\n";
    std::string payments = "number,customer,value_on,amount\n";
    for (int i = 0; i < 60; ++i) {
      const std::string at = customer + "-" + std::to_string(i);
      invoices += "I" + at + "," + customer + ",2026-01-10,2026-02-09," +
                  (i % 10 == 0 ? "-100.00\n" : "100.00\n");
      payments +=
          "P" + at + "," + customer + ",2026-01-" + std::to_string(10 + i % 20) + ",100.00\n";
    }
    import(ImportKind::invoices, invoices);
    import(ImportKind::payments, payments);
  }

  using Row = std::tuple<std::string, std::string, Date, std::int64_t>;

  /// Source, document, day and amount of the allocations, without the customer in the numbers.
  std::vector<Row> allocations(const std::string& customer) {
    const receivables::Ledger all = ledger(customer);
    std::vector<Row> rows;
    for (const receivables::Allocation& row : all.allocations) {
      const auto* payment = receivables::find_payment(all, row.payment);
      const auto* source = receivables::find_document(all, row.credit);
      rows.push_back({payment ? payment->number.substr(2) : "credit" + source->number.substr(2),
                      receivables::find_document(all, row.document)->number.substr(2),
                      row.allocated_on, row.amount_minor});
    }
    std::ranges::sort(rows);
    return rows;
  }
};

constexpr const char* header = "payment,credit,invoice,on,amount\n";

std::string random_row(std::mt19937_64& random, const std::string& customer) {
  const auto any = [&](int count) {
    return std::uniform_int_distribution<int>(0, count - 1)(random);
  };
  const std::string source = customer + "-" + std::to_string(any(62));
  const bool credit = any(5) == 0;
  const std::string first =
      credit ? ",I" + customer + "-" + std::to_string(10 * any(6)) : "P" + source + ",";
  return first + ",I" + customer + "-" + std::to_string(any(61)) + "," +
         (any(3) == 0 ? "2026-02-" + std::to_string(10 + any(4)) : "") + "," +
         std::to_string(10 * (1 + any(8))) + ".00\n";
}

TEST_F(ImportAllocations, a_file_comes_to_what_its_rows_come_to_one_by_one) {
  std::mt19937_64 random(20260331);
  add_customer("A");
  add_customer("B");
  std::string whole = header;
  std::string one_by_one;
  std::int64_t rejected = 0;
  constexpr int rows = 150;
  std::set<std::string> said;  // what a file says twice counts twice, what two files say does not
  while (said.size() < rows) {
    std::string row = random_row(random, "A");
    if (!said.insert(row).second) continue;
    whole += row;
    std::ranges::replace(row, 'A', 'B');
    const ImportReport report = import(ImportKind::allocations, header + row);
    rejected += report.rejected;
    for (const ImportProblem& problem : report.problems)
      one_by_one += std::to_string(said.size() + 1) + ":" + problem.code + " ";
  }
  const ImportReport report = import(ImportKind::allocations, whole);
  EXPECT_EQ(report.rejected, rejected);
  EXPECT_EQ(problems(report) + " ", one_by_one);
  EXPECT_GT(report.added, 40);
  EXPECT_GT(rejected, 10);
  EXPECT_EQ(allocations("A"), allocations("B"));
}

}  // namespace
}  // namespace arrears::app
