#include "adapters/formats/csv_reader.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "adapters/formats/utf8.h"
#include "base/check.h"
#include "base/text.h"

namespace arrears::formats {

namespace {
std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}
}  // namespace

CsvReader CsvReader::open(const std::string& path, const CsvOptions& options) {
  return CsvReader(open_file(path), options);
}

CsvReader CsvReader::over(std::string_view bytes, const CsvOptions& options) {
  return CsvReader(from_memory(bytes), options);
}

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options)
    : options_(options), source_(std::move(source)) {
  ARREARS_REQUIRE(options_.block_bytes > 0 && options_.record_bytes_max > 0);
  ARREARS_REQUIRE(options_.record_bytes_max < (std::size_t{1} << 31));
  encoding_ = find_encoding(*source_, options_.encoding);
  if (!encoding_.not_text.empty()) {
    finished_ = true;
    report(Reason::not_text, 0, 0, {},
           "This is " + encoding_.not_text + ", not text. Save or unpack it as CSV first.");
    return;
  }
  if (encoding_.guessed) {
    report(Reason::guessed_encoding, 0, 0, {},
           "The file is not UTF-8; it is read as windows-1252. If names look wrong, give "
           "--encoding.");
  }
  decoder_ = std::make_unique<Decoder>(*source_, encoding_);
  start();
  if (options_.has_header) read_header();
}

/// Skips what stands before the header and finds the dialect from what follows.
void CsvReader::start() {
  for (std::int64_t i = 0; i < options_.skip_lines; ++i) {
    skip_rest_of_line();
    ++next_line_;
  }
  const auto fill_sample = [&] {
    while (!ended_ && end_ - begin_ <= options_.sample_bytes) fill();
  };
  fill_sample();
  std::string separator;
  const std::size_t line = separator_line(text().substr(0, options_.sample_bytes), separator);
  if (line > 0) {
    begin_ += line;
    ++next_line_;
    if (options_.delimiter.empty()) options_.delimiter = separator;
    fill_sample();
  }
  const std::string_view sample = text().substr(0, options_.sample_bytes);
  const bool complete = ended_ && sample.size() == text().size();
  scanner_ = CsvScanner(
      detect_dialect(sample, complete, options_.delimiter, options_.escape, options_.comment));
}

void CsvReader::read_header() {
  if (!read_record()) {
    finished_ = true;
    report(Reason::empty_file, 0, 0, {}, "The file is empty. Export it again with its header.");
    return;
  }
  header_raw_ = record_.raw;
  name_columns(record_.fields, record_.line);
}

void CsvReader::name_columns(const std::vector<std::string_view>& names, std::int64_t line) {
  std::unordered_set<std::string> taken;
  for (const std::string_view name : names) taken.emplace(base::trim(name));
  std::unordered_set<std::string> used;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const int column = static_cast<int>(i) + 1;
    std::string name(base::trim(names[i]));
    const bool unnamed = name.empty();
    if (unnamed) name = "column " + std::to_string(column);
    std::string unique = name;
    for (int copy = 2; used.contains(unique) || (unique != name && taken.contains(unique));) {
      unique = name + " (" + std::to_string(copy++) + ")";
    }
    used.insert(unique);
    header_.push_back(unique);
    if (unnamed && options_.has_header) {
      report(Reason::unnamed_column, line, column, {},
             "Column " + std::to_string(column) + " has no name; it is called '" + unique + "'.");
    } else if (!unnamed && unique != name) {
      report(Reason::duplicate_column, line, column, name,
             "Column " + std::to_string(column) + " repeats the name '" + excerpt(name) +
                 "'; it is called '" + excerpt(unique) + "'.");
    }
  }
  named_ = true;
}

const CsvRecord* CsvReader::next() {
  if (finished_) return nullptr;
  if (!read_record()) {
    finished_ = true;
    if (record_count_ == 0 && options_.has_header) {
      report(Reason::header_only, 0, 0, {}, "The file has a header and no records.");
    } else if (record_count_ == 0) {
      report(Reason::empty_file, 0, 0, {}, "The file is empty.");
    }
    return nullptr;
  }
  if (!named_) {
    name_columns(std::vector<std::string_view>(record_.fields.size()), record_.line);
  }
  check_shape();
  ++record_count_;
  if (!record_.sound) ++rejected_count_;
  return &record_;
}

/// Reads the next record of whatever kind into record_; false at the end of the file.
bool CsvReader::read_record() {
  take(taken_);
  if (cut_line_) {
    skip_rest_of_line();
    ++next_line_;
    cut_line_ = false;
  }
  for (;;) {
    const bool at_limit = text().size() > options_.record_bytes_max;
    const std::string_view view = text().substr(0, options_.record_bytes_max);
    const bool complete = ended_ && view.size() == text().size();
    bool more = false;
    const std::size_t skipped = scanner_.skip(view, complete, next_line_, more);
    if (skipped > 0) {
      begin_ += skipped;
      continue;
    }
    if (view.empty() && complete) return false;
    ScanStatus status = more ? ScanStatus::more : scanner_.scan(view, complete, scanned_);
    if (status == ScanStatus::more && !at_limit) {
      fill();
      continue;
    }
    const bool cut = status == ScanStatus::more;
    if (cut) status = scanner_.scan(view, /*complete=*/true, scanned_);
    record_.line = next_line_;
    record_.sound = true;
    if (status == ScanStatus::unclosed_quote) {
      read_rejected_line(Reason::unclosed_quote);
    } else if (status == ScanStatus::swallowed) {
      read_rejected_line(Reason::stray_quote);
    } else if (cut && scanned_.consumed == scanned_.size) {
      read_rejected_line(Reason::line_too_long);
    } else {
      make_fields();
    }
    return true;
  }
}

/// Delivers one physical line of text that cannot be read as a record.
void CsvReader::read_rejected_line(Reason reason) {
  const std::int64_t line =
      record_.line + (reason == Reason::line_too_long ? 0 : scanned_.open_line);
  const int column = reason == Reason::line_too_long ? 0 : scanned_.open_field + 1;
  const std::string_view view = text().substr(0, options_.record_bytes_max);
  const bool complete = ended_ && view.size() == text().size();
  scanner_.scan_literally(view, /*complete=*/true, scanned_);
  cut_line_ = !complete && scanned_.consumed == scanned_.size;
  make_fields();
  if (reason == Reason::unclosed_quote) {
    report(reason, line, column, {},
           "A quote opens here and is never closed. Only this line is rejected, the next ones are "
           "read again. Close or remove the quote.");
  } else if (reason == Reason::stray_quote) {
    report(reason, line, column, {},
           "A quote opens here and closes lines later, before other text. Only this line is "
           "rejected. Double the quotes that belong to the value, or remove them.");
  }
  if (cut_line_ || reason == Reason::line_too_long) {
    report(Reason::line_too_long, record_.line, 0, {},
           "The record is longer than " + counted(options_.record_bytes_max, "byte") +
               (cut_line_ ? ". The rest of its line is not kept."
                          : ". Only its first line is rejected, the next ones are read again."));
  }
}

/// Forgets the first `size` bytes of the buffer.
void CsvReader::take(std::size_t size) {
  begin_ += size;
  taken_ = 0;
}

/// Makes record_ from scanned_.
void CsvReader::make_fields() {
  record_.raw = text().substr(0, scanned_.size);
  record_.fields.clear();
  for (const ScannedField& field : scanned_.fields) {
    record_.fields.push_back(text().substr(field.begin, field.size));
  }
  taken_ = scanned_.consumed;
  next_line_ += scanned_.lines;
  unescaped_.clear();
  for (std::size_t i = 0; i < scanned_.fields.size(); ++i) {
    if (!scanned_.fields[i].escaped) continue;
    // Values only become shorter, so that the capacity holds and earlier views stay.
    if (unescaped_.capacity() < scanned_.size) unescaped_.reserve(scanned_.size);
    const std::size_t begin = unescaped_.size();
    scanner_.unescape(record_.fields[i], unescaped_);
    record_.fields[i] = std::string_view(unescaped_).substr(begin);
  }
  if (scanned_.stray_field >= 0) {
    const auto field = static_cast<std::size_t>(scanned_.stray_field);
    report(Reason::stray_quote, record_.line, scanned_.stray_field + 1, record_.fields[field],
           "Text follows the closing quote. Double the quotes that belong to the value, or remove "
           "them.");
    scanned_.stray_field = -1;
  }
  if (plain_prefix(record_.raw) != record_.raw.size()) check_text();
}

/// Looks for what is not text in the fields of a record that is not plain ASCII.
void CsvReader::check_text() {
  const bool suspect =
      !is_utf8(record_.raw) || record_.raw.find('\0') != record_.raw.npos ||
      (!decoder_->is_utf8() && record_.raw.find(replacement_character) != record_.raw.npos);
  if (!suspect) return;
  repairs_.clear();
  repairs_.reserve(record_.fields.size());
  for (std::size_t i = 0; i < record_.fields.size(); ++i) {
    check_field(i, record_.fields[i]);
    repairs_.push_back(repaired(record_.fields[i]));
    record_.fields[i] = repairs_.back();
  }
}

void CsvReader::check_field(std::size_t column, std::string_view value) {
  const int number = static_cast<int>(column) + 1;
  if (value.find('\0') != value.npos) {
    report(Reason::nul_byte, record_.line, number, value,
           "The value holds a NUL byte. Export the file again, or remove it.");
  }
  if (!is_utf8(value)) {
    report(Reason::invalid_utf8, record_.line, number, value,
           "The value is not UTF-8. Give the file's encoding with --encoding, for example "
           "windows-1252.");
  } else if (!decoder_->is_utf8() && value.find(replacement_character) != value.npos) {
    report(
        Reason::invalid_encoding, record_.line, number, value,
        "The value has bytes that " + encoding_.name + " does not know. Give another --encoding.");
  }
}

/// Compares the number of fields with the header.
void CsvReader::check_shape() {
  std::vector<std::string_view>& fields = record_.fields;
  if (fields.size() == header_.size()) return;
  const std::string found = "The record has " + counted(fields.size(), "field") +
                            ", the header has " + counted(header_.size(), "column") + ". ";
  if (fields.size() < header_.size()) {
    report(Reason::too_few_fields, record_.line, static_cast<int>(fields.size()) + 1, {},
           found + "Look for a missing delimiter or a line break inside a value.");
    fields.resize(header_.size());
    return;
  }
  const auto extra = fields.begin() + static_cast<std::ptrdiff_t>(header_.size());
  const bool all_empty = std::all_of(extra, fields.end(), [](auto f) { return f.empty(); });
  if (!all_empty) {
    report(Reason::too_many_fields, record_.line, static_cast<int>(header_.size()) + 1, *extra,
           found + "Put values that hold the delimiter in quotes.");
  } else if (!std::exchange(reported_extra_empty_, true)) {
    report(Reason::extra_empty_fields, record_.line, static_cast<int>(header_.size()) + 1, {},
           found + "The empty ones at the end are ignored, here and in later records.");
  }
}

/// Takes everything up to and including the next line end.
void CsvReader::skip_rest_of_line() {
  for (;;) {
    const std::size_t at = text().find_first_of("\r\n");
    const int size = at == std::string_view::npos ? 0 : line_end_size(text(), at, ended_);
    if (size > 0) {
      begin_ += at + static_cast<std::size_t>(size);
      return;
    }
    begin_ = size < 0 ? begin_ + at : end_;
    if (!fill()) return;
  }
}

/// Reads one more block; false if there is none. Moves what is left to the front.
bool CsvReader::fill() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Twice as much each time, so that a long record is scanned again only a few times.
  const std::size_t wanted = std::max(options_.block_bytes, end_);
  if (buffer_.size() < end_ + wanted) buffer_.resize(end_ + wanted);
  const std::size_t count = decoder_->read(buffer_.data() + end_, wanted);
  end_ += count;
  ended_ = count == 0;
  return !ended_;
}

void CsvReader::report(Reason reason, std::int64_t line, int column, std::string_view value,
                       std::string text) {
  if (rejects(reason)) record_.sound = false;
  ++problem_count_;
  if (problems_.size() >= options_.problems_max) return;
  const auto index = static_cast<std::size_t>(column) - 1;
  const bool has_name = column > 0 && index < header_.size();
  problems_.push_back({line, column, has_name ? header_[index] : std::string(), excerpt(value),
                       reason, std::move(text)});
}

Problem CsvReader::problem_at(const CsvRecord& record, std::size_t column,
                              const FieldError& error) const {
  return {record.line,
          static_cast<int>(column) + 1,
          column < header_.size() ? header_[column] : std::string(),
          column < record.fields.size() ? excerpt(record.fields[column]) : std::string(),
          error.reason,
          error.text};
}

}  // namespace arrears::formats
