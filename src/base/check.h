#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

/// Assertions about our own code, never about input. Both kinds are always on.
///
/// ARREARS_ASSERT: state may be wrong; the process stops.
/// ARREARS_REQUIRE: this command is wrong; it throws `base::Mistake`, the transaction rolls back.
namespace arrears::base {

/// A mistake in our own code, found before it did harm. Caught only where a command ends.
class Mistake : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_assertion(const char* condition, std::source_location where);
[[noreturn]] void fail_requirement(const char* condition, std::source_location where);

}  // namespace arrears::base

#define ARREARS_ASSERT(condition) \
  ((condition) ? void(0)          \
               : ::arrears::base::fail_assertion(#condition, std::source_location::current()))
#define ARREARS_REQUIRE(condition) \
  ((condition) ? void(0)           \
               : ::arrears::base::fail_requirement(#condition, std::source_location::current()))
