#include "domain/portfolio/portfolio.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace arrears::portfolio {

Segment make_segment(ColumnStore store) {
  auto held = std::make_shared<ColumnStore>(std::move(store));
  Segment segment;
  segment.columns = held->view();
  segment.owner = std::move(held);
  return segment;
}

Portfolio::Portfolio(std::vector<Segment> segments) {
  for (Segment& segment : segments) {
    const std::uint32_t customers = segment.columns.customer_count();
    if (customers == 0) continue;
    std::vector<std::uint8_t> currency = book_numbers(segment.columns);
    bases_.push_back({std::move(segment), base_count_, std::move(currency)});
    base_count_ += customers;
  }
  count_ = base_count_;
}

std::vector<std::uint8_t> Portfolio::book_numbers(const Columns& columns) {
  std::vector<std::uint8_t> numbers;
  // Customers without any facts have a currency that no row is of.
  if (columns.currencies.empty()) numbers.push_back(0);
  for (const CurrencyCode& code : columns.currencies) {
    const money::Currency currency = currency_of(code);
    auto found = std::find(currencies_.begin(), currencies_.end(), currency);
    if (found == currencies_.end()) found = currencies_.insert(found, currency);
    ARREARS_REQUIRE(currencies_.size() <= 256);
    numbers.push_back(static_cast<std::uint8_t>(found - currencies_.begin()));
  }
  return numbers;
}

const Portfolio::Base& Portfolio::base_of(std::uint32_t index) const {
  ARREARS_REQUIRE(index < base_count_);
  const auto after = std::upper_bound(bases_.begin(), bases_.end(), index,
                                      [](std::uint32_t i, const Base& b) { return i < b.index; });
  return *std::prev(after);
}

std::pair<const Columns&, std::uint32_t> Portfolio::row_of(std::uint32_t index) const {
  const auto changed = changed_.find(index);
  if (changed != changed_.end()) return {changed->second->columns, 0};
  const Base& base = base_of(index);
  return {base.segment.columns, index - base.index};
}

parties::CustomerId Portfolio::customer(std::uint32_t index) const {
  const auto [columns, row] = row_of(index);
  return {columns.customers[row].id};
}

std::optional<CustomerVersion> Portfolio::who(std::uint32_t index, Ordinal known_at) const {
  const auto [columns, row] = row_of(index);
  const auto versions = columns.versions.subspan(
      columns.customers[row].versions,
      columns.customers[row + 1].versions - columns.customers[row].versions);
  for (std::size_t i = versions.size(); i-- > 0;) {
    if (versions[i].known_from <= known_at) return version_of(columns, versions[i]);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Portfolio::find(parties::CustomerId customer) const {
  const auto added = added_.find(customer);
  if (added != added_.end()) return added->second;
  const auto before = [](const CustomerRow& row, parties::CustomerId id) {
    return comes_before({row.id}, id);
  };
  for (const Base& base : bases_) {
    const auto rows = base.segment.columns.customers.first(base.segment.columns.customer_count());
    if (before(rows.back(), customer)) continue;
    const auto found = std::lower_bound(rows.begin(), rows.end(), customer, before);
    if (found->id != customer.value) return std::nullopt;
    return base.index + static_cast<std::uint32_t>(found - rows.begin());
  }
  return std::nullopt;
}

std::uint32_t Portfolio::apply(const CustomerFacts& facts) {
  auto changed = std::make_unique<Changed>();
  Builder(changed->store).add(facts);
  changed->columns = changed->store.view();
  changed->currency = book_numbers(changed->columns);
  const auto known = find(facts.customer);
  const std::uint32_t index = known.value_or(count_);
  if (!known) {
    added_[facts.customer] = index;
    ++count_;
  }
  changed_[index] = std::move(changed);
  return index;
}

ColumnStore Portfolio::compacted() const {
  std::vector<std::uint32_t> added;
  for (std::uint32_t index = base_count_; index < count_; ++index) added.push_back(index);
  std::sort(added.begin(), added.end(), [this](std::uint32_t a, std::uint32_t b) {
    return comes_before(customer(a), customer(b));
  });
  ColumnStore store;
  auto next = added.begin();
  for_each_run(0, base_count_, [&](const Run& run) {
    std::uint32_t first = run.first;
    while (first < run.last) {
      std::uint32_t last = run.last;
      if (next != added.end()) {
        const auto rows = run.columns.customers.subspan(first, run.last - first);
        const auto place = std::partition_point(rows.begin(), rows.end(), [&](const auto& row) {
          return comes_before({row.id}, customer(*next));
        });
        last = first + static_cast<std::uint32_t>(place - rows.begin());
      }
      store.append(run.columns, first, last);
      first = last;
      if (first < run.last) store.append(changed_.at(*next++)->columns, 0, 1);
    }
  });
  while (next != added.end()) store.append(changed_.at(*next++)->columns, 0, 1);
  return store;
}

}  // namespace arrears::portfolio
