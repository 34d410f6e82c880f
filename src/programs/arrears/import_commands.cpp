#include <cstdio>
#include <filesystem>

#include "adapters/formats/csv_import_source.h"
#include "app/import.h"
#include "base/text.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/import_files.h"
#include "programs/arrears/progress.h"

namespace arrears::cli {

namespace {

struct ImportInput {
  app::ImportRequest request;
  std::string map;
  std::string profile;
  std::string save_profile;
  std::string rejects;
  std::int64_t id = 0;
};

std::string rejects_of(const ImportInput& input, const std::string& file) {
  return input.rejects.empty() ? file + ".rejects.csv" : input.rejects;
}

/// The saved options, under those of the line.
app::ImportOptions merged(const app::ImportOptions& saved, app::ImportOptions given) {
  const auto keep = [](std::string& mine, const std::string& theirs) {
    if (mine.empty()) mine = theirs;
  };
  keep(given.currency, saved.currency);
  keep(given.dates, saved.dates);
  keep(given.decimals, saved.decimals);
  keep(given.delimiter, saved.delimiter);
  keep(given.encoding, saved.encoding);
  given.strict = given.strict || saved.strict;
  if (given.mapping.empty()) given.mapping = saved.mapping;
  return given;
}

/// Says on stderr what became of refused records, so that stdout stays the report.
void report(Session& session, const app::ImportReport& done, const std::string& rejects) {
  session.print(app::to_json(done));
  if (done.rejected == 0) return;
  session.exit_code = exit_refused;
  const std::string good =
      done.dry_run ? "Nothing was imported (dry run)." : "The good ones are in.";
  const std::string text = "arrears: " + std::to_string(done.rejected) + " of " +
                           std::to_string(done.rows) + " records were refused. " + good +
                           " The refused ones are in " + rejects +
                           ": correct them there and import that file.\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

using Work = std::function<base::Result<app::ImportReport>(const app::ImportIo&)>;

/// Opens file and reject file, and runs `work` between them. Without a file that is still there
/// only what is staged whole can be resumed.
void with_file(Session& session, const std::string& file, const app::ImportOptions& options,
               const std::string& rejects, bool needs_file, const Work& work) {
  std::unique_ptr<formats::CsvImportSource> source;
  std::unique_ptr<formats::CsvRejectFile> reject_file;
  if (needs_file || std::filesystem::exists(file)) {
    source = taken(formats::CsvImportSource::open(file, options));
    reject_file = std::make_unique<formats::CsvRejectFile>(rejects, file,
                                                           taken(formats::csv_options(options)));
  }
  app::ImportReport done;
  {
    Progress progress(session.options().progress);
    app::ImportIo io{source.get(), reject_file.get(), {}};
    io.progress = [&](std::string_view phase, std::int64_t rows) {
      progress.show(std::string(phase) + " rows", rows);
    };
    done = taken(work(io));
  }
  report(session, done, rejects);
}

void import(Session& session, const ImportInput& input) {
  const Command command = session.command();
  app::ImportRequest request = input.request;
  request.entity = command.entity;
  request.as_of = session.options().as_of;
  if (!input.map.empty()) request.options.mapping = taken(app::parse_mapping(input.map));
  if (!input.profile.empty()) {
    const auto facts = command.store.read({});
    request.options = merged(taken(app::load_import_profile(*facts, input.profile, request.kind)),
                             request.options);
  }
  with_file(session, request.file_name, request.options, rejects_of(input, request.file_name),
            /*needs_file=*/true, [&](const app::ImportIo& io) {
              return app::import_file(command.store, command.caller, request, io);
            });
  if (input.save_profile.empty() || request.dry_run) return;
  app::Caller caller = command.caller;
  caller.idempotency_key += "/profile";
  taken(app::save_import_profile(command.store, caller, input.save_profile, request.kind,
                                 request.options));
}

void add_import_options(CLI::App& command, ImportInput& input) {
  app::ImportRequest& request = input.request;
  app::ImportOptions& options = request.options;
  command.add_option("file", request.file_name, "The CSV file")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("--map", input.map,
                     "field=column,field=column; `arrears import fields` has "
                     "the fields");
  command.add_option("--profile", input.profile, "Options saved under this name");
  command.add_option("--save-profile", input.save_profile, "Save the options under this name");
  command.add_option("--dates", options.dates, "M/D/Y, D/M/Y, Y-M-D, excel or auto");
  command.add_option("--decimal", options.decimals, "dot, comma or auto");
  command.add_option("--delimiter", options.delimiter,
                     "comma, semicolon, tab, pipe, the character itself, or auto");
  command.add_option("--encoding", options.encoding, "utf-8, utf-16, windows-1252, ..., or auto");
  command.add_option("--currency", options.currency, "Where the file names none");
  command.add_flag("--strict", options.strict, "Refuse rows of unknown customers");
  command.add_flag("--dry-run", request.dry_run, "Do everything, keep nothing");
  command.add_option("--control-total", request.control_totals,
                     "The sum as the ERP states it: 12500.00, or USD 12500.00 once per currency");
  command.add_option("--rejects", input.rejects, "Reject file (default: FILE.rejects.csv)");
}

void add_kinds(CommandLine& line, CLI::App& group) {
  const std::pair<app::ImportKind, std::string> kinds[] = {
      {app::ImportKind::customers, "Customers, with their parties and groups"},
      {app::ImportKind::contacts, "The people at the customers"},
      {app::ImportKind::invoices, "Invoices, credit notes and other documents"},
      {app::ImportKind::payments, "Payments"},
      {app::ImportKind::allocations, "Which payment settled which invoice"},
      {app::ImportKind::open_items, "A snapshot of all open items, as of --as-of"},
      {app::ImportKind::rates, "Exchange rates; also the ECB's file"}};
  for (const auto& [kind, help] : kinds) {
    auto input = std::make_shared<ImportInput>();
    input->request.kind = kind;
    const std::string word(base::name(kind));
    CLI::App& command =
        line.add(group, word, help, "import " + word + " " + word + ".csv --dates M/D/Y",
                 [input](Session& session) { import(session, *input); });
    add_import_options(command, *input);
    if (kind != app::ImportKind::open_items) continue;
    command.add_option("--shrink-limit", input->request.shrink_limit_percent,
                       "Per cent of the open items and amount that the snapshot may close");
  }
}

void add_interrupted(CommandLine& line, CLI::App& group) {
  line.add(group, "list", "Interrupted imports", "import list", [](Session& session) {
    session.print(app::list_imports(session.store()),
                  {"import_id", "entity", "kind", "file", "staged_rows", "complete", "started_at"});
  });
  auto input = std::make_shared<ImportInput>();
  CLI::App& resume = line.add(
      group, "resume", "Go on with an interrupted import", "import resume 123456",
      [input](Session& session) {
        storage::DatabaseStore& store = session.store();
        const app::ImportRequest request = taken(app::interrupted_import(store, input->id));
        const std::string& given = input->request.file_name;
        const std::string file = given.empty() ? request.file_name : given;
        with_file(session, file, request.options, rejects_of(*input, file),
                  /*needs_file=*/!given.empty(), [&](const app::ImportIo& io) {
                    return app::resume_import(store, session.caller(), input->id, io);
                  });
      });
  resume.add_option("id", input->id, "Its id")->required();
  resume.add_option("file", input->request.file_name, "The same file (default: where it was)");
  resume.add_option("--rejects", input->rejects, "Reject file (default: FILE.rejects.csv)");
  CLI::App& drop = line.add(
      group, "drop", "Give up an interrupted import", "import drop 123456",
      [input](Session& session) {
        session.print(taken(app::drop_import(session.store(), session.caller(), input->id)));
      });
  drop.add_option("id", input->id, "Its id")->required();
}

void add_help(CommandLine& line, CLI::App& group) {
  auto input = std::make_shared<ImportInput>();
  CLI::App& described = line.add(group, "describe", "What an import would see in a file",
                                 "import describe invoices.csv", [input](Session& session) {
                                   session.print(taken(describe_import_file(
                                       input->request.file_name, input->request.options)));
                                 });
  described.add_option("file", input->request.file_name, "The CSV file")
      ->required()
      ->check(CLI::ExistingFile);
  described.add_option("--delimiter", input->request.options.delimiter, "As in the import");
  described.add_option("--encoding", input->request.options.encoding, "As in the import");

  auto kind = std::make_shared<std::string>();
  CLI::App& fields = line.add(group, "fields", "The fields of a kind of file, for --map",
                              "import fields invoices", [kind](Session& session) {
                                Rows rows;
                                for (const app::ImportField& field : app::import_fields(
                                         *base::parse_name<app::ImportKind>(*kind))) {
                                  rows.push_back(Object{{"field", field.name},
                                                        {"type", base::name(field.type)},
                                                        {"required", field.required},
                                                        {"meaning", field.help}});
                                }
                                session.print(rows, {"field", "type", "required", "meaning"});
                              });
  const auto& names = base::Names<app::ImportKind>::all;
  fields.add_option("kind", *kind, "The kind of file")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(names), std::end(names))));

  line.add(group, "profiles", "The saved profiles", "import profiles", [](Session& session) {
    const auto facts = session.facts();
    Rows rows;
    for (const std::string& name : facts->import_profile_names()) {
      rows.push_back(
          Object{{"profile", name}, {"options", boost::json::parse(*facts->import_profile(name))}});
    }
    session.print(rows, {"profile", "options"});
  });
}

}  // namespace

void add_import_commands(CommandLine& line) {
  CLI::App& group = line.group("import", "Files from the ERP and the bank");
  add_kinds(line, group);
  add_interrupted(line, group);
  add_help(line, group);
}

}  // namespace arrears::cli
