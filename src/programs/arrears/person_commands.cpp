#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "app/people.h"
#include "base/text.h"
#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

/// Keeps what is typed off the screen.
class NoEcho {
 public:
  NoEcho() {
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &silent) == 0;
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (!changed_) return;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    std::cerr << '\n';
  }

 private:
  termios before_{};
  bool changed_ = false;
};

/// One line of the standard input; at a terminal it is asked for and not shown.
std::string read_password(const std::string& prompt) {
  const NoEcho silence;
  if (isatty(STDIN_FILENO)) std::cerr << prompt << ": " << std::flush;
  std::string password;
  if (!std::getline(std::cin, password)) {
    throw UsageError(
        "The password is missing: type it, or give it as a line of the standard input.");
  }
  if (!password.empty() && password.back() == '\r') password.pop_back();
  return password;
}

/// A new password: at a terminal twice.
std::string read_new_password() {
  std::string password = read_password("New password");
  if (isatty(STDIN_FILENO) && read_password("Once more") != password)
    throw UsageError("The two passwords differ. Nothing was changed.");
  return password;
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> list;
  for (const std::string_view name : base::split(text, ','))
    if (!base::trim(name).empty()) list.emplace_back(base::trim(name));
  return list;
}

template <class E>
std::string all_names() {
  std::string names;
  for (const std::string_view name : base::Names<E>::all)
    names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

template <class E>
std::vector<E> members(const std::string& text, const std::string& option) {
  std::vector<E> list;
  for (const std::string& name : split_names(text)) {
    const auto member = base::parse_name<E>(name);
    if (!member) throw UsageError(option + " " + name + " is none of " + all_names<E>() + ".");
    list.push_back(*member);
  }
  return list;
}

/// What may be said of a person on the command line, as texts.
struct PersonInput {
  std::string login;
  std::optional<std::string> name;
  std::optional<std::string> roles;
  std::optional<std::string> entities;
  std::optional<std::string> collectors;
  bool no_password = false;
  bool activate = false;
  bool deactivate = false;
};

constexpr std::string_view every_entity = "all";

app::PersonChange change_of(const PersonInput& input) {
  app::PersonChange change;
  change.name = input.name;
  if (input.roles) change.roles = members<app::Role>(*input.roles, "--roles");
  if (input.entities) {
    change.all_entities = *input.entities == every_entity;
    if (!*change.all_entities) change.entities = split_names(*input.entities);
  }
  if (input.collectors) change.collectors = split_names(*input.collectors);
  if (input.activate) change.active = true;
  if (input.deactivate) change.active = false;
  return change;
}

void add_person_options(CLI::App& command, PersonInput& input) {
  command.add_option("login", input.login, "What the person signs in as")->required();
  command.add_option("--name", input.name, "For people to read");
  command.add_option("--roles", input.roles, "One or more of " + all_names<app::Role>());
  command.add_option("--entities", input.entities, "Their codes, or all");
  command.add_option("--collectors", input.collectors,
                     "Names under which the books know the person (default: the login)");
}

void add_person(Session& session, const PersonInput& input) {
  const app::PersonChange given = change_of(input);
  app::NewPerson person;
  person.login = input.login;
  person.name = given.name.value_or("");
  person.roles = given.roles.value_or(std::vector<app::Role>{});
  person.all_entities = given.all_entities.value_or(false);
  person.entities = given.entities.value_or(std::vector<std::string>{});
  person.collectors = given.collectors.value_or(std::vector<std::string>{});
  storage::DatabaseStore& store = session.store();
  if (!input.no_password) person.password = read_new_password();
  session.print(taken(app::add_person(store, session.caller(), person)));
}

void add_people(CommandLine& line, CLI::App& group) {
  auto added = std::make_shared<PersonInput>();
  CLI::App& add =
      line.add(group, "add", "Add a person; the password is a line of the standard input",
               "person add anna --name \"Anna Ames\" --roles collector --entities E",
               [added](Session& session) { add_person(session, *added); });
  add_person_options(add, *added);
  add.add_flag("--no-password", added->no_password, "Nobody can sign in until one is set");

  line.add(group, "list", "Who may do what", "person list", [](Session& session) {
    session.print(app::person_list(*session.facts()), {"login", "name", "roles", "entities",
                                                       "collectors", "active", "password", "totp"});
  });

  auto changed = std::make_shared<PersonInput>();
  CLI::App& change =
      line.add(group, "change", "Change what a person is called or may do",
               "person change anna --roles collector,manager", [changed](Session& session) {
                 session.print(taken(app::change_person(session.store(), session.caller(),
                                                        changed->login, change_of(*changed))));
               });
  add_person_options(change, *changed);
  CLI::Option* on = change.add_flag("--activate", changed->activate, "May sign in again");
  change.add_flag("--deactivate", changed->deactivate, "May not sign in, and is signed out")
      ->excludes(on);

  auto login = std::make_shared<std::string>();
  CLI::App& password = line.add(
      group, "password", "Set a password, a line of the standard input; ends the sessions",
      "person password anna < password.txt", [login](Session& session) {
        storage::DatabaseStore& store = session.store();
        session.print(taken(app::set_password(store, session.caller(), *login, read_new_password(),
                                              std::nullopt, session.now())));
      });
  password.add_option("login", *login, "Whose")->required();

  auto lost = std::make_shared<std::string>();
  CLI::App& remove =
      line.add(group, "remove-totp", "Take away an authenticator that was lost",
               "person remove-totp anna", [lost](Session& session) {
                 session.print(taken(app::remove_totp(session.store(), session.caller(), *lost)));
               });
  remove.add_option("login", *lost, "Whose")->required();
}

void add_substitutes(CommandLine& line, CLI::App& group) {
  struct Input {
    std::string collector;
    std::string substitute;
    std::optional<calendar::Date> from;
    std::optional<calendar::Date> until;
    std::string end;
    bool list = false;
  };
  auto input = std::make_shared<Input>();
  CLI::App& command = line.add(
      group, "substitute", "Hand a collector's books to somebody else for a while",
      "person substitute anna bert --from 2026-06-01 --until 2026-06-15",
      [input](Session& session) {
        if (input->list) {
          const Question question = session.question();
          return session.print(taken(app::substitution_list(*question.facts, question.entity)),
                               {"substitution_id", "collector", "substitute", "from", "until"});
        }
        const Command call = session.command();
        if (!input->end.empty()) {
          return session.print(
              taken(app::end_substitution(call.store, call.caller, call.entity, input->end,
                                          input->until.value_or(call.today))));
        }
        if (input->collector.empty() || input->substitute.empty() || !input->until)
          throw UsageError("Name the collector, the substitute and --until DAY.");
        session.print(taken(app::substitute(call.store, call.caller, call.entity,
                                            {input->collector, input->substitute,
                                             input->from.value_or(call.today), *input->until})));
      });
  command.add_option("collector", input->collector,
                     "Who is absent, as the books name the collector");
  command.add_option("substitute", input->substitute, "Login of who stands in");
  add_day(command, "--from", input->from, "First day (default: today)");
  add_day(command, "--until", input->until, "First day on which it no longer holds");
  command.add_option("--end", input->end, "Id of a substitution to end earlier: today, or --until");
  command.add_flag("--list", input->list, "The substitutions of the entity");
}

void add_tokens(CommandLine& line) {
  CLI::App& group = line.group("token", "Rights of a person for a program, by an API token");
  struct Input {
    app::NewToken token;
    std::string rights;
    std::string entities;
    std::string login;
    std::string id;
  };
  auto input = std::make_shared<Input>();
  CLI::App& issue = line.add(
      group, "issue", "Issue a token, which is shown this once",
      "token issue anna --label \"ERP\" --rights read,import --days 90", [input](Session& session) {
        app::NewToken token = input->token;
        token.rights = members<app::Right>(input->rights, "--rights");
        token.entities = split_names(input->entities);
        session.print(taken(app::issue_token(session.store(), session.caller(), token)));
      });
  issue.add_option("login", input->token.login, "Whose rights it has")->required();
  issue.add_option("--label", input->token.label, "What it is for")->required();
  issue.add_option("--rights", input->rights, "Some of " + all_names<app::Right>())->required();
  issue.add_option("--entities", input->entities, "Their codes (default: all of the person's)");
  issue.add_option("--days", input->token.days, "Until it expires")->capture_default_str();
  CLI::App& list = line.add(
      group, "list", "The tokens, without their secrets", "token list", [input](Session& session) {
        session.print(app::token_list(*session.facts(), input->login, session.now()),
                      {"token_id", "login", "label", "rights", "entities", "expires_at", "status"});
      });
  list.add_option("--login", input->login, "Of this person only");
  CLI::App& revoke = line.add(
      group, "revoke", "Make a token useless from now on", "token revoke 1234567890",
      [input](Session& session) {
        session.print(taken(app::revoke_token(session.store(), session.caller(), input->id)));
      });
  revoke.add_option("token", input->id, "Its id")->required();
}

}  // namespace

void add_person_commands(CommandLine& line) {
  CLI::App& group = line.group("person", "The people who work with the site");
  add_people(line, group);
  add_substitutes(line, group);
  add_tokens(line);
}

}  // namespace arrears::cli
