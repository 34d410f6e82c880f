#include <cerrno>
#include <system_error>

#include "adapters/formats/csv_import_source.h"
#include "adapters/formats/csv_writer.h"

namespace arrears::formats {

namespace {
constexpr std::string_view line_column = "arrears_line";
constexpr std::string_view problem_column = "arrears_problem";
}  // namespace

CsvRejectFile::CsvRejectFile(std::string path, std::string source_path, CsvOptions options)
    : path_(std::move(path)), source_path_(std::move(source_path)), options_(std::move(options)) {}

void CsvRejectFile::begin() {
  reader_ = std::make_unique<CsvReader>(CsvReader::open(source_path_, options_));
  record_ = nullptr;
  if (out_.is_open()) return;
  const std::vector<std::string>& header = reader_->header();
  columns_ = header.size();
  const bool is_ours =
      columns_ > 2 && header[columns_ - 2] == line_column && header[columns_ - 1] == problem_column;
  if (is_ours) columns_ -= 2;
  out_.open(path_, std::ios::binary | std::ios::trunc);
  const std::vector<std::string_view> names(header.begin(), header.end());
  std::string text = without_ours(reader_->header_raw(), names);
  text += reader_->dialect().delimiter;
  text += line_column;
  text += reader_->dialect().delimiter;
  text += problem_column;
  write(text + "\n");
}

std::string CsvRejectFile::without_ours(std::string_view raw,
                                        const std::vector<std::string_view>& fields) const {
  if (columns_ == reader_->header().size() || fields.size() < columns_) return std::string(raw);
  std::string text;
  CsvWriteOptions options;
  options.delimiter = reader_->dialect().delimiter.front();
  options.line_end = "";
  write_csv_record(text, std::span(fields.data(), columns_), options);
  return text;
}

void CsvRejectFile::add(std::int64_t line, std::string_view problem) {
  if (!reader_ || (record_ && record_->line > line)) begin();
  while (!record_ || record_->line < line) {
    record_ = reader_->next();
    if (!record_) return;
  }
  std::string text = without_ours(record_->raw, record_->fields);
  text += reader_->dialect().delimiter;
  const std::string number = std::to_string(line);
  const std::vector<std::string_view> ours{number, problem};
  CsvWriteOptions options;
  options.delimiter = reader_->dialect().delimiter.front();
  write_csv_record(text, std::span(ours), options);
  write(text);
}

void CsvRejectFile::write(const std::string& text) {
  out_ << text;
  if (!out_) throw std::system_error(errno, std::generic_category(), path_);
}

void CsvRejectFile::finish() {
  if (!out_.is_open()) return;
  out_.close();
  if (!out_) throw std::system_error(errno, std::generic_category(), path_);
}

}  // namespace arrears::formats
