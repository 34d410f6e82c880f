#include "app/calls.h"
#include "app/interactions.h"
#include "app/people.h"
#include "app/scoped_facts.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// The rest of a line: [inbound|outbound] [by anna] [with "Jo", "Bo"] [about "..."] [for CLASS]
/// [at INSTANT] [as EXTERNAL] [pinned] saying "text"
void read_interaction(Call& call, app::InteractionInput& input, app::Caller& caller) {
  Words& words = call.words;
  while (!words.accept("saying")) {
    if (words.accept("by")) {
      caller.actor = words.take("the author");
    } else if (words.accept("with")) {
      do {
        input.participants.push_back(words.take("the participant"));
      } while (words.accept(","));
    } else if (words.accept("about")) {
      input.purpose = words.take("the purpose");
    } else if (words.accept("for")) {
      input.visible_to = words.take("the visibility class");
    } else if (words.accept("at")) {
      input.at = words.take("the instant");
    } else if (words.accept("as")) {
      input.external_id = words.take("the external id");
    } else if (words.accept("pinned")) {
      input.pinned = true;
    } else {
      input.direction = words.take("the direction");
    }
  }
  input.text = words.take("the text");
}

Answer record(Call& call, const std::string& name, app::InteractionInput input) {
  app::Caller caller = call.world.caller();
  read_interaction(call, input, caller);
  const auto answer =
      app::record_interaction(call.world.store(), caller, call.world.entity(), input);
  if (answer) call.world.interactions[name] = text_of(*answer, "interaction_id");
  return answer;
}

/// note N1 on C1 [by ...] saying "text"
Answer note(Call& call) {
  app::InteractionInput input;
  const std::string name = call.words.take("the note's name");
  call.words.expect("on");
  input.customer = call.words.take("the customer");
  return record(call, name, input);
}

/// interaction N1 by CHANNEL of C1 ... saying "text"
Answer interaction(Call& call) {
  app::InteractionInput input;
  const std::string name = call.words.take("the interaction's name");
  call.words.expect("by");
  input.channel = call.words.take("the channel");
  call.words.expect("of");
  input.customer = call.words.take("the customer");
  return record(call, name, input);
}

Answer set_pinned(Call& call, bool pinned) {
  const std::string name = call.words.take("the note's name");
  call.words.expect("of");
  const std::string customer = call.words.take("the customer");
  const auto known = call.world.interactions.find(name);
  return app::pin_interaction(call.world.store(), call.world.caller(), call.world.entity(),
                              customer,
                              known == call.world.interactions.end() ? "0" : known->second, pinned);
}

/// pin N1 of C1
Answer pin(Call& call) { return set_pinned(call, true); }

/// unpin N1 of C1
Answer unpin(Call& call) { return set_pinned(call, false); }

/// show notes of C1 [to anna]: what that person may read
Answer show_notes(Call& call) {
  Words& words = call.words;
  app::InteractionQuery query;
  query.entity = call.world.entity();
  query.customer = words.take("the customer");
  query.as_of = call.world.today();
  app::Scope scope = app::Scope::everything("");
  const auto all = call.world.facts();
  if (words.accept("to")) {
    const auto person = app::find_person(*all, words.take("the login"));
    if (!person) return person;
    scope = app::scope_of(*person);
  }
  app::ScopedFacts facts(*all, *all, scope, call.world.now());
  const auto list = app::interaction_list(facts, query);
  if (!list) return list;
  Table table({{"on"}, {"channel"}, {"direction"}, {"author"}, {"for"}, {"pinned"}, {"text"}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    table.add({text_of(row, "business_date"), text_of(row, "channel"), text_of(row, "direction"),
               text_of(row, "author"), text_of(row, "visible_to"),
               row.at("pinned").as_bool() ? "yes" : "", text_of(row, "text")});
  }
  return table.lines();
}

/// review call K1 as MARK [by mark] [version N] [saying "text"]
Answer review(Call& call) {
  Words& words = call.words;
  app::ReviewInput input;
  app::Caller caller = call.world.caller();
  const auto known = call.world.calls.find(words.take("the call's name"));
  input.call = known == call.world.calls.end() ? "0" : known->second;
  words.expect("as");
  input.mark = words.take("the mark");
  if (words.accept("by")) caller.actor = words.take("the reviewer");
  if (words.accept("version")) input.version = words.integer("the version");
  if (words.accept("saying")) input.text = words.take("the text");
  return app::review_call(call.world.store(), caller, call.world.entity(), input);
}

/// show reviews of call K1
Answer show_reviews(Call& call) {
  const std::string id = call.world.calls[call.words.take("the call's name")];
  const auto list = app::call_history(*call.world.facts(), call.world.entity(), id);
  if (!list) return list;
  const Json& newest = list->back().as_object();
  Table table({{"version"}, {"mark"}, {"by"}, {"text"}});
  for (const auto& value : newest.at("reviews").as_array()) {
    const Json& row = value.as_object();
    table.add({std::to_string(row.at("version").as_int64()), text_of(row, "mark"),
               text_of(row, "by"), text_of(row, "text")});
  }
  Output lines = table.lines();
  const std::string state = text_of(newest, "review");
  lines.push_back(state.empty() ? "to be read" : "reviewed: " + state);
  return lines;
}

/// show promises by collector from D to D
Answer show_by_collector(Call& call) {
  call.words.expect("from");
  const Date from = call.words.date("the first day");
  call.words.expect("to");
  const Date to = call.words.date("the last day");
  const auto list = app::promises_by_collector(*call.world.facts(), call.world.entity(), from, to,
                                               call.world.today());
  if (!list) return list;
  Table table({{"collector"},
               {"currency"},
               {"promises", Align::right},
               {"open", Align::right},
               {"kept", Align::right},
               {"broken", Align::right},
               {"promised", Align::right},
               {"paid", Align::right}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    const auto count = [&](std::string_view member) {
      return std::to_string(row.at(member).as_int64());
    };
    table.add({text_of(row, "collector"), text_of(row, "currency"), count("promises"),
               count("open"), count("kept"), count("broken"), text_of(row, "promised"),
               text_of(row, "paid")});
  }
  return table.lines();
}

}  // namespace

std::vector<Verb> note_verbs() {
  return {{"note", note},
          {"interaction", interaction},
          {"pin", pin},
          {"unpin", unpin},
          {"review call", review},
          {"show notes of", show_notes},
          {"show reviews of call", show_reviews},
          {"show promises by collector", show_by_collector}};
}

}  // namespace arrears::scenarios
