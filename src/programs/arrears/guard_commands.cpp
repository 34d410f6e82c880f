#include "app/guard.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

struct GuardOptions {
  app::GuardQuery query;
  std::string at;
  std::string pack;
};

app::GuardQuery query_of(const GuardOptions& options, const Question& question,
                         const Session& session) {
  app::GuardQuery query = options.query;
  query.entity = question.entity;
  query.at = session.now();
  if (!options.at.empty()) {
    const auto at = base::parse_instant(options.at);
    if (!at) {
      throw UsageError("--at " + options.at + " is no instant. Write 2026-03-08T20:30-05:00.");
    }
    query.at = *at;
  }
  return query;
}

void add_question_options(CLI::App& command, GuardOptions& options) {
  command
      .add_option("--channel", options.query.channel, "call, automated_call, sms, email or letter")
      ->capture_default_str();
  command.add_option("--at", options.at, "The instant, RFC 3339 (default: now)");
  command
      .add_option("--item", options.query.items,
                  "Invoices it is about: INV or INV#2 (default: what is overdue and not covered)")
      ->delimiter(',');
}

void add_explain(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<GuardOptions>();
  CLI::App& explain = line.add(
      group, "explain", "May this person be contacted? The decision with its rule and facts",
      "guard explain --contact \"Jo Clerk\" --channel call --at 2026-03-08T20:30-05:00 "
      "--item INV-10452",
      [options](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::guard_report(*question.facts, query_of(*options, question, session))));
      });
  explain.add_option("--contact", options->query.contact,
                     "Who: id, reference, e-mail, telephone number or name of a contact, or the "
                     "number of a customer with one contact");
  explain.add_option("--customer", options->query.customer,
                     "The customer's number, where the contact's name is not enough");
  add_question_options(explain, *options);

  CLI::App& contacts = line.add(
      group, "contacts", "Whom of a customer one may contact now", "guard contacts C1",
      [options](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::guard_reports(*question.facts, query_of(*options, question, session))),
            {"contact", "allowed", "rule", "text", "local_time", "time_zone", "opens_at"});
      });
  contacts.add_option("customer", options->query.customer, "The customer's number")->required();
  add_question_options(contacts, *options);
}

void add_packs(CommandLine& line, CLI::App& guard) {
  CLI::App& group =
      *guard.add_subcommand("pack", "Packs of rules, each on or off")->require_subcommand(0, 1);
  line.add(group, "list", "The packs and whether they are on", "guard pack list",
           [](Session& session) {
             const Question question = session.question();
             session.print(taken(app::guard_pack_list(*question.facts, question.entity)),
                           {"pack", "name", "on", "countries", "valid_from"});
           });
  auto pack = std::make_shared<std::string>();
  const auto add = [&](const std::string& name, const std::string& help, bool on) {
    CLI::App& command =
        line.add(group, name, help, "guard pack " + name + " us", [pack, on](Session& session) {
          const Command change = session.command();
          session.print(
              taken(app::set_guard_pack(change.store, change.caller, change.entity, *pack, on)));
        });
    command.add_option("pack", *pack, "The pack's code; `arrears guard pack list` shows them")
        ->required();
  };
  add("on", "The entity works under the pack", true);
  add("off", "The entity does not work under the pack", false);
}

void add_consent(CommandLine& line, CLI::App& group) {
  struct Input {
    app::ConsentInput consent;
    std::optional<calendar::Date> day;
  };
  auto input = std::make_shared<Input>();
  CLI::App& set = line.add(
      group, "set", "Record consent for a number or address, or that it was withdrawn",
      "consent set +13125550100 --state withdrawn --channel call --source \"call of 3 March\"",
      [input](Session& session) {
        const Command command = session.command();
        app::ConsentInput consent = input->consent;
        consent.on = input->day.value_or(command.today);
        session.print(taken(app::set_consent(command.store, command.caller, consent)));
      });
  app::ConsentInput& consent = input->consent;
  set.add_option("address", consent.address, "Telephone number or e-mail address")->required();
  set.add_option("--state", consent.state, "granted or withdrawn")->required();
  set.add_option("--channel", consent.channel,
                 "call, automated_call, sms, email or letter (default: all)");
  set.add_option("--source", consent.source, "How you know")->required();
  set.add_option("--country", consent.country,
                 "ISO alpha-2, where the number is written without its calling code");
  add_day(set, "--on", input->day, "The day it was given or withdrawn (default: today)");
}

void add_suppressions(CommandLine& line, CLI::App& group) {
  struct Input {
    app::SuppressionInput suppression;
    std::optional<calendar::Date> day;
  };
  auto input = std::make_shared<Input>();
  CLI::App& list = line.add(
      group, "list", "Consent and suppressions of a customer's people", "consent list C1",
      [input](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::consent_list(*question.facts, question.entity, input->suppression.customer)),
            {"contact", "address", "kind", "channel", "state", "from", "until", "reason"});
      });
  app::SuppressionInput& suppression = input->suppression;
  list.add_option("customer", suppression.customer, "The customer's number")->required();

  const auto add_whom = [&](CLI::App& command) {
    command.add_option("customer", suppression.customer, "The customer's number")->required();
    command.add_option("--contact", suppression.contact,
                       "One person: id, reference, e-mail or name (default: the whole party)");
    command.add_option("--kind", suppression.kind, "do_not_contact or cease_contact")
        ->capture_default_str();
  };
  CLI::App& stop = line.add(
      group, "stop", "Nobody contacts the person, or the whole party, any more",
      "consent stop C1 --kind cease_contact --reason \"Letter of 3 March\"",
      [input](Session& session) {
        const Command command = session.command();
        app::SuppressionInput given = input->suppression;
        given.from = input->day.value_or(command.today);
        session.print(taken(app::suppress(command.store, command.caller, command.entity, given)));
      });
  add_whom(stop);
  add_day(stop, "--from", input->day, "First day (default: today)");
  add_day(stop, "--until", suppression.until, "First day on which it no longer holds");
  stop.add_option("--reason", suppression.reason, "Why")->required();

  CLI::App& resume = line.add(group, "resume", "They may be contacted again",
                              "consent resume C1 --on 2026-04-01", [input](Session& session) {
                                const Command command = session.command();
                                app::SuppressionInput given = input->suppression;
                                given.from = command.today;
                                given.until = input->day.value_or(command.today);
                                session.print(taken(app::lift_suppression(
                                    command.store, command.caller, command.entity, given)));
                              });
  add_whom(resume);
  add_day(resume, "--on", input->day, "First day on which they may (default: today)");
}

}  // namespace

void add_guard_commands(CommandLine& line) {
  CLI::App& group = line.group("guard", "May we contact them: hours, caps, consent, promises");
  add_explain(line, group);
  add_packs(line, group);
  CLI::App& consent = line.group("consent", "Who agreed to be contacted how, and who did not");
  add_consent(line, consent);
  add_suppressions(line, consent);
}

}  // namespace arrears::cli
