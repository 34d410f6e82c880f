#include "domain/portfolio/aging.h"

#include <algorithm>
#include <array>

namespace arrears::portfolio {
namespace {

using base::checked_add;
using receivables::Aging;

/// receivables::aging_bucket by table.
class Buckets {
 public:
  Buckets() {
    for (int days = 0; days < size; ++days) {
      bucket_[days] = static_cast<std::uint8_t>(receivables::aging_bucket(days));
    }
  }
  int operator()(int days_overdue) const { return bucket_[std::clamp(days_overdue, 0, size - 1)]; }

 private:
  static constexpr int size = 128;  ///< beyond the last bucket's first day
  std::array<std::uint8_t, size> bucket_;
};

template <bool known>
class AgingScan {
 public:
  AgingScan(AsOf as_of, std::span<const std::uint32_t> group_of, AgingTable& table)
      : as_of_(as_of), day_(plain_day_of(as_of.day)), group_of_(group_of), table_(table) {}

  void add(const Run& run) {
    const Columns& columns = run.columns;
    for (std::uint32_t first = run.first; first < run.last;) {
      const std::uint32_t group = group_at(run.index + first - run.first);
      std::uint32_t last = group_of_.empty() ? run.last : first + 1;
      while (last < run.last && group_at(run.index + last - run.first) == group) ++last;
      if (group != no_group) add_customers(run, columns, first, last, group);
      first = last;
    }
  }

 private:
  std::uint32_t group_at(std::uint32_t index) const {
    return group_of_.empty() ? 0 : group_of_[index];
  }

  /// Customers of one group that lie together.
  void add_customers(const Run& run, const Columns& columns, std::uint32_t first,
                     std::uint32_t last, std::uint32_t group) {
    const auto* customers = columns.customers.data();
    for (std::uint32_t from = first; day_ && from < last;) {
      const std::uint8_t currency = customers[from].currency;
      std::uint32_t to = columns.currencies.size() == 1 ? last : from + 1;
      while (to < last && customers[to].currency == currency) ++to;
      if (customers[from].plain < customers[to].plain) {
        add_plain(columns, customers[from].plain, customers[to].plain,
                  table_.at(group, run.currency[currency]));
      }
      from = to;
    }
    const std::uint32_t end = customers[last].traced;
    for (std::uint32_t at = customers[first].traced; at < end; at += block_size) {
      add_traced(run, at, std::min(end, at + block_size), group);
    }
    for (std::uint32_t at = customers[first].cash; at < customers[last].cash; ++at) {
      const CashChange& row = columns.cash[at];
      if (row.on > as_of_.day.days) continue;
      if (!holds(row.known_from, row.known_until, as_of_.known_at)) continue;
      std::int64_t& cash = table_.at(group, run.currency[row.currency]).unapplied_cash;
      cash = checked_add(cash, row.amount);
    }
  }

  /// Items of one group and currency that lie together.
  void add_plain(const Columns& columns, std::uint32_t begin, std::uint32_t end, Aging& row) const {
    const PlainItems<known> items(columns, as_of_.known_at);
    const Day* due_on = columns.due_on.data();
    const std::int32_t* amount = columns.amount.data();
    const int day = *day_;
    // Which items are open nobody can guess: listed first, they are added without a branch, in
    // turn to two sums, so that none waits for the one before. Plain amounts are below 2^31: no sum
    // of fewer than 2^32 of them overflows.
    std::array<std::uint16_t, block_size + lane_count> open;
    std::array<std::int64_t, receivables::bucket_count + 1> even{}, odd{};
    std::int64_t open_items = 0;
    for (std::uint32_t from = begin; from < end; from += block_size) {
      const std::uint32_t count =
          items.list_open(from, std::min(block_size, end - from), *day_, open.data());
      const auto add = [&](std::uint32_t i, auto& sums) {
        const std::uint32_t at = from + open[i];
        const int slot = amount[at] < 0 ? receivables::bucket_count : bucket_(day - due_on[at]);
        sums[slot] += amount[at];
        open_items += amount[at] > 0;
      };
      std::uint32_t i = 0;
      for (; i + 2 <= count; i += 2) add(i, even), add(i + 1, odd);
      if (i < count) add(i, even);
    }
    row.open_items += open_items;
    for (int i = 0; i < receivables::bucket_count; ++i) {
      row.buckets[i] = checked_add(row.buckets[i], even[i] + odd[i]);
    }
    row.credits = base::checked_sub(
        row.credits, even[receivables::bucket_count] + odd[receivables::bucket_count]);
  }

  /// At most `block_size` items of one group.
  void add_traced(const Run& run, std::uint32_t first, std::uint32_t last, std::uint32_t group) {
    const TracedItem* rows = run.columns.traced.data();
    std::array<std::uint16_t, block_size> open, moving;
    std::uint32_t opens = 0, movings = 0;
    for (std::uint32_t at = first; at < last; ++at) {
      const TracedItem& row = rows[at];
      const bool counts = (row.issued_on <= as_of_.day.days) & (row.known_from <= as_of_.known_at) &
                          (as_of_.known_at < row.known_until);
      const bool moves = (row.moved_on > as_of_.day.days) | (row.moved_known > as_of_.known_at);
      open[opens] = moving[movings] = static_cast<std::uint16_t>(at - first);
      opens += counts & !moves & (row.open != 0);
      movings += counts & moves;
    }
    const Movement* movements = run.columns.movements.data();
    for (std::uint32_t i = 0; i < movings; ++i) {
      __builtin_prefetch(movements + rows[first + moving[i]].movements);
    }
    for (std::uint32_t i = 0; i < opens; ++i) {
      const TracedItem& row = rows[first + open[i]];
      add_open(row, row.open, table_.at(group, run.currency[row.currency]));
    }
    for (std::uint32_t i = 0; i < movings; ++i) {
      const TracedItem& row = rows[first + moving[i]];
      add_open(row, open_amount(run.columns, row, as_of_),
               table_.at(group, run.currency[row.currency]));
    }
  }

  void add_open(const TracedItem& row, std::int64_t open, Aging& sums) const {
    if (open < 0) {
      sums.credits = base::checked_sub(sums.credits, open);
      return;
    }
    std::int64_t& sum = sums.buckets[bucket_(calendar::days_overdue({row.due_on}, as_of_.day))];
    sum = checked_add(sum, open);
    sums.open_items += open > 0;
  }

  static constexpr std::uint32_t block_size = 1024;

  AsOf as_of_;
  std::optional<Day> day_;
  Buckets bucket_;
  std::span<const std::uint32_t> group_of_;
  AgingTable& table_;
};

}  // namespace

AgingTable::AgingTable(std::uint32_t groups, const std::vector<money::Currency>& currencies)
    : groups_(groups), currencies_(currencies), rows_(std::size_t{groups} * currencies.size()) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].currency = currencies_[i % currencies_.size()];
  }
}

void AgingTable::add(const AgingTable& other) {
  ARREARS_REQUIRE(rows_.size() == other.rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) receivables::add_to(rows_[i], other.rows_[i]);
}

void add_aging(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last, AsOf as_of,
               std::span<const std::uint32_t> group_of, AgingTable& table) {
  ARREARS_REQUIRE(group_of.empty() || group_of.size() >= last);
  ARREARS_REQUIRE(table.currencies().size() == portfolio.currencies().size());
  if (as_of.known_at == latest) {
    AgingScan<false> scan(as_of, group_of, table);
    portfolio.for_each_run(first, last, [&](const Run& run) { scan.add(run); });
  } else {
    AgingScan<true> scan(as_of, group_of, table);
    portfolio.for_each_run(first, last, [&](const Run& run) { scan.add(run); });
  }
}

std::vector<Aging> customer_aging(const Portfolio& portfolio, std::uint32_t index, AsOf as_of) {
  AgingTable table(1, portfolio.currencies());
  add_aging(portfolio, index, index + 1, as_of, {}, table);
  std::vector<Aging> rows;
  for (const Aging& row : table.rows(0)) {
    const bool nothing = row.open_items == 0 && row.credits == 0 && row.unapplied_cash == 0;
    if (!nothing) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [](const Aging& a, const Aging& b) { return a.currency < b.currency; });
  return rows;
}

}  // namespace arrears::portfolio
