#include "domain/portfolio/columns.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace arrears::portfolio {
namespace {

// The rows are written to images as they are: no padding may be left to chance.
static_assert(std::has_unique_object_representations_v<CustomerRow>);
static_assert(std::has_unique_object_representations_v<TracedItem>);
static_assert(std::has_unique_object_representations_v<Movement>);
static_assert(std::has_unique_object_representations_v<CashChange>);
static_assert(std::has_unique_object_representations_v<MarkRow>);
static_assert(std::has_unique_object_representations_v<PromiseRow>);
static_assert(std::has_unique_object_representations_v<PromiseEndRow>);
static_assert(std::has_unique_object_representations_v<VersionRow>);
static_assert(std::has_unique_object_representations_v<CustomerKind>);

/// Appends rows [first, last) and passes the new ones to `adapt`.
template <class T, class Adapt>
void extend(std::vector<T>& to, std::span<const T> from, std::uint32_t first, std::uint32_t last,
            Adapt adapt) {
  const std::size_t begin = to.size();
  to.insert(to.end(), from.begin() + first, from.begin() + last);
  for (std::size_t i = begin; i < to.size(); ++i) adapt(to[i]);
}

template <class T>
void extend(std::vector<T>& to, std::span<const T> from, std::uint32_t first, std::uint32_t last) {
  to.insert(to.end(), from.begin() + first, from.begin() + last);
}

std::uint32_t add_text(std::vector<char>& text, std::string_view added) {
  const std::size_t place = text.size();
  ARREARS_REQUIRE(place + added.size() <= std::numeric_limits<std::uint32_t>::max());
  text.insert(text.end(), added.begin(), added.end());
  return static_cast<std::uint32_t>(place);
}

template <class T>
std::uint32_t size_of(const std::vector<T>& rows) {
  ARREARS_REQUIRE(rows.size() < traced_ref);
  return static_cast<std::uint32_t>(rows.size());
}

}  // namespace

ColumnStore::ColumnStore() {
  customers.emplace_back();
  traced.emplace_back();
  marks.emplace_back();
  promises.emplace_back();
}

Columns ColumnStore::view() const {
  Columns columns;
  for_each_column(columns, *this, [](auto& view, const auto& rows) { view = rows; });
  return columns;
}

std::uint8_t ColumnStore::currency_number(money::Currency currency) {
  std::size_t at = 0;
  while (at < currencies.size() && currency_of(currencies[at]) != currency) ++at;
  if (at == currencies.size()) {
    CurrencyCode code;
    std::copy(currency.code().begin(), currency.code().end(), code.code);
    currencies.push_back(code);
  }
  ARREARS_REQUIRE(at < 256);
  return static_cast<std::uint8_t>(at);
}

void ColumnStore::add_version(const CustomerVersion& version) {
  versions.push_back({version.party.value, add_text(text, version.number),
                      static_cast<std::uint32_t>(version.number.size()), kind_of(version),
                      version.known_from});
}

std::uint32_t ColumnStore::kind_of(const CustomerVersion& version) {
  std::string key =
      std::to_string(version.entity.value) + ' ' + std::to_string(version.segment.size()) + ' ';
  key.append(version.segment).append(version.country);
  const auto [place, is_new] = kind_numbers_.try_emplace(std::move(key), size_of(kinds));
  if (is_new) {
    const std::uint32_t segment = add_text(text, version.segment);
    add_text(text, version.country);
    kinds.push_back({version.entity.value, segment,
                     static_cast<std::uint32_t>(version.segment.size()),
                     static_cast<std::uint32_t>(version.country.size()), 0});
  }
  return place->second;
}

void ColumnStore::append(const Columns& from, std::uint32_t first, std::uint32_t last) {
  if (first == last) return;
  std::array<std::uint8_t, 256> currency{};
  for (std::size_t i = 0; i < from.currencies.size(); ++i) {
    currency[i] = currency_number(currency_of(from.currencies[i]));
  }
  const CustomerRow& begin = from.customers[first];
  const CustomerRow& end = from.customers[last];
  const TracedItem &traced_begin = from.traced[begin.traced], &traced_end = from.traced[end.traced];
  const MarkRow &mark_begin = from.marks[begin.marks], &mark_end = from.marks[end.marks];
  const PromiseRow& promise_begin = from.promises[begin.promises];
  const PromiseRow& promise_end = from.promises[end.promises];

  // The row one too many of each column becomes the first of the new ones. Unsigned differences
  // wrap around and back.
  customers.pop_back();
  traced.pop_back();
  marks.pop_back();
  promises.pop_back();
  const auto moved = [](std::uint32_t now, std::uint32_t before) { return now - before; };
  const std::uint32_t plain_by = moved(size_of(issued_on), begin.plain);
  const std::uint32_t traced_by = moved(size_of(traced), begin.traced);
  const std::uint32_t cash_by = moved(size_of(cash), begin.cash);
  const std::uint32_t marks_by = moved(size_of(marks), begin.marks);
  const std::uint32_t promises_by = moved(size_of(promises), begin.promises);
  const std::uint32_t versions_by = moved(size_of(versions), begin.versions);
  extend(customers, from.customers, first, last + 1, [&](CustomerRow& row) {
    row.plain += plain_by;
    row.traced += traced_by;
    row.cash += cash_by;
    row.marks += marks_by;
    row.promises += promises_by;
    row.versions += versions_by;
    row.currency = currency[row.currency];
  });
  extend(issued_on, from.issued_on, begin.plain, end.plain);
  extend(due_on, from.due_on, begin.plain, end.plain);
  extend(settled_on, from.settled_on, begin.plain, end.plain);
  extend(amount, from.amount, begin.plain, end.plain);
  extend(item_class, from.item_class, begin.plain, end.plain);
  extend(value_lag, from.value_lag, begin.plain, end.plain);
  extend(known_from, from.known_from, begin.plain, end.plain);
  extend(settled_known, from.settled_known, begin.plain, end.plain);
  const std::uint32_t movements_by = moved(size_of(movements), traced_begin.movements);
  extend(traced, from.traced, begin.traced, end.traced + 1, [&](TracedItem& row) {
    row.movements += movements_by;
    row.currency = currency[row.currency];
  });
  extend(movements, from.movements, traced_begin.movements, traced_end.movements);
  extend(movement_kind, from.movement_kind, traced_begin.movements, traced_end.movements);
  extend(cash, from.cash, begin.cash, end.cash,
         [&](CashChange& row) { row.currency = currency[row.currency]; });
  const std::uint32_t mark_refs_by = moved(size_of(mark_refs), mark_begin.refs);
  extend(marks, from.marks, begin.marks, end.marks + 1,
         [&](MarkRow& row) { row.refs += mark_refs_by; });
  extend(mark_refs, from.mark_refs, mark_begin.refs, mark_end.refs);
  const std::uint32_t ends_by = moved(size_of(promise_ends), promise_begin.ends);
  const std::uint32_t refs_by = moved(size_of(promise_refs), promise_begin.refs);
  extend(promise_deadline, from.promise_deadline, begin.promises, end.promises);
  extend(promise_broken, from.promise_broken, begin.promises, end.promises);
  extend(promises, from.promises, begin.promises, end.promises + 1, [&](PromiseRow& row) {
    row.ends += ends_by;
    row.refs += refs_by;
  });
  extend(promise_ends, from.promise_ends, promise_begin.ends, promise_end.ends);
  extend(promise_refs, from.promise_refs, promise_begin.refs, promise_end.refs);
  for (std::uint32_t at = begin.versions; at < end.versions; ++at) {
    add_version(version_of(from, from.versions[at]));
  }
}

bool comes_before(parties::CustomerId a, parties::CustomerId b) {
  return std::pair(a.part(), a.value) < std::pair(b.part(), b.value);
}

money::Currency currency_of(const CurrencyCode& code) {
  const auto currency = money::parse_currency({code.code, 3});
  ARREARS_REQUIRE(currency.has_value());
  return *currency;
}

CustomerVersion version_of(const Columns& columns, const VersionRow& row) {
  const CustomerKind& kind = columns.kinds[row.kind];
  const std::string_view text{columns.text.data(), columns.text.size()};
  return {{kind.entity},
          {row.party},
          text.substr(row.number, row.number_length),
          text.substr(kind.segment, kind.segment_length),
          text.substr(kind.segment + kind.segment_length, kind.country_length),
          row.known_from};
}

std::size_t bytes_of(const Columns& columns) {
  std::size_t bytes = 0;
  for_each_column(columns, columns,
                  [&](const auto& column, const auto&) { bytes += column.size_bytes(); });
  return bytes;
}

}  // namespace arrears::portfolio
