#include <limits>

#include "app/calls.h"
#include "app/daily_run.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/progress.h"
#include "programs/arrears/report_tables.h"

namespace arrears::cli {

namespace {

void add_run(CommandLine& line) {
  auto recompute = std::make_shared<bool>(false);
  CLI::App& run =
      line.add(line.app(), "run",
               "Run the business date: promises, follow-ups, steps that are due, and the worklists",
               "run --as-of 2026-06-11", [recompute](Session& session) {
                 const Command command = session.command();
                 Object answer;
                 {
                   Progress progress(session.options().progress);
                   app::RunOptions options;
                   options.recompute = *recompute;
                   options.portfolio = session.portfolio();
                   options.progress = [&](base::Part part) {
                     progress.show("running", part + 1, base::part_count);
                   };
                   answer = taken(app::run_day(command.store, command.caller, command.entity,
                                               command.today, options));
                 }
                 session.print(answer);
               });
  run.add_flag("--recompute", *recompute, "Show what the day would give; records nothing");
  const auto list = [](Session& session) {
    const Question question = session.question();
    session.print(taken(app::run_list(*question.facts, question.entity)),
                  {"business_date", "ran_at", "parties", "actions", "steps", "skipped",
                   "follow_ups_opened", "follow_ups_closed"});
  };
  line.add(run, "list", "The runs, newest first", "run list", list);
  auto from = std::make_shared<std::optional<calendar::Date>>();
  CLI::App& actions = line.add(
      run, "actions", "Reminders, calls and demands that the runs found due",
      "run actions --from 2026-06-01 --as-of 2026-06-11", [from](Session& session) {
        const Question question = session.question();
        session.print(taken(app::due_action_list(*question.facts, question.entity,
                                                 from->value_or(question.as_of), question.as_of)),
                      {"on", "name", "customers", "channel", "action", "level", "items"});
      });
  add_day(actions, "--from", *from, "First day (default: the business date alone)");
}

void add_worklist(CommandLine& line) {
  struct Input {
    std::string collector;
    bool live = false;
    std::optional<int> limit;
  };
  constexpr int table_limit = 50;
  auto input = std::make_shared<Input>();
  CLI::App& worklist = line.add(
      line.app(), "worklist", "Whom to contact on the business date, best first, and why",
      "worklist --as-of 2026-06-11 --collector anna", [input](Session& session) {
        const Question question = session.question();
        const bool table = session.options().format == Format::table;
        const int limit = input->limit.value_or(table ? table_limit : 0);
        print_worklist(
            taken(app::worklist(*question.facts, question.entity, question.as_of, input->collector,
                                input->live, static_cast<std::size_t>(limit), session.portfolio())),
            session.options().format);
      });
  worklist.add_option("--collector", input->collector,
                      "Of one collector (\"unassigned\": of nobody's customers)");
  worklist
      .add_option("--limit", input->limit,
                  "How many lines at most, 0: all (default: 50 in a table, else all)")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()));
  worklist.add_flag("--live", input->live, "As the facts stand now, not as the day's run froze it");
}

void add_promise(CommandLine& line) {
  CLI::App& group = line.group("promise", "What customers promised to pay, and what became of it");
  struct Input {
    std::string subject;
    std::string state;
    std::string reason;
    std::optional<calendar::Date> on;
    app::PromiseInput promise;
  };
  auto input = std::make_shared<Input>();
  CLI::App& record = line.add(
      group, "record", "Record a promise made outside of a call",
      "promise record C1 --amount 12500.00 --by 2026-06-10 --on INV-10452",
      [input](Session& session) {
        const Command command = session.command();
        session.print(taken(app::record_promise(command.store, command.caller, command.entity,
                                                input->subject, input->promise)));
      });
  record.add_option("customer", input->subject, "The customer's number")->required();
  record.add_option("--amount", input->promise.amount, "Amount (default: all that is open)");
  record.add_option("--by", input->promise.by, "The promised day")->type_name("DAY");
  record
      .add_option("--on", input->promise.items,
                  "INV, INV#2 or INV=AMOUNT (default: what is overdue)")
      ->delimiter(',');
  record.add_option("--supersedes", input->promise.supersedes, "Promises that it replaces")
      ->delimiter(',');

  CLI::App& list = line.add(
      group, "list", "The promises and their states", "promise list --state broken",
      [input](Session& session) {
        const Question question = session.question();
        session.print(taken(app::promise_list(*question.facts, {question.entity, input->subject,
                                                                input->state, question.as_of})),
                      {"promise", "name", "made_on", "by", "deadline", "currency", "amount", "paid",
                       "state", "superseded", "suspended", "probably_kept", "items"});
      });
  list.add_option("customer", input->subject, "Of one customer only");
  list.add_option("--state", input->state, "open, kept, partly_kept, broken or withdrawn");

  CLI::App& withdraw =
      line.add(group, "withdraw", "The promise no longer stands",
               "promise withdraw P-17 --reason \"Recorded for the wrong customer\"",
               [input](Session& session) {
                 const Command command = session.command();
                 session.print(taken(app::withdraw_promise(
                     command.store, command.caller, command.entity, input->subject,
                     input->on.value_or(command.today), input->reason)));
               });
  withdraw.add_option("promise", input->subject, "The promise's number")->required();
  withdraw.add_option("--reason", input->reason, "Why")->required();
  add_day(withdraw, "--on", input->on, "Its day (default: today)");
}

void add_follow_up(CommandLine& line) {
  CLI::App& group = line.group("follow-up", "The next actions, agreed or prescribed");
  struct Input {
    std::string customer;
    std::string follow_up;
    std::optional<calendar::Date> on;
    bool closed = false;
  };
  auto input = std::make_shared<Input>();
  CLI::App& list = line.add(
      group, "list", "The follow-ups", "follow-up list --closed", [input](Session& session) {
        const Question question = session.question();
        session.print(taken(app::follow_up_list(*question.facts, {question.entity, input->customer,
                                                                  input->closed, question.as_of})),
                      {"follow_up_id", "name", "customers", "kind", "action", "opened_on", "due_on",
                       "owner", "promise", "closed_on", "closing"});
      });
  list.add_option("customer", input->customer, "Of one customer only");
  list.add_flag("--closed", input->closed, "The closed ones too");
  CLI::App& done = line.add(
      group, "done", "Somebody did it", "follow-up done C1 123456", [input](Session& session) {
        const Command command = session.command();
        session.print(taken(app::close_follow_up(command.store, command.caller, command.entity,
                                                 input->customer, input->follow_up,
                                                 input->on.value_or(command.today))));
      });
  done.add_option("customer", input->customer, "The customer's number")->required();
  done.add_option("follow-up", input->follow_up, "The follow-up's id")->required();
  add_day(done, "--on", input->on, "Its day (default: today)");
}

}  // namespace

void add_day_commands(CommandLine& line) {
  add_run(line);
  add_worklist(line);
  add_promise(line);
  add_follow_up(line);
}

}  // namespace arrears::cli
