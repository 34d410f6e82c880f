#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The grammar of CSV on text that is already in memory: where a record and its fields begin and
/// end. Knows no file, no header and no column.
namespace arrears::formats {

/// How a file separates and quotes.
struct Dialect {
  std::string delimiter = ",";
  bool backslash_escapes = false;  ///< `\"` and `\\` inside quotes, besides the doubled quote
  char comment = '\0';             ///< lines that start with it are skipped; NUL: none
};

/// One field within the scanned text, without its quotes.
struct ScannedField {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  bool escaped = false;  ///< holds quotes or backslashes to be undone
};

enum class ScanStatus : std::uint8_t {
  record,          ///< a whole record
  more,            ///< the text ends before the record does
  unclosed_quote,  ///< the text is complete and a quote is still open
  swallowed,       ///< a quote that spans lines closes before other text: it was not meant as one
};

/// What scan() found. Kept by the caller and used again, to save allocations.
struct ScannedRecord {
  std::vector<ScannedField> fields;
  std::size_t size = 0;        ///< bytes of the record without its line end
  std::size_t consumed = 0;    ///< bytes with its line end
  std::int64_t lines = 0;      ///< line ends consumed
  int stray_field = -1;        ///< field (0-based) with text after its closing quote
  int open_field = -1;         ///< field (0-based) whose quote is unclosed or has swallowed lines
  std::int64_t open_line = 0;  ///< line ends before that quote
};

class CsvScanner {
 public:
  explicit CsvScanner(Dialect dialect);

  const Dialect& dialect() const { return dialect_; }

  /// Skips empty lines, lines of blanks and comment lines at the start of `text`; adds to `lines`.
  /// Returns the bytes skipped. `more` is set when the next line is not decided yet.
  std::size_t skip(std::string_view text, bool complete, std::int64_t& lines, bool& more) const;

  /// Scans the record at the start of `text`. `complete`: nothing follows `text`. Answers depend
  /// only on the bytes, never on how many of them happen to be there.
  ScanStatus scan(std::string_view text, bool complete, ScannedRecord& out) const;

  /// Scans one physical line without giving quotes a meaning.
  ScanStatus scan_literally(std::string_view text, bool complete, ScannedRecord& out) const;

  /// Appends the field's value, with its escapes undone.
  void unescape(std::string_view field, std::string& out) const;

 private:
  enum class Stop : std::uint8_t { nothing, delimiter, line_end, text_end, more };
  struct Found {
    Stop stop;
    std::size_t at;    ///< first byte of the delimiter or line end
    std::size_t size;  ///< its bytes
  };
  using Table = std::array<bool, 256>;

  Found find_field_end(std::string_view text, std::size_t from, bool complete) const;
  Found field_end_at(std::string_view text, std::size_t at, bool complete) const;
  bool scan_quoted(std::string_view text, std::size_t from, bool complete, ScannedRecord& out,
                   Found& found, ScanStatus& status) const;
  Found after_quote(std::string_view text, std::size_t begin, std::size_t close, bool complete,
                    ScannedRecord& out) const;
  bool is_blank_beside_delimiter(char c) const;

  Dialect dialect_;
  Table field_stops_{};
  Table quoted_stops_{};
};

/// Bytes of the line end at `at`: 2 for CRLF, 1 for LF or a lone CR, 0 if there is none, and -1 if
/// a CR stands at the end of text that is not complete.
int line_end_size(std::string_view text, std::size_t at, bool complete);

}  // namespace arrears::formats
