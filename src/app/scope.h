#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "app/lookup.h"
#include "app/person.h"

/// What a caller may see and do. Every question and command of the API takes one; what lies outside
/// of it answers exactly as if it did not exist.
namespace arrears::app {

#define ARREARS_ACCESS_REFUSALS(R) \
  R(right_missing,                 \
    "Ask an admin for a role that has it: `arrears person list` shows who has which.")

struct Scope {
  std::string person;  ///< login: the actor of what is done under it
  Rights rights;
  bool all_entities = false;
  std::vector<std::string> entities;  ///< codes; where not all
  bool all_books = false;
  std::vector<std::string> collectors;  ///< whose books, where not all; without substitutions

  /// Whether of that class may be read.
  std::array<bool, base::name_count<contact::VisibilityClass>> classes{};

  /// The scope of the command line, which has the whole database in its hands.
  static Scope everything(std::string_view actor);

  bool may(Right right) const { return rights.has(right); }
  bool sees_entity(std::string_view code) const;
  /// Whether interactions of the class show; the person's own always do.
  bool reads(contact::VisibilityClass of, std::string_view author) const {
    return classes[static_cast<std::size_t>(of)] || author == person;
  }
};

Scope scope_of(const Person& person);
/// The part of its person's scope that a token has.
Scope scope_of(const Person& person, const ApiToken& token);

/// Refuses (access.right_missing) a caller without the right.
Result<base::Done> require(const Scope& scope, Right right);

/// The entity, or `command.entity_unknown` where it is not there or out of scope.
Result<parties::Entity> find_entity(Facts& facts, const Scope& scope, std::string_view code);

/// The entities in scope.
std::vector<parties::Entity> entities_of(Facts& facts, const Scope& scope);

/// Which customers of an entity a scope shows on a day, with the books and substitutions of that
/// day. Rights hold now: make it for the entity's day of now, whatever day a report is about.
class Visibility {
 public:
  Visibility(Facts& facts, const Scope& scope, const parties::Entity& entity, Date today);

  /// Whether nothing of the entity is hidden.
  bool sees_everything() const { return everything_; }
  /// For the current book of a customer; a customer of another entity is never seen.
  bool sees(const parties::Customer& customer, const parties::Party& party) const;
  /// Whether the books of that collector are the caller's, or handed to the caller today.
  bool sees_books_of(std::string_view collector) const;
  /// The caller's own names and those whose books are handed to the caller today, sorted; for a
  /// caller who sees all books only what is the caller's by name.
  const std::vector<std::string>& collectors() const { return collectors_; }

 private:
  parties::EntityId entity_;
  Date today_;
  bool everything_ = false;
  std::vector<std::string> collectors_;
  std::vector<strategy::Book> books_;
};

/// The customer, or `command.customer_unknown` where it is not there or out of sight.
Result<CustomerRef> find_customer(Facts& facts, const Visibility& visibility,
                                  const parties::Entity& entity, std::string_view number);

}  // namespace arrears::app

ARREARS_REFUSALS(app, AccessRefusal, "access", ARREARS_ACCESS_REFUSALS);
