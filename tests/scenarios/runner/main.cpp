#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "runner.h"
#include "scenario_file.h"

/// arrears_scenarios [--accept] FILE|FOLDER...: runs scenarios; 0 all passed, 1 not, 2 usage.
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    if (!fs::is_directory(argument)) {
      files.push_back(argument);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(argument))
      if (entry.path().extension() == ".scn") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  const auto accepting = std::find(arguments.begin(), arguments.end(), "--accept");
  const bool accept = accepting != arguments.end();
  if (accept) arguments.erase(accepting);
  const std::vector<std::string> files = files_of(arguments);
  if (files.empty()) {
    std::cerr << "usage: arrears_scenarios [--accept] FILE|FOLDER...\n";
    return 2;
  }
  int failed = 0;
  for (const std::string& file : files) {
    const auto outcome = arrears::scenarios::run_scenario(file);
    if (outcome.passed()) continue;
    if (!outcome.failure.empty()) {
      ++failed;
      std::cout << outcome.failure << '\n';
    } else if (accept) {
      std::ofstream(file, std::ios::binary) << outcome.after;
      std::cout << file << ": accepted\n";
    } else {
      ++failed;
      std::cout << arrears::scenarios::unified_diff(file, outcome.before, outcome.after);
    }
  }
  std::cout << files.size() << " scenarios, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
