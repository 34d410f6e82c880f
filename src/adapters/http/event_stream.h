#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace arrears::http {

/// One server-sent event (WHATWG HTML, section 9.2). `id` and `name` are single lines.
struct Event {
  std::string id = {};    ///< the browser repeats the last one as Last-Event-ID when it reconnects
  std::string name = {};  ///< empty means "message"
  std::string data = {};  ///< any number of lines
};

/// The bytes of one event. A line break in `id` or `name` throws `base::Mistake`.
std::string to_bytes(const Event& event);

/// A live stream to one browser. A handler makes one, keeps it where events come from, and answers
/// with `Response::events(stream)`. Any thread may call it.
///
/// What is not yet written waits in a queue with a limit. A reader too slow for it is cut off, and
/// reconnects: it misses events knowingly rather than silently.
class EventStream {
 public:
  explicit EventStream(std::size_t max_queued_bytes = 256 * 1024)
      : max_queued_bytes_(max_queued_bytes) {}

  /// Queues an event. False when the stream has ended, or ends now because its queue is full.
  bool send(const Event& event);
  /// Ends the stream after what is queued.
  void close();
  /// Whether events still have a reader. A publisher drops streams that are not open.
  bool is_open() const;

  /// For the server: what is queued, in one piece. `wake` is called from the sender's thread when
  /// there is something to take or the stream has ended; it must not call the stream.
  std::string take();
  void attach(std::function<void()> wake);
  /// For the server: the connection is gone, nothing more is queued.
  void detach();

 private:
  void wake_reader();

  const std::size_t max_queued_bytes_;
  mutable std::mutex mutex_;
  std::string queued_;
  bool open_ = true;
  bool woken_ = false;
  std::function<void()> wake_;
};

}  // namespace arrears::http
