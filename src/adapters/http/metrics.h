#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace arrears::http {

/// What Prometheus reads. Labels are route patterns, methods and status classes: few, known before
/// the server starts, and never anything that somebody sent.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  /// The counters of one route, made once.
  class RouteMetrics {
   public:
    virtual ~RouteMetrics() = default;
    virtual void finished(int status, std::int64_t micros) = 0;
  };
  RouteMetrics& route(std::string_view pattern, std::string_view method);

  /// Why a connection was cut or refused before a handler saw it.
  enum class Refused : unsigned char {
    bad_request,
    too_large,
    too_slow,
    too_many_connections,
    queue_full,
    overdue,
    accept_failed,
  };
  void refused(Refused reason);
  std::int64_t refused_count(Refused reason) const;

  void connections(std::int64_t change);
  void in_flight(std::int64_t change);
  void streams(std::int64_t change);
  void queued(std::int64_t count);
  std::int64_t connection_count() const;
  std::int64_t in_flight_count() const;
  std::int64_t stream_count() const;

  /// The text exposition format, version 0.0.4.
  std::string text() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace arrears::http
