#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/event_stream.h"
#include "adapters/http/headers.h"

namespace arrears::http {

enum class SameSite : unsigned char { strict, lax };

/// A cookie to set; the defaults are those of a session cookie.
struct Cookie {
  std::string name = {};
  std::string value = {};
  std::string path = "/";
  std::optional<std::chrono::seconds> max_age =
      {};  ///< none: until the browser closes; 0: forget it
  SameSite same_site = SameSite::lax;
  bool http_only = true;
  bool secure = true;
};

/// A refused field of a request: `pointer` is a JSON pointer ("/promise/amount") or the name of a
/// query parameter.
struct FieldError {
  std::string pointer;
  std::string code;
  std::string detail;
};

/// Problem details (RFC 9457). `code` is the stable name for programs.
struct Problem {
  int status = 500;
  std::string code = {};
  std::string title = {};   ///< empty: the status in words
  std::string detail = {};  ///< what, where, what to do next; empty: left out
  std::vector<FieldError> errors = {};
};

/// What a handler answers. The server adds Content-Length, security headers and the request id;
/// `Cache-Control` is `no-store` unless a handler sets another.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::string_view fixed_body;          ///< instead of `body`: bytes that outlive the server
  std::shared_ptr<EventStream> stream;  ///< instead of a body: see `events`

  /// `bytes` is JSON already written out.
  static Response json(std::string bytes, int status = 200);
  static Response text(std::string text, int status = 200);
  static Response no_content();
  static Response problem(const Problem& problem);
  /// 303 unless told: the browser follows with GET.
  static Response redirect(std::string_view location, int status = 303);
  /// Keeps the connection and writes the stream's events until it ends.
  static Response events(std::shared_ptr<EventStream> stream);

  Response& set(std::string_view name, std::string_view value) {
    headers.set(name, value);
    return *this;
  }
  /// A name, value or path with `;`, a blank or a control character throws `base::Mistake`.
  Response& set_cookie(const Cookie& cookie);
};

/// "Not Found"; "Status" for a number without a usual name.
std::string_view status_text(int status);

/// A JSON string with its quotes. What is not UTF-8 becomes U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace arrears::http
