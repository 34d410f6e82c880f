#include "adapters/storage/verify_rows.h"

#include "adapters/storage/journal.h"

namespace arrears::storage {

std::string key_columns(const FactTable& table) {
  std::string names;
  for (int i = 0; i < table.key_columns; ++i) {
    if (i > 0) names += ", ";
    names += table.columns[static_cast<std::size_t>(i)].name;
  }
  return names;
}

VerifiedTables::VerifiedTables(Connection& connection)
    : journal(connection,
              "SELECT " + std::string(journal_columns) + ", j.row_hashes FROM journal j",
              "j.part, j.entry_id"),
      seals(connection, "SELECT part, seq, entry_id, chain_hash FROM journal_seal", "part, seq"),
      pending(connection, "SELECT part, entry_id FROM journal_pending", "part, entry_id"),
      heads(connection, "SELECT part, seq, chain_hash FROM journal_head", "part"),
      checkpoint_heads(connection,
                       "SELECT part, checkpoint_no, seq, chain_hash FROM checkpoint_head",
                       "part, checkpoint_no") {
  for (const FactTable* table : facts::all())
    facts.emplace_back(connection, select_columns(*table), key_columns(*table));
}

}  // namespace arrears::storage
