#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/http/transport.h"

namespace arrears::http {
namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

class TlsTransport final : public Transport {
 public:
  TlsTransport(asio::ip::tcp::socket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context) {}

  asio::awaitable<bool> open() override {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, awaited);
    co_return !error;
  }
  asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
    const auto [error, count] = co_await stream_.async_read_some(into, awaited);
    co_return error ? 0 : count;
  }
  asio::awaitable<std::size_t> write(const std::array<asio::const_buffer, 2>& bytes) override {
    const auto [error, count] = co_await stream_.async_write_some(bytes, awaited);
    co_return error ? 0 : count;
  }
  asio::awaitable<void> end() override {
    co_await stream_.async_shutdown(awaited);
    boost::system::error_code ignored;
    socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
  asio::ip::tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
};

}  // namespace

struct Tls::Parts {
  asio::ssl::context context{asio::ssl::context::tls_server};
};

Tls::Tls(const std::string& certificate_file, const std::string& key_file)
    : parts_(std::make_unique<Parts>()) {
  asio::ssl::context& context = parts_->context;
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
  SSL_CTX_set_options(context.native_handle(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  context.use_certificate_chain_file(certificate_file);
  context.use_private_key_file(key_file, asio::ssl::context::pem);
}
Tls::~Tls() = default;

std::unique_ptr<Transport> Tls::transport(asio::ip::tcp::socket socket) {
  return std::make_unique<TlsTransport>(std::move(socket), parts_->context);
}

}  // namespace arrears::http
