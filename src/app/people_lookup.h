#pragma once

#include "app/people.h"

/// What the commands about people share.
namespace arrears::app {

Rights rights_of(const Person& person);
boost::json::array rights_json(Rights rights);

/// Refuses what is too short or easily guessed.
Result<base::Done> check_password(std::string_view password, std::string_view login);

/// All sessions of the person end with the transaction. Its part must be locked.
void end_sessions(Transaction& facts, PersonId person);

}  // namespace arrears::app
