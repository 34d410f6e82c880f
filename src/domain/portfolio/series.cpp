#include "domain/portfolio/series.h"

#include <algorithm>

namespace arrears::portfolio {
namespace {

using base::checked_add;
using base::checked_sub;

constexpr Date never{0x7FFFFFFF};

}  // namespace

Series::Series(std::span<const Date> cuts, const std::vector<money::Currency>& currencies,
               Ordinal known_at)
    : cuts_(cuts.begin(), cuts.end()),
      known_at_(known_at),
      side_(cuts.size() + 1),
      grid_(side_ * side_),
      currency_count_(currencies.size()),
      cut_of_day_(std::size_t{no_day} + 2, static_cast<std::uint8_t>(cuts.size())),
      sums_(currencies.size() * class_count * 2 * grid_),
      cash_(currencies.size() * side_),
      first_sale_(never) {
  ARREARS_REQUIRE(!cuts.empty() && cuts.size() < 255);
  ARREARS_REQUIRE(std::is_sorted(cuts_.begin(), cuts_.end()));
  // An open item has no settlement: it falls behind the last cut, whatever the cuts are.
  std::int32_t day = 0;
  for (std::size_t cut = 0; cut < cuts_.size(); ++cut)
    for (; day < no_day && first_day + day <= cuts_[cut]; ++day)
      cut_of_day_[day] = static_cast<std::uint8_t>(cut);
}

std::uint8_t Series::search_cut(Date day) const {
  return static_cast<std::uint8_t>(std::lower_bound(cuts_.begin(), cuts_.end(), day) -
                                   cuts_.begin());
}

void Series::add(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last) {
  ARREARS_REQUIRE(portfolio.currencies().size() == currency_count_);
  portfolio.for_each_run(first, last, [this](const Run& run) { add_run(run); });
}

void Series::add_run(const Run& run) {
  const Columns& columns = run.columns;
  const auto* customers = columns.customers.data();
  for (std::uint32_t from = run.first; from < run.last;) {
    const std::uint8_t currency = customers[from].currency;
    std::uint32_t to = from + 1;
    while (to < run.last && customers[to].currency == currency) ++to;
    const std::uint32_t begin = customers[from].plain;
    const std::uint32_t end = customers[to].plain;
    if (begin < end && known_at_ == latest) {
      add_plain<false>(columns, begin, end, run.currency[currency]);
    } else if (begin < end) {
      add_plain<true>(columns, begin, end, run.currency[currency]);
    }
    from = to;
  }
  const CustomerRow& begin = customers[run.first];
  const CustomerRow& end = customers[run.last];
  for (std::uint32_t at = begin.traced; at < end.traced; ++at) {
    const TracedItem& row = columns.traced[at];
    if (!holds(row.known_from, row.known_until, known_at_)) continue;
    add_traced(columns, row, run.currency[row.currency]);
  }
  for (std::uint32_t at = begin.cash; at < end.cash; ++at) {
    const CashChange& row = columns.cash[at];
    if (!holds(row.known_from, row.known_until, known_at_)) continue;
    std::int64_t& sum = cash_[run.currency[row.currency] * side_ + cut_of({row.on})];
    sum = checked_add(sum, row.amount);
  }
}

template <bool known>
void Series::add_plain(const Columns& columns, std::uint32_t begin, std::uint32_t end,
                       std::uint8_t currency) {
  // Plain amounts are below 2^31: no sum of fewer than 2^32 of them overflows.
  const std::uint8_t* cut = cut_of_day_.data();
  std::int64_t* sums = issued(currency, 0);
  const std::size_t side = side_;
  const std::size_t grid = grid_;
  const Day* issued_on = columns.issued_on.data();
  const Day* due_on = columns.due_on.data();
  const Day* settled_on = columns.settled_on.data();
  const std::int32_t* amounts = columns.amount.data();
  const std::uint8_t* classes = columns.item_class.data();
  std::int32_t first_sale = no_day;
  for (std::uint32_t at = begin; at < end; ++at) {
    if (known && columns.known_from[at] > known_at_) continue;
    const std::int64_t amount = amounts[at];
    const std::uint8_t item_class = classes[at] & class_bits;
    std::int64_t* cells = sums + item_class * 2 * grid + cut[due_on[at] + 1];
    cells[cut[issued_on[at]] * side] += amount;
    const std::int32_t sold_on = issued_on[at] | -std::int32_t{item_class != 0};
    first_sale = std::min(first_sale, sold_on & no_day);
    if (known && columns.settled_known[at] > known_at_) continue;
    cells[grid + cut[settled_on[at]] * side] += amount;
  }
  if (first_sale != no_day) first_sale_ = std::min(first_sale_, first_day + first_sale);
}

void Series::add_traced(const Columns& columns, const TracedItem& row, std::uint8_t currency) {
  const std::size_t overdue = cut_of(Date{row.due_on} + 1);
  std::int64_t& sum = issued(currency, row.item_class)[cut_of({row.issued_on}) * side_ + overdue];
  sum = checked_add(sum, row.amount);
  if (row.item_class == 0 && row.amount > 0) {
    first_sale_ = std::min(first_sale_, Date{row.issued_on});
  }
  for (const Movement& movement : movements_of(columns, row)) {
    if (!holds(movement.known_from, movement.known_until, known_at_)) continue;
    std::int64_t& taken =
        settled(currency, row.item_class)[cut_of({movement.allocated_on}) * side_ + overdue];
    taken = checked_add(taken, movement.amount);
  }
}

void Series::add(const Series& other) {
  ARREARS_REQUIRE(cuts_ == other.cuts_ && sums_.size() == other.sums_.size());
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] = checked_add(sums_[i], other.sums_[i]);
  for (std::size_t i = 0; i < cash_.size(); ++i) cash_[i] = checked_add(cash_[i], other.cash_[i]);
  first_sale_ = std::min(first_sale_, other.first_sale_);
}

std::vector<SeriesCell> Series::cells(std::uint8_t currency) const {
  std::vector<SeriesCell> cells(side_);
  for (std::size_t item_class = 0; item_class < class_count; ++item_class) {
    const std::int64_t* in =
        sums_.data() + (std::size_t{currency} * class_count + item_class) * 2 * grid_;
    const std::int64_t* out = in + grid_;
    for (std::size_t change = 0; change < side_; ++change)
      for (std::size_t overdue = 0; overdue < side_; ++overdue) {
        const std::int64_t issued = in[change * side_ + overdue];
        const std::int64_t settled = out[change * side_ + overdue];
        const std::int64_t net = checked_sub(issued, settled);
        cells[change].receivables = checked_add(cells[change].receivables, net);
        if (!(item_class & not_a_sale)) {
          cells[change].sales = checked_add(cells[change].sales, issued);
        }
        if (item_class & adjustment) {
          cells[change].written_off = checked_sub(cells[change].written_off, issued);
        }
        // "Not due" holds positive items, until the cut at which they are overdue.
        if ((item_class & negative) || change >= overdue) continue;
        cells[change].not_due = checked_add(cells[change].not_due, net);
        cells[overdue].not_due = checked_sub(cells[overdue].not_due, net);
      }
  }
  for (std::size_t cut = 0; cut < side_; ++cut) {
    const std::int64_t cash = cash_[std::size_t{currency} * side_ + cut];
    cells[cut].receivables = checked_sub(cells[cut].receivables, cash);
  }
  cells.pop_back();
  return cells;
}

std::optional<Date> Series::first_sale() const {
  return first_sale_ == never ? std::nullopt : std::optional(first_sale_);
}

}  // namespace arrears::portfolio
