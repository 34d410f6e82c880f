#include "app/calls.h"

#include "app/daily_run.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// "INV-1, INV-2#2": a list of items.
std::vector<std::string> read_list(Words& words, std::string_view what) {
  std::vector<std::string> list;
  do {
    list.push_back(words.take(what));
  } while (words.accept(","));
  return list;
}

/// "[A] by D [on INV-1 [A], ...] [replacing P, ...]"
app::PromiseInput read_promise(Words& words) {
  app::PromiseInput promise;
  if (!words.next_is("by") && !words.next_is("on") && !words.done())
    promise.amount = words.take("the amount");
  if (words.accept("by")) promise.by = words.take("the promised day");
  if (words.accept("on")) {
    do {
      std::string item = words.take("the document");
      if (!words.done() && !words.next_is(",") && !words.next_is("replacing"))
        item += "=" + words.take("the amount");
      promise.items.push_back(item);
    } while (words.accept(","));
  }
  if (words.accept("replacing")) promise.supersedes = read_list(words, "the promise");
  words.end();
  return promise;
}

/// "call on D [by anna]", "none because ..."
void read_next_action(Words& words, app::CallInput& input) {
  input.next_action = words.take("the next action");
  if (words.accept("on")) input.next_on = words.take("the day");
  if (words.accept("by")) input.next_owner = words.take("the owner");
  if (words.accept("because")) input.next_reason = words.take("the reason");
}

/// One field line of a call.
void read_call_field(Words& words, app::CallInput& input) {
  if (words.accept("contact")) {
    input.contact = words.rest();
  } else if (words.accept("line")) {
    input.line_outcome = words.take("the line outcome");
  } else if (words.accept("disposition")) {
    input.disposition = words.take("the disposition");
  } else if (words.accept("direction")) {
    input.direction = words.take("the direction");
  } else if (words.accept("discussed")) {
    input.items = read_list(words, "the item");
  } else if (words.accept("reason text")) {
    input.reason_text = words.rest();
  } else if (words.accept("reason")) {
    input.reason_for_delay = words.take("the reason for delay");
  } else if (words.accept("broken because")) {
    input.broken_promise_reason = words.rest();
  } else if (words.accept("notes")) {
    input.notes = words.rest();
  } else if (words.accept("promise")) {
    input.promises.push_back(read_promise(words));
  } else if (words.accept("dispute")) {
    input.disputes.push_back(read_dispute(words));
  } else if (words.accept("next")) {
    read_next_action(words, input);
  } else if (words.accept("start")) {
    input.started = words.take("the instant");
  } else if (words.accept("end")) {
    input.ended = words.take("the instant");
  }
  words.end();
}

void read_call_fields(const Call& call, app::CallInput& input) {
  for (const Line& line : call.fields) {
    Words words(call.file, line);
    read_call_field(words, input);
  }
}

/// call K1 with C1 [on D TIME] [for N minutes]; the fields follow, indented.
Answer log_call(Call& call) {
  Words& words = call.words;
  app::CallInput input;
  const std::string name = words.take("the call's name");
  words.expect("with");
  input.customer = words.take("the customer");
  std::optional<base::Instant> started;
  if (words.accept("on")) {
    const Date day = words.date("the day");
    const auto seconds = words.time_of_day();
    if (!seconds) words.fail("a call of another time names its hour: on 2026-06-01 14:05");
    started = call.world.instant(day, *seconds);
  }
  std::int64_t micros = 0;
  if (words.accept("for")) {
    micros = std::int64_t{60'000'000} * words.integer("the minutes");
    words.expect("minutes");
  }
  // Without a time it has just ended.
  if (!started) started = base::Instant{call.world.now().micros - micros};
  input.started = base::to_string(*started);
  input.ended = base::to_string(base::Instant{started->micros + micros});
  read_call_fields(call, input);
  const auto logged =
      app::log_call(call.world.store(), call.world.caller(), call.world.entity(), input);
  if (logged) call.world.calls[name] = text_of(*logged, "call_id");
  return logged;
}

/// amend call K1 because "why"; what changes follows, indented.
Answer amend_call(Call& call) {
  Words& words = call.words;
  const std::string name = words.take("the call's name");
  const std::string reason = words.accept("because") ? words.take("the reason") : "";
  app::CallInput input;
  input.direction.clear();
  input.line_outcome.clear();
  read_call_fields(call, input);
  const auto found = call.world.calls.find(name);
  return app::amend_call(call.world.store(), call.world.caller(), call.world.entity(),
                         found == call.world.calls.end() ? "0" : found->second, input, reason);
}

/// promise of C1 [A] by D [on INV-1 [A], ...] [replacing P]
Answer promise_of(Call& call) {
  const std::string customer = call.words.take("the customer");
  const app::PromiseInput promise = read_promise(call.words);
  return app::record_promise(call.world.store(), call.world.caller(), call.world.entity(), customer,
                             promise);
}

/// withdraw C1-P1 on D [because "why"]
Answer withdraw(Call& call) {
  const std::string number = call.words.take("the promise's number");
  call.words.expect("on");
  const Date on = call.words.date("the day");
  const std::string reason = call.words.accept("because") ? call.words.take("the reason") : "";
  return app::withdraw_promise(call.world.store(), call.world.caller(), call.world.entity(), number,
                               on, reason);
}

/// follow-up of C1 done on D: the first that is open, else the last that was closed.
Answer follow_up_of(Call& call) {
  const std::string customer = call.words.take("the customer");
  call.words.expect("done on");
  const Date on = call.words.date("the day");
  std::string id = "0";
  const auto list = app::follow_up_list(
      *call.world.facts(),
      {call.world.entity(), customer, /*with_closed=*/true, call.world.today()});
  for (const auto& value : list ? *list : boost::json::array()) {
    id = text_of(value.as_object(), "follow_up_id");
    if (text_of(value.as_object(), "closed_on").empty()) break;
  }
  return app::close_follow_up(call.world.store(), call.world.caller(), call.world.entity(),
                              customer, id, on);
}

Answer run_one(Call& call, Date day) {
  const auto preview = [&](app::LivePortfolio* portfolio) {
    app::RunOptions options;
    options.recompute = true;
    options.portfolio = portfolio;
    return app::run_day(call.world.store(), {}, call.world.entity(), day, options);
  };
  const auto previewed = same_answer(preview(nullptr), preview(&call.world.portfolio()));
  if (!previewed) return previewed;
  app::RunOptions options;
  options.portfolio = &call.world.portfolio();
  const auto done =
      app::run_day(call.world.store(), call.world.caller(), call.world.entity(), day, options);
  if (done) call.world.last_run = *done;
  return done;
}

/// run day [D]
Answer run_day(Call& call) {
  const Date day = call.words.next_is_date() ? call.words.date("the day") : call.world.today();
  return run_one(call, day);
}

/// run days until D: every calendar day from tomorrow to that day, included, at 09:00.
Answer run_days(Call& call) {
  const Date until = call.words.date("the last day");
  for (Date day = call.world.today() + 1; day <= until; day = day + 1) {
    if (!call.world.move_clock(day, {})) call.words.fail("time only goes forward");
    if (Answer answer = run_one(call, day); answer.refusal) return answer;
  }
  return {};
}

}  // namespace

std::vector<Verb> call_verbs() {
  return {{"call", log_call},          {"amend call", amend_call},     {"promise of", promise_of},
          {"withdraw", withdraw},      {"follow-up of", follow_up_of}, {"run day", run_day},
          {"run days until", run_days}};
}

}  // namespace arrears::scenarios
