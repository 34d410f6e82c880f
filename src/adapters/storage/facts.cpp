#include "adapters/storage/facts.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace arrears::storage {

namespace {

/// Made once for each table.
const LaterWrite& insert_of(const FactTable& table) {
  static const auto writes = [] {
    std::unordered_map<const FactTable*, LaterWrite> map;
    for (const FactTable* each : facts::all()) {
      std::vector<std::string_view> names;
      for (const FactColumn& column : each->columns) names.push_back(column.name);
      map.emplace(each, insert_into(each->name, names));
    }
    return map;
  }();
  return writes.at(&table);
}

void check_values(const FactTable& table, FactValues values) {
  ARREARS_REQUIRE(values.size() + 1 == table.columns.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t entry = static_cast<std::size_t>(table.entry_column());
    const FactColumn& column = table.columns[i < entry ? i : i + 1];
    ARREARS_REQUIRE(values[i].kind() == column.type || (values[i].is_null() && column.nullable));
  }
}

}  // namespace

void insert_fact(Connection& connection, const FactTable& table, std::int64_t entry_id,
                 FactValues values) {
  check_values(table, values);
  constexpr std::size_t most = 32;
  std::array<Value, most> row;
  ARREARS_REQUIRE(table.columns.size() <= most);
  const auto entry = static_cast<std::ptrdiff_t>(table.entry_column());
  std::copy(values.begin(), values.begin() + entry, row.begin());
  row[static_cast<std::size_t>(entry)] = entry_id;
  std::copy(values.begin() + entry, values.end(), row.begin() + entry + 1);
  connection.write_later(insert_of(table), std::span(row).first(table.columns.size()));
}

LeafHash leaf_hash(const FactTable& table, FactValues values) {
  thread_local HashInput input("");
  input.restart("arrears fact 1");
  input.text(table.name);
  const auto entry = static_cast<std::size_t>(table.entry_column());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].is_null()) continue;
    input.byte(static_cast<std::uint8_t>(i < entry ? i : i + 1)).value(values[i]);
  }
  return input.leaf_hash();
}

void append_sort_key(const FactTable& table, FactValues values, std::string& bytes) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(table.key_columns); ++i) {
    if (values[i].kind() == Value::Kind::integer) {
      const auto bits = static_cast<std::uint64_t>(values[i].integer()) ^ (1ULL << 63);
      std::array<char, 8> key;
      for (int at = 0; at < 8; ++at)
        key[static_cast<std::size_t>(at)] = static_cast<char>(bits >> (56 - 8 * at));
      bytes.append(key.data(), key.size());
    } else {
      // Clean text has no NUL, so one ends it before any longer text that begins alike.
      bytes += values[i].text();
      bytes += '\0';
    }
  }
}

std::string select_columns(const FactTable& table) {
  std::string sql = "SELECT ";
  for (const FactColumn& column : table.columns) {
    if (&column != table.columns.data()) sql += ", ";
    sql += column.name;
  }
  return sql + " FROM " + std::string(table.name);
}

std::string select_in_order(const FactTable& table, std::string_view condition) {
  std::string sql = select_columns(table);
  sql += condition;
  for (int i = 0; i < table.key_columns; ++i) {
    sql += i > 0 ? ", " : " ORDER BY ";
    sql += table.columns[static_cast<std::size_t>(i)].name;
  }
  return sql;
}

void read_values(const FactTable& table, const Query& row, std::vector<Value>& values) {
  values.clear();
  for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
    if (i == table.entry_column()) continue;
    if (row.is_null(i)) {
      values.emplace_back();
      continue;
    }
    switch (table.columns[static_cast<std::size_t>(i)].type) {
      case Value::Kind::text:
        values.emplace_back(row.text_at(i));
        break;
      case Value::Kind::blob:
        values.emplace_back(row.blob_at(i));
        break;
      case Value::Kind::integer:
      case Value::Kind::null:
        values.emplace_back(row.int64_at(i));
        break;
    }
  }
}

std::string describe_row(const FactTable& table, FactValues values) {
  std::string text(table.name);
  std::string number;
  const auto entry = static_cast<std::size_t>(table.entry_column());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const FactColumn& column = table.columns[i < entry ? i : i + 1];
    const bool is_number = column.name == "number" || column.name == "code";
    if (i >= entry) {
      if (is_number) number = values[i].text();
      continue;
    }
    text += ' ';
    text += column.name;
    text += '=';
    text += values[i].kind() == Value::Kind::integer ? std::to_string(values[i].integer())
                                                     : std::string(values[i].text());
  }
  return number.empty() ? text : text + " (" + number + ")";
}

}  // namespace arrears::storage
