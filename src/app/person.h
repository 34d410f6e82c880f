#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/rights.h"
#include "base/clock.h"
#include "base/ids.h"
#include "domain/calendar/date.h"
#include "domain/parties/parties.h"

/// The people who work with the site, as facts: journaled, versioned, without any secret.
namespace arrears::app {

using PersonId = base::Id<struct PersonTag>;
using TokenId = base::Id<struct TokenTag>;
using SubstitutionId = base::Id<struct SubstitutionTag>;

/// The part of people and their tokens: few, and their commands exclude each other.
inline base::Part people_part() { return base::slot_of("people"); }

struct Person {
  PersonId id;
  std::string login;  ///< unique whatever the case; the actor of what the person does
  std::string name;   ///< for people; empty once erased
  std::vector<Role> roles;
  bool all_entities = false;
  std::vector<std::string> entities;  ///< codes; where not all
  std::vector<std::string>
      collectors;  ///< names under which books know the person; none: the login
  bool active = true;
};

/// Rights without a password for a program: those of its person that it names.
struct ApiToken {
  TokenId id;
  PersonId person;
  std::string label;
  std::vector<Right> rights;
  std::vector<std::string> entities;  ///< codes; none: all of the person's
  base::Instant expires_at;           ///< the first instant at which it no longer works
  bool revoked = false;
};

/// A collector's books in the hands of a substitute, from `from` until before `until`.
struct Substitution {
  SubstitutionId id;
  parties::EntityId entity;
  std::string collector;   ///< as the books name the absent one
  std::string substitute;  ///< login
  calendar::Date from;
  calendar::Date until;  ///< first day on which it no longer holds; `from`: it never did
};

}  // namespace arrears::app
