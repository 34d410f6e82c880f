#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>

/// Inside of the server: bytes of one connection, plain or by TLS. Only the server's own files
/// include this.
namespace arrears::http {

namespace asio = boost::asio;

class Transport {
 public:
  virtual ~Transport() = default;
  /// The TLS handshake; false when it fails.
  virtual asio::awaitable<bool> open() = 0;
  /// Reads some bytes; 0 at the end, after an error and after `socket().cancel()`.
  virtual asio::awaitable<std::size_t> read(asio::mutable_buffer into) = 0;
  /// Writes some bytes; 0 after an error and after `socket().cancel()`.
  virtual asio::awaitable<std::size_t> write(const std::array<asio::const_buffer, 2>& bytes) = 0;
  /// Tells the peer that nothing more comes.
  virtual asio::awaitable<void> end() = 0;
  virtual asio::ip::tcp::socket& socket() = 0;
};

std::unique_ptr<Transport> plain_transport(asio::ip::tcp::socket socket);

/// A certificate with its key.
class Tls {
 public:
  /// PEM files, the certificate with its chain. Throws boost::system::system_error.
  Tls(const std::string& certificate_file, const std::string& key_file);
  ~Tls();
  std::unique_ptr<Transport> transport(asio::ip::tcp::socket socket);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace arrears::http
