#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/storage/chain_heads.h"
#include "adapters/storage/db.h"
#include "adapters/storage/hashing.h"
#include "adapters/storage/journal.h"
#include "adapters/storage/keys.h"
#include "base/clock.h"
#include "base/ids.h"

/// Sealing and checkpoints: committed entries of a part get their sequence and hash chain, and a
/// checkpoint signs the heads of all chains. "Known at" means a checkpoint.
namespace arrears::storage {

struct Checkpoint {
  std::int64_t number = 0;  ///< 1, 2, 3, ...
  base::Instant at;         ///< rises with the number
  Hash previous{};          ///< hash of the checkpoint before, zeros for the first
  Hash root{};              ///< over all heads, as ChainHeads has it
  Signature signature{};
};

/// What is signed: all of the checkpoint but its signature, and the database it belongs to.
Hash checkpoint_hash(std::string_view database_id, const Checkpoint& checkpoint);

/// The database's own name, made with it.
std::string database_id(Connection& connection);

/// Gives entries their sequence and chain hash and makes checkpoints, for the time of an open
/// database. Several threads may use it, each in a write transaction of its own: who seals holds
/// the lock of the checkpoints, which is the sealer's lease, until that transaction has ended.
class Sealer {
 public:
  Sealer(const KeyFile& keys, const base::Clock& clock) : keys_(keys), clock_(clock) {}

  /// In the caller's write transaction: seals `entries` that it wrote itself, and everything that
  /// is pending, in order of entry id within a part. Makes a checkpoint if that was any, or there
  /// is no checkpoint yet, or the last one is before `after`. Returns the last checkpoint's number.
  ///
  /// The clock is read once the lock is held, so that no checkpoint bears an instant at which
  /// somebody could have asked without it; where the clock stepped back, it is one microsecond
  /// after the last checkpoint's, and never before `after`.
  std::int64_t seal(Connection& connection, std::vector<UnsealedEntry> entries,
                    std::optional<base::Instant> after = {});

 private:
  /// As the last checkpoint signed them.
  ChainHeads take_heads(Connection& connection, const std::optional<Checkpoint>& last);

  const KeyFile& keys_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::string database_id_;
  // The heads that checkpoint `number_` signed with `root_`; of use while it is the last one. A
  // transaction that was not committed leaves what matches no checkpoint.
  std::int64_t number_ = 0;
  Hash root_{};
  ChainHeads heads_;
};

/// Seals what is pending, in a transaction of its own; see Sealer::seal. For one key file.
std::int64_t make_checkpoint(Connection& connection, const KeyFile& keys, const base::Clock& clock,
                             std::optional<base::Instant> after = {});
/// The same with the sealer of an open database.
std::int64_t make_checkpoint(Connection& connection, Sealer& sealer,
                             std::optional<base::Instant> after = {});

std::optional<Checkpoint> last_checkpoint(Connection& connection);
/// The last checkpoint at or before `instant`; nothing where there is none.
std::optional<Checkpoint> checkpoint_at(Connection& connection, base::Instant instant);
std::optional<Checkpoint> find_checkpoint(Connection& connection, std::int64_t number);
/// The heads that a checkpoint signed.
ChainHeads heads_at(Connection& connection, std::int64_t checkpoint);

/// The row of `site` that a restore writes, with a value of its own each time (backup.h).
constexpr std::string_view restored_mark = "restored";

/// See app::Facts::checkpoint_digest.
std::optional<std::uint64_t> checkpoint_digest(Connection& connection, std::int64_t number);

/// Which entries count for a reader: those sealed up to a checkpoint, or all that are committed.
class KnownAtView {
 public:
  /// Everything that is committed.
  KnownAtView() = default;
  /// What the last checkpoint at or before `instant` saw: nothing where there is none. Loads a
  /// part's entries when it is first asked about; use it within one read transaction.
  KnownAtView(Connection& connection, base::Instant instant);

  bool sees_everything() const { return connection_ == nullptr; }
  /// Number of the checkpoint that bounds it, 0 for none; not where it sees everything.
  std::int64_t checkpoint() const { return checkpoint_; }
  bool visible(base::Part part, std::int64_t entry_id) const;

 private:
  const std::vector<std::int64_t>& entries_of(base::Part part) const;

  Connection* connection_ = nullptr;
  std::int64_t checkpoint_ = 0;                                                ///< 0: none
  mutable std::unordered_map<base::Part, std::vector<std::int64_t>> visible_;  ///< sorted
  mutable base::Part current_ = -1;                                            ///< asked about last
  mutable const std::vector<std::int64_t>* current_entries_ = nullptr;
};

/// A checkpoint with its heads, as it is kept outside the database.
struct CheckpointFile {
  std::string database_id;
  Checkpoint checkpoint;
  ChainHeads heads;
  PublicKey public_key{};
};

/// The last checkpoint as JSON text; make one first. Nothing where there is none.
std::optional<std::string> export_checkpoint(Connection& connection, const PublicKey& key);
/// Nothing where the text is not such a file.
std::optional<CheckpointFile> parse_checkpoint_file(std::string_view json);

}  // namespace arrears::storage
