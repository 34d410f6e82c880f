#pragma once

#include <string>
#include <vector>

#include "app/disputes.h"

namespace arrears::cli {

/// Reads disputes as they are typed: "500.00 on INV-10452 for price", "all on INV-1 for other owner
/// sam due 2026-06-20: they ordered ten". Throws UsageError.
std::vector<app::DisputeInput> read_disputes(const std::vector<std::string>& texts);

}  // namespace arrears::cli
