#include "app/guard.h"

#include "statements.h"

namespace arrears::scenarios {

namespace {

/// pack us on|off
Answer pack(Call& call) {
  const std::string code = call.words.take("the pack");
  const bool on = call.words.accept("on");
  if (!on) call.words.expect("off");
  return app::set_guard_pack(call.world.store(), call.world.caller(), call.world.entity(), code,
                             on);
}

/// consent +13125550100 granted|withdrawn [for CHANNEL] [on D] because "how we know"
Answer consent(Call& call) {
  Words& words = call.words;
  app::ConsentInput input;
  input.address = words.take("the number or address");
  input.state = words.take("granted or withdrawn");
  input.on = call.world.today();
  if (words.accept("for")) input.channel = words.take("the channel");
  if (words.accept("on")) input.on = words.date("the day");
  if (words.accept("because")) input.source = words.take("the source");
  return app::set_consent(call.world.store(), call.world.caller(), input);
}

app::SuppressionInput read_suppressed(Words& words) {
  app::SuppressionInput input;
  input.customer = words.take("the customer");
  if (!words.next_is("from") && !words.next_is("on") && !words.next_is("cease_contact") &&
      !words.next_is("do_not_contact") && !words.next_is("kind"))
    input.contact = words.take("the contact");
  if (words.accept("kind") || words.next_is("cease_contact") || words.next_is("do_not_contact"))
    input.kind = words.take("the kind");
  return input;
}

/// stop contact of C1 ["Jo"] [cease_contact] from D [until D] because "why"
Answer stop_contact(Call& call) {
  Words& words = call.words;
  app::SuppressionInput input = read_suppressed(words);
  words.expect("from");
  input.from = words.date("the first day");
  if (words.accept("until")) input.until = words.date("the first day after");
  if (words.accept("because")) input.reason = words.take("the reason");
  return app::suppress(call.world.store(), call.world.caller(), call.world.entity(), input);
}

/// resume contact of C1 ["Jo"] [cease_contact] on D
Answer resume_contact(Call& call) {
  app::SuppressionInput input = read_suppressed(call.words);
  call.words.expect("on");
  input.until = call.words.date("the first day without it");
  return app::lift_suppression(call.world.store(), call.world.caller(), call.world.entity(), input);
}

Output decision_lines(const Json& decision, bool with_facts) {
  const std::string pack = text_of(decision, "pack");
  const bool allowed = decision.at("allowed").as_bool();
  Output lines{allowed ? "allowed"
                       : "not allowed: " + text_of(decision, "rule") +
                             (pack.empty() ? "" : " (" + pack + ")")};
  lines.push_back("local time " + text_of(decision, "local_time") + " " +
                  text_of(decision, "time_zone"));
  if (!allowed) {
    for (std::string& line : wrapped(text_of(decision, "text"))) lines.push_back(std::move(line));
    const std::string opens = text_of(decision, "opens_at");
    if (decision.contains("opens_at")) lines.push_back("opens " + (opens.empty() ? "-" : opens));
  }
  if (!with_facts) return lines;
  for (const auto& value : decision.at("facts").as_array()) {
    const Json& fact = value.as_object();
    lines.push_back(text_of(fact, "name") + ": " + text_of(fact, "value"));
  }
  return lines;
}

/// show guard of C1 "Jo Clerk" at D TIME|INSTANT [by CHANNEL] [on INV-1, INV-2] [with facts]
Answer show_guard(Call& call) {
  Words& words = call.words;
  app::GuardQuery query;
  query.entity = call.world.entity();
  query.customer = words.take("the customer");
  query.contact = words.take("the contact");
  words.expect("at");
  if (words.next_is_date()) {
    const Date day = words.date("the day");
    const auto seconds = words.time_of_day();
    if (!seconds) words.fail("a time of day is missing: at 2026-03-08 14:00");
    query.at = call.world.instant(day, *seconds);
  } else {
    const auto at = base::parse_instant(words.take("the instant"));
    if (!at) words.fail("write the instant as 2026-03-08T20:30-05:00");
    query.at = *at;
  }
  if (words.accept("by")) query.channel = words.take("the channel");
  if (words.accept("on")) {
    do {
      query.items.push_back(words.take("the document"));
    } while (words.accept(","));
  }
  const bool with_facts = words.accept("with facts");
  const auto report = app::guard_report(*call.world.facts(), query);
  if (!report) return report;
  return decision_lines(*report, with_facts);
}

/// show guard of call K1
Answer show_guard_of_call(Call& call) {
  const std::string id = call.world.calls[call.words.take("the call's name")];
  const contact::CallId logged{std::stoll(id)};
  const auto facts = call.world.facts();
  const auto record = facts->guard_decision(facts->party_of_call(logged).value(), logged);
  if (!record) return Output{"(none)"};
  return decision_lines(app::guard_json(*record), true);
}

/// show consent of C1
Answer show_consent(Call& call) {
  const auto list =
      app::consent_list(*call.world.facts(), call.world.entity(), call.words.take("the customer"));
  if (!list) return list;
  Table table({{"contact"},
               {"address"},
               {"kind"},
               {"channel"},
               {"state"},
               {"from"},
               {"until"},
               {"reason"}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    table.add({text_of(row, "contact"), text_of(row, "address"), text_of(row, "kind"),
               text_of(row, "channel"), text_of(row, "state"), text_of(row, "from"),
               text_of(row, "until"), text_of(row, "reason")});
  }
  return table.lines();
}

}  // namespace

std::vector<Verb> guard_verbs() {
  return {{"pack", pack},
          {"consent", consent},
          {"stop contact of", stop_contact},
          {"resume contact of", resume_contact},
          {"show guard of", show_guard},
          {"show guard of call", show_guard_of_call},
          {"show consent of", show_consent}};
}

}  // namespace arrears::scenarios
