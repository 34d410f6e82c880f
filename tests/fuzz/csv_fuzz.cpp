// Any bytes, several options. Nothing crashes; records do not depend on the block size; fields are
// UTF-8; a record without a problem, written and read again, is the same; raw text reads as before.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/csv_describe.h"
#include "adapters/formats/csv_reader.h"
#include "adapters/formats/csv_writer.h"
#include "adapters/formats/utf8.h"
#include "property.h"

namespace {
using arrears::formats::CsvOptions;
using arrears::formats::CsvReader;
using arrears::formats::CsvRecord;
using arrears::formats::Dialect;
using arrears::formats::FileDescription;
using arrears::formats::is_utf8;
using arrears::formats::Problem;
using arrears::formats::QuoteEscape;

struct Kept {
  std::int64_t line;
  std::string raw;
  std::vector<std::string> fields;
  bool sound;
  bool operator==(const Kept&) const = default;
};

struct Outcome {
  std::vector<Kept> records;
  std::vector<std::string> header;
  std::vector<std::string> problems;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, const CsvOptions& options) {
  CsvReader reader = CsvReader::over(bytes, options);
  Outcome out;
  std::int64_t last_line = 0;
  while (const CsvRecord* record = reader.next()) {
    FUZZ_PROPERTY(record->line > last_line);
    last_line = record->line;
    FUZZ_PROPERTY(record->fields.size() >= reader.header().size());
    for (const std::string_view field : record->fields) {
      FUZZ_PROPERTY(is_utf8(field) && field.find('\0') == field.npos);
    }
    out.records.push_back({record->line,
                           std::string(record->raw),
                           {record->fields.begin(), record->fields.end()},
                           record->sound});
  }
  FUZZ_PROPERTY(reader.next() == nullptr);
  out.header = reader.header();
  for (const Problem& problem : reader.problems()) {
    FUZZ_PROPERTY(is_utf8(problem.value) && is_utf8(problem.text));
    out.problems.push_back(std::string(code(problem.reason)) + std::to_string(problem.line) + ":" +
                           std::to_string(problem.column));
  }
  return out;
}

/// The fields of the sound records.
std::vector<std::vector<std::string>> sound_fields(const Outcome& outcome) {
  std::vector<std::vector<std::string>> fields;
  for (const Kept& record : outcome.records) {
    if (record.sound) fields.push_back(record.fields);
  }
  return fields;
}

/// The fields of all records of `bytes`, whose first line is a filler, because "sep=" has a meaning
/// there; it is quoted, because any other byte may be the delimiter.
std::vector<std::vector<std::string>> read_again(std::string_view bytes,
                                                 const CsvOptions& options) {
  const Outcome again = read(bytes, options);
  std::vector<std::vector<std::string>> fields;
  for (const Kept& record : again.records) fields.push_back(record.fields);
  FUZZ_PROPERTY(!fields.empty());
  fields.erase(fields.begin());
  return fields;
}

void check_round_trip(const Outcome& outcome) {
  CsvOptions options;
  options.has_header = false;
  options.delimiter = ",";
  options.encoding = "utf-8";
  options.escape = QuoteEscape::doubled;
  const auto fields = sound_fields(outcome);
  std::string bytes = "\"0\"\n";
  for (const auto& record : fields) {
    arrears::formats::write_csv_record(bytes, std::span<const std::string>(record));
  }
  FUZZ_PROPERTY(read_again(bytes, options) == fields);
}

/// A reject file holds raw lines; what was sound in the file is sound in it.
void check_raw(const Outcome& outcome, CsvOptions options, const Dialect& dialect) {
  options.has_header = false;
  options.skip_lines = 0;
  options.encoding = "utf-8";
  options.delimiter = dialect.delimiter;
  options.escape = dialect.backslash_escapes ? QuoteEscape::backslash : QuoteEscape::doubled;
  std::string bytes = "\"0\"\n";
  for (const Kept& record : outcome.records) {
    if (record.sound) bytes += record.raw + "\n";
  }
  FUZZ_PROPERTY(read_again(bytes, options) == sound_fields(outcome));
}

void check(std::string_view bytes, CsvOptions options) {
  options.block_bytes = 1 << 12;
  options.sample_bytes = 48;  // little, so that small blocks end within records
  const Outcome whole = read(bytes, options);
  for (const std::size_t block : {1, 7, 64}) {
    CsvOptions small = options;
    small.block_bytes = block;
    FUZZ_PROPERTY(read(bytes, small) == whole);
  }
  check_round_trip(whole);
  check_raw(whole, options, CsvReader::over(bytes, options).dialect());
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > (1 << 14)) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CsvOptions options;
  check(bytes, options);
  // One further set of options per input, chosen by its bytes, keeps this fast.
  std::uint8_t choice = 0;
  for (const char c : bytes) choice = static_cast<std::uint8_t>(choice * 31 + c);
  constexpr const char* encodings[] = {"utf-8", "utf-16le", "windows-1252", "shift_jis"};
  switch (choice % 4) {
    case 0:
      options.has_header = false;
      options.record_bytes_max = 48;
      break;
    case 1:
      options.record_bytes_max = 1 << 12;
      options.delimiter = "ab";
      options.comment = '#';
      options.escape = QuoteEscape::backslash;
      options.skip_lines = 1;
      break;
    default:
      options.encoding = encodings[choice / 4 % 4];
  }
  check(bytes, options);
  const FileDescription seen = arrears::formats::describe(CsvReader::over(bytes));
  FUZZ_PROPERTY(seen.whole_file || seen.records_seen > 0);
  return 0;
}
