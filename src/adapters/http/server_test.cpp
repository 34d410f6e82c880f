#include "adapters/http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "adapters/http/static_files.h"
#include "adapters/http/test_client.h"

namespace arrears::http {
namespace {

using Answer = TestClient::Answer;

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

Response echo(const Request& request) { return Response::text(request.body); }

Router routes() {
  Router router;
  router.get("/hello", [](const Request&) { return Response::json(R"({"hello":"world"})"); });
  router.get("/customers/{number}",
             [](const Request& request) { return Response::text(request.parameter("number")); });
  router.post("/echo", echo);
  router.get("/peer", [](const Request& request) {
    return Response::text(request.peer + (request.secure ? " secure " : " plain ") + request.id);
  });
  router.get("/fails", [](const Request&) -> Response {
    throw std::runtime_error("customer Miller owes 100.00");
  });
  router.get("/injects", [](const Request& request) {
    return Response::text("").set("X-Name", *find(request.query, "name"));
  });
  return router;
}

TEST(Server, answers_with_what_the_handler_says_and_safe_headers) {
  const TestServer server(routes());
  const Answer answer = server.client().ask(get("/hello"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"hello":"world"})");
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("Referrer-Policy"), "same-origin");
  EXPECT_EQ(answer.header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(answer.header("X-Request-Id").size(), 16U);
  EXPECT_EQ(answer.header("Date").size(), 29U);
  EXPECT_EQ(answer.header("Strict-Transport-Security"), "");
}

TEST(Server, keeps_the_connection_and_answers_pipelined_requests_in_order) {
  const TestServer server(routes());
  TestClient client = server.client();
  client.send(post("/echo", "one") + get("/customers/two") + post("/echo", "three") +
              get("/customers/four"));
  for (const std::string_view expected : {"one", "two", "three", "four"})
    EXPECT_EQ(client.answer().body, expected);
}

TEST(Server, closes_when_asked_and_for_http_1_0) {
  const TestServer server(routes());
  struct Case {
    std::string_view request;
    bool closes;
    std::string_view connection;
  } cases[] = {
      {"GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", true, "close"},
      {"GET /hello HTTP/1.0\r\n\r\n", true, "close"},
      {"GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, "keep-alive"},
      {"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", false, ""},
  };
  for (const Case& c : cases) {
    TestClient client = server.client();
    const Answer answer = client.ask(c.request);
    EXPECT_EQ(answer.status, 200) << c.request;
    EXPECT_EQ(answer.header("Connection"), c.connection) << c.request;
    if (c.closes) {
      EXPECT_EQ(client.rest(), "") << c.request;
    } else {
      EXPECT_EQ(client.ask(get("/hello")).status, 200) << c.request;
    }
  }
}

TEST(Server, head_is_get_without_the_body) {
  const TestServer server(routes());
  TestClient client = server.client();
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer head = client.answer(/*to_head=*/true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "17");
  EXPECT_EQ(client.ask(get("/hello")).body, R"({"hello":"world"})");
}

TEST(Server, a_wrong_method_or_address_says_so) {
  const TestServer server(routes());
  TestClient client = server.client();
  const Answer method = client.ask("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(method.header("Content-Type"), "application/problem+json");
  const Answer options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(client.ask(get("/nothing")).status, 404);
  EXPECT_EQ(client.ask(get("/hello")).status, 200);
}

TEST(Server, a_refused_request_with_a_body_is_answered_before_the_connection_ends) {
  const TestServer server(routes());
  TestClient client = server.client();
  const Answer answer = client.ask(post("/nothing", std::string(100'000, 'x')));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Connection"), "close");
  client.end_sending();
  EXPECT_EQ(client.rest(), "");
}

TEST(Server, a_chunked_body_is_put_together) {
  const TestServer server(routes());
  EXPECT_EQ(server.client()
                .ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                .body,
            "abcde");
}

TEST(Server, tells_a_client_that_asks_to_continue_or_refuses_before_the_body_comes) {
  Router router = routes();
  router.post("/small", echo, {.max_body_bytes = 10});
  const TestServer server(std::move(router));
  TestClient client = server.client();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("hello").body, "hello");
  const Answer refused = client.ask(
      "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(server.client()
                .ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: tea\r\n\r\n")
                .status,
            417);
}

TEST(Server, a_handler_that_throws_is_a_500_that_shows_nothing) {
  const TestServer server(routes());
  TestClient client = server.client();
  const Answer answer = client.ask(get("/fails"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("Miller"), std::string::npos);
  EXPECT_NE(answer.body.find(answer.header("X-Request-Id")), std::string::npos);
  EXPECT_EQ(client.ask(get("/hello")).status, 200);
  EXPECT_EQ(server.logged().find("Miller"), std::string::npos) << server.logged();
  EXPECT_NE(server.logged().find("handler_failed"), std::string::npos);
}

TEST(Server, a_header_with_a_line_break_never_leaves) {
  const TestServer server(routes());
  const Answer answer = server.client().ask(get("/injects?name=a%0d%0aSet-Cookie:%20x=1"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.header("Set-Cookie"), "");
  EXPECT_EQ(server.client().ask(get("/injects?name=fine")).header("X-Name"), "fine");
}

TEST(Server, a_handler_has_no_say_about_where_its_answer_ends) {
  Router router;
  router.get("/framed", [](const Request&) {
    return Response::text("hello").set("Content-Length", "1").set("Connection", "upgrade");
  });
  const TestServer server(std::move(router));
  TestClient client = server.client();
  EXPECT_EQ(client.ask(get("/framed")).body, "hello");
  EXPECT_EQ(client.ask(get("/framed")).header("Connection"), "");
}

TEST(Server, hostile_request_lines_get_an_answer_and_do_not_hurt_others) {
  const TestServer server(routes());
  struct Case {
    std::string_view bytes;
    int status;
  } cases[] = {
      {"\x16\x03\x01\x02\x01\x01\x01\x01\xfc\x03\x03 hello\r\n\r\n", 400},
      {"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505},
      {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /customers/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
  };
  TestClient bystander = server.client();
  for (const Case& c : cases) {
    TestClient client = server.client();
    const Answer answer = client.ask(c.bytes);
    EXPECT_EQ(answer.status, c.status) << c.bytes;
    EXPECT_EQ(answer.header("Connection"), "close") << c.bytes;
    client.end_sending();
    EXPECT_EQ(client.rest(), "") << c.bytes;
    EXPECT_EQ(bystander.ask(get("/hello")).status, 200) << c.bytes;
  }
}

TEST(Server, believes_a_trusted_proxy_about_the_client) {
  const std::string request =
      "GET /peer HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n"
      "X-Forwarded-Proto: https\r\nX-Request-Id: abc\r\n\r\n";
  const TestServer trusting(routes());
  const Answer answer = trusting.client().ask(request);
  EXPECT_EQ(answer.body, "198.51.100.7 secure abc");
  EXPECT_NE(answer.header("Strict-Transport-Security"), "");
  ServerOptions options;
  options.trusted_proxies.clear();
  const TestServer direct(routes(), options);
  EXPECT_EQ(direct.client().ask(request).body.substr(0, 16), "127.0.0.1 plain ");
}

TEST(Server, an_upload_goes_to_a_file_that_is_gone_afterwards) {
  Router router;
  std::filesystem::path seen;
  router.post("/imports",
              [&seen](const Request& request) {
                seen = request.body_file->path();
                std::ifstream file(seen);
                std::stringstream bytes;
                bytes << file.rdbuf();
                return Response::text(request.body + bytes.str());
              },
              {.max_body_bytes = 4 << 20, .to_file = true});
  const TestServer server(std::move(router));
  std::string body;
  for (int line = 0; line < 100'000; ++line) body += std::to_string(line) + ";1200.00\n";
  const Answer answer = server.client().ask(post("/imports", body));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body == body);
  EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(seen); }));
  EXPECT_EQ(server.client().ask(post("/imports", std::string((4 << 20) + 1, 'x'))).status, 413);
}

TEST(Server, an_upload_that_cannot_be_stored_says_so) {
  Router router;
  router.post("/imports", echo, {.to_file = true});
  ServerOptions options;
  options.upload_folder = "/nonexistent";
  const TestServer server(std::move(router), options);
  EXPECT_EQ(server.client().ask(post("/imports", "a;b")).status, 507);
}

TEST(Server, files_of_the_app_come_from_memory_and_never_from_disk) {
  static const base::EmbeddedFile files[] = {{"index.html", "<!doctype html>"},
                                             {"assets/a-1.js", "let a;"}};
  const StaticFiles app(files);
  Router router = routes();
  router.otherwise("static", [&app](const Request& request) { return app.answer(request); });
  const TestServer server(std::move(router));
  TestClient client = server.client();
  const Answer index = client.ask(get("/worklist"));
  EXPECT_EQ(index.body, "<!doctype html>");
  const Answer again = client.ask(
      "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + index.header("ETag") + "\r\n\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("Content-Length"), "");
  EXPECT_EQ(client.ask(get("/assets/a-1.js")).body, "let a;");
  EXPECT_EQ(client.ask(get("/assets/..%2f..%2fetc%2fpasswd")).status, 404);
  EXPECT_EQ(client.ask(post("/worklist", "")).status, 405);
}

TEST(Server, a_port_that_is_taken_is_told_at_the_start) {
  const TestServer first(routes());
  Log log([](std::string_view) {}, Log::Level::error);
  Metrics metrics;
  ServerOptions options;
  options.port = first.server.port();
  Server second(options, routes(), log, metrics);
  EXPECT_THROW(second.start(), std::system_error);
}

TEST(Server, logs_and_metrics_name_routes_and_never_what_was_sent) {
  const TestServer server(routes());
  TestClient client = server.client();
  client.ask(get("/customers/Miller?token=secret1"));
  client.ask("GET /hello HTTP/1.1\r\nHost: x\r\nCookie: session=secret2\r\n\r\n");
  client.ask(post("/echo", "secret3"));
  client.ask(get("/secret4"));
  ASSERT_TRUE(eventually([&] { return server.metrics.in_flight_count() == 0; }));
  const std::string shown = server.logged() + server.metrics.text();
  for (const std::string_view word : {"Miller", "secret", "token", "127.0.0.1"})
    EXPECT_EQ(shown.find(word), std::string::npos) << word << "\n" << shown;
  for (const std::string_view part :
       {R"("event":"request","id":")",
        R"("route":"/customers/{number}","method":"GET","status":200)",
        R"("bytes_in":7,"bytes_out":7})", R"("route":"none","method":"GET","status":404)",
        R"(arrears_http_requests_total{method="GET",route="/customers/{number}",status="2xx"} 1)",
        R"(arrears_http_request_seconds_count{method="POST",route="/echo"} 1)",
        R"(arrears_http_connections 1)"})
    EXPECT_NE(shown.find(part), std::string::npos) << part << "\n" << shown;
}

}  // namespace
}  // namespace arrears::http
