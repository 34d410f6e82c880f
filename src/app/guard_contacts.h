#pragma once

#include "app/guard.h"

/// Inside the room: whom a question about the guard means.
namespace arrears::app {

struct FoundContact {
  PartyFile file;  ///< with everything, whatever the caller may see of it
  parties::Contact contact;
};

/// The contact that `text` names (see GuardQuery), of the customer or of anybody in the entity.
Result<FoundContact> find_contact(Facts& facts, const parties::Entity& entity,
                                  std::string_view customer, std::string_view text);

}  // namespace arrears::app
