#include "adapters/formats/csv_import_source.h"

#include <sodium.h>

#include <array>
#include <charconv>

#include "adapters/formats/csv_dialect.h"
#include "adapters/formats/utf8.h"
#include "base/text.h"

namespace arrears::formats {

using app::FieldType;
using app::ImportRefusal;

namespace {

constexpr std::size_t problems_kept_max = 100'000;
constexpr std::size_t notes_max = 20;

base::Refusal unknown_option(const FieldError& error) {
  return base::refuse(ImportRefusal::option_unknown, error.text);
}

/// Yes and no in the usual spellings.
std::optional<bool> read_flag(std::string_view text) {
  const std::string word = base::to_lower_ascii(text);
  for (const std::string_view yes : {"1", "yes", "y", "true", "t", "x", "ja", "oui"})
    if (word == yes) return true;
  for (const std::string_view no : {"0", "no", "n", "false", "f", "nein", "non"})
    if (word == no) return false;
  return {};
}

/// What tables of rates write where there is no rate.
bool is_no_rate(std::string_view text) {
  return text == "N/A" || text == "n/a" || text == "-" || text == ".";
}

void append_day(const DateField& day, std::string& out) {
  const auto two = [&](int number) {
    out += static_cast<char>('0' + number / 10);
    out += static_cast<char>('0' + number % 10);
  };
  two(day.year / 100);
  two(day.year % 100);
  out += '-';
  two(day.month);
  out += '-';
  two(day.day);
}

}  // namespace

base::Result<CsvOptions> csv_options(const app::ImportOptions& options) {
  CsvOptions csv;
  csv.problems_max = problems_kept_max;
  if (!options.delimiter.empty()) {
    const auto delimiter = parse_delimiter(options.delimiter);
    if (!delimiter) return unknown_option(delimiter.error());
    csv.delimiter = *delimiter;
  }
  if (!options.encoding.empty()) {
    const auto encoding = parse_encoding(options.encoding);
    if (!encoding) return unknown_option(encoding.error());
    csv.encoding = *encoding;
  }
  return csv;
}

base::Result<std::unique_ptr<CsvImportSource>> CsvImportSource::open(
    const std::string& path, const app::ImportOptions& options) {
  const auto csv = csv_options(options);
  if (!csv) return csv.error();
  const auto dates =
      parse_date_style(options.dates.empty() ? std::string_view("auto") : options.dates);
  if (!dates) return unknown_option(dates.error());
  const auto decimals =
      parse_decimal_style(options.decimals.empty() ? std::string_view("auto") : options.decimals);
  if (!decimals) return unknown_option(decimals.error());
  std::unique_ptr<CsvImportSource> source(new CsvImportSource(path, *csv, *dates, *decimals));
  for (const Problem& problem : source->reader_->problems()) {
    if (problem.reason == Reason::not_text)
      return base::refuse(ImportRefusal::not_text, problem.text);
    if (problem.reason == Reason::empty_file)
      return base::refuse(ImportRefusal::file_empty, problem.text);
  }
  return source;
}

CsvImportSource::CsvImportSource(std::string path, CsvOptions options, DateStyle dates,
                                 DecimalStyle decimals)
    : path_(std::move(path)), options_(std::move(options)), dates_(dates), decimals_(decimals) {
  start_over();
}

void CsvImportSource::start_over() {
  reader_ = std::make_unique<CsvReader>(CsvReader::open(path_, options_));
  problems_taken_ = 0;
  notes_.clear();
  take_problems();
}

std::string CsvImportSource::hash() {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  const auto source = open_file(path_);
  std::vector<char> block(1 << 18);
  while (const std::size_t size = source->read(block.data(), block.size())) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(block.data()), size);
  }
  std::array<unsigned char, crypto_generichash_BYTES> digest{};
  crypto_generichash_final(&state, digest.data(), digest.size());
  std::array<char, crypto_generichash_BYTES * 2 + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

base::Result<base::Done> CsvImportSource::select(const std::vector<app::FieldColumn>& columns) {
  columns_.clear();
  for (const app::FieldColumn& column : columns)
    columns_.push_back({column, dates_, decimals_, {}});
  if (const auto found = find_styles(); !found) return found.error();
  start_over();
  return base::Done{};
}

/// Reads the whole file where the style of a column is still open.
base::Result<base::Done> CsvImportSource::find_styles() {
  std::vector<std::pair<Column*, DateStyleFinder>> dates;
  std::vector<std::pair<Column*, DecimalStyleFinder>> decimals;
  DecimalStyleFinder rates;
  bool has_rates = false;
  for (Column& column : columns_) {
    const FieldType type = column.field.type;
    if (type == FieldType::date && dates_ == DateStyle::automatic) dates.push_back({&column, {}});
    if (type == FieldType::amount && decimals_ == DecimalStyle::automatic)
      decimals.push_back({&column, {}});
    if (type == FieldType::rate && decimals_ == DecimalStyle::automatic) has_rates = true;
  }
  if (dates.empty() && decimals.empty() && !has_rates) return base::Done{};
  start_over();
  while (const CsvRecord* record = reader_->next()) {
    if (!record->sound) continue;
    const auto value = [&](const Column& column) {
      return record->fields[static_cast<std::size_t>(column.field.column)];
    };
    for (auto& [column, finder] : dates) finder.see(value(*column));
    for (auto& [column, finder] : decimals) finder.see(value(*column));
    for (const Column& column : columns_)
      if (has_rates && column.field.type == FieldType::rate) rates.see(value(column));
  }
  for (auto& [column, finder] : dates) {
    const auto style = finder.style();
    if (!style) {
      return base::refuse(ImportRefusal::dates_unsettled,
                          "Column " + column->field.title + ": " + style.error().text);
    }
    column->dates = *style;
  }
  for (auto& [column, finder] : decimals) {
    const auto style = finder.style();
    if (!style) {
      return base::refuse(ImportRefusal::decimals_unsettled,
                          "Column " + column->field.title + ": " + style.error().text);
    }
    column->decimals = *style;
  }
  if (!has_rates) return base::Done{};
  const auto style = rates.style();
  if (!style) return base::refuse(ImportRefusal::decimals_unsettled, style.error().text);
  for (Column& column : columns_)
    if (column.field.type == FieldType::rate) column.decimals = *style;
  return base::Done{};
}

const app::SourceRecord* CsvImportSource::next() {
  const CsvRecord* record = reader_->next();
  record_.problems.clear();
  take_problems();
  if (!record) return nullptr;
  record_.line = record->line;
  record_.values.assign(columns_.size(), {});
  if (!record->sound) {
    if (record_.problems.empty()) {
      const base::Refusal refusal = base::refuse(ImportRefusal::row_unreadable,
                                                 "Line " + std::to_string(record->line) +
                                                     " cannot be read; so many lines have problems "
                                                     "that its own is not kept");
      record_.problems.push_back({"", "", refusal.code, refusal.message});
    }
    return &record_;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) record_.values[i] = read(*record, columns_[i]);
  return &record_;
}

/// New problems of the reader: those of the record, and what is only worth a note.
void CsvImportSource::take_problems() {
  const std::vector<Problem>& problems = reader_->problems();
  for (; problems_taken_ < problems.size(); ++problems_taken_) {
    const Problem& problem = problems[problems_taken_];
    if (problem.line > 0 && rejects(problem.reason)) {
      // Without the column's name: the whole record cannot be used.
      record_.problems.push_back(
          {"", problem.value, std::string(code(problem.reason)),
           (problem.column_name.empty() ? "" : "Column " + problem.column_name + ": ") +
               problem.text});
    } else if (notes_.size() < notes_max) {
      notes_.push_back(problem.text);
    }
  }
}

std::string_view CsvImportSource::fail(const CsvRecord& record, const Column& column,
                                       const FieldError& error) {
  const Problem problem =
      reader_->problem_at(record, static_cast<std::size_t>(column.field.column), error);
  record_.problems.push_back(
      {problem.column_name, problem.value, std::string(code(problem.reason)), problem.text});
  return {};
}

std::string_view CsvImportSource::read(const CsvRecord& record, Column& column) {
  const std::string_view text =
      base::trim(record.fields[static_cast<std::size_t>(column.field.column)]);
  if (text.empty()) return {};
  std::string& canonical = column.canonical;
  canonical.clear();
  switch (column.field.type) {
    case FieldType::text:
      return text;
    case FieldType::id:
      if (is_spreadsheet_damage(text)) {
        return fail(record, column,
                    {Reason::spreadsheet_damage,
                     "'" + excerpt(text) +
                         "' was written by a spreadsheet in place of the number. "
                         "Export the column as text."});
      }
      return without_float_tail(text).value_or(text);
    case FieldType::integer:
      return without_float_tail(text).value_or(text);
    case FieldType::date: {
      const auto day = read_date(text, column.dates);
      if (!day) return fail(record, column, day.error());
      append_day(*day, canonical);
      return canonical;
    }
    case FieldType::rate:
      if (is_no_rate(text)) return {};
      [[fallthrough]];
    case FieldType::amount: {
      auto amount = read_amount(text, column.decimals);
      if (!amount) return fail(record, column, amount.error());
      canonical = std::move(amount->amount);
      if (!amount->currency.empty()) canonical += " " + amount->currency;
      return canonical;
    }
    case FieldType::flag: {
      const auto flag = read_flag(text);
      if (flag) return *flag ? "1" : "0";
      return fail(record, column,
                  {Reason::not_a_flag, "'" + excerpt(text) + "' is not yes or no."});
    }
  }
  return {};
}

}  // namespace arrears::formats
