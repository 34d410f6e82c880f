#include "app/aging.h"

#include <algorithm>

#include "app/aging_totals.h"
#include "app/live_portfolio.h"
#include "base/names.h"
#include "domain/receivables/dispute.h"

namespace arrears::app {

using receivables::Aging;

void AgingTotals::add(const Aging& row) {
  aging.currency = row.currency;
  receivables::add_to(aging, row);
  if (row.open_items > 0) ++customers;
}

void AgingTotals::add(const AgingTotals& other) {
  aging.currency = other.aging.currency;
  receivables::add_to(aging, other.aging);
  customers += other.customers;
}

bool has_anything(const Aging& row) {
  return row.open_items != 0 || row.credits != 0 || row.unapplied_cash != 0;
}

bool AgingSelection::has(parties::CustomerId account, parties::EntityId entity) const {
  if (customer && account != *customer) return false;
  return std::any_of(entities.begin(), entities.end(),
                     [&](const auto& some) { return some.id == entity; });
}

Result<AgingSelection> select_accounts(Facts& facts, std::string_view entity_code,
                                       std::string_view customer) {
  AgingSelection selection;
  if (entity_code.empty()) {
    selection.entities = facts.entities();
  } else {
    auto entity = find_entity(facts, entity_code);
    if (!entity) return entity.error();
    selection.entities = {*entity};
  }
  if (!customer.empty()) {
    if (selection.entities.size() != 1) {
      return base::refuse(CommandRefusal::entity_unknown,
                          "Customer " + std::string(customer) + " needs its entity");
    }
    const auto found = find_customer(facts, selection.entities.front(), customer);
    if (!found) return found.error();
    selection.customer = found->customer;
  }
  return selection;
}

AgingGrouping::AgingGrouping(Facts& facts, AgingBy by, Date as_of,
                             const std::vector<parties::Entity>& entities)
    : by_(by), as_of_(as_of) {
  for (const parties::Entity& entity : entities) {
    entities_[entity.id] = &entity;
    if (by == AgingBy::collector) books_[entity.id] = facts.books(entity.id);
  }
  if (by == AgingBy::group) {
    for (const parties::GroupEdge& edge : facts.group_edges()) {
      if (edge.from <= as_of && (!edge.until || as_of < *edge.until))
        parents_[edge.child] = edge.parent;
    }
  }
}

AgingGrouping::Row AgingGrouping::row(const parties::Party& party,
                                      const parties::Customer& customer) const {
  const std::string& entity = entities_.at(customer.entity)->code;
  switch (by_) {
    case AgingBy::total:
      return {};
    case AgingBy::customer:
      return {entity + "\n" + customer.number,
              {{"entity", entity}, {"customer", customer.number}, {"name", party.name}}};
    case AgingBy::party:
      return {to_string(party.id), {{"party", to_string(party.id)}, {"name", party.name}}};
    case AgingBy::group: {
      const parties::PartyId top = head_of(party.id);
      Row row{to_string(top), {{"group", to_string(top)}}};
      if (top == party.id) row.names["name"] = party.name;
      return row;
    }
    case AgingBy::collector: {
      const std::string collector = collector_of(party, customer);
      return {entity + "\n" + collector, {{"entity", entity}, {"collector", collector}}};
    }
    case AgingBy::entity:
      return {entity, {{"entity", entity}, {"name", entities_.at(customer.entity)->name}}};
  }
  return {};
}

parties::PartyId AgingGrouping::head_of(parties::PartyId party) const {
  for (int depth = 0; depth < 100; ++depth) {
    const auto parent = parents_.find(party);
    if (parent == parents_.end()) break;
    party = parent->second;
  }
  return party;
}

std::string AgingGrouping::collector_of(const parties::Party& party,
                                        const parties::Customer& customer) const {
  return strategy::collector_of(customer, party, books_.at(customer.entity), as_of_);
}

namespace {

/// The parties that the query can touch: one, or all.
void each_party_of(Facts& facts, const AgingSelection& selection, Detail detail,
                   const std::function<void(const PartyFile&)>& each) {
  if (!selection.customer) return facts.each_party({}, detail, each);
  const auto party = facts.party_of(*selection.customer);
  const auto file = facts.party_file(party.value_or(parties::PartyId{}), detail);
  if (file) each(*file);
}

AgingSums store_aging(Facts& facts, const AgingQuery& query, const AgingSelection& selection,
                      const AgingGrouping& grouping) {
  AgingSums sums;
  each_party_of(facts, selection, Detail::receivables, [&](const PartyFile& file) {
    for (const Account& account : file.accounts) {
      if (!selection.has(account.customer.id, account.customer.entity)) continue;
      if (selection.sees && !selection.sees(account.customer, file.party)) continue;
      auto agings = receivables::aging(account.ledger, query.as_of);
      std::erase_if(agings, [](const Aging& aging) { return !has_anything(aging); });
      if (agings.empty()) continue;
      AgingGroup* group = nullptr;
      if (query.by != AgingBy::total) {
        AgingGrouping::Row row = grouping.row(file.party, account.customer);
        group = &sums.groups[row.key];
        // The head of a group names it.
        if (group->names.size() < row.names.size()) group->names = std::move(row.names);
      }
      for (const Aging& aging : agings) {
        sums.totals[aging.currency].add(aging);
        if (group) group->currencies[aging.currency].add(aging);
      }
    }
  });
  return sums;
}

void put_figures(Json& row, const AgingTotals& totals) {
  const Aging& aging = totals.aging;
  const auto decimal = [&](std::int64_t minor) { return money::to_decimal(minor, aging.currency); };
  row["currency"] = aging.currency.code();
  row["open_items"] = aging.open_items;
  row["customers"] = totals.customers;
  row["total"] = decimal(aging.total());
  Json buckets;
  for (std::size_t i = 0; i < receivables::bucket_names.size(); ++i)
    buckets[receivables::bucket_names[i]] = decimal(aging.buckets[i]);
  row["buckets"] = std::move(buckets);
  row["credits"] = decimal(aging.credits);
  row["unapplied_cash"] = decimal(aging.unapplied_cash);
  row["balance"] = decimal(aging.balance());
}

}  // namespace

Result<Json> aging_report(Facts& facts, const AgingQuery& query, LivePortfolio* portfolio) {
  auto selection = select_accounts(facts, query.entity, query.customer);
  if (!selection) return selection.error();
  selection->sees = query.sees;
  const AgingGrouping grouping(facts, query.by, query.as_of, selection->entities);
  if (portfolio) portfolio->refresh(facts);
  const AgingSums sums = portfolio ? portfolio_aging(facts, *portfolio, query, *selection, grouping)
                                   : store_aging(facts, query, *selection, grouping);
  Json report;
  report["as_of"] = to_string(query.as_of);
  if (!query.entity.empty()) report["entity"] = query.entity;
  boost::json::array currencies;
  for (const auto& [currency, total] : sums.totals) {
    Json row;
    put_figures(row, total);
    currencies.push_back(std::move(row));
  }
  report["currencies"] = std::move(currencies);
  if (query.by == AgingBy::total) return report;
  boost::json::array rows;
  for (const auto& [key, group] : sums.groups) {
    for (const auto& [currency, total] : group.currencies) {
      Json row = group.names;
      put_figures(row, total);
      rows.push_back(std::move(row));
    }
  }
  report["rows"] = std::move(rows);
  return report;
}

Result<boost::json::array> open_item_list(Facts& facts, const ItemsQuery& query) {
  const auto& names = receivables::bucket_names;
  if (!query.bucket.empty() && std::find(names.begin(), names.end(), query.bucket) == names.end()) {
    return base::refuse(AgingRefusal::bucket_unknown, "There is no bucket " + query.bucket);
  }
  const auto selection = select_accounts(facts, query.entity, query.customer);
  if (!selection) return selection.error();
  boost::json::array rows;
  each_party_of(facts, *selection, Detail::receivables, [&](const PartyFile& file) {
    for (const Account& account : file.accounts) {
      if (!selection->has(account.customer.id, account.customer.entity)) continue;
      for (const auto& item : receivables::open_items(account.ledger, query.as_of)) {
        const bool credit = item.open_minor < 0;
        const auto bucket =
            credit ? "credit"
                   : names[static_cast<std::size_t>(receivables::aging_bucket(item.days_overdue))];
        if (!query.bucket.empty() && bucket != query.bucket) continue;
        if (query.overdue_only && (credit || item.days_overdue <= 0)) continue;
        const money::Currency currency = item.document->currency;
        rows.push_back(Json{
            {"customer", account.customer.number},
            {"name", file.party.name},
            {"number", item.document->number},
            {"kind", base::name(item.document->kind)},
            {"instalment", item.instalment->number},
            {"issued", to_string(item.document->issued_on)},
            {"due", to_string(item.instalment->due_on)},
            {"days_overdue", item.days_overdue},
            {"bucket", bucket},
            {"currency", currency.code()},
            {"amount", money::to_decimal(item.instalment->amount_minor, currency)},
            {"open", money::to_decimal(item.open_minor, currency)},
            {"disputed", money::to_decimal(receivables::disputed_amount(
                                               account.ledger, item.document->id, query.as_of),
                                           currency)},
        });
      }
    }
  });
  return rows;
}

}  // namespace arrears::app
