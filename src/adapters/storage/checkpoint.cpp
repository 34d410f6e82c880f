#include "adapters/storage/checkpoint.h"

#include <algorithm>
#include <array>

namespace arrears::storage {

namespace {

constexpr std::string_view select_last_checkpoint =
    "SELECT checkpoint_no, at, previous_hash, root, signature FROM checkpoint "
    "WHERE part = 0 ORDER BY checkpoint_no DESC LIMIT 1";
constexpr std::string_view select_pending = "SELECT part, entry_id FROM journal_pending -- wide";

std::vector<UnsealedEntry> read_pending(Query rows) {
  std::vector<UnsealedEntry> pending;
  while (rows.next()) {
    pending.push_back({static_cast<base::Part>(rows.int64_at(0)), rows.int64_at(1), {}});
  }
  std::sort(pending.begin(), pending.end());
  return pending;
}

/// Takes just these out of the list of those that wait for a seal: others may have come since it
/// was read. Mostly there are none, so nothing is deleted.
void delete_pending(Connection& connection, const std::vector<UnsealedEntry>& pending) {
  static const LaterWrite remove = {
      "DELETE FROM journal_pending WHERE part = :part AND entry_id = :entry_id", {}};
  for (const UnsealedEntry& entry : pending)
    connection.write_later(remove, {entry.part, entry.entry_id});
}

[[noreturn]] void fail_gone() {
  throw StorageError(StorageProblem::corrupt,
                     "A journal entry that waits for its seal is gone. Run 'arrears journal "
                     "verify'.");
}

/// Reads the entries of `first` to `last`, which are of one part, and hashes them.
void hash_entries(Connection& connection, std::vector<UnsealedEntry>::iterator first,
                  std::vector<UnsealedEntry>::iterator last) {
  static const std::string sql = "SELECT " + std::string(journal_columns) +
                                 " FROM journal j WHERE j.part = :part AND "
                                 "j.entry_id BETWEEN :first AND :last ORDER BY j.entry_id";
  Query rows = connection.query(sql, first->part, first->entry_id, (last - 1)->entry_id);
  while (first != last && rows.next()) {
    if (rows.int64_at(1) != first->entry_id) continue;
    first->hash = entry_hash(read_journal_row(rows));
    ++first;
  }
  if (first != last) fail_gone();
}

/// Calls `each(first, last)` for the entries of each part.
template <class Entries, class Each>
void each_part(Entries& entries, const Each& each) {
  for (auto first = entries.begin(); first != entries.end();) {
    const auto last = std::find_if(first, entries.end(), [&](const UnsealedEntry& entry) {
      return entry.part != first->part;
    });
    each(first, last);
    first = last;
  }
}

/// Appends the entries to the chains; the parts that moved.
std::vector<base::Part> append(Connection& connection, ChainHeads& heads,
                               const std::vector<UnsealedEntry>& entries) {
  static const LaterWrite seal = insert_into(
      "journal_seal", std::array<std::string_view, 4>{"part", "seq", "entry_id", "chain_hash"});
  static const LaterWrite store_head = {
      "INSERT INTO journal_head (part, seq, chain_hash) VALUES (:part, :seq, :chain_hash) "
      "ON CONFLICT (part) DO UPDATE SET seq = excluded.seq, chain_hash = excluded.chain_hash",
      {}};
  std::vector<base::Part> moved;
  each_part(entries, [&](auto entry, auto last) {
    ChainHead head = heads.of(entry->part);
    moved.push_back(entry->part);
    for (; entry != last; ++entry) {
      head = {head.seq + 1, chain_hash(head.chain, entry->hash)};
      connection.write_later(seal, {entry->part, head.seq, entry->entry_id, head.chain});
    }
    heads.put(moved.back(), head);
    connection.write_later(store_head, {moved.back(), head.seq, head.chain});
  });
  return moved;
}

Checkpoint read_checkpoint(const Query& row) {
  Checkpoint checkpoint;
  checkpoint.number = row.int64_at(0);
  checkpoint.at = {row.int64_at(1)};
  checkpoint.previous = hash_from(row.blob_at(2));
  checkpoint.root = hash_from(row.blob_at(3));
  const ByteView signature = row.blob_at(4);
  if (signature.size() == checkpoint.signature.size()) {
    std::copy(signature.begin(), signature.end(), checkpoint.signature.begin());
  }
  return checkpoint;
}

std::optional<Checkpoint> read_last(Query& row) {
  if (!row.next()) return std::nullopt;
  return read_checkpoint(row);
}

ChainHeads read_heads(Connection& connection) {
  ChainHeads heads;
  Query rows = connection.query("SELECT part, seq, chain_hash FROM journal_head -- wide");
  while (rows.next()) {
    heads.put(static_cast<base::Part>(rows.int64_at(0)),
              {rows.int64_at(1), hash_from(rows.blob_at(2))});
  }
  return heads;
}

void store_checkpoint(Connection& connection, const Checkpoint& checkpoint, const ChainHeads& heads,
                      const std::vector<base::Part>& moved) {
  static const LaterWrite insert = insert_into(
      "checkpoint", std::array<std::string_view, 6>{"part", "checkpoint_no", "at", "previous_hash",
                                                    "root", "signature"});
  static const LaterWrite insert_head =
      insert_into("checkpoint_head",
                  std::array<std::string_view, 4>{"part", "checkpoint_no", "seq", "chain_hash"});
  connection.write_later(insert, {0, checkpoint.number, checkpoint.at.micros, checkpoint.previous,
                                  checkpoint.root, checkpoint.signature});
  for (const base::Part part : moved) {
    const ChainHead head = heads.of(part);
    connection.write_later(insert_head, {part, checkpoint.number, head.seq, head.chain});
  }
}

}  // namespace

Hash checkpoint_hash(std::string_view database_id, const Checkpoint& checkpoint) {
  return HashInput("arrears checkpoint 1")
      .text(database_id)
      .integer(checkpoint.number)
      .integer(checkpoint.at.micros)
      .blob(checkpoint.previous)
      .blob(checkpoint.root)
      .hash();
}

std::string database_id(Connection& connection) {
  Query row = connection.query("SELECT value FROM site WHERE name = 'database_id'");
  return row.next() ? std::string(row.text_at(0)) : std::string();
}

ChainHeads Sealer::take_heads(Connection& connection, const std::optional<Checkpoint>& last) {
  const bool known = last && last->number == number_ && last->root == root_;
  number_ = 0;
  return known ? std::move(heads_) : read_heads(connection);
}

std::int64_t Sealer::seal(Connection& connection, std::vector<UnsealedEntry> entries,
                          std::optional<base::Instant> after) {
  std::vector<Query> asked = connection.query_together(std::array<Question, 3>{
      connection.checkpoints_lock(), {select_last_checkpoint, {}}, {select_pending, {}}});
  if (!asked[0].next()) {
    throw StorageError(StorageProblem::corrupt, "Rows of the table lock_row are missing.");
  }
  const std::lock_guard lock(mutex_);
  const base::Instant now = clock_.now();
  const std::optional<Checkpoint> last = read_last(asked[1]);
  std::vector<UnsealedEntry> pending = read_pending(std::move(asked[2]));
  asked.clear();
  delete_pending(connection, pending);
  each_part(pending, [&](auto first, auto end) { hash_entries(connection, first, end); });
  entries.insert(entries.end(), pending.begin(), pending.end());
  std::sort(entries.begin(), entries.end());
  const bool asked_later = last && after && last->at < *after;
  if (last && entries.empty() && !asked_later) return last->number;
  ChainHeads heads = take_heads(connection, last);
  const std::vector<base::Part> moved = append(connection, heads, entries);
  if (database_id_.empty()) database_id_ = database_id(connection);
  Checkpoint next;
  next.number = last ? last->number + 1 : 1;
  next.at = last ? std::max(now, base::Instant{last->at.micros + 1}) : now;
  if (after) next.at = std::max(next.at, *after);
  if (last) next.previous = checkpoint_hash(database_id_, *last);
  next.root = heads.root();
  next.signature = keys_.sign(checkpoint_hash(database_id_, next));
  store_checkpoint(connection, next, heads, moved);
  heads_ = std::move(heads);
  number_ = next.number;
  root_ = next.root;
  return next.number;
}

std::int64_t make_checkpoint(Connection& connection, Sealer& sealer,
                             std::optional<base::Instant> after) {
  Transaction transaction(connection, Transaction::Mode::write);
  const std::int64_t number = sealer.seal(connection, {}, after);
  transaction.commit();
  return number;
}

std::int64_t make_checkpoint(Connection& connection, const KeyFile& keys, const base::Clock& clock,
                             std::optional<base::Instant> after) {
  check_key_file(connection, keys);
  Sealer sealer(keys, clock);
  return make_checkpoint(connection, sealer, after);
}

std::optional<Checkpoint> last_checkpoint(Connection& connection) {
  Query row = connection.query(select_last_checkpoint);
  return read_last(row);
}

std::optional<Checkpoint> find_checkpoint(Connection& connection, std::int64_t number) {
  Query row = connection.query(
      "SELECT checkpoint_no, at, previous_hash, root, signature FROM checkpoint "
      "WHERE part = 0 AND checkpoint_no = :number",
      number);
  if (!row.next()) return std::nullopt;
  return read_checkpoint(row);
}

std::optional<std::uint64_t> checkpoint_digest(Connection& connection, std::int64_t number) {
  Checkpoint checkpoint;
  if (number != 0) {
    const auto found = find_checkpoint(connection, number);
    if (!found) return std::nullopt;
    checkpoint = *found;
  }
  std::uint64_t digest = 0;
  // A restored database has the checkpoints of the one before it, and may lack what waited for the
  // next one.
  std::string name = database_id(connection);
  Query restored = connection.query("SELECT value FROM site WHERE name = :name", restored_mark);
  if (restored.next()) name += restored.text_at(0);
  const Hash hash = checkpoint_hash(name, checkpoint);
  for (std::size_t i = 0; i < sizeof digest; ++i) digest = digest << 8 | hash[i];
  return digest;
}

std::optional<Checkpoint> checkpoint_at(Connection& connection, base::Instant instant) {
  const std::optional<Checkpoint> last = last_checkpoint(connection);
  if (!last || last->at <= instant) return last;
  // Instants rise with the number, and numbers have no gaps: halve the range.
  std::optional<Checkpoint> best;
  std::int64_t low = 1;
  std::int64_t high = last->number - 1;
  while (low <= high) {
    const std::int64_t middle = low + (high - low) / 2;
    const std::optional<Checkpoint> found = find_checkpoint(connection, middle);
    if (!found) {
      throw StorageError(StorageProblem::corrupt,
                         "A checkpoint is missing. Run 'arrears journal verify'.");
    }
    if (found->at <= instant) {
      best = found;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return best;
}

ChainHeads heads_at(Connection& connection, std::int64_t checkpoint) {
  ChainHeads heads;
  // Later rows of a part replace earlier ones.
  Query rows = connection.query(
      "SELECT part, seq, chain_hash FROM checkpoint_head WHERE checkpoint_no <= :number "
      "ORDER BY part, checkpoint_no -- wide",
      checkpoint);
  while (rows.next()) {
    heads.put(static_cast<base::Part>(rows.int64_at(0)),
              {rows.int64_at(1), hash_from(rows.blob_at(2))});
  }
  return heads;
}

KnownAtView::KnownAtView(Connection& connection, base::Instant instant) : connection_(&connection) {
  if (const auto checkpoint = checkpoint_at(connection, instant)) checkpoint_ = checkpoint->number;
}

bool KnownAtView::visible(base::Part part, std::int64_t entry_id) const {
  if (sees_everything()) return true;
  if (part != current_) {
    current_entries_ = &entries_of(part);
    current_ = part;
  }
  return std::binary_search(current_entries_->begin(), current_entries_->end(), entry_id);
}

const std::vector<std::int64_t>& KnownAtView::entries_of(base::Part part) const {
  const auto [found, is_new] = visible_.try_emplace(part);
  if (!is_new || checkpoint_ == 0) return found->second;
  Query rows = connection_->query(
      "SELECT entry_id FROM journal_seal WHERE part = :part AND seq <= coalesce("
      "(SELECT seq FROM checkpoint_head WHERE part = :part AND checkpoint_no <= :number "
      "ORDER BY checkpoint_no DESC LIMIT 1), 0)",
      part, checkpoint_);
  while (rows.next()) found->second.push_back(rows.int64_at(0));
  std::sort(found->second.begin(), found->second.end());
  return found->second;
}

}  // namespace arrears::storage
