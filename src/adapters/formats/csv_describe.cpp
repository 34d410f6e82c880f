#include "adapters/formats/csv_describe.h"

#include <algorithm>

#include "base/text.h"

namespace arrears::formats {

namespace {
bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_ambiguous(Reason reason) {
  return reason == Reason::ambiguous_date || reason == Reason::mixed_dates ||
         reason == Reason::ambiguous_decimal || reason == Reason::mixed_decimals;
}

/// The values of one column and what its finders make of them.
struct ColumnValues {
  std::vector<std::string> values;  ///< not empty ones
  std::int64_t empty_values = 0;
  DateStyleFinder dates;
  DecimalStyleFinder decimals;

  void see(std::string_view text) {
    text = base::trim(text);
    if (text.empty()) {
      ++empty_values;
      return;
    }
    dates.see(text);
    decimals.see(text);
    values.emplace_back(text);
  }

  bool is_identifier() const {
    const bool digits = std::all_of(values.begin(), values.end(), [](const std::string& value) {
      return all_digits(value) || without_float_tail(value).has_value();
    });
    return digits && std::any_of(values.begin(), values.end(), [](const std::string& value) {
             const bool zero_led = value.size() > 1 && value[0] == '0' && all_digits(value);
             const auto whole = without_float_tail(value);
             return zero_led || (whole && whole->size() >= 6);
           });
  }

  bool is_whole() const {
    return std::all_of(values.begin(), values.end(), [](const std::string& value) {
      return all_digits(value.starts_with('-') ? value.substr(1) : value);
    });
  }

  /// Whether `read` takes every value, or asks only for an option.
  template <class Read>
  bool all(Read read) const {
    return std::all_of(values.begin(), values.end(), [&](const std::string& value) {
      const auto result = read(value);
      return result.ok() || is_ambiguous(result.error().reason);
    });
  }
};

ColumnDescription describe_column(const std::string& column_name, const ColumnValues& column) {
  ColumnDescription out;
  out.name = column_name;
  out.empty_values = column.empty_values;
  if (column.values.empty()) return out;
  const auto dates = column.dates.style();
  const DateStyle date_style = dates.ok() ? *dates : DateStyle::automatic;
  const auto decimals = column.decimals.style();
  const DecimalStyle decimal_style = decimals.ok() ? *decimals : DecimalStyle::automatic;
  if (column.all([&](const std::string& v) { return read_date(v, date_style); })) {
    out.kind = ColumnKind::date;
    out.dates = date_style;
    if (!dates.ok()) out.question = dates.error();
  } else if (column.is_identifier()) {
    out.kind = ColumnKind::identifier;
  } else if (column.is_whole()) {
    out.kind = ColumnKind::whole;
  } else if (column.all([&](const std::string& v) { return read_amount(v, decimal_style); })) {
    out.kind = ColumnKind::amount;
    out.decimals = decimal_style;
    if (!decimals.ok()) out.question = decimals.error();
  } else {
    out.kind = ColumnKind::text;
  }
  return out;
}
}  // namespace

std::string_view name(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::empty:
      return "empty";
    case ColumnKind::date:
      return "date";
    case ColumnKind::amount:
      return "amount";
    case ColumnKind::whole:
      return "whole";
    case ColumnKind::identifier:
      return "identifier";
    case ColumnKind::text:
      return "text";
  }
  return {};
}

FileDescription describe(CsvReader reader, std::int64_t records_max, std::size_t sample_max) {
  FileDescription out;
  std::vector<ColumnValues> columns;
  while (reader.record_count() < records_max) {
    const CsvRecord* record = reader.next();
    if (record == nullptr) {
      out.whole_file = true;
      break;
    }
    if (!record->sound) continue;
    columns.resize(reader.header().size());
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].see(record->fields[i]);
    if (out.sample.size() < sample_max) {
      out.sample.emplace_back(record->fields.begin(), record->fields.end());
    }
  }
  out.encoding = reader.encoding();
  out.has_bom = reader.has_bom();
  out.dialect = reader.dialect();
  out.records_seen = reader.record_count();
  out.problems = reader.problems();
  columns.resize(reader.header().size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.columns.push_back(describe_column(reader.header()[i], columns[i]));
  }
  return out;
}

}  // namespace arrears::formats
