#include "app/disputes.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

void add_raise(CommandLine& line, CLI::App& group) {
  auto input = std::make_shared<app::DisputeInput>();
  CLI::App& raise = line.add(
      group, "raise", "An invoice, or part of it, is contested: it leaves the chase",
      "dispute raise INV-10452 --amount 500.00 --reason price --owner sam --due 2026-06-15",
      [input](Session& session) {
        const Command command = session.command();
        session.print(
            taken(app::raise_dispute(command.store, command.caller, command.entity, *input)));
      });
  raise.add_option("document", input->document, "The document's number")->required();
  raise.add_option("--amount", input->amount, "The contested amount (default: the whole document)");
  raise
      .add_option("--reason", input->reason,
                  "What is contested; `arrears dispute reasons` has the codes")
      ->required();
  raise.add_option("--text", input->text, "In the customer's words");
  raise.add_option("--owner", input->owner, "Who settles it (default: you)");
  raise.add_option("--due", input->due, "Until when (default: 10 business days)")->type_name("DAY");
  raise.add_option("--from", input->from, "First day (default: today)")->type_name("DAY");
}

void add_resolve(CommandLine& line, CLI::App& group) {
  auto input = std::make_shared<app::ResolutionInput>();
  CLI::App& resolve = line.add(
      group, "resolve", "The dispute is over: what is left open is chased again",
      "dispute resolve INV-10452 --as rejected --reason \"The order shows the price\" "
      "--on 2026-06-20",
      [input](Session& session) {
        const Command command = session.command();
        session.print(
            taken(app::resolve_dispute(command.store, command.caller, command.entity, *input)));
      });
  resolve.add_option("dispute", input->dispute, "The dispute's id, or the document's number")
      ->required();
  resolve.add_option("--as", input->outcome, "resolved or rejected")->required();
  resolve.add_option("--reason", input->reason, "Why")->required();
  resolve.add_option("--on", input->on, "First day on which it no longer holds (default: today)")
      ->type_name("DAY");
}

}  // namespace

void add_dispute_commands(CommandLine& line) {
  CLI::App& group = line.group("dispute", "Contested invoices, which are not chased");
  add_raise(line, group);
  add_resolve(line, group);
  auto query = std::make_shared<app::DisputeQuery>();
  CLI::App& list = line.add(
      group, "list", "The disputes", "dispute list --state open", [query](Session& session) {
        const Question question = session.question();
        app::DisputeQuery asked = *query;
        asked.entity = question.entity;
        asked.as_of = question.as_of;
        session.print(taken(app::dispute_list(*question.facts, asked)),
                      {"dispute_id", "customer", "name", "document", "currency", "amount",
                       "disputed", "state", "reason", "owner", "due", "from", "until", "text"});
      });
  list.add_option("customer", query->customer, "Of one customer only");
  list.add_option("--state", query->state, "open, resolved or rejected");
  list.add_option("--owner", query->owner, "Of this owner");
  line.add(group, "reasons", "Why invoices are contested", "dispute reasons", [](Session& session) {
    session.print(app::dispute_reason_list(), {"reason", "label"});
  });
}

}  // namespace arrears::cli
