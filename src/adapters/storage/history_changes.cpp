#include "adapters/storage/history_changes.h"

#include <algorithm>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/journal.h"

namespace arrears::storage {

namespace {

std::vector<base::Part> moved_parts(Connection& connection, portfolio::Ordinal since) {
  std::vector<base::Part> parts;
  Query rows = connection.query(
      "SELECT part FROM checkpoint_head WHERE checkpoint_no > :since -- wide", since);
  while (rows.next()) parts.push_back(static_cast<base::Part>(rows.int64_at(0)));
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return parts;
}

/// A promise counts at the customers that it names, whosever they are.
void add_promised(Connection& connection, std::span<const std::int64_t> promisers,
                  std::vector<std::int64_t>& owners) {
  for (const std::int64_t promiser : promisers) {
    const parties::PartyId party{promiser};
    Query rows = connection.query(
        "SELECT DISTINCT customer_id FROM promise_item WHERE part = :part AND party_id = :party",
        party.part(), party.value);
    while (rows.next()) owners.push_back(rows.int64_at(0));
  }
}

/// Takes the rows' entries: owners, kind.
void take(Connection& connection, Query rows, app::Changes& changes) {
  std::vector<std::int64_t>& owners = changes.owners;
  while (rows.next()) {
    const std::size_t before = owners.size();
    if (!append_owners(rows.blob_at(0), owners)) {
      throw StorageError(StorageProblem::corrupt,
                         "A journal entry's owners cannot be read. Run 'arrears journal verify'.");
    }
    const std::string_view kind = rows.text_at(1);
    if (std::find(changes.kinds.begin(), changes.kinds.end(), kind) == changes.kinds.end())
      changes.kinds.emplace_back(kind);
    if (kind != app::name(EntryKind::promise_made) &&
        kind != app::name(EntryKind::promise_withdrawn))
      continue;
    const std::vector<std::int64_t> promisers(owners.begin() + static_cast<std::ptrdiff_t>(before),
                                              owners.end());
    add_promised(connection, promisers, owners);
  }
}

}  // namespace

app::Changes changes_since(Connection& connection, portfolio::Ordinal since) {
  app::Changes changes;
  if (const auto last = last_checkpoint(connection))
    changes.checkpoint = static_cast<portfolio::Ordinal>(last->number);
  for (const base::Part part : moved_parts(connection, since)) {
    take(connection,
         connection.query(
             "SELECT j.owners, j.kind FROM journal_seal s JOIN journal j ON j.part = s.part AND "
             "j.entry_id = s.entry_id WHERE s.part = :part AND s.seq > coalesce((SELECT h.seq FROM "
             "checkpoint_head h WHERE h.part = :part AND h.checkpoint_no <= :since "
             "ORDER BY h.checkpoint_no DESC LIMIT 1), 0)",
             part, since),
         changes);
  }
  take(connection,
       connection.query(
           "SELECT j.owners, j.kind FROM journal_pending p JOIN journal j ON j.part = p.part "
           "AND j.entry_id = p.entry_id -- wide"),
       changes);
  std::sort(changes.kinds.begin(), changes.kinds.end());
  std::sort(changes.owners.begin(), changes.owners.end());
  changes.owners.erase(std::unique(changes.owners.begin(), changes.owners.end()),
                       changes.owners.end());
  return changes;
}

}  // namespace arrears::storage
