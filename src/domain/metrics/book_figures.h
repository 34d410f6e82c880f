#pragma once

#include <vector>

#include "domain/metrics/book_history.h"
#include "domain/metrics/figure.h"
#include "domain/money/rate.h"

namespace arrears::metrics {

/// One calendar month of a period, or the part of it inside the period.
struct MonthFigures {
  Period days;
  Figure dso_count_back;  ///< at the month's end
  Figure cei;
  Figure cei_write_offs_kept;
};

/// All figures of a period that come from the ledgers.
struct BookFigures {
  /// dso_simple, dso_count_back, best_possible_dso, average_days_delinquent,
  /// average_collection_period, cei_mean, cei_write_offs_kept_mean, cei_average_sales,
  /// collection_rate, collection_rate_next_month, bad_debt_percent, collection_cycle_time,
  /// collection_cycle_time_open, average_days_late: in this order.
  std::vector<Figure> period;
  std::vector<MonthFigures> months;  ///< oldest first
};

/// Works the figures out. Sales are converted at the last day of their month, balances at their
/// own day; all terms of one CEI, and all of a collection rate or cycle time, at the last day of
/// its month or period. A figure that needs a missing rate is not defined and names it.
BookFigures book_figures(const BookHistory& history, const money::RateTable& rates);

}  // namespace arrears::metrics
