#pragma once

#include "app/gather.h"

/// The figures of a period: the DSO family, CEI, rates and cycle times.
namespace arrears::app {

class LivePortfolio;

#define ARREARS_METRICS_REFUSALS(R)                                               \
  R(period_backwards, "Give `--from` and `--to` in order.")                       \
  R(period_not_over, "Choose a period that ends on the business date or before.") \
  R(period_too_long, "Ask for ten years at most.")                                \
  R(figure_unknown, "Leave `--figure` out to see all names.")

struct MetricsQuery {
  std::string entity;
  Date from;
  Date to;             ///< included
  Date as_of;          ///< facts up to this business date count, for "by the end of the next month"
  std::string figure;  ///< one name; empty: all
};

/// `{"entity", "from", "to", "currency", "figures": [{name, value, unit, state, text, formula,
/// inputs, target}], "months": [...]}`. Amounts in the entity's base currency at dated rates; a
/// figure that needs a missing rate, or anything else that is not there, is not defined and says
/// why. Adjustments count as write-offs (negative) and recoveries (positive): docs/guides/metrics.
/// `portfolio`: see aging_report. Promises and calls of the period are read from the store.
Result<Json> metrics_report(Facts& facts, const MetricsQuery& query,
                            LivePortfolio* portfolio = nullptr);

}  // namespace arrears::app

ARREARS_REFUSALS(app, MetricsRefusal, "metrics", ARREARS_METRICS_REFUSALS);
