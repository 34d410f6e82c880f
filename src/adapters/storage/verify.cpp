#include "adapters/storage/verify.h"

#include "adapters/storage/facts.h"
#include "adapters/storage/verify_numbers.h"
#include "adapters/storage/verify_part.h"

namespace arrears::storage {

namespace {

constexpr std::string_view kind_names[] = {
    "fact_changed",       "fact_missing",        "fact_added",         "owners_wrong",
    "row_hashes_altered", "entry_altered",       "entries_swapped",    "entry_missing",
    "entry_not_sealed",   "seal_altered",        "sequence_gap",       "tail_missing",
    "head_wrong",         "pending_wrong",       "checkpoint_altered", "checkpoint_missing",
    "checkpoint_order",   "checkpoint_mismatch", "number_missing",     "other_database"};
static_assert(std::size(kind_names) == static_cast<std::size_t>(ProblemKind::other_database) + 1);

std::string checkpoint_text(std::int64_t number) { return "checkpoint " + std::to_string(number); }

/// Follows the checkpoints in order with the heads that each of them moved.
class CheckpointVerifier {
 public:
  CheckpointVerifier(Connection& connection, const VerifyOptions& options, Verification& result)
      : connection_(connection),
        options_(options),
        result_(result),
        database_id_(database_id(connection)),
        moves_(connection.query("SELECT checkpoint_no, part, seq, chain_hash FROM checkpoint_head "
                                "ORDER BY checkpoint_no, part -- wide")) {
    more_moves_ = moves_.next();
  }

  void run() {
    Query rows = connection_.query(
        "SELECT checkpoint_no, at, previous_hash, root, signature FROM checkpoint "
        "WHERE part = 0 ORDER BY checkpoint_no");
    while (rows.next()) {
      Checkpoint checkpoint;
      checkpoint.number = rows.int64_at(0);
      checkpoint.at = {rows.int64_at(1)};
      checkpoint.previous = hash_from(rows.blob_at(2));
      checkpoint.root = hash_from(rows.blob_at(3));
      const ByteView signature = rows.blob_at(4);
      if (signature.size() == checkpoint.signature.size()) {
        std::copy(signature.begin(), signature.end(), checkpoint.signature.begin());
      }
      check(checkpoint);
      ++result_.checkpoints;
    }
    report_mismatches();
    check_moves_without_checkpoint();
    if (options_.against) check_against(*options_.against);
  }

 private:
  void check(const Checkpoint& checkpoint) {
    const std::int64_t expected = last_ ? last_->number + 1 : 1;
    const std::string place = checkpoint_text(checkpoint.number);
    if (checkpoint.number != expected) {
      result_.add(ProblemKind::checkpoint_missing, place,
                  "Checkpoint " + std::to_string(expected) + " to " +
                      std::to_string(checkpoint.number - 1) + " is missing before it.");
    } else if (checkpoint.previous != (last_ ? last_hash_ : Hash{})) {
      result_.add(ProblemKind::checkpoint_order, place,
                  "It does not follow the checkpoint before it: one of the two was replaced.");
    }
    if (last_ && checkpoint.at <= last_->at) {
      result_.add(ProblemKind::checkpoint_order, place, "Its instant is not after the one before.");
    }
    const Hash hash = checkpoint_hash(database_id_, checkpoint);
    if (!is_signed_by(options_.public_key, hash, checkpoint.signature)) {
      result_.add(ProblemKind::checkpoint_altered, place,
                  "It was altered, or not signed with this site's key.");
    }
    take_moves(checkpoint.number);
    if (heads_.root() != checkpoint.root) {
      if (first_mismatch_ == 0) first_mismatch_ = checkpoint.number;
      ++mismatches_;
    } else {
      report_mismatches();
    }
    if (options_.against && options_.against->checkpoint.number == checkpoint.number) {
      same_number_hash_ = hash;
    }
    last_ = checkpoint;
    last_hash_ = hash;
  }

  void take_moves(std::int64_t number) {
    for (; more_moves_ && moves_.int64_at(0) <= number; more_moves_ = moves_.next()) {
      if (moves_.int64_at(0) < number) ++stray_moves_;
      heads_.put(static_cast<base::Part>(moves_.int64_at(1)),
                 {moves_.int64_at(2), hash_from(moves_.blob_at(3))});
    }
  }

  void report_mismatches() {
    if (mismatches_ == 0) return;
    const std::string range = mismatches_ == 1
                                  ? std::string()
                                  : " (and the " + std::to_string(mismatches_ - 1) + " after it)";
    result_.add(ProblemKind::checkpoint_mismatch, checkpoint_text(first_mismatch_),
                "The recorded heads are not those that it signed" + range + ".");
    first_mismatch_ = 0;
    mismatches_ = 0;
  }

  void check_moves_without_checkpoint() {
    if (!more_moves_ && stray_moves_ == 0) return;
    const std::int64_t last = last_ ? last_->number : 0;
    result_.add(ProblemKind::checkpoint_missing, checkpoint_text(last),
                "Heads are recorded for checkpoints that are gone.");
  }

  void check_against(const CheckpointFile& file) {
    const std::string place = "checkpoint file (" + checkpoint_text(file.checkpoint.number) + ")";
    const Hash hash = checkpoint_hash(file.database_id, file.checkpoint);
    if (file.public_key != options_.public_key || file.database_id != database_id_) {
      result_.add(ProblemKind::other_database, place,
                  "It was exported from another database or signed with another key.");
      return;
    }
    if (!is_signed_by(options_.public_key, hash, file.checkpoint.signature) ||
        ChainHeads(file.heads).root() != file.checkpoint.root) {
      result_.add(ProblemKind::checkpoint_altered, place, "The file was altered.");
    }
    const std::int64_t last = last_ ? last_->number : 0;
    if (file.checkpoint.number > last) {
      result_.add(ProblemKind::checkpoint_missing, place,
                  "The database ends at checkpoint " + std::to_string(last) + ": " +
                      std::to_string(file.checkpoint.number - last) + " checkpoints were deleted.");
    } else if (same_number_hash_ && *same_number_hash_ != hash) {
      result_.add(ProblemKind::checkpoint_mismatch, place,
                  "The database has another checkpoint of that number: its history was rewritten.");
    }
  }

  Connection& connection_;
  const VerifyOptions& options_;
  Verification& result_;
  std::string database_id_;
  Query moves_;
  bool more_moves_ = false;
  ChainHeads heads_;
  std::optional<Checkpoint> last_;
  Hash last_hash_{};
  std::optional<Hash> same_number_hash_;
  std::int64_t first_mismatch_ = 0;
  std::int64_t mismatches_ = 0;
  std::int64_t stray_moves_ = 0;
};

/// Rows that no part's verification would read.
void check_part_numbers(Connection& connection, Verification& result) {
  std::vector<std::string> tables{"journal", "journal_seal", "journal_head", "journal_pending",
                                  "checkpoint_head"};
  for (const FactTable* table : facts::all()) tables.emplace_back(table->name);
  for (const std::string& table : tables) {
    for (const char* outside : {" WHERE part < 0", " WHERE part > 1023"}) {
      Query rows = connection.query("SELECT count(*) FROM " + table + outside);
      rows.next();
      if (rows.int64_at(0) == 0) continue;
      result.add(ProblemKind::fact_added, table,
                 std::to_string(rows.int64_at(0)) + " rows lie outside the parts 0 to 1023.");
    }
  }
}

}  // namespace

std::string_view name(ProblemKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

void Verification::add(ProblemKind kind, std::string where, std::string text) {
  ++problem_count;
  if (problems.size() < max_listed) problems.push_back({kind, std::move(where), std::move(text)});
}

Verification verify(Connection& connection, const VerifyOptions& options) {
  Verification result;
  Transaction snapshot(connection, Transaction::Mode::read);
  const bool ours = options.against && options.against->database_id == database_id(connection);
  VerifiedTables tables(connection);
  for (base::Part part = 0; part < base::part_count; ++part) {
    std::optional<ChainHead> against;
    if (ours) {
      const ChainHead head = options.against->heads.of(part);
      if (head.seq > 0) against = head;
    }
    PartVerifier(connection, tables, part, result).run(against);
    if (options.progress) options.progress(part + 1, base::part_count);
  }
  check_part_numbers(connection, result);
  verify_numbers(connection, result);
  CheckpointVerifier(connection, options, result).run();
  return result;
}

}  // namespace arrears::storage
