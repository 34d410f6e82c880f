#pragma once

#include "app/lookup.h"

/// Inside the room: from an entity, and perhaps one customer, to the accounts asked about.
namespace arrears::app {

using AccountVisitor = std::function<void(const PartyFile&, const Account&)>;

/// Calls `each` for every account of the entity, or only for that of the customer of that number
/// (empty: all). Refuses an unknown customer.
Result<base::Done> each_account(Facts& facts, const parties::Entity& entity,
                                std::string_view customer, Detail detail,
                                const AccountVisitor& each);

/// Numbers of the party's customers in the entity.
boost::json::array customer_numbers(const PartyFile& file, parties::EntityId entity);

/// A day, or null where there is none.
boost::json::value day_or_null(std::optional<Date> day);

}  // namespace arrears::app
