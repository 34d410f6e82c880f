#pragma once

#include <string>
#include <vector>

#include "app/calls.h"

namespace arrears::cli {

/// Reads promises as they are typed: "12500.00 by 2026-06-10 on INV-10452, INV-10453=100.00", "all
/// by 2026-06-10", "500.00". What a text does not say comes from `by` and `on`, which alone make
/// one promise of all that is open. Throws UsageError.
std::vector<app::PromiseInput> read_promises(const std::vector<std::string>& texts,
                                             const std::string& by,
                                             const std::vector<std::string>& on);

}  // namespace arrears::cli
