#pragma once

#include <vector>

#include "adapters/storage/fact_rows.h"
#include "app/store.h"

namespace arrears::storage {

/// The row's columns after `part`.
app::SuppressionRecord read_suppression(FactRow& row);

/// Adds the record, or puts it in the place of its earlier version.
void put_suppression(std::vector<app::SuppressionRecord>& list, app::SuppressionRecord record);

}  // namespace arrears::storage
