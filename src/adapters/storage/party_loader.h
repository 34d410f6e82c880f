#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "adapters/storage/fact_rows.h"
#include "app/store.h"
#include "domain/promises/promise.h"

namespace arrears::storage {

/// Loads the party files of one part, all of them or one.
class PartyLoader {
 public:
  PartyLoader(const Snapshot& snapshot, base::Part part, app::Detail detail)
      : snapshot_(snapshot), party_scan_(snapshot), scan_(snapshot), part_(part), detail_(detail) {}

  /// In order of party id; empty where nothing is known.
  std::vector<app::PartyFile> load_all();
  std::optional<app::PartyFile> load(parties::PartyId party);

 private:
  using FileIndex = std::unordered_map<std::int64_t, std::size_t>;

  void load(std::int64_t party);
  void ask_for_party(std::int64_t party);
  void ask_for_customer(std::int64_t customer);
  void load_parties(std::int64_t party);
  void load_customers(std::int64_t party);
  void load_receivables(std::int64_t customer);
  void load_documents(std::int64_t customer);
  void load_payments(std::int64_t customer);
  void load_rest(std::int64_t party);
  void load_contacts(std::int64_t party);
  void load_promises(std::int64_t party);
  void load_calls(std::int64_t party);
  void load_chasing(std::int64_t party);
  void load_reached(std::int64_t customer);

  app::PartyFile* file_of(std::int64_t party);
  receivables::Ledger* ledger_of(std::int64_t customer);

  const Snapshot& snapshot_;
  FactScan party_scan_;  ///< by party
  FactScan scan_;        ///< by customer
  base::Part part_;
  app::Detail detail_;
  std::vector<app::PartyFile> files_;
  FileIndex file_index_;
  /// Where a customer's account is: its file, then its place there.
  std::unordered_map<std::int64_t, std::pair<std::size_t, std::size_t>> account_index_;
};

}  // namespace arrears::storage
