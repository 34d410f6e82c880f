#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A scenario file: statements, each with what it is expected to answer. See ../README.md.
namespace arrears::scenarios {

/// A line that cannot be read. Names the file and the line.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(std::string_view file, int line, std::string_view what);
};

struct Line {
  int number = 0;    ///< in the file, 1-based
  std::string text;  ///< without indentation, trailing blanks and comment
};

struct Statement {
  Line head;
  std::vector<Line> fields;           ///< indented lines that belong to the statement itself
  std::vector<std::string> expected;  ///< the answer as it stands in the file, without indentation
  int answer_line = 0;                ///< index of the line before which the answer stands
};

struct ScenarioFile {
  std::string path;
  std::vector<std::string> lines;
  std::vector<Statement> statements;
};

/// Reads a scenario. It opens with a comment that says its purpose.
ScenarioFile parse_scenario(const std::string& path, std::string_view text);

/// The file with `answers` (one per statement) in place of what was expected.
std::string with_answers(const ScenarioFile& file,
                         const std::vector<std::vector<std::string>>& answers);

/// The lines in which two texts differ, with three lines around them; empty if they are equal.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace arrears::scenarios
