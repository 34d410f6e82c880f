#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/request.h"
#include "adapters/http/response.h"

namespace arrears::http {

/// Answers a request, on a thread of the worker pool. What it throws becomes a 500 without
/// details; the log names the request id and the text.
using Handler = std::function<Response(const Request&)>;

struct RouteOptions {
  /// More is refused with 413 before it is read.
  std::int64_t max_body_bytes = 1024 * 1024;
  /// The body goes to `Request::body_file` instead of memory, with more time for slow lines.
  bool to_file = false;
  /// The handler never waits and runs on the I/O thread, also when all workers are busy: liveness,
  /// files from memory.
  bool quick = false;
};

struct Route {
  Method method = Method::get;
  std::string pattern;  ///< also its name in metrics and logs: what was sent never is
  Handler handler;
  RouteOptions options;
};

/// The table of routes, filled before the server starts and only read from then on.
///
/// A pattern is a path whose segments are words or {names}: "/api/v1/customers/{number}". A word
/// wins over a {name}. HEAD is answered by GET's route without the body, OPTIONS by the router.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;

  /// A pattern that is there already for that method throws `base::Mistake`.
  void add(Method method, std::string_view pattern, Handler handler, RouteOptions options = {});
  void get(std::string_view pattern, Handler handler, RouteOptions options = {}) {
    add(Method::get, pattern, std::move(handler), options);
  }
  void post(std::string_view pattern, Handler handler, RouteOptions options = {}) {
    add(Method::post, pattern, std::move(handler), options);
  }
  /// Who answers GET where no pattern matches: the web app's files. `name` is for metrics.
  void otherwise(std::string_view name, Handler handler);

  struct Match {
    const Route* route = nullptr;
    std::vector<Method> allowed;  ///< if there is no route: the methods of that path, or none
  };
  /// Finds the route and fills `request.route` with the values of the pattern's {names}.
  Match find(Request& request) const;

  /// All routes, in the order of `add`.
  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }
  const Route* fallback() const { return fallback_.get(); }

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Route> fallback_;
};

/// The value of the header Allow: "GET, HEAD, OPTIONS".
std::string allow_list(const std::vector<Method>& methods);

}  // namespace arrears::http
