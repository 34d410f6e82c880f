#pragma once

#include <vector>

#include "adapters/storage/history_cursor.h"
#include "adapters/storage/history_ordinals.h"
#include "domain/portfolio/facts.h"

namespace arrears::storage {

/// The tables of one customer's receivables, each in order of its key, and their rows as flat
/// facts. Keeps the memory from customer to customer.
class HistoryRows {
 public:
  struct Cursors {
    HistoryCursor documents;
    HistoryCursor instalments;
    HistoryCursor payments;
    HistoryCursor allocations;
    HistoryCursor disputes;
  };

  static Cursors open(Connection& connection, const HistorySelection& selection);
  /// Reads the customer's rows; the cursors stand at or before them.
  void read(Cursors& cursors, EntryOrdinals& ordinals, parties::CustomerId customer);
  /// All but promises and versions; good until the next `read`.
  portfolio::CustomerFacts facts() const;

 private:
  void read_documents(Cursors& cursors, EntryOrdinals& ordinals);

  parties::CustomerId customer_;
  std::vector<portfolio::InstalmentFact> instalments_;
  std::vector<portfolio::PaymentFact> payments_;
  std::vector<portfolio::AllocationFact> allocations_;
  std::vector<portfolio::DisputeFact> disputes_;
};

}  // namespace arrears::storage
