#include "app/receivables.h"
#include "base/text.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

struct DocumentOptions {
  app::DocumentInput document;
  std::string due;
  std::string amount;
  std::string discount_until;
  std::string discounted;
  std::vector<std::string> instalments;
  std::string reason;
};

/// "AMOUNT due DAY".
app::InstalmentInput read_instalment(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string_view word : base::split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  if (words.size() != 3 || words[1] != "due") {
    throw UsageError("--instalment \"" + text +
                     "\" is not read. Write \"4000.00 due 2026-05-15\".");
  }
  app::InstalmentInput instalment;
  instalment.amount = words[0];
  instalment.due = words[2];
  return instalment;
}

app::DocumentInput document_of(const DocumentOptions& options) {
  app::DocumentInput document = options.document;
  const bool one = !options.due.empty() || !options.amount.empty();
  if (one && !options.instalments.empty()) {
    throw UsageError("Give --amount with --due, or --instalment for each part, not both.");
  }
  for (const std::string& text : options.instalments)
    document.instalments.push_back(read_instalment(text));
  if (one) {
    document.instalments.push_back(
        {options.due, options.amount, options.discount_until, options.discounted});
  }
  return document;
}

void add_document_options(CLI::App& command, DocumentOptions& options) {
  app::DocumentInput& document = options.document;
  command.add_option("number", document.number, "The document's number")->required();
  command.add_option("--issued", document.issued, "Issue date")->type_name("DAY");
  command.add_option("--due", options.due, "Due date")->type_name("DAY");
  command.add_option("--amount", options.amount, "Amount as a plain decimal");
  command
      .add_option("--discount-until", options.discount_until,
                  "Last day of the early-payment discount")
      ->type_name("DAY");
  command.add_option("--discounted", options.discounted, "What settles it until that day");
  command.add_option("--instalment", options.instalments,
                     "Instead of --amount and --due, once a part: \"4000.00 due 2026-05-15\"");
  command.add_option("--method", document.payment_method, "Payment method, as the ERP names it");
  command.add_option("--holder", document.holder, "Who owns the receivable, if not the entity");
  command.add_option("--reference", document.reference, "The customer's order number or the like");
}

void add_record(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<DocumentOptions>();
  CLI::App& record = line.add(
      group, "record", "Record an invoice, credit note, fee or other document",
      "document record INV-10452 --customer C1 --issued 2026-04-15 --due 2026-05-15 "
      "--amount 12500.00 --currency USD",
      [options](Session& session) {
        const Command command = session.command();
        app::DocumentInput document = document_of(*options);
        if (document.currency.empty()) {
          const auto facts = command.store.read({});
          document.currency = taken(app::find_entity(*facts, command.entity)).base_currency.code();
        }
        session.print(
            taken(app::record_document(command.store, command.caller, command.entity, document)));
      });
  add_document_options(record, *options);
  app::DocumentInput& document = options->document;
  record.add_option("--customer", document.customer, "The customer's number")->required();
  record
      .add_option("--kind", document.kind,
                  "invoice, credit_note, fee, interest_note, opening_balance, refund, adjustment")
      ->capture_default_str();
  record.add_option("--currency", document.currency, "ISO 4217 (default: the entity's)");
}

void add_corrections(CommandLine& line, CLI::App& group) {
  auto options = std::make_shared<DocumentOptions>();
  options->document.kind.clear();
  CLI::App& amend = line.add(
      group, "amend", "Correct a document: a new version; what is not given stays",
      "document amend INV-10452 --due 2026-05-20 --amount 12500.00 --reason \"Terms were wrong\"",
      [options](Session& session) {
        const Command command = session.command();
        session.print(taken(app::amend_document(command.store, command.caller, command.entity,
                                                document_of(*options), options->reason)));
      });
  add_document_options(amend, *options);
  amend.add_option("--reason", options->reason, "Why; the auditor reads it")->required();

  CLI::App& cancel = line.add(
      group, "cancel", "Cancel a document that was recorded in error",
      "document cancel INV-10452 --reason \"Recorded twice\"", [options](Session& session) {
        const Command command = session.command();
        session.print(taken(app::cancel_document(command.store, command.caller, command.entity,
                                                 options->document.number, options->reason)));
      });
  cancel.add_option("number", options->document.number, "The document's number")->required();
  cancel.add_option("--reason", options->reason, "Why; the auditor reads it")->required();
}

}  // namespace

void add_document_commands(CommandLine& line) {
  CLI::App& group = line.group("document", "Invoices, credit notes and whatever else is owed");
  add_record(line, group);
  add_corrections(line, group);
  auto number = std::make_shared<std::string>();
  CLI::App& show = line.add(
      group, "show", "A document with its instalments, allocations and disputes",
      "document show INV-10452", [number](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::document_report(*question.facts, question.entity, *number, question.as_of)));
      });
  show.add_option("number", *number, "The document's number")->required();
}

}  // namespace arrears::cli
