#pragma once

#include "adapters/storage/db.h"
#include "app/store.h"

namespace arrears::storage {

/// See app::Facts::feed.
std::vector<app::FeedEntry> feed(Connection& connection, const app::FeedPosition& after,
                                 std::size_t limit);

}  // namespace arrears::storage
