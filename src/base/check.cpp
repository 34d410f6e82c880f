#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace arrears::base {

namespace {
std::string describe(const char* condition, std::source_location where) {
  return std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " +
         where.function_name() + ": does not hold: " + condition;
}
}  // namespace

void fail_assertion(const char* condition, std::source_location where) {
  std::fprintf(stderr, "arrears: internal error: %s\n", describe(condition, where).c_str());
  std::abort();
}

void fail_requirement(const char* condition, std::source_location where) {
  throw Mistake(describe(condition, where));
}

}  // namespace arrears::base
