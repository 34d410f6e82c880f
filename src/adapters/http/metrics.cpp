#include "adapters/http/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <list>
#include <string>

#include "base/names.h"

ARREARS_NAMES(http, Metrics::Refused, "bad_request", "too_large", "too_slow",
              "too_many_connections", "queue_full", "overdue", "accept_failed");

namespace arrears::http {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr double micros_per_second = 1e6;
constexpr std::array<std::string_view, 5> status_classes = {"1xx", "2xx", "3xx", "4xx", "5xx"};

Histogram::BucketBoundaries latency_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

class CountersOfRoute final : public Metrics::RouteMetrics {
 public:
  CountersOfRoute(prometheus::Family<Counter>& requests, prometheus::Family<Histogram>& seconds,
                  const std::string& pattern, const std::string& method)
      : seconds_(seconds.Add({{"route", pattern}, {"method", method}}, latency_buckets())) {
    for (std::size_t i = 0; i < status_classes.size(); ++i)
      by_class_[i] = &requests.Add(
          {{"route", pattern}, {"method", method}, {"status", std::string(status_classes[i])}});
  }
  void finished(int status, std::int64_t micros) override {
    const int index = status / 100 - 1;
    if (index >= 0 && index < static_cast<int>(by_class_.size()))
      by_class_[static_cast<std::size_t>(index)]->Increment();
    seconds_.Observe(static_cast<double>(micros) / micros_per_second);
  }

 private:
  std::array<Counter*, status_classes.size()> by_class_{};
  Histogram& seconds_;
};

Gauge& one_gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

struct Metrics::Parts {
  prometheus::Registry registry;
  prometheus::Family<Counter>& requests = prometheus::BuildCounter()
                                              .Name("arrears_http_requests_total")
                                              .Help("Requests answered.")
                                              .Register(registry);
  prometheus::Family<Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("arrears_http_request_seconds")
          .Help("From the whole header received to the last byte of the answer written.")
          .Register(registry);
  prometheus::Family<Counter>& refused = prometheus::BuildCounter()
                                             .Name("arrears_http_refused_total")
                                             .Help("Requests and connections refused or cut.")
                                             .Register(registry);
  std::array<Counter*, base::name_count<Metrics::Refused>> refused_by{};
  Gauge& connections = one_gauge(registry, "arrears_http_connections", "Open connections.");
  Gauge& in_flight = one_gauge(registry, "arrears_http_in_flight", "Requests being answered.");
  Gauge& streams = one_gauge(registry, "arrears_http_streams", "Live event streams.");
  Gauge& queued = one_gauge(registry, "arrears_http_queued", "Requests waiting for a worker.");
  std::list<CountersOfRoute> routes;
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {
  for (std::size_t i = 0; i < parts_->refused_by.size(); ++i)
    parts_->refused_by[i] =
        &parts_->refused.Add({{"reason", std::string(base::name(static_cast<Refused>(i)))}});
}
Metrics::~Metrics() = default;

Metrics::RouteMetrics& Metrics::route(std::string_view pattern, std::string_view method) {
  return parts_->routes.emplace_back(parts_->requests, parts_->seconds, std::string(pattern),
                                     std::string(method));
}

void Metrics::refused(Refused reason) {
  parts_->refused_by[static_cast<std::size_t>(reason)]->Increment();
}
std::int64_t Metrics::refused_count(Refused reason) const {
  return static_cast<std::int64_t>(parts_->refused_by[static_cast<std::size_t>(reason)]->Value());
}

void Metrics::connections(std::int64_t change) {
  parts_->connections.Increment(static_cast<double>(change));
}
void Metrics::in_flight(std::int64_t change) {
  parts_->in_flight.Increment(static_cast<double>(change));
}
void Metrics::streams(std::int64_t change) {
  parts_->streams.Increment(static_cast<double>(change));
}
void Metrics::queued(std::int64_t count) { parts_->queued.Set(static_cast<double>(count)); }

std::int64_t Metrics::connection_count() const {
  return static_cast<std::int64_t>(parts_->connections.Value());
}
std::int64_t Metrics::in_flight_count() const {
  return static_cast<std::int64_t>(parts_->in_flight.Value());
}
std::int64_t Metrics::stream_count() const {
  return static_cast<std::int64_t>(parts_->streams.Value());
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect());
}

}  // namespace arrears::http
