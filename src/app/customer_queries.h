#pragma once

#include "app/command.h"

/// Questions about who owes: customers, their contacts, holds and groups.
namespace arrears::app {

struct CustomerQuery {
  std::string entity;
  std::string search;  ///< in number or name, case ignored; with * or ?: a pattern for all of it
  Date as_of;
};
/// `[{customer, name, party_id, kind, country, language, segment, collector, since, stub}]`, in
/// order of number.
Result<boost::json::array> customer_list(Facts& facts, const CustomerQuery& query);

/// What a collector wants to see before dialling: who to talk to, the balance of each currency, the
/// open items, the promises, what is to be followed up, holds, the last calls, and pinned notes.
Result<Json> customer_report(Facts& facts, std::string_view entity, std::string_view customer,
                             Date as_of);

/// `[{customers, name, contact_id, contact, role, phone, email, language, time_zone, country,
/// region, reference, active}]`; without `customer` of the whole entity.
Result<boost::json::array> contact_list(Facts& facts, std::string_view entity,
                                        std::string_view customer);

/// `[{hold_id, customers, name, from, until, in_force, reason}]`; `until` is the first day on which
/// it no longer holds.
Result<boost::json::array> hold_list(Facts& facts, std::string_view entity,
                                     std::string_view customer, Date as_of);

/// The parties that stand below another on the day: `[{group, party, customers, parent, from,
/// until}]`; `group` is the party at the top.
Result<boost::json::array> group_list(Facts& facts, std::string_view entity, Date as_of);

}  // namespace arrears::app
