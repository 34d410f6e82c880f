#include "app/read_ahead.h"

#include <algorithm>
#include <array>
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

/// Readers take turns with so many parts.
constexpr int reader_count = 2;
constexpr int parts_at_once = 4;

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

  /// For the worker. Takes the place of `batch`, which it is done with; false where the batch is
  /// empty: the reader's turn is over.
  bool take(Batch& batch) {
    std::unique_lock lock(mutex_);
    if (!batch.empty()) used_.push_back(std::move(batch));
    moved_.wait(lock, [&] { return ended_ || !ready_.empty(); });
    if (ready_.empty() && failure_) std::rethrow_exception(failure_);
    ARREARS_REQUIRE(!ready_.empty());
    batch = std::move(ready_.front());
    ready_.pop_front();
    moved_.notify_one();
    return !batch.empty();
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

/// A thread that reads every other turn of the parts.
class Reader {
 public:
  Reader(Store& store, int first_turn, const FileReading& read)
      : facts_(store.read({})), first_turn_(first_turn), read_(read) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    exchange_.stop();
    if (thread_.joinable()) thread_.join();
  }

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  bool take(Batch& batch) { return exchange_.take(batch); }

 private:
  void run() {
    std::exception_ptr failure;
    try {
      for (int first = first_turn_ * parts_at_once; first < base::part_count;
           first += reader_count * parts_at_once) {
        read_turn({first, std::min(first + parts_at_once, base::part_count) - 1});
      }
    } catch (const Stopped&) {
      // The worker knows why.
    } catch (...) {
      failure = std::current_exception();
    }
    exchange_.end(failure);
  }

  void read_turn(PartRange parts) {
    Batch batch;
    read_(*facts_, parts, [&](PartyFile& file) {
      batch.push_back(std::move(file));
      if (batch.size() == batch_size) give(batch);
    });
    if (!batch.empty()) give(batch);
    give(batch);  // empty: the end of the turn
  }

  void give(Batch& batch) {
    if (!exchange_.give(std::exchange(batch, {}))) throw Stopped();
  }

  std::unique_ptr<Facts> facts_;
  int first_turn_;
  const FileReading& read_;
  Exchange exchange_;
  std::thread thread_;
};

}  // namespace

void read_ahead(Store& store, const FileReading& read, const FileSink& each) {
  std::array<std::optional<Reader>, reader_count> readers;
  for (int i = 0; i < reader_count; ++i)
    readers[static_cast<std::size_t>(i)].emplace(store, i, read);
  for (auto& reader : readers) reader->start();
  Batch batch;
  for (int turn = 0; turn * parts_at_once < base::part_count; ++turn) {
    Reader& reader = *readers[static_cast<std::size_t>(turn % reader_count)];
    while (reader.take(batch))
      for (PartyFile& file : batch) each(file);
  }
}

}  // namespace arrears::app
