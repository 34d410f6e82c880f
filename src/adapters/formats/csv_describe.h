#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/formats/csv_fields.h"
#include "adapters/formats/csv_reader.h"
#include "adapters/formats/problem.h"

/// What an import would see in a file, before anything is imported: --dry-run, the import screen.
namespace arrears::formats {

/// What the values of a column look like. A guess, for people; an import asks for what it needs.
enum class ColumnKind : std::uint8_t {
  empty,       ///< no value in the sample
  date,        ///< every value is a day
  amount,      ///< every value is an amount, some with decimals or a currency
  whole,       ///< every value is a whole number without leading zeros
  identifier,  ///< digits that are a name: leading zeros, or the ".0" of a float
  text,
};

/// "empty", "date", "amount", "whole", "identifier", "text".
std::string_view name(ColumnKind kind);

struct ColumnDescription {
  std::string name;  ///< as in CsvReader::header()
  ColumnKind kind = ColumnKind::empty;
  DateStyle dates = DateStyle::automatic;           ///< of a date column
  DecimalStyle decimals = DecimalStyle::automatic;  ///< of an amount column
  /// What keeps the values from being read without an option: ambiguous or mixed styles.
  std::optional<FieldError> question;
  std::int64_t empty_values = 0;  ///< in the sample
};

struct FileDescription {
  std::string encoding;
  bool has_bom = false;
  Dialect dialect;
  std::vector<ColumnDescription> columns;
  std::vector<std::vector<std::string>> sample;  ///< the first sound records
  std::int64_t records_seen = 0;                 ///< sound and unsound
  bool whole_file = false;                       ///< the sample is everything
  std::vector<Problem> problems;                 ///< of what was seen
};

/// Reads up to `records_max` records and describes the file; keeps the first `sample_max` of them.
FileDescription describe(CsvReader reader, std::int64_t records_max = 1000,
                         std::size_t sample_max = 10);

}  // namespace arrears::formats
