#pragma once

#include <string>
#include <vector>

#include "base/refusal.h"

namespace arrears::scenarios {

struct Outcome {
  std::string before;   ///< the file as it is
  std::string after;    ///< the file as the program answers now
  std::string failure;  ///< syntax error or failure; empty where it ran to its end
  std::vector<base::Refusal> refusals;
  bool passed() const { return failure.empty() && before == after; }
};

/// The bytes of a file; empty where it cannot be read.
std::string read_text(const std::string& path);

/// Runs the scenario of a file in an own database.
Outcome run_scenario(const std::string& path);

}  // namespace arrears::scenarios
