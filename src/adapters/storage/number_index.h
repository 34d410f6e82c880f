#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/storage/db.h"
#include "app/store.h"

/// The table `number_index`: which customer, document, payment or promise bears a number.
namespace arrears::storage {

/// The part in which a number is kept: its slot, so that it is unique.
base::Part number_part(parties::EntityId entity, app::NumberKind kind, std::string_view number_key);

/// Claims the numbers that are free, and says of each whether it was. Of two alike in one call the
/// second is taken.
std::vector<bool> claim_numbers(Connection& connection, parties::EntityId entity,
                                app::NumberKind kind, std::span<const app::NumberedThing> things);

/// For each number the present bearers of numbers that read alike, in order of their numbers.
std::vector<std::vector<app::NumberedThing>> find_similar(
    Connection& connection, parties::EntityId entity, app::NumberKind kind,
    std::span<const std::string_view> numbers);

}  // namespace arrears::storage
