#include "app/receivables.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

void add_record(CommandLine& line, CLI::App& group) {
  auto payment = std::make_shared<app::PaymentInput>();
  CLI::App& record = line.add(
      group, "record", "Record money received",
      "payment record PAY-1 --customer C1 --value-on 2026-06-10 --amount 12500.00 --currency USD",
      [payment](Session& session) {
        const Command command = session.command();
        app::PaymentInput input = *payment;
        if (input.currency.empty()) {
          const auto facts = command.store.read({});
          input.currency = taken(app::find_entity(*facts, command.entity)).base_currency.code();
        }
        session.print(
            taken(app::record_payment(command.store, command.caller, command.entity, input)));
      });
  record.add_option("number", payment->number, "The bank's or the ERP's number")->required();
  record.add_option("--customer", payment->customer, "The customer's number")->required();
  record.add_option("--value-on", payment->value_on, "Value date")->required()->type_name("DAY");
  record.add_option("--amount", payment->amount, "Amount as a plain decimal")->required();
  record.add_option("--currency", payment->currency, "ISO 4217 (default: the entity's)");
  record.add_option("--payer", payment->payer, "Who paid");
  record.add_option("--reference", payment->reference, "What the payer wrote");
}

void add_corrections(CommandLine& line, CLI::App& group) {
  struct Input {
    std::string number;
    std::string reason;
    std::optional<calendar::Date> on;
  };
  auto input = std::make_shared<Input>();
  CLI::App& cancel =
      line.add(group, "cancel", "Cancel a payment that was recorded in error",
               "payment cancel PAY-1 --reason \"Recorded twice\"", [input](Session& session) {
                 const Command command = session.command();
                 session.print(taken(app::cancel_payment(
                     command.store, command.caller, command.entity, input->number, input->reason)));
               });
  cancel.add_option("number", input->number, "The payment's number")->required();
  cancel.add_option("--reason", input->reason, "Why; the auditor reads it")->required();
  CLI::App& bounce = line.add(
      group, "bounce", "The bank took the money back: what it settled is open again",
      "payment bounce PAY-1 --on 2026-06-15 --reason \"No funds\"", [input](Session& session) {
        const Command command = session.command();
        session.print(
            taken(app::bounce_payment(command.store, command.caller, command.entity, input->number,
                                      input->on.value_or(command.today), input->reason)));
      });
  bounce.add_option("number", input->number, "The payment's number")->required();
  add_day(bounce, "--on", input->on, "The day of the return (default: today)");
  bounce.add_option("--reason", input->reason, "The bank's reason");
}

/// "INV-1#2=100.00": what is settled, and how much of it.
app::AllocationTargetInput read_target(const std::string& text) {
  const auto mark = text.rfind('=');
  app::AllocationTargetInput target;
  target.document = text.substr(0, mark);
  if (mark == std::string::npos) return target;
  const std::string amounts = text.substr(mark + 1);
  const auto colon = amounts.find(':');
  target.amount = amounts.substr(0, colon);
  if (colon != std::string::npos) target.source_amount = amounts.substr(colon + 1);
  return target;
}

void add_apply(CommandLine& line, CLI::App& group) {
  struct Input {
    app::AllocationInput allocation;
    std::vector<std::string> targets;
  };
  auto input = std::make_shared<Input>();
  CLI::App& apply =
      line.add(group, "apply", "Apply a payment or a credit to what it settles",
               "allocation apply --payment PAY-1 --to INV-10452=12000.00 --to INV-10453",
               [input](Session& session) {
                 const Command command = session.command();
                 app::AllocationInput allocation = input->allocation;
                 for (const std::string& text : input->targets)
                   allocation.targets.push_back(read_target(text));
                 session.print(taken(app::apply_allocation(command.store, command.caller,
                                                           command.entity, allocation)));
               });
  apply.add_option("--payment", input->allocation.payment, "Number of the payment; or");
  apply.add_option("--credit", input->allocation.credit, "number of the credit note");
  apply.add_option("--to", input->targets,
                   "INV, INV#2 (instalment), INV=AMOUNT, or across currencies "
                   "INV=AMOUNT:AMOUNT-OF-THE-PAYMENT; none: oldest first");
  apply.add_option("--amount", input->allocation.amount, "Oldest first: at most this much");
  apply.add_option("--on", input->allocation.on, "Its day (default: the earliest possible)")
      ->type_name("DAY");
}

void add_allocation(CommandLine& line) {
  CLI::App& group = line.group("allocation", "Which payment settles which invoice");
  add_apply(line, group);
  struct Input {
    std::string subject;
    std::string amount;
    std::optional<calendar::Date> on;
  };
  auto input = std::make_shared<Input>();
  CLI::App& take_back =
      line.add(group, "take-back", "Take back an allocation, whole or in part",
               "allocation take-back 123456 --amount 100.00", [input](Session& session) {
                 const Command command = session.command();
                 session.print(taken(app::take_back_allocation(
                     command.store, command.caller, command.entity, input->subject, input->amount,
                     input->on.value_or(command.today))));
               });
  take_back.add_option("allocation", input->subject, "The allocation's id")->required();
  take_back.add_option("--amount", input->amount, "Only so much of it");
  add_day(take_back, "--on", input->on, "Its day (default: today)");
  CLI::App& list =
      line.add(group, "list", "The allocations", "allocation list C1", [input](Session& session) {
        const Question question = session.question();
        session.print(taken(app::allocation_list(*question.facts, question.entity, input->subject)),
                      {"allocation_id", "customer", "name", "on", "kind", "source", "document",
                       "instalment", "currency", "amount", "reverses"});
      });
  list.add_option("customer", input->subject, "Of one customer only");
}

}  // namespace

void add_payment_commands(CommandLine& line) {
  CLI::App& group = line.group("payment", "Money received");
  add_record(line, group);
  add_corrections(line, group);
  auto customer = std::make_shared<std::string>();
  CLI::App& list = line.add(
      group, "list", "The payments, with what of them is not yet applied", "payment list C1",
      [customer](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::payment_list(*question.facts, question.entity, *customer, question.as_of)),
            {"number", "customer", "name", "kind", "value_on", "currency", "amount", "unapplied",
             "payer", "reference", "returned_on", "reverses", "cancelled"});
      });
  list.add_option("customer", *customer, "Of one customer only");
  add_allocation(line);
}

}  // namespace arrears::cli
