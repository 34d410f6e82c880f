#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "adapters/formats/problem.h"
#include "adapters/storage/backup.h"
#include "adapters/storage/copy_site.h"
#include "app/aging.h"
#include "app/calls.h"
#include "app/customers.h"
#include "app/daily_run.h"
#include "app/feed.h"
#include "app/guard.h"
#include "app/import_desk.h"
#include "app/import_refusals.h"
#include "app/interactions.h"
#include "app/metrics.h"
#include "app/people.h"
#include "app/receivables.h"
#include "app/scope.h"
#include "app/sessions.h"
#include "app/site.h"
#include "app/worklist_page.h"
#include "domain/contact/log_call.h"
#include "domain/promises/check_promise.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/dispute.h"
#include "domain/receivables/record_document.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"
#include "runner.h"

/// Each refusal is shown once, with its text: tests/refusals/<operation>/<code>.scn. All of them
/// are listed in docs/reference/refusals.md; ARREARS_ACCEPT=1 writes that file anew.
namespace arrears {
namespace {

namespace fs = std::filesystem;

using Codes = std::map<std::string, std::vector<base::RefusalRow>>;  ///< by operation

template <class E>
void add(Codes& codes) {
  using Table = base::RefusalTable<E>;
  for (const base::RefusalRow& row : Table::rows)
    codes[std::string(Table::operation)].push_back(row);
}

Codes all_codes() {
  Codes codes;
  add<app::CommandRefusal>(codes);
  add<app::SiteRefusal>(codes);
  add<app::PeopleRefusal>(codes);
  add<app::AccessRefusal>(codes);
  add<app::SignInRefusal>(codes);
  add<app::CustomerRefusal>(codes);
  add<app::ReceivablesRefusal>(codes);
  add<app::CallRefusal>(codes);
  add<app::InteractionRefusal>(codes);
  add<app::GuardRefusal>(codes);
  add<app::AgingRefusal>(codes);
  add<app::RunRefusal>(codes);
  add<app::MetricsRefusal>(codes);
  add<app::ImportRefusal>(codes);
  add<app::UploadRefusal>(codes);
  add<app::PageRefusal>(codes);
  add<app::FeedRefusal>(codes);
  add<storage::CopyRefusal>(codes);
  add<storage::BackupRefusal>(codes);
  add<storage::RestoreRefusal>(codes);
  add<receivables::RecordDocumentRefusal>(codes);
  add<receivables::CancelDocumentRefusal>(codes);
  add<receivables::RecordPaymentRefusal>(codes);
  add<receivables::CancelPaymentRefusal>(codes);
  add<receivables::AllocateRefusal>(codes);
  add<receivables::UnallocateRefusal>(codes);
  add<receivables::BounceRefusal>(codes);
  add<receivables::MarkDisputeRefusal>(codes);
  add<receivables::ClearDisputeRefusal>(codes);
  add<disputes::RaiseDisputeRefusal>(codes);
  add<disputes::ResolveDisputeRefusal>(codes);
  add<promises::CheckPromiseRefusal>(codes);
  add<promises::WithdrawPromiseRefusal>(codes);
  add<contact::LogCallRefusal>(codes);
  add<contact::AmendCallRefusal>(codes);
  add<contact::RecordInteractionRefusal>(codes);
  return codes;
}

fs::path gallery() { return fs::path("tests") / "refusals"; }

/// Shown by a test, which compares their text: a scenario would need 10,000 rows or two databases.
const std::map<std::string, std::string>& shown_by_tests() {
  static const std::map<std::string, std::string> files = {
      {"backup/folder_exists", "tests/faults/backup_test.py"},
      {"copy/copy_not_verified", "tests/storage/copy_test.cpp"},
      {"copy/site_moved", "tests/storage/copy_test.cpp"},
      {"copy/target_not_empty", "tests/storage/copy_test.cpp"},
      {"feed/position_invalid", "tests/api/answers_test.py"},
      {"import/file_differs", "tests/import/staging_test.cpp"},
      {"import/row_unreadable", "tests/import/staging_test.cpp"},
      {"page/cursor_invalid", "tests/api/answers_test.py"},
      {"restore/backup_damaged", "tests/faults/backup_test.py"},
      {"restore/backup_incomplete", "tests/faults/backup_test.py"},
      {"restore/backup_newer", "tests/faults/backup_test.py"},
      {"restore/other_engine", "tests/faults/backup_test.py"},
      {"restore/restored_not_verified", "tests/faults/backup_test.py"},
      {"restore/target_not_empty", "tests/faults/backup_test.py"},
      {"run/run_under_way", "tests/refusals/run_under_way_test.cpp"},
      {"upload/too_many_uploads", "tests/api/commands_test.py"},
      {"upload/upload_busy", "tests/api/commands_test.py"},
      {"upload/upload_published", "tests/api/commands_test.py"},
      {"upload/upload_unknown", "tests/api/commands_test.py"}};
  return files;
}

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
  for (const auto& [operation, rows] : all_codes()) {
    for (const base::RefusalRow& row : rows) {
      const std::string code(row.code);
      const auto test = shown_by_tests().find(operation + "/" + code);
      const bool has_file = fs::exists(gallery() / operation / (code + ".scn"));
      if (test == shown_by_tests().end()) {
        EXPECT_TRUE(has_file) << "tests/refusals/" << operation << "/" << code << ".scn is missing";
        continue;
      }
      EXPECT_FALSE(has_file) << operation << "/" << code << " needs no test beside its file";
      const std::string text = scenarios::read_text(test->second);
      EXPECT_NE(text.find('"' + code + '"'), std::string::npos)
          << test->second << " does not show " << code;
      EXPECT_NE(text.find(row.advice), std::string::npos)
          << test->second << " leaves out the text of " << code;
    }
  }
}

TEST(RefusalGallery, every_file_shows_a_refusal_that_exists) {
  const Codes codes = all_codes();
  for (const auto& entry : fs::recursive_directory_iterator(gallery())) {
    if (entry.path().extension() != ".scn") continue;
    const std::string operation = entry.path().parent_path().filename().string();
    const std::string code = entry.path().stem().string();
    const auto found = codes.find(operation);
    EXPECT_TRUE(found != codes.end() &&
                std::ranges::count(found->second, code, &base::RefusalRow::code) == 1)
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

/// docs/reference/refusals.md as it should be.
std::string reference() {
  std::string text =
      "# Refusals\n\n"
      "The expected \"no\" of each operation, in the order in which it is checked. A refusal has\n"
      "`operation/code`, which stay as they are, and a text for people: what was refused, where,\n"
      "and the advice below. `tests/refusals` shows each one in full.\n\n"
      "A test compares this file; `ARREARS_ACCEPT=1 ctest -R RefusalGallery` writes it anew.\n";
  for (const auto& [operation, rows] : all_codes()) {
    text += "\n## " + operation + "\n\n| Code | What to do |\n| --- | --- |\n";
    for (const base::RefusalRow& row : rows) {
      text += "| `" + std::string(row.code) + "` | " +
              std::string(row.advice.empty() ? "The text of the refusal says it." : row.advice) +
              " |\n";
    }
  }
  text +=
      "\n## Rows of a file that cannot be read\n\n"
      "Codes beside those of `import`; the text of the row says what to do.\n\n"
      "| Code | Meaning |\n| --- | --- |\n";
#define ARREARS_REFERENCE_ROW(name, rejects, meaning) \
  if (rejects) text += "| `" #name "` | " meaning " |\n";
  ARREARS_PROBLEM_REASONS(ARREARS_REFERENCE_ROW)
#undef ARREARS_REFERENCE_ROW
  return text;
}

TEST(RefusalGallery, the_reference_lists_every_refusal) {
  const std::string path = "docs/reference/refusals.md";
  if (std::getenv("ARREARS_ACCEPT") != nullptr) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << reference();
  }
  EXPECT_EQ(scenarios::read_text(path), reference())
      << path << " is stale: run this test with ARREARS_ACCEPT=1";
}

}  // namespace
}  // namespace arrears
