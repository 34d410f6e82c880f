#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/interactions.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response notes(Exchange& exchange) {
  app::InteractionQuery query;
  query.entity = exchange.entity().code;
  query.customer = exchange.customer();
  query.channel = exchange.text("channel");
  query.only_pinned = exchange.flag("pinned");
  query.as_of = exchange.as_of();
  return exchange.page(taken(app::interaction_list(exchange.facts(), query)));
}

void read_content(Fields& fields, app::InteractionInput& input) {
  fields.need("text").text("text", input.text).text("purpose", input.purpose);
  fields.text("visible_to", input.visible_to).flag("pinned", input.pinned);
  fields.text("at", input.at).texts("participants", input.participants);
  fields.text("external_id", input.external_id);
}

http::Response recorded(Exchange& exchange, std::string_view entity,
                        const app::InteractionInput& input) {
  return exchange.json(
      taken(app::record_interaction(exchange.site.store, exchange.caller(), entity, input)), 201);
}

http::Response add_note(Exchange& exchange) {
  app::InteractionInput input;
  Fields fields(exchange.body());
  read_content(fields, input);
  fields.finish();
  input.customer = exchange.customer();
  return recorded(exchange, exchange.entity().code, input);
}

/// From other systems, of any entity and customer that the caller sees.
http::Response record(Exchange& exchange) {
  app::InteractionInput input;
  std::string code;
  Fields fields(exchange.body());
  fields.need("entity").text("entity", code).need("customer").text("customer", input.customer);
  fields.need("channel").text("channel", input.channel).text("direction", input.direction);
  read_content(fields, input);
  fields.finish();
  const auto entity = taken(app::find_entity(exchange.facts(), exchange.scope(), code));
  taken(app::find_customer(exchange.facts(), entity, input.customer));
  return recorded(exchange, entity.code, input);
}

http::Response pin(Exchange& exchange) {
  bool pinned = false;
  Fields fields(exchange.body());
  fields.need("pinned").flag("pinned", pinned).finish();
  const std::string customer = exchange.customer();
  const std::string& note = exchange.request.parameter("note");
  // What the caller may not read is not there to be pinned.
  taken(app::find_interaction(exchange.facts(), exchange.entity().code, customer, note));
  return exchange.json(taken(app::pin_interaction(exchange.site.store, exchange.caller(),
                                                  exchange.entity().code, customer, note, pinned)));
}

}  // namespace

Endpoints note_endpoints() {
  return {
      {Method::get,
       "/entities/{entity}/customers/{customer}/notes",
       Right::read,
       {"channel", "pinned", "as_of", "limit", "cursor"},
       notes},
      {Method::post, "/entities/{entity}/customers/{customer}/notes", Right::note, {}, add_note},
      {Method::put,
       "/entities/{entity}/customers/{customer}/notes/{note}/pin",
       Right::note,
       {},
       pin},
      {Method::post, "/interactions", Right::note, {}, record},
  };
}

}  // namespace arrears::api
