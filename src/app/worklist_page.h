#pragma once

#include "app/daily_run.h"
#include "app/scope.h"

/// The worklist a page at a time, for a caller who may see a part of it.
namespace arrears::app {

struct WorklistQuery {
  std::string entity;
  Date day;
  std::string collector;  ///< empty: all that the caller sees; "unassigned": of nobody's customers
  bool live = false;      ///< as the facts stand now, also where the day's run froze it
  std::string after;      ///< `next` of the page before; empty: the first page
  std::size_t limit = 50;
};

/// The day's last run, where it has run.
std::optional<RunRecord> run_of_day(Facts& facts, parties::EntityId entity, Date day);

/// `{entity, as_of, collector, frozen_at, lines, items, next}`. `items` are lines as `worklist`
/// has them, and `next` null on the last page. `lines` counts those of all pages; null on a live
/// list. `frozen_at`: the instant of the run, null on a live list. Without a collector the lists
/// that the caller sees are ranked together.
///
/// A live list reads the facts that `facts` hides too, since what is on it is derived from them;
/// only lines of collectors that the caller sees are answered. `portfolio`: see `worklist`.
Result<Json> worklist_page(Facts& facts, const Visibility& visibility, const WorklistQuery& query,
                           LivePortfolio* portfolio = nullptr);

#define ARREARS_PAGE_REFUSALS(R) \
  R(cursor_invalid, "Ask for the first page again, without a cursor.")

}  // namespace arrears::app

ARREARS_REFUSALS(app, PageRefusal, "page", ARREARS_PAGE_REFUSALS);
