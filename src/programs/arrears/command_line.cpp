#include "programs/arrears/command_line.h"

#include <csignal>
#include <cstdio>

#include "adapters/storage/db.h"

namespace arrears::cli {

namespace {

void complain(const std::string& text) {
  const std::string line = "arrears: " + text + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

/// What a person can do about a failure of the storage.
std::string_view advice(storage::StorageProblem problem) {
  using storage::StorageProblem;
  switch (problem) {
    case StorageProblem::absent:
      return "Name the database with --db, or make one with `arrears init`.";
    case StorageProblem::busy:
    case StorageProblem::retry:
      return "Nothing half-done is kept. Try again when the other process has finished.";
    case StorageProblem::full:
      return "Nothing half-done is kept. Make room on the disk and try again.";
    case StorageProblem::io:
      return "Nothing half-done is kept. Check the disk and the rights of the file.";
    case StorageProblem::lost:
      return "Check the server. What was not answered is found done or is done by the same command "
             "with the same --key.";
    case StorageProblem::corrupt:
      return "Restore the database from its backup, then run `arrears journal verify`.";
    case StorageProblem::not_arrears:
      return "Name another file with --db.";
    case StorageProblem::newer_database:
      return "It was not touched. Use the version of arrears that wrote it, or a newer one.";
    case StorageProblem::unfinished:
      return "Run the same `arrears copy` again, or name another database with --db.";
    case StorageProblem::key_file:
      return "Name the database's own key file with --keys (or ARREARS_KEYS).";
    case StorageProblem::unique:
    case StorageProblem::foreign_key:
    case StorageProblem::check:
    case StorageProblem::not_null:
    case StorageProblem::other:
      return "Nothing half-done is kept. Run `arrears journal verify` and report what it says.";
  }
  return {};
}

std::string see_help(CommandLine& line) {
  const std::string name = line.chosen_name();
  return "See `arrears " + name + (name.empty() ? "" : " ") + "--help`.";
}

int act(CommandLine& line) {
  const Act* chosen = line.chosen();
  if (!chosen) throw UsageError("A sub-command is missing. " + see_help(line));
  Session session(line.options());
  (*chosen)(session);
  session.keep_portfolio();
  return session.exit_code;
}

/// The exit code of `work`, or of what it threw.
int or_complain(CommandLine& line, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Refused& refused) {
    const base::Refusal& no = refused.refusal();
    complain("refused (" + no.operation + "/" + no.code + "): " + no.message);
    return exit_refused;
  } catch (const UsageError& error) {
    complain(std::string("usage: ") + error.what());
    return exit_usage;
  } catch (const storage::StorageError& error) {
    complain("failed: " + std::string(error.what()) + " [" +
             storage::without_password(line.options().db) + "]. " +
             std::string(advice(error.problem)));
    return exit_failure;
  } catch (const base::Mistake& mistake) {
    complain(
        "failed: " + std::string(mistake.what()) +
        ". Nothing half-done is kept. This is a mistake in arrears; please report the whole line.");
    return exit_failure;
  } catch (const std::exception& error) {
    complain("failed: " + std::string(error.what()) + ".");
    return exit_failure;
  }
}

void add_all(CommandLine& line) {
  add_site_commands(line);
  add_person_commands(line);
  add_customer_commands(line);
  add_document_commands(line);
  add_payment_commands(line);
  add_dispute_commands(line);
  add_import_commands(line);
  add_report_commands(line);
  add_day_commands(line);
  add_call_commands(line);
  add_guard_commands(line);
  add_note_commands(line);
  add_journal_commands(line);
  add_copy_command(line);
  add_backup_commands(line);
  add_demo_command(line);
  add_serve_command(line);
  add_completion_command(line);
}

}  // namespace

CommandLine::CommandLine() : app_("Collections: what is owed, whom to call, what was promised.") {
  app_.name("arrears");
  app_.fallthrough();
  app_.require_subcommand(0, 1);
  app_.footer(
      "Exit codes: 0 done, 1 refused or not verified, 2 usage, 3 failure.\n"
      "Start with:\n"
      "  arrears init --entity E --name Example --currency USD --timezone America/New_York "
      "--calendar US\n"
      "  arrears import invoices FILE --dates M/D/Y\n"
      "  arrears worklist");
  add_options();
}

void CommandLine::add_options() {
  app_.add_option("--db", options_.db, "The database, sqlite:FILE or postgresql://USER@HOST/NAME")
      ->envname("ARREARS_DB")
      ->capture_default_str();
  app_.add_option("--keys", options_.keys, "Its key file (default: the SQLite file with .keys)")
      ->envname("ARREARS_KEYS");
  app_.add_option("--entity", options_.entity, "Code of the entity (default: the only one)");
  add_day(app_, "--as-of", options_.as_of, "The business date (default: the entity's local today)");
  app_.add_option("--known-at", options_.known_at,
                  "For questions: as known at this instant (RFC 3339), or \"now\"");
  app_.add_option_function<std::string>(
          "--format",
          [this](const std::string& name) { options_.format = *base::parse_name<Format>(name); },
          "table, json or csv (default: table)")
      ->check(CLI::IsMember({"table", "json", "csv"}));
  app_.add_option("--actor", options_.actor, "Who does it (default: your user name)")
      ->envname("ARREARS_ACTOR");
  app_.add_option("--key", options_.key,
                  "Idempotency key: the same command with the same key happens once");
  app_.add_option("--now", options_.now,
                  "The present instant, only in a rehearsal database (arrears init --rehearsal, "
                  "or the demo)")
      ->envname("ARREARS_NOW");
  app_.add_option_function<std::string>(
          "--progress", [this](const std::string& when) { options_.progress = when == "auto"; },
          "auto (only on a terminal) or never")
      ->check(CLI::IsMember({"auto", "never"}));
  app_.add_option_function<std::string>(
          "--engine",
          [this](const std::string& engine) { options_.portfolio = engine == "portfolio"; },
          "What answers aging, worklist, metrics and run: portfolio (the book in memory, the "
          "default) or sql (every row of the database, for comparison)")
      ->check(CLI::IsMember({"portfolio", "sql"}));
}

CLI::App& CommandLine::group(const std::string& name, const std::string& help) {
  return *app_.add_subcommand(name, help)->require_subcommand(0, 1);
}

CLI::App& CommandLine::add(CLI::App& parent, const std::string& name, const std::string& help,
                           const std::string& example, Act act) {
  CLI::App* command = parent.add_subcommand(name, help)->require_subcommand(0, 1);
  command->footer("Example:\n  arrears " + example + "\n");
  acts_[command] = std::move(act);
  return *command;
}

const Act* CommandLine::chosen() {
  const CLI::App* command = &app_;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  const auto found = acts_.find(command);
  return found == acts_.end() ? nullptr : &found->second;
}

std::string CommandLine::chosen_name() {
  std::string name;
  for (const CLI::App* command = &app_; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    name += (name.empty() ? "" : " ") + command->get_name();
  }
  return name;
}

CLI::Option* add_day(CLI::App& command, const std::string& flag, std::optional<calendar::Date>& day,
                     const std::string& help) {
  return command
      .add_option_function<std::string>(
          flag,
          [&day, flag](const std::string& text) {
            day = calendar::parse_date(text);
            if (!day) throw CLI::ValidationError(flag, text + " is no day, write YYYY-MM-DD");
          },
          help)
      ->type_name("DAY");
}

int run(int count, const char* const* words) {
  // A reader that has gone away (`| head`) is noticed where the answer is written.
  std::signal(SIGPIPE, SIG_IGN);
  CommandLine line;
  add_all(line);
  try {
    line.app().parse(count, words);
  } catch (const CLI::CallForHelp&) {
    return or_complain(line, [&] {
      print_text(line.app().help());
      return exit_ok;
    });
  } catch (const CLI::ParseError& error) {
    complain("usage: " + std::string(error.what()) + ". " + see_help(line));
    return exit_usage;
  }
  return or_complain(line, [&] { return act(line); });
}

}  // namespace arrears::cli
