#include "adapters/http/server.h"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "adapters/http/connection.h"
#include "base/check.h"

namespace arrears::http {
namespace {

using asio::ip::tcp;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr auto accept_pause = std::chrono::milliseconds(50);
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// An IPv4 address that came through an IPv6 socket is shown as IPv4.
std::string address_text(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

}  // namespace

struct Server::Parts {
  Parts(ServerOptions options, Router router, Log& log, Metrics& metrics)
      : core(std::move(options), std::move(router), log, metrics),
        acceptor(core.io),
        drain_timer(core.io) {}

  void listen();
  asio::awaitable<void> accept();
  void welcome(tcp::socket socket);
  void begin_stop();

  Core core;
  tcp::acceptor acceptor;
  asio::steady_timer drain_timer;
  std::optional<Tls> tls;
  std::thread io_thread;
  std::uint16_t port = 0;
  std::atomic<bool> stopping = false;
};

Server::Server(ServerOptions options, Router router, Log& log, Metrics& metrics)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(router), log, metrics)) {}

Server::~Server() { stop(); }

void Server::start() {
  ARREARS_REQUIRE(!parts_->io_thread.joinable());
  parts_->listen();
  asio::co_spawn(
      parts_->core.io, [parts = parts_.get()] { return parts->accept(); }, asio::detached);
  parts_->io_thread = std::thread([parts = parts_.get()] { parts->core.io.run(); });
}

void Server::Parts::listen() {
  const ServerOptions& options = core.options;
  std::string what = "certificate " + options.certificate_file;
  try {
    if (!options.certificate_file.empty()) tls.emplace(options.certificate_file, options.key_file);
    what = "listening on " + options.address + " port " + std::to_string(options.port);
    const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
    port = acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), what);
  }
}

std::uint16_t Server::port() const { return parts_->port; }

bool Server::is_stopping() const { return parts_->stopping; }

void Server::stop() {
  if (!parts_->io_thread.joinable()) return;
  parts_->stopping = true;
  asio::post(parts_->core.io, [parts = parts_.get()] { parts->begin_stop(); });
  parts_->io_thread.join();
  parts_->core.pool.stop();
  // What the last workers still handed over.
  parts_->core.io.restart();
  parts_->core.io.poll();
}

/// Accepting never ends by an error: without free file descriptors it pauses and goes on.
asio::awaitable<void> Server::Parts::accept() {
  asio::steady_timer pause(core.io);
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(awaited);
    if (!acceptor.is_open()) break;
    if (error) {
      core.metrics.refused(Metrics::Refused::accept_failed);
      pause.expires_after(accept_pause);
      co_await pause.async_wait(awaited);
      continue;
    }
    try {
      welcome(std::move(socket));
    } catch (const std::exception&) {  // out of memory, for one
      core.metrics.refused(Metrics::Refused::accept_failed);
    }
  }
}

void Server::Parts::welcome(tcp::socket socket) {
  boost::system::error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;  // gone already
  if (core.connections.size() >= core.options.max_connections) {
    core.metrics.refused(Metrics::Refused::too_many_connections);
    socket.non_blocking(true, error);
    if (!tls) socket.write_some(asio::buffer(too_many.data(), too_many.size()), error);
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  std::unique_ptr<Transport> transport =
      tls ? tls->transport(std::move(socket)) : plain_transport(std::move(socket));
  std::make_shared<Connection>(core, std::move(transport), address_text(peer.address()),
                               tls.has_value())
      ->start();
}

/// The I/O thread ends by itself when the last connection has: nothing else keeps it.
void Server::Parts::begin_stop() {
  core.stopping = true;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  for (Connection* connection : core.connections) connection->stop();
  if (core.connections.empty()) return;
  core.on_last_closed = [this] { drain_timer.cancel(); };
  drain_timer.expires_after(core.options.drain_timeout);
  drain_timer.async_wait([this](boost::system::error_code error) {
    if (error) return;
    for (Connection* connection : core.connections) connection->cut();
  });
}

}  // namespace arrears::http
