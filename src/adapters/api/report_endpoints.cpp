#include <map>

#include "adapters/api/endpoint.h"
#include "app/aging.h"
#include "app/metrics.h"
#include "app/progress.h"

namespace arrears::api {

namespace {

using app::AgingBy;
using app::Right;
using http::Method;

AgingBy aging_by(const Exchange& exchange) {
  static const std::map<std::string, AgingBy, std::less<>> names{
      {"", AgingBy::total},      {"customer", AgingBy::customer},   {"party", AgingBy::party},
      {"group", AgingBy::group}, {"collector", AgingBy::collector}, {"entity", AgingBy::entity}};
  const auto found = names.find(exchange.text("by"));
  if (found != names.end()) return found->second;
  stop(400, "request.query_invalid",
       "`by` is one of customer, party, group, collector and entity; without it only totals.");
}

http::Response answer_aging(Exchange& exchange, app::AgingQuery query) {
  query.by = aging_by(exchange);
  Json report = exchange.ask_portfolio([&](app::ScopedFacts& facts, app::LivePortfolio& portfolio) {
    const auto sees = [&](const parties::Customer& customer, const parties::Party& party) {
      const app::Visibility* visible = facts.visibility(customer.entity);
      return visible && visible->sees(customer, party);
    };
    for (const parties::Entity& entity : facts.entities())
      if (!facts.visibility(entity.id)->sees_everything()) query.sees = sees;
    return taken(app::aging_report(facts, query, &portfolio));
  });
  if (exchange.wants_csv())
    return exchange.csv(report.at(query.by == AgingBy::total ? "currencies" : "rows").as_array());
  return exchange.json(report);
}

http::Response aging(Exchange& exchange) {
  app::AgingQuery query;
  query.entity = exchange.entity().code;
  query.as_of = exchange.as_of();
  query.customer = exchange.text("customer");
  return answer_aging(exchange, std::move(query));
}

http::Response aging_of_all(Exchange& exchange) {
  const auto entities = exchange.facts().entities();
  if (entities.empty()) stop(404, "command.entity_unknown", "There is no entity.");
  app::AgingQuery query;
  const Date today = calendar::local_time(entities.front().time_zone, exchange.now).day;
  query.as_of = exchange.day("as_of").value_or(today);
  return answer_aging(exchange, std::move(query));
}

http::Response items(Exchange& exchange) {
  app::ItemsQuery query;
  query.entity = exchange.entity().code;
  query.as_of = exchange.as_of();
  query.customer = exchange.text("customer");
  query.bucket = exchange.text("bucket");
  query.overdue_only = exchange.flag("overdue");
  return exchange.page(taken(app::open_item_list(exchange.facts(), query)));
}

/// Figures of a whole entity are for those who see all of it.
void need_all_books(Exchange& exchange) {
  if (exchange.visibility().sees_everything()) return;
  stop(403, "access.right_missing",
       "These figures are of the whole entity, and you see a part of its books.");
}

http::Response metrics(Exchange& exchange) {
  need_all_books(exchange);
  app::MetricsQuery query;
  query.entity = exchange.entity().code;
  query.as_of = exchange.as_of();
  query.to = exchange.day("to").value_or(query.as_of);
  query.from =
      exchange.day("from").value_or(calendar::add_months(calendar::first_of_month(query.to), -2));
  query.figure = exchange.text("figure");
  const Json report =
      exchange.ask_portfolio([&](app::ScopedFacts& facts, app::LivePortfolio& portfolio) {
        return taken(app::metrics_report(facts, query, &portfolio));
      });
  if (exchange.wants_csv()) return exchange.csv(report.at("figures").as_array());
  return exchange.json(report);
}

http::Response team(Exchange& exchange) {
  const Date to = exchange.day("to").value_or(exchange.today());
  const Json report =
      taken(app::team_report(exchange.facts(), exchange.entity().code,
                             exchange.day("from").value_or(calendar::first_of_month(to)), to));
  if (exchange.wants_csv()) return exchange.csv(report.at("collectors").as_array());
  return exchange.json(report);
}

}  // namespace

Endpoints report_endpoints() {
  return {
      {Method::get, "/aging", Right::read, {"as_of", "by", "known_at"}, aging_of_all},
      {Method::get,
       "/entities/{entity}/aging",
       Right::read,
       {"as_of", "by", "customer", "known_at"},
       aging},
      {Method::get,
       "/entities/{entity}/items",
       Right::read,
       {"as_of", "customer", "bucket", "overdue", "known_at", "limit", "cursor"},
       items},
      {Method::get,
       "/entities/{entity}/metrics",
       Right::read,
       {"from", "to", "as_of", "figure", "known_at"},
       metrics},
      {Method::get, "/entities/{entity}/team", Right::read, {"from", "to"}, team},
  };
}

}  // namespace arrears::api
