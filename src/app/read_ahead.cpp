#include "app/read_ahead.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace arrears::app {

namespace {

using Batch = std::vector<PartyFile>;

/// Files come and go in batches: a switch of threads costs more than a file.
constexpr std::size_t batch_size = 64;
constexpr std::size_t most_batches = 8;

/// Hands batches from the reader to the worker, and back, so that the reader frees what it made.
class Exchange {
 public:
  /// For the reader. Waits while the worker is far behind; false once it has stopped.
  bool give(Batch batch) {
    std::deque<Batch> used;
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return stopped_ || ready_.size() < most_batches; });
    used.swap(used_);
    if (stopped_) return false;
    ready_.push_back(std::move(batch));
    moved_.notify_one();
    lock.unlock();  // `used` goes without it
    return true;
  }

  /// For the reader: nothing follows.
  void end(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    failure_ = std::move(failure);
    moved_.notify_one();
  }

  /// For the worker. Takes the place of `batch`, which it is done with; false after the last one.
  bool take(Batch& batch) {
    std::unique_lock lock(mutex_);
    if (!batch.empty()) used_.push_back(std::move(batch));
    moved_.wait(lock, [&] { return ended_ || !ready_.empty(); });
    if (ready_.empty()) {
      if (failure_) std::rethrow_exception(failure_);
      return false;
    }
    batch = std::move(ready_.front());
    ready_.pop_front();
    moved_.notify_one();
    return true;
  }

  /// For the worker: it takes nothing any more.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    moved_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<Batch> ready_;
  std::deque<Batch> used_;
  std::exception_ptr failure_;
  bool ended_ = false;
  bool stopped_ = false;
};

/// Ends the reading of a worker that wants no more.
struct Stopped {};

void read_into(Exchange& exchange, Facts& facts, const FileReading& read) {
  std::exception_ptr failure;
  try {
    Batch batch;
    const auto give = [&] {
      if (!exchange.give(std::exchange(batch, {}))) throw Stopped();
    };
    read(facts, [&](PartyFile& file) {
      batch.push_back(std::move(file));
      if (batch.size() == batch_size) give();
    });
    if (!batch.empty()) give();
  } catch (const Stopped&) {
    // The worker knows why.
  } catch (...) {
    failure = std::current_exception();
  }
  exchange.end(failure);
}

}  // namespace

void read_ahead(Store& store, const FileReading& read, const FileSink& each) {
  const auto facts = store.read({});
  Exchange exchange;
  std::thread reader([&] { read_into(exchange, *facts, read); });
  try {
    Batch batch;
    while (exchange.take(batch))
      for (PartyFile& file : batch) each(file);
  } catch (...) {
    exchange.stop();
    reader.join();
    throw;
  }
  reader.join();
}

}  // namespace arrears::app
