#include <algorithm>
#include <map>

#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "adapters/api/inputs.h"
#include "base/text.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

app::CallQuery query_of(Exchange& exchange) {
  app::CallQuery query;
  query.entity = exchange.entity().code;
  query.customer = exchange.text("customer");
  query.invoice = exchange.text("invoice");
  query.collector = exchange.text("collector");
  query.disposition = exchange.text("disposition");
  query.reason = exchange.text("reason");
  query.review = exchange.text("review");
  query.from = exchange.day("from");
  query.to = exchange.day("to");
  return query;
}

http::Response calls(Exchange& exchange) {
  Rows rows = taken(app::call_list(exchange.facts(), query_of(exchange)));
  keep_matching(rows, exchange.text("search"), {"notes", "reason_text", "name", "contact"});
  return exchange.page(std::move(rows));
}

http::Response statistics(Exchange& exchange) {
  return exchange.json(taken(app::call_statistics(exchange.facts(), query_of(exchange))));
}

/// Whose work nobody wrote down, and what was written down late.
http::Response completeness(Exchange& exchange) {
  const Date to = exchange.day("to").value_or(exchange.today());
  const Date from = exchange.day("from").value_or(to - 6);
  const std::string& entity = exchange.entity().code;
  app::CallQuery query;
  query.entity = entity;
  query.from = from;
  query.to = to;
  Rows late;
  for (boost::json::value& call : taken(app::call_list(exchange.facts(), query)))
    if (call.at("logged_late").as_bool()) late.push_back(std::move(call));
  return exchange.json(Json{{"from", to_string(from)},
                            {"to", to_string(to)},
                            {"worked_without_entry",
                             taken(app::worked_without_entry(exchange.facts(), entity, from, to))},
                            {"logged_late", std::move(late)}});
}

/// Entries that nobody has read yet, some of every author: the same for the same period, in no
/// order that anybody chose.
http::Response sample(Exchange& exchange) {
  constexpr std::int64_t size_max = 100;
  const std::string given = exchange.text("size");
  const auto size = given.empty() ? std::optional<std::int64_t>(10) : base::parse_int(given);
  if (!size || *size < 1 || *size > size_max)
    stop(400, "request.query_invalid", "`size` is 1 to 100.");
  app::CallQuery query = query_of(exchange);
  if (!query.to) query.to = exchange.today();
  if (!query.from) query.from = *query.to - 6;
  query.review = "none";
  Rows rows = taken(app::call_list(exchange.facts(), query));
  const auto place = [](const boost::json::value& row) {
    const auto id = base::parse_int(row.at("call_id").as_string()).value_or(0);
    return static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15U;
  };
  // In turn one of each author, until there are enough.
  std::map<std::string, std::vector<std::pair<std::uint64_t, boost::json::value*>>> by_author;
  for (boost::json::value& row : rows)
    by_author[std::string(row.at("author").as_string())].emplace_back(place(row), &row);
  for (auto& [author, entries] : by_author) std::ranges::sort(entries);
  Rows items;
  for (std::size_t turn = 0; turn < rows.size(); ++turn)
    for (auto& [author, entries] : by_author)
      if (turn < entries.size() && items.size() < static_cast<std::size_t>(*size))
        items.push_back(std::move(*entries[turn].second));
  return exchange.json(Json{{"items", std::move(items)}, {"next", nullptr}});
}

http::Response call(Exchange& exchange) {
  return exchange.json(
      Json{{"items", taken(app::call_history(exchange.facts(), exchange.entity().code,
                                             exchange.request.parameter("call")))},
           {"next", nullptr}});
}

http::Response log_call(Exchange& exchange) {
  app::CallInput call;
  call.customer = exchange.customer();
  Fields fields(exchange.body());
  read_call(fields, call);
  fields.finish();
  return exchange.json(
      taken(app::log_call(exchange.site.store, exchange.caller(), exchange.entity().code, call)),
      201);
}

http::Response amend_call(Exchange& exchange) {
  app::CallInput call;
  call.direction.clear();
  call.line_outcome.clear();
  std::string reason;
  Fields fields(exchange.body());
  read_call_content(fields, call);
  fields.need("amendment_reason").text("amendment_reason", reason);
  fields.finish();
  const std::string& id = exchange.request.parameter("call");
  taken(app::call_history(exchange.facts(), exchange.entity().code, id));
  return exchange.json(taken(app::amend_call(exchange.site.store, exchange.caller(),
                                             exchange.entity().code, id, call, reason)),
                       201);
}

http::Response review_call(Exchange& exchange) {
  app::ReviewInput review;
  review.call = exchange.request.parameter("call");
  Fields fields(exchange.body());
  fields.need("mark").text("mark", review.mark).text("text", review.text);
  fields.whole("version", review.version, 1, 1'000'000).finish();
  taken(app::call_history(exchange.facts(), exchange.entity().code, review.call));
  return exchange.json(taken(app::review_call(exchange.site.store, exchange.caller(),
                                              exchange.entity().code, review)),
                       201);
}

}  // namespace

Endpoints call_endpoints() {
  return {
      {Method::get,
       "/entities/{entity}/calls",
       Right::read,
       {"customer", "invoice", "collector", "disposition", "reason", "review", "from", "to",
        "search", "limit", "cursor"},
       calls},
      {Method::get,
       "/entities/{entity}/calls/statistics",
       Right::read,
       {"customer", "invoice", "collector", "disposition", "reason", "from", "to"},
       statistics},
      {Method::get,
       "/entities/{entity}/calls/completeness",
       Right::read,
       {"from", "to"},
       completeness},
      {Method::get,
       "/entities/{entity}/calls/sample",
       Right::review_calls,
       {"collector", "disposition", "from", "to", "size"},
       sample},
      {Method::get, "/entities/{entity}/calls/{call}", Right::read, {}, call},
      {Method::post,
       "/entities/{entity}/calls/{call}/amendments",
       Right::log_contact,
       {},
       amend_call},
      {Method::post,
       "/entities/{entity}/calls/{call}/reviews",
       Right::review_calls,
       {},
       review_call},
      {Method::post,
       "/entities/{entity}/customers/{customer}/calls",
       Right::log_contact,
       {},
       log_call},
  };
}

}  // namespace arrears::api
