#include "app/disputes.h"

#include "statements.h"

namespace arrears::scenarios {

app::DisputeInput read_dispute(Words& words) {
  app::DisputeInput input;
  input.document = words.take("the document's number");
  input.reason = "price";
  // A word that is no keyword is an amount before "from", and then the text.
  const auto keyword = [&] {
    return words.next_is("from") || words.next_is("for") || words.next_is("owner") ||
           words.next_is("due") || words.next_is("because");
  };
  bool amount_read = false;
  while (!words.done()) {
    if (words.accept("from")) {
      input.from = words.take("the first day");
      amount_read = true;
    } else if (words.accept("for")) {
      input.reason = words.take("the reason's code");
    } else if (words.accept("owner")) {
      input.owner = words.take("the owner");
    } else if (words.accept("due")) {
      input.due = words.take("the due date");
    } else if (words.accept("because")) {
      input.text = words.take("the text");
    } else if (!amount_read && !keyword()) {
      input.amount = words.take("the amount");
      amount_read = true;
    } else {
      input.text = words.take("the text");
    }
  }
  return input;
}

namespace {

Answer dispute(Call& call) {
  return app::raise_dispute(call.world.store(), call.world.caller(), call.world.entity(),
                            read_dispute(call.words));
}

/// clear dispute INV-1 on D [as rejected] [because "why"]
Answer clear_dispute(Call& call) {
  Words& words = call.words;
  app::ResolutionInput input;
  input.dispute = words.take("the document's number");
  words.expect("on");
  input.on = words.take("the first day without it");
  input.outcome = words.accept("as") ? words.take("the outcome") : "resolved";
  input.reason = words.accept("because") ? words.take("the reason") : "settled";
  return app::resolve_dispute(call.world.store(), call.world.caller(), call.world.entity(), input);
}

/// show disputes [of C1] [in state S] [as of D] [known at D [TIME]]
Answer show_disputes(Call& call) {
  Words& words = call.words;
  Viewpoint view = here(call.world);
  app::DisputeQuery query;
  query.entity = call.world.entity();
  while (!words.done()) {
    if (read_viewpoint(call, view)) continue;
    if (words.accept("of")) {
      query.customer = words.take("the customer");
    } else if (words.accept("in state")) {
      query.state = words.take("the state");
    } else {
      words.end();
    }
  }
  query.as_of = view.as_of;
  const auto list = app::dispute_list(*call.world.facts(view.known_at), query);
  if (!list) return list;
  Table table({{"customer"},
               {"document"},
               {"amount", Align::right},
               {"disputed", Align::right},
               {"state"},
               {"reason"},
               {"owner"},
               {"due"},
               {"from"},
               {"until"},
               {"text"},
               {"resolution"}});
  for (const auto& value : *list) {
    const Json& row = value.as_object();
    table.add({text_of(row, "customer"), text_of(row, "document"), text_of(row, "amount"),
               amount_of(row, "disputed"), text_of(row, "state"), text_of(row, "reason"),
               text_of(row, "owner"), text_of(row, "due"), text_of(row, "from"),
               text_of(row, "until"), text_of(row, "text"), text_of(row, "resolution")});
  }
  return table.lines();
}

}  // namespace

std::vector<Verb> dispute_verbs() {
  return {{"dispute", dispute}, {"clear dispute", clear_dispute}, {"show disputes", show_disputes}};
}

}  // namespace arrears::scenarios
