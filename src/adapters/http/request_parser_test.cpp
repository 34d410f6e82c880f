#include "adapters/http/request_parser.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace arrears::http {
namespace {

using State = RequestParser::State;

struct Outcome {
  State state = State::header;
  int status = 0;  ///< of a refusal
  Method method = Method::get;
  std::string path;
  std::string body;
  std::size_t used = 0;
  bool keep_alive = false;
  bool operator==(const Outcome&) const = default;
};

/// Feeds `bytes` in pieces that end at `cuts`, as a connection would.
Outcome parse(std::string_view bytes, const std::vector<std::size_t>& cuts = {},
              std::size_t max_header_bytes = 1024) {
  RequestParser parser(max_header_bytes);
  Outcome outcome;
  std::vector<std::size_t> ends = cuts;
  ends.push_back(bytes.size());
  for (const std::size_t end : ends) {
    for (;;) {
      const State before = parser.state();
      const std::size_t used = parser.read(bytes.substr(outcome.used, end - outcome.used));
      outcome.used += used;
      outcome.body += parser.take_body();
      if (used == 0 && parser.state() == before) break;
    }
    if (parser.state() == State::complete || parser.state() == State::refused) break;
  }
  outcome.state = parser.state();
  outcome.status = parser.refused_status();
  if (outcome.state == State::complete) {
    outcome.method = parser.request().method;
    outcome.path = parser.request().path;
    outcome.keep_alive = parser.keep_alive();
  }
  return outcome;
}

TEST(RequestParser, reads_a_request_however_it_is_cut) {
  const std::string_view bytes =
      "\r\nPOST /a/b?c=d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\nGET /next";
  const Outcome whole = parse(bytes);
  EXPECT_EQ(whole.state, State::complete);
  EXPECT_EQ(whole.method, Method::post);
  EXPECT_EQ(whole.path, "/a/b");
  EXPECT_EQ(whole.body, "hello world");
  EXPECT_EQ(bytes.substr(whole.used), "GET /next");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_EQ(parse(bytes, {cut}), whole) << "cut at " << cut;
  std::vector<std::size_t> each;
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) each.push_back(cut);
  EXPECT_EQ(parse(bytes, each), whole);
}

TEST(RequestParser, refuses_what_two_programs_might_read_differently) {
  struct Case {
    std::string_view name;
    std::string_view bytes;
    int status;
  } cases[] = {
      {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 505},
      {"a bare line feed", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      {"length and chunked",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"chunked and length",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
       400},
      {"two lengths",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\n", 400},
      {"a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
      {"a hex length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n", 400},
      {"a huge length",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
      {"another coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"a coding before chunked",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"chunked in disguise", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
       501},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"a blank before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"a field without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400},
      {"a control character", "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a target with a blank", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 505},
      {"a target that climbs", "GET /../etc HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"a proxy's method", "CONNECT host:443 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"a method in small letters", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
      {"a bad chunk size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       400},
      {"a huge chunk size",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
       400},
  };
  for (const Case& c : cases) {
    const Outcome outcome = parse(c.bytes);
    EXPECT_EQ(outcome.state, State::refused) << c.name;
    EXPECT_EQ(outcome.status, c.status) << c.name;
  }
}

TEST(RequestParser, limits_the_header_and_an_endless_chunk_extension) {
  const std::string line = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(parse(line + "A: " + std::string(900, 'a') + "\r\n\r\n").state, State::complete);
  EXPECT_EQ(parse(line + "A: " + std::string(1100, 'a') + "\r\n\r\n").status, 431);
  EXPECT_EQ(parse(line + "A: " + std::string(5000, 'a')).status, 431);
  EXPECT_EQ(parse("GET /" + std::string(5000, 'a')).status, 431);
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                  std::string(5000, 'a'))
                .status,
            400);
}

TEST(RequestParser, http_1_0_closes_and_1_1_stays_unless_told) {
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: x\r\n\r\n").keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").keep_alive);
}

TEST(RequestParser, a_field_after_the_last_chunk_is_not_a_header) {
  RequestParser parser(1024);
  const std::string_view bytes =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: "
      "1.2.3.4\r\n\r\n";
  const std::size_t used = parser.read(bytes);
  parser.read(bytes.substr(used));
  EXPECT_EQ(parser.state(), State::complete);
  EXPECT_EQ(parser.request().headers.count("X-Forwarded-For"), 0U);
}

/// Whatever arrives, in whatever pieces: no crash, the same outcome, and nothing used twice.
TEST(RequestParser, hostile_bytes_end_the_same_way_however_they_are_cut) {
  const std::vector<std::string> seeds = {
      "GET /a?b=%20c HTTP/1.1\r\nHost: x\r\nCookie: s=1\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  };
  const std::string_view spice("\r\n\0 :;,%\x7f\xff\t/.0aA", 16);
  std::mt19937_64 random(20261122);
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  int complete = 0;
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = seeds[below(seeds.size())];
    const std::size_t changes = below(4);
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = below(bytes.size());
      if (const std::size_t kind = below(3); kind == 0) {
        bytes[at] = spice[below(spice.size())];
      } else if (kind == 1) {
        bytes.insert(at, 1 + below(3), spice[below(spice.size())]);
      } else {
        bytes.erase(at, 1 + below(3));
      }
    }
    const Outcome whole = parse(bytes, {}, 200);
    ASSERT_LE(whole.used, bytes.size());
    const std::size_t first = below(bytes.size() + 1);
    const std::size_t second = first + below(bytes.size() - first + 1);
    const Outcome cut = parse(bytes, {first, second}, 200);
    // A header in pieces is looked at when it is whole: what is wrong in it may show later.
    const bool waits = whole.state == State::refused && cut.state < State::complete;
    ASSERT_TRUE(waits || cut.state == whole.state) << bytes;
    if (whole.state == State::complete) {
      ASSERT_EQ(cut, whole) << bytes;
    }
    complete += whole.state == State::complete;
    refused += whole.state == State::refused;
  }
  EXPECT_GT(complete, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace arrears::http
