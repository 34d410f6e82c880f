#include "adapters/http/request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/http/forwarded.h"
#include "adapters/http/response.h"
#include "base/check.h"

namespace arrears::http {
namespace {

using Segments = std::vector<std::string>;

TEST(Target, is_split_before_it_is_decoded) {
  struct Case {
    std::string_view target;
    std::string_view path;
    Segments segments;
    Parameters query;
  } cases[] = {
      {"/", "/", {}, {}},
      {"/a/b", "/a/b", {"a", "b"}, {}},
      {"/a/", "/a/", {"a", ""}, {}},
      {"/customers/A%2F7", "/customers/A%2F7", {"customers", "A/7"}, {}},
      {"/a+b", "/a+b", {"a+b"}, {}},
      {"/a?x=1&x=2&y", "/a", {"a"}, {{"x", "1"}, {"x", "2"}, {"y", ""}}},
      {"/a?q=M%C3%BCller+%26+Co", "/a", {"a"}, {{"q", "Müller & Co"}}},
      {"/a?q=x/../y?", "/a", {"a"}, {{"q", "x/../y?"}}},
      {"http://host:8080/a?b=c", "/a", {"a"}, {{"b", "c"}}},
      {"https://host", "/", {}, {}},
  };
  for (const Case& c : cases) {
    Request request;
    ASSERT_TRUE(read_target(c.target, request)) << c.target;
    EXPECT_EQ(request.path, c.path) << c.target;
    EXPECT_EQ(request.segments, c.segments) << c.target;
    EXPECT_EQ(request.query, c.query) << c.target;
  }
}

TEST(Target, is_refused_when_it_climbs_or_is_not_text) {
  for (const std::string_view target :
       {"", "a", "*", "/..", "/a/../b", "/%2e%2e/etc", "/.", "/a%", "/a%2", "/a%zz", "/a%00b",
        "/a%ff", "/a#b", "/a?x=%c3", "/a?%00=1"}) {
    Request request;
    EXPECT_FALSE(read_target(target, request)) << target;
  }
}

TEST(Cookies, are_found_by_their_whole_name) {
  Request request;
  request.headers.add("Cookie", "xsession=1; session=abc=def ; empty=");
  request.headers.add("cookie", "other=2");
  EXPECT_EQ(request.cookie("session"), "abc=def");
  EXPECT_EQ(request.cookie("empty"), "");
  EXPECT_EQ(request.cookie("other"), "2");
  EXPECT_EQ(request.cookie("sess"), std::nullopt);
}

TEST(Header, with_a_line_break_is_refused) {
  Headers headers;
  for (const std::string_view value :
       {std::string_view("a\r\nSet-Cookie: x=1"), std::string_view("a\nb"), std::string_view("a\r"),
        std::string_view("a\0b", 3), std::string_view("\x7f")})
    EXPECT_THROW(headers.add("X-Name", value), base::Mistake);
  for (const std::string_view name : {"", "X Name", "X:", "X\r\nY", "Ü"})
    EXPECT_THROW(headers.add(name, "x"), base::Mistake);
  EXPECT_EQ(headers.begin(), headers.end());
}

TEST(Header, names_compare_without_case_and_set_replaces) {
  Headers headers;
  headers.add("Vary", "A");
  headers.add("vary", "B");
  EXPECT_EQ(headers.count("VARY"), 2U);
  headers.set("vAry", "keep-alive, Upgrade");
  EXPECT_EQ(headers.count("Vary"), 1U);
  EXPECT_TRUE(headers.lists("vary", "upgrade"));
  EXPECT_FALSE(headers.lists("vary", "up"));
}

TEST(Response, problem_has_code_detail_and_errors_as_json) {
  const Response response = Response::problem(
      {.status = 422,
       .code = "refused",
       .detail = "A \"quote\"\nand \x01 and \xff.",
       .errors = {{"/promise/amount", "too_large", "Lower it."}, {"status", "unknown", ""}}});
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"status":422,"title":"Unprocessable Content","code":"refused",)"
            R"("detail":"A \"quote\"\u000aand \u0001 and )"
            "\xEF\xBF\xBD"
            R"(.","errors":[{"pointer":"/promise/amount","code":"too_large","detail":"Lower it."},)"
            R"({"pointer":"status","code":"unknown","detail":""}]})");
}

TEST(Response, cookie_is_hidden_from_scripts_and_other_sites) {
  Response response;
  response.set_cookie({.name = "session", .value = "abc"});
  response.set_cookie({.name = "old",
                       .value = "",
                       .max_age = std::chrono::seconds(0),
                       .same_site = SameSite::strict,
                       .http_only = false,
                       .secure = false});
  std::vector<std::string> cookies;
  for (const auto& [name, value] : response.headers) cookies.push_back(value);
  EXPECT_EQ(cookies, (std::vector<std::string>{
                         "session=abc; Path=/; SameSite=Lax; HttpOnly; Secure",
                         "old=; Path=/; Max-Age=0; SameSite=Strict",
                     }));
  for (const std::string_view value : {"a;b", "a b", "a\r\nb", "a,b", "ü"})
    EXPECT_THROW(response.set_cookie({.name = "x", .value = std::string(value)}), base::Mistake);
}

Request from(std::string peer, std::initializer_list<std::pair<const char*, const char*>> fields) {
  Request request;
  request.peer = std::move(peer);
  request.id = "own";
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

TEST(Forwarded, is_believed_from_a_trusted_proxy_only) {
  const std::vector<std::string> trusted = {"127.0.0.1", "10.0.0.2"};
  Request request = from("127.0.0.1", {{"X-Forwarded-For", "1.2.3.4, 198.51.100.7, 10.0.0.2"},
                                       {"X-Forwarded-Proto", "https"},
                                       {"X-Request-Id", "abc-1"}});
  apply_forwarded(trusted, request);
  EXPECT_EQ(request.peer, "198.51.100.7");  // the first address is the client's own claim
  EXPECT_TRUE(request.secure);
  EXPECT_EQ(request.id, "abc-1");

  request = from(
      "203.0.113.9",
      {{"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-Proto", "https"}, {"X-Request-Id", "abc-1"}});
  apply_forwarded(trusted, request);
  EXPECT_EQ(request.peer, "203.0.113.9");
  EXPECT_FALSE(request.secure);
  EXPECT_EQ(request.id, "own");
}

TEST(Forwarded, nonsense_is_passed_over) {
  Request request =
      from("127.0.0.1", {{"X-Forwarded-For", "not an address"}, {"X-Request-Id", "a b\"c"}});
  apply_forwarded({"127.0.0.1"}, request);
  EXPECT_EQ(request.peer, "127.0.0.1");
  EXPECT_EQ(request.id, "own");
}

}  // namespace
}  // namespace arrears::http
