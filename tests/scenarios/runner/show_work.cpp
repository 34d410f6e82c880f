#include <algorithm>
#include <tuple>

#include "app/calls.h"
#include "app/daily_run.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

std::string joined(const boost::json::value& values, std::string_view separator) {
  std::string text;
  for (const auto& value : values.as_array())
    text += (text.empty() ? "" : std::string(separator)) + std::string(value.as_string());
  return text;
}

base::Result<boost::json::array> read_worklist(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  std::string collector;
  bool live = false;
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      collector = words.take("the collector");
    } else if (words.accept("live")) {
      live = true;
    } else {
      words.end();
    }
  }
  const auto list = [&](std::size_t limit, app::LivePortfolio* portfolio) {
    return app::worklist(*call.world.facts(view.known_at), call.world.entity(), view.as_of,
                         collector, live, limit, portfolio);
  };
  for (const std::size_t limit : {1, 2, 3}) {
    const auto first = same_answer(list(limit, nullptr), list(limit, &call.world.portfolio()));
    if (!first) return first;
  }
  return same_answer(list(0, nullptr), list(0, &call.world.portfolio()));
}

/// What the points are made of: "30 overdue amount: 12,500.00 USD overdue".
void add_points(const Json& entry, Output& lines) {
  lines.push_back("  points     " + text_of(entry, "points"));
  for (const auto& value : entry.at("parts").as_array()) {
    const Json& part = value.as_object();
    const std::string points = text_of(part, "points");
    if (points == "0") continue;
    lines.push_back("    " + std::string(4 - std::min<std::size_t>(4, points.size()), ' ') +
                    points + "   " + spaced(text_of(part, "name")) + ": " + text_of(part, "fact"));
  }
}

std::string why_not_higher_text(const Json& entry) {
  const Json* why = entry.at("why_not_higher").if_object();
  if (!why) return {};
  std::string text = text_of(*why, "points_to_next") + " points to the next rank";
  bool first = true;
  for (const auto& value : why->at("ways").as_array()) {
    const Json& way = value.as_object();
    text += first ? ": " : " or ";
    first = false;
    text += text_of(way, "more") + " " + text_of(way, "unit") + " more " +
            (text_of(way, "unit") == "days" ? "overdue" : "overdue amount");
  }
  return text;
}

void add_amounts(const Json& entry, Output& lines) {
  for (const auto& value : entry.at("amounts").as_array()) {
    const Json& row = value.as_object();
    std::string text = "  owes       " + text_of(row, "open") + " " + text_of(row, "currency") +
                       ", overdue " + text_of(row, "overdue") + ", chased " +
                       text_of(row, "chased");
    if (amount_of(row, "to_apply") != "-") text += ", to apply " + text_of(row, "to_apply");
    lines.push_back(text);
  }
}

/// show worklist [of COLLECTOR] [as of D] [known at D [TIME]] [live]
Answer show_worklist(Call& call) {
  const auto list = read_worklist(call);
  if (!list) return list;
  if (list->empty()) return Output{"(empty)"};
  Output lines;
  for (const auto& value : *list) {
    const Json& entry = value.as_object();
    const std::string rank = text_of(entry, "rank");
    const std::string collector = text_of(entry, "collector");
    lines.push_back((rank.empty() ? "not ranked" : rank) + "  " +
                    joined(entry.at("customers"), ", ") + " " + text_of(entry, "party") + ": " +
                    spaced(text_of(entry, "recommended_action")) +
                    (collector.empty() ? "" : " (" + collector + ")"));
    add_amounts(entry, lines);
    for (const auto& reason : entry.at("reasons").as_array()) {
      lines.push_back("  because    " + spaced(text_of(reason.as_object(), "kind")) + ": " +
                      text_of(reason.as_object(), "text"));
    }
    if (!rank.empty()) add_points(entry, lines);
    const std::string why = why_not_higher_text(entry);
    if (!why.empty()) lines.push_back("  not higher " + why);
  }
  return lines;
}

/// show ranking [of COLLECTOR] [as of D] [known at D [TIME]] [live]: the worklist in short.
Answer show_ranking(Call& call) {
  const auto list = read_worklist(call);
  if (!list) return list;
  Table table({{"rank", Align::right},
               {"customers"},
               {"action"},
               {"points", Align::right},
               {"overdue", Align::right},
               {"chased", Align::right},
               {"collector"},
               {"because"}});
  for (const auto& value : *list) {
    const Json& entry = value.as_object();
    std::string reasons;
    for (const auto& reason : entry.at("reasons").as_array()) {
      const std::string kind = spaced(text_of(reason.as_object(), "kind"));
      if (reasons.find(kind) != std::string::npos) continue;
      reasons += (reasons.empty() ? "" : ", ") + kind;
    }
    const std::string rank = text_of(entry, "rank");
    table.add({rank.empty() ? "-" : rank, joined(entry.at("customers"), ", "),
               spaced(text_of(entry, "recommended_action")), text_of(entry, "points"),
               text_of(entry, "overdue"), text_of(entry, "chased"), text_of(entry, "collector"),
               reasons});
  }
  return table.lines();
}

/// show run: what the last `run day` did.
Answer show_run(Call& call) {
  const app::Json& run = call.world.last_run;
  if (run.empty()) call.words.fail("no day has run");
  Output lines{text_of(run, "business_date") + (run.contains("unchanged") ? ": nothing new" : ":") +
               " " + text_of(run, "actions") + " actions, " + text_of(run, "steps") +
               " steps taken, " + text_of(run, "skipped") + " skipped, " +
               text_of(run, "follow_ups_opened") + " follow-ups opened, " +
               text_of(run, "follow_ups_closed") + " closed"};
  for (const auto& [reason, count] : run.at("stopped").as_object())
    lines.push_back("stopped by " + spaced(reason) + ": " + boost::json::serialize(count));
  return lines;
}

/// show actions [of C1] [on D]: the contacts that runs found due.
Answer show_actions(Call& call) {
  Words& words = call.words;
  std::string customer;
  std::optional<Date> on;
  while (!words.done()) {
    if (words.accept("of")) {
      customer = words.take("the customer");
    } else {
      words.expect("on");
      on = words.date("the day");
    }
  }
  struct Row {
    std::string key;
    std::vector<std::string> cells;
  };
  std::vector<Row> rows;
  call.world.facts()->each_party({}, app::Detail::everything, [&](const app::PartyFile& file) {
    const bool wanted =
        customer.empty() || std::any_of(file.accounts.begin(), file.accounts.end(),
                                        [&](auto& one) { return one.customer.number == customer; });
    if (!wanted) return;
    for (const app::DueActionRecord& action : file.due_actions) {
      if (on && action.on != *on) continue;
      const boost::json::value items = boost::json::parse(action.items);
      for (const auto& value : items.as_array()) {
        const Json& item = value.as_object();
        const std::string instalment = text_of(item, "instalment");
        const std::string number =
            text_of(item, "document") + (instalment == "1" ? "" : "#" + instalment);
        rows.push_back(
            {to_string(action.on) + "\n" + file.party.name,
             {to_string(action.on), file.party.name, spaced(base::name(action.action)), number,
              text_of(item, "step"), text_of(item, "step_date"), text_of(item, "days_overdue"),
              text_of(item, "chased"), text_of(item, "currency")}});
      }
    }
  });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.key < b.key; });
  Table table({{"on"},
               {"party"},
               {"action"},
               {"item"},
               {"step"},
               {"due since"},
               {"days overdue", Align::right},
               {"asked for", Align::right},
               {"currency"}});
  for (Row& row : rows) table.add(std::move(row.cells));
  return table.lines();
}

/// show steps of C1: what its open items have passed.
Answer show_steps(Call& call) {
  call.words.expect("of");
  const std::string customer = call.words.take("the customer");
  Table table({{"item"}, {"step"}, {"on"}, {"status"}});
  call.world.facts()->each_party({}, app::Detail::everything, [&](const app::PartyFile& file) {
    for (const app::Account& account : file.accounts) {
      if (account.customer.number != customer) continue;
      for (const strategy::ReachedStep& step : file.reached_steps) {
        const auto* document = receivables::find_document(account.ledger, step.item.document);
        if (!document) continue;
        const int instalment = step.item.instalment;
        table.add({document->number + (instalment == 1 ? "" : "#" + std::to_string(instalment)),
                   step.step, to_string(step.on), std::string(base::name(step.status))});
      }
    }
  });
  return table.lines();
}

/// show follow-ups [of C1] [all] [as of D] [known at D [TIME]]
Answer show_follow_ups(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::FollowUpQuery query;
  query.entity = call.world.entity();
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      query.customer = words.take("the customer");
    } else {
      words.expect("all");
      query.with_closed = true;
    }
  }
  query.as_of = view.as_of;
  const auto list = app::follow_up_list(*call.world.facts(view.known_at), query);
  if (!list) return list;
  Table table({{"customer"},
               {"kind"},
               {"action"},
               {"promise"},
               {"opened"},
               {"due"},
               {"owner"},
               {"closed"},
               {"closing"}});
  std::vector<std::vector<std::string>> rows;
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    rows.push_back({joined(row.at("customers"), ", "), spaced(text_of(row, "kind")),
                    spaced(text_of(row, "action")), text_of(row, "promise"),
                    text_of(row, "opened_on"), text_of(row, "due_on"), text_of(row, "owner"),
                    text_of(row, "closed_on"), spaced(text_of(row, "closing"))});
  }
  // By customer and due date; parties come in no order that a reader could know.
  std::sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) {
    return std::tie(x[0], x[5], x[1]) < std::tie(y[0], y[5], y[1]);
  });
  for (auto& row : rows) table.add(std::move(row));
  return table.lines();
}

}  // namespace

std::vector<Verb> show_work_verbs() {
  return {{"show worklist", show_worklist}, {"show ranking", show_ranking},
          {"show run", show_run},           {"show actions", show_actions},
          {"show steps", show_steps},       {"show follow-ups", show_follow_ups}};
}

}  // namespace arrears::scenarios
