#include <algorithm>
#include <fstream>
#include <sstream>

#include "programs/arrears/command_line.h"
#include "programs/arrears/progress.h"

namespace arrears::cli {

namespace {

namespace json = boost::json;

storage::CheckpointFile read_checkpoint(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  auto checkpoint = storage::parse_checkpoint_file(text.str());
  if (!file || !checkpoint) throw UsageError("--against " + path + " is no checkpoint file.");
  return *checkpoint;
}

void print_verification(const storage::Verification& found, Format format) {
  Rows problems;
  std::string lines;
  for (const storage::Problem& problem : found.problems) {
    problems.push_back(
        Object{{"problem", name(problem.kind)}, {"where", problem.where}, {"text", problem.text}});
    lines += std::string(name(problem.kind)) + ": " + problem.where + ": " + problem.text + "\n";
  }
  switch (format) {
    case Format::csv:
      return print_text(csv_text(problems, {"problem", "where", "text"}));
    case Format::json:
      return print_text(json_text(Object{{"verified", found.passed()},
                                         {"entries", found.entries},
                                         {"pending_entries", found.pending_entries},
                                         {"rows", found.rows},
                                         {"checkpoints", found.checkpoints},
                                         {"problem_count", found.problem_count},
                                         {"problems", std::move(problems)}}));
    case Format::table:
      break;
  }
  const std::string read = std::to_string(found.entries) + " entries, " +
                           std::to_string(found.rows) + " facts, " +
                           std::to_string(found.checkpoints) + " checkpoints";
  if (found.passed()) return print_text("Verified: " + read + ".\n");
  const auto left = found.problem_count - static_cast<std::int64_t>(found.problems.size());
  if (left > 0) lines += "and " + std::to_string(left) + " more\n";
  print_text(lines + "NOT VERIFIED: " + std::to_string(found.problem_count) + " problems in " +
             read + ".\n");
}

void add_verify(CommandLine& line, CLI::App& group) {
  auto against = std::make_shared<std::string>();
  CLI::App& verify = line.add(
      group, "verify", "Recompute every hash; name whatever was changed, moved or removed",
      "journal verify --against checkpoint.json", [against](Session& session) {
        std::optional<storage::CheckpointFile> checkpoint;
        if (!against->empty()) checkpoint = read_checkpoint(*against);
        storage::Verification found;
        {
          Progress progress(session.options().progress);
          found = session.store().verify(
              checkpoint, [&](int done, int total) { progress.show("verifying", done, total); });
        }
        print_verification(found, session.options().format);
        if (!found.passed()) session.exit_code = exit_refused;
      });
  verify.add_option("--against", *against, "A checkpoint file that was exported before");
}

void export_checkpoint(Session& session, const std::string& path) {
  session.store().checkpoint();
  const auto text = session.store().export_checkpoint();
  ARREARS_REQUIRE(text.has_value());
  if (path.empty()) return print_text(*text + "\n");
  std::ofstream file(path, std::ios::binary);
  file << *text << "\n";
  file.close();
  if (!file) throw std::runtime_error("The checkpoint could not be written to " + path);
  const auto checkpoint = storage::parse_checkpoint_file(*text)->checkpoint;
  session.print(
      Object{{"checkpoint", checkpoint.number}, {"at", to_string(checkpoint.at)}, {"file", path}});
}

json::value payload_of(const std::string& text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

Object tail_row(const storage::TailEntry& entry) {
  Object row{{"at", to_string(entry.recorded_at)},
             {"part", entry.part},
             {"sequence", nullptr},
             {"kind", entry.kind},
             {"actor", entry.actor},
             {"facts", entry.row_count},
             {"entry_id", std::to_string(entry.entry_id)},
             {"command_id", std::to_string(entry.command_id)},
             {"payload", payload_of(entry.payload)}};
  if (entry.seq) row["sequence"] = *entry.seq;
  if (!entry.private_payload.empty()) row["personal"] = payload_of(entry.private_payload);
  if (entry.erased) row["personal"] = "(erased)";
  return row;
}

/// The last `count` entries, or the last of one kind.
Rows tail(storage::DatabaseStore& store, int count, const std::string& kind) {
  constexpr int most = 1 << 28;
  for (int asked = count;; asked *= 8) {
    const auto entries = store.tail(asked);
    Rows rows;
    for (const storage::TailEntry& entry : entries)
      if (kind.empty() || entry.kind == kind) rows.push_back(tail_row(entry));
    const auto wanted = static_cast<std::size_t>(count);
    const bool complete = entries.size() < static_cast<std::size_t>(asked) || asked > most / 8;
    if (rows.size() < wanted && !complete) continue;
    if (rows.size() > wanted)
      rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(wanted));
    return rows;
  }
}

}  // namespace

void add_journal_commands(CommandLine& line) {
  CLI::App& group = line.group("journal", "The record of every change");
  add_verify(line, group);
  auto out = std::make_shared<std::string>();
  CLI::App& checkpoint =
      line.add(group, "checkpoint", "Sign a checkpoint and export it, to be kept elsewhere",
               "journal checkpoint --out checkpoint.json",
               [out](Session& session) { export_checkpoint(session, *out); });
  checkpoint.add_option("--out", *out, "File (default: to the screen)");

  struct Input {
    int count = 20;
    std::string kind;
  };
  auto input = std::make_shared<Input>();
  CLI::App& last =
      line.add(group, "tail", "The last entries, oldest first",
               "journal tail -n 50 --kind call_logged", [input](Session& session) {
                 session.print(tail(session.store(), input->count, input->kind),
                               {"at", "part", "sequence", "kind", "actor", "facts", "payload"});
               });
  last.add_option("-n,--count", input->count, "How many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  last.add_option("--kind", input->kind, "Of one kind, such as call_logged");
}

}  // namespace arrears::cli
