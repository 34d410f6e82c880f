#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "adapters/http/request_parser.h"
#include "adapters/http/server.h"
#include "adapters/http/wire.h"
#include "adapters/http/worker_pool.h"

/// Inside of the server: one connection, from accept to close.
namespace arrears::http {

class Connection;

/// What all connections share. Everything but `pool`, `log` and `metrics` belongs to the I/O
/// thread.
struct Core {
  Core(ServerOptions options, Router router, Log& log, Metrics& metrics);

  const ServerOptions options;
  const Router router;
  Log& log;
  Metrics& metrics;
  asio::io_context io{1};
  std::unordered_set<Connection*> connections;
  std::unordered_map<const Route*, Metrics::RouteMetrics*> route_metrics;
  Metrics::RouteMetrics& no_route;
  bool stopping = false;
  std::function<void()> on_last_closed;
  std::uint64_t next_request = 0;
  WorkerPool pool;  // last: its jobs use the rest
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, std::unique_ptr<Transport> transport, std::string peer, bool secure);
  ~Connection();

  void start();
  /// The server stops: an idle connection ends, a stream says so and ends, a request is answered.
  void stop();
  /// Ends now.
  void cut();

 private:
  /// One request on its way to its answer.
  struct Exchange {
    SteadyTime start;
    std::shared_ptr<Request> request = std::make_shared<Request>();
    const Route* route = nullptr;
    bool http_1_0 = false;
    bool keep_alive = false;
    bool body_unread = false;
    std::int64_t bytes_in = 0;
    std::int64_t bytes_out = 0;
  };
  /// An answer that a worker makes while the connection waits.
  struct Pending;

  asio::awaitable<void> run();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> read_header(RequestParser& parser, SteadyTime start);
  asio::awaitable<Response> answer(RequestParser& parser, Exchange& exchange);
  asio::awaitable<std::optional<Response>> read_body(RequestParser& parser, Exchange& exchange);
  asio::awaitable<bool> store(Exchange& exchange, std::string bytes);
  asio::awaitable<Response> run_handler(Exchange& exchange);
  asio::awaitable<bool> wait_for(std::shared_ptr<Pending> pending, SteadyTime deadline);
  asio::awaitable<bool> deliver(Exchange& exchange, Response& response);
  asio::awaitable<bool> write_events(Exchange& exchange, const Response& response);
  asio::awaitable<std::string> next_events(EventStream& stream);
  std::optional<Response> refuse_early(const RequestParser& parser, Exchange& exchange);
  void identify(Exchange& exchange);
  void finished(const Exchange& exchange, int status);

  Core& core_;
  std::shared_ptr<Wire> wire_;
  const std::string peer_;
  const bool secure_;
  bool idle_ = false;
  std::shared_ptr<Pending> pending_;
  std::shared_ptr<EventStream> stream_;
  asio::steady_timer stream_ready_;
};

}  // namespace arrears::http
