#include "app/aging.h"
#include "app/daily_run.h"
#include "app/demo.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/progress.h"
#include "programs/arrears/report_tables.h"

namespace arrears::cli {

namespace {

constexpr std::size_t shown_max = 15;

bool has_demo(storage::DatabaseStore& store) {
  const auto facts = store.read({});
  return app::find_entity(*facts, app::demo_entity).ok();
}

Object make(Session& session, base::FixedClock& clock, int percent) {
  Progress progress(session.options().progress);
  app::DemoOptions options;
  options.percent = percent;
  options.progress = [&](calendar::Date day) {
    progress.show("making the demonstration", day - app::demo_first_day(),
                  app::demo_last_day() - app::demo_first_day());
  };
  return taken(app::make_demo(session.store(), clock, options));
}

/// The worklist's best lines and the aging, on the last day of the demonstration.
void show(Session& session) {
  const auto facts = session.facts();
  const calendar::Date day = session.options().as_of.value_or(app::demo_last_day());
  const std::string entity(app::demo_entity);
  Rows lines = taken(app::worklist(*facts, entity, day, "", false));
  const std::size_t count = lines.size();
  if (lines.size() > shown_max) lines.resize(shown_max);
  const Object aging = taken(app::aging_report(*facts, {entity, day, app::AgingBy::total, ""}));
  if (session.options().format != Format::table) {
    return session.print(Object{{"worklist", std::move(lines)}, {"aging", aging}});
  }
  print_text("Worklist of " + to_string(day) + ": the first " + std::to_string(lines.size()) +
             " of " + std::to_string(count) + " parties\n\n");
  print_worklist(lines, Format::table);
  print_text("\n");
  print_aging(aging, Format::table);
}

}  // namespace

void add_demo_command(CommandLine& line) {
  struct Input {
    bool show = false;
    int percent = 100;
  };
  auto input = std::make_shared<Input>();
  CLI::App& demo =
      line.add(line.app(), "demo", "Make the demonstration company: two years, 2,000 customers",
               "demo --show --db sqlite:demo.db", [input](Session& session) {
                 base::FixedClock& clock = session.rehearse();
                 storage::DatabaseStore& store = session.create_store(/*rehearsal=*/true);
                 if (!input->show) return session.print(make(session, clock, input->percent));
                 if (!has_demo(store)) make(session, clock, input->percent);
                 show(session);
               });
  demo.add_flag("--show", input->show,
                "Make it where it is absent, then show worklist and aging of its last day");
  demo.add_option("--percent", input->percent, "Of the full size")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
}

}  // namespace arrears::cli
