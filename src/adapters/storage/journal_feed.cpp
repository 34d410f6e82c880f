#include "adapters/storage/journal_feed.h"

#include "adapters/storage/journal.h"

namespace arrears::storage {

namespace {

/// The part of a chain that a checkpoint was the first to sign.
struct Stretch {
  std::int64_t checkpoint = 0;
  base::Part part = 0;
  std::int64_t from = 0;  ///< sequence before its first entry
  std::int64_t to = 0;    ///< of its last
};

std::vector<Stretch> stretches(Connection& connection, const app::FeedPosition& after,
                               std::size_t limit) {
  std::vector<Stretch> found;
  Query rows = connection.query(
      "SELECT h.checkpoint_no, h.part, h.seq, coalesce((SELECT max(p.seq) FROM checkpoint_head p "
      "WHERE p.part = h.part AND p.checkpoint_no < h.checkpoint_no), 0) FROM checkpoint_head h "
      "WHERE h.checkpoint_no >= :checkpoint AND (h.checkpoint_no > :checkpoint OR h.part >= :part) "
      "ORDER BY h.checkpoint_no, h.part LIMIT :limit -- wide",
      after.checkpoint, after.part, static_cast<std::int64_t>(limit) + 1);
  while (rows.next()) {
    found.push_back({rows.int64_at(0), static_cast<base::Part>(rows.int64_at(1)), rows.int64_at(3),
                     rows.int64_at(2)});
  }
  return found;
}

}  // namespace

std::vector<app::FeedEntry> feed(Connection& connection, const app::FeedPosition& after,
                                 std::size_t limit) {
  static const std::string sql = "SELECT " + std::string(journal_columns) +
                                 ", s.seq FROM journal_seal s JOIN journal j ON j.part = s.part "
                                 "AND j.entry_id = s.entry_id WHERE s.part = :part AND "
                                 "s.seq > :from AND s.seq <= :to ORDER BY s.seq LIMIT :limit";
  std::vector<app::FeedEntry> entries;
  // Each stretch has an entry, but perhaps the first, which was read before.
  for (const Stretch& stretch : stretches(connection, after, limit)) {
    if (entries.size() >= limit) break;
    const bool is_first = stretch.checkpoint == after.checkpoint && stretch.part == after.part;
    const std::int64_t from = is_first ? std::max(after.sequence, stretch.from) : stretch.from;
    Query rows = connection.query(sql, stretch.part, from, stretch.to,
                                  static_cast<std::int64_t>(limit - entries.size()));
    while (rows.next()) {
      const JournalRow row = read_journal_row(rows);
      app::FeedEntry& entry = entries.emplace_back();
      entry.position = {stretch.checkpoint, stretch.part, rows.int64_at(journal_column_count)};
      entry.entry_id = row.entry_id;
      entry.command_id = row.command_id;
      entry.kind = row.kind;
      entry.actor = row.actor;
      entry.recorded_at = {row.recorded_at};
      entry.payload = row.payload;
      if (row.owners && !append_owners(*row.owners, entry.owners)) {
        throw StorageError(
            StorageProblem::corrupt,
            "A journal entry's owners cannot be read. Run 'arrears journal verify'.");
      }
    }
  }
  return entries;
}

}  // namespace arrears::storage
