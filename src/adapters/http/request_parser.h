#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/request.h"

namespace arrears::http {

/// Reads one HTTP/1 request from bytes as they arrive (RFC 9112). It does no I/O.
///
/// Strict where leniency lets two programs disagree about where a request ends: bare line feeds,
/// Content-Length beside Transfer-Encoding, transfer codings other than `chunked`, a missing or
/// second Host are refused. Fields after the last chunk are dropped.
class RequestParser {
 public:
  explicit RequestParser(std::size_t max_header_bytes);
  ~RequestParser();

  enum class State : unsigned char { header, body, complete, refused };

  /// Reads from `bytes` and returns how many were used up; the rest has to be offered again with
  /// more behind it. Stops once after the header, so that the caller can look at it first.
  std::size_t read(std::string_view bytes);
  State state() const { return state_; }

  /// After `refused`: 400, 431, 501 (a method or coding that we do not know) or 505.
  int refused_status() const { return refused_status_; }

  // From the state `body` on:
  /// Method, target, headers; the caller moves it out.
  Request& request() { return request_; }
  bool is_http_1_0() const;
  bool keep_alive() const;
  bool has_body() const { return has_body_; }
  bool expects_continue() const { return expects_continue_; }
  /// Absent for a chunked body.
  std::optional<std::int64_t> content_length() const;
  /// The decoded bytes of the body since the last call.
  std::string take_body();

 private:
  struct Parts;
  void read_header();
  void refuse(int status);

  std::unique_ptr<Parts> parts_;
  State state_ = State::header;
  int refused_status_ = 0;
  std::size_t max_header_bytes_;
  bool started_ = false;
  bool has_body_ = false;
  bool expects_continue_ = false;
  Request request_;
};

}  // namespace arrears::http
