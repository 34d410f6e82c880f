#pragma once

#include <functional>
#include <vector>

#include "app/live_portfolio.h"

/// Inside the room: from recorded histories to the columns of the portfolio.
namespace arrears::app {

PromiseCalendars promise_calendars(Facts& facts);
/// Of what the entity's calendar is made of, as `facts` sees it.
std::uint64_t calendar_digest(Facts& facts, const parties::Entity& entity);

/// Makes the facts of a customer for the portfolio: with its promises, their deadlines and where
/// they count. What it returns lasts until the next call.
class HistoryReader {
 public:
  explicit HistoryReader(const PromiseCalendars& calendars) : calendars_(calendars) {}
  const portfolio::CustomerFacts& read(const CustomerHistory& history);

 private:
  const PromiseCalendars& calendars_;
  std::vector<portfolio::PromiseFact> promises_;
  portfolio::CustomerFacts facts_;
};

/// All customers of the store, read by as many threads as there are processors, each with a
/// snapshot of its own.
std::vector<portfolio::Segment> load_segments(
    Store& store, const PromiseCalendars& calendars,
    const std::function<void(int done, int total)>& progress);

}  // namespace arrears::app
