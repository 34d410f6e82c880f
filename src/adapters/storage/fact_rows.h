#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/facts.h"
#include "adapters/storage/keys.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"

namespace arrears::storage {

/// The columns of a fact row, read one after the other in the table's order.
class FactRow {
 public:
  FactRow(const Query& row, int first) : row_(row), at_(first) {}

  std::int64_t integer() { return row_.int64_at(at_++); }
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text() { return std::string(row_.text_at(at_++)); }  ///< empty for null
  std::optional<std::int64_t> maybe_integer() { return row_.optional_int64_at(at_++); }
  calendar::Date date() { return {static_cast<std::int32_t>(integer())}; }
  std::optional<calendar::Date> maybe_date() {
    const auto days = maybe_integer();
    if (!days) return std::nullopt;
    return calendar::Date{static_cast<std::int32_t>(*days)};
  }
  money::Currency currency() { return money::parse_currency(text()).value_or(money::Currency{}); }
  template <class IdType>
  IdType id() {
    return IdType{maybe_integer().value_or(0)};
  }
  template <class E>
  E member() {
    return static_cast<E>(integer());
  }
  template <class E>
  std::optional<E> maybe_member() {
    const auto value = maybe_integer();
    if (!value) return std::nullopt;
    return static_cast<E>(*value);
  }
  bool is_null() const { return row_.is_null(at_); }
  ByteView blob() { return row_.blob_at(at_++); }
  void skip(int columns = 1) { at_ += columns; }

 private:
  const Query& row_;
  int at_;
};

/// What all readers of one snapshot share.
struct Snapshot {
  Connection& connection;
  const KnownAtView& view;
  PartyKeys& keys;
};

/// Reads the visible rows of a fact table in order of their key, so that the last version of a
/// thing comes last. `each` gets a FactRow that stands on the first column, `part`.
class FactScan {
 public:
  explicit FactScan(const Snapshot& snapshot) : snapshot_(snapshot) {}

  /// The rows of a part in which the second key column is `owner`; 0: all of the part.
  template <class Each>
  void rows(const FactTable& table, base::Part part, std::int64_t owner, const Each& each) const {
    if (owner == 0) {
      run(table, " WHERE part = :part", each, part);
    } else {
      const std::string_view column = table.columns[1].name;
      run(table, " WHERE part = :part AND " + std::string(column) + " = :owner", each, part, owner);
    }
  }

  /// The rows of all parts: small tables only. -- wide
  template <class Each>
  void all_rows(const FactTable& table, const Each& each) const {
    run(table, "", each);
  }

  /// The rows with `condition` on any columns.
  template <class Each, class... Values>
  void run(const FactTable& table, const std::string& condition, const Each& each,
           const Values&... values) const {
    std::string sql = select_columns(table) + condition + " ORDER BY ";
    for (int i = 0; i < table.key_columns; ++i) {
      if (i > 0) sql += ", ";
      sql += table.columns[static_cast<std::size_t>(i)].name;
    }
    Query rows = snapshot_.connection.query(sql, values...);
    while (rows.next()) {
      const auto part = static_cast<base::Part>(rows.int64_at(0));
      if (!snapshot_.view.visible(part, rows.int64_at(table.entry_column()))) continue;
      FactRow row(rows, 0);
      each(row);
    }
  }

 private:
  const Snapshot& snapshot_;
};

}  // namespace arrears::storage
