#include "app/aging.h"

#include <algorithm>
#include <map>

#include "base/names.h"
#include "domain/receivables/dispute.h"
#include "domain/strategy/books.h"

namespace arrears::app {

namespace {

using receivables::Aging;

struct Totals {
  Aging aging;
  std::int64_t customers = 0;
};

/// One row of a grouped aging: its naming fields, and a total for each currency.
struct Group {
  Json names;
  std::map<money::Currency, Totals> currencies;
};

void add(std::map<money::Currency, Totals>& totals, const Aging& aging) {
  Totals& total = totals[aging.currency];
  total.aging.currency = aging.currency;
  receivables::add_to(total.aging, aging);
  if (aging.open_items > 0) ++total.customers;
}

void put_figures(Json& row, const Totals& totals) {
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

/// Names the groups that customers fall into.
class Grouping {
 public:
  Grouping(Facts& facts, AgingBy by, Date as_of, const std::vector<parties::Entity>& entities)
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

  /// The key under which the account is summed; the row's names are filled on first use.
  std::string key(const PartyFile& file, const parties::Customer& customer, Json& names) const {
    const std::string& entity = entities_.at(customer.entity)->code;
    switch (by_) {
      case AgingBy::total:
        return {};
      case AgingBy::customer:
        names = {{"entity", entity}, {"customer", customer.number}, {"name", file.party.name}};
        return entity + "\n" + customer.number;
      case AgingBy::party:
        names = {{"party", to_string(file.party.id)}, {"name", file.party.name}};
        return to_string(file.party.id);
      case AgingBy::group: {
        const parties::PartyId top = head_of(file.party.id);
        names = {{"group", to_string(top)}};
        if (top == file.party.id) names["name"] = file.party.name;
        return to_string(top);
      }
      case AgingBy::collector: {
        const std::string collector =
            strategy::collector_of(customer, file.party, books_.at(customer.entity), as_of_);
        names = {{"entity", entity}, {"collector", collector}};
        return entity + "\n" + collector;
      }
      case AgingBy::entity:
        names = {{"entity", entity}, {"name", entities_.at(customer.entity)->name}};
        return entity;
    }
    return {};
  }

 private:
  parties::PartyId head_of(parties::PartyId party) const {
    for (int depth = 0; depth < 100; ++depth) {
      const auto parent = parents_.find(party);
      if (parent == parents_.end()) break;
      party = parent->second;
    }
    return party;
  }

  AgingBy by_;
  Date as_of_;
  std::map<parties::EntityId, const parties::Entity*> entities_;
  std::map<parties::EntityId, std::vector<strategy::Book>> books_;
  std::map<parties::PartyId, parties::PartyId> parents_;
};

/// The parties that the query can touch: one, or all.
void each_party_of(Facts& facts, std::optional<CustomerRef> only, Detail detail,
                   const std::function<void(const PartyFile&)>& each) {
  if (!only) return facts.each_party({}, detail, each);
  const auto file = facts.party_file(only->party, detail);
  if (file) each(*file);
}

struct Selection {
  std::vector<parties::Entity> entities;
  std::optional<CustomerRef> customer;
  bool has(const parties::Customer& account) const {
    if (customer && account.id != customer->customer) return false;
    return std::any_of(entities.begin(), entities.end(),
                       [&](const auto& entity) { return entity.id == account.entity; });
  }
};

Result<Selection> select(Facts& facts, std::string_view entity_code, std::string_view customer) {
  Selection selection;
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
    auto found = find_customer(facts, selection.entities.front(), customer);
    if (!found) return found.error();
    selection.customer = *found;
  }
  return selection;
}

}  // namespace

Result<Json> aging_report(Facts& facts, const AgingQuery& query) {
  const auto selection = select(facts, query.entity, query.customer);
  if (!selection) return selection.error();
  const Grouping grouping(facts, query.by, query.as_of, selection->entities);
  std::map<money::Currency, Totals> totals;
  std::map<std::string, Group> groups;
  each_party_of(facts, selection->customer, Detail::receivables, [&](const PartyFile& file) {
    for (const Account& account : file.accounts) {
      if (!selection->has(account.customer)) continue;
      const auto agings = receivables::aging(account.ledger, query.as_of);
      if (agings.empty()) continue;
      Json names;
      const std::string key = grouping.key(file, account.customer, names);
      Group* group = query.by == AgingBy::total ? nullptr : &groups[key];
      if (group && group->names.size() < names.size()) group->names = std::move(names);
      for (const Aging& aging : agings) {
        add(totals, aging);
        if (group) add(group->currencies, aging);
      }
    }
  });
  Json report;
  report["as_of"] = to_string(query.as_of);
  if (!query.entity.empty()) report["entity"] = query.entity;
  boost::json::array currencies;
  for (const auto& [currency, total] : totals) {
    Json row;
    put_figures(row, total);
    currencies.push_back(std::move(row));
  }
  report["currencies"] = std::move(currencies);
  if (query.by == AgingBy::total) return report;
  boost::json::array rows;
  for (const auto& [key, group] : groups) {
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
  const auto selection = select(facts, query.entity, query.customer);
  if (!selection) return selection.error();
  boost::json::array rows;
  each_party_of(facts, selection->customer, Detail::receivables, [&](const PartyFile& file) {
    for (const Account& account : file.accounts) {
      if (!selection->has(account.customer)) continue;
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
