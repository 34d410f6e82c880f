#pragma once

#include "app/command.h"

/// Questions about the site itself: entities, calendars, books, strategies and reasons.
namespace arrears::app {

/// `[{entity, name, currency, time_zone, calendar, promise_tolerance_days}]`.
boost::json::array entity_list(Facts& facts);

/// The calendars that ship: `[{calendar}]`.
boost::json::array calendar_list();

/// Holidays of a calendar in a year: `[{day, weekday, name, source}]`. With an entity (empty: none)
/// its own days count too, and `code` is the entity's where it is empty.
Result<boost::json::array> holiday_list(Facts& facts, std::string_view code,
                                        std::string_view entity, int year);

/// The books of the entity, in order of priority: `[{book, collector, manager, priority, numbers,
/// countries, segments, from, until}]`.
Result<boost::json::array> book_list(Facts& facts, std::string_view entity);

/// The strategy in force: its settings, steps and points.
Result<Json> strategy_report(Facts& facts, std::string_view entity);

/// The reasons for delay: `[{reason, label, retired_on}]`.
boost::json::array reason_list(Facts& facts);

}  // namespace arrears::app
