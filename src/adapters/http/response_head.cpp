#include "adapters/http/response_head.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace arrears::http {
namespace {

/// What an answer says unless the handler says otherwise. The policy suits JSON, which loads
/// nothing; the app's files bring their own.
constexpr std::pair<std::string_view, std::string_view> usual_headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

/// Where a message ends is the server's to say: a handler's word on it is dropped.
bool is_framing(std::string_view name) {
  return same_text(name, "Content-Length") || same_text(name, "Transfer-Encoding") ||
         same_text(name, "Connection") || same_text(name, "Date");
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

/// Written once a second.
const std::string& date_now() {
  thread_local std::int64_t second = -1;
  thread_local std::string text;
  const base::Instant now = base::SystemClock().now();
  if (now.micros / 1'000'000 != second) {
    second = now.micros / 1'000'000;
    text = http_date(now);
  }
  return text;
}

}  // namespace

std::string write_head(const Response& response, const Request& request, std::string_view framing) {
  std::string out;
  out.reserve(1024);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(status_text(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers)
    if (!is_framing(name)) add_line(out, name, value);
  for (const auto& [name, value] : usual_headers)
    if (!response.headers.find(name)) add_line(out, name, value);
  if (request.secure) add_line(out, "Strict-Transport-Security", "max-age=31536000");
  if (!request.id.empty()) add_line(out, "X-Request-Id", request.id);
  add_line(out, "Date", date_now());
  out.append(framing).append("\r\n");
  return out;
}

std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

std::string http_date(base::Instant instant) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_time<std::chrono::microseconds> time{
      std::chrono::microseconds(instant.micros)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace arrears::http
