#include "app/aging.h"
#include "app/metrics.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/report_tables.h"

namespace arrears::cli {

namespace {

const std::map<std::string, app::AgingBy> agings = {{"customer", app::AgingBy::customer},
                                                    {"party", app::AgingBy::party},
                                                    {"group", app::AgingBy::group},
                                                    {"collector", app::AgingBy::collector},
                                                    {"entity", app::AgingBy::entity}};

void add_aging(CommandLine& line) {
  struct Input {
    std::string by;
    std::string customer;
  };
  auto input = std::make_shared<Input>();
  CLI::App& aging = line.add(
      line.app(), "aging", "Open amounts by days overdue, as of a date, as known at an instant",
      "aging --entity E --as-of 2013-06-30 --by customer", [input](Session& session) {
        const auto facts = session.facts();
        // Without --entity over all of them, on the day that the first of them has.
        const auto entities = facts->entities();
        app::AgingQuery query;
        query.entity = session.options().entity;
        if (query.entity.empty() && entities.size() <= 1) query.entity = session.entity(*facts);
        const std::string named = query.entity.empty() ? entities.front().code : query.entity;
        query.as_of = session.as_of(taken(app::find_entity(*facts, named)));
        query.customer = input->customer;
        if (!input->by.empty()) query.by = agings.at(input->by);
        print_aging(taken(app::aging_report(*facts, query, session.portfolio())),
                    session.options().format);
      });
  aging.add_option("--by", input->by, "Rows by customer, party, group, collector or entity")
      ->check(CLI::IsMember(agings));
  aging.add_option("--customer", input->customer, "Of one customer only");
}

void add_items(CommandLine& line) {
  auto query = std::make_shared<app::ItemsQuery>();
  CLI::App& items = line.add(
      line.app(), "items", "The open items and unused credits behind the aging",
      "items --customer C1 --overdue", [query](Session& session) {
        const Question question = session.question();
        app::ItemsQuery asked = *query;
        asked.entity = question.entity;
        asked.as_of = question.as_of;
        session.print(taken(app::open_item_list(*question.facts, asked)),
                      {"customer", "name", "number", "instalment", "kind", "issued", "due",
                       "days_overdue", "bucket", "currency", "amount", "open", "disputed"});
      });
  items.add_option("--customer", query->customer, "Of one customer only");
  items.add_option("--bucket", query->bucket, "not_due, 1_30, 31_60, 61_90, 91_120 or over_120");
  items.add_flag("--overdue", query->overdue_only, "Only what is overdue");
}

void add_metrics(CommandLine& line) {
  struct Input {
    std::optional<calendar::Date> from;
    std::optional<calendar::Date> to;
    std::string figure;
  };
  auto input = std::make_shared<Input>();
  CLI::App& metrics = line.add(
      line.app(), "metrics", "DSO, CEI and the other figures of a period, with their formulas",
      "metrics --from 2026-04-01 --to 2026-06-30", [input](Session& session) {
        const Question question = session.question();
        app::MetricsQuery query;
        query.entity = question.entity;
        query.as_of = question.as_of;
        query.to = input->to.value_or(question.as_of);
        query.from =
            input->from.value_or(calendar::add_months(calendar::first_of_month(query.to), -2));
        query.figure = input->figure;
        print_metrics(taken(app::metrics_report(*question.facts, query, session.portfolio())),
                      session.options().format);
      });
  add_day(metrics, "--from", input->from, "First day (default: the month two before --to)");
  add_day(metrics, "--to", input->to, "Last day, included (default: the business date)");
  metrics.add_option("--figure", input->figure, "One figure by its name");
}

}  // namespace

void add_report_commands(CommandLine& line) {
  add_aging(line);
  add_items(line);
  add_metrics(line);
}

}  // namespace arrears::cli
