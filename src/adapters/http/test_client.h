#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "adapters/http/log.h"
#include "adapters/http/server.h"
#include "base/text.h"

/// For tests only: a client that sends exactly the bytes it is told to, and a server to talk to.
namespace arrears::http {

constexpr auto test_patience = std::chrono::seconds(30);

/// Waits for another thread to make it so; false if it never does.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + test_patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

class TestClient {
 public:
  TestClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit TestClient(std::uint16_t port) : TestClient() { connect(port); }
  TestClient(TestClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  TestClient& operator=(TestClient&&) = delete;
  ~TestClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  bool connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  int socket() const { return socket_; }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  bool has_answer_within(std::chrono::milliseconds time) {
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 1;
  }
  /// Reads until `text` has come; what came up to its end, or nothing.
  std::optional<std::string> until(std::string_view text) {
    std::size_t at = received_.find(text);
    while (at == std::string::npos) {
      if (!read_some()) return std::nullopt;
      at = received_.find(text);
    }
    return take(at + text.size());
  }
  std::optional<std::string> exactly(std::size_t count) {
    while (received_.size() < count)
      if (!read_some()) return std::nullopt;
    return take(count);
  }
  /// Everything up to the end of the connection; nothing if the server never ends it.
  std::optional<std::string> rest() {
    while (read_some()) {
    }
    if (!ended_) return std::nullopt;
    return take(received_.size());
  }

  struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    std::string header(std::string_view name) const {
      for (std::string_view line : base::split(head, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != line.npos && same_text(line.substr(0, colon), name))
          return std::string(base::trim(line.substr(colon + 1)));
      }
      return {};
    }
  };
  /// The next answer; status 0 if the connection ended without one.
  Answer answer(bool to_head = false) {
    Answer answer;
    const auto head = until("\r\n\r\n");
    if (!head || head->size() < 12) return answer;
    answer.head = *head;
    answer.status = static_cast<int>(std::strtol(head->c_str() + 9, nullptr, 10));
    const std::string length = answer.header("Content-Length");
    if (to_head || length.empty()) return answer;
    answer.body = exactly(std::strtoul(length.c_str(), nullptr, 10)).value_or("?");
    return answer;
  }
  Answer ask(std::string_view bytes) {
    send(bytes);
    return answer();
  }

 private:
  bool read_some() {
    pollfd waiting{socket_, POLLIN, 0};
    const auto patience = std::chrono::milliseconds(test_patience).count();
    if (::poll(&waiting, 1, static_cast<int>(patience)) != 1) return false;
    char bytes[16 * 1024];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
  std::string take(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }

  int socket_;
  bool ended_ = false;
  std::string received_;
};

/// A server on a free port, with short deadlines unless told, whose log is in memory.
struct TestServer {
  explicit TestServer(Router router, ServerOptions options = {})
      : server(on_free_port(std::move(options)), std::move(router), log, metrics) {
    server.start();
  }
  static ServerOptions on_free_port(ServerOptions options) {
    options.port = 0;
    return options;
  }
  TestClient client() const { return TestClient(server.port()); }
  std::string logged() const {
    const std::lock_guard lock(log_mutex);
    return log_text;
  }

  mutable std::mutex log_mutex;
  std::string log_text;
  Log log{[this](std::string_view line) {
            const std::lock_guard lock(log_mutex);
            log_text.append(line).append("\n");
          },
          Log::Level::info};
  Metrics metrics;
  Server server;
};

}  // namespace arrears::http
