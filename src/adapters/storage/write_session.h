#pragma once

#include <bitset>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/storage/command_queue.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/idempotency.h"
#include "adapters/storage/imports.h"
#include "adapters/storage/number_index.h"
#include "adapters/storage/session.h"

namespace arrears::storage {

/// Locks a part before it reads anything of it that a command may decide on, and before it writes
/// to it: two commands on one customer run one after the other, on whatever engine and process.
class WriteSession final : public Reads<app::Transaction> {
 public:
  WriteSession(std::unique_ptr<Session> session, DatabaseStore& store, const base::Clock& clock)
      : Reads(std::move(session)),
        store_(store),
        ids_(clock, connection().lock_node(), [this](base::Part part) { read_mark(part); }) {
    begin_command();
  }

  /// Runs the commands one after the other, each in a savepoint of this transaction, and makes
  /// durable what is kept, with one checkpoint. An exception means that nothing is.
  void run(const CommandQueue::Batch& batch) {
    std::vector<UnsealedEntry> written;
    bool any = false;
    for (WaitingCommand* command : batch) any |= run(*command, batch.size() > 1, written);
    if (!any) return;
    store_.sealer_->seal(connection(), std::move(written));
    end();
  }

  base::IdSource& ids() override { return ids_; }

  std::vector<parties::Entity> entities() override {
    // Every command asks for them several times before it writes.
    if (!entries_.empty()) return Reads::entities();
    if (!entities_) entities_ = Reads::entities();
    return *entities_;
  }

  void lock(parties::PartyId party) override { lock_part(party.part()); }
  void lock(app::PartRange range) override { lock_range(range); }

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
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                        calendar::Date as_of) override {
    lock_range({});
    return Reads::parties_with_follow_ups(entity, as_of);
  }
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(const app::PartyFile&)>& each) override {
    lock_range(range);
    Reads::each_party(range, detail, each);
  }

  app::Entry& open_entry(base::Part part, app::EntryKind kind, std::string_view payload,
                         parties::PartyId party, std::string_view personal) override {
    lock_part(part);
    const auto entry = journal_->open(part, kind, std::string(payload));
    if (!personal.empty()) journal_->set_private_payload(entry, party, personal);
    return entries_.emplace_back(connection(), reader().keys(), *journal_, entry, part);
  }

  void close_entries() override { journal_->close_entries(); }

  bool claim_number(parties::EntityId entity, app::NumberKind kind,
                    const app::NumberedThing& thing) override {
    return claim_numbers(entity, kind, {&thing, 1}).front();
  }
  std::vector<std::vector<app::NumberedThing>> find_all_similar(
      parties::EntityId entity, app::NumberKind kind,
      std::span<const std::string_view> numbers) override {
    return storage::find_similar(connection(), entity, kind, numbers);
  }
  std::vector<bool> claim_numbers(parties::EntityId entity, app::NumberKind kind,
                                  std::span<const app::NumberedThing> things) override {
    return storage::claim_numbers(connection(), entity, kind, things);
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
    journal_->write(actor, recorded_at);
    store_answers(recorded_at);
    command_id_ = journal_->command_id();
    end();
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

  /// Another writer has a part, and this transaction may not wait for it.
  struct PartHeld {};

  /// Whether the command is kept. Throws where the transaction cannot go on.
  bool run(WaitingCommand& command, bool in_company, std::vector<UnsealedEntry>& written) {
    std::optional<Savepoint> step;
    if (in_company) step.emplace(connection());
    begin_command();
    const auto locked_before = locked_;
    try {
      if (command.work(*this)) {
        auto entries = journal_->write_unsealed(command.actor, command.recorded_at);
        store_answers(command.recorded_at);
        if (step) step->keep();
        if (command_id_ == 0) command_id_ = journal_->command_id();
        written.insert(written.end(), entries.begin(), entries.end());
        return true;
      }
    } catch (const PartHeld&) {
      command.again = true;
    } catch (...) {
      command.fail(std::current_exception());
    }
    locked_ = locked_before;  // the engine forgets the locks of an undone savepoint
    if (!step || step->undo()) return false;
    if (command.failure) std::rethrow_exception(command.failure);
    throw StorageError(StorageProblem::other, "database: the transaction could not go on");
  }

  /// Forgets what the command before it left in memory.
  void begin_command() {
    entries_.clear();
    answers_.clear();
    entities_.reset();
    reader().keys().forget();
    journal_.emplace(connection(), ids_, reader().keys());
    // Who holds a part and waits for another can wait for ever: another batch, of this process or
    // one more, may hold that one and wait for this. The command then begins the next batch.
    may_wait_ = locked_.none();
  }

  void store_answers(base::Instant recorded_at) {
    for (const Answer& answer : answers_) {
      store_answer(connection(), answer.part, answer.client, answer.key, answer.body, answer.answer,
                   recorded_at);
    }
  }

  void end() {
    try {
      session().transaction().commit();
    } catch (const StorageError& error) {
      if (error.problem != StorageProblem::lost || !is_committed()) throw;
    }
  }

  /// After a commit without an answer: the server may have committed all the same, and its journal
  /// knows. False also where it cannot be asked.
  bool is_committed() {
    try {
      return command_id_ != 0 && store_.has_entry(command_id_);
    } catch (const StorageError&) {
      return false;
    }
  }

  void lock_part(base::Part part) {
    if (!locked_.test(static_cast<std::size_t>(part))) lock_range({part, part});
  }
  void lock_range(app::PartRange range) {
    if (may_wait_) {
      rise_above_marks(ids_, connection().lock_parts(range.first, range.last));
    } else {
      const auto marks = connection().try_lock_parts(range.first, range.last);
      if (!marks) throw PartHeld();
      rise_above_marks(ids_, *marks);
    }
    for (base::Part part = range.first; part <= range.last; ++part)
      locked_.set(static_cast<std::size_t>(part));
  }
  /// For ids of a part that is not locked, or not yet.
  void read_mark(base::Part part) {
    if (locked_.test(static_cast<std::size_t>(part))) return;
    Query mark = connection().query("SELECT last_id FROM id_mark WHERE part = :part", part);
    if (mark.next()) ids_.rise_above(part, mark.int64_at(0));
  }

  DatabaseStore& store_;
  std::bitset<base::part_count> locked_;
  bool may_wait_ = true;
  base::IdSource ids_;
  std::int64_t command_id_ = 0;  ///< of a command that is kept, if the transaction has one

  // Of the command that runs.
  std::optional<CommandJournal> journal_;
  std::deque<FactWriter> entries_;
  std::vector<Answer> answers_;
  std::optional<std::vector<parties::Entity>> entities_;
};

}  // namespace arrears::storage
