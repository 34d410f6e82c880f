#include "adapters/storage/history_promises.h"

#include <algorithm>

namespace arrears::storage {

HistoryPromises::Cursors HistoryPromises::open(Connection& connection,
                                               const HistorySelection& selection) {
  const auto rows = [&](std::string_view select, std::string_view key) {
    return HistoryCursor(selection.query(connection, select, selection.of_parties, key));
  };
  return {rows("SELECT part, party_id, promise_id, entry_id, entity_id, made_on, due_on, "
               "tolerance_days, currency, amount_minor FROM promise",
               "part, party_id, promise_id"),
          rows("SELECT part, party_id, promise_id, customer_id, document_id, instalment_no, "
               "amount_minor FROM promise_item",
               "part, party_id, promise_id, item_no"),
          rows("SELECT part, party_id, promise_id, entry_id, kind, on_day FROM promise_event",
               "part, party_id, promise_id, event_no")};
}

void HistoryPromises::clear() {
  promises_.clear();
  links_.clear();
}

void HistoryPromises::read(Cursors& cursors, EntryOrdinals& ordinals,
                           const HistoryCustomers& customers, base::Part part) {
  // Passes the rows before the promise's.
  const auto find = [&](HistoryCursor& row, const promises::Promise& promise) {
    bool found = row.find(part, promise.party.value);
    while (found && row.integer(2) < promise.id.value) {
      row.next();
      found = row.find(part, promise.party.value);
    }
    return found && row.integer(2) == promise.id.value;
  };
  for (HistoryCursor& row = cursors.promises; row.find(part); row.next()) {
    app::RecordedPromise& recorded = promises_.emplace_back();
    promises::Promise& promise = recorded.promise;
    promise.party = {row.owner()};
    promise.id = row.id<promises::PromiseId>(2);
    recorded.known_from = ordinals.of(row.integer(3));
    promise.entity = row.id<parties::EntityId>(4);
    promise.made_on = row.date(5);
    promise.due_on = row.date(6);
    promise.tolerance_days = row.small(7);
    promise.currency = row.currency(8);
    promise.amount_minor = row.integer(9);
    for (HistoryCursor& item = cursors.items; find(item, promise); item.next()) {
      promise.items.push_back({item.id<parties::CustomerId>(3), item.id<receivables::DocumentId>(4),
                               item.small(5), item.integer(6)});
    }
    for (HistoryCursor& event = cursors.events; find(event, promise); event.next()) {
      recorded.events_known_from.push_back(ordinals.of(event.integer(3)));
      promise.events.push_back({event.member<promises::PromiseEventKind>(4), event.date(5), {}});
    }
    recorded.counted_at = customers.first_customer(promise.party, promise.entity);
  }
}

void HistoryPromises::read(Connection& connection, parties::PartyId party) {
  EntryOrdinals ordinals;
  ordinals.add_promises(connection, party);
  auto selection = HistorySelection::all_of(party);
  auto customer_rows = HistoryCustomers::open(connection, selection);
  HistoryCustomers customers;
  customers.read(customer_rows, ordinals, party.part());
  selection.of_parties = "part = :part AND party_id = :party";
  auto cursors = open(connection, selection);
  read(cursors, ordinals, customers, party.part());
}

void HistoryPromises::add_from(const HistoryPromises& others, base::Part part) {
  for (const app::RecordedPromise& recorded : others.promises_) {
    const promises::Promise& promise = recorded.promise;
    const bool is_named =
        std::any_of(promise.items.begin(), promise.items.end(),
                    [&](const auto& item) { return item.customer.part() == part; });
    if (promise.party.part() != part && is_named) promises_.push_back(recorded);
  }
}

void HistoryPromises::link() {
  links_.clear();
  for (std::size_t i = 0; i < promises_.size(); ++i) {
    links_.emplace_back(promises_[i].counted_at, i);
    for (const promises::PromiseItem& item : promises_[i].promise.items)
      links_.emplace_back(item.customer, i);
  }
  std::sort(links_.begin(), links_.end());
  links_.erase(std::unique(links_.begin(), links_.end()), links_.end());
}

std::span<const app::RecordedPromise* const> HistoryPromises::of(parties::CustomerId customer) {
  of_customer_.clear();
  auto link = std::lower_bound(links_.begin(), links_.end(), std::pair(customer, std::size_t{0}));
  for (; link != links_.end() && link->first == customer; ++link)
    of_customer_.push_back(&promises_[link->second]);
  std::sort(of_customer_.begin(), of_customer_.end(),
            [](const auto* a, const auto* b) { return a->promise.id < b->promise.id; });
  return of_customer_;
}

}  // namespace arrears::storage
