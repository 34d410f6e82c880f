#pragma once

#include <cstdint>

#include "base/check.h"

/// Integer arithmetic that never wraps silently: an overflow throws `base::Mistake`. Input is
/// bounded long before (see money::max_amount_minor), so an overflow is ours, not the user's.
namespace arrears::base {

inline std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  ARREARS_REQUIRE(!__builtin_add_overflow(a, b, &sum));
  return sum;
}

inline std::int64_t checked_sub(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  ARREARS_REQUIRE(!__builtin_sub_overflow(a, b, &difference));
  return difference;
}

inline std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  ARREARS_REQUIRE(!__builtin_mul_overflow(a, b, &product));
  return product;
}

}  // namespace arrears::base
