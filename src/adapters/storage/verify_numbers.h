#pragma once

#include "adapters/storage/verify.h"

namespace arrears::storage {

/// Checks that each numbered fact stands in the number index: a number that is missing there could
/// be recorded a second time. Reads the whole index; 8 bytes of memory and some for each number.
void verify_numbers(Connection& connection, Verification& result);

}  // namespace arrears::storage
