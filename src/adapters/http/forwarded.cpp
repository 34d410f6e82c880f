#include "adapters/http/forwarded.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/text.h"

namespace arrears::http {
namespace {

constexpr std::size_t id_length_max = 64;

bool is_address(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_plain_id(std::string_view text) {
  return !text.empty() && text.size() <= id_length_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

std::string request_id(std::uint64_t number) {
  static const std::uint64_t start = [] {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }();
  // SplitMix64's last steps: neighbours look nothing alike, and no two of a process are equal.
  std::uint64_t bits = start + number;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return fmt::format("{:016x}", bits ^ (bits >> 31));
}

void apply_forwarded(const std::vector<std::string>& trusted_proxies, Request& request) {
  const auto is_trusted = [&](const std::string& address) {
    return std::find(trusted_proxies.begin(), trusted_proxies.end(), address) !=
           trusted_proxies.end();
  };
  if (!is_trusted(request.peer)) return;
  if (const auto id = request.headers.find("X-Request-Id"); id && is_plain_id(*id))
    request.id = *id;
  if (const auto proto = request.headers.find("X-Forwarded-Proto"))
    request.secure = request.secure || same_text(*proto, "https");
  std::vector<std::string> addresses;
  for (const auto& [name, value] : request.headers)
    if (same_text(name, "X-Forwarded-For"))
      for (std::string_view item : base::split(value, ','))
        addresses.emplace_back(base::trim(item));
  for (auto address = addresses.rbegin(); address != addresses.rend(); ++address) {
    if (!is_address(*address)) return;
    request.peer = *address;
    if (!is_trusted(*address)) return;
  }
}

}  // namespace arrears::http
