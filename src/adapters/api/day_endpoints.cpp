#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/daily_run.h"
#include "app/progress.h"
#include "app/worklist_page.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

http::Response worklist(Exchange& exchange) {
  app::WorklistQuery query;
  query.entity = exchange.entity().code;
  query.day = exchange.as_of();
  query.collector = exchange.text("collector");
  query.live = exchange.flag("live");
  query.after = exchange.text("cursor");
  query.limit = exchange.wants_csv() ? 100'000 : exchange.limit();
  const auto make = [&](app::ScopedFacts& facts, app::LivePortfolio* portfolio) {
    const app::Visibility* visible = facts.visibility(exchange.entity().id);
    ARREARS_REQUIRE(visible);
    return taken(app::worklist_page(facts, *visible, query, portfolio));
  };
  const bool frozen =
      !query.live && app::run_of_day(exchange.facts(), exchange.entity().id, query.day).has_value();
  const Json page =
      frozen ? make(exchange.facts(), nullptr)
             : exchange.ask_portfolio([&](app::ScopedFacts& facts, app::LivePortfolio& portfolio) {
                 return make(facts, &portfolio);
               });
  if (exchange.wants_csv()) return exchange.csv(page.at("items").as_array());
  return exchange.json(page);
}

http::Response progress(Exchange& exchange) {
  return exchange.json(
      taken(app::day_progress(exchange.facts(), exchange.visibility(), exchange.entity().code,
                              exchange.as_of(), exchange.text("collector"))));
}

http::Response runs(Exchange& exchange) {
  return exchange.page(taken(app::run_list(exchange.facts(), exchange.entity().code)));
}

http::Response run_day(Exchange& exchange) {
  std::optional<Date> day;
  bool recompute = false;
  Fields fields(exchange.body());
  fields.day("day", day).flag("recompute", recompute);
  fields.finish();
  const std::string entity = exchange.entity().code;
  const app::Caller caller = exchange.caller();
  const Date wanted = day.value_or(exchange.today());
  // Whoever asks the portfolio waits for the run; without it the run would read every party.
  const Json done =
      exchange.site.desk.ask(std::nullopt, [&](app::Facts&, app::LivePortfolio& portfolio) {
        app::RunOptions options;
        options.recompute = recompute;
        options.portfolio = &portfolio;
        return taken(app::run_day(exchange.site.store, caller, entity, wanted, options));
      });
  return exchange.json(done, recompute ? 200 : 201);
}

http::Response due_actions(Exchange& exchange) {
  const Date to = exchange.day("to").value_or(exchange.today());
  return exchange.page(taken(app::due_action_list(exchange.facts(), exchange.entity().code,
                                                  exchange.day("from").value_or(to), to)));
}

}  // namespace

Endpoints day_endpoints() {
  return {
      {Method::get,
       "/entities/{entity}/worklist",
       Right::read,
       {"as_of", "collector", "live", "limit", "cursor", "known_at"},
       worklist},
      {Method::get, "/entities/{entity}/progress", Right::read, {"as_of", "collector"}, progress},
      {Method::get, "/entities/{entity}/runs", Right::read, {"limit", "cursor"}, runs},
      {Method::post, "/entities/{entity}/runs", Right::run_day, {}, run_day},
      {Method::get,
       "/entities/{entity}/due-actions",
       Right::read,
       {"from", "to", "limit", "cursor"},
       due_actions},
  };
}

}  // namespace arrears::api
