#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "domain/portfolio/ranking_context.h"

/// The facts of a customer of whom nothing recorded lies ahead. Inside of ranking.cpp only.
namespace arrears::portfolio {

/// Reads what the rows come to, as the Gatherer does from all of them.
class PresentScan {
 public:
  PresentScan(const RankingContext& context, const Run& run)
      : context_(context),
        columns_(run.columns),
        currency_(run.currency),
        plain_(run.columns, latest),
        day_(context.plain_day.value_or(0)),
        before_(context.plain_before.value_or(0)) {}

  /// Whether this scan can be asked about the customer.
  bool tells(const CustomerRow& row) const {
    return context_.asks_present & (row.present_from <= day_) &
           (currency_[row.currency] == context_.base);
  }
  /// Whether it also has nothing positive open; cheaper than `tells`, and true for fewer.
  bool is_idle(const CustomerRow& row) const {
    return context_.asks_present & (row.owes == 0) & (row.present_from <= day_);
  }

  /// Whether some open item may be disputed or promised: then `days_overdue` is that of the oldest
  /// one, and not of the oldest that is chased.
  bool is_covered(const CustomerRow& row) const {
    return (row.disputed != 0) | (row.last_deadline >= day_);
  }

  /// For memory that will be read soon.
  void prefetch(const CustomerRow& row) const {
    const std::uint32_t open = (&row)[1].plain - std::min((&row)[1].plain, lane_count);
    __builtin_prefetch(columns_.settled_on.data() + open);
    __builtin_prefetch(columns_.due_on.data() + open);
    __builtin_prefetch(columns_.amount.data() + open);
    __builtin_prefetch(columns_.traced.data() + row.traced);
    __builtin_prefetch(columns_.traced.data() + row.traced + 1);
    if (row.last_deadline >= day_) __builtin_prefetch(columns_.promises.data() + row.promises);
  }

  /// Facts of a customer that owes something; `tells` of its row is true. All in one piece, so that
  /// the sums stay in registers.
  RankingInput gather(const CustomerRow& row) const {
    const CustomerRow& end = (&row)[1];
    const std::uint32_t open = end.plain - row.open_plain;
    Sums sums;
    add_open(sums, open, end.plain);
    add_settled(sums, row.plain, open);
    for (std::uint32_t at = row.traced; at < end.traced; ++at) {
      add_traced(sums, columns_.traced[at]);
    }
    add_cash(sums, row, end);
    return finish(sums, row, end);
  }

 private:
  struct Sums {
    std::int64_t not_due = 0;
    std::int64_t overdue = 0;
    std::int64_t credits = 0;
    std::int64_t before = 0;  ///< balance at the start of the look-back
    std::int32_t oldest_due = std::numeric_limits<std::int32_t>::max();
    Wide late_weighted = 0;
    Wide late_amount = 0;
  };

  /// What is overdue nobody can guess: no branch for it.
  [[gnu::always_inline]] void add(Sums& sums, std::int64_t open, std::int32_t due_on) const {
    const std::int64_t positive = std::max<std::int64_t>(open, 0);
    const bool late = (due_on < context_.day.days) & (open > 0);
    sums.credits = checked_add(sums.credits, positive - open);
    sums.overdue = checked_add(sums.overdue, late ? positive : 0);
    sums.not_due = checked_add(sums.not_due, late ? 0 : positive);
    sums.oldest_due = std::min(sums.oldest_due, late ? due_on : sums.oldest_due);
  }

  [[gnu::always_inline]] void add_open(Sums& sums, std::uint32_t begin, std::uint32_t end) const {
    for (std::uint32_t at = begin; at < end; ++at) {
      const std::int64_t open = columns_.amount[at];
      add(sums, open, columns_.due_on[at] + first_day.days);
      sums.before += columns_.issued_on[at] <= before_ ? open : 0;
    }
  }

  /// Plain items in order of settlement, the last first.
  [[gnu::always_inline]] void add_settled(Sums& sums, std::uint32_t begin,
                                          std::uint32_t end) const {
    const Day* settled_on = columns_.settled_on.data();
    for (std::uint32_t at = end; at > begin && settled_on[at - 1] > before_; --at) {
      sums.before += columns_.issued_on[at - 1] <= before_ ? columns_.amount[at - 1] : 0;
    }
    while (begin < end) {
      const std::uint32_t count = std::min(lane_count, end - begin);
      const std::uint32_t at = end - count;
      const Lanes settled = plain_.settled(at, count, context_.plain_since, day_);
      const LateSums late = late_sums(columns_.due_on.data() + at, settled_on + at,
                                      columns_.amount.data() + at, settled, plain_.is_whole(at));
      sums.late_weighted += late.weighted;
      sums.late_amount += late.amount;
      if (!(settled & 1)) return;
      end = at;
    }
  }

  [[gnu::always_inline]] void add_traced(Sums& sums, const TracedItem& row) const {
    if (!holds(row.known_from, row.known_until, latest)) return;
    add(sums, row.open, row.due_on);
    const bool settled =
        (row.open == 0) & (row.moved_on > context_.settled_since.days) & (row.amount > 0);
    const std::int64_t amount = settled ? row.amount : 0;
    sums.late_weighted += Wide{amount} * std::max(0, row.moved_on - row.due_on);
    sums.late_amount += amount;
    std::int64_t before = row.issued_on <= context_.before.days ? row.open : 0;
    if (row.moved_on > context_.before.days) {
      before = open_amount(columns_, row, {context_.before, latest});
    }
    sums.before = checked_add(sums.before, before);
  }

  [[gnu::always_inline]] void add_cash(Sums& sums, const CustomerRow& row,
                                       const CustomerRow& end) const {
    if (row.cash_on <= before_) {
      sums.before = checked_sub(sums.before, row.unapplied);
      return;
    }
    for (std::uint32_t at = row.cash; at < end.cash; ++at) {
      const CashChange& change = columns_.cash[at];
      if (change.on > context_.before.days) continue;
      if (!holds(change.known_from, change.known_until, latest)) continue;
      sums.before = checked_sub(sums.before, change.amount);
    }
  }

  int broken_promises(const CustomerRow& row, const CustomerRow& end) const {
    int broken = 0;
    if (first_day.days + row.last_broken < context_.promises_since) return broken;
    for (std::uint32_t at = row.promises; at < end.promises; ++at) {
      const std::int32_t deadline = columns_.promise_deadline[at];
      if (deadline < context_.promises_since) break;
      broken += columns_.promise_broken[at] & (deadline < context_.day.days);
    }
    return broken;
  }

  [[gnu::always_inline]] RankingInput finish(const Sums& sums, const CustomerRow& row,
                                             const CustomerRow& end) const {
    RankingInput input;
    const std::int64_t against = checked_add(sums.credits, row.unapplied);
    input.overdue = std::max<std::int64_t>(0, checked_sub(sums.overdue, against));
    input.balance = checked_sub(checked_add(sums.not_due, sums.overdue), against);
    input.balance_before = sums.before;
    input.late_weighted = sums.late_weighted;
    input.late_amount = sums.late_amount;
    const bool counts =
        (input.overdue > 0) & (input.balance >= context_.query.strategy.small_balance_minor);
    input.days_overdue = counts ? context_.day.days - sums.oldest_due : 0;
    input.broken_promises = broken_promises(row, end);
    return input;
  }

  const RankingContext& context_;
  const Columns& columns_;
  const std::vector<std::uint8_t>& currency_;
  PlainItems<false> plain_;
  Day day_;
  Day before_;
};

}  // namespace arrears::portfolio
