#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <latch>
#include <string>
#include <vector>

#include "adapters/http/server.h"
#include "adapters/http/test_client.h"

namespace arrears::http {
namespace {

using Answer = TestClient::Answer;
using Refused = Metrics::Refused;
using std::chrono::milliseconds;

const std::string hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

/// A handler that waits until the test lets it go on.
struct Gate {
  std::latch entered{1};
  std::latch opened{1};
  Handler handler() {
    return [this](const Request&) {
      entered.count_down();
      opened.wait();
      return Response::text("slow");
    };
  }
};

Router routes() {
  Router router;
  router.get("/hello", [](const Request&) { return Response::text("hello"); });
  router.get("/live", [](const Request&) { return Response::text("alive"); }, {.quick = true});
  router.post("/small", [](const Request& r) { return Response::text(r.body); },
              {.max_body_bytes = 1000});
  router.post("/upload", [](const Request&) { return Response::text("stored"); },
              {.max_body_bytes = 1 << 20, .to_file = true});
  return router;
}

std::vector<TestClient> many(const TestServer& server, std::size_t count) {
  std::vector<TestClient> clients;
  for (std::size_t i = 0; i < count; ++i) clients.push_back(server.client());
  EXPECT_TRUE(eventually(
      [&] { return server.metrics.connection_count() >= static_cast<std::int64_t>(count); }));
  return clients;
}

TEST(ServerLimits, two_hundred_idle_connections_do_not_keep_others_waiting) {
  const TestServer server(routes());
  std::vector<TestClient> idle = many(server, 200);
  EXPECT_EQ(server.client().ask(hello).status, 200);
  for (TestClient& client : idle) EXPECT_EQ(client.ask(hello).status, 200);
  EXPECT_EQ(server.client().ask(hello).status, 200);
}

TEST(ServerLimits, an_idle_connection_ends_without_a_word) {
  ServerOptions options;
  options.idle_timeout = milliseconds(50);
  const TestServer server(routes(), options);
  TestClient client = server.client();
  EXPECT_EQ(client.ask(hello).status, 200);
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server.metrics.refused_count(Refused::too_slow), 0);
}

TEST(ServerLimits, two_hundred_slow_clients_are_cut_while_others_are_served) {
  ServerOptions options;
  options.request_timeout = milliseconds(300);
  const TestServer server(routes(), options);
  std::vector<TestClient> slow = many(server, 200);
  for (std::size_t i = 0; i < slow.size(); ++i)
    slow[i].send(i % 2 == 0 ? "GET /hello HTTP/1.1\r\nHost: x\r\nX-A: "
                            : "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_EQ(server.client().ask(hello).status, 200);
  for (TestClient& client : slow) {
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 408);
    client.end_sending();
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_EQ(server.metrics.refused_count(Refused::too_slow), 200);
  EXPECT_TRUE(eventually([&] { return server.metrics.connection_count() <= 1; }));
}

TEST(ServerLimits, a_trickled_header_does_not_move_its_deadline) {
  ServerOptions options;
  options.request_timeout = milliseconds(200);
  const TestServer server(routes(), options);
  TestClient client = server.client();
  client.send("GET /hello HTTP/1.1\r\nX-A: ");
  int trickled = 0;
  while (trickled < 10'000 && !client.has_answer_within(milliseconds(1))) {
    client.send("a");
    ++trickled;
  }
  EXPECT_GT(trickled, 10);
  EXPECT_EQ(client.answer().status, 408);
  EXPECT_EQ(server.metrics.refused_count(Refused::too_slow), 1);
}

TEST(ServerLimits, a_large_upload_gets_its_time_and_a_trickled_one_does_not) {
  ServerOptions options;
  options.request_timeout = milliseconds(200);
  options.min_bytes_per_second = 64 * 1024;
  const TestServer server(routes(), options);
  TestClient slow = server.client();
  slow.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\nabc");
  EXPECT_EQ(slow.answer().status, 408);
  // 128 KiB have arrived: they have earned two seconds, and the first 200 ms may pass.
  TestClient steady = server.client();
  steady.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 131073\r\n\r\n" +
              std::string(131'072, 'x'));
  TestClient clock = server.client();  // cut after 200 ms: by then those have passed
  clock.send("GET /hello");
  EXPECT_EQ(clock.answer().status, 408);
  steady.send("x");
  EXPECT_EQ(steady.answer().body, "stored");
}

TEST(ServerLimits, a_header_over_the_limit_is_431) {
  const TestServer server(routes());
  const std::string line = "GET /hello HTTP/1.1\r\nHost: x\r\nX-A: ";
  EXPECT_EQ(server.client().ask(line + std::string(15'000, 'a') + "\r\n\r\n").status, 200);
  TestClient client = server.client();
  EXPECT_EQ(client.ask(line + std::string(200'000, 'a')).status, 431);
  client.end_sending();
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server.metrics.refused_count(Refused::too_large), 1);
}

TEST(ServerLimits, a_body_over_the_limit_is_413_announced_or_not) {
  const TestServer server(routes());
  const std::string start = "POST /small HTTP/1.1\r\nHost: x\r\n";
  const std::string body(3'000'000, 'x');
  EXPECT_EQ(
      server.client().ask(start + "Content-Length: 1000\r\n\r\n" + body.substr(0, 1000)).status,
      200);
  TestClient announced = server.client();
  EXPECT_EQ(announced.ask(start + "Content-Length: 3000000\r\n\r\n" + body).status, 413);
  TestClient chunked = server.client();
  EXPECT_EQ(chunked.ask(start + "Transfer-Encoding: chunked\r\n\r\n3E9\r\n" + body.substr(0, 1001))
                .status,
            413);
  chunked.end_sending();
  EXPECT_EQ(chunked.rest(), "");
}

TEST(ServerLimits, a_connection_too_many_is_told_so) {
  ServerOptions options;
  options.max_connections = 3;
  const TestServer server(routes(), options);
  {
    const std::vector<TestClient> full = many(server, 3);
    EXPECT_EQ(server.client().answer().status, 503);
    EXPECT_EQ(server.metrics.refused_count(Refused::too_many_connections), 1);
  }
  ASSERT_TRUE(eventually([&] { return server.metrics.connection_count() == 0; }));
  EXPECT_EQ(server.client().ask(hello).status, 200);
}

TEST(ServerLimits, accepting_goes_on_after_the_process_ran_out_of_files) {
  const TestServer server(routes());
  TestClient waiting;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(waiting.connect(server.server.port()));
  EXPECT_TRUE(eventually([&] { return server.metrics.refused_count(Refused::accept_failed) > 0; }));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(waiting.ask(hello).status, 200);
}

TEST(ServerLimits, a_full_queue_is_503_and_liveness_is_still_answered) {
  Gate gate;
  Router router = routes();
  router.get("/slow", gate.handler());
  ServerOptions options;
  options.workers = 1;
  options.max_queued = 1;
  const TestServer server(std::move(router), options);
  TestClient running = server.client();
  running.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.entered.wait();
  TestClient queued = server.client();
  queued.send(hello);
  ASSERT_TRUE(eventually([&] { return server.metrics.in_flight_count() == 2; }));
  TestClient refused = server.client();
  const Answer answer = refused.ask(hello);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(refused.ask("GET /live HTTP/1.1\r\nHost: x\r\n\r\n").body, "alive");
  gate.opened.count_down();
  EXPECT_EQ(running.answer().body, "slow");
  EXPECT_EQ(queued.answer().body, "hello");
  EXPECT_EQ(refused.ask(hello).status, 200);
  EXPECT_EQ(server.metrics.refused_count(Refused::queue_full), 1);
}

TEST(ServerLimits, a_handler_over_its_time_is_503_and_its_late_answer_goes_nowhere) {
  Gate gate;
  Router router = routes();
  router.get("/slow", gate.handler());
  ServerOptions options;
  options.workers = 1;
  options.handler_timeout = milliseconds(100);
  const TestServer server(std::move(router), options);
  TestClient client = server.client();
  EXPECT_EQ(client.ask("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").status, 503);
  // The worker is still taken: a request that waits in the queue for too long is not begun.
  EXPECT_EQ(client.ask(hello).status, 503);
  EXPECT_EQ(server.metrics.refused_count(Refused::overdue), 2);
  gate.opened.count_down();
  EXPECT_TRUE(eventually([&] { return client.ask(hello).body == "hello"; }));
}

TEST(ServerLimits, a_reader_who_does_not_read_is_cut) {
  Router router = routes();
  router.get("/large", [](const Request&) { return Response::text(std::string(64 << 20, 'x')); });
  ServerOptions options;
  options.write_timeout = milliseconds(200);
  options.min_bytes_per_second = 1 << 30;
  const TestServer server(std::move(router), options);
  TestClient client = server.client();
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server.logged().find("/large") != std::string::npos; }));
  EXPECT_TRUE(eventually([&] { return server.metrics.connection_count() == 0; }));
}

TEST(ServerLimits, clients_that_vanish_leave_nothing_behind) {
  const TestServer server(routes());
  for (const std::string_view bytes :
       {"", "GET", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        "POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"}) {
    for (int i = 0; i < 20; ++i) server.client().send(bytes);
  }
  EXPECT_TRUE(eventually([&] { return server.metrics.connection_count() == 0; }));
  EXPECT_EQ(server.metrics.in_flight_count(), 0);
  EXPECT_EQ(server.client().ask(hello).status, 200);
}

}  // namespace
}  // namespace arrears::http
