#include "app/people.h"

#include "app/scope.h"
#include "app/secrets.h"
#include "app/sessions.h"
#include "base/text.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

std::vector<std::string> comma_list(const std::string& text) {
  std::vector<std::string> list;
  for (const std::string_view name : base::split(text, ','))
    if (!name.empty()) list.emplace_back(name);
  return list;
}

template <class E>
std::vector<E> members(Call& call, std::string_view what) {
  std::vector<E> list;
  for (const std::string& name : comma_list(call.words.take(what))) {
    const auto member = base::parse_name<E>(name);
    if (!member) call.words.fail(name + " is not known");
    list.push_back(*member);
  }
  return list;
}

/// A code as written, or the one that the person's authenticator shows now: "right".
std::string code_of(Call& call, const std::string& login) {
  const std::string word = call.words.take("the code");
  if (word != "right") return word;
  const auto facts = call.world.facts();
  const auto person = app::find_person(*facts, login);
  const auto credential = person ? facts->access().credential(person->id) : std::nullopt;
  if (!credential || credential->totp_secret.empty()) call.words.fail("there is no authenticator");
  return app::totp_code(credential->totp_secret, app::totp_step(call.world.now()));
}

/// person anna "Anna Ames" [roles collector,manager] [entities E,F|all] [collectors "A B",C]
/// [password "..."]
Answer person(Call& call) {
  Words& words = call.words;
  app::NewPerson given;
  given.login = words.take("the login");
  given.name = words.take("the name");
  while (!words.done()) {
    if (words.accept("roles")) {
      given.roles = members<app::Role>(call, "the roles");
    } else if (words.accept("entities")) {
      given.entities = comma_list(words.take("the entities"));
      given.all_entities = given.entities == std::vector<std::string>{"all"};
    } else if (words.accept("collectors")) {
      given.collectors = comma_list(words.take("the collectors"));
    } else if (words.accept("password")) {
      given.password = words.take("the password");
    } else {
      words.end();
    }
  }
  return app::add_person(call.world.store(), call.world.caller(), given);
}

/// change person anna [name N] [roles ...] [entities ...] [collectors ...] [active|inactive]
Answer change_person(Call& call) {
  Words& words = call.words;
  const std::string login = words.take("the login");
  app::PersonChange change;
  while (!words.done()) {
    if (words.accept("name")) {
      change.name = words.take("the name");
    } else if (words.accept("roles")) {
      change.roles = members<app::Role>(call, "the roles");
    } else if (words.accept("entities")) {
      change.entities = comma_list(words.take("the entities"));
      change.all_entities = change.entities == std::vector<std::string>{"all"};
    } else if (words.accept("collectors")) {
      change.collectors = comma_list(words.take("the collectors"));
    } else if (words.accept("active")) {
      change.active = true;
    } else if (words.accept("inactive")) {
      change.active = false;
    } else {
      words.end();
    }
  }
  return app::change_person(call.world.store(), call.world.caller(), login, change);
}

/// set up boss "Barbara Boss" "password"
Answer set_up(Call& call) {
  const std::string login = call.words.take("the login");
  const std::string name = call.words.take("the name");
  return app::set_up(call.world.store(), call.world.caller(), login, name,
                     call.words.take("the password"));
}

/// password of anna "new one" [knowing "present one"]
Answer password_of(Call& call) {
  Words& words = call.words;
  const std::string login = words.take("the login");
  const std::string password = words.take("the password");
  std::optional<std::string> current;
  if (words.accept("knowing")) current = words.take("the present password");
  return app::set_password(call.world.store(), call.world.caller(), login, password, current,
                           call.world.now());
}

/// authenticator of anna begins | ... shows 123456 | ... shows right | ... is lost
Answer authenticator_of(Call& call) {
  Words& words = call.words;
  const std::string login = words.take("the login");
  if (words.accept("begins"))
    return app::begin_totp(call.world.store(), call.world.caller(), login);
  if (words.accept("is lost"))
    return app::remove_totp(call.world.store(), call.world.caller(), login);
  words.expect("shows");
  return app::confirm_totp(call.world.store(), call.world.caller(), login, code_of(call, login),
                           call.world.now());
}

/// sign in anna "password" [code 123456] [from 192.0.2.1]
Answer sign_in(Call& call) {
  Words& words = call.words;
  app::SignIn attempt;
  attempt.login = words.take("the login");
  attempt.password = words.take("the password");
  attempt.address = "192.0.2.1";
  while (!words.done()) {
    if (words.accept("code")) {
      attempt.totp_code = code_of(call, attempt.login);
    } else if (words.accept("from")) {
      attempt.address = words.take("the address");
    } else {
      words.end();
    }
  }
  const auto signed_in = app::sign_in(call.world.store(), attempt, call.world.now());
  if (!signed_in) return signed_in.error().refusal;
  return {};
}

/// token of anna "ERP" rights read,import [entities E] [days 90]
Answer token_of(Call& call) {
  Words& words = call.words;
  app::NewToken given;
  given.login = words.take("the login");
  given.label = words.take("the label");
  while (!words.done()) {
    if (words.accept("rights")) {
      given.rights = members<app::Right>(call, "the rights");
    } else if (words.accept("entities")) {
      given.entities = comma_list(words.take("the entities"));
    } else if (words.accept("days")) {
      given.days = words.integer("the days");
    } else {
      words.end();
    }
  }
  return app::issue_token(call.world.store(), call.world.caller(), given);
}

/// revoke token "ERP": the last one with that label
Answer revoke_token(Call& call) {
  const std::string label = call.words.take("the label");
  std::string id = label;
  for (const auto& one : app::token_list(*call.world.facts(), "", call.world.now()))
    if (text_of(one.as_object(), "label") == label) id = text_of(one.as_object(), "token_id");
  return app::revoke_token(call.world.store(), call.world.caller(), id);
}

/// substitute bert for anna from D until D
Answer substitute(Call& call) {
  Words& words = call.words;
  app::NewSubstitution given;
  given.substitute = words.take("the substitute");
  words.expect("for");
  given.collector = words.take("the collector");
  words.expect("from");
  given.from = words.date("the first day");
  words.expect("until");
  given.until = words.date("the first day after");
  return app::substitute(call.world.store(), call.world.caller(), call.world.entity(), given);
}

/// end substitution for anna on D: the last one
Answer end_substitution(Call& call) {
  call.words.expect("for");
  const std::string collector = call.words.take("the collector");
  call.words.expect("on");
  const Date on = call.words.date("the day");
  std::string id = collector;
  const auto list = app::substitution_list(*call.world.facts(), call.world.entity());
  if (list) {
    for (const auto& one : *list)
      if (text_of(one.as_object(), "collector") == collector)
        id = text_of(one.as_object(), "substitution_id");
  }
  return app::end_substitution(call.world.store(), call.world.caller(), call.world.entity(), id,
                               on);
}

/// may anna read: whether the person has the right
Answer may(Call& call) {
  const auto facts = call.world.facts();
  const auto found = app::find_person(*facts, call.words.take("the login"));
  if (!found) return found;
  const std::string name = call.words.take("the right");
  const auto right = base::parse_name<app::Right>(name);
  if (!right) call.words.fail(name + " is no right");
  return app::require(app::scope_of(*found), *right);
}

std::string joined(const Json& json, std::string_view member) {
  const auto& value = json.at(member);
  if (value.is_null()) return "all";
  std::string text;
  for (const auto& one : value.as_array())
    text += (text.empty() ? "" : ", ") + std::string(one.as_string());
  return text;
}

/// show people
Answer show_people(Call& call) {
  Table table({{"login"}, {"name"}, {"roles"}, {"entities"}, {"collectors"}, {"active"}});
  for (const auto& one : app::person_list(*call.world.facts())) {
    const Json& json = one.as_object();
    table.add({text_of(json, "login"), text_of(json, "name"), joined(json, "roles"),
               joined(json, "entities"), joined(json, "collectors"),
               json.at("active").as_bool() ? "yes" : "no"});
  }
  return table.lines();
}

/// show customers in sight of anna: with the books and substitutions of today
Answer show_in_sight(Call& call) {
  const auto facts = call.world.facts();
  const auto found = app::find_person(*facts, call.words.take("the login"));
  if (!found) return found;
  const app::Scope scope = app::scope_of(*found);
  const auto entity = app::find_entity(*facts, scope, call.world.entity());
  if (!entity) return entity;
  const app::Visibility visibility(*facts, scope, *entity, call.world.today());
  Table table({{"customer"}, {"name"}});
  facts->each_party({}, app::Detail::receivables, [&](app::PartyFile& file) {
    for (const app::Account& account : file.accounts)
      if (visibility.sees(account.customer, file.party))
        table.add({account.customer.number, file.party.name});
  });
  return table.lines();
}

}  // namespace

std::vector<Verb> people_verbs() {
  return {{"person", person},
          {"change person", change_person},
          {"set up", set_up},
          {"password of", password_of},
          {"authenticator of", authenticator_of},
          {"sign in", sign_in},
          {"token of", token_of},
          {"revoke token", revoke_token},
          {"substitute", substitute},
          {"end substitution", end_substitution},
          {"may", may},
          {"show people", show_people},
          {"show customers in sight of", show_in_sight}};
}

}  // namespace arrears::scenarios
