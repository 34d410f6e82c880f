#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace arrears::http {

/// Threads that run jobs in the order in which they came. The queue has a limit.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  WorkerPool(std::size_t threads, std::size_t max_queued);
  /// Like `stop`.
  ~WorkerPool();

  /// False when the queue is full or the pool has stopped. A job does not throw.
  bool submit(Job job);
  /// For a job whose number is limited otherwise: never refused for a full queue.
  bool submit_always(Job job);
  std::size_t queued() const;

  /// Waits for the jobs that run and drops those that wait.
  void stop();

 private:
  bool submit(Job job, std::size_t max_queued);
  void work();

  const std::size_t max_queued_;
  mutable std::mutex mutex_;
  std::condition_variable work_to_do_;
  std::deque<Job> jobs_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace arrears::http
