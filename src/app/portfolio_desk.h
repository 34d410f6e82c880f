#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "app/live_portfolio.h"

/// The one portfolio of a server: many threads ask it, one at a time, and a thread of its own
/// follows the journal, so that a question finds little left to read.
namespace arrears::app {

class PortfolioDesk {
 public:
  /// What was recorded since the last call, with a snapshot that sees it. Runs on the thread that
  /// follows.
  using Listener = std::function<void(Facts& facts, const Changes& changes)>;
  /// What a look at the journal failed with: told once until it succeeds again.
  using OnFailure = std::function<void(const std::exception&)>;

  /// `image`: null where none is kept.
  PortfolioDesk(Store& store, PortfolioImageFile* image, PortfolioEvents events);
  /// Stops following.
  ~PortfolioDesk();

  /// Calls `question(facts, portfolio)` with a snapshot that is not older than that of any question
  /// before. Others wait until it has answered.
  template <class Question>
  auto ask(KnownAt known_at, Question&& question) {
    const std::lock_guard lock(mutex_);
    const auto facts = store_.read(known_at);
    return question(*facts, portfolio_);
  }

  /// Looks at the journal now and then `every` so long, until `stop`.
  void follow(std::chrono::milliseconds every, Listener listener, OnFailure on_failure);
  void stop();
  /// Whether the portfolio was loaded, and the last look at the journal succeeded.
  bool is_current() const;

  /// Writes the image of the portfolio where it pays.
  void keep_image();

 private:
  void look(const Listener& listener);

  Store& store_;
  std::mutex mutex_;  ///< of the portfolio, taken before its snapshot
  LivePortfolio portfolio_;
  portfolio::Ordinal seen_ = 0;
  std::vector<std::int64_t> pending_;  ///< owners of entries that were told of and wait for a seal

  mutable std::mutex thread_mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  bool current_ = false;
  std::thread thread_;
};

}  // namespace arrears::app
