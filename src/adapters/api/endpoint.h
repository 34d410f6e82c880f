#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/api/exchange.h"
#include "adapters/http/router.h"

/// The table of what the API offers. docs/reference/openapi.json says the same for people and
/// programs; a test compares both.
namespace arrears::api {

/// One method of one path below /api/v1.
struct Endpoint {
  http::Method method = http::Method::get;
  std::string_view path;
  /// What the caller needs; nothing: nobody has to be signed in.
  std::optional<app::Right> right;
  std::vector<std::string_view> query;  ///< the query parameters that it reads; others are refused
  http::Response (*answer)(Exchange&) = nullptr;
  http::RouteOptions options = {};
};
using Endpoints = std::vector<Endpoint>;

Endpoints session_endpoints();
Endpoints people_endpoints();
Endpoints site_endpoints();
Endpoints day_endpoints();
Endpoints customer_endpoints();
Endpoints call_endpoints();
Endpoints promise_endpoints();
Endpoints dispute_endpoints();
Endpoints note_endpoints();
Endpoints report_endpoints();
Endpoints ledger_endpoints();
Endpoints import_endpoints();
Endpoints live_endpoints();

/// All of them.
Endpoints all_endpoints();

}  // namespace arrears::api
