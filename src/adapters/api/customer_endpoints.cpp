#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/customer_queries.h"
#include "app/customer_story.h"
#include "app/customers.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

constexpr int behaviour_months = 24;

http::Response customers(Exchange& exchange) {
  return exchange.page(taken(app::customer_list(
      exchange.facts(), {exchange.entity().code, exchange.text("search"), exchange.today()})));
}

http::Response customer(Exchange& exchange) {
  return exchange.json(taken(app::customer_report(exchange.facts(), exchange.entity().code,
                                                  exchange.customer(), exchange.as_of())));
}

http::Response timeline(Exchange& exchange) {
  return exchange.page(taken(app::customer_timeline(exchange.facts(), exchange.entity().code,
                                                    exchange.customer(), exchange.as_of())));
}

http::Response behaviour(Exchange& exchange) {
  return exchange.json(Json{
      {"items",
       taken(app::customer_behaviour(exchange.facts(), exchange.entity().code, exchange.customer(),
                                     exchange.as_of(), behaviour_months))},
      {"next", nullptr}});
}

http::Response contacts(Exchange& exchange) {
  return exchange.page(
      taken(app::contact_list(exchange.facts(), exchange.entity().code, exchange.customer())));
}

http::Response holds(Exchange& exchange) {
  const std::string customer = exchange.text("customer");
  return exchange.page(
      taken(app::hold_list(exchange.facts(), exchange.entity().code, customer, exchange.as_of())));
}

http::Response groups(Exchange& exchange) {
  return exchange.page(
      taken(app::group_list(exchange.facts(), exchange.entity().code, exchange.as_of())));
}

http::Response add_customer(Exchange& exchange) {
  app::CustomerRow row;
  std::string kind;
  Fields fields(exchange.body());
  fields.need("customer").text("customer", row.number).text("name", row.name);
  fields.text("party", row.party_reference).text("parent", row.parent).text("kind", kind);
  fields.text("country", row.country).text("language", row.language);
  fields.text("segment", row.segment).day("since", row.since);
  if (!kind.empty()) {
    row.kind = base::parse_name<parties::PartyKind>(kind);
    if (!row.kind) fields.refuse("kind", "unknown_value", "Use company or person.");
  }
  fields.finish();
  const std::string entity = exchange.entity().code;
  return exchange.json(taken(app::add_customer(exchange.site.store, exchange.caller(), entity, row,
                                               exchange.today())),
                       201);
}

http::Response set_contact(Exchange& exchange) {
  app::ContactRow row;
  row.customer = exchange.customer();
  Fields fields(exchange.body());
  fields.text("contact", row.name).text("reference", row.reference).text("role", row.role);
  fields.text("phone", row.phone).text("email", row.email).text("language", row.language);
  fields.text("time_zone", row.time_zone).flag("active", row.active);
  fields.finish();
  return exchange.json(
      taken(app::set_contact(exchange.site.store, exchange.caller(), exchange.entity().code, row)),
      201);
}

http::Response place_hold(Exchange& exchange) {
  std::optional<Date> from;
  std::optional<Date> until;
  std::string reason;
  Fields fields(exchange.body());
  fields.day("from", from).day("until", until).need("reason").text("reason", reason);
  fields.finish();
  const std::string customer = exchange.customer();
  return exchange.json(
      taken(app::place_hold(exchange.site.store, exchange.caller(), exchange.entity().code,
                            customer, from.value_or(exchange.today()), until, reason)),
      201);
}

http::Response lift_hold(Exchange& exchange) {
  std::optional<Date> on;
  Fields fields(exchange.body());
  fields.day("on", on).finish();
  const std::string customer = exchange.customer();
  return exchange.json(
      taken(app::lift_hold(exchange.site.store, exchange.caller(), exchange.entity().code, customer,
                           exchange.request.parameter("hold"), on.value_or(exchange.today()))));
}

http::Response search(Exchange& exchange) {
  app::SearchQuery query;
  query.text = exchange.text("q");
  return exchange.json(Json{{"items", app::search(exchange.facts(), query)}, {"next", nullptr}});
}

}  // namespace

Endpoints customer_endpoints() {
  return {
      {Method::get, "/search", Right::read, {"q"}, search},
      {Method::get,
       "/entities/{entity}/customers",
       Right::read,
       {"search", "limit", "cursor"},
       customers},
      {Method::post, "/entities/{entity}/customers", Right::correct, {}, add_customer},
      {Method::get,
       "/entities/{entity}/customers/{customer}",
       Right::read,
       {"as_of", "known_at"},
       customer},
      {Method::get,
       "/entities/{entity}/customers/{customer}/timeline",
       Right::read,
       {"as_of", "limit", "cursor"},
       timeline},
      {Method::get,
       "/entities/{entity}/customers/{customer}/behaviour",
       Right::read,
       {"as_of"},
       behaviour},
      {Method::get,
       "/entities/{entity}/customers/{customer}/contacts",
       Right::read,
       {"limit", "cursor"},
       contacts},
      {Method::post,
       "/entities/{entity}/customers/{customer}/contacts",
       Right::log_contact,
       {},
       set_contact},
      {Method::post, "/entities/{entity}/customers/{customer}/holds", Right::hold, {}, place_hold},
      {Method::post,
       "/entities/{entity}/customers/{customer}/holds/{hold}/lifting",
       Right::hold,
       {},
       lift_hold},
      {Method::get,
       "/entities/{entity}/holds",
       Right::read,
       {"customer", "as_of", "limit", "cursor"},
       holds},
      {Method::get, "/entities/{entity}/groups", Right::read, {"as_of", "limit", "cursor"}, groups},
  };
}

}  // namespace arrears::api
