#include <algorithm>

#include "app/people.h"
#include "app/scope.h"
#include "app/site.h"

namespace arrears::app {

namespace {

Json substitution_json(const Substitution& substitution, const parties::Entity& entity) {
  return {
      {"substitution_id", to_string(substitution.id)}, {"entity", entity.code},
      {"collector", substitution.collector},           {"substitute", substitution.substitute},
      {"from", to_string(substitution.from)},          {"until", to_string(substitution.until)}};
}

Result<Person> check_substitute(Facts& facts, const parties::Entity& entity,
                                const NewSubstitution& given) {
  const auto books = facts.books(entity.id);
  if (std::ranges::count(books, given.collector, &strategy::Book::collector) == 0) {
    return base::refuse(PeopleRefusal::collector_unknown,
                        "No book of entity " + entity.code + " names " + given.collector);
  }
  auto person = find_person(facts, given.substitute);
  if (!person || !person->active || !scope_of(*person).sees_entity(entity.code)) {
    return base::refuse(
        PeopleRefusal::substitute_unknown,
        "Nobody with the login " + given.substitute + " works for entity " + entity.code);
  }
  const auto names = scope_of(*person).collectors;
  if (std::ranges::find(names, given.collector) != names.end()) {
    return base::refuse(PeopleRefusal::substitute_same,
                        "The books of " + given.collector + " are " + person->login + "'s");
  }
  return person;
}

Refusal wrong_period(Date from, Date until) {
  return base::refuse(
      PeopleRefusal::substitution_period_invalid,
      "From " + to_string(from) + " until before " + to_string(until) + " is no period");
}

}  // namespace

Result<Json> substitute(Store& store, const Caller& caller, std::string_view entity_code,
                        const NewSubstitution& given) {
  const Json body{{"entity", entity_code},
                  {"collector", given.collector},
                  {"substitute", given.substitute},
                  {"from", to_string(given.from)},
                  {"until", to_string(given.until)}};
  return run_command(store, caller, "substitute", body, part_of_entity(entity_code),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       const auto person = check_substitute(facts, *entity, given);
                       if (!person) return person.error();
                       if (given.until <= given.from) return wrong_period(given.from, given.until);
                       Substitution substitution;
                       substitution.id = facts.ids().make<SubstitutionTag>(part_of(entity->id));
                       substitution.entity = entity->id;
                       substitution.collector = given.collector;
                       substitution.substitute = person->login;
                       substitution.from = given.from;
                       substitution.until = given.until;
                       const Json json = substitution_json(substitution, *entity);
                       facts
                           .open_entry(part_of(entity->id), EntryKind::substitution_changed,
                                       boost::json::serialize(json))
                           .add(substitution, Revision::first);
                       return json;
                     });
}

Result<Json> end_substitution(Store& store, const Caller& caller, std::string_view entity_code,
                              std::string_view id, Date on) {
  const Json body{{"entity", entity_code}, {"substitution", id}, {"on", to_string(on)}};
  return run_command(store, caller, "end_substitution", body, part_of_entity(entity_code),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       for (Substitution& one : facts.substitutions(entity->id)) {
                         if (to_string(one.id) != id) continue;
                         if (on >= one.until) return wrong_period(one.from, on);
                         one.until = std::max(on, one.from);
                         const Json json = substitution_json(one, *entity);
                         facts
                             .open_entry(part_of(entity->id), EntryKind::substitution_changed,
                                         boost::json::serialize(json))
                             .add(one, Revision::next);
                         return json;
                       }
                       return base::refuse(
                           PeopleRefusal::substitution_unknown,
                           "Entity " + entity->code + " has no substitution " + std::string(id));
                     });
}

Result<boost::json::array> substitution_list(Facts& facts, std::string_view entity_code) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  boost::json::array list;
  for (const Substitution& one : facts.substitutions(entity->id))
    list.push_back(substitution_json(one, *entity));
  return list;
}

}  // namespace arrears::app
