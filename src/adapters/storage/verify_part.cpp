#include "adapters/storage/verify_part.h"

#include <algorithm>

namespace arrears::storage {

namespace {

/// More broken places than this are listed one by one; pairs are no longer tried.
constexpr std::size_t max_pairing = 200;

std::string part_text(base::Part part) { return "part " + std::to_string(part); }

}  // namespace

std::optional<std::size_t> ReadPart::find(std::int64_t entry_id) const {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), entry_id,
                       [](const ReadEntry& e, std::int64_t id) { return e.entry_id < id; });
  if (found == entries.end() || found->entry_id != entry_id) return std::nullopt;
  return static_cast<std::size_t>(found - entries.begin());
}

void PartVerifier::run(const std::optional<ChainHead>& against) {
  read_journal();
  read_seals();
  check_chain();
  check_pending();
  check_head();
  check_checkpoint_heads();
  if (against) check_against(*against);
  check_facts();
}

void PartVerifier::read_journal() {
  tables_.journal.of(read_.part, [&](const Query& rows) {
    const JournalRow row = read_journal_row(rows);
    ReadEntry entry;
    entry.entry_id = row.entry_id;
    entry.kind = row.kind;
    entry.hash = entry_hash(row);
    entry.rows_root = row.rows_root;
    entry.owners = row.owners;
    entry.leaf_begin = read_.leaves.size();
    const auto leaves = split_row_hashes(rows.blob_at(journal_column_count));
    if (leaves) {
      entry.leaf_count = leaves->size();
      read_.leaves.insert(read_.leaves.end(), leaves->begin(), leaves->end());
    }
    const bool fits_root = leaves && static_cast<std::int64_t>(leaves->size()) == row.row_count &&
                           row.rows_root.size() == 32 &&
                           merkle_root(*leaves) == hash_from(row.rows_root);
    read_.entries.push_back(std::move(entry));
    if (!fits_root) {
      add(ProblemKind::row_hashes_altered, part_text(read_.part),
          "The row hashes of " + name_of(read_.entries.back()) +
              " do not fit the root that it was sealed with.");
    }
  });
  result_.entries += static_cast<std::int64_t>(read_.entries.size());
}

void PartVerifier::read_seals() {
  tables_.seals.of(read_.part, [&](const Query& rows) {
    ReadSeal seal{rows.int64_at(1), rows.int64_at(2), hash_from(rows.blob_at(3)), {}};
    seal.entry = read_.find(seal.entry_id);
    if (!seal.entry) {
      add(ProblemKind::entry_missing, where(seal),
          "Journal entry " + std::to_string(seal.entry_id) + " was sealed here and is gone.");
    } else if (read_.entries[*seal.entry].sealed) {
      add(ProblemKind::seal_altered, where(seal),
          name_of(read_.entries[*seal.entry]) + " is sealed twice.");
    } else {
      read_.entries[*seal.entry].sealed = true;
    }
    read_.seals.push_back(seal);
  });
}

/// Whether the chain hash at this place follows from the one before and the entry. Places next to
/// a gap or without an entry are reported as such and count as fitting.
bool PartVerifier::fits(std::size_t at) const {
  if (at >= read_.seals.size() || !read_.seals[at].entry) return true;
  Hash previous{};
  if (read_.seals[at].seq != 1) {
    if (at == 0 || read_.seals[at - 1].seq + 1 != read_.seals[at].seq) return true;
    previous = read_.seals[at - 1].chain;
  }
  return chain_hash(previous, hashes_[at]) == read_.seals[at].chain;
}

void PartVerifier::check_chain() {
  std::int64_t expected = 1;
  for (const ReadSeal& seal : read_.seals) {
    if (seal.seq > expected) {
      add(ProblemKind::sequence_gap, part_text(read_.part),
          "Sequence " + std::to_string(expected) + " to " + std::to_string(seal.seq - 1) +
              " is missing before " + where(seal) + ".");
    }
    expected = seal.seq + 1;
    hashes_.push_back(seal.entry ? read_.entries[*seal.entry].hash : Hash{});
  }
  std::vector<std::size_t> broken;
  for (std::size_t at = 0; at < read_.seals.size(); ++at) {
    if (!fits(at)) broken.push_back(at);
  }
  if (broken.size() <= max_pairing) find_swaps(broken);
  for (const std::size_t at : broken) {
    if (!fits(at)) report_broken(at);
  }
}

void PartVerifier::find_swaps(std::vector<std::size_t>& broken) {
  for (std::size_t i = 0; i < broken.size(); ++i) {
    for (std::size_t j = i + 1; j < broken.size() && !fits(broken[i]); ++j) {
      if (fits(broken[j]) || !undo_swap(broken[i], broken[j])) continue;
      const ReadSeal& a = read_.seals[broken[i]];
      const ReadSeal& b = read_.seals[broken[j]];
      add(ProblemKind::entries_swapped, where(a),
          name_of(read_.entries[*a.entry]) + " at sequence " + std::to_string(a.seq) + " and " +
              name_of(read_.entries[*b.entry]) + " at sequence " + std::to_string(b.seq) +
              " stand in each other's place.");
    }
  }
}

/// Tries the three ways in which two entries can be swapped; keeps the one that mends the chain.
bool PartVerifier::undo_swap(std::size_t a, std::size_t b) {
  ReadSeal& left = read_.seals[a];
  ReadSeal& right = read_.seals[b];
  const auto mended = [&] { return fits(a) && fits(a + 1) && fits(b) && fits(b + 1); };
  std::swap(hashes_[a], hashes_[b]);  // the seals name each other's entry
  if (mended()) return true;
  std::swap(left.chain, right.chain);  // the seals stand at each other's sequence
  if (mended()) return true;
  std::swap(left.chain, right.chain);
  std::swap(hashes_[a], hashes_[b]);
  // The entries bear each other's id.
  const Hash before_a = std::exchange(hashes_[a], hash_of(*right.entry, left.entry_id));
  const Hash before_b = std::exchange(hashes_[b], hash_of(*left.entry, right.entry_id));
  if (mended()) {
    content_of_[*left.entry] = *right.entry;
    content_of_[*right.entry] = *left.entry;
    return true;
  }
  hashes_[a] = before_a;
  hashes_[b] = before_b;
  return false;
}

/// The hash that the content of an entry would have under another id.
Hash PartVerifier::hash_of(std::size_t entry, std::int64_t with_id) {
  static const std::string sql = "SELECT " + std::string(journal_columns) +
                                 " FROM journal j WHERE j.part = :part AND j.entry_id = :entry_id";
  Query rows = connection_.query(sql, read_.part, read_.entries[entry].entry_id);
  if (!rows.next()) return {};
  JournalRow row = read_journal_row(rows);
  row.entry_id = with_id;
  return entry_hash(row);
}

void PartVerifier::report_broken(std::size_t at) {
  const ReadSeal& seal = read_.seals[at];
  // Where the next place is broken too, but would fit the hash that this one should have, it is
  // this seal that was changed and not the entries.
  if (!fits(at + 1) && at > 0) {
    const Hash kept = seal.chain;
    read_.seals[at].chain = chain_hash(read_.seals[at - 1].chain, hashes_[at]);
    if (fits(at + 1)) {
      add(ProblemKind::seal_altered, where(seal),
          "The seal of " + name_of(read_.entries[*seal.entry]) + " was altered.");
      return;
    }
    read_.seals[at].chain = kept;
  }
  add(ProblemKind::entry_altered, where(seal),
      "Journal " + name_of(read_.entries[*seal.entry]) +
          " is not what was sealed: it was altered after it was written.");
}

void PartVerifier::check_pending() {
  std::vector<bool> waits(read_.entries.size(), false);
  tables_.pending.of(read_.part, [&](const Query& rows) {
    const auto entry = read_.find(rows.int64_at(1));
    if (!entry) {
      add(ProblemKind::pending_wrong, part_text(read_.part),
          "Entry " + std::to_string(rows.int64_at(1)) + " waits for its seal, but is gone.");
    } else if (read_.entries[*entry].sealed) {
      add(ProblemKind::pending_wrong, part_text(read_.part),
          name_of(read_.entries[*entry]) + " waits for a seal that it has.");
    } else {
      waits[*entry] = true;
      ++result_.pending_entries;
    }
  });
  for (std::size_t i = 0; i < read_.entries.size(); ++i) {
    if (!read_.entries[i].sealed && !waits[i]) {
      add(ProblemKind::entry_not_sealed, part_text(read_.part),
          "Journal " + name_of(read_.entries[i]) +
              " has no seal: its seal was removed, or the "
              "entry was put in from outside.");
    }
  }
}

void PartVerifier::check_head() {
  ChainHead head;
  tables_.heads.of(read_.part,
                   [&](const Query& row) { head = {row.int64_at(1), hash_from(row.blob_at(2))}; });
  ChainHead last;
  if (!read_.seals.empty()) last = {read_.seals.back().seq, read_.seals.back().chain};
  if (head == last) return;
  if (head.seq > last.seq) {
    add(ProblemKind::tail_missing, part_text(read_.part),
        "The journal ends at sequence " + std::to_string(last.seq) + ", its head says " +
            std::to_string(head.seq) + ": the last " + std::to_string(head.seq - last.seq) +
            " seals are gone.");
  } else {
    add(ProblemKind::head_wrong, part_text(read_.part),
        "The head (sequence " + std::to_string(head.seq) + ") is not the last seal (sequence " +
            std::to_string(last.seq) + ").");
  }
}

const ReadSeal* PartVerifier::seal_at(std::int64_t seq) const {
  const auto found =
      std::lower_bound(read_.seals.begin(), read_.seals.end(), seq,
                       [](const ReadSeal& seal, std::int64_t value) { return seal.seq < value; });
  return found != read_.seals.end() && found->seq == seq ? &*found : nullptr;
}

void PartVerifier::check_checkpoint_heads() {
  const std::int64_t last = read_.seals.empty() ? 0 : read_.seals.back().seq;
  std::int64_t first_beyond = 0;  // checkpoint
  std::int64_t beyond_seq = 0;
  tables_.checkpoint_heads.of(read_.part, [&](const Query& rows) {
    const std::int64_t number = rows.int64_at(1);
    const std::int64_t seq = rows.int64_at(2);
    if (seq > last) {
      if (first_beyond == 0) first_beyond = number;
      beyond_seq = seq;
      return;
    }
    const ReadSeal* seal = seal_at(seq);
    if (seal == nullptr || seal->chain != hash_from(rows.blob_at(3))) {
      add(ProblemKind::checkpoint_mismatch, part_text(read_.part),
          "Checkpoint " + std::to_string(number) + " saw another chain at sequence " +
              std::to_string(seq) + ".");
    }
  });
  if (first_beyond != 0) {
    add(ProblemKind::tail_missing, part_text(read_.part),
        "The journal ends at sequence " + std::to_string(last) + ", but the checkpoints from " +
            std::to_string(first_beyond) + " on saw up to " + std::to_string(beyond_seq) + ": " +
            std::to_string(beyond_seq - last) + " entries are gone.");
  }
}

void PartVerifier::check_against(const ChainHead& against) {
  const std::int64_t last = read_.seals.empty() ? 0 : read_.seals.back().seq;
  const ReadSeal* seal = seal_at(against.seq);
  if (against.seq > last) {
    add(ProblemKind::tail_missing, part_text(read_.part),
        "The checkpoint file has sequence " + std::to_string(against.seq) +
            ", the journal ends at " + std::to_string(last) + ": " +
            std::to_string(against.seq - last) + " entries were deleted.");
  } else if (seal == nullptr || seal->chain != against.chain) {
    add(ProblemKind::checkpoint_mismatch, part_text(read_.part),
        "The checkpoint file has another chain at sequence " + std::to_string(against.seq) +
            ": the journal up to there was rewritten.");
  }
}

std::string PartVerifier::where(const ReadSeal& seal) const {
  return part_text(read_.part) + " sequence " + std::to_string(seal.seq);
}

std::string PartVerifier::name_of(const ReadEntry& entry) const {
  return "entry " + std::to_string(entry.entry_id) + " (" + entry.kind + ")";
}

std::span<const LeafHash> PartVerifier::leaves_of(std::size_t entry) const {
  const auto moved = content_of_.find(entry);
  const ReadEntry& content = read_.entries[moved == content_of_.end() ? entry : moved->second];
  return std::span(read_.leaves).subspan(content.leaf_begin, content.leaf_count);
}

}  // namespace arrears::storage
