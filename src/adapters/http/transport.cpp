#include "adapters/http/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace arrears::http {
namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> open() override { co_return true; }
  asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
    const auto [error, count] = co_await socket_.async_read_some(into, awaited);
    co_return error ? 0 : count;
  }
  asio::awaitable<std::size_t> write(const std::array<asio::const_buffer, 2>& bytes) override {
    const auto [error, count] = co_await socket_.async_write_some(bytes, awaited);
    co_return error ? 0 : count;
  }
  asio::awaitable<void> end() override {
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_return;
  }
  asio::ip::tcp::socket& socket() override { return socket_; }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

}  // namespace arrears::http
