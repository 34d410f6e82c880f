#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/byte_source.h"
#include "adapters/formats/csv_dialect.h"
#include "adapters/formats/csv_scanner.h"
#include "adapters/formats/problem.h"
#include "adapters/formats/text_encoding.h"

/// CSV files as the world writes them: RFC 4180 and its relatives.
namespace arrears::formats {

/// How to read a file. Empty text means: find it by looking at the file.
struct CsvOptions {
  std::string encoding;   ///< a name from parse_encoding()
  std::string delimiter;  ///< from parse_delimiter()
  QuoteEscape escape = QuoteEscape::automatic;
  bool has_header = true;
  char comment = '\0';                 ///< lines that start with it are skipped; NUL: none
  std::int64_t skip_lines = 0;         ///< physical lines before the header that are not read
  std::size_t sample_bytes = 1 << 16;  ///< how much is looked at to find delimiter and escapes
  std::size_t block_bytes = 1 << 18;   ///< how much is read at once; results do not depend on it
  std::size_t record_bytes_max = 16 << 20;  ///< a quote that is open for longer was not meant so
  std::size_t problems_max = 10'000;        ///< problems kept; all are counted
};

/// One record. Its views end with the next call of CsvReader::next().
struct CsvRecord {
  std::int64_t line = 0;  ///< physical line of its first byte, 1-based
  std::string_view raw;   ///< its text as UTF-8, without line end; the file's own bytes if UTF-8
  /// Values, quotes undone; at least as many as there are columns. NUL and bytes that cannot be
  /// read are U+FFFD here, so that they never travel further.
  std::vector<std::string_view> fields;
  bool sound = true;  ///< false: a problem rejects this record; do not use its fields
};

/// Reads a file or memory record by record in bounded memory. Empty and blank lines are skipped.
///
/// A record with a problem is delivered too, with `sound` false, so that each record of the file
/// ends either in use or in a reject file. A quote that is never closed, or that swallows other
/// lines, costs only its own physical line: that line is delivered unsound, and reading goes on
/// with the next. Throws std::system_error where the disk fails.
class CsvReader {
 public:
  static CsvReader open(const std::string& path, const CsvOptions& options = {});
  /// `bytes` must outlive the reader.
  static CsvReader over(std::string_view bytes, const CsvOptions& options = {});

  /// The next record, or null at the end.
  const CsvRecord* next();

  /// Column names, trimmed and made unique: "amount", "amount (2)"; without a header and for empty
  /// names "column 3".
  const std::vector<std::string>& header() const { return header_; }
  /// The header line as in CsvRecord::raw, for a reject file; empty without a header.
  const std::string& header_raw() const { return header_raw_; }
  const Dialect& dialect() const { return scanner_.dialect(); }
  const std::string& encoding() const { return encoding_.name; }
  bool has_bom() const { return encoding_.bom_size > 0; }

  /// Problems so far, in the order of the file; complete after next() has answered null.
  const std::vector<Problem>& problems() const { return problems_; }
  /// How many there were, kept or not.
  std::int64_t problem_count() const { return problem_count_; }
  std::int64_t record_count() const { return record_count_; }
  std::int64_t rejected_count() const { return rejected_count_; }

  /// The problem of one value of `record`; `column` is 0-based. Not added to problems().
  Problem problem_at(const CsvRecord& record, std::size_t column, const FieldError& error) const;

 private:
  CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options);

  void start();
  void read_header();
  void name_columns(const std::vector<std::string_view>& names, std::int64_t line);
  bool read_record();
  void read_rejected_line(Reason reason);
  void take(std::size_t size);
  void make_fields();
  void check_text();
  void check_field(std::size_t column, std::string_view text);
  void check_shape();
  void skip_rest_of_line();
  bool fill();
  std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void report(Reason reason, std::int64_t line, int column, std::string_view value,
              std::string text);

  CsvOptions options_;
  std::unique_ptr<ByteSource> source_;
  EncodingFinding encoding_;
  std::unique_ptr<Decoder> decoder_;
  CsvScanner scanner_{Dialect{}};

  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< first byte not yet taken
  std::size_t end_ = 0;
  bool ended_ = false;          ///< the source has no more
  bool cut_line_ = false;       ///< the rest of a too long line is still to be skipped
  std::size_t taken_ = 0;       ///< bytes of the current record, taken with the next call
  std::int64_t next_line_ = 1;  ///< physical line at begin_ + taken_

  std::vector<std::string> header_;
  std::string header_raw_;
  bool named_ = false;  ///< header_ is final
  bool reported_extra_empty_ = false;
  bool finished_ = false;

  ScannedRecord scanned_;
  CsvRecord record_;
  std::string unescaped_;             ///< values whose escapes are undone
  std::vector<std::string> repairs_;  ///< values with bytes replaced

  std::vector<Problem> problems_;
  std::int64_t problem_count_ = 0;
  std::int64_t record_count_ = 0;
  std::int64_t rejected_count_ = 0;
};

}  // namespace arrears::formats
