#pragma once

#include <deque>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/csv_fields.h"
#include "adapters/formats/csv_reader.h"
#include "app/import.h"

/// A CSV file as the import wants it.
namespace arrears::formats {

/// The reader's options that an import names in words. Refuses option_unknown.
base::Result<CsvOptions> csv_options(const app::ImportOptions& options);

/// The records of a CSV file in canonical text. Columns of days and amounts whose style is not
/// given are read once before, whole: a column that could be read in two ways is refused.
class CsvImportSource final : public app::RecordSource {
 public:
  /// Refuses option_unknown, not_text, file_empty. Throws std::system_error where the disk fails.
  static base::Result<std::unique_ptr<CsvImportSource>> open(const std::string& path,
                                                             const app::ImportOptions& options);

  std::string hash() override;
  const std::vector<std::string>& header() override { return reader_->header(); }
  base::Result<base::Done> select(const std::vector<app::FieldColumn>& columns) override;
  const app::SourceRecord* next() override;
  std::vector<std::string> notes() override { return notes_; }

 private:
  struct Column {
    app::FieldColumn field;
    DateStyle dates = DateStyle::automatic;
    DecimalStyle decimals = DecimalStyle::automatic;
    std::string canonical;  ///< of the current record
  };

  CsvImportSource(std::string path, CsvOptions options, DateStyle dates, DecimalStyle decimals);
  void start_over();
  base::Result<base::Done> find_styles();
  std::string_view read(const CsvRecord& record, Column& column);
  void take_problems();
  std::string_view fail(const CsvRecord& record, const Column& column, const FieldError& error);

  std::string path_;
  CsvOptions options_;
  DateStyle dates_;
  DecimalStyle decimals_;
  std::unique_ptr<CsvReader> reader_;
  std::vector<Column> columns_;
  app::SourceRecord record_;
  std::size_t problems_taken_ = 0;
  std::vector<std::string> notes_;
};

/// Copies rejected records of a CSV file to another, which has two more columns: `arrears_line`
/// and `arrears_problem`. An import of that file does not look at them. Without rejected records
/// there is no file.
class CsvRejectFile final : public app::RejectFile {
 public:
  CsvRejectFile(std::string path, std::string source_path, CsvOptions options);
  void add(std::int64_t line, std::string_view problem) override;
  void finish() override;

 private:
  void begin();
  void write(const std::string& text);
  /// The record or header as it stood, without the two columns of an earlier reject file.
  std::string without_ours(std::string_view raw, const std::vector<std::string_view>& fields) const;

  std::string path_;
  std::string source_path_;
  CsvOptions options_;
  std::unique_ptr<CsvReader> reader_;
  const CsvRecord* record_ = nullptr;
  std::size_t columns_ = 0;  ///< of the source without ours
  std::ofstream out_;
};

}  // namespace arrears::formats
