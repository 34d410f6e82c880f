#include "import_fixture.h"

namespace arrears::app {
namespace {

/// A file that fails after some records, as a process does that is killed.
class InterruptedSource final : public RecordSource {
 public:
  InterruptedSource(RecordSource& source, std::int64_t records) : source_(source), left_(records) {}
  std::string hash() override { return source_.hash(); }
  const std::vector<std::string>& header() override { return source_.header(); }
  base::Result<base::Done> select(const std::vector<FieldColumn>& columns) override {
    return source_.select(columns);
  }
  const SourceRecord* next() override {
    if (left_-- == 0) throw std::runtime_error("interrupted");
    return source_.next();
  }
  std::vector<std::string> notes() override { return {}; }

 private:
  RecordSource& source_;
  std::int64_t left_;
};

class ImportStaging : public ImportTest {
 protected:
  static std::string invoices(int count) {
    std::string text = "number,customer,issued,due,amount\n";
    for (int i = 1; i <= count; ++i) {
      text += "INV-" + std::to_string(i) + ",C" + std::to_string(i % 50) +
              ",2026-01-10,2026-02-09,1.00\n";
    }
    return text;
  }

  std::unique_ptr<formats::CsvImportSource> open(const std::string& path) {
    auto source = formats::CsvImportSource::open(path, request(ImportKind::invoices).options);
    EXPECT_TRUE(source.ok());
    return std::move(*source);
  }

  /// Leaves an import of `path` behind after some records; answers its id.
  std::int64_t interrupt(const std::string& path, std::int64_t records) {
    const auto source = open(path);
    InterruptedSource interrupted(*source, records);
    EXPECT_THROW(static_cast<void>(import_file(*store_, caller(), request(ImportKind::invoices),
                                               {&interrupted, nullptr, {}})),
                 std::runtime_error);
    const boost::json::array left = list_imports(*store_);
    if (left.empty()) return 0;
    return std::stoll(std::string(left[0].at("import_id").as_string()));
  }
};

TEST_F(ImportStaging, a_large_file_is_staged_and_published_whole) {
  const ImportReport report = import(ImportKind::invoices, invoices(25'000));
  EXPECT_EQ(counts(report), "25000/0/0/0");
  EXPECT_NE(report.import_id, 0);
  EXPECT_EQ(open_total("2026-03-01"), "25000.00");
  EXPECT_TRUE(list_imports(*store_).empty());
}

TEST_F(ImportStaging, an_interrupted_import_is_resumed_with_the_same_file) {
  const std::string path = write_file("file.csv", invoices(25'000));
  const std::int64_t id = interrupt(path, 22'222);
  ASSERT_NE(id, 0);
  EXPECT_EQ(open_total("2026-03-01"), "none");
  EXPECT_EQ(interrupted_import(*store_, id)->kind, ImportKind::invoices);

  const auto other = open(write_file("other.csv", invoices(24'999)));
  const auto refused = resume_import(*store_, caller(), id, {other.get(), nullptr, {}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "file_differs");
  EXPECT_EQ(refused.error().message,
            "The import " + std::to_string(id) +
                " was begun with another file.csv. "
                "Resume with the very file that was begun, or drop the import.");

  const auto source = open(path);
  const auto report = resume_import(*store_, caller(), id, {source.get(), nullptr, {}});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(counts(*report), "25000/0/0/0");
  EXPECT_EQ(open_total("2026-03-01"), "25000.00");
  EXPECT_TRUE(list_imports(*store_).empty());
}

TEST_F(ImportStaging, an_interrupted_import_can_be_dropped) {
  const std::string path = write_file("file.csv", invoices(25'000));
  const std::int64_t id = interrupt(path, 22'222);
  const ImportReport other = import(ImportKind::invoices, invoices(3));
  ASSERT_EQ(other.warnings.size(), 1U);
  EXPECT_NE(other.warnings[0].find("interrupted"), std::string::npos);
  EXPECT_TRUE(drop_import(*store_, caller(), id).ok());
  EXPECT_TRUE(list_imports(*store_).empty());
  EXPECT_EQ(drop_import(*store_, caller(), id).error().code, "import_unknown");
  EXPECT_EQ(open_total("2026-03-01"), "3.00");
}

TEST_F(ImportStaging, a_control_total_that_differs_leaves_nothing_staged) {
  auto controlled = request(ImportKind::invoices);
  controlled.control_totals = {"1.00"};
  EXPECT_EQ(refusal_of(controlled, invoices(25'000)), "control_total_differs");
  EXPECT_TRUE(list_imports(*store_).empty());
  EXPECT_EQ(open_total("2026-03-01"), "none");
}

TEST_F(ImportStaging, instalments_that_stand_far_apart_form_one_document) {
  std::string text = "number,customer,issued,due,amount,instalment\n";
  for (int instalment = 2; instalment >= 1; --instalment) {
    for (int i = 1; i <= 12'000; ++i) {
      text += "INV-" + std::to_string(i) + ",C1,2026-01-10,2026-02-09,1.00," +
              std::to_string(instalment) + "\n";
    }
  }
  EXPECT_EQ(counts(import(ImportKind::invoices, text)), "12000/0/0/0");
  EXPECT_EQ(open_total("2026-03-01"), "24000.00");
}

TEST_F(ImportStaging, a_row_whose_problem_is_not_kept_is_refused_all_the_same) {
  constexpr int problems_kept = 100'000;
  std::string text = "number,customer,issued,due,amount\n";
  for (int i = 0; i <= problems_kept; ++i) text += "x\n";
  const ImportReport report = import(ImportKind::invoices, text);
  EXPECT_EQ(report.rejected, problems_kept + 1);
  const std::string rejects = read_file(reject_path());
  EXPECT_NE(rejects.find("too_few_fields"), std::string::npos);
  const auto last = rejects.find("row_unreadable");
  ASSERT_NE(last, std::string::npos);
  EXPECT_EQ(rejects.find("row_unreadable", last + 1), std::string::npos);
  EXPECT_NE(rejects.find("Line 100002 cannot be read; so many lines have problems that its own is "
                         "not kept. Correct the line.",
                         last),
            std::string::npos)
      << rejects.substr(last);
}

TEST_F(ImportStaging, a_dry_run_of_a_large_file_stages_nothing) {
  auto dry = request(ImportKind::invoices);
  dry.dry_run = true;
  EXPECT_EQ(counts(import(dry, invoices(25'000))), "25000/0/0/0");
  EXPECT_TRUE(list_imports(*store_).empty());
  EXPECT_EQ(open_total("2026-03-01"), "none");
}

}  // namespace
}  // namespace arrears::app
