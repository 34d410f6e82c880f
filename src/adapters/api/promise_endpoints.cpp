#include <algorithm>

#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "adapters/api/inputs.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response promises(Exchange& exchange) {
  return exchange.page(
      taken(app::promise_list(exchange.facts(), {exchange.entity().code, exchange.text("customer"),
                                                 exchange.text("state"), exchange.as_of()})));
}

http::Response by_collector(Exchange& exchange) {
  constexpr int look_back_days = 30;
  const Date as_of = exchange.as_of();
  const Date to = exchange.day("to").value_or(as_of);
  const Date from = exchange.day("from").value_or(to - (look_back_days - 1));
  return exchange.page(
      taken(app::promises_by_collector(exchange.facts(), exchange.entity().code, from, to, as_of)));
}

http::Response record(Exchange& exchange) {
  app::PromiseInput promise;
  Fields fields(exchange.body());
  read_promise(fields, promise);
  fields.finish();
  const std::string customer = exchange.customer();
  return exchange.json(taken(app::record_promise(exchange.site.store, exchange.caller(),
                                                 exchange.entity().code, customer, promise)),
                       201);
}

http::Response withdraw(Exchange& exchange) {
  std::optional<Date> on;
  std::string reason;
  Fields fields(exchange.body());
  fields.day("on", on).need("reason").text("reason", reason);
  fields.finish();
  const std::string& number = exchange.request.parameter("promise");
  taken(app::find_promise(exchange.facts(), exchange.entity(), number));
  return exchange.json(
      taken(app::withdraw_promise(exchange.site.store, exchange.caller(), exchange.entity().code,
                                  number, on.value_or(exchange.today()), reason)));
}

http::Response follow_ups(Exchange& exchange) {
  app::FollowUpQuery query;
  query.entity = exchange.entity().code;
  query.customer = exchange.text("customer");
  query.with_closed = exchange.flag("closed");
  query.as_of = exchange.as_of();
  Rows rows = taken(app::follow_up_list(exchange.facts(), query));
  const std::string owner = exchange.text("owner");
  if (!owner.empty()) {
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](const boost::json::value& row) {
                                return row.at("owner").as_string() != owner;
                              }),
               rows.end());
  }
  return exchange.page(std::move(rows));
}

http::Response close_follow_up(Exchange& exchange) {
  std::optional<Date> on;
  std::string customer;
  Fields fields(exchange.body());
  fields.need("customer").text("customer", customer).day("on", on);
  fields.finish();
  taken(app::find_customer(exchange.facts(), exchange.entity(), customer));
  return exchange.json(taken(app::close_follow_up(
      exchange.site.store, exchange.caller(), exchange.entity().code, customer,
      exchange.request.parameter("follow_up"), on.value_or(exchange.today()))));
}

}  // namespace

Endpoints promise_endpoints() {
  return {
      {Method::get,
       "/entities/{entity}/promises",
       Right::read,
       {"customer", "state", "as_of", "limit", "cursor"},
       promises},
      {Method::get,
       "/entities/{entity}/promises/by-collector",
       Right::read,
       {"from", "to", "as_of", "limit", "cursor"},
       by_collector},
      {Method::post,
       "/entities/{entity}/customers/{customer}/promises",
       Right::promise,
       {},
       record},
      {Method::post,
       "/entities/{entity}/promises/{promise}/withdrawal",
       Right::promise,
       {},
       withdraw},
      {Method::get,
       "/entities/{entity}/follow-ups",
       Right::read,
       {"customer", "owner", "closed", "as_of", "limit", "cursor"},
       follow_ups},
      {Method::post,
       "/entities/{entity}/follow-ups/{follow_up}/closing",
       Right::log_contact,
       {},
       close_follow_up},
  };
}

}  // namespace arrears::api
