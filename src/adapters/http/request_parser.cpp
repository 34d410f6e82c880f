// The one file that includes Boost.Beast: its headers cost more than the rest of the room.
#include "adapters/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

namespace arrears::http {
namespace {

namespace beast = boost::beast;

/// Collects decoded bytes; whoever reads the request takes them out again, so a large upload is
/// never in memory as a whole.
struct CollectedBody {
  using value_type = std::string;
  static std::uint64_t size(const value_type& body) { return body.size(); }

  class reader {  // NOLINT(readability-identifier-naming): Beast looks for this name
   public:
    template <bool is_request, class Fields>
    reader(beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, beast::error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, beast::error_code& error) {
      error = {};
      std::size_t taken = 0;
      const auto end = boost::asio::buffer_sequence_end(buffers);
      for (auto it = boost::asio::buffer_sequence_begin(buffers); it != end; ++it) {
        const boost::asio::const_buffer buffer(*it);
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        taken += buffer.size();
      }
      return taken;
    }
    void finish(beast::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

using Parser = beast::http::request_parser<CollectedBody>;

std::string_view to_std(beast::string_view text) { return {text.data(), text.size()}; }

int status_of(beast::error_code error) {
  if (error == beast::http::error::header_limit) return 431;
  if (error == beast::http::error::bad_version) return 505;
  return 400;
}

}  // namespace

struct RequestParser::Parts {
  Parser parser;
};

RequestParser::RequestParser(std::size_t max_header_bytes)
    : parts_(std::make_unique<Parts>()), max_header_bytes_(max_header_bytes) {
  Parser& parser = parts_->parser;
  parser.header_limit(static_cast<std::uint32_t>(max_header_bytes));
  parser.body_limit(boost::none);  // the limit is the route's: see Connection
  parser.eager(false);
}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::read(std::string_view bytes) {
  Parser& parser = parts_->parser;
  std::size_t used = 0;
  // RFC 9112, section 2.2: empty lines before a request line are passed over.
  while (!started_ && bytes.substr(used).starts_with("\r\n")) used += 2;
  while (used < bytes.size() && (state_ == State::header || state_ == State::body)) {
    beast::error_code error;
    const std::string_view rest = bytes.substr(used);
    if (!started_ && rest == "\r") return used;
    started_ = true;
    const std::size_t taken =
        parser.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    used += taken;
    if (error == beast::http::error::need_more) {
      // Within a body this is an endless chunk extension or trailer.
      if (rest.size() - taken > max_header_bytes_) refuse(400);
      return used;
    }
    if (error) {
      refuse(status_of(error));
      return used;
    }
    if (state_ == State::header && parser.is_header_done()) {
      read_header();
      if (state_ == State::body && !parser.is_done()) return used;
    }
    if (state_ == State::body && parser.is_done()) state_ = State::complete;
  }
  return used;
}

void RequestParser::read_header() {
  const auto& message = parts_->parser.get();
  state_ = State::body;
  for (const auto& field : message)
    request_.headers.add(to_std(field.name_string()), to_std(field.value()));
  const auto method = base::parse_name<Method>(to_std(message.method_string()));
  const std::size_t hosts = request_.headers.count("Host");
  const std::size_t codings = request_.headers.count("Transfer-Encoding");
  const std::string_view target = to_std(message.target());
  if (hosts > 1 || (hosts == 0 && !is_http_1_0())) return refuse(400);
  if (codings > 0 && is_http_1_0()) return refuse(400);
  if (codings > 1) return refuse(400);
  if (codings == 1 && !same_text(*request_.headers.find("Transfer-Encoding"), "chunked"))
    return refuse(501);
  if (!method) return refuse(501);
  request_.method = *method;
  // "OPTIONS *" asks about the server as a whole.
  const bool whole_server = request_.method == Method::options && target == "*";
  if (!read_target(whole_server ? "/" : target, request_)) return refuse(400);
  has_body_ = codings == 1 || content_length().value_or(0) > 0;
  expects_continue_ = !is_http_1_0() && request_.headers.lists("Expect", "100-continue");
  parts_->parser.eager(true);
}

void RequestParser::refuse(int status) {
  state_ = State::refused;
  refused_status_ = status;
}

bool RequestParser::is_http_1_0() const { return parts_->parser.get().version() < 11; }

bool RequestParser::keep_alive() const { return parts_->parser.keep_alive(); }

std::optional<std::int64_t> RequestParser::content_length() const {
  const auto length = parts_->parser.content_length();
  if (!length) return std::nullopt;
  return static_cast<std::int64_t>(std::min<std::uint64_t>(*length, std::uint64_t{1} << 62));
}

std::string RequestParser::take_body() { return std::exchange(parts_->parser.get().body(), {}); }

}  // namespace arrears::http
