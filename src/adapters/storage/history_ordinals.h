#pragma once

#include <cstdint>
#include <vector>

#include "adapters/storage/history_cursor.h"
#include "domain/parties/parties.h"
#include "domain/portfolio/facts.h"

namespace arrears::storage {

/// With which checkpoint each journal entry became known: the first whose head of the entry's part
/// lies at or after the entry. Holds the entries of one part, or those that were asked for.
class EntryOrdinals {
 public:
  void clear();
  /// The sealed entries that wrote rows of the selected customers and their parties.
  void add(Connection& connection, const HistorySelection& selection);
  /// Those that wrote the party's promises.
  void add_promises(Connection& connection, parties::PartyId party);
  /// All sealed entries of a part, from cursors over `seals` and `heads` that stand at or before.
  void add(HistoryCursor& seals, HistoryCursor& heads, base::Part part);
  static HistoryCursor seals(Connection& connection, const HistorySelection& selection);
  static HistoryCursor heads(Connection& connection, const HistorySelection& selection);

  /// portfolio::unsealed for an entry that no checkpoint covers yet.
  portfolio::Ordinal of(std::int64_t entry_id) {
    if (entry_id != last_entry_) look_up(entry_id);
    return last_ordinal_;
  }

 private:
  struct Known {
    std::int64_t entry_id;
    portfolio::Ordinal ordinal;
  };

  void add(Query rows);
  void sort();
  void look_up(std::int64_t entry_id);

  std::vector<Known> known_;  ///< by entry id
  std::int64_t last_entry_ = 0;
  portfolio::Ordinal last_ordinal_ = portfolio::unsealed;
};

}  // namespace arrears::storage
