#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/http/transport.h"

namespace arrears::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How long a transfer may take: `grace`, and more the more of it has passed, so that a slow line
/// gets its time and a client that trickles bytes to hold the connection does not.
struct Pace {
  SteadyTime start;
  std::chrono::milliseconds grace;
  std::int64_t min_bytes_per_second;
  SteadyTime deadline(std::int64_t bytes_passed) const;
};

/// One connection's bytes with a deadline on each step. Lives on the I/O thread.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  explicit Wire(std::unique_ptr<Transport> transport);

  asio::awaitable<bool> open(SteadyTime deadline);
  /// Reads at most `max_bytes` more. False at the end, on an error and after the deadline.
  asio::awaitable<bool> read_more(std::size_t max_bytes, SteadyTime deadline);
  /// What was read and not yet used.
  std::string_view unread() const { return std::string_view(buffer_).substr(used_); }
  void use(std::size_t bytes);
  /// Writes all of both, or false.
  asio::awaitable<bool> write(std::string_view head, std::string_view body, Pace pace);
  /// Ends our side and reads what the client still sends, so that it gets to see our last answer
  /// instead of a reset.
  asio::awaitable<void> linger(SteadyTime deadline);
  asio::awaitable<void> close(SteadyTime deadline);

  /// Whether the last step failed by its deadline.
  bool timed_out() const { return timed_out_; }
  bool is_cut() const { return cut_; }
  /// Ends it now: what waits for bytes fails.
  void cut();
  /// Calls `gone` when the client closes while nothing is being read.
  void watch_for_close(std::function<void()> gone);

 private:
  void arm(SteadyTime deadline);
  void disarm() { armed_ = false; }
  void wait_until(SteadyTime at);

  std::unique_ptr<Transport> transport_;
  asio::steady_timer timer_;
  SteadyTime deadline_;
  SteadyTime timer_at_;
  bool timer_runs_ = false;
  bool armed_ = false;
  bool timed_out_ = false;
  bool cut_ = false;
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace arrears::http
