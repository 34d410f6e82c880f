#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "adapters/http/server.h"
#include "adapters/http/test_client.h"

namespace arrears::http {
namespace {

/// A folder of its own with a key and a certificate that it signed itself.
struct Certificate {
  std::filesystem::path folder = [] {
    std::string name = (std::filesystem::temp_directory_path() / "arrears-tls-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
  }();
  std::string certificate_file = folder / "certificate.pem";
  std::string key_file = folder / "key.pem";

  Certificate() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    std::FILE* file = std::fopen(certificate_file.c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    file = std::fopen(key_file.c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
};

ServerOptions with(const Certificate& certificate) {
  ServerOptions options;
  options.certificate_file = certificate.certificate_file;
  options.key_file = certificate.key_file;
  return options;
}

Router routes() {
  Router router;
  router.post("/echo", [](const Request& request) {
    return Response::text((request.secure ? "secure " : "plain ") + request.body);
  });
  return router;
}

/// What the server sends back, up to its end of the connection, to a client of that TLS version.
std::string ask(std::uint16_t port, const std::string& bytes, int version) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  SSL_CTX_set_security_level(context.get(), 0);
  TestClient client(port);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl.get(), client.socket());
  if (SSL_connect(ssl.get()) != 1) return "no handshake";
  if (SSL_write(ssl.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) return "not sent";
  std::string received;
  char piece[4096];
  for (int count = 0; (count = SSL_read(ssl.get(), piece, sizeof piece)) > 0;)
    received.append(piece, static_cast<std::size_t>(count));
  const bool ended = (SSL_get_shutdown(ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  return received + (ended ? "" : " (torn off)");
}

TEST(Tls, serves_as_plain_http_does) {
  const Certificate certificate;
  const TestServer server(routes(), with(certificate));
  const std::string body(200'000, 'x');
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string answer = ask(server.server.port(), request, version);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer.substr(0, 100);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nsecure " + body));
    EXPECT_NE(answer.find("Strict-Transport-Security"), std::string::npos);
  }
}

TEST(Tls, refuses_old_versions_and_plain_text) {
  const Certificate certificate;
  const TestServer server(routes(), with(certificate));
  EXPECT_EQ(ask(server.server.port(), "", TLS1_1_VERSION), "no handshake");
  TestClient plain = server.client();
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(plain.rest().has_value());
}

TEST(Tls, a_client_that_does_not_shake_hands_is_cut) {
  const Certificate certificate;
  ServerOptions options = with(certificate);
  options.request_timeout = std::chrono::milliseconds(50);
  const TestServer server(routes(), options);
  TestClient silent = server.client();
  EXPECT_EQ(silent.rest(), "");
  EXPECT_TRUE(eventually([&] { return server.metrics.connection_count() == 0; }));
}

TEST(Tls, a_certificate_that_cannot_be_read_is_told_at_the_start) {
  ServerOptions options;
  options.certificate_file = "/nonexistent/certificate.pem";
  options.key_file = "/nonexistent/key.pem";
  EXPECT_THROW(TestServer(routes(), options), std::system_error);
}

}  // namespace
}  // namespace arrears::http
