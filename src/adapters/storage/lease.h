#pragma once

#include <memory>
#include <string_view>

#include "app/store.h"

/// Leases that end with their holder, without clocks or time-outs.
namespace arrears::storage {

/// Null where another holds the name. On a server the lease is a lock on the name's row, in a
/// transaction on a connection of its own; beside a SQLite file it is a lock on bytes of the file
/// `FILE.leases`, which holds nothing. The system ends either with the process. A server can also
/// end it with the connection, so whoever holds one for days should let go now and then: its open
/// transaction keeps the server from clearing away what was deleted since.
std::unique_ptr<app::Lease> try_lease(std::string_view url, std::string_view name);

}  // namespace arrears::storage
