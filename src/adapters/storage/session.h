#pragma once

#include <memory>
#include <utility>

#include "adapters/storage/access_rows.h"
#include "adapters/storage/fact_reader.h"
#include "adapters/storage/history_changes.h"
#include "adapters/storage/history_reader.h"
#include "adapters/storage/journal_feed.h"
#include "adapters/storage/store.h"

/// Transactions of the store's pool as app::Facts. Inside of the store only.
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

/// A connection with a transaction, and the reader in it.
class Session {
 public:
  Session(DatabaseStore& store, Transaction::Mode mode, const KeyFile& keys, app::KnownAt known_at)
      : connection_(store),
        transaction_(*connection_, mode),
        reader_(*connection_, known_at ? KnownAtView(*connection_, *known_at) : KnownAtView(),
                keys),
        access_(*connection_, keys) {}

  Connection& connection() { return *connection_; }
  Transaction& transaction() { return transaction_; }
  FactReader& reader() { return reader_; }
  AccessRows& access() { return access_; }

 private:
  PooledConnection connection_;
  Transaction transaction_;
  FactReader reader_;
  AccessRows access_;
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
  void each_call(const std::function<void(const contact::CallEntry&)>& each) override {
    reader().each_call(each);
  }
  std::optional<app::PartyFile> party_file(parties::PartyId party, app::Detail detail) override {
    return reader().party_file(party, detail);
  }
  void party_files(std::span<const parties::PartyId> parties, app::Detail detail,
                   const std::function<void(app::PartyFile&)>& each) override {
    reader().party_files(parties, detail, each);
  }
  std::optional<receivables::Document> document(parties::CustomerId customer,
                                                receivables::DocumentId document) override {
    return reader().document(customer, document);
  }
  std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                              receivables::PaymentId payment) override {
    return reader().payment(customer, payment);
  }
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                        calendar::Date as_of) override {
    return reader().parties_with_follow_ups(entity, as_of);
  }
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(app::PartyFile&)>& each) override {
    reader().each_party(range, detail, each);
  }
  std::vector<parties::GroupEdge> group_edges() override { return reader().group_edges(); }
  std::vector<std::optional<parties::Party>> party_records(
      std::span<const parties::PartyId> parties) override {
    return reader().party_records(parties);
  }
  portfolio::Ordinal ordinal() override { return reader().ordinal(); }
  void each_history(app::PartRange range,
                    const std::function<void(const app::CustomerHistory&)>& each) override {
    HistoryReader(connection()).each(range, each);
  }
  void history(parties::CustomerId customer,
               const std::function<void(const app::CustomerHistory&)>& each) override {
    HistoryReader(connection()).one(customer, each);
  }
  void history(parties::PartyId party,
               const std::function<void(const app::CustomerHistory&)>& each) override {
    HistoryReader(connection()).of_party(party, each);
  }
  app::Changes changes_since(portfolio::Ordinal since) override {
    return storage::changes_since(connection(), since);
  }
  std::vector<app::FeedEntry> feed(const app::FeedPosition& after, std::size_t limit) override {
    return storage::feed(connection(), after, limit);
  }
  std::optional<std::uint64_t> checkpoint_digest(portfolio::Ordinal checkpoint) override {
    return storage::checkpoint_digest(connection(), checkpoint);
  }
  std::vector<contact::Interaction> interactions(parties::PartyId party) override {
    return reader().interactions(party);
  }
  std::vector<contact::CallReview> call_reviews(std::optional<parties::PartyId> party) override {
    return reader().call_reviews(party);
  }
  std::vector<app::PackSetting> guard_packs(parties::EntityId entity) override {
    return reader().guard_packs(entity);
  }
  std::vector<app::ConsentRecord> consents(std::span<const std::string> addresses) override {
    return reader().consents(addresses);
  }
  std::optional<parties::CustomerId> customer_of_dispute(
      receivables::DisputeMarkId dispute) override {
    return reader().customer_of_dispute(dispute);
  }
  std::optional<app::GuardRecord> guard_decision(parties::PartyId party,
                                                 contact::CallId call) override {
    return reader().guard_decision(party, call);
  }
  void each_contact(const std::function<void(const parties::Contact&)>& each) override {
    reader().each_contact(each);
  }
  std::vector<app::RunRecord> runs(parties::EntityId entity) override {
    return reader().runs(entity);
  }
  std::vector<app::FrozenEntry> frozen_worklist(std::int64_t run) override {
    return reader().frozen_worklist(run);
  }
  std::vector<app::FrozenList> frozen_lists(std::int64_t run) override {
    return reader().frozen_lists(run);
  }
  std::vector<app::FrozenEntry> frozen_lines(std::int64_t run, std::string_view collector,
                                             int after, std::size_t limit) override {
    return reader().frozen_lines(run, collector, after, limit);
  }
  std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                contact::CallId call) override {
    return reader().call_versions(party, call);
  }
  std::optional<parties::Customer> customer_record(parties::CustomerId customer) override {
    return reader().customer_record(customer);
  }
  std::vector<app::Person> people(app::PersonId only) override { return reader().people(only); }
  std::vector<app::ApiToken> api_tokens(app::TokenId only) override {
    return reader().api_tokens(only);
  }
  std::vector<app::Substitution> substitutions(parties::EntityId entity) override {
    return reader().substitutions(entity);
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

  app::AccessReader& access() override { return session().access(); }
};

}  // namespace arrears::storage
