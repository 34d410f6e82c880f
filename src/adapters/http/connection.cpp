#include "adapters/http/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <system_error>
#include <typeinfo>
#include <utility>

#include "adapters/http/forwarded.h"
#include "adapters/http/response_head.h"
#include "base/check.h"

namespace arrears::http {
namespace {

using std::chrono::steady_clock;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t header_read_bytes = 4 * 1024;
constexpr std::size_t body_read_bytes = 64 * 1024;
constexpr std::size_t store_bytes = 256 * 1024;
constexpr auto linger_time = std::chrono::seconds(2);

struct InFlight {
  explicit InFlight(Metrics& the_metrics) : metrics(the_metrics) { metrics.in_flight(+1); }
  ~InFlight() { metrics.in_flight(-1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  Metrics& metrics;
};

Response refusal(int status, std::string code, std::string detail) {
  return Response::problem(
      {.status = status, .code = std::move(code), .detail = std::move(detail)});
}

Response busy(std::string code) {
  Response response = refusal(503, std::move(code), "The server is busy. Try again in a second.");
  response.set("Retry-After", "1");
  return response;
}

Response bad_request(int status) {
  switch (status) {
    case 431:
      return refusal(431, "header_too_large", "The header is too large.");
    case 501:
      return refusal(501, "not_implemented", "This method or transfer coding is not supported.");
    case 505:
      return refusal(505, "version_not_supported", "Use HTTP/1.1.");
    default:
      return refusal(400, "malformed_request", "The request is not well-formed HTTP.");
  }
}

/// The text of a foreign exception may hold what a customer's row held: only its type is logged.
std::string describe(const std::exception& error) {
  if (const auto* mistake = dynamic_cast<const base::Mistake*>(&error)) return mistake->what();
  if (const auto* system = dynamic_cast<const std::system_error*>(&error))
    return system->code().message();
  return typeid(error).name();
}

Response call(const Route& route, const Request& request, Log& log) {
  std::string what;
  try {
    return route.handler(request);
  } catch (const std::exception& error) {
    what = describe(error);
  } catch (...) {
    what = "not a std::exception";
  }
  log.event(Log::Level::error, "handler_failed",
            {{"id", request.id}, {"route", route.pattern}, {"what", what}});
  return refusal(500, "internal_error", "An error of ours; the log has it as " + request.id + ".");
}

}  // namespace

struct Connection::Pending {
  explicit Pending(asio::io_context& io) : ready(io) {}
  Response response;
  bool done = false;
  bool abandoned = false;
  asio::steady_timer ready;
};

Core::Core(ServerOptions the_options, Router the_router, Log& the_log, Metrics& the_metrics)
    : options(std::move(the_options)),
      router(std::move(the_router)),
      log(the_log),
      metrics(the_metrics),
      no_route(the_metrics.route("none", "any")),
      pool(options.workers, options.max_queued) {
  const auto count_route = [this](const Route& route) {
    route_metrics[&route] = &metrics.route(route.pattern, base::name(route.method));
  };
  for (const auto& route : router.routes()) count_route(*route);
  if (router.fallback()) count_route(*router.fallback());
}

Connection::Connection(Core& core, std::unique_ptr<Transport> transport, std::string peer,
                       bool secure)
    : core_(core),
      wire_(std::make_shared<Wire>(std::move(transport))),
      peer_(std::move(peer)),
      secure_(secure),
      stream_ready_(core.io) {
  core_.connections.insert(this);
  core_.metrics.connections(+1);
}

Connection::~Connection() {
  core_.connections.erase(this);
  core_.metrics.connections(-1);
  if (core_.connections.empty() && core_.on_last_closed) core_.on_last_closed();
}

void Connection::start() {
  const auto ended = [&log = core_.log](const std::exception_ptr& error) {
    if (error) log.event(Log::Level::error, "connection_failed");
  };
  asio::co_spawn(core_.io, [self = shared_from_this()] { return self->run(); }, ended);
}

void Connection::stop() {
  if (idle_) return cut();
  if (!stream_) return;
  stream_->send({.name = "server-stopping"});
  stream_->close();
}

void Connection::cut() {
  wire_->cut();
  if (pending_) pending_->ready.cancel();
  if (stream_) stream_->close();
  stream_ready_.cancel();
}

asio::awaitable<void> Connection::run() {
  const bool opened = co_await wire_->open(steady_clock::now() + core_.options.request_timeout);
  while (opened) {
    if (wire_->unread().empty()) {
      if (core_.stopping) break;
      idle_ = true;
      const SteadyTime idle_until = steady_clock::now() + core_.options.idle_timeout;
      const bool more = co_await wire_->read_more(header_read_bytes, idle_until);
      idle_ = false;
      if (!more) break;
    }
    const bool goes_on = co_await serve_one();
    if (!goes_on) break;
  }
  co_await wire_->close(steady_clock::now() + linger_time);
}

/// True when the connection is good for another request.
asio::awaitable<bool> Connection::serve_one() {
  Exchange exchange;
  exchange.start = steady_clock::now();
  exchange.request->id = request_id(core_.next_request++);
  RequestParser parser(core_.options.max_header_bytes);
  const bool complete = co_await read_header(parser, exchange.start);
  if (!complete && !wire_->timed_out()) co_return false;
  const InFlight in_flight(core_.metrics);
  Response response;
  if (!complete) {
    core_.metrics.refused(Metrics::Refused::too_slow);
    response = refusal(408, "too_slow", "The request did not arrive in time.");
    exchange.body_unread = true;
  } else {
    response = co_await answer(parser, exchange);
  }
  const bool delivered = co_await deliver(exchange, response);
  if (!delivered || exchange.keep_alive) co_return delivered;
  if (exchange.body_unread) co_await wire_->linger(steady_clock::now() + linger_time);
  co_return false;
}

asio::awaitable<bool> Connection::read_header(RequestParser& parser, SteadyTime start) {
  for (;;) {
    wire_->use(parser.read(wire_->unread()));
    if (parser.state() != RequestParser::State::header) co_return true;
    const bool more =
        co_await wire_->read_more(header_read_bytes, start + core_.options.request_timeout);
    if (!more) co_return false;
  }
}

asio::awaitable<Response> Connection::answer(RequestParser& parser, Exchange& exchange) {
  if (parser.state() == RequestParser::State::refused) {
    const bool too_large = parser.refused_status() == 431;
    core_.metrics.refused(too_large ? Metrics::Refused::too_large : Metrics::Refused::bad_request);
    exchange.body_unread = true;
    co_return bad_request(parser.refused_status());
  }
  std::string id = std::move(exchange.request->id);
  *exchange.request = std::move(parser.request());
  exchange.request->id = std::move(id);
  exchange.http_1_0 = parser.is_http_1_0();
  exchange.keep_alive = parser.keep_alive();
  exchange.body_unread = parser.has_body();
  identify(exchange);
  std::optional<Response> refused = refuse_early(parser, exchange);
  if (!refused && parser.has_body()) refused = co_await read_body(parser, exchange);
  if (refused) {
    if (exchange.body_unread) exchange.keep_alive = false;
    co_return std::move(*refused);
  }
  exchange.body_unread = false;
  co_return co_await run_handler(exchange);
}

/// Finds the route; the answers that need neither body nor handler.
std::optional<Response> Connection::refuse_early(const RequestParser& parser, Exchange& exchange) {
  Request& request = *exchange.request;
  const Router::Match match = core_.router.find(request);
  if (!match.route && match.allowed.empty())
    return refusal(404, "not_found", "There is nothing at this address.");
  if (!match.route) {
    Response response = request.method == Method::options
                            ? Response::no_content()
                            : refusal(405, "method_not_allowed",
                                      "This address takes " + allow_list(match.allowed) + ".");
    response.set("Allow", allow_list(match.allowed));
    return response;
  }
  exchange.route = match.route;
  if (parser.has_body() &&
      parser.content_length().value_or(0) > match.route->options.max_body_bytes) {
    core_.metrics.refused(Metrics::Refused::too_large);
    return refusal(413, "body_too_large", "The body is larger than this address takes.");
  }
  if (request.headers.find("Expect") && !request.headers.lists("Expect", "100-continue"))
    return refusal(417, "expectation_failed", "Only 100-continue can be expected.");
  return std::nullopt;
}

/// Reads the body to where the route wants it; an answer if that fails.
asio::awaitable<std::optional<Response>> Connection::read_body(RequestParser& parser,
                                                               Exchange& exchange) {
  const RouteOptions& route = exchange.route->options;
  const Pace pace{exchange.start, core_.options.request_timeout,
                  core_.options.min_bytes_per_second};
  if (parser.expects_continue()) {
    const bool told = co_await wire_->write("HTTP/1.1 100 Continue\r\n\r\n", {}, pace);
    if (!told) co_return refusal(408, "too_slow", "The request did not arrive in time.");
  }
  std::string waiting;
  for (;;) {
    wire_->use(parser.read(wire_->unread()));
    std::string piece = parser.take_body();
    exchange.bytes_in += static_cast<std::int64_t>(piece.size());
    if (exchange.bytes_in > route.max_body_bytes) {
      core_.metrics.refused(Metrics::Refused::too_large);
      co_return refusal(413, "body_too_large", "The body is larger than this address takes.");
    }
    waiting += piece;
    if (parser.state() == RequestParser::State::refused) {
      core_.metrics.refused(Metrics::Refused::bad_request);
      co_return bad_request(parser.refused_status());
    }
    const bool complete = parser.state() == RequestParser::State::complete;
    if (route.to_file && (complete || waiting.size() >= store_bytes)) {
      const bool stored = co_await store(exchange, std::exchange(waiting, {}));
      if (!stored) co_return refusal(507, "not_stored", "The upload could not be stored.");
    }
    if (complete) break;
    const SteadyTime deadline = pace.deadline(route.to_file ? exchange.bytes_in : 0);
    const bool more = co_await wire_->read_more(body_read_bytes, deadline);
    if (more) continue;
    if (wire_->timed_out()) core_.metrics.refused(Metrics::Refused::too_slow);
    co_return refusal(408, "too_slow", "The request did not arrive in time.");
  }
  if (!route.to_file) exchange.request->body = std::move(waiting);
  co_return std::nullopt;
}

/// Appends to the upload's file, on a worker: a disk may take its time.
asio::awaitable<bool> Connection::store(Exchange& exchange, std::string bytes) {
  auto pending = std::make_shared<Pending>(core_.io);
  const bool queued = core_.pool.submit_always(
      [&core = core_, pending, request = exchange.request, bytes = std::move(bytes)] {
        Response outcome;
        try {
          if (!request->body_file)
            request->body_file = std::make_shared<BodyFile>(core.options.upload_folder);
          request->body_file->append(bytes);
        } catch (const std::exception& error) {
          outcome.status = 507;
          core.log.event(Log::Level::error, "upload_not_stored",
                         {{"id", request->id}, {"what", describe(error)}});
        }
        asio::post(core.io, [pending, status = outcome.status] {
          pending->response.status = status;
          pending->done = true;
          pending->ready.cancel();
        });
      });
  if (!queued) co_return false;
  const bool done = co_await wait_for(pending, steady_clock::now() + core_.options.handler_timeout);
  co_return done && pending->response.status == 200;
}

asio::awaitable<Response> Connection::run_handler(Exchange& exchange) {
  const Route& route = *exchange.route;
  const std::shared_ptr<Request>& request = exchange.request;
  const SteadyTime deadline = steady_clock::now() + core_.options.handler_timeout;
  request->deadline = deadline;
  if (route.options.quick) co_return call(route, *request, core_.log);

  auto pending = std::make_shared<Pending>(core_.io);
  const bool queued = core_.pool.submit([&core = core_, &route, request, pending, deadline] {
    if (steady_clock::now() >= deadline) return;  // nobody waits for it
    asio::post(core.io, [pending, response = call(route, *request, core.log)]() mutable {
      if (pending->abandoned) {
        if (response.stream) response.stream->detach();
        return;
      }
      pending->response = std::move(response);
      pending->done = true;
      pending->ready.cancel();
    });
  });
  if (!queued) {
    core_.metrics.refused(Metrics::Refused::queue_full);
    co_return busy("queue_full");
  }
  const bool done = co_await wait_for(pending, deadline);
  if (done) co_return std::move(pending->response);
  core_.metrics.refused(Metrics::Refused::overdue);
  co_return busy("overdue");
}

/// Whether the worker was done before the deadline and before the connection was cut.
asio::awaitable<bool> Connection::wait_for(std::shared_ptr<Pending> pending, SteadyTime deadline) {
  pending_ = pending;
  core_.metrics.queued(static_cast<std::int64_t>(core_.pool.queued()));
  pending->ready.expires_at(deadline);
  co_await pending->ready.async_wait(awaited);
  pending_.reset();
  pending->abandoned = !pending->done;
  co_return pending->done;
}

/// Who asks, by which request id; a trusted proxy may say so.
void Connection::identify(Exchange& exchange) {
  Request& request = *exchange.request;
  request.peer = peer_;
  request.secure = secure_;
  apply_forwarded(core_.options.trusted_proxies, request);
}

/// Writes the answer. False when the connection is of no further use.
asio::awaitable<bool> Connection::deliver(Exchange& exchange, Response& response) {
  if (core_.stopping) exchange.keep_alive = false;
  if (response.stream && exchange.request->method != Method::head) {
    exchange.keep_alive = false;
    const bool written = co_await write_events(exchange, response);
    finished(exchange, response.status);
    co_return written;
  }
  if (response.stream) response.stream->detach();  // HEAD: nobody will read it
  const std::string_view body =
      response.fixed_body.empty() ? std::string_view(response.body) : response.fixed_body;
  const bool without_body = response.status == 204 || response.status == 304;
  std::string ending;
  if (!without_body) ending = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!exchange.keep_alive) ending += "Connection: close\r\n";
  if (exchange.keep_alive && exchange.http_1_0) ending += "Connection: keep-alive\r\n";
  const std::string head = write_head(response, *exchange.request, ending);
  const bool send_body = !without_body && exchange.request->method != Method::head;
  const Pace pace{steady_clock::now(), core_.options.write_timeout,
                  core_.options.min_bytes_per_second};
  const bool written = co_await wire_->write(head, send_body ? body : std::string_view(), pace);
  exchange.bytes_out += static_cast<std::int64_t>(send_body ? body.size() : 0);
  finished(exchange, response.status);
  co_return written;
}

asio::awaitable<bool> Connection::write_events(Exchange& exchange, const Response& response) {
  EventStream& stream = *response.stream;
  stream_ = response.stream;
  stream.attach([&io = core_.io, weak = weak_from_this()] {
    asio::post(io, [weak] {
      if (const auto self = weak.lock()) self->stream_ready_.cancel();
    });
  });
  core_.metrics.streams(+1);
  wire_->watch_for_close([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cut();
  });
  const bool chunked = !exchange.http_1_0;
  const auto pace = [this] {
    return Pace{steady_clock::now(), core_.options.write_timeout,
                core_.options.min_bytes_per_second};
  };
  std::string head = write_head(
      response, *exchange.request,
      chunked ? "Connection: close\r\nTransfer-Encoding: chunked\r\n" : "Connection: close\r\n");
  if (core_.stopping) stop();
  std::string bytes = "retry: 2000\n\n";
  bool written = true;
  while (written && !bytes.empty()) {
    exchange.bytes_out += static_cast<std::int64_t>(bytes.size());
    const std::string frame = head + (chunked ? chunk(bytes) : bytes);
    head.clear();
    written = co_await wire_->write(frame, {}, pace());
    if (!written) break;
    bytes = co_await next_events(stream);
  }
  stream.detach();
  stream_.reset();
  core_.metrics.streams(-1);
  if (written && chunked) written = co_await wire_->write("0\r\n\r\n", {}, pace());
  co_return written;
}

/// What to write next: events, or a heartbeat when there were none. Empty at the end.
asio::awaitable<std::string> Connection::next_events(EventStream& stream) {
  for (;;) {
    const bool open = stream.is_open();  // before `take`: nothing comes after it was closed
    std::string bytes = stream.take();
    if (!bytes.empty() || !open || wire_->is_cut()) co_return bytes;
    stream_ready_.expires_after(core_.options.heartbeat);
    const auto [woken] = co_await stream_ready_.async_wait(awaited);
    if (!woken) co_return ":\n\n";
  }
}

void Connection::finished(const Exchange& exchange, int status) {
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - exchange.start)
          .count();
  const auto found = core_.route_metrics.find(exchange.route);
  (found == core_.route_metrics.end() ? core_.no_route : *found->second).finished(status, micros);
  core_.log.request({.id = exchange.request->id,
                     .route = exchange.route ? std::string_view(exchange.route->pattern) : "none",
                     .method = base::name(exchange.request->method),
                     .status = status,
                     .micros = micros,
                     .bytes_in = exchange.bytes_in,
                     .bytes_out = exchange.bytes_out});
}

}  // namespace arrears::http
