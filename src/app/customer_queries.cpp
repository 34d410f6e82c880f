#include "app/customer_queries.h"

#include <algorithm>
#include <map>

#include "app/accounts.h"
#include "app/aging.h"
#include "app/calls.h"
#include "app/interactions.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t last_calls_max = 5;

bool is_found(const std::string& search, const std::string& number, const std::string& name) {
  if (search.empty()) return true;
  const bool pattern = search.find_first_of("*?") != std::string::npos;
  const std::string wanted = pattern ? search : "*" + search + "*";
  return base::matches_pattern(wanted, number) || base::matches_pattern(wanted, name);
}

Json contact_json(const parties::Contact& contact) {
  return {{"contact_id", to_string(contact.id)},
          {"contact", contact.name},
          {"role", contact.role},
          {"phone", contact.phone},
          {"email", contact.email},
          {"language", contact.language},
          {"time_zone", contact.time_zone},
          {"country", contact.country},
          {"region", contact.region},
          {"reference", contact.reference},
          {"active", contact.active}};
}

bool in_force(const strategy::Hold& hold, Date as_of) {
  return hold.from <= as_of && (!hold.until || as_of < *hold.until);
}

Json hold_json(const HoldRecord& record, Date as_of) {
  return {{"hold_id", to_string(record.id)},
          {"from", to_string(record.hold.from)},
          {"until", day_or_null(record.hold.until)},
          {"in_force", in_force(record.hold, as_of)},
          {"reason", record.hold.reason}};
}

boost::json::array balances_json(const receivables::Ledger& ledger, Date as_of) {
  boost::json::array list;
  for (const receivables::Aging& aging : receivables::aging(ledger, as_of)) {
    const auto decimal = [&](std::int64_t minor) {
      return money::to_decimal(minor, aging.currency);
    };
    list.push_back(Json{{"currency", aging.currency.code()},
                        {"open_items", aging.open_items},
                        {"total", decimal(aging.total())},
                        {"overdue", decimal(aging.overdue())},
                        {"credits", decimal(aging.credits)},
                        {"unapplied_cash", decimal(aging.unapplied_cash)},
                        {"balance", decimal(aging.balance())}});
  }
  return list;
}

/// The lists about one customer that other questions answer already.
Result<base::Done> add_lists(Json& report, Facts& facts, const std::string& entity,
                             const std::string& customer, Date as_of) {
  auto items = open_item_list(facts, {entity, as_of, customer, "", false});
  if (!items) return items.error();
  auto promises = promise_list(facts, {entity, customer, "", as_of});
  if (!promises) return promises.error();
  auto follow_ups = follow_up_list(facts, {entity, customer, false, as_of});
  if (!follow_ups) return follow_ups.error();
  CallQuery query;
  query.entity = entity;
  query.customer = customer;
  query.to = as_of;
  auto calls = call_list(facts, query);
  if (!calls) return calls.error();
  if (calls->size() > last_calls_max) calls->resize(last_calls_max);
  auto notes = interaction_list(facts, {entity, customer, "", /*only_pinned=*/true, as_of});
  if (!notes) return notes.error();
  for (auto* list : {&*items, &*promises, &*follow_ups, &*calls, &*notes}) {
    for (boost::json::value& row : *list) {
      row.get_object().stable_erase("name");
      row.get_object().stable_erase("customer");
    }
  }
  report["items"] = std::move(*items);
  report["promises"] = std::move(*promises);
  report["follow_ups"] = std::move(*follow_ups);
  report["last_calls"] = std::move(*calls);
  report["pinned_notes"] = std::move(*notes);
  return base::Done{};
}

/// The party at the top of the group on a day.
parties::PartyId top_of(const std::map<parties::PartyId, parties::PartyId>& parents,
                        parties::PartyId party) {
  for (int depth = 0; depth < 100; ++depth) {
    const auto parent = parents.find(party);
    if (parent == parents.end()) break;
    party = parent->second;
  }
  return party;
}

}  // namespace

Result<boost::json::array> customer_list(Facts& facts, const CustomerQuery& query) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  const auto books = facts.books(entity->id);
  std::map<std::string, Json> rows;
  const auto listed = each_account(
      facts, *entity, "", Detail::identity, [&](const PartyFile& file, const Account& account) {
        const parties::Customer& customer = account.customer;
        if (!is_found(query.search, customer.number, file.party.name)) return;
        rows[customer.number] =
            Json{{"customer", customer.number},
                 {"name", file.party.name},
                 {"party_id", to_string(file.party.id)},
                 {"party", file.party.reference},
                 {"kind", base::name(file.party.kind)},
                 {"country", file.party.country},
                 {"language", file.party.language},
                 {"segment", customer.segment},
                 {"collector", strategy::collector_of(customer, file.party, books, query.as_of)},
                 {"since", day_or_null(customer.since)},
                 {"stub", file.party.stub}};
      });
  if (!listed) return listed.error();
  boost::json::array list;
  for (auto& [number, row] : rows) list.push_back(std::move(row));
  return list;
}

Result<Json> customer_report(Facts& facts, std::string_view entity_code, std::string_view number,
                             Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto found = find_customer(facts, *entity, number);
  if (!found) return found.error();
  const auto file = facts.party_file(found->party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  const Account& account = account_of(*file, found->customer);
  const parties::Party& party = file->party;
  Json report{{"customer", account.customer.number},
              {"name", party.name},
              {"as_of", to_string(as_of)},
              {"party_id", to_string(party.id)},
              {"party_customers", customer_numbers(*file, entity->id)},
              {"kind", base::name(party.kind)},
              {"country", party.country},
              {"language", party.language},
              {"segment", account.customer.segment},
              {"since", day_or_null(account.customer.since)},
              {"collector",
               strategy::collector_of(account.customer, party, facts.books(entity->id), as_of)},
              {"stub", party.stub}};
  boost::json::array contacts;
  for (const parties::Contact& contact : file->contacts)
    if (contact.active) contacts.push_back(contact_json(contact));
  boost::json::array holds;
  for (const HoldRecord& record : file->holds)
    if (in_force(record.hold, as_of)) holds.push_back(hold_json(record, as_of));
  report["contacts"] = std::move(contacts);
  report["holds"] = std::move(holds);
  report["balances"] = balances_json(account.ledger, as_of);
  const auto added = add_lists(report, facts, entity->code, account.customer.number, as_of);
  if (!added) return added.error();
  return report;
}

namespace {

/// `make` gives the rows of one party; the party's name and customers are put before each.
Result<boost::json::array> party_rows(
    Facts& facts, std::string_view entity_code, std::string_view customer,
    const std::function<boost::json::array(const PartyFile&)>& make) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  boost::json::array list;
  parties::PartyId seen;
  const auto listed = each_account(
      facts, *entity, customer, Detail::everything, [&](const PartyFile& file, const Account&) {
        if (file.party.id == seen) return;
        seen = file.party.id;
        for (boost::json::value& own : make(file)) {
          Json row{{"customers", customer_numbers(file, entity->id)}, {"name", file.party.name}};
          for (auto& [key, value] : own.get_object()) row[key] = value;
          list.push_back(std::move(row));
        }
      });
  if (!listed) return listed.error();
  return list;
}

}  // namespace

Result<boost::json::array> contact_list(Facts& facts, std::string_view entity,
                                        std::string_view customer) {
  return party_rows(facts, entity, customer, [](const PartyFile& file) {
    boost::json::array rows;
    for (const parties::Contact& contact : file.contacts) rows.push_back(contact_json(contact));
    return rows;
  });
}

Result<boost::json::array> hold_list(Facts& facts, std::string_view entity,
                                     std::string_view customer, Date as_of) {
  return party_rows(facts, entity, customer, [&](const PartyFile& file) {
    boost::json::array rows;
    for (const HoldRecord& record : file.holds) rows.push_back(hold_json(record, as_of));
    return rows;
  });
}

Result<boost::json::array> group_list(Facts& facts, std::string_view entity_code, Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  std::map<parties::PartyId, parties::PartyId> parents;
  std::map<parties::PartyId, std::string> names;
  std::map<parties::PartyId, boost::json::array> customers;
  const std::vector<parties::GroupEdge> edges = facts.group_edges();
  const auto holds = [&](const parties::GroupEdge& edge) {
    return edge.from <= as_of && (!edge.until || as_of < *edge.until);
  };
  for (const parties::GroupEdge& edge : edges)
    if (holds(edge)) parents[edge.child] = edge.parent;
  facts.each_party({}, Detail::receivables, [&](const PartyFile& file) {
    names[file.party.id] = file.party.name;
    customers[file.party.id] = customer_numbers(file, entity->id);
  });
  boost::json::array list;
  for (const parties::GroupEdge& edge : edges) {
    if (!holds(edge) || customers[edge.child].empty()) continue;
    list.push_back(Json{{"group", names[top_of(parents, edge.child)]},
                        {"party", names[edge.child]},
                        {"customers", customers[edge.child]},
                        {"parent", names[edge.parent]},
                        {"from", to_string(edge.from)},
                        {"until", day_or_null(edge.until)}});
  }
  return list;
}

}  // namespace arrears::app
