#pragma once

#include "app/command.h"

/// Commands about the site itself: entities, their calendars, strategies, books and reasons.
namespace arrears::app {

#define ARREARS_SITE_REFUSALS(R)                                                                 \
  R(code_invalid, "Use letters, digits, '-' or '_': 1 to 16 for an entity, to 40 for a reason.") \
  R(entity_exists, "Choose another code; entities are amended, not added twice.")                \
  R(currency_unknown, "Use an ISO 4217 code such as USD.")                                       \
  R(time_zone_unknown, "Use an IANA name such as America/New_York.")                             \
  R(calendar_unknown, "`arrears calendar list` shows the codes; US, DE and DE-BY are some.")     \
  R(tolerance_invalid, "Use 0 to 99 business days.")                                             \
  R(collector_missing, "Name the collector.")                                                    \
  R(period_invalid, "The period must end after it begins.")                                      \
  R(setting_out_of_range, "Use a small whole number of days and an amount that is not negative.")

struct NewEntity {
  std::string code;
  std::string name;
  std::string currency;
  std::string time_zone;
  std::string calendar;
  int promise_tolerance_days = 0;
};
/// Adds an entity. Answers `{entity, entity_id}`.
Result<Json> add_entity(Store& store, const Caller& caller, const NewEntity& entity);

/// Makes `day` a holiday of the entity, or a working day although the country's data has one.
Result<Json> set_calendar_day(Store& store, const Caller& caller, std::string_view entity, Date day,
                              bool is_holiday, std::string_view name);

struct NewBook {
  std::string name;
  std::string collector;
  std::string manager;    ///< named owner of escalations; empty: the strategy's
  int priority = 100;     ///< lower wins
  std::string customers;  ///< number patterns, comma separated ("C1*,C77"); empty: all
  std::string country;    ///< of the party; empty: all
  std::string segment;    ///< of the customer; empty: all
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
};
/// Adds a book, or a new version of the book of that name.
Result<Json> set_book(Store& store, const Caller& caller, std::string_view entity,
                      const NewBook& book);

/// Changes the entity's strategy settings; what is empty stays.
Result<Json> set_strategy(Store& store, const Caller& caller, std::string_view entity,
                          std::optional<std::int64_t> small_balance_minor,
                          std::optional<int> quiet_days, std::optional<std::string> manager);

/// Adds a reason for delay to the maintained list, changes its label, or retires it from a day on.
Result<Json> set_delay_reason(Store& store, const Caller& caller, std::string_view code,
                              std::string_view label, std::optional<Date> retired_on);
/// The list in force: what ships, with the site's own changes.
std::vector<contact::DelayReason> delay_reasons(Facts& facts);

/// The standard strategy with what the entity sets of it.
strategy::Strategy entity_strategy(Facts& facts, const parties::Entity& entity);

/// The part of entity-level facts.
Part part_of(parties::EntityId entity);

}  // namespace arrears::app

ARREARS_REFUSALS(app, SiteRefusal, "site", ARREARS_SITE_REFUSALS);
