#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "adapters/storage/fact_rows.h"
#include "app/store.h"
#include "domain/promises/promise.h"

namespace arrears::storage {

/// Loads party files of one part: all of them, some or one.
class PartyLoader {
 public:
  PartyLoader(const Snapshot& snapshot, base::Part part, app::Detail detail)
      : snapshot_(snapshot), party_scan_(snapshot), scan_(snapshot), part_(part), detail_(detail) {}

  /// In order of party id; empty where nothing is known.
  std::vector<app::PartyFile> load_all();
  std::optional<app::PartyFile> load(parties::PartyId party);
  /// Of so many at most: `most_owners`.
  std::vector<app::PartyFile> load(std::span<const parties::PartyId> parties);

 private:
  using FileIndex = std::unordered_map<std::int64_t, std::size_t>;

  /// Without owners: all of the part. Here and below.
  void load(Owners parties);
  void load_accounts(Owners customers);
  void ask_for_parties(Owners parties);
  void ask_for_customers(Owners customers);
  void load_parties(Owners parties);
  void load_customers(Owners parties);
  void load_receivables(Owners customers);
  void load_documents(Owners customers);
  void load_payments(Owners customers);
  void load_rest(Owners parties);
  void load_contacts(Owners parties);
  void load_promises(Owners parties);
  void load_calls(Owners parties);
  void load_chasing(Owners parties);
  void load_reached(Owners customers);

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
