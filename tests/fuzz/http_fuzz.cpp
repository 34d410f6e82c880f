// Any bytes as a row of requests on one connection. Nothing crashes; a parser never uses more than
// it was offered and never stops in the middle; what it accepts is clean text that climbs nowhere.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/http/forwarded.h"
#include "adapters/http/request_parser.h"
#include "base/text.h"
#include "property.h"

namespace {
namespace http = arrears::http;
using http::RequestParser;
using State = RequestParser::State;

void check(const http::Request& request) {
  FUZZ_PROPERTY(request.path.starts_with('/'));
  for (const std::string& segment : request.segments) {
    FUZZ_PROPERTY(segment != "." && segment != "..");
    FUZZ_PROPERTY(arrears::base::is_clean_utf8(segment));
  }
  for (const auto& [name, value] : request.query)
    FUZZ_PROPERTY(arrears::base::is_clean_utf8(name) && arrears::base::is_clean_utf8(value));
  for (const auto& [name, value] : request.headers)
    FUZZ_PROPERTY(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos);
  (void)request.cookie("session");
  http::Request forwarded = request;
  forwarded.peer = "127.0.0.1";
  http::apply_forwarded({"127.0.0.1"}, forwarded);
  FUZZ_PROPERTY(!forwarded.peer.empty());
}

/// Reads one request; how many bytes it used, 0 if there is no whole one.
std::size_t read_one(std::string_view bytes) {
  RequestParser parser(512);
  std::size_t used = 0;
  bool checked = false;
  for (;;) {
    const State before = parser.state();
    const std::size_t count = parser.read(bytes.substr(used));
    used += count;
    FUZZ_PROPERTY(used <= bytes.size());
    if (!checked && (parser.state() == State::body || parser.state() == State::complete)) {
      check(parser.request());
      checked = true;
    }
    FUZZ_PROPERTY(parser.take_body().size() <= bytes.size());
    if (parser.state() == State::complete) return used;
    if (parser.state() == State::refused) {
      FUZZ_PROPERTY(parser.refused_status() >= 400 && parser.refused_status() <= 505);
      return 0;
    }
    if (count == 0 && parser.state() == before) return 0;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  while (const std::size_t used = read_one(rest)) rest.remove_prefix(used);
  return 0;
}
