#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/server.h"
#include "adapters/http/test_client.h"
#include "base/check.h"

namespace arrears::http {
namespace {

using std::chrono::milliseconds;
using Answer = TestClient::Answer;

const std::string listen = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

/// Where a test publishes: what the web app's live updates will be.
struct Hub {
  std::mutex mutex;
  std::vector<std::shared_ptr<EventStream>> streams;

  Handler handler(std::size_t max_queued_bytes = 64 * 1024) {
    return [this, max_queued_bytes](const Request&) {
      auto stream = std::make_shared<EventStream>(max_queued_bytes);
      const std::lock_guard lock(mutex);
      streams.push_back(stream);
      return Response::events(stream);
    };
  }
  std::size_t send(const Event& event) {
    const std::lock_guard lock(mutex);
    std::size_t sent = 0;
    for (const auto& stream : streams) sent += stream->send(event);
    return sent;
  }
  std::size_t open() {
    const std::lock_guard lock(mutex);
    std::size_t count = 0;
    for (const auto& stream : streams) count += stream->is_open();
    return count;
  }
};

Router routes(Hub& hub) {
  Router router;
  router.get("/events", hub.handler());
  router.get("/hello", [](const Request&) { return Response::text("hello"); });
  return router;
}

TEST(Event, is_written_line_by_line) {
  EXPECT_EQ(to_bytes({.id = "7", .name = "paid", .data = "a\r\nb\n"}),
            "id: 7\nevent: paid\ndata: a\ndata: b\ndata: \n\n");
  EXPECT_EQ(to_bytes({.data = "x"}), "data: x\n\n");
  EXPECT_THROW(to_bytes({.id = "7\ndata: forged"}), base::Mistake);
  EXPECT_THROW(to_bytes({.name = "a\r"}), base::Mistake);
  EXPECT_THROW(to_bytes({.data = "a\rdata: forged"}), base::Mistake);
}

TEST(EventStream, a_full_queue_ends_it) {
  EventStream stream(30);
  EXPECT_TRUE(stream.send({.data = "0123456789"}));
  EXPECT_FALSE(stream.send({.data = "0123456789"}));
  EXPECT_FALSE(stream.is_open());
  EXPECT_EQ(stream.take(), "");
  EXPECT_FALSE(stream.send({.data = "x"}));
}

TEST(Streams, four_hundred_readers_all_get_the_event_and_others_are_served) {
  Hub hub;
  const TestServer server(routes(hub));
  std::vector<TestClient> readers;
  for (int i = 0; i < 400; ++i) {
    readers.push_back(server.client());
    readers.back().send(listen);
  }
  ASSERT_TRUE(eventually([&] { return server.metrics.stream_count() == 400; }));
  EXPECT_EQ(hub.send({.id = "1", .name = "paid", .data = "R-1001"}), 400U);
  EXPECT_EQ(server.client().ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  for (TestClient& reader : readers) {
    const Answer head = reader.answer();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
    EXPECT_TRUE(reader.until("id: 1\nevent: paid\ndata: R-1001\n\n"));
  }
}

TEST(Streams, events_of_several_threads_arrive_each_in_order) {
  Hub hub;
  const TestServer server(routes(hub));
  TestClient reader = server.client();
  reader.send("GET /events HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.metrics.stream_count() == 1; }));
  constexpr int each = 200;
  {
    std::vector<std::jthread> senders;
    for (const char* name : {"a", "b", "c"})
      senders.emplace_back([&hub, name] {
        for (int i = 0; i < each; ++i) hub.send({.name = name, .data = std::to_string(i)});
      });
  }
  hub.streams.front()->close();
  const std::string all = reader.rest().value_or("");
  for (const std::string name : {"a", "b", "c"}) {
    std::size_t at = 0;
    for (int i = 0; i < each && at != std::string::npos; ++i)
      at = all.find("event: " + name + "\ndata: " + std::to_string(i) + "\n\n", at);
    EXPECT_NE(at, std::string::npos) << name;
  }
}

TEST(Streams, a_quiet_stream_has_a_heartbeat) {
  Hub hub;
  ServerOptions options;
  options.heartbeat = milliseconds(20);
  const TestServer server(routes(hub), options);
  TestClient reader = server.client();
  reader.send(listen);
  EXPECT_TRUE(reader.until(":\n\n"));
  EXPECT_TRUE(reader.until(":\n\n"));
}

TEST(Streams, the_publisher_learns_that_a_reader_has_left) {
  Hub hub;
  const TestServer server(routes(hub));
  {
    TestClient reader = server.client();
    reader.send(listen);
    ASSERT_TRUE(eventually([&] { return server.metrics.stream_count() == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return hub.open() == 0; }));
  EXPECT_TRUE(eventually([&] { return server.metrics.stream_count() == 0; }));
}

TEST(Streams, head_opens_none) {
  Hub hub;
  const TestServer server(routes(hub));
  TestClient client = server.client();
  client.send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer(/*to_head=*/true).status, 200);
  EXPECT_EQ(hub.open(), 0U);
}

TEST(Streams, a_reader_too_slow_for_its_queue_is_cut_off) {
  Hub hub;
  ServerOptions options;
  options.write_timeout = milliseconds(200);
  const TestServer server(routes(hub), options);
  TestClient reader = server.client();
  reader.send(listen);
  ASSERT_TRUE(eventually([&] { return server.metrics.stream_count() == 1; }));
  const Event event{.data = std::string(32 * 1024, 'x')};
  EXPECT_TRUE(eventually([&] { return hub.send(event) == 0; }));
  EXPECT_TRUE(eventually([&] { return server.metrics.connection_count() == 0; }));
}

TEST(Stop, says_goodbye_to_streams_and_ends_idle_connections) {
  Hub hub;
  TestServer server(routes(hub));
  TestClient idle = server.client();
  EXPECT_EQ(idle.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  TestClient reader = server.client();
  reader.send(listen);
  ASSERT_TRUE(eventually([&] { return server.metrics.stream_count() == 1; }));
  server.server.stop();
  EXPECT_EQ(idle.rest(), "");
  const std::string last = reader.rest().value_or("");
  EXPECT_NE(last.find("event: server-stopping\n"), std::string::npos) << last;
  EXPECT_TRUE(last.ends_with("\r\n0\r\n\r\n")) << last;
  EXPECT_EQ(hub.open(), 0U);
}

TEST(Stop, answers_the_request_in_flight_and_takes_no_new_one) {
  std::latch entered(1);
  std::latch opened(1);
  Router router;
  router.get("/slow", [&](const Request&) {
    entered.count_down();
    opened.wait();
    return Response::text("done");
  });
  TestServer server(std::move(router));
  const std::uint16_t port = server.server.port();
  TestClient client = server.client();
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.wait();
  std::jthread stopper([&] { server.server.stop(); });
  ASSERT_TRUE(eventually([&] { return !TestClient().connect(port); }));
  EXPECT_TRUE(server.server.is_stopping());
  opened.count_down();
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(client.rest(), "");
}

TEST(Stop, cuts_what_does_not_end_in_time) {
  std::latch entered(1);
  std::latch opened(1);
  Router router;
  router.get("/slow", [&](const Request&) {
    entered.count_down();
    opened.wait();
    return Response::text("done");
  });
  ServerOptions options;
  options.drain_timeout = milliseconds(50);
  TestServer server(std::move(router), options);
  TestClient client = server.client();
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  TestClient half = server.client();
  half.send("GET /slow");
  entered.wait();
  std::jthread stopper([&] { server.server.stop(); });
  EXPECT_EQ(half.rest(), "");
  EXPECT_TRUE(client.rest().has_value());
  opened.count_down();
}

TEST(Stop, may_be_called_twice_and_before_anybody_came) {
  Hub hub;
  TestServer server(routes(hub));
  server.server.stop();
  server.server.stop();
  EXPECT_FALSE(TestClient().connect(server.server.port()));
}

}  // namespace
}  // namespace arrears::http
