#pragma once

#include <functional>
#include <span>

#include "adapters/storage/fact_rows.h"
#include "app/store.h"

namespace arrears::storage {

/// See app::Transaction::each_account.
void each_account(const Snapshot& snapshot, std::span<const parties::CustomerId> customers,
                  app::Payers payers, const std::function<void(app::Account&)>& each);

}  // namespace arrears::storage
