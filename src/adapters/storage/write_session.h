#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <deque>
#include <map>
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
    for (WaitingCommand* command : batch) {
      if (!command->failure) any |= run(*command, batch.size() > 1, written);
    }
    if (!any) return;
    store_.sealer_->seal(connection(), std::move(written));
    end();
  }

  /// The same without savepoints, as long as nothing has to be undone that was written. False where
  /// something has: then nothing is durable, and all but those that failed are to run again, in
  /// savepoints.
  bool run_lightly(const CommandQueue::Batch& batch) {
    std::vector<UnsealedEntry> written;
    bool any = false;
    bool sealing = false;
    try {
      for (WaitingCommand* command : batch) any |= run_lightly(*command, written);
      if (!any) return true;
      sealing = true;
      store_.sealer_->seal(connection(), std::move(written));
    } catch (const MustUndo&) {
      return false;
    } catch (const StorageError& error) {
      const bool for_all = sealing && error.problem == StorageProblem::busy;
      if (for_all || error.problem == StorageProblem::lost) throw;
      return false;  // it may be about what one of them left to be written later
    }
    end();
    return true;
  }

  base::IdSource& ids() override { return ids_; }
  app::AccessWriter& access() override {
    has_written_ = true;  // whoever asks for it means to write
    return session().access();
  }

  std::vector<parties::Entity> entities() override {
    return kept(kept_.entities, facts::entity, [&] { return Reads::entities(); });
  }
  std::vector<app::CalendarDay> calendar_days(parties::EntityId entity) override {
    return kept(kept_.days[entity], facts::calendar_day,
                [&] { return Reads::calendar_days(entity); });
  }
  std::vector<money::Rate> rates() override {
    return kept(kept_.rates, facts::rate, [&] { return Reads::rates(); });
  }
  std::vector<contact::DelayReason> delay_reasons() override {
    return kept(kept_.reasons, facts::delay_reason, [&] { return Reads::delay_reasons(); });
  }
  std::vector<strategy::Book> books(parties::EntityId entity) override {
    return kept(kept_.books[entity], facts::book, [&] { return Reads::books(entity); });
  }
  std::optional<app::StrategySettings> strategy_settings(parties::EntityId entity) override {
    return kept(kept_.strategies[entity], facts::strategy,
                [&] { return Reads::strategy_settings(entity); });
  }
  std::vector<app::PackSetting> guard_packs(parties::EntityId entity) override {
    return kept(kept_.packs[entity], facts::guard_pack, [&] { return Reads::guard_packs(entity); });
  }
  bool has_contacts() override {
    return kept(kept_.has_contacts, facts::contact, [&] { return Reads::has_contacts(); });
  }
  std::vector<parties::GroupEdge> group_edges() override {
    return kept(kept_.group_edges, facts::group_edge, [&] { return Reads::group_edges(); });
  }

  // Numbers never wait to be written.
  std::optional<app::NumberedThing> find_number(parties::EntityId entity, app::NumberKind kind,
                                                std::string_view number) override {
    const auto found = std::ranges::find_if(found_numbers_, [&](const FoundNumber& known) {
      return known.entity == entity && known.kind == kind && known.thing.number == number;
    });
    if (found != found_numbers_.end()) return found->thing;
    const LaterWritesWait waiting(connection());
    auto thing = Reads::find_number(entity, kind, number);
    if (thing && found_numbers_.size() < most_found_numbers)
      found_numbers_.push_back({entity, kind, *thing});
    return thing;
  }
  std::vector<app::NumberedThing> find_similar(parties::EntityId entity, app::NumberKind kind,
                                               std::string_view number) override {
    const LaterWritesWait waiting(connection());
    return Reads::find_similar(entity, kind, number);
  }

  // What is read of one part need not wait for what is written to others.
  std::optional<parties::PartyId> party_of(parties::CustomerId customer) override {
    const LaterWritesWait waiting(connection(), !is_written(customer.part()));
    return Reads::party_of(customer);
  }
  std::optional<parties::CustomerId> customer_of_allocation(
      receivables::AllocationId allocation) override {
    const LaterWritesWait waiting(connection(), !is_written(allocation.part()));
    return Reads::customer_of_allocation(allocation);
  }
  std::optional<parties::PartyId> party_of_call(contact::CallId call) override {
    const LaterWritesWait waiting(connection(), !is_written(call.part()));
    return Reads::party_of_call(call);
  }

  std::vector<app::ConsentRecord> consents(std::span<const std::string> addresses) override {
    const bool written = std::ranges::any_of(addresses, [&](const std::string& address) {
      return is_written(app::part_of_address(address));
    });
    const LaterWritesWait waiting(connection(), !written);
    return Reads::consents(addresses);
  }

  void lock(parties::PartyId party) override { lock_part(party.part()); }
  void lock(app::PartRange range) override { lock_range(range); }

  std::vector<app::RunRecord> runs(parties::EntityId entity) override {
    lock_part(entity.part());
    return Reads::runs(entity);
  }
  std::optional<app::PartyFile> party_file(parties::PartyId party, app::Detail detail) override {
    lock_part(party.part());
    const LaterWritesWait waiting(connection(), !is_written(party.part()));
    return Reads::party_file(party, detail);
  }
  void party_files(std::span<const parties::PartyId> parties, app::Detail detail,
                   const std::function<void(app::PartyFile&)>& each) override {
    for (const parties::PartyId party : parties) lock_part(party.part());
    Reads::party_files(parties, detail, each);
  }
  std::optional<receivables::Document> document(parties::CustomerId customer,
                                                receivables::DocumentId document) override {
    lock_part(customer.part());
    const LaterWritesWait waiting(connection(), !is_written(customer.part()));
    return Reads::document(customer, document);
  }
  std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                              receivables::PaymentId payment) override {
    lock_part(customer.part());
    const LaterWritesWait waiting(connection(), !is_written(customer.part()));
    return Reads::payment(customer, payment);
  }
  std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                contact::CallId call) override {
    lock_part(party.part());
    const LaterWritesWait waiting(connection(), !is_written(party.part()));
    return Reads::call_versions(party, call);
  }
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                        calendar::Date as_of) override {
    lock_range({});
    return Reads::parties_with_follow_ups(entity, as_of);
  }
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(app::PartyFile&)>& each) override {
    lock_range(range);
    Reads::each_party(range, detail, each);
  }

  void each_account(std::span<const parties::CustomerId> customers, app::Payers payers,
                    const std::function<void(app::Account&)>& each) override {
    for (const parties::CustomerId customer : customers) lock_part(customer.part());
    reader().each_account(customers, payers, each);
  }

  app::Entry& open_entry(base::Part part, app::EntryKind kind, std::string_view payload,
                         parties::PartyId party, std::string_view personal) override {
    lock_part(part);
    note_written(part);
    const auto entry = journal_->open(part, kind, std::string(payload));
    if (!personal.empty()) journal_->set_private_payload(entry, party, personal);
    return entries_.emplace_back(connection(), reader().keys(), *journal_, entry, part);
  }

  void close_entries() override { journal_->close_entries(); }

  bool claim_number(parties::EntityId entity, app::NumberKind kind,
                    const app::NumberedThing& thing) override {
    const LaterWritesWait waiting(connection());
    return claim_numbers(entity, kind, {&thing, 1}).front();
  }
  std::vector<std::vector<app::NumberedThing>> find_all_similar(
      parties::EntityId entity, app::NumberKind kind,
      std::span<const std::string_view> numbers) override {
    return storage::find_similar(connection(), entity, kind, numbers);
  }
  std::vector<bool> claim_numbers(parties::EntityId entity, app::NumberKind kind,
                                  std::span<const app::NumberedThing> things) override {
    auto claimed = storage::claim_numbers(connection(), entity, kind, things);
    has_written_ |= std::ranges::find(claimed, true) != claimed.end();
    return claimed;
  }

  std::optional<app::PastAnswer> recall(base::Part part, std::string_view client,
                                        std::string_view key, std::string_view body) override {
    // Under the lock: the same command sent twice at once answers the second time from memory.
    const LaterWritesWait waiting(connection(), !is_written(part));
    auto stored = ask_locked(part, answer_question(part, client, key));
    if (!stored) return std::nullopt;
    const Hash hash = body_hash(body);
    const bool same =
        std::equal(hash.begin(), hash.end(), stored->body_hash.begin(), stored->body_hash.end());
    return app::PastAnswer{same, std::move(stored->answer)};
  }

  void remember(base::Part part, std::string_view client, std::string_view key,
                std::string_view body, std::string_view answer) override {
    note_written(part);
    answers_.push_back(
        {part, std::string(client), std::string(key), std::string(body), std::string(answer)});
  }

  std::vector<app::ImportBatch> import_batches() override { return imports().batches(); }
  void put(const app::ImportBatch& batch) override {
    has_written_ = true;
    imports().put(batch);
  }
  void add(std::int64_t batch, const app::ImportChunk& chunk) override {
    has_written_ = true;
    imports().add(batch, chunk);
  }
  void each_chunk(std::int64_t batch,
                  const std::function<void(const app::ImportChunk&)>& each) override {
    imports().each_chunk(batch, each);
  }
  void drop_import(std::int64_t batch) override {
    has_written_ = true;
    imports().drop(batch);
  }

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
  /// What a command wrote must be undone.
  struct MustUndo {};

  struct FoundNumber {
    parties::EntityId entity;
    app::NumberKind kind;
    app::NumberedThing thing;
  };
  static constexpr std::size_t most_found_numbers = 8;

  /// What changes rarely is read once for the commands of a transaction.
  struct Kept {
    template <class T>
    using OfEntity = std::map<parties::EntityId, std::optional<T>>;
    std::optional<std::vector<parties::Entity>> entities;
    OfEntity<std::vector<app::CalendarDay>> days;
    std::optional<std::vector<money::Rate>> rates;
    std::optional<std::vector<contact::DelayReason>> reasons;
    OfEntity<std::vector<strategy::Book>> books;
    OfEntity<std::optional<app::StrategySettings>> strategies;
    OfEntity<std::vector<app::PackSetting>> packs;
    std::optional<bool> has_contacts;
    std::optional<std::vector<parties::GroupEdge>> group_edges;
  };
  static constexpr std::array kept_tables = {
      &facts::entity,   &facts::calendar_day, &facts::rate,    &facts::delay_reason, &facts::book,
      &facts::strategy, &facts::guard_pack,   &facts::contact, &facts::group_edge};

  /// The answer of `read`, or an earlier one, unless this command wrote to the table.
  template <class T, class Read>
  T kept(std::optional<T>& answer, const FactTable& table, const Read& read) {
    if (journal_->wrote(table)) return read();
    if (!answer) answer.emplace(read());
    return *answer;
  }

  void note_written(base::Part part) {
    has_written_ = true;
    written_parts_.set(static_cast<std::size_t>(part));
  }
  bool is_written(base::Part part) const {
    return written_parts_.test(static_cast<std::size_t>(part));
  }

  /// Whether the command is kept. Throws where it cannot be left out.
  bool run_lightly(WaitingCommand& command, std::vector<UnsealedEntry>& written) {
    begin_command();
    try {
      if (command.work(*this)) {
        note_kept(write(command), written);
        return true;
      }
    } catch (const PartHeld&) {
      command.again = true;
    } catch (const StorageError& error) {
      // Only who waits for others is busy; that it did must not be done twice.
      if (error.problem == StorageProblem::busy) command.fail(std::current_exception());
      throw;
    } catch (...) {
      if (has_written_) throw MustUndo();
      command.fail(std::current_exception());
    }
    if (has_written_) throw MustUndo();
    return false;
  }

  std::vector<UnsealedEntry> write(const WaitingCommand& command) {
    auto entries = journal_->write_unsealed(command.actor, command.recorded_at);
    store_answers(command.recorded_at);
    return entries;
  }
  void note_kept(const std::vector<UnsealedEntry>& entries, std::vector<UnsealedEntry>& written) {
    if (command_id_ == 0) command_id_ = journal_->command_id();
    written.insert(written.end(), entries.begin(), entries.end());
  }

  /// Whether the command is kept. Throws where the transaction cannot go on.
  bool run(WaitingCommand& command, bool in_company, std::vector<UnsealedEntry>& written) {
    std::optional<Savepoint> step;
    if (in_company) step.emplace(connection());
    begin_command();
    const auto locked_before = locked_;
    try {
      if (command.work(*this)) {
        const std::vector<UnsealedEntry> entries = write(command);
        if (step) step->keep();
        note_kept(entries, written);
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
    found_numbers_.clear();
    has_written_ = false;
    const auto wrote = [&](const FactTable* table) { return journal_->wrote(*table); };
    if (journal_ && std::ranges::any_of(kept_tables, wrote)) kept_ = {};
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

  /// The row that a question about a part answers, once the part is locked.
  std::optional<StoredAnswer> ask_locked(base::Part part, const Question& question) {
    if (locked_.test(static_cast<std::size_t>(part)))
      return read_answer(std::move(connection().query_together({&question, 1}).front()));
    auto asked = connection().query_together(
        std::array<Question, 2>{connection().part_lock(part, may_wait_), question});
    const auto marks = Connection::marks_of(std::move(asked[0]));
    if (marks.empty()) {
      if (!may_wait_) throw PartHeld();
      throw StorageError(StorageProblem::corrupt, "Rows of the table id_mark are missing.");
    }
    rise_above_marks(ids_, marks);
    locked_.set(static_cast<std::size_t>(part));
    return read_answer(std::move(asked[1]));
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
  std::bitset<base::part_count> written_parts_;  ///< something may still wait to be written to them
  bool may_wait_ = true;
  Kept kept_;
  base::IdSource ids_;
  std::int64_t command_id_ = 0;  ///< of a command that is kept, if the transaction has one

  // Of the command that runs.
  std::optional<CommandJournal> journal_;
  std::deque<FactWriter> entries_;
  std::vector<Answer> answers_;
  std::vector<FoundNumber> found_numbers_;
  bool has_written_ = false;
};

}  // namespace arrears::storage
