#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "adapters/storage/db.h"

struct sqlite3;
struct sqlite3_stmt;

/// Many rows on their way into SQLite. Internal to its connection.
namespace arrears::storage {

/// Rows of one text, as the engine will read them.
struct RowBlock {
  const LaterWrite* write = nullptr;
  std::size_t columns = 0;
  std::size_t count = 0;
  std::string bytes;

  void append(std::span<const Value> values);
};

/// Inserts rows by the block, `INSERT ... SELECT` from a virtual table that reads them where they
/// are, on a thread of its own while the caller makes the next ones. The thread has the connection
/// to itself until `settle`, which comes before anything else is done with it.
class SqliteBulk {
 public:
  explicit SqliteBulk(sqlite3* db);
  SqliteBulk(const SqliteBulk&) = delete;
  SqliteBulk& operator=(const SqliteBulk&) = delete;
  ~SqliteBulk();

  /// Whether a row of the text is to go by the block: after so many in a row that another way to
  /// write them has nothing to say meanwhile.
  bool takes(const LaterWrite& write) { return ++streak_ > streak_min && !write.copy.empty(); }
  void add(const LaterWrite& write, std::span<const Value> values);
  std::size_t insert_new(const LaterWrite& write, std::size_t count,
                         const std::function<std::span<const Value>(std::size_t)>& row);

  /// A statement of another kind comes: all rows are in. Throws where one could not be inserted.
  void settle() {
    if (is_busy_) finish();
  }
  void end_streak() {
    streak_ = 0;
    settle();
  }
  /// Leaves the connection to the caller for now; the other rows, and what failed, wait.
  void pause() noexcept;
  /// Forgets the rows that are not in yet.
  void drop() noexcept;

  static constexpr std::size_t streak_min = 512;

  /// What the virtual table reads: the block that is being inserted.
  struct Reading {
    const RowBlock* block = nullptr;
    std::size_t row = 0;  ///< the one that was given last
  };

 private:
  using Job = std::vector<RowBlock>;

  void hand_over(Job job);
  void finish();
  void work();
  void insert(const RowBlock& block);
  sqlite3_stmt* statement_for(const RowBlock& block);

  sqlite3* db_;
  std::unordered_map<const LaterWrite*, sqlite3_stmt*> statements_;
  Reading reading_;

  // Of the caller.
  std::size_t streak_ = 0;
  bool is_busy_ = false;  ///< rows wait, or the thread runs
  Job waiting_;
  std::size_t waiting_bytes_ = 0;

  // Shared with the thread.
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_last_ = false;  ///< no more jobs come
  std::exception_ptr failure_;
  std::size_t inserted_ = 0;  ///< rows, up to the failure
};

/// StorageError of the connection's last failure.
[[noreturn]] void fail_sqlite(sqlite3* db, int code, std::string_view doing);

}  // namespace arrears::storage
