#include "adapters/http/response.h"

#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {
namespace {

Response with_type(std::string body, int status, std::string_view type) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", type);
  response.body = std::move(body);
  return response;
}

/// Appends `,"name":"value"`.
void add_member(std::string& json, std::string_view name, std::string_view value) {
  json += ',';
  json += json_quote(name);
  json += ':';
  json += json_quote(value);
}

void append_escape(std::string& out, unsigned char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

bool fits_cookie(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == ';' || c == ',' || c == '"' || c == '\\') return false;
  }
  return true;
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const std::size_t length = base::utf8_sequence(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length > 1) {
      out += text.substr(0, length);
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      append_escape(out, static_cast<unsigned char>(c));
    } else {
      out += c;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
  return out;
}

std::string_view status_text(int status) {
  static constexpr std::pair<int, std::string_view> names[] = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& [number, text] : names)
    if (number == status) return text;
  return "Status";
}

Response Response::json(std::string bytes, int status) {
  return with_type(std::move(bytes), status, "application/json");
}

Response Response::text(std::string text, int status) {
  return with_type(std::move(text), status, "text/plain; charset=utf-8");
}

Response Response::no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response Response::problem(const Problem& problem) {
  std::string json = "{\"status\":" + std::to_string(problem.status);
  const std::string_view usual = status_text(problem.status);
  add_member(json, "title", problem.title.empty() ? usual : std::string_view(problem.title));
  if (!problem.code.empty()) add_member(json, "code", problem.code);
  if (!problem.detail.empty()) add_member(json, "detail", problem.detail);
  if (!problem.errors.empty()) {
    json += ",\"errors\":[";
    for (const FieldError& error : problem.errors) {
      if (json.back() != '[') json += ',';
      json += "{\"pointer\":" + json_quote(error.pointer);
      add_member(json, "code", error.code);
      add_member(json, "detail", error.detail);
      json += '}';
    }
    json += ']';
  }
  json += '}';
  return with_type(std::move(json), problem.status, "application/problem+json");
}

Response Response::redirect(std::string_view location, int status) {
  Response response;
  response.status = status;
  response.headers.add("Location", location);
  return response;
}

Response Response::events(std::shared_ptr<EventStream> stream) {
  Response response = with_type({}, 200, "text/event-stream");
  // Asks nginx not to hold events back.
  response.headers.add("X-Accel-Buffering", "no");
  response.stream = std::move(stream);
  return response;
}

Response& Response::set_cookie(const Cookie& cookie) {
  ARREARS_REQUIRE(fits_cookie(cookie.name) && fits_cookie(cookie.value) &&
                  fits_cookie(cookie.path));
  std::string text = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
  if (cookie.max_age) text += "; Max-Age=" + std::to_string(cookie.max_age->count());
  text += cookie.same_site == SameSite::strict ? "; SameSite=Strict" : "; SameSite=Lax";
  if (cookie.http_only) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  headers.add("Set-Cookie", text);
  return *this;
}

}  // namespace arrears::http
