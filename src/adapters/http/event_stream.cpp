#include "adapters/http/event_stream.h"

#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {
namespace {

void add_line(std::string& out, std::string_view field, std::string_view value) {
  ARREARS_REQUIRE(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos);
  out.append(field).append(": ").append(value).append("\n");
}

}  // namespace

std::string to_bytes(const Event& event) {
  std::string out;
  out.reserve(event.data.size() + 64);
  if (!event.id.empty()) add_line(out, "id", event.id);
  if (!event.name.empty()) add_line(out, "event", event.name);
  for (std::string_view line : base::split(event.data, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    add_line(out, "data", line);
  }
  out += '\n';
  return out;
}

bool EventStream::send(const Event& event) {
  const std::string bytes = to_bytes(event);
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  if (queued_.size() + bytes.size() > max_queued_bytes_) {
    open_ = false;
    queued_.clear();
  } else {
    queued_ += bytes;
  }
  wake_reader();
  return open_;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  open_ = false;
  wake_reader();
}

bool EventStream::is_open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::string EventStream::take() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  return std::exchange(queued_, {});
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  open_ = false;
  wake_ = nullptr;
  queued_.clear();
}

/// One wake-up is enough until the reader has taken what was there. It happens under the lock, so
/// that after `detach` nobody calls into a server that is going away.
void EventStream::wake_reader() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

}  // namespace arrears::http
