#include <algorithm>

#include "app/calls.h"
#include "base/text.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/dispute_text.h"
#include "programs/arrears/promise_text.h"

namespace arrears::cli {

namespace {

struct CallOptions {
  app::CallInput call;
  std::vector<std::string> promises;
  std::vector<std::string> disputes;
  std::string by;
  std::vector<std::string> on;
  std::string id;
  std::string amendment_reason;
};

/// The words that one may choose from: "a, b or c".
template <class Enum>
std::string words_of() {
  std::string words;
  for (std::size_t i = 0; i < base::name_count<Enum>; ++i)
    words += (i == 0 ? "" : ", ") + std::string(base::Names<Enum>::all[i]);
  return words;
}

void add_content_options(CLI::App& command, app::CallInput& call) {
  command.add_option("--contact", call.contact,
                     "Who: id, reference, e-mail or name of a contact, else free text");
  command.add_option("--line-outcome", call.line_outcome, words_of<contact::LineOutcome>());
  command.add_option("--disposition", call.disposition,
                     words_of<contact::Disposition>() + " (may be left out where nobody spoke)");
  command
      .add_option("--item", call.items,
                  "Invoices discussed: INV or INV#2 (default: all that is overdue)")
      ->delimiter(',');
  command.add_option("--reason", call.reason_for_delay,
                     "Reason for delay; `arrears reason list` has the codes");
  command.add_option("--reason-text", call.reason_text, "The reason in the customer's words");
  command.add_option("--broken-reason", call.broken_promise_reason,
                     "Why an earlier promise was broken");
  command.add_option("--notes", call.notes, "Notes");
  command.add_option("--next", call.next_action,
                     "Next action: " + words_of<contact::NextActionKind>());
  command.add_option("--next-on", call.next_on, "Its day")->type_name("DAY");
  command.add_option("--next-owner", call.next_owner, "Who does it (default: you)");
  command.add_option("--next-reason", call.next_reason, "With --next none: why there is none");
}

void add_log(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<CallOptions>();
  CLI::App& log = line.add(
      group, "log", "Log a call, with what was promised in it",
      "call log --customer C1 --at 2026-06-01T14:00:00-04:00 --until 2026-06-01T14:06:00-04:00 "
      "--contact \"Jo Clerk\" --disposition right_party_reached --reason internal_approval_delay "
      "--promise \"12500.00 by 2026-06-10 on INV-10452\" --next call --next-on 2026-06-11",
      [options](Session& session) {
        const Command command = session.command();
        app::CallInput call = options->call;
        call.promises = read_promises(options->promises, options->by, options->on);
        call.disputes = read_disputes(options->disputes);
        session.print(taken(app::log_call(command.store, command.caller, command.entity, call)));
      });
  app::CallInput& call = options->call;
  log.add_option("--customer", call.customer, "The customer's number")->required();
  log.add_option("--at", call.started, "Start, RFC 3339 (default: now)");
  log.add_option("--until", call.ended, "End (default: the start)");
  log.add_option("--direction", call.direction, words_of<contact::Direction>())
      ->capture_default_str();
  add_content_options(log, call);
  log.add_option(
      "--promise", options->promises,
      "A promise, once each: \"AMOUNT by DAY on INV, INV=AMOUNT\"; AMOUNT may be \"all\"");
  log.add_option("--dispute", options->disputes,
                 "A dispute, once each: \"AMOUNT on INV for REASON [owner U] [due DAY][: TEXT]\"; "
                 "AMOUNT may be \"all\"");
  log.add_option("--by", options->by, "The day of the promises that do not say theirs")
      ->type_name("DAY");
  log.add_option("--on", options->on, "The items of the promises that do not say theirs")
      ->delimiter(',');
}

void add_amend(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<CallOptions>();
  options->call.direction.clear();
  options->call.line_outcome.clear();
  CLI::App& amend =
      line.add(group, "amend", "A new version of an entry; the earlier ones stay readable",
               "call amend 123456 --notes \"Spoke to Jo, not Joe\" --because \"Wrong name\"",
               [options](Session& session) {
                 const Command command = session.command();
                 session.print(
                     taken(app::amend_call(command.store, command.caller, command.entity,
                                           options->id, options->call, options->amendment_reason)));
               });
  amend.add_option("call", options->id, "The entry's id")->required();
  add_content_options(amend, options->call);
  amend.add_option("--because", options->amendment_reason, "Why it is amended")->required();
}

void add_review(CommandLine& line, CLI::App& group) {
  auto input = std::make_shared<app::ReviewInput>();
  CLI::App& review = line.add(
      group, "review", "Mark an entry as read, ask back, or note something to learn from",
      "call review 123456 --mark coach --comment \"Ask for the date\"", [input](Session& session) {
        const Command command = session.command();
        session.print(
            taken(app::review_call(command.store, command.caller, command.entity, *input)));
      });
  review.add_option("call", input->call, "The entry's id")->required();
  review.add_option("--mark", input->mark, "read, asked_back or coach")->capture_default_str();
  review.add_option("--comment", input->text, "To the author");
  review.add_option("--version", input->version, "The version that was read (default: the newest)");
}

struct QueryOptions {
  app::CallQuery query;
  std::optional<calendar::Date> from;
  std::optional<calendar::Date> to;
};

void add_query_options(CLI::App& command, QueryOptions& options) {
  app::CallQuery& query = options.query;
  command.add_option("--customer", query.customer, "Of one customer");
  command.add_option("--invoice", query.invoice, "In which this document was discussed");
  command.add_option("--collector", query.collector, "By this author");
  command.add_option("--disposition", query.disposition, words_of<contact::Disposition>());
  command.add_option("--reason", query.reason, "With this reason for delay");
  add_day(command, "--from", options.from, "From this business date on");
  add_day(command, "--to", options.to, "To this business date, included");
}

void add_queries(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<QueryOptions>();
  const auto query_of = [options](const Question& question) {
    app::CallQuery query = options->query;
    query.entity = question.entity;
    query.from = options->from;
    query.to = options->to;
    return query;
  };
  CLI::App& list =
      line.add(group, "list", "The entries, newest first",
               "call list --customer C1 --from 2026-06-01", [query_of](Session& session) {
                 const Question question = session.question();
                 session.print(taken(app::call_list(*question.facts, query_of(question))),
                               {"call_id", "business_date", "customer", "name", "direction",
                                "contact", "disposition", "items", "reason_for_delay", "promises",
                                "next_action", "next_on", "author", "logged_late"});
               });
  add_query_options(list, *options);
  list.add_option("--review", options->query.review,
                  "Marked read, asked_back or coach; none: not reviewed yet");
  CLI::App& stats =
      line.add(group, "stats", "Counts: dispositions, right-party rate, logged late",
               "call stats --from 2026-06-01 --to 2026-06-30", [query_of](Session& session) {
                 const Question question = session.question();
                 session.print(taken(app::call_statistics(*question.facts, query_of(question))));
               });
  add_query_options(stats, *options);
  CLI::App& missing =
      line.add(group, "missing", "Customers that stood on a worklist and got no entry",
               "call missing --from 2026-06-01 --to 2026-06-30", [options](Session& session) {
                 const Question question = session.question();
                 const calendar::Date to = options->to.value_or(question.as_of);
                 session.print(taken(app::worked_without_entry(*question.facts, question.entity,
                                                               options->from.value_or(to - 6), to)),
                               {"party", "customers", "collector", "listed_on"});
               });
  add_day(missing, "--from", options->from, "First day of the worklists (default: a week)");
  add_day(missing, "--to", options->to, "Last day, included (default: today)");
}

}  // namespace

void add_call_commands(CommandLine& line) {
  CLI::App& group = line.group("call", "The call log");
  add_log(line, group);
  add_amend(line, group);
  add_review(line, group);
  add_queries(line, group);
  auto id = std::make_shared<std::string>();
  CLI::App& show = line.add(
      group, "show", "All versions of an entry, oldest first", "call show 123456",
      [id](Session& session) {
        const Question question = session.question();
        const Rows versions = taken(app::call_history(*question.facts, question.entity, *id));
        if (session.options().format != Format::table) return session.print(versions, {});
        std::string text;
        for (const auto& version : versions) {
          text += (text.empty() ? "" : "\n") + answer_text(version.as_object(), terminal_width());
        }
        print_text(text);
      });
  show.add_option("call", *id, "The entry's id")->required();
}

}  // namespace arrears::cli
