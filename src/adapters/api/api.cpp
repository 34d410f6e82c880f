#include "adapters/api/api.h"

#include <algorithm>
#include <iterator>

#include "base/embedded.h"

namespace arrears::embedded {
std::span<const base::EmbeddedFile> api_docs();
}

namespace arrears::api {

namespace {

constexpr std::string_view root = "/api/v1";
constexpr std::string_view session_cookie = "arrears_session";
constexpr std::string_view bearer = "Bearer ";

/// Requests at once and in a minute: of one session or token, where a page of the app asks for less
/// than ten things; and of one network, in which a whole department may sit.
constexpr int session_burst = 300;
constexpr int session_per_minute = 1'200;
constexpr int network_burst = 3'000;
constexpr int network_per_minute = 30'000;

bool is_safe(http::Method method) {
  return method == http::Method::get || method == http::Method::head;
}

/// A browser says where a request comes from; another site's is refused before anything else. A
/// program says nothing, and has no cookie that could be misused.
void check_origin(const http::Request& request) {
  const std::string_view site = request.headers.find("Sec-Fetch-Site").value_or("");
  const auto origin = request.headers.find("Origin");
  bool foreign = site == "cross-site";
  if (origin) {
    const std::string_view host = request.headers.find("Host").value_or("");
    const auto scheme_end = origin->find("://");
    foreign = foreign || scheme_end == std::string_view::npos ||
              !http::same_text(origin->substr(scheme_end + 3), host);
  }
  if (foreign) stop(403, "request.foreign_origin", "This request comes from another site.");
}

void check_query(const Endpoint& endpoint, const http::Request& request) {
  std::vector<http::FieldError> errors;
  for (const auto& [name, value] : request.query) {
    const bool known =
        std::find(endpoint.query.begin(), endpoint.query.end(), name) != endpoint.query.end();
    if (!known) errors.push_back({name, "unknown_parameter", "There is no such parameter."});
  }
  if (errors.empty()) return;
  throw Stop({.status = 400,
              .code = "request.query_invalid",
              .title = {},
              .detail = "A query parameter is not right; see `errors`.",
              .errors = std::move(errors)});
}

std::string_view docs_file(std::string_view name) {
  for (const base::EmbeddedFile& file : embedded::api_docs())
    if (file.name.ends_with(name)) return file.content;
  ARREARS_REQUIRE(!"the file is built in");
  return {};
}

http::Response docs(std::string_view name, std::string_view type, std::string_view policy) {
  http::Response response = http::Response::text("");
  response.fixed_body = docs_file(name);
  response.set("Content-Type", type);
  response.set("Cache-Control", "no-cache");
  if (!policy.empty()) response.set("Content-Security-Policy", policy);
  return response;
}

}  // namespace

Endpoints all_endpoints() {
  Endpoints all;
  for (const auto& some :
       {session_endpoints, people_endpoints, site_endpoints, day_endpoints, customer_endpoints,
        call_endpoints, promise_endpoints, dispute_endpoints, note_endpoints, report_endpoints,
        ledger_endpoints, import_endpoints, live_endpoints}) {
    std::ranges::move(some(), std::back_inserter(all));
  }
  return all;
}

std::string_view openapi_text() { return docs_file("openapi.json"); }

Api::Api(Site& site)
    : site_(site),
      endpoints_(all_endpoints()),
      networks_(network_burst, network_per_minute),
      sessions_(session_burst, session_per_minute) {}

void Api::add_routes(http::Router& router) {
  for (const Endpoint& endpoint : endpoints_) {
    router.add(
        endpoint.method, std::string(root) + std::string(endpoint.path),
        [this, &endpoint](const http::Request& request) { return answer(endpoint, request); },
        endpoint.options);
  }
  const http::RouteOptions quick{.quick = true};
  const auto serve = [&](std::string_view path, std::string_view file, std::string_view type,
                         std::string_view policy) {
    router.get(path, [=](const http::Request&) { return docs(file, type, policy); }, quick);
  };
  serve("/api/v1/openapi.json", "openapi.json", "application/json", "");
  serve("/api/docs", "docs.html", "text/html; charset=utf-8",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  serve("/api/docs/docs.js", "docs.js", "text/javascript; charset=utf-8", "");
  serve("/api/docs/docs.css", "docs.css", "text/css; charset=utf-8", "");
  router.get(
      "/health/live", [](const http::Request&) { return http::Response::text("live\n"); }, quick);
  router.get(
      "/health/ready",
      [this](const http::Request&) {
        const bool ready = site_.desk.is_current();
        return http::Response::text(ready ? "ready\n" : "not ready\n", ready ? 200 : 503);
      },
      quick);
  router.get("/metrics", [this](const http::Request&) {
    http::Response response = http::Response::text(site_.metrics.text());
    response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
  });
}

http::Response Api::answer(const Endpoint& endpoint, const http::Request& request) {
  try {
    return answer_checked(endpoint, request);
  } catch (const Stop& no) {
    http::Response response = http::Response::problem(no.problem());
    if (no.retry_after_seconds() > 0)
      response.set("Retry-After", std::to_string(no.retry_after_seconds()));
    if (no.problem().status == 401) response.set("WWW-Authenticate", "Bearer");
    return response;
  } catch (const std::exception& failure) {
    const int status = site_.status_of_failure(failure);
    if (status == 500) throw;
    http::Response response = http::Response::problem(
        {.status = status,
         .code = "server.unavailable",
         .title = {},
         .detail = "The database cannot be reached just now. Nothing half-done is kept; repeat "
                   "the request with the same Idempotency-Key.",
         .errors = {}});
    response.set("Retry-After", "2");
    return response;
  }
}

http::Response Api::answer_checked(const Endpoint& endpoint, const http::Request& request) {
  if (!is_safe(request.method)) check_origin(request);
  limit(networks_, app::network_of(request.peer));
  auto session = session_of(endpoint, request);
  if (session)
    limit(sessions_, session->api_token ? to_string(*session->api_token) : session->csrf);
  Exchange exchange(request, site_, std::move(session));
  if (endpoint.right) {
    const app::Scope& scope = exchange.scope();
    if (!scope.may(*endpoint.right)) taken(app::require(scope, *endpoint.right));
  }
  check_query(endpoint, request);
  return endpoint.answer(exchange);
}

void Api::limit(http::RateLimiter& limiter, std::string_view key) {
  const int seconds = limiter.seconds_to_wait(key, site_.wall.now());
  if (seconds == 0) return;
  throw Stop({.status = 429,
              .code = "request.too_many",
              .title = {},
              .detail = "Too many requests; wait a little.",
              .errors = {}},
             seconds);
}

std::optional<app::Session> Api::session_of(const Endpoint& endpoint,
                                            const http::Request& request) {
  std::optional<app::Session> session;
  const std::string_view header = request.headers.find("Authorization").value_or("");
  const auto cookie = request.cookie(session_cookie);
  if (header.starts_with(bearer)) {
    session = app::find_api_session(site_.store, header.substr(bearer.size()), site_.clock.now());
  } else if (cookie) {
    session = app::find_session(site_.store, *cookie, site_.wall.now());
  }
  if (!session) {
    if (!endpoint.right) return {};
    stop(401, "session.sign_in_needed", "Sign in first.");
  }
  const bool changes = !is_safe(request.method) && !session->api_token && endpoint.right;
  if (changes && !app::is_csrf_value(*session, request.headers.find("X-CSRF-Token").value_or(""))) {
    stop(403, "session.csrf_token_wrong",
         "Send X-CSRF-Token with the value that GET /api/v1/session answers.");
  }
  return session;
}

}  // namespace arrears::api
