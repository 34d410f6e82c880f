#include "app/portfolio_desk.h"

namespace arrears::app {

PortfolioDesk::PortfolioDesk(Store& store, PortfolioImageFile* image, PortfolioEvents events)
    : store_(store), portfolio_(store, image, std::move(events)) {}

PortfolioDesk::~PortfolioDesk() { stop(); }

void PortfolioDesk::look(const Listener& listener) {
  const std::unique_ptr<Facts> facts = ask(std::nullopt, [&](Facts& now, LivePortfolio& book) {
    book.refresh(now);
    return store_.read({});
  });
  Changes changes = facts->changes_since(seen_);
  // What is not sealed yet is named again at each look.
  const bool is_news = changes.checkpoint != seen_ || changes.owners != pending_;
  if (!is_news || (changes.owners.empty() && changes.kinds.empty())) {
    seen_ = changes.checkpoint;
    return;
  }
  seen_ = changes.checkpoint;
  pending_ = changes.owners;
  listener(*facts, changes);
}

void PortfolioDesk::follow(std::chrono::milliseconds every, Listener listener,
                           OnFailure on_failure) {
  ARREARS_REQUIRE(!thread_.joinable());
  seen_ = store_.read({})->changes_since(portfolio::latest).checkpoint;
  thread_ = std::thread(
      [this, every, listener = std::move(listener), on_failure = std::move(on_failure)] {
        bool failing = false;
        std::unique_lock lock(thread_mutex_);
        while (!stopping_) {
          lock.unlock();
          bool current = true;
          try {
            look(listener);
            failing = false;
          } catch (const std::exception& failure) {
            current = false;
            if (!failing) on_failure(failure);
            failing = true;
          }
          lock.lock();
          current_ = current;
          woken_.wait_for(lock, failing ? every * 5 : every, [this] { return stopping_; });
        }
      });
}

void PortfolioDesk::stop() {
  {
    const std::lock_guard lock(thread_mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool PortfolioDesk::is_current() const {
  const std::lock_guard lock(thread_mutex_);
  return current_;
}

void PortfolioDesk::keep_image() {
  const std::lock_guard lock(mutex_);
  portfolio_.keep_image();
}

}  // namespace arrears::app
