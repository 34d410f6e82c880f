#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/access_store.h"
#include "app/entry_kinds.h"
#include "app/guard_records.h"
#include "base/clock.h"
#include "base/ids.h"
#include "domain/contact/call.h"
#include "domain/contact/interaction.h"
#include "domain/contact/reasons.h"
#include "domain/money/rate.h"
#include "domain/parties/parties.h"
#include "domain/portfolio/facts.h"
#include "domain/promises/promise.h"
#include "domain/receivables/ledger.h"
#include "domain/strategy/books.h"
#include "domain/strategy/facts.h"

/// What the use cases need of a store. An adapter implements it; nothing here knows SQL.
///
/// Facts are append-only: a changed thing is added again with the next version. Failures (disk,
/// network, a full device, a lost connection) are exceptions of the adapter; nothing is then
/// written. See docs/decisions/0002 (model) and 0003 (journal).
namespace arrears::app {

using base::Instant;
using base::Part;
using calendar::Date;

/// Asks for facts as recorded up to the last checkpoint at or before `at`; nothing: all committed.
using KnownAt = std::optional<Instant>;

enum class NumberKind : unsigned char {
  customer = 1,
  document = 2,
  payment = 3,
  promise = 4,
  party = 5
};

/// What bears a number: `owner` is the customer of a document or payment, and the party of a
/// customer or promise. Party references hold for the whole site: their entity is none.
struct NumberedThing {
  std::int64_t subject = 0;
  std::int64_t owner = 0;
  std::string number;  ///< as given
};

struct CalendarDay {
  parties::EntityId entity;
  Date day;
  bool is_holiday = true;
  std::string name;
};

using HoldId = base::Id<struct HoldTag>;

struct HoldRecord {
  HoldId id;
  parties::PartyId party;
  strategy::Hold hold;
};

/// What a site sets of the standard strategy of an entity; see strategy::Strategy.
struct StrategySettings {
  parties::EntityId entity;
  int version = 1;
  std::int64_t small_balance_minor = 0;
  int quiet_days = 0;
  std::string escalation_owner;
};

/// One consolidated contact that a run found due. `items` is the JSON of its items.
struct DueActionRecord {
  parties::PartyId party;
  parties::EntityId entity;
  Date on;
  strategy::Channel channel = strategy::Channel::written;
  strategy::StepAction action = strategy::StepAction::remind;
  int level = 0;
  std::string items;
};

/// A customer with its receivables, as known at the instant asked for.
struct Account {
  parties::Customer customer;
  receivables::Ledger ledger;
};

/// Whether payments come with the names of their payers, which are sealed.
enum class Payers : unsigned char { left_out, included };

/// All facts of one party: the unit that rules decide on.
struct PartyFile {
  Part part = 0;
  parties::Party party;
  std::vector<parties::GroupEdge> parents;  ///< edges of which the party is the child
  std::vector<Account> accounts;            ///< in order of entity, then customer number
  std::vector<parties::Contact> contacts;
  std::vector<promises::Promise> promises;  ///< oldest first
  std::vector<contact::CallEntry> calls;    ///< oldest first, current versions
  std::vector<strategy::FollowUp> follow_ups;
  std::vector<HoldRecord> holds;
  std::vector<SuppressionRecord> suppressions;
  std::vector<strategy::ReachedStep> reached_steps;
  std::vector<DueActionRecord> due_actions;
};

/// How much of a party file to load.
enum class Detail : unsigned char {
  identity,     ///< party, and the customers without their receivables
  receivables,  ///< party, parents and accounts
  everything,
};

struct PartRange {
  Part first = 0;
  Part last = base::part_count - 1;  ///< included
};

/// A promise with what was ever recorded about it. Without its number, contact, call and the
/// reasons of its events.
struct RecordedPromise {
  promises::Promise promise;  ///< with all items and all events
  portfolio::Ordinal known_from = 0;
  std::vector<portfolio::Ordinal> events_known_from;  ///< in the order of `promise.events`
  /// Where it counts when broken, whether or not it names an item of it: of its party's customers
  /// in its entity the one with the lowest id.
  parties::CustomerId counted_at;
};

/// All that was ever recorded of one customer, whatever instant the view is known at.
struct CustomerHistory {
  portfolio::CustomerFacts facts;  ///< all but `promises`
  /// Those that name one of its items, and those that are counted at it; by id.
  std::span<const RecordedPromise* const> promises;
};

/// Whom the journal's entries touched: ids of customers and parties, and of the customers that
/// promises of these parties name. An import's entries touch thousands.
struct Changes {
  portfolio::Ordinal checkpoint = 0;  ///< the last one, 0 for none: ask for what came after it next
  std::vector<std::int64_t> owners;   ///< sorted
  std::vector<std::string> kinds;     ///< of the entries, sorted, each once
};

/// A place in the order of the whole journal: behind the entry of that sequence.
struct FeedPosition {
  std::int64_t checkpoint = 0;
  Part part = 0;
  std::int64_t sequence = 0;
};

/// A sealed journal entry, without what is personal.
struct FeedEntry {
  FeedPosition position;
  std::int64_t entry_id = 0;
  std::int64_t command_id = 0;
  std::string kind;
  std::string actor;
  Instant recorded_at;
  std::string payload;               ///< JSON object
  std::vector<std::int64_t> owners;  ///< ids of the customers and parties that it is about, sorted
};

struct RunRecord {
  std::int64_t id = 0;
  parties::EntityId entity;
  Date business_date;
  Instant ran_at;
  int strategy_version = 0;
  std::string summary;  ///< JSON object: what the run did
};

/// One line of a frozen worklist: `entry` is what the collector saw, as the worklist writes it.
struct FrozenEntry {
  std::string collector;
  int position = 1;
  parties::PartyId party;
  std::string entry;
};

/// One collector's list on a frozen worklist.
struct FrozenList {
  std::string collector;
  int lines = 0;
};

/// Reads facts in one consistent snapshot.
class Facts {
 public:
  virtual ~Facts() = default;

  /// The same snapshot without what a scope hides: for what is derived from facts, never for what
  /// is listed.
  virtual Facts& whole() { return *this; }

  virtual std::vector<parties::Entity> entities() = 0;
  virtual std::vector<CalendarDay> calendar_days(parties::EntityId entity) = 0;
  virtual std::vector<money::Rate> rates() = 0;
  virtual std::vector<contact::DelayReason> delay_reasons() = 0;
  virtual std::vector<strategy::Book> books(parties::EntityId entity) = 0;
  /// The entity's strategy settings, the newest version; nothing where the standard applies.
  virtual std::optional<StrategySettings> strategy_settings(parties::EntityId entity) = 0;

  /// Whether the site keeps any contact.
  virtual bool has_contacts() = 0;

  /// The bearer of exactly this number.
  virtual std::optional<NumberedThing> find_number(parties::EntityId entity, NumberKind kind,
                                                   std::string_view number) = 0;
  /// All bearers of numbers that read alike (base::number_key).
  virtual std::vector<NumberedThing> find_similar(parties::EntityId entity, NumberKind kind,
                                                  std::string_view number) = 0;

  /// The party of a customer; nothing for an unknown id.
  virtual std::optional<parties::PartyId> party_of(parties::CustomerId customer) = 0;
  /// A customer without its receivables; nothing for an unknown id.
  virtual std::optional<parties::Customer> customer_record(parties::CustomerId customer) = 0;
  /// The customer of an allocation; nothing for an unknown id.
  virtual std::optional<parties::CustomerId> customer_of_allocation(
      receivables::AllocationId allocation) = 0;
  /// The customer of a dispute; nothing for an unknown id.
  virtual std::optional<parties::CustomerId> customer_of_dispute(
      receivables::DisputeMarkId dispute) = 0;
  virtual std::optional<PartyFile> party_file(parties::PartyId party, Detail detail) = 0;
  /// Calls `each` with the files of these parties, which are all of one part and in order of id, in
  /// this order. The file is only good inside the call, which may move it away.
  virtual void party_files(std::span<const parties::PartyId> parties, Detail detail,
                           const std::function<void(PartyFile&)>& each) = 0;
  /// One document or payment, its newest version; nothing for an unknown id. For bulk work, which
  /// must not load a whole account for each row.
  virtual std::optional<receivables::Document> document(parties::CustomerId customer,
                                                        receivables::DocumentId document) = 0;
  virtual std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                                      receivables::PaymentId payment) = 0;
  /// Parties with a follow-up of the entity that was not closed on or before `as_of`, by id.
  virtual std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                                Date as_of) = 0;
  /// Calls `each` for every party of the parts, in order of part and party id. The file is only
  /// good inside the call, which may move it away.
  virtual void each_party(PartRange range, Detail detail,
                          const std::function<void(PartyFile&)>& each) = 0;
  /// All group edges of the site.
  virtual std::vector<parties::GroupEdge> group_edges() = 0;
  /// Parties without their customers and contacts, in the order asked; nothing for unknown ids.
  virtual std::vector<std::optional<parties::Party>> party_records(
      std::span<const parties::PartyId> parties) = 0;

  /// What bounds the view: the number of its checkpoint (0: nothing was known yet), or
  /// portfolio::latest.
  virtual portfolio::Ordinal ordinal() = 0;
  /// Calls `each` for every customer of the parts, in order of part and customer id. The history
  /// is only good inside the call.
  virtual void each_history(PartRange range,
                            const std::function<void(const CustomerHistory&)>& each) = 0;
  /// The same for one customer, or for all customers of a party; none for an unknown id.
  virtual void history(parties::CustomerId customer,
                       const std::function<void(const CustomerHistory&)>& each) = 0;
  virtual void history(parties::PartyId party,
                       const std::function<void(const CustomerHistory&)>& each) = 0;
  /// Whom entries touched that became known after the checkpoint `since`, or wait for one.
  virtual Changes changes_since(portfolio::Ordinal since) = 0;
  /// At most `limit` entries in the order of checkpoint, part and sequence, from behind `after` on.
  virtual std::vector<FeedEntry> feed(const FeedPosition& after, std::size_t limit) = 0;
  /// Tells this database with its checkpoint of that number (0: without one) from all others, also
  /// from itself before a restore; nothing where it has no such checkpoint.
  virtual std::optional<std::uint64_t> checkpoint_digest(portfolio::Ordinal checkpoint) = 0;

  virtual std::vector<RunRecord> runs(parties::EntityId entity) = 0;  ///< by business date
  virtual std::vector<FrozenEntry> frozen_worklist(std::int64_t run) = 0;
  /// How many lines each collector's list of the run has, by collector.
  virtual std::vector<FrozenList> frozen_lists(std::int64_t run) = 0;
  /// At most `limit` lines of one collector's list, from behind the position `after` on.
  virtual std::vector<FrozenEntry> frozen_lines(std::int64_t run, std::string_view collector,
                                                int after, std::size_t limit) = 0;

  virtual std::optional<parties::PartyId> party_of_call(contact::CallId call) = 0;
  /// Calls `each` for every call of the site, in its newest version.
  virtual void each_call(const std::function<void(const contact::CallEntry&)>& each) = 0;
  /// All versions of a call, oldest first: the visible amendments.
  virtual std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                        contact::CallId call) = 0;

  /// The newest versions of a party's interactions, by id.
  virtual std::vector<contact::Interaction> interactions(parties::PartyId party) = 0;
  /// Reviews of calls, by call and number: of the calls of a party, or of all.
  virtual std::vector<contact::CallReview> call_reviews(std::optional<parties::PartyId> party) = 0;

  /// The packs that the entity has turned on or off, by code.
  virtual std::vector<PackSetting> guard_packs(parties::EntityId entity) = 0;
  /// What is known about the normalised numbers and addresses, in their order.
  virtual std::vector<ConsentRecord> consents(std::span<const std::string> addresses) = 0;
  virtual std::optional<GuardRecord> guard_decision(parties::PartyId party,
                                                    contact::CallId call) = 0;
  /// Calls `each` for every contact of the site, by part, party and id.
  virtual void each_contact(const std::function<void(const parties::Contact&)>& each) = 0;

  /// Everybody, by id; or only the person of that id, in one small question.
  virtual std::vector<Person> people(PersonId only = {}) = 0;
  /// All tokens, by id; or only that one.
  virtual std::vector<ApiToken> api_tokens(TokenId only = {}) = 0;
  virtual std::vector<Substitution> substitutions(parties::EntityId entity) = 0;  ///< by id
  /// Always as it is now: these records have no history.
  virtual AccessReader& access() = 0;

  virtual std::optional<std::string> import_profile(std::string_view name) = 0;  ///< options JSON
  virtual std::vector<std::string> import_profile_names() = 0;
};

/// Whether a fact is the first of its kind and id, or supersedes the newest recorded one.
enum class Revision : unsigned char { first, next };

/// One journal entry under way: what is added is written and hashed under it.
class Entry {
 public:
  virtual ~Entry() = default;
  virtual void add(const parties::Entity& entity, Revision revision) = 0;
  virtual void add(const CalendarDay& day, Revision revision) = 0;
  virtual void add(const parties::Party& party, Revision revision) = 0;
  virtual void add(const parties::GroupEdge& edge, Revision revision) = 0;
  virtual void add(const parties::Customer& customer, Revision revision) = 0;
  virtual void add(const parties::Contact& contact, Revision revision) = 0;
  /// With all its instalments; `reason` says why a later version was made.
  virtual void add(parties::CustomerId customer, const receivables::Document& document,
                   std::string_view reason) = 0;
  virtual void add(parties::CustomerId customer, parties::PartyId party,
                   const receivables::Payment& payment, std::string_view reason) = 0;
  virtual void add(parties::CustomerId customer, const receivables::Allocation& allocation) = 0;
  virtual void add(parties::CustomerId customer, const receivables::DisputeMark& mark,
                   Revision revision) = 0;
  virtual void add(const money::Rate& rate, Revision revision) = 0;
  virtual void add(const contact::DelayReason& reason, Revision revision) = 0;
  virtual void add(const promises::Promise& promise) = 0;  ///< with items, without events
  virtual void add(parties::PartyId party, promises::PromiseId promise, int event_no,
                   const promises::PromiseEvent& event) = 0;
  virtual void add(const contact::CallEntry& call) = 0;           ///< with its version
  virtual void add(const contact::Interaction& interaction) = 0;  ///< with its version
  virtual void add(const contact::CallReview& review) = 0;
  virtual void add(const strategy::FollowUp& follow_up, Revision revision) = 0;
  virtual void add(const HoldRecord& hold, Revision revision) = 0;
  virtual void add(const strategy::Book& book, Revision revision) = 0;
  virtual void add(const StrategySettings& settings) = 0;
  virtual void add(const RunRecord& run) = 0;
  virtual void add(parties::CustomerId customer, const strategy::ReachedStep& step) = 0;
  virtual void add(const DueActionRecord& action) = 0;
  virtual void add(Part part, std::int64_t run, const FrozenEntry& line) = 0;
  virtual void add(const PackSetting& setting) = 0;
  virtual void add(const ConsentRecord& consent) = 0;
  virtual void add(const SuppressionRecord& suppression) = 0;
  virtual void add(const GuardRecord& decision) = 0;
  virtual void add(const Person& person, Revision revision) = 0;
  virtual void add(const ApiToken& token, Revision revision) = 0;
  virtual void add(const Substitution& substitution, Revision revision) = 0;
  virtual void add_profile(std::string_view name, Revision revision, std::string_view kind,
                           std::string_view options) = 0;
};

/// What an earlier command with the same idempotency key answered.
struct PastAnswer {
  bool same_body = false;
  std::string answer;
};

/// An interrupted or finished staging of a file.
struct ImportBatch {
  std::int64_t id = 0;
  parties::EntityId entity;
  std::string kind;
  std::string file_name;
  std::string file_hash;  ///< hex
  std::string options;    ///< JSON
  bool complete = false;  ///< every row is staged
  std::int64_t staged_rows = 0;
  Instant started_at;
  std::string report;  ///< JSON, of the staging so far
};

struct ImportChunk {
  int number = 0;
  std::int64_t rows = 0;
  std::string records;  ///< as the import room encodes them
};

/// A write transaction: all or nothing, one at a time per database file.
class Transaction : public Facts {
 public:
  virtual base::IdSource& ids() = 0;
  AccessWriter& access() override = 0;
  /// Locks the party against other writers until the transaction ends.
  virtual void lock(parties::PartyId party) = 0;
  /// Locks parts at once: for bulk work that goes to most of them.
  virtual void lock(PartRange range) = 0;

  /// Begins a journal entry in `part`. `payload` is a JSON object without personal data;
  /// `personal` (JSON, may be empty) is sealed with the key of `party`.
  virtual Entry& open_entry(Part part, EntryKind kind, std::string_view payload,
                            parties::PartyId party = {}, std::string_view personal = {}) = 0;
  /// Nothing is added any more to the entries opened so far: bulk work frees what they remember.
  virtual void close_entries() = 0;

  /// Calls `each` for many customers, in few questions and in the order given, for the rules of
  /// cash application: their ledgers have no disputes, and payers only where they are asked for.
  /// Customers are known, each is named once, and its account is good inside the call.
  virtual void each_account(std::span<const parties::CustomerId> customers, Payers payers,
                            const std::function<void(Account&)>& each) = 0;
  /// What `find_similar` answers for each of many numbers, in few questions.
  virtual std::vector<std::vector<NumberedThing>> find_all_similar(
      parties::EntityId entity, NumberKind kind, std::span<const std::string_view> numbers) = 0;
  /// Claims a number; false where another thing of the entity bears it already.
  virtual bool claim_number(parties::EntityId entity, NumberKind kind,
                            const NumberedThing& thing) = 0;
  /// The same for many at once; says of each whether it was free.
  virtual std::vector<bool> claim_numbers(parties::EntityId entity, NumberKind kind,
                                          std::span<const NumberedThing> things) = 0;
  virtual std::optional<PastAnswer> recall(Part part, std::string_view client, std::string_view key,
                                           std::string_view body) = 0;
  virtual void remember(Part part, std::string_view client, std::string_view key,
                        std::string_view body, std::string_view answer) = 0;

  virtual std::vector<ImportBatch> import_batches() = 0;
  virtual void put(const ImportBatch& batch) = 0;  ///< adds or replaces
  virtual void add(std::int64_t batch, const ImportChunk& chunk) = 0;
  virtual void each_chunk(std::int64_t batch,
                          const std::function<void(const ImportChunk&)>& each) = 0;
  virtual void drop_import(std::int64_t batch) = 0;

  /// Writes the journal entries and makes everything durable.
  virtual void commit(Instant recorded_at, std::string_view actor) = 0;
};

/// A name that one process at a time holds, on one database, until this goes or the process ends,
/// however it ends; there is no time-out. On a server it ends with its connection too: it keeps two
/// from doing the same work, and transactions keep the facts right.
class Lease {
 public:
  virtual ~Lease() = default;
};

/// An open database.
class Store {
 public:
  virtual ~Store() = default;
  /// A snapshot for reading. With an instant, the last checkpoint at or before it bounds the facts;
  /// an instant after the last checkpoint makes one first. Not for instants to come.
  virtual std::unique_ptr<Facts> read(KnownAt known_at) = 0;
  /// Begins a write transaction; dropped without commit, it leaves nothing behind.
  virtual std::unique_ptr<Transaction> write() = 0;
  /// Runs one short command: what `work` did is kept if it answers true, and undone if it answers
  /// false or throws (which is thrown on). Commands that come at the same time share one engine
  /// transaction, each in a savepoint of it, with one checkpoint: all return only once that is
  /// durable, with their instants before it, or all throw what it failed with. So `work` may run on
  /// another caller's thread, and again after it was undone; it never commits by itself.
  virtual void run(Instant recorded_at, std::string_view actor,
                   const std::function<bool(Transaction&)>& work) = 0;
  /// Seals what is committed and signs a checkpoint if anything moved. Returns the last one's
  /// number.
  virtual std::int64_t checkpoint() = 0;
  /// Null where another holds the name.
  virtual std::unique_ptr<Lease> try_lease(std::string_view name) = 0;
  /// A hash of `text` under a key of the site that is not in the database; `purpose` keeps uses
  /// apart.
  virtual SecretHash keyed_hash(std::string_view purpose, std::string_view text) = 0;
  /// Whether instants of commands may be given (a rehearsal or demonstration database).
  virtual bool is_rehearsal() = 0;
};

}  // namespace arrears::app
