#include <algorithm>

#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/disputes.h"
#include "app/guard.h"
#include "app/receivables.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response disputes(Exchange& exchange) {
  app::DisputeQuery query;
  query.entity = exchange.entity().code;
  query.customer = exchange.text("customer");
  query.state = exchange.text("state");
  query.owner = exchange.text("owner");
  query.as_of = exchange.as_of();
  return exchange.page(taken(app::dispute_list(exchange.facts(), query)));
}

http::Response dispute_reasons(Exchange& exchange) {
  return exchange.page(app::dispute_reason_list());
}

http::Response raise(Exchange& exchange) {
  app::DisputeInput dispute;
  Fields fields(exchange.body());
  fields.need("document").text("document", dispute.document).text("amount", dispute.amount);
  fields.need("reason").text("reason", dispute.reason).text("text", dispute.text);
  fields.text("owner", dispute.owner).text("due", dispute.due).text("from", dispute.from);
  fields.finish();
  const auto customer =
      taken(app::find_customer(exchange.facts(), exchange.entity(), exchange.customer()));
  const auto document =
      taken(app::find_document(exchange.facts(), exchange.entity(), dispute.document));
  if (document.customer != customer.customer)
    stop(404, "command.document_unknown", "The customer has no document " + dispute.document + ".");
  return exchange.json(taken(app::raise_dispute(exchange.site.store, exchange.caller(),
                                                exchange.entity().code, dispute)),
                       201);
}

http::Response resolve(Exchange& exchange) {
  app::ResolutionInput resolution;
  resolution.dispute = exchange.request.parameter("dispute");
  Fields fields(exchange.body());
  fields.need("outcome").text("outcome", resolution.outcome);
  fields.need("reason").text("reason", resolution.reason).text("on", resolution.on);
  fields.finish();
  app::DisputeQuery query;
  query.entity = exchange.entity().code;
  query.as_of = exchange.today();
  const auto seen = taken(app::dispute_list(exchange.facts(), query));
  if (std::ranges::none_of(seen, [&](const boost::json::value& row) {
        return row.at("dispute_id").as_string() == resolution.dispute;
      })) {
    taken<Json>(base::refuse(app::ReceivablesRefusal::dispute_unknown,
                             "There is no dispute " + resolution.dispute));
  }
  return exchange.json(taken(app::resolve_dispute(exchange.site.store, exchange.caller(),
                                                  exchange.entity().code, resolution)));
}

/// Callable now? For one contact, or for each of the customer's.
http::Response guard(Exchange& exchange) {
  app::GuardQuery query;
  query.entity = exchange.entity().code;
  query.customer = exchange.customer();
  query.contact = exchange.text("contact");
  const std::string channel = exchange.text("channel");
  if (!channel.empty()) query.channel = channel;
  const std::string at = exchange.text("at");
  const auto instant = at.empty() ? std::optional(exchange.now) : base::parse_instant(at);
  if (!instant) stop(400, "request.query_invalid", "`at` is an instant: 2026-06-01T14:05:00Z.");
  query.at = *instant;
  Rows rows;
  if (query.contact.empty()) {
    rows = taken(app::guard_reports(exchange.facts(), query));
  } else {
    rows.push_back(taken(app::guard_report(exchange.facts(), query)));
  }
  return exchange.json(Json{{"items", std::move(rows)}, {"next", nullptr}});
}

http::Response packs(Exchange& exchange) {
  return exchange.page(taken(app::guard_pack_list(exchange.facts(), exchange.entity().code)));
}

http::Response set_pack(Exchange& exchange) {
  bool on = false;
  Fields fields(exchange.body());
  fields.need("on").flag("on", on).finish();
  return exchange.json(
      taken(app::set_guard_pack(exchange.site.store, exchange.caller(), exchange.entity().code,
                                exchange.request.parameter("pack"), on)));
}

http::Response consent(Exchange& exchange) {
  return exchange.page(
      taken(app::consent_list(exchange.facts(), exchange.entity().code, exchange.customer())));
}

http::Response set_consent(Exchange& exchange) {
  app::ConsentInput input;
  std::optional<Date> on;
  Fields fields(exchange.body());
  fields.need("address").text("address", input.address).text("country", input.country);
  fields.text("channel", input.channel).need("state").text("state", input.state);
  fields.need("source").text("source", input.source).day("on", on);
  fields.finish();
  input.on = on.value_or(calendar::local_time("UTC", exchange.now).day);
  return exchange.json(taken(app::set_consent(exchange.site.store, exchange.caller(), input)), 201);
}

app::SuppressionInput read_suppression(Exchange& exchange) {
  app::SuppressionInput input;
  std::optional<Date> from;
  Fields fields(exchange.body());
  fields.text("contact", input.contact).text("kind", input.kind);
  fields.day("from", from).day("until", input.until).text("reason", input.reason);
  fields.finish();
  input.customer = exchange.customer();
  input.from = from.value_or(exchange.today());
  return input;
}

http::Response suppress(Exchange& exchange) {
  const app::SuppressionInput input = read_suppression(exchange);
  return exchange.json(
      taken(app::suppress(exchange.site.store, exchange.caller(), exchange.entity().code, input)),
      201);
}

http::Response lift_suppression(Exchange& exchange) {
  app::SuppressionInput input = read_suppression(exchange);
  if (!input.until) input.until = exchange.today();
  return exchange.json(taken(app::lift_suppression(exchange.site.store, exchange.caller(),
                                                   exchange.entity().code, input)));
}

}  // namespace

Endpoints dispute_endpoints() {
  return {
      {Method::get,
       "/entities/{entity}/disputes",
       Right::read,
       {"customer", "state", "owner", "as_of", "limit", "cursor"},
       disputes},
      {Method::get, "/dispute-reasons", Right::read, {"limit", "cursor"}, dispute_reasons},
      {Method::post, "/entities/{entity}/customers/{customer}/disputes", Right::dispute, {}, raise},
      {Method::post,
       "/entities/{entity}/disputes/{dispute}/resolution",
       Right::dispute,
       {},
       resolve},
      {Method::get,
       "/entities/{entity}/customers/{customer}/guard",
       Right::read,
       {"contact", "channel", "at"},
       guard},
      {Method::get, "/entities/{entity}/guard-packs", Right::read, {"limit", "cursor"}, packs},
      {Method::put, "/entities/{entity}/guard-packs/{pack}", Right::manage_site, {}, set_pack},
      {Method::get,
       "/entities/{entity}/customers/{customer}/consent",
       Right::read,
       {"limit", "cursor"},
       consent},
      {Method::post, "/consent", Right::log_contact, {}, set_consent},
      {Method::post,
       "/entities/{entity}/customers/{customer}/suppressions",
       Right::log_contact,
       {},
       suppress},
      {Method::post,
       "/entities/{entity}/customers/{customer}/suppressions/lifting",
       Right::hold,
       {},
       lift_suppression},
  };
}

}  // namespace arrears::api
