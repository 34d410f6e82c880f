#include "app/people.h"

#include <algorithm>

#include "app/lookup.h"
#include "app/people_lookup.h"
#include "app/secrets.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t login_size_max = 64;

bool is_login(std::string_view login) {
  if (login.empty() || login.size() > login_size_max) return false;
  return std::ranges::all_of(login, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_+@").find(c) != std::string_view::npos;
  });
}

boost::json::array texts(const std::vector<std::string>& list) {
  return boost::json::array(list.begin(), list.end());
}

template <class E>
boost::json::array names(const std::vector<E>& members) {
  boost::json::array list;
  for (const E member : members) list.emplace_back(base::name(member));
  return list;
}

boost::json::value entities_json(const Person& person) {
  if (person.all_entities) return nullptr;
  return texts(person.entities);
}

/// What the journal and the answers kept for idempotency may say of a person: not the name.
Json nameless_json(const Person& person) {
  return {{"login", person.login},
          {"roles", names(person.roles)},
          {"rights", rights_json(rights_of(person))},
          {"entities", entities_json(person)},
          {"collectors", texts(person.collectors)},
          {"active", person.active}};
}

Json body_of(const Person& person) {
  Json body = nameless_json(person);
  body["name"] = person.name;
  return body;
}

bool is_admin(const Person& person) {
  return person.active && person.all_entities &&
         std::ranges::find(person.roles, Role::admin) != person.roles.end();
}

/// What must hold of a person whoever makes or changes it.
Result<base::Done> check_person(Facts& facts, const Person& person) {
  const std::string whom = "The person " + person.login;
  for (const std::string* text : {&person.name, &person.login})
    if (const auto clean = check_text(*text, "the name"); !clean) return clean.error();
  for (const std::string& name : person.collectors)
    if (const auto clean = check_text(name, "the collector's name"); !clean) return clean.error();
  if (person.roles.empty()) return base::refuse(PeopleRefusal::role_missing, whom + " has no role");
  if (!person.all_entities && person.entities.empty())
    return base::refuse(PeopleRefusal::entity_missing, whom + " works for no entity");
  if (!person.all_entities && std::ranges::find(person.roles, Role::admin) != person.roles.end()) {
    return base::refuse(PeopleRefusal::admin_of_some, whom + " works for some entities only");
  }
  for (const std::string& code : person.entities)
    if (const auto entity = find_entity(facts, code); !entity) return entity.error();
  return base::Done{};
}

/// Each once, in the order of the enum.
void tidy(Person& person) {
  std::ranges::sort(person.roles);
  person.roles.erase(std::ranges::unique(person.roles).begin(), person.roles.end());
  if (person.all_entities) person.entities.clear();
}

/// Adds a person with a password, which may be none, in a command.
class PersonAdded {
 public:
  PersonAdded(Store& store, const Caller& caller, std::string_view command, const NewPerson& given,
              bool first)
      : store_(store), caller_(caller), command_(command), given_(given), first_(first) {}

  Result<Json> run() {
    person_.login = given_.login;
    person_.name = given_.name;
    person_.roles = given_.roles;
    person_.all_entities = given_.all_entities;
    person_.entities = given_.entities;
    person_.collectors = given_.collectors;
    tidy(person_);
    // Not under the lock of the transaction: it takes its time on purpose.
    if (check_password(given_.password, person_.login)) hash_ = hash_password(given_.password);
    Json body = body_of(person_);
    body["password"] = base64(store_.keyed_hash("password in a command", given_.password));
    return run_command(
        store_, caller_, command_, body, [](Transaction&) -> Result<Part> { return people_part(); },
        [this](Transaction& facts) { return add(facts); });
  }

 private:
  Result<Json> add(Transaction& facts) {
    if (first_ && !people_needed(facts))
      return base::refuse(PeopleRefusal::set_up_done, "This site has been set up");
    if (!is_login(person_.login)) {
      return base::refuse(PeopleRefusal::login_invalid,
                          "The login \"" + person_.login + "\" is no login");
    }
    if (find_person(facts, person_.login)) {
      return base::refuse(PeopleRefusal::person_exists,
                          "There is a person " + person_.login + " already");
    }
    if (const auto checked = check_person(facts, person_); !checked) return checked.error();
    if (first_ || !given_.password.empty()) {
      const auto checked = check_password(given_.password, person_.login);
      if (!checked) return checked.error();
    }
    person_.id = facts.ids().make<PersonTag>(people_part());
    facts
        .open_entry(people_part(), EntryKind::person_added,
                    boost::json::serialize(nameless_json(person_)))
        .add(person_, Revision::first);
    if (!hash_.empty()) {
      Credential credential;
      credential.password_hash = hash_;
      facts.access().put(person_.id, credential);
    }
    return nameless_json(person_);
  }

  Store& store_;
  const Caller& caller_;
  std::string_view command_;
  const NewPerson& given_;
  bool first_;
  Person person_;
  std::string hash_;
};

}  // namespace

Rights rights_of(const Person& person) {
  Rights rights;
  for (const Role role : person.roles) rights = rights | rights_of(role);
  return rights;
}

boost::json::array rights_json(Rights rights) {
  boost::json::array list;
  for (std::size_t i = 0; i < base::name_count<Right>; ++i) {
    const auto right = static_cast<Right>(i);
    if (rights.has(right)) list.emplace_back(base::name(right));
  }
  return list;
}

bool people_needed(Facts& facts) { return facts.people().empty(); }

Result<Json> set_up(Store& store, const Caller& caller, std::string_view login,
                    std::string_view name, std::string_view password) {
  NewPerson admin;
  admin.login = login;
  admin.name = name;
  admin.roles = {Role::admin};
  admin.all_entities = true;
  admin.password = password;
  return PersonAdded(store, caller, "set_up", admin, /*first=*/true).run();
}

Result<Json> add_person(Store& store, const Caller& caller, const NewPerson& given) {
  return PersonAdded(store, caller, "add_person", given, /*first=*/false).run();
}

Result<Json> change_person(Store& store, const Caller& caller, std::string_view login,
                           const PersonChange& change) {
  Json body{{"login", login}};
  if (change.name) body["name"] = *change.name;
  if (change.roles) body["roles"] = names(*change.roles);
  if (change.all_entities) body["all_entities"] = *change.all_entities;
  if (change.entities) body["entities"] = texts(*change.entities);
  if (change.collectors) body["collectors"] = texts(*change.collectors);
  if (change.active) body["active"] = *change.active;
  return run_command(
      store, caller, "change_person", body,
      [](Transaction&) -> Result<Part> { return people_part(); },
      [&](Transaction& facts) -> Result<Json> {
        const auto known = find_person(facts, login);
        if (!known) return known.error();
        Person person = *known;
        if (change.name) person.name = *change.name;
        if (change.roles) person.roles = *change.roles;
        if (change.all_entities) person.all_entities = *change.all_entities;
        if (change.entities) {
          person.entities = *change.entities;
          if (!change.all_entities) person.all_entities = false;
        }
        if (change.collectors) person.collectors = *change.collectors;
        if (change.active) person.active = *change.active;
        tidy(person);
        if (const auto checked = check_person(facts, person); !checked) return checked.error();
        if (is_admin(*known) && !is_admin(person) &&
            std::ranges::count_if(facts.people(), is_admin) == 1) {
          return base::refuse(PeopleRefusal::last_admin,
                              person.login + " is the only admin of all entities");
        }
        facts
            .open_entry(people_part(), EntryKind::person_changed,
                        boost::json::serialize(nameless_json(person)))
            .add(person, Revision::next);
        if (!person.active) end_sessions(facts, person.id);
        return nameless_json(person);
      });
}

void end_sessions(Transaction& facts, PersonId person) {
  std::optional<Credential> credential = facts.access().credential(person);
  if (!credential) return;
  ++credential->generation;
  facts.access().put(person, *credential);
}

Result<Person> find_person(Facts& facts, std::string_view login) {
  const std::string wanted = base::to_lower_ascii(login);
  for (Person& person : facts.people()) {
    if (base::to_lower_ascii(person.login) == wanted) return std::move(person);
  }
  return base::refuse(PeopleRefusal::person_unknown, "There is no person " + std::string(login));
}

Json person_json(Facts& facts, const Person& person) {
  Json json = nameless_json(person);
  const auto credential = facts.access().credential(person.id);
  json["name"] = person.name;
  json["password"] = credential && !credential->password_hash.empty();
  json["totp"] = credential && credential->totp_confirmed;
  return json;
}

boost::json::array person_list(Facts& facts) {
  boost::json::array list;
  for (const Person& person : facts.people()) list.push_back(person_json(facts, person));
  return list;
}

}  // namespace arrears::app
