#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/import_fields.h"

/// What an import needs of a file; adapters read the bytes.
namespace arrears::app {

/// Why a value or a whole record could not be read.
struct RecordProblem {
  std::string column;  ///< as the file names it; empty: the whole record
  std::string value;   ///< cut to a readable length
  std::string code;
  std::string message;
};

/// One record. Its views end with the next call of `next`.
struct SourceRecord {
  std::int64_t line = 0;  ///< physical line, 1-based
  /// One per selected column, in canonical text: a day as 2026-06-01, an amount or rate as plain
  /// decimal ("-12.50", with the currency written beside it: "-12.50 EUR"), a flag as "1" or "0".
  /// Empty where the file has nothing or where there is a problem.
  std::vector<std::string_view> values;
  std::vector<RecordProblem> problems;  ///< none: the record can be used
};

/// Records of a file, as often as wanted from the start.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Of the file's bytes, hex.
  virtual std::string hash() = 0;
  /// Column names.
  virtual const std::vector<std::string>& header() = 0;
  /// Chooses the columns and starts over. Refuses a file that could be read in two ways.
  virtual base::Result<base::Done> select(const std::vector<FieldColumn>& columns) = 0;
  /// The next record, sound or not; null at the end.
  virtual const SourceRecord* next() = 0;
  /// About the file as a whole, without effect on its records ("the encoding is a guess").
  virtual std::vector<std::string> notes() = 0;
};

/// The rejected records as they stood, each with its line and problem, importable once corrected.
class RejectFile {
 public:
  virtual ~RejectFile() = default;
  /// `problem`: code and text. Lines mostly rise.
  virtual void add(std::int64_t line, std::string_view problem) = 0;
  /// Makes the file complete.
  virtual void finish() = 0;
};

}  // namespace arrears::app
