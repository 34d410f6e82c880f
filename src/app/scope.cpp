#include "app/scope.h"

#include <algorithm>

namespace arrears::app {

namespace {

bool is_among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Says nothing of what is there under another number: it may be out of sight.
Refusal unknown_customer(const parties::Entity& entity, std::string_view number) {
  return base::refuse(CommandRefusal::customer_unknown,
                      "Entity " + entity.code + " has no customer " + std::string(number));
}

}  // namespace

Scope Scope::everything(std::string_view actor) {
  Scope scope;
  scope.person = actor;
  scope.rights = Rights::all();
  scope.all_entities = true;
  scope.all_books = true;
  scope.classes.fill(true);
  return scope;
}

bool Scope::sees_entity(std::string_view code) const {
  return all_entities || is_among(entities, code);
}

Scope scope_of(const Person& person) {
  Scope scope;
  scope.person = person.login;
  if (!person.active) return scope;
  for (const Role role : person.roles) {
    scope.rights = scope.rights | rights_of(role);
    scope.all_books = scope.all_books || !is_bound_to_books(role);
    for (std::size_t i = 0; i < scope.classes.size(); ++i) {
      const bool may = may_read(role, static_cast<contact::VisibilityClass>(i));
      scope.classes[i] = scope.classes[i] || may;
    }
  }
  scope.all_entities = person.all_entities;
  scope.entities = person.entities;
  scope.collectors = person.collectors;
  if (scope.collectors.empty()) scope.collectors.push_back(person.login);
  return scope;
}

Scope scope_of(const Person& person, const ApiToken& token) {
  Scope scope = scope_of(person);
  Rights named;
  for (const Right right : token.rights) named = named | Rights{right};
  scope.rights = scope.rights & named;
  if (token.entities.empty()) return scope;
  std::vector<std::string> entities;
  for (const std::string& code : token.entities) {
    if (scope.sees_entity(code)) entities.push_back(code);
  }
  scope.all_entities = false;
  scope.entities = std::move(entities);
  // Whoever gives out rights for the whole site is not bound to entities of it.
  scope.rights = scope.rights.without({Right::manage_people, Right::manage_site});
  return scope;
}

Result<base::Done> require(const Scope& scope, Right right) {
  if (scope.may(right)) return base::Done{};
  return base::refuse(AccessRefusal::right_missing,
                      scope.person + " does not have the right " + std::string(base::name(right)));
}

Result<parties::Entity> find_entity(Facts& facts, const Scope& scope, std::string_view code) {
  if (scope.sees_entity(code)) return find_entity(facts, code);
  return base::refuse(CommandRefusal::entity_unknown, "There is no entity " + std::string(code));
}

std::vector<parties::Entity> entities_of(Facts& facts, const Scope& scope) {
  std::vector<parties::Entity> entities = facts.entities();
  std::erase_if(entities, [&](const parties::Entity& one) { return !scope.sees_entity(one.code); });
  return entities;
}

Visibility::Visibility(Facts& facts, const Scope& scope, const parties::Entity& entity, Date today)
    : entity_(entity.id),
      today_(today),
      everything_(scope.all_books),
      collectors_(scope.collectors) {
  ARREARS_REQUIRE(scope.sees_entity(entity.code));
  for (const Substitution& one : facts.substitutions(entity.id)) {
    const bool holds = one.from <= today && today < one.until;
    if (holds && one.substitute == scope.person) collectors_.push_back(one.collector);
  }
  std::ranges::sort(collectors_);
  const auto repeated = std::ranges::unique(collectors_);
  collectors_.erase(repeated.begin(), repeated.end());
  if (!everything_) books_ = facts.books(entity.id);
}

bool Visibility::sees(const parties::Customer& customer, const parties::Party& party) const {
  if (customer.entity != entity_) return false;
  if (everything_) return true;
  const strategy::Book* book = strategy::book_of(customer, party, books_, today_);
  return book != nullptr && is_among(collectors_, book->collector);
}

bool Visibility::sees_books_of(std::string_view collector) const {
  return everything_ || is_among(collectors_, collector);
}

Result<CustomerRef> find_customer(Facts& facts, const Visibility& visibility,
                                  const parties::Entity& entity, std::string_view number) {
  const Result<CustomerRef> found = find_customer(facts, entity, number);
  if (visibility.sees_everything()) return found;
  if (!found) return unknown_customer(entity, number);
  const auto customer = facts.customer_record(found->customer);
  const auto party = facts.party_records({&found->party, 1}).front();
  if (!customer || !party || !visibility.sees(*customer, *party))
    return unknown_customer(entity, number);
  return found;
}

}  // namespace arrears::app
