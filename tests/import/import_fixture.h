#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "adapters/formats/csv_import_source.h"
#include "adapters/storage/store.h"
#include "app/aging.h"
#include "app/import.h"
#include "app/receivables.h"
#include "app/site.h"

/// What the import tests share: a real database of one entity E in USD, and files of a few lines.
namespace arrears::app {

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() : clock_(base::Instant{1'780'000'000'000'000}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = std::make_unique<storage::DatabaseStore>(
        storage::StoreOptions{"sqlite:" + folder_ + "/arrears.db", folder_ + "/arrears.key",
                              storage::OpenMode::create, true},
        clock_);
    const auto added =
        add_entity(*store_, caller(), {"E", "Example", "USD", "America/New_York", "US", 0});
    EXPECT_TRUE(added.ok());
  }
  ~ImportTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Caller caller() {
    clock_.set({clock_.now().micros + 1'000'000});
    return {"anna", "key-" + std::to_string(++key_), clock_.now(), {}};
  }

  std::string write_file(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::string reject_path() const { return folder_ + "/rejects.csv"; }

  static ImportRequest request(ImportKind kind) {
    ImportRequest request;
    request.entity = "E";
    request.kind = kind;
    request.options.currency = "USD";
    request.file_name = "file.csv";
    return request;
  }

  Result<ImportReport> try_import_path(const std::string& path, const ImportRequest& request,
                                       const Caller& caller) {
    auto source = formats::CsvImportSource::open(path, request.options);
    if (!source) return source.error();
    const auto csv = formats::csv_options(request.options);
    formats::CsvRejectFile rejects(reject_path(), path, *csv);
    return import_file(*store_, caller, request, {source->get(), &rejects, {}});
  }

  Result<ImportReport> try_import(const ImportRequest& request, const std::string& text) {
    return try_import_path(write_file(request.file_name, text), request, caller());
  }

  /// Imports, or fails the test.
  ImportReport import(const ImportRequest& request, const std::string& text) {
    const auto report = try_import(request, text);
    if (report) return *report;
    ADD_FAILURE() << report.error().code << ": " << report.error().message;
    return {};
  }
  ImportReport import(ImportKind kind, const std::string& text) {
    return import(request(kind), text);
  }
  std::string refusal_of(const ImportRequest& request, const std::string& text) {
    const auto report = try_import(request, text);
    return report ? "imported" : report.error().code;
  }

  /// "total 84 items 5119.85 ..." of one currency as of a day.
  Json aging(std::string_view as_of, std::string_view currency = "USD") {
    const auto facts = store_->read({});
    const auto report =
        aging_report(*facts, {"E", *calendar::parse_date(as_of), AgingBy::total, ""});
    EXPECT_TRUE(report.ok());
    for (const auto& row : report->at("currencies").as_array())
      if (row.at("currency").as_string() == currency) return row.as_object();
    return {};
  }
  std::string open_total(std::string_view as_of, std::string_view currency = "USD") {
    const Json row = aging(as_of, currency);
    return row.empty() ? "none" : std::string(row.at("total").as_string());
  }

  /// added/changed/unchanged/rejected
  static std::string counts(const ImportReport& report) {
    return std::to_string(report.added) + "/" + std::to_string(report.changed) + "/" +
           std::to_string(report.unchanged) + "/" + std::to_string(report.rejected);
  }
  /// "3:too_few_fields 4:duplicate_number"
  static std::string problems(const ImportReport& report) {
    std::string text;
    for (const ImportProblem& problem : report.problems) {
      if (!text.empty()) text += " ";
      text += std::to_string(problem.line) + ":" + problem.code;
    }
    return text;
  }

  /// The entity's whole ledger of a customer.
  receivables::Ledger ledger(std::string_view number) {
    const auto facts = store_->read({});
    const auto entity = find_entity(*facts, "E");
    const auto customer = find_customer(*facts, *entity, number);
    EXPECT_TRUE(customer.ok()) << number;
    const auto file = facts->party_file(customer->party, Detail::receivables);
    return account_of(*file, customer->customer).ledger;
  }

  base::FixedClock clock_;
  std::string folder_;
  std::unique_ptr<storage::DatabaseStore> store_;
  int key_ = 0;
};

}  // namespace arrears::app
