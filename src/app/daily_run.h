#pragma once

#include "app/gather.h"
#include "domain/strategy/steps.h"
#include "domain/strategy/worklist.h"

/// The daily run of an entity, and the worklists that it freezes.
namespace arrears::app {

#define ARREARS_RUN_REFUSALS(R)                                                                 \
  R(run_under_way, "Wait until it has ended; if its process dies, the day can be run at once.") \
  R(later_day_has_run,                                                                          \
    "A past day is only recomputed: `--recompute` shows it, recording nothing.")                \
  R(day_in_future, "Run a day when it has begun at the entity's place.")                        \
  R(collector_unknown, "`arrears book list` names the collectors; leave it out to see all.")

class LivePortfolio;

struct RunOptions {
  bool recompute = false;  ///< also for a past day; records nothing
  /// Tells which parties nothing can be decided about; null: the file of every party is read. The
  /// same is decided.
  LivePortfolio* portfolio = nullptr;
  std::function<void(Part)> progress;  ///< called after each part
};

/// Runs the business date `day` of the entity: revises follow-ups, takes the steps that are due and
/// freezes each collector's worklist, all in one transaction. Running a day again records only what
/// is new since; running after a missed week takes the highest step of each item once. Of several
/// processes one at a time runs an entity's day: it holds the lease "run/ENTITY".
/// Answers `{run_id, business_date, parties, actions, steps, follow_ups, worklists, stopped}`.
Result<Json> run_day(Store& store, const Caller& caller, std::string_view entity, Date day,
                     const RunOptions& options);

/// The worklist of `day`: the frozen one where the day has run (and `live` is not asked for), else
/// what a run would freeze from the facts as known. An array, best first; without `collector` over
/// all collectors, ranked together. `limit`: how many lines at most; 0: all. `portfolio`: where
/// given, only the parties that may be among these lines are looked at; the lines are the same.
Result<boost::json::array> worklist(Facts& facts, std::string_view entity, Date day,
                                    std::string_view collector, bool live, std::size_t limit = 0,
                                    LivePortfolio* portfolio = nullptr);

/// The contacts that the runs of `from` to `to` (both included) found due, oldest first: `{on,
/// name, customers, channel, action, level, items}`. Reminders and demands wait here until they are
/// sent.
Result<boost::json::array> due_action_list(Facts& facts, std::string_view entity, Date from,
                                           Date to);

/// The runs of an entity, newest first.
Result<boost::json::array> run_list(Facts& facts, std::string_view entity);

}  // namespace arrears::app

ARREARS_REFUSALS(app, RunRefusal, "run", ARREARS_RUN_REFUSALS);
