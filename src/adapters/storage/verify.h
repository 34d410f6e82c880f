#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/db.h"
#include "adapters/storage/keys.h"

/// Recomputes every hash of the journal and names what does not fit. docs/journal.md says what this
/// protects and what not.
namespace arrears::storage {

enum class ProblemKind : unsigned char {
  fact_changed,         ///< a fact row is not what its entry wrote
  fact_missing,         ///< a fact row that an entry wrote is gone
  fact_added,           ///< a fact row that no entry wrote
  owners_wrong,         ///< an entry's list of customers and parties is not that of its rows
  row_hashes_altered,   ///< an entry's list of row hashes does not fit its signed root
  entry_altered,        ///< an entry is not what was sealed
  entries_swapped,      ///< two entries stand in each other's place
  entry_missing,        ///< an entry that was sealed, or that facts refer to, is gone
  entry_not_sealed,     ///< an entry that is neither sealed nor waiting for it
  seal_altered,         ///< a seal's hash is not the chain's
  sequence_gap,         ///< seals are missing between others
  tail_missing,         ///< the journal ends before what was sealed or signed
  head_wrong,           ///< a part's head is not its last seal
  pending_wrong,        ///< an entry waits for its seal that is absent or sealed
  checkpoint_altered,   ///< a checkpoint's signature does not fit it
  checkpoint_missing,   ///< a checkpoint is gone
  checkpoint_order,     ///< a checkpoint does not follow its predecessor
  checkpoint_mismatch,  ///< the chains are not those that a checkpoint signed
  number_missing,       ///< a numbered fact is not in the number index
  other_database,       ///< the checkpoint file belongs to another database or key
};
std::string_view name(ProblemKind kind);

struct Problem {
  ProblemKind kind;
  std::string where;  ///< "part 17 sequence 4", "checkpoint 12"
  std::string text;   ///< what is wrong, for people
};

struct Verification {
  std::vector<Problem> problems;     ///< at most `max_listed`
  std::int64_t problem_count = 0;    ///< all of them
  std::int64_t entries = 0;          ///< journal entries read
  std::int64_t pending_entries = 0;  ///< of them not sealed yet
  std::int64_t rows = 0;             ///< fact rows read
  std::int64_t checkpoints = 0;      ///< checkpoints read

  static constexpr std::size_t max_listed = 10'000;
  bool passed() const { return problem_count == 0; }
  void add(ProblemKind kind, std::string where, std::string text);
};

struct VerifyOptions {
  PublicKey public_key{};                 ///< who must have signed
  std::optional<CheckpointFile> against;  ///< an exported checkpoint that must still hold
  std::function<void(int done, int total)> progress;
};

/// Verifies the whole database in one snapshot and changes nothing.
Verification verify(Connection& connection, const VerifyOptions& options);

}  // namespace arrears::storage
