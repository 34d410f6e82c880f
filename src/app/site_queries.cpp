#include "app/site_queries.h"

#include <algorithm>
#include <array>

#include "app/accounts.h"
#include "app/site.h"

namespace arrears::app {

namespace {

boost::json::array texts_json(const std::vector<std::string>& texts) {
  boost::json::array list;
  for (const std::string& text : texts) list.push_back(boost::json::string(text));
  return list;
}

std::string_view weekday_name(Date day) {
  constexpr std::array names = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                "Friday", "Saturday", "Sunday"};
  return names[static_cast<std::size_t>(calendar::weekday(day))];
}

}  // namespace

boost::json::array entity_list(Facts& facts) {
  boost::json::array list;
  for (const parties::Entity& entity : facts.entities()) {
    list.push_back(Json{{"entity", entity.code},
                        {"name", entity.name},
                        {"currency", entity.base_currency.code()},
                        {"time_zone", entity.time_zone},
                        {"calendar", entity.calendar},
                        {"promise_tolerance_days", entity.promise_tolerance_days}});
  }
  return list;
}

boost::json::array calendar_list() {
  boost::json::array list;
  for (const std::string& code : calendar::calendar_codes())
    list.push_back(Json{{"calendar", code}});
  return list;
}

Result<boost::json::array> holiday_list(Facts& facts, std::string_view code,
                                        std::string_view entity_code, int year) {
  std::optional<calendar::BusinessCalendar> merged;
  std::string calendar_code(code);
  std::vector<CalendarDay> own;
  if (!entity_code.empty()) {
    const auto entity = find_entity(facts, entity_code);
    if (!entity) return entity.error();
    if (calendar_code.empty() || calendar_code == entity->calendar) {
      calendar_code = entity->calendar;
      merged = entity_calendar(facts, *entity);
      own = facts.calendar_days(entity->id);
    }
  }
  const auto shipped = calendar::make_calendar(calendar_code);
  const auto first = calendar::make_date(year, 1, 1);
  if (!shipped) {
    return base::refuse(SiteRefusal::calendar_unknown, "There is no calendar " + calendar_code);
  }
  if (!first) {
    return base::refuse(CommandRefusal::date_invalid,
                        "The year " + std::to_string(year) + " is outside of 1900 to 2199");
  }
  boost::json::array list;
  const calendar::BusinessCalendar& counted = merged ? *merged : *shipped;
  for (Date day = *first; calendar::split(day).year == year; day = day + 1) {
    const std::string_view name = counted.holiday_name(day);
    const bool ours = std::any_of(own.begin(), own.end(),
                                  [&](const CalendarDay& some) { return some.day == day; });
    if (name.empty() && !ours) continue;
    list.push_back(Json{{"day", to_string(day)},
                        {"weekday", weekday_name(day)},
                        {"name", name.empty() ? "working day" : name},
                        {"source", ours ? "entity" : "country"}});
  }
  return list;
}

Result<boost::json::array> book_list(Facts& facts, std::string_view entity_code) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  auto books = facts.books(entity->id);
  std::stable_sort(books.begin(), books.end(),
                   [](const auto& a, const auto& b) { return a.priority < b.priority; });
  boost::json::array list;
  for (const strategy::Book& book : books) {
    boost::json::array numbers = texts_json(book.rule.numbers);
    for (const std::string& pattern : book.rule.number_patterns)
      numbers.push_back(boost::json::string(pattern));
    list.push_back(Json{{"book", book.name},
                        {"collector", book.collector},
                        {"manager", book.manager},
                        {"priority", book.priority},
                        {"numbers", std::move(numbers)},
                        {"countries", texts_json(book.rule.countries)},
                        {"segments", texts_json(book.rule.segments)},
                        {"from", to_string(book.valid_from)},
                        {"until", day_or_null(book.until)}});
  }
  return list;
}

Result<Json> strategy_report(Facts& facts, std::string_view entity_code) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const strategy::Strategy strategy = entity_strategy(facts, *entity);
  boost::json::array steps;
  for (const strategy::Step& step : strategy.steps) {
    steps.push_back(Json{{"step", step.id},
                         {"days_from_due", step.offset_days},
                         {"action", base::name(step.action)},
                         {"level", step.level}});
  }
  boost::json::array points;
  for (std::size_t i = 0; i < strategy::factor_count; ++i) {
    const auto factor = static_cast<strategy::Factor>(i);
    for (const strategy::Band& band : strategy.points[factor]) {
      points.push_back(Json{
          {"factor", base::name(factor)}, {"at_least", band.at_least}, {"points", band.points}});
    }
  }
  return Json{
      {"entity", entity->code},
      {"strategy", strategy.name},
      {"version", strategy.version},
      {"currency", entity->base_currency.code()},
      {"small_balance", money::to_decimal(strategy.small_balance_minor, entity->base_currency)},
      {"quiet_days", strategy.quiet_days},
      {"manager", strategy.escalation_owner},
      {"steps", std::move(steps)},
      {"points", std::move(points)}};
}

boost::json::array reason_list(Facts& facts) {
  boost::json::array list;
  for (const contact::DelayReason& reason : delay_reasons(facts)) {
    list.push_back(Json{{"reason", reason.code},
                        {"label", reason.label},
                        {"retired_on", day_or_null(reason.retired_on)}});
  }
  return list;
}

}  // namespace arrears::app
