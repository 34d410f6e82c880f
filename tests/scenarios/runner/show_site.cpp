#include "app/lookup.h"
#include "app/metrics.h"
#include "domain/money/rate.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// show calendar from D to D: each day, and what it is
Answer show_calendar(Call& call) {
  Words& words = call.words;
  words.expect("from");
  const Date from = words.date("the first day");
  words.expect("to");
  const Date to = words.date("the last day");
  const auto facts = call.world.facts();
  const auto entity = app::find_entity(*facts, call.world.entity());
  if (!entity) return entity;
  const auto days = app::entity_calendar(*facts, *entity);
  static constexpr std::string_view names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
  Table table({{"day"}, {"weekday"}, {"works"}, {"holiday"}, {"rolls to"}});
  for (Date day = from; day <= to; day = day + 1) {
    const bool works = days.is_business_day(day);
    table.add({to_string(day), std::string(names[calendar::weekday(day)]), works ? "yes" : "no",
               std::string(days.holiday_name(day)),
               works ? "" : to_string(days.roll_forward(day))});
  }
  return table.lines();
}

/// show value of 100.00 EUR in USD [as of D] [known at D]
Answer show_value(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  words.expect("of");
  const std::string amount = words.take("the amount");
  const auto from = money::parse_currency(words.take("the currency"));
  words.expect("in");
  const auto to = money::parse_currency(words.take("the other currency"));
  if (!from || !to) words.fail("write: show value of 100.00 EUR in USD");
  while (!words.done())
    if (!read_viewpoint(call, view)) words.end();
  const money::ParsedAmount read = money::parse_amount(amount, *from);
  if (read.error) words.fail(amount + " is no amount");
  const money::RateTable rates(call.world.facts(view.known_at)->rates());
  const auto value = rates.convert({read.minor, *from}, *to, view.as_of);
  return Output{value ? money::to_text(*value) : "no rate"};
}

/// show metrics from D to D [as of D] [figure NAME]
Answer show_metrics(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::MetricsQuery query;
  query.entity = call.world.entity();
  words.expect("from");
  query.from = words.date("the first day");
  words.expect("to");
  query.to = words.date("the last day");
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    words.expect("figure");
    query.figure = words.take("the figure");
  }
  query.as_of = view.as_of;
  const auto report = same_answer(
      app::metrics_report(*call.world.facts(view.known_at), query),
      app::metrics_report(*call.world.facts(view.known_at), query, &call.world.portfolio()));
  if (!report) return report;
  Table table({{"figure"}, {"value"}, {"why"}});
  for (const auto& value : report->at("figures").as_array()) {
    const Json& figure = value.as_object();
    table.add({spaced(text_of(figure, "name")), text_of(figure, "text"), text_of(figure, "why")});
  }
  return table.lines();
}

/// show journal [last N]: the kinds of its entries, oldest first
Answer show_journal(Call& call) {
  int count = 1000;
  if (call.words.accept("last")) count = call.words.integer("how many");
  Table table({{"kind"}, {"by"}});
  for (const storage::TailEntry& entry : call.world.database().tail(count))
    table.add({entry.kind, entry.actor});
  return table.lines();
}

/// verify journal
Answer verify_journal(Call& call) {
  const storage::Verification verified = call.world.database().verify({}, {});
  Output lines;
  for (const storage::Problem& problem : verified.problems)
    lines.push_back(std::string(name(problem.kind)) + " " + problem.where + ": " + problem.text);
  if (verified.passed()) lines.push_back("verified");
  return lines;
}

}  // namespace

std::vector<Verb> show_site_verbs() {
  return {{"show calendar", show_calendar},
          {"show value", show_value},
          {"show metrics", show_metrics},
          {"show journal", show_journal},
          {"verify journal", verify_journal}};
}

}  // namespace arrears::scenarios
