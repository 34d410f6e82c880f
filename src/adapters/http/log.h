#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace arrears::http {

/// Structured logs: one JSON object a line, with time (UTC), level and event. They carry request
/// ids, route patterns and numbers; never paths as sent, query values, bodies, headers, addresses
/// or names of people.
class Log {
 public:
  enum class Level : unsigned char { debug, info, warning, error };
  /// Gets whole lines without their line break, from one thread at a time.
  using Sink = std::function<void(std::string_view line)>;

  /// Lines to standard error, written by a thread of its own; when it cannot keep up, the oldest
  /// lines are lost rather than requests held up.
  explicit Log(Level lowest = Level::info);
  /// Lines to `sink`, at once.
  Log(Sink sink, Level lowest);
  ~Log();

  struct RequestLine {
    std::string_view id;
    std::string_view route;  ///< the pattern
    std::string_view method;
    int status = 0;
    std::int64_t micros = 0;
    std::int64_t bytes_in = 0;
    std::int64_t bytes_out = 0;
  };
  void request(const RequestLine& line);

  /// `event` is a fixed word such as "server_started".
  using Field = std::pair<std::string_view, std::string_view>;
  void event(Level level, std::string_view event, std::initializer_list<Field> fields = {});

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace arrears::http
