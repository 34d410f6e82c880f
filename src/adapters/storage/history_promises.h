#pragma once

#include <utility>
#include <vector>

#include "adapters/storage/history_customers.h"
#include "app/store.h"

namespace arrears::storage {

/// The promises of one part, or of some parties, and which customers they concern.
class HistoryPromises {
 public:
  struct Cursors {
    HistoryCursor promises;
    HistoryCursor items;
    HistoryCursor events;
  };
  static Cursors open(Connection& connection, const HistorySelection& selection);

  void clear();
  /// Adds the promises of the part's parties; `customers` has all of those.
  void read(Cursors& cursors, EntryOrdinals& ordinals, const HistoryCustomers& customers,
            base::Part part);
  /// Adds those of one party, read by its key.
  void read(Connection& connection, parties::PartyId party);
  /// Adds those of `others` that are of another part and name a customer of this one.
  void add_from(const HistoryPromises& others, base::Part part);
  /// After the last that was added.
  void link();

  /// Those that name an item of the customer or are counted at it, by id; good until the next call.
  std::span<const app::RecordedPromise* const> of(parties::CustomerId customer);

 private:
  std::vector<app::RecordedPromise> promises_;
  std::vector<std::pair<parties::CustomerId, std::size_t>> links_;  ///< sorted
  std::vector<const app::RecordedPromise*> of_customer_;
};

}  // namespace arrears::storage
