#include "adapters/http/worker_pool.h"

#include <limits>
#include <utility>

namespace arrears::http {

WorkerPool::WorkerPool(std::size_t threads, std::size_t max_queued) : max_queued_(max_queued) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(Job job) { return submit(std::move(job), max_queued_); }

bool WorkerPool::submit_always(Job job) {
  return submit(std::move(job), std::numeric_limits<std::size_t>::max());
}

bool WorkerPool::submit(Job job, std::size_t max_queued) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || jobs_.size() >= max_queued) return false;
    jobs_.push_back(std::move(job));
  }
  work_to_do_.notify_one();
  return true;
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void WorkerPool::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
  }
  work_to_do_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void WorkerPool::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    work_to_do_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
  }
}

}  // namespace arrears::http
