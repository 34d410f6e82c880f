#include "adapters/storage/history_reader.h"

#include <algorithm>

namespace arrears::storage {

namespace {

std::vector<parties::PartyId> parties_of(Query rows) {
  std::vector<parties::PartyId> parties;
  while (rows.next()) parties.push_back({rows.int64_at(0)});
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  return parties;
}

}  // namespace

void HistoryReader::each(app::PartRange range, const Each& each) {
  const auto selection = HistorySelection::parts(range.first, range.last);
  // Promises with items in other parts: as a rule none, which an index of its own knows.
  HistoryPromises elsewhere;
  for (const parties::PartyId party :
       parties_of(connection_.query("SELECT DISTINCT party_id FROM promise_item "
                                    "WHERE ((customer_id >> 11) & 1023) <> part -- wide")))
    elsewhere.read(connection_, party);
  HistoryCursor seals = EntryOrdinals::seals(connection_, selection);
  HistoryCursor heads = EntryOrdinals::heads(connection_, selection);
  auto customers = HistoryCustomers::open(connection_, selection);
  auto promises = HistoryPromises::open(connection_, selection);
  auto rows = HistoryRows::open(connection_, selection);
  for (base::Part part = range.first; part <= range.last; ++part) {
    ordinals_.clear();
    ordinals_.add(seals, heads, part);
    customers_.read(customers, ordinals_, part);
    promises_.clear();
    promises_.read(promises, ordinals_, customers_, part);
    promises_.add_from(elsewhere, part);
    promises_.link();
    hand_out(rows, std::nullopt, each);
  }
}

void HistoryReader::one(parties::CustomerId customer, const Each& each) {
  if (!customer) return;
  read_selected(HistorySelection::one(customer), std::nullopt, each);
}

/// One by one: a party has few, and statements on one key are the quickest.
void HistoryReader::of_party(parties::PartyId party, const Each& each) {
  std::vector<parties::CustomerId> customers;
  {
    Query rows = connection_.query(
        "SELECT DISTINCT customer_id FROM customer WHERE part = :part AND party_id = :party "
        "ORDER BY customer_id",
        party.part(), party.value);
    while (rows.next()) customers.push_back({rows.int64_at(0)});
  }
  for (const parties::CustomerId customer : customers)
    read_selected(HistorySelection::one(customer), party, each);
}

void HistoryReader::read_selected(const HistorySelection& selection,
                                  std::optional<parties::PartyId> party, const Each& each) {
  const auto part = static_cast<base::Part>(selection.first);
  ordinals_.clear();
  ordinals_.add(connection_, selection);
  auto customers = HistoryCustomers::open(connection_, selection);
  customers_.read(customers, ordinals_, part);
  if (customers_.size() == 0) return;
  promises_.clear();
  for (const parties::PartyId party_with_promises :
       parties_of(connection_.query(selection.promisers, selection.first, selection.second)))
    promises_.read(connection_, party_with_promises);
  promises_.link();
  auto rows = HistoryRows::open(connection_, selection);
  hand_out(rows, party, each);
}

void HistoryReader::hand_out(HistoryRows::Cursors& cursors, std::optional<parties::PartyId> party,
                             const Each& each) {
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    if (party && customers_.party(i) != *party) continue;
    rows_.read(cursors, ordinals_, customers_.id(i));
    app::CustomerHistory history;
    history.facts = rows_.facts();
    history.facts.versions = customers_.versions(i);
    history.promises = promises_.of(customers_.id(i));
    each(history);
  }
}

}  // namespace arrears::storage
