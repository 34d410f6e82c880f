#include "app/site.h"

#include "app/recorder.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t entity_code_max = 16;
constexpr std::size_t reason_code_max = 40;

bool is_code(std::string_view code, std::size_t size_max) {
  if (code.empty() || code.size() > size_max) return false;
  for (const char c : code) {
    const bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_';
    if (!fine) return false;
  }
  return true;
}

std::vector<std::string> list(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view value : base::split(text, ',')) {
    if (!base::trim(value).empty()) values.emplace_back(base::trim(value));
  }
  return values;
}

Result<parties::Entity> check_entity(const NewEntity& given) {
  if (!is_code(given.code, entity_code_max)) {
    return base::refuse(SiteRefusal::code_invalid,
                        "The entity code \"" + given.code + "\" is no code");
  }
  if (const auto clean = check_text(given.name, "the entity's name"); !clean) return clean.error();
  const auto currency = money::parse_currency(given.currency);
  if (!currency) {
    return base::refuse(SiteRefusal::currency_unknown,
                        "Entity " + given.code + " names the currency " + given.currency);
  }
  if (!calendar::is_time_zone(given.time_zone)) {
    return base::refuse(SiteRefusal::time_zone_unknown,
                        "Entity " + given.code + " names the time zone " + given.time_zone);
  }
  if (!calendar::make_calendar(given.calendar)) {
    return base::refuse(SiteRefusal::calendar_unknown,
                        "Entity " + given.code + " names the calendar " + given.calendar);
  }
  if (given.promise_tolerance_days < 0 || given.promise_tolerance_days > 99) {
    return base::refuse(SiteRefusal::tolerance_invalid,
                        "Entity " + given.code + " names a tolerance of " +
                            std::to_string(given.promise_tolerance_days) + " days");
  }
  return parties::Entity{{},
                         given.code,
                         given.name,
                         *currency,
                         given.time_zone,
                         given.calendar,
                         given.promise_tolerance_days};
}

Json body_of(const NewEntity& given) {
  return {{"code", given.code},         {"name", given.name},
          {"currency", given.currency}, {"time_zone", given.time_zone},
          {"calendar", given.calendar}, {"promise_tolerance_days", given.promise_tolerance_days}};
}

const strategy::Book* book_named(const std::vector<strategy::Book>& books, std::string_view name) {
  for (const strategy::Book& book : books) {
    if (book.name == name) return &book;
  }
  return nullptr;
}

}  // namespace

Part part_of(parties::EntityId entity) { return entity.part(); }

Result<Json> add_entity(Store& store, const Caller& caller, const NewEntity& given) {
  return run_command(
      store, caller, "add_entity", body_of(given),
      [&](Transaction&) -> Result<Part> { return base::slot_of("entity/" + given.code); },
      [&](Transaction& facts) -> Result<Json> {
        auto entity = check_entity(given);
        if (!entity) return entity.error();
        if (find_entity(facts, given.code)) {
          return base::refuse(SiteRefusal::entity_exists,
                              "There is an entity " + given.code + " already");
        }
        const Part part = base::slot_of("entity/" + given.code);
        entity->id = facts.ids().make<parties::EntityTag>(part);
        facts.open_entry(part, EntryKind::entity_added, boost::json::serialize(body_of(given)))
            .add(*entity, Revision::first);
        return Json{{"entity", given.code}, {"entity_id", to_string(entity->id)}};
      });
}

Result<Json> set_calendar_day(Store& store, const Caller& caller, std::string_view entity_code,
                              Date day, bool is_holiday, std::string_view name) {
  const Json body{
      {"entity", entity_code}, {"day", to_string(day)}, {"is_holiday", is_holiday}, {"name", name}};
  return run_command(store, caller, "set_calendar_day", body, part_of_entity(entity_code),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       if (const auto clean = check_text(name, "the holiday's name"); !clean)
                         return clean.error();
                       facts
                           .open_entry(part_of(entity->id), EntryKind::calendar_changed,
                                       boost::json::serialize(body))
                           .add(CalendarDay{entity->id, day, is_holiday, std::string(name)},
                                Revision::next);
                       return body;
                     });
}

Result<Json> set_book(Store& store, const Caller& caller, std::string_view entity_code,
                      const NewBook& given) {
  const Json body{
      {"entity", entity_code},         {"name", given.name},
      {"collector", given.collector},  {"manager", given.manager},
      {"priority", given.priority},    {"customers", given.customers},
      {"country", given.country},      {"segment", given.segment},
      {"from", to_string(given.from)}, {"until", given.until ? to_string(*given.until) : ""}};
  return run_command(
      store, caller, "set_book", body, part_of_entity(entity_code),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        if (const auto clean = check_text(boost::json::serialize(body), "the book"); !clean)
          return clean.error();
        if (given.collector.empty() || given.name.empty()) {
          return base::refuse(SiteRefusal::collector_missing,
                              "The book " + given.name + " lacks its name or its collector");
        }
        if (given.until && *given.until <= given.from) {
          return base::refuse(SiteRefusal::period_invalid,
                              "The book " + given.name + " ends on " + to_string(*given.until));
        }
        const auto books = facts.books(entity->id);
        const strategy::Book* known = book_named(books, given.name);
        strategy::Book book;
        book.id = known ? known->id : facts.ids().make<strategy::BookTag>(part_of(entity->id));
        book.name = given.name;
        book.entity = entity->id;
        book.collector = given.collector;
        book.manager = given.manager;
        book.priority = given.priority;
        for (std::string& number : list(given.customers)) {
          const bool pattern = number.find_first_of("*?") != std::string::npos;
          (pattern ? book.rule.number_patterns : book.rule.numbers).push_back(std::move(number));
        }
        book.rule.countries = list(given.country);
        book.rule.segments = list(given.segment);
        book.valid_from = given.from;
        book.until = given.until;
        facts.open_entry(part_of(entity->id), EntryKind::book_changed, boost::json::serialize(body))
            .add(book, known ? Revision::next : Revision::first);
        Json answer = body;
        answer["book_id"] = to_string(book.id);
        return answer;
      });
}

Result<Json> set_strategy(Store& store, const Caller& caller, std::string_view entity_code,
                          std::optional<std::int64_t> small_balance_minor,
                          std::optional<int> quiet_days, std::optional<std::string> manager) {
  Json body{{"entity", entity_code}};
  if (small_balance_minor) body["small_balance_minor"] = *small_balance_minor;
  if (quiet_days) body["quiet_days"] = *quiet_days;
  if (manager) body["manager"] = *manager;
  return run_command(
      store, caller, "set_strategy", body, part_of_entity(entity_code),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const strategy::Strategy standard = strategy::standard_strategy(entity->base_currency);
        const auto known = facts.strategy_settings(entity->id);
        StrategySettings settings =
            known.value_or(StrategySettings{entity->id, 0, standard.small_balance_minor,
                                            standard.quiet_days, standard.escalation_owner});
        ++settings.version;
        if (small_balance_minor) settings.small_balance_minor = *small_balance_minor;
        if (quiet_days) settings.quiet_days = *quiet_days;
        if (manager) settings.escalation_owner = *manager;
        if (settings.quiet_days < 0 || settings.quiet_days > 365 ||
            settings.small_balance_minor < 0 ||
            settings.small_balance_minor > money::max_amount_minor) {
          return base::refuse(
              SiteRefusal::setting_out_of_range,
              "The strategy of entity " + entity->code + " cannot take these settings");
        }
        if (const auto clean = check_text(settings.escalation_owner, "the manager"); !clean)
          return clean.error();
        facts
            .open_entry(part_of(entity->id), EntryKind::strategy_changed,
                        boost::json::serialize(body))
            .add(settings);
        return Json{{"entity", entity->code},
                    {"version", settings.version},
                    {"small_balance",
                     money::to_decimal(settings.small_balance_minor, entity->base_currency)},
                    {"quiet_days", settings.quiet_days},
                    {"manager", settings.escalation_owner}};
      });
}

Result<Json> set_delay_reason(Store& store, const Caller& caller, std::string_view code,
                              std::string_view label, std::optional<Date> retired_on) {
  const Part part = base::slot_of("delay_reasons");
  const Json body{
      {"code", code}, {"label", label}, {"retired_on", retired_on ? to_string(*retired_on) : ""}};
  return run_command(
      store, caller, "set_delay_reason", body, [&](Transaction&) -> Result<Part> { return part; },
      [&](Transaction& facts) -> Result<Json> {
        if (!is_code(code, reason_code_max)) {
          return base::refuse(SiteRefusal::code_invalid,
                              "The reason's code \"" + std::string(code) + "\" is no code");
        }
        if (const auto clean = check_text(label, "the label"); !clean) return clean.error();
        facts.open_entry(part, EntryKind::delay_reason_changed, boost::json::serialize(body))
            .add(contact::DelayReason{std::string(code), std::string(label), retired_on},
                 Revision::next);
        return body;
      });
}

std::vector<contact::DelayReason> delay_reasons(Facts& facts) {
  std::vector<contact::DelayReason> reasons = contact::default_delay_reasons();
  for (contact::DelayReason& own : facts.delay_reasons()) {
    bool replaced = false;
    for (contact::DelayReason& reason : reasons) {
      if (reason.code != own.code) continue;
      reason = own;
      replaced = true;
    }
    if (!replaced) reasons.push_back(std::move(own));
  }
  return reasons;
}

strategy::Strategy entity_strategy(Facts& facts, const parties::Entity& entity) {
  strategy::Strategy strategy = strategy::standard_strategy(entity.base_currency);
  if (const auto settings = facts.strategy_settings(entity.id)) {
    strategy.version = settings->version;
    strategy.small_balance_minor = settings->small_balance_minor;
    strategy.quiet_days = settings->quiet_days;
    strategy.escalation_owner = settings->escalation_owner;
  }
  return strategy;
}

}  // namespace arrears::app
