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

/// Sums of open amounts: those above 0 by bucket, the others in the slot after the buckets.
struct OpenSums {
  std::array<std::int64_t, receivables::bucket_count + 1> amount{};
  std::int64_t open_items = 0;

  void add(std::int64_t open, int bucket) {
    const int slot = open < 0 ? receivables::bucket_count : bucket;
    open_items += open > 0;
    amount[slot] = checked_add(amount[slot], open);
  }
  void add_to(Aging& row) const {
    row.open_items += open_items;
    for (int i = 0; i < receivables::bucket_count; ++i) {
      row.buckets[i] = checked_add(row.buckets[i], amount[i]);
    }
    row.credits = base::checked_sub(row.credits, amount[receivables::bucket_count]);
  }
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
      std::uint32_t last = first + 1;
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
      std::uint32_t to = from + 1;
      while (to < last && customers[to].currency == currency) ++to;
      if (customers[from].plain < customers[to].plain) {
        add_plain(columns, customers[from].plain, customers[to].plain,
                  table_.at(group, run.currency[currency]));
      }
      from = to;
    }
    const std::uint32_t end = customers[last].traced;
    for (std::uint32_t at = customers[first].traced; at < end; at += TracedItems::block_size) {
      add_traced(run, at, std::min(end, at + TracedItems::block_size), group);
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
    const Day day = *day_;
    OpenSums sums;
    for_each_piece(begin, end, [&](std::uint32_t at, std::uint32_t count) {
      for_each_lane(items.open(at, count, day), [&](std::uint32_t lane) {
        sums.add(amount[at + lane], bucket_(day - due_on[at + lane]));
      });
    });
    sums.add_to(row);
  }

  void add_traced(const Run& run, std::uint32_t first, std::uint32_t last, std::uint32_t group) {
    const auto open = traced_.open(run.columns, first, last, as_of_);
    for (std::uint32_t at = first; at < last; ++at) {
      if (open[at - first] == 0) continue;
      const TracedItem& row = run.columns.traced[at];
      OpenSums sums;
      sums.add(open[at - first], bucket_(calendar::days_overdue({row.due_on}, as_of_.day)));
      sums.add_to(table_.at(group, run.currency[row.currency]));
    }
  }

  AsOf as_of_;
  std::optional<Day> day_;
  Buckets bucket_;
  TracedItems traced_;
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
