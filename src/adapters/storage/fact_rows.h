#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/facts.h"
#include "adapters/storage/keys.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"

namespace arrears::storage {

/// The columns of a fact row, read one after the other in the table's order.
class FactRow {
 public:
  FactRow(const Query& row, int first) : FactRow(row.statement(), first) {}
  FactRow(const Statement& row, int first) : row_(row), at_(first) {}

  std::int64_t integer() { return row_.int64_at(at_++); }
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text() { return std::string(row_.text_at(at_++)); }  ///< empty for null
  std::optional<std::int64_t> maybe_integer() {
    const int column = at_++;
    if (row_.is_null(column)) return std::nullopt;
    return row_.int64_at(column);
  }
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
  const Statement& row_;
  int at_;
};

/// What all readers of one snapshot share.
struct Snapshot {
  Connection& connection;
  const KnownAtView& view;
  PartyKeys& keys;
};

/// Whose rows of a part are read: those in which the second key column is one of these; without
/// any, all rows of the part.
using Owners = std::span<const std::int64_t>;
constexpr std::size_t most_owners = 64;  ///< in one question

/// Reads the visible rows of a fact table in order of their key, so that the last version of a
/// thing comes last. `each` gets a FactRow that stands on the first column, `part`.
class FactScan {
 public:
  explicit FactScan(const Snapshot& snapshot) : snapshot_(snapshot) {}

  template <class Each>
  void rows(const FactTable& table, base::Part part, Owners owners, const Each& each) const {
    run_bound(table, of_owners(table, owners.size()), values_of(part, owners), each);
  }
  /// The rows of one owner; 0: all of the part.
  template <class Each>
  void rows(const FactTable& table, base::Part part, std::int64_t owner, const Each& each) const {
    rows(table, part, owner == 0 ? Owners() : Owners(&owner, 1), each);
  }

  /// A table and the condition on its rows, with the parameters of `of_owners`.
  struct Asked {
    const FactTable& table;
    std::string condition;
  };
  /// The condition on so many owners.
  static std::string of_owners(const FactTable& table, std::size_t count);
  /// What the owner's column must be for so many of them, one at least. Few texts: the count is
  /// rounded up, the last owner stands more than once.
  static std::string is_one_of(std::size_t count);
  /// The parameters of such a condition.
  static std::vector<Value> values_of(base::Part part, Owners owners);

  /// Asks in one round trip for what `rows` and `run_bound` will be asked for next, of the same
  /// owners.
  void ask(std::span<const Asked> all, base::Part part, Owners owners) {
    asked_.clear();
    std::vector<Question> questions;
    std::vector<std::string> texts;
    for (const Asked& asked : all) texts.push_back(select_in_order(asked.table, asked.condition));
    for (const std::string& text : texts) questions.push_back({text, values_of(part, owners)});
    std::vector<Query> answers = snapshot_.connection.query_together(questions);
    for (std::size_t i = 0; i < texts.size(); ++i)
      asked_.emplace_back(std::move(texts[i]), std::move(answers[i]));
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
    run_bound(table, condition, std::vector<Value>{Value(values)...}, each);
  }

  /// The same with the parameters in a list.
  template <class Each>
  void run_bound(const FactTable& table, const std::string& condition,
                 const std::vector<Value>& values, const Each& each) const {
    const std::string sql = select_in_order(table, condition);
    const auto asked = std::ranges::find(asked_, sql, &AskedText::first);
    Query rows = asked == asked_.end() ? snapshot_.connection.query_with(sql, values)
                                       : std::move(asked->second);
    if (asked != asked_.end()) asked->first.clear();
    while (rows.next()) {
      const auto part = static_cast<base::Part>(rows.int64_at(0));
      if (!snapshot_.view.visible(part, rows.int64_at(table.entry_column()))) continue;
      FactRow row(rows, 0);
      each(row);
    }
  }

 private:
  using AskedText = std::pair<std::string, Query>;

  const Snapshot& snapshot_;
  mutable std::vector<AskedText> asked_;  ///< a text is empty once its answer was read
};

}  // namespace arrears::storage
