#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "adapters/storage/store.h"
#include "app/command.h"

/// A desk at which anything happens: random commands of all kinds on a real database, by two
/// processes (two stores) in turn.
namespace arrears::app::test {

class RandomDesk {
 public:
  /// `url` empty: an SQLite file of its own.
  RandomDesk(std::uint64_t seed, std::string url);
  ~RandomDesk();
  RandomDesk(const RandomDesk&) = delete;
  RandomDesk& operator=(const RandomDesk&) = delete;

  /// One command, taken or refused.
  void step();
  /// Commands that were taken.
  int taken() const { return taken_; }

  /// The store of the process that asks; the other one only commands.
  Store& store() { return *stores_[0]; }
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  Date today() const;
  /// A day of the story or some days after it.
  Date some_day() { return today() - static_cast<int>(pick(-10, 90)); }
  /// An instant of the past, or nothing.
  KnownAt some_instant();
  const std::vector<std::string>& entities() const { return entities_; }
  const std::vector<std::string>& customers() const { return customers_; }

 private:
  void open();
  void make_site();
  void add_customer();
  void add_document();
  void change_document();
  void add_payment();
  void change_payment();
  void allocate();
  void dispute();
  void promise();
  void call();
  void set_site();
  void move_clock();

  Caller caller();
  Store& some_store() { return *stores_[static_cast<std::size_t>(pick(0, 1))]; }
  const std::string& some(const std::vector<std::string>& values) {
    return values[static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(values.size()) - 1))];
  }
  const std::string& entity() { return pick(0, 5) ? entities_[0] : entities_[1]; }
  std::string number(const char* kind) { return kind + std::to_string(++numbers_); }
  std::string amount(std::int64_t most);
  std::string currency() { return pick(0, 4) ? "USD" : "EUR"; }
  template <class T>
  bool count(const base::Result<T>& result) {
    if (result) ++taken_;
    return result.ok();
  }

  std::mt19937_64 random_;
  std::string folder_;
  std::string url_;
  base::FixedClock clock_;
  std::vector<std::unique_ptr<storage::DatabaseStore>> stores_;
  std::vector<Instant> instants_;
  std::vector<std::string> entities_ = {"E", "F"};
  std::vector<std::string> customers_;
  std::vector<std::string> documents_;
  std::vector<std::string> credits_;
  std::vector<std::string> payments_;
  std::vector<std::string> promises_;
  int numbers_ = 0;
  int keys_ = 0;
  int taken_ = 0;
};

}  // namespace arrears::app::test
