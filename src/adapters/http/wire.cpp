#include "adapters/http/wire.h"

#include <algorithm>
#include <utility>

namespace arrears::http {
namespace {

constexpr std::size_t linger_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t write_bytes_max = 256 * 1024;

}  // namespace

SteadyTime Pace::deadline(std::int64_t bytes_passed) const {
  return start + grace +
         std::chrono::milliseconds(bytes_passed /
                                   std::max<std::int64_t>(1, min_bytes_per_second / 1000));
}

Wire::Wire(std::unique_ptr<Transport> transport)
    : transport_(std::move(transport)), timer_(transport_->socket().get_executor()) {}

asio::awaitable<bool> Wire::open(SteadyTime deadline) {
  arm(deadline);
  const bool opened = co_await transport_->open();
  disarm();
  co_return opened && !cut_;
}

asio::awaitable<bool> Wire::read_more(std::size_t max_bytes, SteadyTime deadline) {
  if (cut_) co_return false;
  buffer_.erase(0, used_);
  used_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + max_bytes);
  arm(deadline);
  const std::size_t count =
      co_await transport_->read(asio::mutable_buffer(buffer_.data() + before, max_bytes));
  disarm();
  buffer_.resize(before + count);
  co_return count > 0 && !cut_;
}

void Wire::use(std::size_t bytes) {
  used_ += bytes;
  if (used_ < buffer_.size()) return;
  buffer_.clear();
  used_ = 0;
}

asio::awaitable<bool> Wire::write(std::string_view head, std::string_view body, Pace pace) {
  std::int64_t passed = 0;
  while (!head.empty() || !body.empty()) {
    if (cut_) co_return false;
    const std::array<asio::const_buffer, 2> bytes = {
        asio::const_buffer(head.data(), head.size()),
        asio::const_buffer(body.data(), std::min(body.size(), write_bytes_max))};
    arm(pace.deadline(passed));
    const std::size_t count = co_await transport_->write(bytes);
    disarm();
    if (count == 0) co_return false;
    passed += static_cast<std::int64_t>(count);
    const std::size_t of_head = std::min(count, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(count - of_head);
  }
  co_return true;
}

asio::awaitable<void> Wire::linger(SteadyTime deadline) {
  constexpr std::size_t piece = 64 * 1024;
  arm(deadline);
  co_await transport_->end();
  disarm();
  std::size_t seen = 0;
  while (seen < linger_bytes_max) {
    use(unread().size());
    const bool more = co_await read_more(piece, deadline);
    if (!more) break;
    seen += unread().size();
  }
}

asio::awaitable<void> Wire::close(SteadyTime deadline) {
  if (!cut_ && !timed_out_) {
    arm(deadline);
    co_await transport_->end();
    disarm();
  }
  timer_.cancel();
  boost::system::error_code ignored;
  transport_->socket().close(ignored);
}

void Wire::cut() {
  cut_ = true;
  boost::system::error_code ignored;
  transport_->socket().cancel(ignored);
}

void Wire::watch_for_close(std::function<void()> gone) {
  transport_->socket().async_wait(
      asio::ip::tcp::socket::wait_read,
      [weak = weak_from_this(), gone = std::move(gone)](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self) return;
        boost::system::error_code ignored;
        if (self->transport_->socket().available(ignored) == 0) gone();
      });
}

/// One timer serves all deadlines of the connection. Moving the deadline back costs nothing: the
/// timer finds it moved when it fires, and waits again.
void Wire::arm(SteadyTime deadline) {
  deadline_ = deadline;
  armed_ = true;
  timed_out_ = false;
  if (!timer_runs_ || deadline < timer_at_) wait_until(deadline);
}

void Wire::wait_until(SteadyTime at) {
  timer_at_ = at;
  timer_runs_ = true;
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this(), at](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->timer_at_ != at) return;
    self->timer_runs_ = false;
    if (!self->armed_) return;
    if (std::chrono::steady_clock::now() < self->deadline_)
      return self->wait_until(self->deadline_);
    self->timed_out_ = true;
    boost::system::error_code ignored;
    self->transport_->socket().cancel(ignored);
  });
}

}  // namespace arrears::http
