#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "app/store.h"
#include "base/clock.h"

/// How callers' commands come to share transactions. See docs/decisions/0007.
namespace arrears::storage {

/// A command on its way: of its caller, who waits, and of the batch it is in.
struct WaitingCommand {
  using Work = std::function<bool(app::Transaction&)>;
  WaitingCommand(base::Instant at, std::string_view who, const Work& what)
      : recorded_at(at), actor(who), work(what) {}

  const base::Instant recorded_at;
  const std::string_view actor;
  const Work& work;

  bool again = false;          ///< it goes back to the head of the queue
  std::exception_ptr failure;  ///< else null: it is kept, or refused
  int failed_attempts = 0;     ///< because another transaction came first: the next is alone

  /// Records what it failed with, or that it shall be tried again.
  void fail(std::exception_ptr with);

  bool is_done = false;
  bool is_leader = false;
  std::condition_variable woken;
};

/// Callers queue up; one of them leads: it takes all that wait, runs them as one batch, and hands
/// the lead to the next that came meanwhile. Who is alone never waits. No thread of its own.
class CommandQueue {
 public:
  using Batch = std::vector<WaitingCommand*>;

  /// `run_batch` says of each command what came of it; what it throws itself fails all of them.
  explicit CommandQueue(std::function<void(const Batch&)> run_batch)
      : run_batch_(std::move(run_batch)) {}

  /// Returns when the command is durable or refused; throws what it, or its batch, failed with.
  void run(WaitingCommand& command);

  std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

 private:
  Batch take();
  void lead(std::unique_lock<std::mutex>& lock);

  const std::function<void(const Batch&)> run_batch_;
  std::mutex mutex_;
  std::deque<WaitingCommand*> waiting_;
  bool has_leader_ = false;
};

}  // namespace arrears::storage
