#include "app/customer_queries.h"
#include "app/customers.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

using DayInput = std::optional<calendar::Date>;

void add_new_customer(CommandLine& line, CLI::App& group) {
  struct Input {
    app::CustomerRow row;
    DayInput since;
    bool person = false;
  };
  auto input = std::make_shared<Input>();
  CLI::App& add =
      line.add(group, "add", "Add a customer", "customer add C1 --name \"Acme Corp\" --country US",
               [input](Session& session) {
                 const Command command = session.command();
                 app::CustomerRow row = input->row;
                 row.since = input->since;
                 if (input->person) row.kind = parties::PartyKind::person;
                 session.print(taken(app::add_customer(command.store, command.caller,
                                                       command.entity, row, command.today)));
               });
  add.add_option("number", input->row.number, "The account number")->required();
  add.add_option("--name", input->row.name, "Name of the company or person");
  add.add_option("--party", input->row.party_reference,
                 "Reference of the real company: the same in several entities is one party");
  add.add_option("--parent", input->row.parent, "Customer number of the head office");
  add.add_option("--country", input->row.country, "ISO alpha-2");
  add.add_option("--language", input->row.language, "BCP 47");
  add.add_option("--segment", input->row.segment, "The site's own word");
  add_day(add, "--since", input->since, "Customer since");
  add.add_flag("--person", input->person, "A person, not a company");
}

void add_customer(CommandLine& line) {
  CLI::App& group = line.group("customer", "Who owes");
  add_new_customer(line, group);
  auto text = std::make_shared<std::string>();
  CLI::App& list =
      line.add(group, "list", "The customers", "customer list \"acme\"", [text](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::customer_list(*question.facts, {question.entity, *text, question.as_of})),
            {"customer", "name", "country", "segment", "collector", "since", "stub"});
      });
  list.add_option("search", *text, "In number or name; with * or ? a pattern");
  CLI::App& show = line.add(
      group, "show", "What to know before dialling: contacts, balance, items, promises, last calls",
      "customer show C1", [text](Session& session) {
        const Question question = session.question();
        session.print(
            taken(app::customer_report(*question.facts, question.entity, *text, question.as_of)));
      });
  show.add_option("number", *text, "The customer's number")->required();
}

void add_contact(CommandLine& line) {
  CLI::App& group = line.group("contact", "The people at a customer");
  auto customer = std::make_shared<std::string>();
  CLI::App& list =
      line.add(group, "list", "The contacts", "contact list C1", [customer](Session& session) {
        const Question question = session.question();
        session.print(taken(app::contact_list(*question.facts, question.entity, *customer)),
                      {"customers", "name", "contact", "role", "phone", "email", "language",
                       "time_zone", "country", "region", "active"});
      });
  list.add_option("customer", *customer, "Of one customer only");
  auto row = std::make_shared<app::ContactRow>();
  CLI::App& set = line.add(
      group, "set", "Add a contact, or change the one of that reference, e-mail or name",
      "contact set C1 --name \"Jo Clerk\" --role ap_clerk --phone +12125550100 "
      "--email jo@example.com",
      [row](Session& session) {
        const Command command = session.command();
        session.print(taken(app::set_contact(command.store, command.caller, command.entity, *row)));
      });
  set.add_option("customer", row->customer, "The customer's number")->required();
  set.add_option("--name", row->name, "Name");
  set.add_option("--reference", row->reference, "The ERP's id of the contact");
  set.add_option("--role", row->role, "Role");
  set.add_option("--phone", row->phone, "Telephone number");
  set.add_option("--email", row->email, "E-mail address");
  set.add_option("--language", row->language, "BCP 47");
  set.add_option("--timezone", row->time_zone, "IANA name");
  set.add_option("--country", row->country, "Of the address, ISO alpha-2 (default: the party's)");
  set.add_option("--region", row->region, "Of the address: state or province, such as NY");
  set.add_flag_callback("--inactive", [row] { row->active = false; }, "No longer to be contacted");
  set.add_flag_callback("--active", [row] { row->active = true; }, "To be contacted again");
}

void add_hold(CommandLine& line) {
  CLI::App& group = line.group("hold", "Quiet periods: nobody chases the party");
  struct Input {
    std::string customer;
    std::string hold;
    DayInput from;
    DayInput until;
    DayInput on;
    std::string reason;
  };
  auto input = std::make_shared<Input>();
  CLI::App& list = line.add(group, "list", "The holds", "hold list", [input](Session& session) {
    const Question question = session.question();
    session.print(
        taken(app::hold_list(*question.facts, question.entity, input->customer, question.as_of)),
        {"hold_id", "customers", "name", "from", "until", "in_force", "reason"});
  });
  list.add_option("customer", input->customer, "Of one customer only");
  CLI::App& place =
      line.add(group, "place", "Let a party rest",
               "hold place C1 --until 2026-07-01 --reason \"Fire\"", [input](Session& session) {
                 const Command command = session.command();
                 session.print(taken(app::place_hold(
                     command.store, command.caller, command.entity, input->customer,
                     input->from.value_or(command.today), input->until, input->reason)));
               });
  place.add_option("customer", input->customer, "The customer's number")->required();
  add_day(place, "--from", input->from, "First day (default: today)");
  add_day(place, "--until", input->until, "First day on which it no longer holds");
  place.add_option("--reason", input->reason, "Why")->required();
  CLI::App& lift = line.add(group, "lift", "End a hold", "hold lift C1 123456 --on 2026-06-20",
                            [input](Session& session) {
                              const Command command = session.command();
                              session.print(taken(app::lift_hold(
                                  command.store, command.caller, command.entity, input->customer,
                                  input->hold, input->on.value_or(command.today))));
                            });
  lift.add_option("customer", input->customer, "The customer's number")->required();
  lift.add_option("hold", input->hold, "The hold's id")->required();
  add_day(lift, "--on", input->on, "First day on which it no longer holds (default: today)");
}

}  // namespace

void add_customer_commands(CommandLine& line) {
  add_customer(line);
  add_contact(line);
  add_hold(line);
  CLI::App& group = line.group("group", "Parties under a common parent");
  line.add(group, "list", "The groups", "group list", [](Session& session) {
    const Question question = session.question();
    session.print(taken(app::group_list(*question.facts, question.entity, question.as_of)),
                  {"group", "party", "customers", "parent", "from", "until"});
  });
}

}  // namespace arrears::cli
