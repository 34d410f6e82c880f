#include "adapters/storage/store.h"

#include <algorithm>
#include <bitset>
#include <deque>
#include <filesystem>

#include "adapters/storage/fact_reader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/idempotency.h"
#include "adapters/storage/imports.h"
#include "base/text.h"

namespace arrears::storage {

/// A connection of the store's pool for the time of one transaction.
class PooledConnection {
 public:
  explicit PooledConnection(DatabaseStore& store) : store_(store), connection_(store.take()) {}
  PooledConnection(const PooledConnection&) = delete;
  PooledConnection& operator=(const PooledConnection&) = delete;
  ~PooledConnection() { store_.give_back(std::move(connection_)); }
  Connection& operator*() { return *connection_; }

 private:
  DatabaseStore& store_;
  std::unique_ptr<Connection> connection_;
};

namespace {

/// A connection with a transaction, and the reader in it.
class Session {
 public:
  Session(DatabaseStore& store, Transaction::Mode mode, const KeyFile& keys, app::KnownAt known_at)
      : connection_(store),
        transaction_(*connection_, mode),
        reader_(*connection_, known_at ? KnownAtView(*connection_, *known_at) : KnownAtView(),
                keys) {}

  Connection& connection() { return *connection_; }
  Transaction& transaction() { return transaction_; }
  FactReader& reader() { return reader_; }

 private:
  PooledConnection connection_;
  Transaction transaction_;
  FactReader reader_;
};

/// The questions of app::Facts for both kinds of transaction.
template <class Port>
class Reads : public Port {
 public:
  explicit Reads(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  std::vector<parties::Entity> entities() override { return reader().entities(); }
  std::vector<app::CalendarDay> calendar_days(parties::EntityId entity) override {
    return reader().calendar_days(entity);
  }
  std::vector<money::Rate> rates() override { return reader().rates(); }
  std::vector<contact::DelayReason> delay_reasons() override { return reader().delay_reasons(); }
  std::vector<strategy::Book> books(parties::EntityId entity) override {
    return reader().books(entity);
  }
  std::optional<app::StrategySettings> strategy_settings(parties::EntityId entity) override {
    return reader().strategy_settings(entity);
  }
  std::optional<app::NumberedThing> find_number(parties::EntityId entity, app::NumberKind kind,
                                                std::string_view number) override {
    return reader().find_number(entity, kind, number);
  }
  std::vector<app::NumberedThing> find_similar(parties::EntityId entity, app::NumberKind kind,
                                               std::string_view number) override {
    return reader().find_similar(entity, kind, number);
  }
  bool has_contacts() override { return reader().has_contacts(); }
  std::optional<parties::PartyId> party_of(parties::CustomerId customer) override {
    return reader().party_of(customer);
  }
  std::optional<parties::CustomerId> customer_of_allocation(
      receivables::AllocationId allocation) override {
    return reader().customer_of_allocation(allocation);
  }
  std::optional<parties::PartyId> party_of_call(contact::CallId call) override {
    return reader().party_of_call(call);
  }
  std::optional<app::PartyFile> party_file(parties::PartyId party, app::Detail detail) override {
    return reader().party_file(party, detail);
  }
  std::optional<receivables::Document> document(parties::CustomerId customer,
                                                receivables::DocumentId document) override {
    return reader().document(customer, document);
  }
  std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                              receivables::PaymentId payment) override {
    return reader().payment(customer, payment);
  }
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity) override {
    return reader().parties_with_follow_ups(entity);
  }
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(const app::PartyFile&)>& each) override {
    reader().each_party(range, detail, each);
  }
  std::vector<parties::GroupEdge> group_edges() override { return reader().group_edges(); }
  std::vector<app::RunRecord> runs(parties::EntityId entity) override {
    return reader().runs(entity);
  }
  std::vector<app::FrozenEntry> frozen_worklist(std::int64_t run) override {
    return reader().frozen_worklist(run);
  }
  std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                contact::CallId call) override {
    return reader().call_versions(party, call);
  }
  std::optional<std::string> import_profile(std::string_view name) override {
    return reader().import_profile(name);
  }
  std::vector<std::string> import_profile_names() override {
    return reader().import_profile_names();
  }

 protected:
  FactReader& reader() { return session_->reader(); }
  Connection& connection() { return session_->connection(); }
  Session& session() { return *session_; }

 private:
  std::unique_ptr<Session> session_;
};

class ReadSession final : public Reads<app::Facts> {
 public:
  using Reads::Reads;
};

}  // namespace

/// Locks a part before it reads anything of it that a command may decide on, and before it writes
/// to it: two commands on one customer run one after the other, on whatever engine and process.
class WriteSession final : public Reads<app::Transaction> {
 public:
  WriteSession(std::unique_ptr<Session> session, DatabaseStore& store, const base::Clock& clock)
      : Reads(std::move(session)),
        store_(store),
        ids_(clock, connection().lock_node()),
        journal_(connection(), ids_, reader().keys()) {
    rise_above_marks(connection(), ids_);
  }

  base::IdSource& ids() override { return ids_; }

  void lock(parties::PartyId party) override { lock_part(party.part()); }

  std::vector<app::RunRecord> runs(parties::EntityId entity) override {
    lock_part(entity.part());
    return Reads::runs(entity);
  }
  std::optional<app::PartyFile> party_file(parties::PartyId party, app::Detail detail) override {
    lock_part(party.part());
    return Reads::party_file(party, detail);
  }
  std::optional<receivables::Document> document(parties::CustomerId customer,
                                                receivables::DocumentId document) override {
    lock_part(customer.part());
    return Reads::document(customer, document);
  }
  std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                              receivables::PaymentId payment) override {
    lock_part(customer.part());
    return Reads::payment(customer, payment);
  }
  std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                contact::CallId call) override {
    lock_part(party.part());
    return Reads::call_versions(party, call);
  }
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity) override {
    lock_range({});
    return Reads::parties_with_follow_ups(entity);
  }
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(const app::PartyFile&)>& each) override {
    lock_range(range);
    Reads::each_party(range, detail, each);
  }

  app::Entry& open_entry(base::Part part, app::EntryKind kind, std::string_view payload,
                         parties::PartyId party, std::string_view personal) override {
    lock_part(part);
    const auto entry = journal_.open(part, kind, std::string(payload));
    if (!personal.empty()) journal_.set_private_payload(entry, party, personal);
    return entries_.emplace_back(connection(), reader().keys(), journal_, entry, part);
  }

  void close_entries() override { journal_.close_entries(); }

  bool claim_number(parties::EntityId entity, app::NumberKind kind,
                    const app::NumberedThing& thing) override {
    const std::string key = base::number_key(thing.number);
    const std::int64_t added = connection().execute(
        "INSERT INTO number_index (part, entity_id, kind, number_key, number, owner_id, "
        "subject_id) VALUES (:part, :entity, :kind, :key, :number, :owner, :subject) "
        "ON CONFLICT (part, entity_id, kind, number_key, number) DO NOTHING",
        number_part(entity, kind, key), entity.value, static_cast<int>(kind), key, thing.number,
        thing.owner, thing.subject);
    return added == 1;
  }

  std::optional<app::PastAnswer> recall(base::Part part, std::string_view client,
                                        std::string_view key, std::string_view body) override {
    lock_part(part);  // the same command sent twice at once answers the second time from memory
    auto stored = find_answer(connection(), part, client, key);
    if (!stored) return std::nullopt;
    const Hash hash = body_hash(body);
    const bool same =
        std::equal(hash.begin(), hash.end(), stored->body_hash.begin(), stored->body_hash.end());
    return app::PastAnswer{same, std::move(stored->answer)};
  }

  void remember(base::Part part, std::string_view client, std::string_view key,
                std::string_view body, std::string_view answer) override {
    answers_.push_back(
        {part, std::string(client), std::string(key), std::string(body), std::string(answer)});
  }

  std::vector<app::ImportBatch> import_batches() override { return imports().batches(); }
  void put(const app::ImportBatch& batch) override { imports().put(batch); }
  void add(std::int64_t batch, const app::ImportChunk& chunk) override {
    imports().add(batch, chunk);
  }
  void each_chunk(std::int64_t batch,
                  const std::function<void(const app::ImportChunk&)>& each) override {
    imports().each_chunk(batch, each);
  }
  void drop_import(std::int64_t batch) override { imports().drop(batch); }

  void commit(base::Instant recorded_at, std::string_view actor) override {
    journal_.write(actor, recorded_at);
    for (const Answer& answer : answers_) {
      store_answer(connection(), answer.part, answer.client, answer.key, answer.body, answer.answer,
                   recorded_at);
    }
    try {
      session().transaction().commit();
    } catch (const StorageError& error) {
      if (error.problem != StorageProblem::lost || !is_committed()) throw;
    }
  }

 private:
  struct Answer {
    base::Part part;
    std::string client;
    std::string key;
    std::string body;
    std::string answer;
  };

  ImportStaging imports() { return ImportStaging(connection()); }

  /// After a commit without an answer: the server may have committed all the same, and its journal
  /// knows. False also where it cannot be asked.
  bool is_committed() {
    try {
      return journal_.command_id() != 0 && store_.has_entry(journal_.command_id());
    } catch (const StorageError&) {
      return false;
    }
  }

  void lock_part(base::Part part) {
    const auto index = static_cast<std::size_t>(part);
    if (locked_.test(index)) return;
    connection().lock_parts(part, part);
    locked_.set(index);
  }
  void lock_range(app::PartRange range) {
    connection().lock_parts(range.first, range.last);
    for (base::Part part = range.first; part <= range.last; ++part)
      locked_.set(static_cast<std::size_t>(part));
  }

  DatabaseStore& store_;
  std::bitset<base::part_count> locked_;
  base::IdSource ids_;
  CommandJournal journal_;
  std::deque<FactWriter> entries_;
  std::vector<Answer> answers_;
};

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
    : url_(options.url), clock_(clock) {
  // A second connection would see another, empty database.
  ARREARS_REQUIRE(!is_memory(url_));
  auto connection = open_database(options.url, options.mode);
  keys_.emplace(open_key_file(*connection, options, clock.now()));
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
    if (!last || last->at < *known_at) make_checkpoint(*connection, *keys_, clock_, known_at);
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

std::int64_t DatabaseStore::checkpoint() {
  PooledConnection connection(*this);
  return make_checkpoint(*connection, *keys_, clock_);
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
