#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/aging.h"
#include "app/calls.h"
#include "app/customers.h"
#include "app/daily_run.h"
#include "app/import_refusals.h"
#include "app/metrics.h"
#include "app/receivables.h"
#include "app/site.h"
#include "domain/contact/log_call.h"
#include "domain/promises/check_promise.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/dispute.h"
#include "domain/receivables/record_document.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"
#include "runner.h"

/// Each refusal is shown once, with its text: tests/refusals/<operation>/<code>.scn.
namespace arrears {
namespace {

namespace fs = std::filesystem;

using Codes = std::map<std::string, std::vector<std::string>>;  ///< by operation

template <class E>
void add(Codes& codes) {
  using Table = base::RefusalTable<E>;
  for (const base::RefusalRow& row : Table::rows)
    codes[std::string(Table::operation)].emplace_back(row.code);
}

Codes all_codes() {
  Codes codes;
  add<app::CommandRefusal>(codes);
  add<app::SiteRefusal>(codes);
  add<app::CustomerRefusal>(codes);
  add<app::ReceivablesRefusal>(codes);
  add<app::CallRefusal>(codes);
  add<app::AgingRefusal>(codes);
  add<app::RunRefusal>(codes);
  add<app::MetricsRefusal>(codes);
  add<app::ImportRefusal>(codes);
  add<receivables::RecordDocumentRefusal>(codes);
  add<receivables::CancelDocumentRefusal>(codes);
  add<receivables::RecordPaymentRefusal>(codes);
  add<receivables::CancelPaymentRefusal>(codes);
  add<receivables::AllocateRefusal>(codes);
  add<receivables::UnallocateRefusal>(codes);
  add<receivables::BounceRefusal>(codes);
  add<receivables::MarkDisputeRefusal>(codes);
  add<receivables::ClearDisputeRefusal>(codes);
  add<promises::CheckPromiseRefusal>(codes);
  add<promises::WithdrawPromiseRefusal>(codes);
  add<contact::LogCallRefusal>(codes);
  add<contact::AmendCallRefusal>(codes);
  return codes;
}

fs::path gallery() { return fs::path("tests") / "refusals"; }

/// The headers of the program that declare a table of refusals.
int declared_tables() {
  int tables = 0;
  for (const auto& entry : fs::recursive_directory_iterator("src")) {
    if (entry.path().extension() != ".h" || entry.path().filename() == "refusal.h") continue;
    const auto outcome = scenarios::read_text(entry.path().string());
    for (auto at = outcome.find("\nARREARS_REFUSALS("); at != std::string::npos;
         at = outcome.find("\nARREARS_REFUSALS(", at + 1))
      ++tables;
  }
  return tables;
}

TEST(RefusalGallery, every_table_of_the_program_is_walked) {
  EXPECT_EQ(declared_tables(), static_cast<int>(all_codes().size()))
      << "a new table of refusals belongs into all_codes()";
}

TEST(RefusalGallery, every_refusal_has_a_file) {
  for (const auto& [operation, codes] : all_codes())
    for (const std::string& code : codes)
      EXPECT_TRUE(fs::exists(gallery() / operation / (code + ".scn")))
          << "tests/refusals/" << operation << "/" << code << ".scn is missing";
}

TEST(RefusalGallery, every_file_shows_a_refusal_that_exists) {
  const Codes codes = all_codes();
  for (const auto& entry : fs::recursive_directory_iterator(gallery())) {
    if (entry.path().extension() != ".scn") continue;
    const std::string operation = entry.path().parent_path().filename().string();
    const std::string code = entry.path().stem().string();
    const auto found = codes.find(operation);
    EXPECT_TRUE(found != codes.end() &&
                std::count(found->second.begin(), found->second.end(), code) == 1)
        << entry.path() << " shows no refusal of the program";
  }
}

TEST(RefusalGallery, every_file_is_refused_with_its_code_and_shows_the_text) {
  for (const auto& entry : fs::recursive_directory_iterator(gallery())) {
    if (entry.path().extension() != ".scn") continue;
    const auto outcome = scenarios::run_scenario(entry.path().string());
    EXPECT_TRUE(outcome.passed()) << entry.path() << " " << outcome.failure;
    // A row of a file names its code only.
    const std::string operation = entry.path().parent_path().filename().string();
    const std::string code = entry.path().stem().string();
    EXPECT_TRUE(std::any_of(outcome.refusals.begin(), outcome.refusals.end(),
                            [&](const base::Refusal& refusal) {
                              return refusal.code == code &&
                                     (refusal.operation == operation || refusal.operation == "row");
                            }))
        << entry.path() << " is not refused with its code";
    const std::string line = "  refused: " + code + "\n  ";
    EXPECT_NE(outcome.before.find(line), std::string::npos)
        << entry.path() << " leaves out the text";
  }
}

}  // namespace
}  // namespace arrears
