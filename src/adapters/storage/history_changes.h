#pragma once

#include "adapters/storage/db.h"
#include "app/store.h"

namespace arrears::storage {

/// See app::Facts::changes_since.
app::Changes changes_since(Connection& connection, portfolio::Ordinal since);

}  // namespace arrears::storage
