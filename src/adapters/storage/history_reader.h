#pragma once

#include <functional>
#include <optional>

#include "adapters/storage/db.h"
#include "adapters/storage/history_promises.h"
#include "adapters/storage/history_rows.h"
#include "app/store.h"

namespace arrears::storage {

/// Reads the whole recorded history of customers; see app::Facts::each_history. The tables lie in
/// order of part and customer, so one cursor on each goes through them side by side.
class HistoryReader {
 public:
  using Each = std::function<void(const app::CustomerHistory&)>;

  explicit HistoryReader(Connection& connection) : connection_(connection) {}

  void each(app::PartRange range, const Each& each);
  void one(parties::CustomerId customer, const Each& each);
  void of_party(parties::PartyId party, const Each& each);

 private:
  void read_selected(const HistorySelection& selection, std::optional<parties::PartyId> party,
                     const Each& each);
  /// Calls `each` for the customers that were read: of `party`, or all.
  void hand_out(HistoryRows::Cursors& cursors, std::optional<parties::PartyId> party,
                const Each& each);

  Connection& connection_;
  EntryOrdinals ordinals_;
  HistoryCustomers customers_;
  HistoryPromises promises_;
  HistoryRows rows_;
};

}  // namespace arrears::storage
