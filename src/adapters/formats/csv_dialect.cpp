#include "adapters/formats/csv_dialect.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "adapters/formats/text_encoding.h"
#include "adapters/formats/utf8.h"
#include "base/text.h"

namespace arrears::formats {

namespace {
constexpr std::size_t delimiter_size_max = 8;
constexpr std::array<std::string_view, 4> candidates = {",", ";", "\t", "|"};

/// What a sample looks like when it is scanned in one dialect.
struct Reading {
  std::int64_t records = 0;
  std::int64_t troubles = 0;      ///< records with quotes that make no sense
  std::int64_t alike = 0;         ///< sensible records with the most frequent number of fields
  std::size_t usual_fields = 0;   ///< that number
  std::size_t header_fields = 0;  ///< fields of the first record
};

Reading read_sample(std::string_view sample, bool complete, const Dialect& dialect) {
  const CsvScanner scanner(dialect);
  ScannedRecord record;
  Reading reading;
  std::map<std::size_t, std::int64_t> counts;
  for (;;) {
    std::int64_t lines = 0;
    bool more = false;
    sample.remove_prefix(scanner.skip(sample, complete, lines, more));
    if (sample.empty()) break;
    ScanStatus status = scanner.scan(sample, complete, record);
    if (status == ScanStatus::more) break;
    const bool sensible = status == ScanStatus::record && record.stray_field < 0;
    if (status != ScanStatus::record) status = scanner.scan_literally(sample, complete, record);
    if (status == ScanStatus::more) break;
    if (reading.records == 0) reading.header_fields = record.fields.size();
    ++reading.records;
    if (sensible) {
      ++counts[record.fields.size()];
    } else {
      ++reading.troubles;
    }
    sample.remove_prefix(record.consumed);
  }
  for (const auto& [fields, count] : counts) {
    if (count < reading.alike) continue;
    reading.alike = count;
    reading.usual_fields = fields;
  }
  return reading;
}

/// Higher is likelier; negative if the delimiter does not separate anything.
std::int64_t score(const Reading& reading) {
  if (reading.records == 0 || reading.usual_fields < 2) return -1;
  const std::int64_t like_header = reading.header_fields == reading.usual_fields ? 200 : 0;
  return 1000 * reading.alike / reading.records + like_header +
         static_cast<std::int64_t>(std::min<std::size_t>(reading.usual_fields, 50));
}
}  // namespace

base::Result<std::string, FieldError> parse_delimiter(std::string_view text) {
  using Name = std::pair<std::string_view, std::string_view>;
  static constexpr auto names = std::to_array<Name>({{"auto", ""},
                                                     {"comma", ","},
                                                     {"semicolon", ";"},
                                                     {"tab", "\t"},
                                                     {"\\t", "\t"},
                                                     {"pipe", "|"},
                                                     {"space", " "}});
  for (const auto& [name, delimiter] : names) {
    if (text == name) return std::string(delimiter);
  }
  const bool usable = !text.empty() && is_utf8(text) && text.size() <= delimiter_size_max &&
                      text.find_first_of(std::string_view("\"\r\n\0", 4)) == text.npos;
  if (usable) return std::string(text);
  return FieldError{Reason::unknown_option,
                    "--delimiter '" + excerpt(text) +
                        "' cannot separate fields. Give one to eight characters without quotes "
                        "and line ends, or auto, comma, semicolon, tab or pipe."};
}

base::Result<std::string, FieldError> parse_encoding(std::string_view text) {
  if (text == "auto") return std::string();
  if (std::optional<std::string> name = encoding_name(text)) return *std::move(name);
  return FieldError{Reason::unknown_option,
                    "--encoding '" + excerpt(text) +
                        "' is not known. Give auto, utf-8, utf-16le, utf-16be, latin-1, "
                        "windows-1252, shift_jis or another name that ICU knows."};
}

Dialect detect_dialect(std::string_view sample, bool complete, std::string_view delimiter,
                       QuoteEscape escape, char comment) {
  Dialect best{delimiter.empty() ? "," : std::string(delimiter), escape == QuoteEscape::backslash,
               comment};
  std::int64_t best_score = -1;
  const bool try_backslash = escape == QuoteEscape::automatic && sample.find("\\\"") != sample.npos;
  const auto consider = [&](std::string_view candidate) {
    Dialect dialect{std::string(candidate), escape == QuoteEscape::backslash, comment};
    Reading reading = read_sample(sample, complete, dialect);
    if (try_backslash && reading.troubles > 0) {
      const Dialect other{std::string(candidate), /*backslash_escapes=*/true, comment};
      const Reading other_reading = read_sample(sample, complete, other);
      if (other_reading.troubles == 0 && other_reading.records > 0) {
        dialect = other;
        reading = other_reading;
      }
    }
    const std::int64_t candidate_score = score(reading);
    const bool better = candidate_score > best_score;
    // A file of one column has no delimiter to find, but may still escape its quotes.
    const bool as_good = candidate_score == best_score && candidate == best.delimiter;
    if (better || as_good) {
      best = dialect;
      best_score = candidate_score;
    }
  };
  if (!delimiter.empty()) {
    consider(delimiter);
  } else {
    for (const std::string_view candidate : candidates) consider(candidate);
  }
  return best;
}

std::size_t separator_line(std::string_view text, std::string& delimiter) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == text.npos) return 0;
  std::string_view line = text.substr(0, end);
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  if (line.size() <= 4 || base::to_lower_ascii(line.substr(0, 4)) != "sep=") return 0;
  const auto parsed = parse_delimiter(line.substr(4));
  if (!parsed.ok() || parsed->empty()) return 0;
  delimiter = *parsed;
  return end + static_cast<std::size_t>(line_end_size(text, end, /*complete=*/true));
}

}  // namespace arrears::formats
