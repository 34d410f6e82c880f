#include "adapters/storage/history_ordinals.h"

#include <algorithm>
#include <string>

namespace arrears::storage {

namespace {

/// Adds the entries of a table to a UNION.
void add_table(std::string& entries, std::string_view table, std::string_view condition) {
  if (!entries.empty()) entries += " UNION ";
  entries += "SELECT entry_id FROM ";
  entries += table;
  entries += " WHERE ";
  entries += condition;
}

std::string ordinals_sql(const std::string& entries) {
  return "SELECT s.entry_id, (SELECT h.checkpoint_no FROM checkpoint_head h WHERE h.part = s.part "
         "AND h.seq >= s.seq ORDER BY h.seq LIMIT 1) FROM journal_seal s WHERE s.part = :part AND "
         "s.entry_id IN (" +
         entries + ")";
}

}  // namespace

void EntryOrdinals::clear() {
  known_.clear();
  sort();
}

HistoryCursor EntryOrdinals::seals(Connection& connection, const HistorySelection& parts) {
  return HistoryCursor(parts.query(connection, "SELECT part, seq, entry_id FROM journal_seal",
                                   parts.of_customers, "part, seq"));
}

HistoryCursor EntryOrdinals::heads(Connection& connection, const HistorySelection& parts) {
  return HistoryCursor(parts.query(connection,
                                   "SELECT part, checkpoint_no, seq FROM checkpoint_head",
                                   parts.of_customers, "part, checkpoint_no"));
}

void EntryOrdinals::add(HistoryCursor& seals, HistoryCursor& heads, base::Part part) {
  for (; seals.find(part); seals.next()) {
    const std::int64_t seq = seals.owner();
    while (heads.find(part) && heads.integer(2) < seq) heads.next();
    if (!heads.find(part)) continue;  // sealed, but in no checkpoint yet
    known_.push_back({seals.integer(2), static_cast<portfolio::Ordinal>(heads.owner())});
  }
  sort();
}

void EntryOrdinals::add(Connection& connection, const HistorySelection& selection) {
  std::string entries;
  for (const char* table : {"customer", "document", "payment", "allocation", "dispute_mark"})
    add_table(entries, table, selection.of_customers);
  add_table(entries, "party", selection.of_parties);
  add(connection.query(ordinals_sql(entries), selection.first, selection.second));
}

void EntryOrdinals::add_promises(Connection& connection, parties::PartyId party) {
  constexpr std::string_view condition = "part = :part AND party_id = :party";
  std::string entries;
  add_table(entries, "promise", condition);
  add_table(entries, "promise_event", condition);
  add(connection.query(ordinals_sql(entries), party.part(), party.value));
}

void EntryOrdinals::add(Query rows) {
  while (rows.next()) {
    if (rows.is_null(1)) continue;
    known_.push_back({rows.int64_at(0), static_cast<portfolio::Ordinal>(rows.int64_at(1))});
  }
  sort();
}

void EntryOrdinals::sort() {
  const auto before = [](const Known& a, const Known& b) { return a.entry_id < b.entry_id; };
  if (!std::is_sorted(known_.begin(), known_.end(), before))
    std::sort(known_.begin(), known_.end(), before);
  last_entry_ = 0;
  last_ordinal_ = portfolio::unsealed;
}

void EntryOrdinals::look_up(std::int64_t entry_id) {
  const auto found =
      std::lower_bound(known_.begin(), known_.end(), entry_id,
                       [](const Known& known, std::int64_t id) { return known.entry_id < id; });
  last_entry_ = entry_id;
  last_ordinal_ =
      found != known_.end() && found->entry_id == entry_id ? found->ordinal : portfolio::unsealed;
}

}  // namespace arrears::storage
