#include "adapters/formats/problem.h"

#include <array>

namespace arrears::formats {

namespace {
struct Row {
  std::string_view code;
  bool rejects;
};

constexpr auto rows = std::to_array<Row>({
#define ARREARS_REASON_ROW(name, rejects, meaning) {#name, rejects},
    ARREARS_PROBLEM_REASONS(ARREARS_REASON_ROW)
#undef ARREARS_REASON_ROW
});
}  // namespace

std::string_view code(Reason reason) { return rows[static_cast<std::size_t>(reason)].code; }

bool rejects(Reason reason) { return rows[static_cast<std::size_t>(reason)].rejects; }

}  // namespace arrears::formats
