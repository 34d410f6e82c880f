#include <fstream>

#include "adapters/formats/csv_import_source.h"
#include "app/import.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

app::ImportKind read_kind(Words& words) {
  const auto kind = base::parse_name<app::ImportKind>(words.take("what to import"));
  if (!kind)
    words.fail(
        "import customers, contacts, invoices, payments, allocations, "
        "open-items or rates");
  return *kind;
}

/// Reads an option of the file if one comes next; a mapping may be refused.
bool read_option(Words& words, app::ImportOptions& options, std::string& mapping) {
  if (words.accept("currency")) {
    options.currency = words.take("the currency");
  } else if (words.accept("dates")) {
    options.dates = words.take("the style of days");
  } else if (words.accept("decimal")) {
    options.decimals = words.take("the decimal sign");
  } else if (words.accept("map")) {
    mapping = words.take("the mapping");
  } else if (words.accept("strict")) {
    options.strict = true;
  } else {
    return false;
  }
  return true;
}

std::string counted(std::int64_t count, std::string_view what) {
  return count == 0 ? std::string() : ", " + std::to_string(count) + " " + std::string(what);
}

/// Control bytes as in quoted words.
std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
      clean += c;
    } else {
      clean += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
    }
  }
  return clean;
}

Output report_lines(const app::ImportReport& report) {
  Output lines{std::to_string(report.rows) + " rows" + counted(report.added, "added") +
               counted(report.changed, "changed") + counted(report.unchanged, "unchanged") +
               counted(report.rejected, "rejected") + counted(report.stubs, "stub customers") +
               counted(report.allocations, "allocations") +
               counted(report.unidentified, "unidentified payments") +
               (report.dry_run ? ", dry run" : "")};
  for (const auto& [currency, totals] : report.totals) {
    const auto decimal = [&](std::int64_t minor) { return money::to_decimal(minor, currency); };
    lines.push_back(
        std::string(currency.code()) + ": file " + decimal(totals.file_minor) + ", added " +
        decimal(totals.added_minor) +
        (totals.closed_items == 0 ? "" : ", closed " + decimal(totals.closed_minor)) +
        (totals.absent_items == 0 ? "" : ", absent and left open " + decimal(totals.absent_minor)));
  }
  for (const std::string& warning : report.warnings)
    for (std::string& line : wrapped("note: " + warning)) lines.push_back(std::move(line));
  for (const app::ImportProblem& problem : report.problems) {
    lines.push_back("line " + std::to_string(problem.line) +
                    (problem.column.empty() ? "" : ", " + problem.column) +
                    (problem.value.empty() ? "" : ": " + printable(problem.value)));
    lines.push_back("refused: " + problem.code);
    for (std::string& line : wrapped(problem.message)) lines.push_back(std::move(line));
  }
  return lines;
}

/// The rows of the statement ("| a,b") as a file.
std::string write_rows(Call& call) {
  const std::string path = call.world.folder() + "/rows.csv";
  std::ofstream out(path, std::ios::binary);
  for (const Line& line : call.fields) {
    std::string_view row = line.text;
    row.remove_prefix(row.starts_with("| ") ? 2 : 1);
    out << unescaped(row) << '\n';
  }
  return path;
}

/// import KIND [currency C] [dates S] [decimal S] [map f=c,f=c] [strict] [total T] [as of D]
/// [shrink N] [profile P] [dry run]; the rows follow, each after a bar.
Answer import_rows(Call& call) {
  Words& words = call.words;
  app::ImportRequest request;
  request.entity = call.world.entity();
  request.kind = read_kind(words);
  std::string mapping;
  std::string profile;
  while (!words.done()) {
    if (read_option(words, request.options, mapping)) continue;
    if (words.accept("total")) {
      request.control_totals.push_back(words.take("the control total"));
    } else if (words.accept("as of")) {
      request.as_of = words.date("the day of the snapshot");
    } else if (words.accept("shrink")) {
      request.shrink_limit_percent = words.integer("the share");
    } else if (words.accept("profile")) {
      profile = words.take("the profile");
    } else {
      words.expect("dry run");
      request.dry_run = true;
    }
  }
  if (!profile.empty()) {
    const auto loaded = app::load_import_profile(*call.world.facts(), profile, request.kind);
    if (!loaded) return loaded;
    request.options = *loaded;
  }
  if (!mapping.empty()) {
    const auto parsed = app::parse_mapping(mapping);
    if (!parsed) return parsed;
    request.options.mapping = *parsed;
  }
  const std::string path = write_rows(call);
  request.file_name = "rows.csv";
  const auto source = formats::CsvImportSource::open(path, request.options);
  if (!source) return source;
  const auto report = app::import_file(call.world.store(), call.world.caller(), request,
                                       {source->get(), nullptr, {}});
  if (!report) return report;
  Answer answer(report_lines(*report));
  for (const app::ImportProblem& problem : report->problems)
    answer.row_refusals.push_back({"row", problem.code, problem.message});
  return answer;
}

/// save profile NAME for KIND [options as above]
Answer save_profile(Call& call) {
  Words& words = call.words;
  const std::string name = words.take("the profile's name");
  words.expect("for");
  const app::ImportKind kind = read_kind(words);
  app::ImportOptions options;
  std::string mapping;
  while (!words.done())
    if (!read_option(words, options, mapping)) words.end();
  if (!mapping.empty()) {
    const auto parsed = app::parse_mapping(mapping);
    if (!parsed) return parsed;
    options.mapping = *parsed;
  }
  return app::save_import_profile(call.world.store(), call.world.caller(), name, kind, options);
}

/// drop import N
Answer drop_import(Call& call) {
  return app::drop_import(call.world.store(), call.world.caller(),
                          call.words.integer("the import"));
}

}  // namespace

std::vector<Verb> import_verbs() {
  return {{"import", import_rows}, {"save profile", save_profile}, {"drop import", drop_import}};
}

}  // namespace arrears::scenarios
