#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/command_queue.h"
#include "adapters/storage/journal.h"
#include "adapters/storage/verify.h"
#include "app/store.h"

/// The adapter's face: a database behind the ports of app/store.h, with its key file, and what only
/// storage can do (export, verify, tail).
namespace arrears::storage {

struct StoreOptions {
  std::string url;                     ///< "sqlite:FILE" or "postgresql://..."
  std::string key_file;                ///< path, outside of the database
  OpenMode mode = OpenMode::existing;  ///< create: also makes the key file where there is none
  bool rehearsal = false;              ///< on creation: commands may bear given instants
};

class DatabaseStore final : public app::Store {
 public:
  /// The store keeps the clock for its ids.
  DatabaseStore(const StoreOptions& options, const base::Clock& clock);
  ~DatabaseStore() override;

  std::unique_ptr<app::Facts> read(app::KnownAt known_at) override;
  std::unique_ptr<app::Transaction> write() override;
  void run(base::Instant recorded_at, std::string_view actor,
           const std::function<bool(app::Transaction&)>& work) override;
  std::int64_t checkpoint() override;
  std::unique_ptr<app::Lease> try_lease(std::string_view name) override;
  app::SecretHash keyed_hash(std::string_view purpose, std::string_view text) override;
  bool is_rehearsal() override;

  /// The database's own name, made with it.
  std::string database_id();

  /// The last checkpoint as JSON, to be kept elsewhere; nothing where none was made.
  std::optional<std::string> export_checkpoint();
  Verification verify(std::optional<CheckpointFile> against,
                      std::function<void(int done, int total)> progress);
  /// The last `count` entries, oldest first.
  std::vector<TailEntry> tail(int count);
  /// How many commands wait for a batch to take them.
  std::size_t waiting_commands() { return commands_.waiting(); }
  /// Destroys the party's key: its personal text reads as erased from now on.
  void erase_personal_text(parties::PartyId party);

 private:
  friend class PooledConnection;
  friend class WriteSession;
  void run(const CommandQueue::Batch& batch);
  /// Whether an entry is in the journal, asked over another connection after its command's own was
  /// lost: waits until what is left of that transaction has ended.
  bool has_entry(std::int64_t entry_id);
  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);

  std::string url_;
  const base::Clock& clock_;
  std::optional<KeyFile> keys_;
  std::optional<Sealer> sealer_;
  CommandQueue commands_;
  std::mutex pool_mutex_;
  std::vector<std::unique_ptr<Connection>> pool_;
};

}  // namespace arrears::storage
