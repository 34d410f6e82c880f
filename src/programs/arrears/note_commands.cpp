#include "app/interactions.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

void add_content(CLI::App& command, app::InteractionInput& input) {
  command.add_option("--text", input.text, "What was said or noted")->required();
  command.add_option("--purpose", input.purpose, "What it was about");
  command
      .add_option("--visible-to", input.visible_to,
                  "Who may read it: all, collections, credit or management")
      ->capture_default_str();
  command.add_flag("--pin", input.pinned, "Show it first to whoever prepares to call");
}

void print_recorded(Session& session, const app::InteractionInput& input) {
  const Command command = session.command();
  session.print(
      taken(app::record_interaction(command.store, command.caller, command.entity, input)));
}

void add_pin(CommandLine& line, CLI::App& group, const std::string& name, const std::string& help,
             bool pinned) {
  struct Which {
    std::string customer;
    std::string interaction;
  };
  auto which = std::make_shared<Which>();
  CLI::App& command = line.add(
      group, name, help, "note " + name + " 123456 --customer C1",
      [which, pinned](Session& session) {
        const Command change = session.command();
        session.print(taken(app::pin_interaction(change.store, change.caller, change.entity,
                                                 which->customer, which->interaction, pinned)));
      });
  command.add_option("note", which->interaction, "Its id; `arrears note list` shows it")
      ->required();
  command.add_option("--customer", which->customer, "The customer's number")->required();
}

void add_list(CommandLine& line, CLI::App& group) {
  auto query = std::make_shared<app::InteractionQuery>();
  CLI::App& list =
      line.add(group, "list", "Notes and other interactions of a customer, newest first",
               "note list C1", [query](Session& session) {
                 const Question question = session.question();
                 query->entity = question.entity;
                 query->as_of = question.as_of;
                 session.print(taken(app::interaction_list(*question.facts, *query)),
                               {"interaction_id", "at", "channel", "direction", "author",
                                "visible_to", "pinned", "text"});
               });
  list.add_option("customer", query->customer, "The customer's number")->required();
  list.add_option("--channel", query->channel, "Only note, meeting, letter, email, sms or chat");
  list.add_flag("--pinned", query->only_pinned, "Only what is pinned");
}

}  // namespace

void add_note_commands(CommandLine& line) {
  CLI::App& notes = line.group("note", "Notes about customers, for whom they are meant");
  auto note = std::make_shared<app::InteractionInput>();
  CLI::App& add = line.add(notes, "add", "Add a note",
                           "note add C1 --text \"Prefers mornings\" --visible-to all --pin",
                           [note](Session& session) { print_recorded(session, *note); });
  add.add_option("customer", note->customer, "The customer's number")->required();
  add_content(add, *note);
  add_pin(line, notes, "pin", "Show it first to whoever prepares to call", true);
  add_pin(line, notes, "unpin", "No longer show it first", false);
  add_list(line, notes);

  CLI::App& group = line.group("interaction", "Meetings, letters and messages");
  auto input = std::make_shared<app::InteractionInput>();
  CLI::App& record = line.add(
      group, "add", "Record an interaction of any channel but the telephone",
      "interaction add --customer C1 --channel email --direction inbound --text \"Will pay\"",
      [input](Session& session) { print_recorded(session, *input); });
  record.add_option("--customer", input->customer, "The customer's number")->required();
  record.add_option("--channel", input->channel, "note, meeting, letter, email, sms or chat")
      ->required();
  record.add_option("--direction", input->direction,
                    "inbound or outbound; a note or meeting may have none");
  record.add_option("--at", input->at, "When, RFC 3339 (default: now)");
  record.add_option("--participants", input->participants, "Who took part")->delimiter(',');
  record.add_option("--external-id", input->external_id,
                    "Another system's name for it: recorded once");
  add_content(record, *input);
}

}  // namespace arrears::cli
