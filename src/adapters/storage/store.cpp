#include "adapters/storage/store.h"

#include <algorithm>
#include <filesystem>

#include "adapters/storage/lease.h"
#include "adapters/storage/write_session.h"

namespace arrears::storage {

namespace {

/// Makes the key file of a database that has none yet; never a second one.
KeyFile open_key_file(Connection& connection, const StoreOptions& options, base::Instant now) {
  const bool has_key = connection.query("SELECT 1 FROM site WHERE name = 'public_key'").next();
  if (!has_key && options.mode == OpenMode::create && !std::filesystem::exists(options.key_file)) {
    return KeyFile::create(options.key_file, now);
  }
  return KeyFile::load(options.key_file);
}

/// What the key file signs to say that commands of this database may bear given instants. Without a
/// signature anybody with SQL could let a real database be written with an old clock.
Hash rehearsal_mark(Connection& connection) {
  return HashInput("arrears rehearsal 1").text(database_id(connection)).hash();
}

bool is_memory(std::string_view url) { return url == "sqlite::memory:"; }

}  // namespace

DatabaseStore::DatabaseStore(const StoreOptions& options, const base::Clock& clock)
    : url_(options.url),
      clock_(clock),
      commands_([this](const CommandQueue::Batch& batch) { run(batch); }) {
  // A second connection would see another, empty database.
  ARREARS_REQUIRE(!is_memory(url_));
  auto connection = open_database(options.url, options.mode);
  keys_.emplace(open_key_file(*connection, options, clock.now()));
  sealer_.emplace(*keys_, clock_);
  if (options.mode == OpenMode::create) {
    Transaction transaction(*connection, Transaction::Mode::write);
    check_key_file(*connection, *keys_);
    connection->execute(
        "INSERT INTO site (name, value) VALUES ('rehearsal', :value) ON CONFLICT (name) DO NOTHING",
        options.rehearsal ? to_hex(keys_->sign(rehearsal_mark(*connection))) : "no");
    transaction.commit();
  } else {
    check_key_file(*connection, *keys_);  // without a lock: a question does not wait for writers
  }
  pool_.push_back(std::move(connection));
}

DatabaseStore::~DatabaseStore() = default;

std::unique_ptr<Connection> DatabaseStore::take() {
  {
    const std::lock_guard lock(pool_mutex_);
    if (!pool_.empty()) {
      auto connection = std::move(pool_.back());
      pool_.pop_back();
      return connection;
    }
  }
  return open_database(url_, OpenMode::existing);
}

void DatabaseStore::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(pool_mutex_);
  pool_.push_back(std::move(connection));
}

std::unique_ptr<app::Facts> DatabaseStore::read(app::KnownAt known_at) {
  if (known_at) {
    // Whoever asks about an instant after the last checkpoint makes one, so that no later one can
    // come to lie at or before that instant and change the answer.
    PooledConnection connection(*this);
    const std::optional<Checkpoint> last = last_checkpoint(*connection);
    if (!last || last->at < *known_at) make_checkpoint(*connection, *sealer_, known_at);
  }
  return std::make_unique<ReadSession>(
      std::make_unique<Session>(*this, Transaction::Mode::read, *keys_, known_at));
}

std::unique_ptr<app::Transaction> DatabaseStore::write() {
  return std::make_unique<WriteSession>(
      std::make_unique<Session>(*this, Transaction::Mode::write, *keys_, std::nullopt), *this,
      clock_);
}

bool DatabaseStore::has_entry(std::int64_t entry_id) {
  const base::Part part = base::Id<struct EntryTag>{entry_id}.part();
  PooledConnection connection(*this);
  Transaction after_the_other(*connection, Transaction::Mode::write);
  (*connection).lock_parts(part, part);
  return (*connection)
      .query("SELECT entry_id FROM journal WHERE part = :part AND entry_id = :id", part, entry_id)
      .next();
}

void DatabaseStore::run(const CommandQueue::Batch& batch) {
  const auto session = [&] {
    return WriteSession(
        std::make_unique<Session>(*this, Transaction::Mode::write, *keys_, std::nullopt), *this,
        clock_);
  };
  if (batch.size() > 1) {
    if (session().run_lightly(batch)) return;
    for (WaitingCommand* command : batch) command->again = false;
  }
  session().run(batch);
}

std::int64_t DatabaseStore::checkpoint() {
  PooledConnection connection(*this);
  return make_checkpoint(*connection, *sealer_);
}

void DatabaseStore::run(base::Instant recorded_at, std::string_view actor,
                        const std::function<bool(app::Transaction&)>& work) {
  WaitingCommand command(recorded_at, actor, work);
  commands_.run(command);
}

std::unique_ptr<app::Lease> DatabaseStore::try_lease(std::string_view name) {
  return storage::try_lease(url_, name);
}

app::SecretHash DatabaseStore::keyed_hash(std::string_view purpose, std::string_view text) {
  return keys_->keyed_hash(purpose, text);
}

bool DatabaseStore::is_rehearsal() {
  PooledConnection connection(*this);
  Query row = (*connection).query("SELECT value FROM site WHERE name = 'rehearsal'");
  if (!row.next()) return false;
  const Bytes mark = from_hex(row.text_at(0));
  Signature signature{};
  if (mark.size() != signature.size()) return false;
  std::copy(mark.begin(), mark.end(), signature.begin());
  return is_signed_by(keys_->public_key(), rehearsal_mark(*connection), signature);
}

std::string DatabaseStore::database_id() {
  PooledConnection connection(*this);
  return storage::database_id(*connection);
}

std::optional<std::string> DatabaseStore::export_checkpoint() {
  PooledConnection connection(*this);
  Transaction snapshot(*connection, Transaction::Mode::read);
  return storage::export_checkpoint(*connection, keys_->public_key());
}

Verification DatabaseStore::verify(std::optional<CheckpointFile> against,
                                   std::function<void(int, int)> progress) {
  PooledConnection connection(*this);
  return storage::verify(*connection,
                         {keys_->public_key(), std::move(against), std::move(progress)});
}

std::vector<TailEntry> DatabaseStore::tail(int count) {
  PooledConnection connection(*this);
  Transaction snapshot(*connection, Transaction::Mode::read);
  PartyKeys keys(*connection, *keys_);
  return read_tail(*connection, keys, count);
}

void DatabaseStore::erase_personal_text(parties::PartyId party) {
  PooledConnection connection(*this);
  Transaction transaction(*connection, Transaction::Mode::write);
  (*connection).lock_parts(party.part(), party.part());
  PartyKeys(*connection, *keys_).destroy(party);
  transaction.commit();
}

}  // namespace arrears::storage
