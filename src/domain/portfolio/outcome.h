#pragma once

#include <cstdint>
#include <vector>

#include "domain/metrics/book_history.h"
#include "domain/portfolio/portfolio.h"
#include "domain/portfolio/scan.h"

/// What became of the items of a period: metrics::BookHistory::Outcome, from the rows of the
/// portfolio.
namespace arrears::portfolio {

/// Sums of a range of customers; ranges are added up.
class Outcomes {
 public:
  /// `next_month_end`: the second cut-off, BookHistory::next_month_end.
  Outcomes(metrics::Period period, Date next_month_end,
           const std::vector<money::Currency>& currencies, Ordinal known_at);

  void add(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last);
  /// Adds sums of the same period and currencies.
  void add(const Outcomes& other);

  /// Of the currency with this number in the book.
  const metrics::BookHistory::Outcome& of(std::uint8_t currency) const { return sums_[currency]; }

 private:
  using Outcome = metrics::BookHistory::Outcome;

  void add_plain(const Columns& columns, std::uint32_t begin, std::uint32_t end, Outcome& sum);
  void add_traced(const Columns& columns, const TracedItem& row, Outcome& sum) const;
  static void add_due(std::int64_t amount, Outcome& sum);
  void add_movement(std::int32_t on, std::int64_t amount, std::uint8_t kind, Outcome& sum) const;
  void add_open(std::int32_t due_on, std::int64_t open, Outcome& sum) const;
  void add_settled(std::int32_t due_on, std::int32_t settled_on, std::int64_t amount,
                   Outcome& sum) const;
  bool fell_due(std::int32_t due_on) const {
    return period_.from.days <= due_on && due_on <= period_.to.days;
  }

  metrics::Period period_;
  Date next_month_end_;
  Ordinal known_at_;
  std::vector<Outcome> sums_;
};

}  // namespace arrears::portfolio
