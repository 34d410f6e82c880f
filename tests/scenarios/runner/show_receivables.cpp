#include "app/aging.h"
#include "app/gather.h"
#include "statements.h"

namespace arrears::scenarios {

Viewpoint here(const World& world) { return {world.today(), {}}; }

bool read_viewpoint(Call& call, Viewpoint& view) {
  Words& words = call.words;
  if (words.accept("as of")) {
    view.as_of = words.date("the day");
    return true;
  }
  if (!words.accept("known at")) return false;
  const Date day = words.date("the day");
  const auto seconds = words.time_of_day();
  // A day alone means all of it.
  const base::Instant at = seconds ? call.world.instant(day, *seconds)
                                   : base::Instant{call.world.instant(day + 1, 0).micros - 1};
  const bool rest_of_today = !seconds && day == call.world.today();
  const auto known = app::check_known_at(rest_of_today ? call.world.now() : at, call.world.now());
  if (!known) throw Refused{known.error()};
  view.known_at = *known;
  return true;
}

namespace {

using Column = Table::Column;

const std::vector<std::pair<std::string_view, std::string_view>>& groupings() {
  static const std::vector<std::pair<std::string_view, std::string_view>> all = {
      {"by customer", "customer"},
      {"by party", "name"},
      {"by group", "name"},
      {"by collector", "collector"},
      {"by entity", "entity"}};
  return all;
}

void read_grouping(Words& words, app::AgingQuery& query, std::string& name_member) {
  constexpr app::AgingBy by[] = {app::AgingBy::customer, app::AgingBy::party, app::AgingBy::group,
                                 app::AgingBy::collector, app::AgingBy::entity};
  for (std::size_t i = 0; i < groupings().size(); ++i) {
    if (!words.accept(groupings()[i].first)) continue;
    query.by = by[i];
    name_member = groupings()[i].second;
  }
}

/// show aging [of C1] [by customer|party|group|collector|entity] [as of D] [known at D [TIME]]
Answer show_aging(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::AgingQuery query;
  query.entity = call.world.entity();
  std::string name_member;
  while (!words.done()) {
    read_grouping(words, query, name_member);
    if (words.accept("of")) query.customer = words.take("the customer");
    if (words.accept("all entities")) query.entity.clear();
    if (words.done() || read_viewpoint(call, view)) continue;
    if (!words.next_is("by") && !words.next_is("of")) words.end();
  }
  query.as_of = view.as_of;
  const auto report = same_answer(
      app::aging_report(*call.world.facts(view.known_at), query),
      app::aging_report(*call.world.facts(view.known_at), query, &call.world.portfolio()));
  if (!report) return report;
  const bool grouped = query.by != app::AgingBy::total;
  std::vector<Column> columns{
      {grouped ? spaced(name_member) : ""}, {"currency"}, {"items", Align::right}};
  for (const std::string_view bucket : receivables::bucket_names)
    columns.push_back({spaced(bucket), Align::right});
  for (const std::string_view label : {"total", "credits", "unapplied", "balance"})
    columns.push_back({std::string(label), Align::right});
  Table table(columns);
  for (const auto& value : report->at(grouped ? "rows" : "currencies").as_array()) {
    const Json& row = value.as_object();
    std::vector<std::string> cells{grouped ? text_of(row, name_member) : "",
                                   text_of(row, "currency"), text_of(row, "open_items")};
    if (grouped && cells.front().empty()) cells.front() = "(none)";
    for (const std::string_view bucket : receivables::bucket_names)
      cells.push_back(amount_of(row.at("buckets").as_object(), bucket));
    for (const std::string_view member : {"total", "credits", "unapplied_cash", "balance"})
      cells.push_back(amount_of(row, member));
    table.add(std::move(cells));
  }
  return table.lines();
}

/// show items [of C1] [bucket 1_30] [overdue] [as of D] [known at D [TIME]]
Answer show_items(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::ItemsQuery query;
  query.entity = call.world.entity();
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      query.customer = words.take("the customer");
    } else if (words.accept("bucket")) {
      query.bucket = words.take("the bucket");
    } else if (words.accept("overdue")) {
      query.overdue_only = true;
    } else {
      words.end();
    }
  }
  query.as_of = view.as_of;
  const auto items = app::open_item_list(*call.world.facts(view.known_at), query);
  if (!items) return items;
  Table table({{"customer"},
               {"item"},
               {"due"},
               {"days overdue", Align::right},
               {"bucket"},
               {"currency"},
               {"amount", Align::right},
               {"open", Align::right},
               {"disputed", Align::right}});
  for (const auto& value : *items) {
    const Json& row = value.as_object();
    const std::string instalment = text_of(row, "instalment");
    table.add({text_of(row, "customer"),
               text_of(row, "number") + (instalment == "1" ? "" : "#" + instalment),
               text_of(row, "due"), text_of(row, "days_overdue"), spaced(text_of(row, "bucket")),
               text_of(row, "currency"), text_of(row, "amount"), text_of(row, "open"),
               amount_of(row, "disputed")});
  }
  return table.lines();
}

/// show payments [of C1] [as of D]: what is left of each payment.
Answer show_payments(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  std::string customer;
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    words.expect("of");
    customer = words.take("the customer");
  }
  Table table({{"customer"},
               {"payment"},
               {"valued"},
               {"currency"},
               {"amount", Align::right},
               {"unapplied", Align::right}});
  const auto facts = call.world.facts(view.known_at);
  facts->each_party({}, app::Detail::receivables, [&](const app::PartyFile& file) {
    for (const app::Account& account : file.accounts) {
      if (!customer.empty() && account.customer.number != customer) continue;
      const auto left = receivables::unapplied_payments(account.ledger, view.as_of);
      for (const receivables::Payment& payment : account.ledger.payments) {
        if (payment.cancelled || view.as_of < payment.value_on) continue;
        std::int64_t unapplied = 0;
        for (const auto& one : left)
          if (one.payment == &payment) unapplied = one.unapplied_minor;
        table.add({account.customer.number, payment.number, to_string(payment.value_on),
                   std::string(payment.currency.code()),
                   money::to_decimal(payment.amount_minor, payment.currency),
                   money::to_decimal(unapplied, payment.currency)});
      }
    }
  });
  return table.lines();
}

}  // namespace

std::vector<Verb> show_receivables_verbs() {
  return {{"show aging", show_aging}, {"show items", show_items}, {"show payments", show_payments}};
}

}  // namespace arrears::scenarios
