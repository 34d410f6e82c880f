#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/site.h"
#include "app/site_queries.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response entities(Exchange& exchange) {
  return exchange.page(app::entity_list(exchange.facts()));
}

http::Response entity(Exchange& exchange) {
  for (boost::json::value& row : app::entity_list(exchange.facts())) {
    if (row.at("entity").as_string() != exchange.entity().code) continue;
    row.as_object()["today"] = to_string(exchange.today());
    return exchange.json(row);
  }
  stop(404, "command.entity_unknown", "There is no such entity.");
}

http::Response add_entity(Exchange& exchange) {
  app::NewEntity entity;
  Fields fields(exchange.body());
  fields.need("entity").text("entity", entity.code).text("name", entity.name);
  fields.need("currency").text("currency", entity.currency);
  fields.need("time_zone").text("time_zone", entity.time_zone);
  fields.need("calendar").text("calendar", entity.calendar);
  fields.whole("promise_tolerance_days", entity.promise_tolerance_days, 0, 99);
  fields.finish();
  if (entity.name.empty()) entity.name = entity.code;
  return exchange.json(taken(app::add_entity(exchange.site.store, exchange.caller(), entity)), 201);
}

http::Response reasons(Exchange& exchange) {
  return exchange.page(app::reason_list(exchange.facts()));
}

http::Response books(Exchange& exchange) {
  return exchange.page(taken(app::book_list(exchange.facts(), exchange.entity().code)));
}

http::Response set_book(Exchange& exchange) {
  app::NewBook book;
  std::optional<Date> from;
  book.name = exchange.request.parameter("book");
  Fields fields(exchange.body());
  fields.need("collector").text("collector", book.collector).text("manager", book.manager);
  fields.whole("priority", book.priority, 0, 1'000'000).text("customers", book.customers);
  fields.text("country", book.country).text("segment", book.segment);
  fields.day("from", from).day("until", book.until);
  fields.finish();
  book.from = from.value_or(exchange.today());
  return exchange.json(
      taken(app::set_book(exchange.site.store, exchange.caller(), exchange.entity().code, book)));
}

http::Response strategy(Exchange& exchange) {
  return exchange.json(taken(app::strategy_report(exchange.facts(), exchange.entity().code)));
}

http::Response set_strategy(Exchange& exchange) {
  std::string small_balance;
  std::optional<int> quiet_days;
  std::optional<std::string> manager;
  Fields fields(exchange.body());
  fields.text("small_balance", small_balance).whole("quiet_days", quiet_days, 0, 999);
  fields.text("manager", manager);
  fields.finish();
  std::optional<std::int64_t> small_balance_minor;
  if (!small_balance.empty()) {
    small_balance_minor = taken(
        app::read_amount(small_balance, exchange.entity().base_currency, "The small balance"));
  }
  return exchange.json(
      taken(app::set_strategy(exchange.site.store, exchange.caller(), exchange.entity().code,
                              small_balance_minor, quiet_days, manager)));
}

Json clock_json(Exchange& exchange, base::Instant now) {
  return {{"now", to_string(now)}, {"rehearsal", exchange.site.store.is_rehearsal()}};
}

http::Response clock(Exchange& exchange) {
  return exchange.json(clock_json(exchange, exchange.now));
}

http::Response move_clock(Exchange& exchange) {
  std::string text;
  Fields fields(exchange.body());
  fields.need("now").text("now", text);
  const auto now = base::parse_instant(text);
  if (!text.empty() && !now) fields.refuse("now", "not_an_instant", "Write 2026-06-01T14:05:00Z.");
  fields.finish();
  if (!exchange.site.store.is_rehearsal())
    stop(409, "clock.real_time", "This database keeps real time; only a rehearsal's clock moves.");
  if (!exchange.site.clock.move_forward(*now))
    stop(409, "clock.in_the_past", "The clock only moves forward.");
  return exchange.json(clock_json(exchange, *now));
}

}  // namespace

Endpoints site_endpoints() {
  return {
      {Method::get, "/entities", Right::read, {"limit", "cursor"}, entities},
      {Method::post, "/entities", Right::manage_site, {}, add_entity},
      {Method::get, "/entities/{entity}", Right::read, {}, entity},
      {Method::get, "/reasons", Right::read, {"limit", "cursor"}, reasons},
      {Method::get, "/clock", Right::read, {}, clock},
      {Method::put, "/clock", Right::run_day, {}, move_clock},
      {Method::get, "/entities/{entity}/books", Right::read, {"limit", "cursor"}, books},
      {Method::put, "/entities/{entity}/books/{book}", Right::manage_books, {}, set_book},
      {Method::get, "/entities/{entity}/strategy", Right::read, {}, strategy},
      {Method::put, "/entities/{entity}/strategy", Right::set_strategy, {}, set_strategy},
  };
}

}  // namespace arrears::api
