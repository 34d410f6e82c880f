#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <string>

#include "adapters/http/log.h"
#include "adapters/http/metrics.h"
#include "app/import_desk.h"
#include "app/portfolio_desk.h"
#include "base/clock.h"

/// What the API answers from. Everything outlives it.
namespace arrears::api {

class EventHub;

/// The server's business clock: the machine's, or on a rehearsal database a clock that began at a
/// given instant and ticks on. Any thread may ask it.
class SiteClock final : public base::Clock {
 public:
  explicit SiteClock(const base::Clock& wall) : wall_(wall) {}

  base::Instant now() const override { return {wall_.now().micros + offset_.load()}; }
  /// From now on it is `now`. False, and nothing changes, for an instant before its own present.
  bool move_forward(base::Instant now);
  /// The start of a rehearsal: it is `now`, whatever it was.
  void start_at(base::Instant now) { offset_ = now.micros - wall_.now().micros; }

 private:
  const base::Clock& wall_;
  std::mutex moving_;
  std::atomic<std::int64_t> offset_ = 0;
};

struct Site {
  app::Store& store;
  app::PortfolioDesk& desk;
  SiteClock& clock;
  const base::Clock& wall;  ///< real time: sessions and limits, also in a rehearsal
  http::Log& log;
  http::Metrics& metrics;
  EventHub& events;
  app::ImportDesk& imports;
  std::string version;
  /// The status that a failure of the store means (503: come again), 500 where it means nothing.
  std::function<int(const std::exception&)> status_of_failure;
  /// Makes the demonstration company; null where the database is not for it.
  std::function<void()> make_demo;
};

}  // namespace arrears::api
