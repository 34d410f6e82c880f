#include "domain/portfolio/outcome.h"

#include <algorithm>
#include <limits>

namespace arrears::portfolio {
namespace {

using base::checked_add;
using metrics::DueAndSettled;
using metrics::WeightedDays;

constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();

void add_to(DueAndSettled& sum, const DueAndSettled& other) {
  sum.due = checked_add(sum.due, other.due);
  sum.settled = checked_add(sum.settled, other.settled);
  sum.inferred = checked_add(sum.inferred, other.inferred);
}

void add_to(WeightedDays& sum, const WeightedDays& other) {
  sum.amount_days += other.amount_days;
  sum.amount = checked_add(sum.amount, other.amount);
  sum.items += other.items;
}

void count(DueAndSettled& sum, std::int64_t amount, std::uint8_t kind) {
  if (kind & by_credit) {
    sum.due = base::checked_sub(sum.due, amount);
    return;
  }
  sum.settled = checked_add(sum.settled, amount);
  if (kind & by_inference) sum.inferred = checked_add(sum.inferred, amount);
}

}  // namespace

Outcomes::Outcomes(metrics::Period period, Date next_month_end,
                   const std::vector<money::Currency>& currencies, Ordinal known_at)
    : period_(period),
      next_month_end_(next_month_end),
      known_at_(known_at),
      sums_(currencies.size()) {}

void Outcomes::add(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last) {
  ARREARS_REQUIRE(portfolio.currencies().size() == sums_.size());
  portfolio.for_each_run(first, last, [this](const Run& run) {
    const Columns& columns = run.columns;
    for (std::uint32_t at = run.first; at < run.last; ++at) {
      const CustomerRow& customer = columns.customers[at];
      const CustomerRow& end = columns.customers[at + 1];
      if (customer.plain < end.plain)
        add_plain(columns, customer.plain, end.plain, sums_[run.currency[customer.currency]]);
      for (std::uint32_t row = customer.traced; row < end.traced; ++row) {
        const TracedItem& item = columns.traced[row];
        add_traced(columns, item, sums_[run.currency[item.currency]]);
      }
    }
  });
}

void Outcomes::add_plain(const Columns& columns, std::uint32_t begin, std::uint32_t end,
                         Outcome& sum) {
  const std::int32_t period_end = period_.to.days - first_day.days;
  const std::int32_t period_begin = period_.from.days - first_day.days;
  for (std::uint32_t at = begin; at < end; ++at) {
    // Most items were settled before the period and fell due before it.
    if (columns.settled_on[at] < period_begin && columns.due_on[at] < period_begin &&
        columns.settled_known[at] <= known_at_) {
      continue;
    }
    const std::int64_t amount = columns.amount[at];
    if (amount <= 0 || columns.issued_on[at] > period_end) continue;
    if (columns.known_from[at] > known_at_) continue;
    const std::int32_t due_on = first_day.days + columns.due_on[at];
    const bool due = fell_due(due_on);
    if (due) add_due(amount, sum);
    const bool settled = columns.settled_on[at] != no_day && columns.settled_known[at] <= known_at_;
    const std::int32_t settled_on = first_day.days + columns.settled_on[at];
    if (settled && due) add_movement(settled_on, amount, columns.item_class[at], sum);
    if (settled && settled_on <= period_.to.days) {
      add_settled(due_on, settled_on, amount, sum);
    } else {
      add_open(due_on, amount, sum);
    }
  }
}

void Outcomes::add_traced(const Columns& columns, const TracedItem& row, Outcome& sum) const {
  if (row.amount <= 0 || row.issued_on > period_.to.days) return;
  if (!holds(row.known_from, row.known_until, known_at_)) return;
  const bool due = fell_due(row.due_on);
  if (due) add_due(row.amount, sum);
  std::int64_t open = row.amount;
  std::int32_t settled_on = never;
  std::int32_t day = never;
  // Only the end of a day counts: taken back and given again on one day, it stayed settled.
  const auto end_day = [&] {
    if (open != 0) settled_on = never;
    if (open == 0 && settled_on == never) settled_on = day;
  };
  for (std::uint32_t at = row.movements; at < (&row)[1].movements; ++at) {
    const Movement& movement = columns.movements[at];
    if (!holds(movement.known_from, movement.known_until, known_at_)) continue;
    if (due) add_movement(movement.allocated_on, movement.amount, columns.movement_kind[at], sum);
    if (movement.allocated_on > period_.to.days) continue;
    if (day != never && day != movement.allocated_on) end_day();
    day = movement.allocated_on;
    open = base::checked_sub(open, movement.amount);
  }
  if (day != never) end_day();
  add_open(row.due_on, open, sum);
  if (settled_on != never) add_settled(row.due_on, settled_on, row.amount, sum);
}

void Outcomes::add_due(std::int64_t amount, Outcome& sum) {
  sum.by_period_end.due = checked_add(sum.by_period_end.due, amount);
  sum.by_next_month_end.due = checked_add(sum.by_next_month_end.due, amount);
}

void Outcomes::add_movement(std::int32_t on, std::int64_t amount, std::uint8_t kind,
                            Outcome& sum) const {
  if (on <= period_.to.days) count(sum.by_period_end, amount, kind);
  if (on <= next_month_end_.days) count(sum.by_next_month_end, amount, kind);
}

void Outcomes::add_open(std::int32_t due_on, std::int64_t open, Outcome& sum) const {
  const int overdue = period_.to.days - due_on;
  if (open > 0 && overdue > 0) sum.open_overdue.add(open, overdue - 1);
}

void Outcomes::add_settled(std::int32_t due_on, std::int32_t settled_on, std::int64_t amount,
                           Outcome& sum) const {
  if (settled_on < period_.from.days) return;
  const int late = settled_on - due_on;
  sum.late.add(amount, std::max(0, late));
  if (late > 0) sum.cycle.add(amount, late - 1);
}

void Outcomes::add(const Outcomes& other) {
  ARREARS_REQUIRE(sums_.size() == other.sums_.size());
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    add_to(sums_[i].by_period_end, other.sums_[i].by_period_end);
    add_to(sums_[i].by_next_month_end, other.sums_[i].by_next_month_end);
    add_to(sums_[i].late, other.sums_[i].late);
    add_to(sums_[i].cycle, other.sums_[i].cycle);
    add_to(sums_[i].open_overdue, other.sums_[i].open_overdue);
  }
}

}  // namespace arrears::portfolio
