#include "app/site.h"
#include "app/site_queries.h"
#include "programs/arrears/command_line.h"

#ifndef ARREARS_VERSION
#error "The build says which version this is"
#endif

namespace arrears::cli {

namespace {

void init(Session& session, app::NewEntity entity, bool rehearsal) {
  entity.code = session.options().entity;
  if (entity.code.empty()) throw UsageError("--entity is missing: the new entity's code.");
  if (entity.name.empty()) entity.name = entity.code;
  storage::DatabaseStore& store = session.create_store(rehearsal);
  if (rehearsal && !store.is_rehearsal()) {
    throw UsageError("This database keeps real time already; rehearse in another one.");
  }
  Object answer = taken(app::add_entity(store, session.caller(), entity));
  answer["database"] = session.options().db;
  answer["keys"] = session.options().keys;
  if (store.is_rehearsal()) answer["rehearsal"] = true;
  session.print(answer);
}

void add_init(CommandLine& line) {
  struct Input {
    app::NewEntity entity;
    bool rehearsal = false;
  };
  auto input = std::make_shared<Input>();
  CLI::App& command = line.add(
      line.app(), "init",
      "Add an entity; makes the database and its key file where they are absent",
      "init --entity E --name \"Example\" --currency USD --timezone America/New_York --calendar US",
      [input](Session& session) { init(session, input->entity, input->rehearsal); });
  command.add_option("--name", input->entity.name, "Name of the legal company");
  command.add_option("--currency", input->entity.currency, "Base currency, ISO 4217")->required();
  command.add_option("--timezone", input->entity.time_zone, "IANA name")->required();
  command
      .add_option("--calendar", input->entity.calendar,
                  "Business calendar: US, DE, DE-BY, ...; `arrears calendar list` has all")
      ->required();
  command
      .add_option("--tolerance-days", input->entity.promise_tolerance_days,
                  "Business days after a promised date until a promise is broken")
      ->capture_default_str();
  command.add_flag("--rehearsal", input->rehearsal,
                   "A database for practice: commands may name their instant with --now");
}

void add_calendar(CommandLine& line) {
  CLI::App& group = line.group("calendar", "Business days and holidays");
  line.add(group, "list", "The calendars that ship", "calendar list",
           [](Session& session) { session.print(app::calendar_list(), {"calendar"}); });

  struct Input {
    std::string code;
    int year = 0;
    std::optional<calendar::Date> day;
    std::string name;
  };
  auto input = std::make_shared<Input>();
  CLI::App& show = line.add(
      group, "show", "The holidays of a year, the entity's own days included",
      "calendar show US --year 2026", [input](Session& session) {
        const Question question = session.question();
        const int year = input->year ? input->year : calendar::split(question.as_of).year;
        session.print(taken(app::holiday_list(*question.facts, input->code, question.entity, year)),
                      {"day", "weekday", "name", "source"});
      });
  show.add_option("code", input->code, "The calendar (default: the entity's)");
  show.add_option("--year", input->year, "The year (default: that of --as-of)");

  const auto set = [input](bool is_holiday) {
    return [input, is_holiday](Session& session) {
      const Command command = session.command();
      session.print(taken(app::set_calendar_day(command.store, command.caller, command.entity,
                                                *input->day, is_holiday, input->name)));
    };
  };
  CLI::App& holiday = line.add(group, "add-holiday", "Make a day a holiday of the entity",
                               "calendar add-holiday 2026-12-24 \"Company holiday\"", set(true));
  add_day(holiday, "day", input->day, "The day")->required();
  holiday.add_option("name", input->name, "Its name")->required();
  CLI::App& working =
      line.add(group, "working-day", "Make a holiday of the country a working day of the entity",
               "calendar working-day 2026-10-12", set(false));
  add_day(working, "day", input->day, "The day")->required();
}

void add_book(CommandLine& line) {
  CLI::App& group = line.group("book", "Books: which collector owns which customers");
  line.add(group, "list", "The books, first wins", "book list", [](Session& session) {
    const Question question = session.question();
    session.print(taken(app::book_list(*question.facts, question.entity)),
                  {"book", "collector", "manager", "priority", "numbers", "countries", "segments",
                   "from", "until"});
  });
  struct Input {
    app::NewBook book;
    std::optional<calendar::Date> from;
    std::optional<calendar::Date> until;
  };
  auto input = std::make_shared<Input>();
  CLI::App& set = line.add(
      group, "set", "Add a book, or change the one of that name",
      "book set north --collector anna --manager mark --customers \"N*\" --country US",
      [input](Session& session) {
        const Command command = session.command();
        app::NewBook book = input->book;
        book.from = input->from.value_or(command.today);
        book.until = input->until;
        session.print(taken(app::set_book(command.store, command.caller, command.entity, book)));
      });
  set.add_option("name", input->book.name, "The book's name")->required();
  set.add_option("--collector", input->book.collector, "Who works it")->required();
  set.add_option("--manager", input->book.manager, "Named owner of its escalations");
  set.add_option("--priority", input->book.priority, "Lower wins")->capture_default_str();
  set.add_option("--customers", input->book.customers, "Number patterns: \"C1*,C77\"");
  set.add_option("--country", input->book.country, "Countries of the party, ISO alpha-2");
  set.add_option("--segment", input->book.segment, "Segments of the customer");
  add_day(set, "--from", input->from, "First day (default: today)");
  add_day(set, "--until", input->until, "First day on which it no longer holds");
}

void add_strategy(CommandLine& line) {
  CLI::App& group = line.group("strategy", "The schedule, the points and the thresholds");
  line.add(group, "show", "The strategy in force", "strategy show", [](Session& session) {
    const Question question = session.question();
    session.print(taken(app::strategy_report(*question.facts, question.entity)));
  });
  struct Input {
    std::string small_balance;
    std::optional<int> quiet_days;
    std::optional<std::string> manager;
  };
  auto input = std::make_shared<Input>();
  CLI::App& set = line.add(
      group, "set", "Change the settings; what is not given stays",
      "strategy set --small-balance 50.00 --quiet-days 3 --manager mark",
      [input](Session& session) {
        const Command command = session.command();
        std::optional<std::int64_t> small_balance;
        if (!input->small_balance.empty()) {
          const auto facts = command.store.read({});
          const auto entity = taken(app::find_entity(*facts, command.entity));
          small_balance = taken(
              app::read_amount(input->small_balance, entity.base_currency, "The small balance"));
        }
        session.print(taken(app::set_strategy(command.store, command.caller, command.entity,
                                              small_balance, input->quiet_days, input->manager)));
      });
  set.add_option("--small-balance", input->small_balance,
                 "Customers below it are left alone; in base currency");
  set.add_option("--quiet-days", input->quiet_days, "Days between two contacts with a party");
  set.add_option("--manager", input->manager, "Owner of escalations where a book names none");
}

void add_reason(CommandLine& line) {
  CLI::App& group = line.group("reason", "The list of reasons for delay");
  line.add(group, "list", "The reasons", "reason list", [](Session& session) {
    session.print(app::reason_list(*session.facts()), {"reason", "label", "retired_on"});
  });
  struct Input {
    std::string code;
    std::string label;
    std::optional<calendar::Date> retired_on;
  };
  auto input = std::make_shared<Input>();
  CLI::App& set = line.add(
      group, "set", "Add a reason, change its label, or retire it",
      "reason set new_owner \"Company has a new owner\"", [input](Session& session) {
        session.print(taken(app::set_delay_reason(session.store(), session.caller(), input->code,
                                                  input->label, input->retired_on)));
      });
  set.add_option("code", input->code, "Its code, never reused for another meaning")->required();
  set.add_option("label", input->label, "What people read")->required();
  add_day(set, "--retired-on", input->retired_on, "First day on which it may not be chosen");
}

}  // namespace

void add_site_commands(CommandLine& line) {
  add_init(line);
  line.add(line.app(), "version", "The program's version", "version",
           [](Session& session) { session.print(Object{{"version", ARREARS_VERSION}}); });
  CLI::App& entity = line.group("entity", "The companies whose receivables are managed");
  line.add(entity, "list", "The entities", "entity list", [](Session& session) {
    session.print(app::entity_list(*session.facts()), {"entity", "name", "currency", "time_zone",
                                                       "calendar", "promise_tolerance_days"});
  });
  add_calendar(line);
  add_book(line);
  add_strategy(line);
  add_reason(line);
}

}  // namespace arrears::cli
