#include "adapters/storage/checkpoint.h"

#include <algorithm>

#include "adapters/storage/journal.h"

namespace arrears::storage {

namespace {

/// All that belongs to a part of the pending entries.
struct Pending {
  base::Part part;
  std::int64_t entry_id;
};

std::vector<Pending> pending_entries(Connection& connection) {
  std::vector<Pending> pending;
  Query rows = connection.query(
      "SELECT part, entry_id FROM journal_pending ORDER BY part, entry_id -- wide");
  while (rows.next()) {
    pending.push_back({static_cast<base::Part>(rows.int64_at(0)), rows.int64_at(1)});
  }
  return pending;
}

ChainHead head_of(Connection& connection, base::Part part) {
  Query row = connection.query("SELECT seq, chain_hash FROM journal_head WHERE part = :part", part);
  if (!row.next()) return {};
  return {row.int64_at(0), hash_from(row.blob_at(1))};
}

void store_head(Connection& connection, base::Part part, const ChainHead& head) {
  connection.execute(
      "INSERT INTO journal_head (part, seq, chain_hash) VALUES (:part, :seq, :chain) "
      "ON CONFLICT (part) DO UPDATE SET seq = excluded.seq, chain_hash = excluded.chain_hash",
      part, head.seq, head.chain);
}

Hash hash_of_entry(Connection& connection, const Pending& pending) {
  static const std::string sql = "SELECT " + std::string(journal_columns) +
                                 " FROM journal j WHERE j.part = :part AND j.entry_id = :entry_id";
  Query row = connection.query(sql, pending.part, pending.entry_id);
  if (!row.next()) {
    throw StorageError(StorageProblem::corrupt,
                       "A journal entry that waits for its seal is gone. Run 'arrears journal "
                       "verify'.");
  }
  return entry_hash(read_journal_row(row));
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

struct Heads {
  ChainHeads all;
  std::vector<base::Part> moved;  ///< since the last checkpoint
};

Heads current_heads(Connection& connection) {
  Heads heads;
  Query rows = connection.query(
      "SELECT h.part, h.seq, h.chain_hash, coalesce((SELECT c.seq FROM checkpoint_head c "
      "WHERE c.part = h.part ORDER BY c.checkpoint_no DESC LIMIT 1), 0) FROM journal_head h "
      "ORDER BY h.part -- wide");
  while (rows.next()) {
    const auto part = static_cast<base::Part>(rows.int64_at(0));
    heads.all[part] = {rows.int64_at(1), hash_from(rows.blob_at(2))};
    if (rows.int64_at(1) != rows.int64_at(3)) heads.moved.push_back(part);
  }
  return heads;
}

void store_checkpoint(Connection& connection, const Checkpoint& checkpoint, const Heads& heads) {
  connection.execute(
      "INSERT INTO checkpoint (part, checkpoint_no, at, previous_hash, root, signature) "
      "VALUES (0, :number, :at, :previous, :root, :signature)",
      checkpoint.number, checkpoint.at.micros, checkpoint.previous, checkpoint.root,
      checkpoint.signature);
  for (const base::Part part : heads.moved) {
    const ChainHead& head = heads.all.at(part);
    connection.execute(
        "INSERT INTO checkpoint_head (part, checkpoint_no, seq, chain_hash) "
        "VALUES (:part, :number, :seq, :chain)",
        part, checkpoint.number, head.seq, head.chain);
  }
}

}  // namespace

Hash heads_root(const ChainHeads& heads) {
  HashInput input("arrears heads 1");
  for (const auto& [part, head] : heads) {
    input.integer(part).integer(head.seq).blob(head.chain);
  }
  return input.hash();
}

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

std::int64_t seal_pending(Connection& connection) {
  const std::vector<Pending> pending = pending_entries(connection);
  ChainHead head;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const Pending& entry = pending[i];
    if (i == 0 || pending[i - 1].part != entry.part) head = head_of(connection, entry.part);
    head = {head.seq + 1, chain_hash(head.chain, hash_of_entry(connection, entry))};
    connection.execute(
        "INSERT INTO journal_seal (part, seq, entry_id, chain_hash) "
        "VALUES (:part, :seq, :entry_id, :chain)",
        entry.part, head.seq, entry.entry_id, head.chain);
    connection.execute("DELETE FROM journal_pending WHERE part = :part AND entry_id = :entry_id",
                       entry.part, entry.entry_id);
    const bool last_of_part = i + 1 == pending.size() || pending[i + 1].part != entry.part;
    if (last_of_part) store_head(connection, entry.part, head);
  }
  return static_cast<std::int64_t>(pending.size());
}

std::int64_t make_checkpoint(Connection& connection, const KeyFile& keys, const base::Clock& clock,
                             std::optional<base::Instant> after) {
  Transaction transaction(connection, Transaction::Mode::write);
  connection.lock_checkpoints();
  const base::Instant now = clock.now();
  check_key_file(connection, keys);
  seal_pending(connection);
  const std::optional<Checkpoint> last = last_checkpoint(connection);
  const Heads heads = current_heads(connection);
  const bool asked_later = last && after && last->at < *after;
  if (last && heads.moved.empty() && !asked_later) {
    transaction.commit();
    return last->number;
  }
  const std::string id = database_id(connection);
  Checkpoint next;
  next.number = last ? last->number + 1 : 1;
  next.at = last ? std::max(now, base::Instant{last->at.micros + 1}) : now;
  if (last) next.previous = checkpoint_hash(id, *last);
  next.root = heads_root(heads.all);
  next.signature = keys.sign(checkpoint_hash(id, next));
  store_checkpoint(connection, next, heads);
  transaction.commit();
  return next.number;
}

std::optional<Checkpoint> last_checkpoint(Connection& connection) {
  Query row = connection.query(
      "SELECT checkpoint_no, at, previous_hash, root, signature FROM checkpoint "
      "WHERE part = 0 ORDER BY checkpoint_no DESC LIMIT 1");
  if (!row.next()) return std::nullopt;
  return read_checkpoint(row);
}

std::optional<Checkpoint> find_checkpoint(Connection& connection, std::int64_t number) {
  Query row = connection.query(
      "SELECT checkpoint_no, at, previous_hash, root, signature FROM checkpoint "
      "WHERE part = 0 AND checkpoint_no = :number",
      number);
  if (!row.next()) return std::nullopt;
  return read_checkpoint(row);
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
    heads[static_cast<base::Part>(rows.int64_at(0))] = {rows.int64_at(1),
                                                        hash_from(rows.blob_at(2))};
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
