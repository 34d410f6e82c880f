#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"

/// What an import did, or would do.
namespace arrears::app {

/// One finding at one line. All are in the reject file, the first `problems_max` in the report.
struct ImportProblem {
  std::int64_t line = 0;
  std::string column;
  std::string value;
  std::string code;
  std::string message;
};

struct ImportTotals {
  std::int64_t file_minor = 0;   ///< sum of the readable rows, refused ones included
  std::int64_t added_minor = 0;  ///< sum of what was added
  std::optional<std::int64_t> control_minor;
  std::int64_t closed_items = 0;  ///< open items that a snapshot closed
  std::int64_t closed_minor = 0;
  std::int64_t absent_items = 0;  ///< absent from a snapshot and left open, for want of a control
  std::int64_t absent_minor = 0;
};

struct ImportReport {
  static constexpr std::size_t problems_max = 1000;

  std::int64_t import_id = 0;  ///< 0: it fitted one chunk and was not staged
  std::string file;
  std::string kind;
  std::string entity;
  bool dry_run = false;
  std::int64_t rows = 0;  ///< records of the file
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;  ///< records
  std::int64_t stubs = 0;     ///< customers of which only the number is known
  std::int64_t allocations = 0;
  std::int64_t unidentified = 0;  ///< payments without a customer
  std::int64_t follow_ups_closed = 0;
  std::map<money::Currency, ImportTotals> totals;
  std::vector<std::string> warnings;
  std::vector<ImportProblem> problems;
  std::int64_t problem_count = 0;
};

Json to_json(const ImportReport& report);
/// The report that an earlier command with the same key answered.
ImportReport import_report_from(const Json& json);

}  // namespace arrears::app
