#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/log.h"
#include "adapters/http/metrics.h"
#include "adapters/http/router.h"

namespace arrears::http {

/// The defaults suit a server behind a proxy on the same host.
struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one, see `Server::port`
  /// PEM files; both or none. None: plain HTTP.
  std::string certificate_file;
  std::string key_file;
  /// From these addresses X-Forwarded-For, X-Forwarded-Proto and X-Request-Id are believed.
  std::vector<std::string> trusted_proxies = {"127.0.0.1", "::1"};

  std::size_t workers = 8;       ///< handlers at once
  std::size_t max_queued = 256;  ///< requests waiting for a worker; above: 503
  std::size_t max_connections = 4096;
  std::size_t max_header_bytes = 16 * 1024;                              ///< above: 431
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);     ///< between requests
  std::chrono::milliseconds request_timeout = std::chrono::seconds(10);  ///< header and body: 408
  std::chrono::milliseconds handler_timeout = std::chrono::seconds(30);  ///< queue too; then: 503
  std::chrono::milliseconds write_timeout = std::chrono::seconds(10);
  /// Bodies that go to a file, and answers, get one second more for each of so many bytes passed.
  std::int64_t min_bytes_per_second = 32 * 1024;
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);     ///< on quiet event streams
  std::chrono::milliseconds drain_timeout = std::chrono::seconds(5);  ///< see `Server::stop`
  std::filesystem::path upload_folder = std::filesystem::temp_directory_path();
};

/// The HTTP server: one I/O thread, and workers on which handlers run. See docs/decisions/0010.
///
///     http::Router router;
///     router.get("/api/v1/customers/{number}", [](const http::Request& request) {
///       return http::Response::json(customer_json(request.parameter("number")));
///     });
///     http::Server server({.port = 8080}, std::move(router), log, metrics);
///     server.start();
class Server {
 public:
  Server(ServerOptions options, Router router, Log& log, Metrics& metrics);
  /// Stops.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and returns. Throws std::system_error: address in use, unreadable certificate.
  void start();
  /// The port it listens on.
  std::uint16_t port() const;

  /// Closes the listening socket, sends event streams a last event named "server-stopping",
  /// answers what is in flight for up to `drain_timeout`, cuts the rest, and returns. A handler
  /// that still runs then is waited for.
  void stop();
  /// For the readiness route: true from the beginning of `stop`.
  bool is_stopping() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace arrears::http
