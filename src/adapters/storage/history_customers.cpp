#include "adapters/storage/history_customers.h"

#include <algorithm>

namespace arrears::storage {

HistoryCustomers::Cursors HistoryCustomers::open(Connection& connection,
                                                 const HistorySelection& selection) {
  return {HistoryCursor(selection.query(
              connection,
              "SELECT part, customer_id, entry_id, entity_id, party_id, number, segment "
              "FROM customer",
              selection.of_customers, "part, customer_id, version")),
          HistoryCursor(selection.query(connection,
                                        "SELECT part, party_id, entry_id, country FROM party",
                                        selection.of_parties, "part, party_id, version"))};
}

HistoryCustomers::Text HistoryCustomers::keep(std::string_view text) {
  texts_ += text;
  return {texts_.size() - text.size(), text.size()};
}

void HistoryCustomers::read(Cursors& cursors, EntryOrdinals& ordinals, base::Part part) {
  customers_.clear();
  rows_.clear();
  party_rows_.clear();
  members_.clear();
  texts_.clear();
  for (HistoryCursor& row = cursors.customers; row.find(part); row.next()) {
    if (customers_.empty() || customers_.back().id.value != row.owner())
      customers_.push_back({{row.owner()}, rows_.size(), rows_.size()});
    CustomerRow& version = rows_.emplace_back();
    version.known_from = ordinals.of(row.integer(2));
    version.entity = row.id<parties::EntityId>(3);
    version.party = row.id<parties::PartyId>(4);
    version.number = keep(row.text(5));
    version.segment = keep(row.text(6));
    customers_.back().end_row = rows_.size();
  }
  for (HistoryCursor& row = cursors.parties; row.find(part); row.next())
    party_rows_.push_back({{row.owner()}, keep(row.text(3)), ordinals.of(row.integer(2))});
  for (const Customer& customer : customers_) {
    const CustomerRow& newest = rows_[customer.end_row - 1];
    members_.push_back({newest.party, newest.entity, customer.id});
  }
  std::sort(members_.begin(), members_.end());
}

parties::PartyId HistoryCustomers::party(std::size_t customer) const {
  return rows_[customers_[customer].end_row - 1].party;
}

parties::CustomerId HistoryCustomers::first_customer(parties::PartyId party,
                                                     parties::EntityId entity) const {
  const auto found = std::lower_bound(members_.begin(), members_.end(), Member{party, entity, {}});
  if (found == members_.end() || found->party != party || found->entity != entity) return {};
  return found->customer;
}

std::span<const HistoryCustomers::PartyRow> HistoryCustomers::versions_of(
    parties::PartyId party) const {
  const auto first =
      std::lower_bound(party_rows_.begin(), party_rows_.end(), party,
                       [](const PartyRow& row, parties::PartyId id) { return row.id < id; });
  auto end = first;
  while (end != party_rows_.end() && end->id == party) ++end;
  return {first, end};
}

/// One that says nothing new is left out.
void HistoryCustomers::add_version(const CustomerRow& row, std::string_view country,
                                   portfolio::Ordinal known_from) {
  const portfolio::CustomerVersion version{row.entity,        row.party, text(row.number),
                                           text(row.segment), country,   known_from};
  if (!versions_.empty()) {
    const portfolio::CustomerVersion& same = versions_.back();
    if (same.entity == version.entity && same.party == version.party &&
        same.number == version.number && same.segment == version.segment &&
        same.country == version.country)
      return;
  }
  versions_.push_back(version);
}

std::span<const portfolio::CustomerVersion> HistoryCustomers::versions(std::size_t index) {
  versions_.clear();
  const Customer& customer = customers_[index];
  for (std::size_t i = customer.first_row; i < customer.end_row; ++i) {
    const CustomerRow& row = rows_[i];
    const portfolio::Ordinal until =
        i + 1 < customer.end_row ? rows_[i + 1].known_from : portfolio::forever;
    const auto parties = versions_of(row.party);
    if (parties.empty() && row.known_from < until) add_version(row, {}, row.known_from);
    for (std::size_t p = 0; p < parties.size(); ++p) {
      const portfolio::Ordinal from = std::max(row.known_from, parties[p].known_from);
      const portfolio::Ordinal superseded =
          p + 1 < parties.size() ? parties[p + 1].known_from : portfolio::forever;
      if (from < std::min(until, superseded)) add_version(row, text(parties[p].country), from);
    }
  }
  return versions_;
}

}  // namespace arrears::storage
