#pragma once

#include "app/scope.h"

/// How far the desk is.
namespace arrears::app {

/// The day's work on the frozen lists that the caller sees, or on that of one collector:
/// `{entity, as_of, collector, parties, worked, calls, right_party_contacts, promises,
/// promised: [{currency, amount}]}`. A party of the lists is worked once somebody logged a call
/// with it on that business date; where the day has not run, `parties` and `worked` are null. Calls
/// are all of the day that the caller sees, or those of the collector alone; promises those that
/// the called parties made on the day.
Result<Json> day_progress(Facts& facts, const Visibility& visibility, std::string_view entity,
                          Date day, std::string_view collector);

/// What each author of calls did in a period, both days included: `{entity, from, to, collectors:
/// [{collector, calls, right_party_contacts, right_party_rate_percent, promises, kept, partly_kept,
/// broken, open, promised: [{currency, amount}], collected: [{currency, amount}]}]}`. Promises
/// count for who logged the call in which they were made, else for the owner of the book; their
/// states are those of the day `to`. `collected` is the money that came in from the customers of
/// the collector's book.
Result<Json> team_report(Facts& facts, std::string_view entity, Date from, Date to);

}  // namespace arrears::app
