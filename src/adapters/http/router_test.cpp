#include "adapters/http/router.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace arrears::http {
namespace {

Handler answers(const std::string& text) {
  return [text](const Request&) { return Response::text(text); };
}

Request asking(Method method, std::string_view target) {
  Request request;
  EXPECT_TRUE(read_target(target, request));
  request.method = method;
  return request;
}

std::string pattern_of(const Router& router, Method method, std::string_view target) {
  Request request = asking(method, target);
  const Router::Match match = router.find(request);
  if (!match.route) return match.allowed.empty() ? "none" : allow_list(match.allowed);
  std::string text = match.route->pattern;
  for (const auto& [name, value] : request.route)
    text.append(" ").append(name).append("=").append(value);
  return text;
}

Router customers() {
  Router router;
  router.get("/", answers("home"));
  router.get("/customers", answers("list"));
  router.post("/customers", answers("create"));
  router.get("/customers/search", answers("search"));
  router.get("/customers/{number}", answers("one"));
  router.add(Method::del, "/customers/{id}", answers("delete"));
  router.get("/customers/{number}/items/{item}", answers("item"));
  return router;
}

TEST(Router, a_word_wins_over_a_name_and_names_get_their_values) {
  const Router router = customers();
  struct Case {
    Method method;
    std::string_view target;
    std::string_view found;
  } cases[] = {
      {Method::get, "/", "/"},
      {Method::get, "/customers", "/customers"},
      {Method::get, "/customers/search", "/customers/search"},
      {Method::get, "/customers/A%2F7", "/customers/{number} number=A/7"},
      {Method::del, "/customers/7", "/customers/{id} id=7"},
      {Method::get, "/customers/search/items/3",
       "/customers/{number}/items/{item} number=search item=3"},
      {Method::head, "/customers/7", "/customers/{number} number=7"},
      {Method::get, "/customers/", "none"},
      {Method::get, "/nothing", "none"},
      {Method::get, "/customers/7/items", "none"},
      {Method::put, "/customers", "GET, HEAD, POST, OPTIONS"},
      {Method::post, "/customers/7", "GET, HEAD, DELETE, OPTIONS"},
      {Method::options, "/customers/search", "GET, HEAD, OPTIONS"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(pattern_of(router, c.method, c.target), c.found) << c.target;
}

TEST(Router, otherwise_answers_get_where_nothing_matches) {
  Router router = customers();
  router.otherwise("static", answers("file"));
  EXPECT_EQ(pattern_of(router, Method::get, "/assets/app.js"), "static");
  EXPECT_EQ(pattern_of(router, Method::head, "/assets/app.js"), "static");
  EXPECT_EQ(pattern_of(router, Method::post, "/assets/app.js"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(pattern_of(router, Method::put, "/customers"), "GET, HEAD, POST, OPTIONS");
}

TEST(Router, the_same_route_twice_is_a_mistake) {
  Router router = customers();
  EXPECT_THROW(router.get("/customers/{other}", answers("x")), base::Mistake);
  EXPECT_THROW(router.get("customers", answers("x")), base::Mistake);
  EXPECT_THROW(router.get("/a/{", answers("x")), base::Mistake);
}

}  // namespace
}  // namespace arrears::http
