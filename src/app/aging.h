#pragma once

#include "app/lookup.h"

/// Aging and its drill-down, as of a business date and as known at an instant.
namespace arrears::app {

class LivePortfolio;

enum class AgingBy : unsigned char { total, customer, party, group, collector, entity };

struct AgingQuery {
  std::string entity;  ///< code; empty: all entities
  Date as_of;
  AgingBy by = AgingBy::total;
  std::string customer;  ///< number; empty: all
  /// Whether an account of these counts, for callers who see a part of the entity; null: all do.
  std::function<bool(const parties::Customer&, const parties::Party&)> sees = {};
};

/// `{"as_of", "entity", "currencies": [...], "rows": [...]}`; `rows` only where grouped. Amounts
/// are decimal strings. `open_items` counts instalments with a positive open amount, `customers`
/// those that have one; buckets, credits and unapplied cash as in receivables::Aging. A customer
/// with neither an open item nor a credit nor unapplied cash has no row. `portfolio`: answers from
/// it, which is brought in line with `facts`; null: from all rows of the store. The answer is the
/// same, byte for byte.
Result<Json> aging_report(Facts& facts, const AgingQuery& query,
                          LivePortfolio* portfolio = nullptr);

struct ItemsQuery {
  std::string entity;
  Date as_of;
  std::string customer;  ///< number; empty: all
  std::string bucket;    ///< a bucket's name; empty: all
  bool overdue_only = false;
};

/// The open items and unused credits behind an aging: an array of `{customer, name, number, kind,
/// instalment, issued, due, days_overdue, bucket, currency, amount, open, disputed, promised}`.
Result<boost::json::array> open_item_list(Facts& facts, const ItemsQuery& query);

#define ARREARS_AGING_REFUSALS(R) \
  R(bucket_unknown, "Use not_due, 1_30, 31_60, 61_90, 91_120 or over_120.")

}  // namespace arrears::app

ARREARS_REFUSALS(app, AgingRefusal, "aging", ARREARS_AGING_REFUSALS);
