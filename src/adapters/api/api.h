#pragma once

#include "adapters/api/endpoint.h"
#include "adapters/http/rate_limiter.h"

/// The JSON API, /api/v1.
namespace arrears::api {

class Api {
 public:
  /// `site` outlives it.
  explicit Api(Site& site);

  /// Adds the API's routes, its description (/api/v1/openapi.json, /api/docs), health and metrics.
  /// The API outlives the router.
  void add_routes(http::Router& router);

 private:
  http::Response answer(const Endpoint& endpoint, const http::Request& request);
  http::Response answer_checked(const Endpoint& endpoint, const http::Request& request);
  std::optional<app::Session> session_of(const Endpoint& endpoint, const http::Request& request);
  void limit(http::RateLimiter& limiter, std::string_view key);

  Site& site_;
  Endpoints endpoints_;
  http::RateLimiter networks_;
  http::RateLimiter sessions_;
};

/// The description that is built into the program.
std::string_view openapi_text();

}  // namespace arrears::api
