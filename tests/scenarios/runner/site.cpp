#include "app/site.h"

#include "app/customers.h"
#include "domain/money/rate.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

Answer today(Call& call) {
  const Date day = call.words.date("the day");
  const auto seconds = call.words.time_of_day();
  if (!call.world.move_clock(day, seconds)) call.words.fail("time only goes forward");
  return {};
}

Answer advance_to(Call& call) { return today(call); }

Answer user(Call& call) {
  call.world.user = call.words.take("the user");
  return {};
}

Answer key(Call& call) {
  call.world.next_key = call.words.take("the idempotency key");
  return {};
}

/// entity E "Example" currency USD zone America/New_York calendar US [tolerance 2]
Answer entity(Call& call) {
  Words& words = call.words;
  app::NewEntity given;
  given.code = words.take("the entity's code");
  given.name = words.take("the entity's name");
  given.currency = "USD";
  given.time_zone = "America/New_York";
  given.calendar = "US";
  while (!words.done()) {
    if (words.accept("currency")) {
      given.currency = words.take("the currency");
    } else if (words.accept("zone")) {
      given.time_zone = words.take("the time zone");
    } else if (words.accept("calendar")) {
      given.calendar = words.take("the calendar");
    } else if (words.accept("tolerance")) {
      given.promise_tolerance_days = words.integer("the tolerance");
    } else {
      words.end();
    }
  }
  const auto added = app::add_entity(call.world.store(), call.world.caller(), given);
  if (added) call.world.use_entity(given.code, given.time_zone);
  return added;
}

Answer use(Call& call) {
  const std::string code = call.words.take("the entity's code");
  const std::string& zone = call.world.time_zone_of(code);
  call.world.use_entity(code, zone.empty() ? "UTC" : zone);
  return {};
}

/// customer C1 "Name" [party REF] [parent C0] [country DE] [segment key] [person]
Answer customer(Call& call) {
  Words& words = call.words;
  app::CustomerRow row;
  row.number = words.take("the customer's number");
  row.name = words.take("the customer's name");
  Date as_of = call.world.today();
  while (!words.done()) {
    if (words.accept("party")) {
      row.party_reference = words.take("the party's reference");
    } else if (words.accept("parent")) {
      row.parent = words.take("the parent's number");
    } else if (words.accept("country")) {
      row.country = words.take("the country");
    } else if (words.accept("segment")) {
      row.segment = words.take("the segment");
    } else if (words.accept("person")) {
      row.kind = parties::PartyKind::person;
    } else if (words.accept("from")) {
      as_of = words.date("the first day");
    } else {
      words.end();
    }
  }
  return app::add_customer(call.world.store(), call.world.caller(), call.world.entity(), row,
                           as_of);
}

/// contact of C1 "Anna Schmidt" [phone P] [email E] [role R] [zone Z] [in US [region NY]]
/// [inactive]
Answer contact_of(Call& call) {
  Words& words = call.words;
  app::ContactRow row;
  row.customer = words.take("the customer");
  row.name = words.take("the name");
  while (!words.done()) {
    if (words.accept("phone")) {
      row.phone = words.take("the telephone number");
    } else if (words.accept("email")) {
      row.email = words.take("the e-mail address");
    } else if (words.accept("role")) {
      row.role = words.take("the role");
    } else if (words.accept("zone")) {
      row.time_zone = words.take("the time zone");
    } else if (words.accept("in")) {
      row.country = words.take("the country");
      if (words.accept("region")) row.region = words.take("the region");
    } else if (words.accept("inactive")) {
      row.active = false;
    } else {
      words.end();
    }
  }
  return app::set_contact(call.world.store(), call.world.caller(), call.world.entity(), row);
}

Answer holiday(Call& call) {
  const Date day = call.words.date("the day");
  return app::set_calendar_day(call.world.store(), call.world.caller(), call.world.entity(), day,
                               /*is_holiday=*/true, call.words.take("the holiday's name"));
}

Answer working_day(Call& call) {
  const Date day = call.words.date("the day");
  return app::set_calendar_day(call.world.store(), call.world.caller(), call.world.entity(), day,
                               /*is_holiday=*/false, "working day");
}

/// book north to anna [manager M] [priority 10] [customers C1*,C7] [country DE] [segment key]
/// [from D] [until D]
Answer book(Call& call) {
  Words& words = call.words;
  app::NewBook given;
  given.name = words.take("the book's name");
  words.expect("to");
  given.collector = words.take("the collector");
  given.from = calendar::make_date(2000, 1, 1).value();
  while (!words.done()) {
    if (words.accept("manager")) {
      given.manager = words.take("the manager");
    } else if (words.accept("priority")) {
      given.priority = words.integer("the priority");
    } else if (words.accept("customers")) {
      given.customers = words.take("the customers");
    } else if (words.accept("country")) {
      given.country = words.take("the country");
    } else if (words.accept("segment")) {
      given.segment = words.take("the segment");
    } else if (words.accept("from")) {
      given.from = words.date("the first day");
    } else if (words.accept("until")) {
      given.until = words.date("the first day after");
    } else {
      words.end();
    }
  }
  return app::set_book(call.world.store(), call.world.caller(), call.world.entity(), given);
}

/// strategy [small balance MINOR] [quiet days N] [manager M]
Answer strategy(Call& call) {
  Words& words = call.words;
  std::optional<std::int64_t> small_balance;
  std::optional<int> quiet_days;
  std::optional<std::string> manager;
  while (!words.done()) {
    if (words.accept("small balance")) {
      const auto facts = call.world.facts();
      money::Currency base;
      for (const parties::Entity& some : facts->entities())
        if (some.code == call.world.entity()) base = some.base_currency;
      const auto read = money::parse_amount(words.take("the amount"), base);
      if (read.error) words.fail("the small balance is not an amount of the entity's currency");
      small_balance = read.minor;
    } else if (words.accept("quiet days")) {
      quiet_days = words.integer("the days");
    } else if (words.accept("manager")) {
      manager = words.take("the manager");
    } else {
      words.end();
    }
  }
  return app::set_strategy(call.world.store(), call.world.caller(), call.world.entity(),
                           small_balance, quiet_days, manager);
}

/// reason CODE "Label" [retired D]
Answer reason(Call& call) {
  const std::string code = call.words.take("the reason's code");
  const std::string label = call.words.take("the label");
  std::optional<Date> retired;
  if (call.words.accept("retired")) retired = call.words.date("the first day without it");
  return app::set_delay_reason(call.world.store(), call.world.caller(), code, label, retired);
}

/// hold C1 from D [until D] ["why"]
Answer hold(Call& call) {
  Words& words = call.words;
  const std::string number = words.take("the customer");
  words.expect("from");
  const Date from = words.date("the first day");
  std::optional<Date> until;
  if (words.accept("until")) until = words.date("the first day after");
  const auto placed =
      app::place_hold(call.world.store(), call.world.caller(), call.world.entity(), number, from,
                      until, words.done() ? "" : words.take("the reason"));
  if (placed) call.world.holds[number] = text_of(*placed, "hold_id");
  return placed;
}

/// lift hold C1 on D
Answer lift_hold(Call& call) {
  const std::string number = call.words.take("the customer");
  call.words.expect("on");
  const Date on = call.words.date("the day");
  return app::lift_hold(call.world.store(), call.world.caller(), call.world.entity(), number,
                        call.world.holds[number], on);
}

/// rate EUR USD 1.0843 on D: one EUR is worth 1.0843 USD
Answer rate(Call& call) {
  Words& words = call.words;
  const auto base = money::parse_currency(words.take("the currency"));
  const auto quote = money::parse_currency(words.take("the other currency"));
  const auto scaled = money::parse_rate(words.take("the rate"));
  words.expect("on");
  const Date on = words.date("the day");
  if (!base || !quote || !scaled) words.fail("write: rate EUR USD 1.0843 on 2026-06-01");
  const app::Caller caller = call.world.caller();
  auto transaction = call.world.store().write();
  transaction->open_entry(base::slot_of("rates"), app::EntryKind::rate_recorded, "{}")
      .add(money::Rate{*base, *quote, on, *scaled}, app::Revision::first);
  transaction->commit(caller.now, caller.actor);
  transaction.reset();
  call.world.store().checkpoint();
  return {};
}

}  // namespace

std::vector<Verb> site_verbs() {
  return {{"today", today},         {"advance to", advance_to},
          {"user", user},           {"key", key},
          {"entity", entity},       {"use", use},
          {"customer", customer},   {"contact of", contact_of},
          {"holiday", holiday},     {"working day", working_day},
          {"book", book},           {"strategy", strategy},
          {"reason", reason},       {"hold", hold},
          {"lift hold", lift_hold}, {"rate", rate}};
}

}  // namespace arrears::scenarios
