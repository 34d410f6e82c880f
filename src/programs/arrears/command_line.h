#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "programs/arrears/session.h"

/// The sub-commands of `arrears` and what each does.
namespace arrears::cli {

/// What a sub-command does once the whole line is read. Throws UsageError, Refused, or a failure.
using Act = std::function<void(Session&)>;

/// The command line under construction.
class CommandLine {
 public:
  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CLI::App& app() { return app_; }
  const Options& options() const { return options_; }

  /// A group of sub-commands.
  CLI::App& group(const std::string& name, const std::string& help);
  /// A sub-command; `example` is the line as typed, without "arrears".
  CLI::App& add(CLI::App& parent, const std::string& name, const std::string& help,
                const std::string& example, Act act);

  /// What was asked for; null where the line names a group only. After parsing.
  const Act* chosen();
  /// The sub-commands that were named, as typed.
  std::string chosen_name();

 private:
  void add_options();

  CLI::App app_;
  Options options_;
  std::map<const CLI::App*, Act> acts_;
};

/// An option whose value is a day; another text is a usage error.
CLI::Option* add_day(CLI::App& command, const std::string& flag, std::optional<calendar::Date>& day,
                     const std::string& help);

void add_site_commands(CommandLine& line);
void add_person_commands(CommandLine& line);
void add_customer_commands(CommandLine& line);
void add_document_commands(CommandLine& line);
void add_payment_commands(CommandLine& line);
void add_dispute_commands(CommandLine& line);
void add_guard_commands(CommandLine& line);
void add_note_commands(CommandLine& line);
void add_report_commands(CommandLine& line);
void add_day_commands(CommandLine& line);
void add_call_commands(CommandLine& line);
void add_import_commands(CommandLine& line);
void add_journal_commands(CommandLine& line);
void add_copy_command(CommandLine& line);
void add_backup_commands(CommandLine& line);
void add_serve_command(CommandLine& line);
void add_completion_command(CommandLine& line);
void add_demo_command(CommandLine& line);

/// Reads the line, does what it says, and answers the exit code.
int run(int count, const char* const* words);

}  // namespace arrears::cli
