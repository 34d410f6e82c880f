#include "adapters/api/endpoint.h"
#include "adapters/api/events.h"
#include "app/feed.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response events(Exchange& exchange) {
  return http::Response::events(exchange.site.events.subscribe(exchange.scope(), exchange.now));
}

http::Response feed(Exchange& exchange) {
  return exchange.json(taken(app::feed_page(exchange.facts(), exchange.scope(),
                                            exchange.text("after"), exchange.limit())));
}

}  // namespace

Endpoints live_endpoints() {
  return {
      {Method::get, "/events", Right::read, {}, events},
      {Method::get, "/feed", Right::read, {"after", "limit"}, feed},
  };
}

}  // namespace arrears::api
