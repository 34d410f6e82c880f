#include "app/calls.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// show promises [of C1] [in state S] [as of D] [known at D [TIME]]
Answer show_promises(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::PromiseQuery query;
  query.entity = call.world.entity();
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      query.customer = words.take("the customer");
    } else {
      words.expect("in state");
      query.state = words.take("the state");
    }
  }
  query.as_of = view.as_of;
  const auto list = app::promise_list(*call.world.facts(view.known_at), query);
  if (!list) return list;
  Table table({{"promise"},
               {"made"},
               {"by"},
               {"deadline"},
               {"currency"},
               {"amount", Align::right},
               {"paid", Align::right},
               {"state"},
               {"note"}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    std::string note;
    for (const std::string_view member : {"superseded", "suspended", "probably_kept"})
      if (row.at(member).as_bool()) note += (note.empty() ? "" : ", ") + spaced(member);
    table.add({text_of(row, "promise"), text_of(row, "made_on"), text_of(row, "by"),
               text_of(row, "deadline"), text_of(row, "currency"), text_of(row, "amount"),
               amount_of(row, "paid"), spaced(text_of(row, "state")), note});
  }
  return table.lines();
}

/// What a selection of calls may say: of C1, on INV-1, by anna, disposition D, reason R, from D,
/// to D.
app::CallQuery read_selection(Call& call, Viewpoint& view) {
  Words& words = call.words;
  app::CallQuery query;
  query.entity = call.world.entity();
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      query.customer = words.take("the customer");
    } else if (words.accept("on")) {
      query.invoice = words.take("the invoice");
    } else if (words.accept("by")) {
      query.collector = words.take("the collector");
    } else if (words.accept("disposition")) {
      query.disposition = words.take("the disposition");
    } else if (words.accept("reason")) {
      query.reason = words.take("the reason");
    } else if (words.accept("from")) {
      query.from = words.date("the first day");
    } else if (words.accept("to")) {
      query.to = words.date("the last day");
    } else {
      words.end();
    }
  }
  return query;
}

/// Local wall time of an instant, as a call log shows it.
std::string local_text(const World& world, const std::string& instant) {
  const auto at = base::parse_instant(instant);
  const auto local = calendar::local_time(world.time_zone_of(world.entity()), *at);
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return to_string(local.day) + " " + two(local.seconds / 3600) + ":" +
         two(local.seconds / 60 % 60);
}

Output call_lines(const World& world, const Json& call) {
  Output lines;
  const auto add = [&](const std::string& label, const std::string& text) {
    if (!text.empty()) lines.push_back("  " + label + std::string(11 - label.size(), ' ') + text);
  };
  lines.push_back(local_text(world, text_of(call, "started_at")) + " " +
                  text_of(call, "direction") + " " + text_of(call, "customer") + ", " +
                  spaced(text_of(call, "line_outcome")) + ", " +
                  spaced(text_of(call, "disposition")) + ", by " + text_of(call, "author") +
                  (call.at("logged_late").as_bool() ? ", logged late" : "") +
                  (text_of(call, "version") == "1" ? "" : ", version " + text_of(call, "version")));
  add("contact", text_of(call, "contact"));
  for (const auto& value : call.at("items").as_array()) {
    const Json& item = value.as_object();
    const std::string instalment = text_of(item, "instalment");
    add("discussed", text_of(item, "document") + (instalment == "1" ? "" : "#" + instalment) +
                         ": open " + text_of(item, "open") + " " + text_of(item, "currency") +
                         ", " + text_of(item, "days_overdue") + " days overdue");
  }
  add("reason",
      spaced(text_of(call, "reason_for_delay")) +
          (text_of(call, "reason_text").empty() ? "" : ": " + text_of(call, "reason_text")));
  add("broken", text_of(call, "broken_promise_reason"));
  add("notes", text_of(call, "notes"));
  for (const auto& promise : call.at("promises").as_array())
    add("promise", std::string(promise.as_string()));
  if (!text_of(call, "next_action").empty()) {
    add("next",
        spaced(text_of(call, "next_action")) +
            (text_of(call, "next_on").empty() ? "" : " on " + text_of(call, "next_on")) +
            (text_of(call, "next_owner").empty() ? "" : " by " + text_of(call, "next_owner")) +
            (text_of(call, "next_reason").empty() ? "" : ": " + text_of(call, "next_reason")));
  }
  add("amended", text_of(call, "amendment_reason"));
  return lines;
}

Answer call_answer(const World& world, const base::Result<boost::json::array>& list) {
  if (!list) return list;
  if (list->empty()) return Output{"(empty)"};
  Output lines;
  for (const auto& value : *list)
    for (std::string& line : call_lines(world, value.as_object())) lines.push_back(std::move(line));
  return lines;
}

/// show calls [of C1] [on INV-1] [by anna] [disposition D] [reason R] [from D] [to D]
Answer show_calls(Call& call) {
  Viewpoint view = here(call.world);
  const app::CallQuery query = read_selection(call, view);
  return call_answer(call.world, app::call_list(*call.world.facts(view.known_at), query));
}

/// show call statistics ..., with the same selection
Answer show_statistics(Call& call) {
  Viewpoint view = here(call.world);
  const app::CallQuery query = read_selection(call, view);
  const auto counts = app::call_statistics(*call.world.facts(view.known_at), query);
  if (!counts) return counts;
  const auto percent = [&](std::string_view member) {
    const std::string text = text_of(*counts, member);
    return text.empty() ? std::string("not defined") : text + " %";
  };
  Output lines{"calls " + text_of(*counts, "calls") + ", outbound " + text_of(*counts, "outbound") +
               ", inbound " + text_of(*counts, "inbound")};
  for (const auto& [disposition, count] : counts->at("by_disposition").as_object())
    if (count.as_int64() > 0)
      lines.push_back(spaced(disposition) + " " + boost::json::serialize(count));
  lines.push_back("right-party rate " + percent("right_party_rate_percent"));
  lines.push_back("logged late " + text_of(*counts, "logged_late") + ", " +
                  percent("logged_late_percent"));
  return lines;
}

/// show call history of K1: all versions of one entry
Answer show_history(Call& call) {
  call.words.expect("of");
  const auto found = call.world.calls.find(call.words.take("the call's name"));
  return call_answer(
      call.world,
      app::call_history(*call.world.facts(), call.world.entity(),
                        found == call.world.calls.end() ? "0" : std::string(found->second)));
}

/// show worked without entry from D to D
Answer show_unlogged(Call& call) {
  call.words.expect("from");
  const Date from = call.words.date("the first day");
  call.words.expect("to");
  const Date to = call.words.date("the last day");
  const auto list = app::worked_without_entry(*call.world.facts(), call.world.entity(), from, to);
  if (!list) return list;
  Table table({{"party"}, {"collector"}, {"on the list since"}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    table.add({text_of(row, "party"), text_of(row, "collector"), text_of(row, "listed_on")});
  }
  return table.lines();
}

}  // namespace

std::vector<Verb> show_call_verbs() {
  return {{"show promises", show_promises},
          {"show calls", show_calls},
          {"show call statistics", show_statistics},
          {"show call history", show_history},
          {"show worked without entry", show_unlogged}};
}

}  // namespace arrears::scenarios
