#pragma once

#include <string>
#include <string_view>

#include "adapters/storage/journal.h"
#include "app/store.h"
#include "domain/strategy/books.h"
#include "domain/strategy/facts.h"

namespace arrears::storage {

/// Writes facts as rows under one journal entry.
class FactWriter final : public app::Entry {
 public:
  FactWriter(Connection& connection, PartyKeys& keys, CommandJournal& journal,
             CommandJournal::EntryIndex entry, base::Part part)
      : connection_(connection), keys_(keys), journal_(journal), entry_(entry), part_(part) {}

  void add(const parties::Entity& entity, app::Revision revision) override;
  void add(const app::CalendarDay& day, app::Revision revision) override;
  void add(const parties::Party& party, app::Revision revision) override;
  void add(const parties::GroupEdge& edge, app::Revision revision) override;
  void add(const parties::Customer& customer, app::Revision revision) override;
  void add(const parties::Contact& contact, app::Revision revision) override;
  void add(parties::CustomerId customer, const receivables::Document& document,
           std::string_view reason) override;
  void add(parties::CustomerId customer, parties::PartyId party,
           const receivables::Payment& payment, std::string_view reason) override;
  void add(parties::CustomerId customer, const receivables::Allocation& allocation) override;
  void add(parties::CustomerId customer, const receivables::DisputeMark& mark,
           app::Revision revision) override;
  void add(const money::Rate& rate, app::Revision revision) override;
  void add(const contact::DelayReason& reason, app::Revision revision) override;
  void add(const promises::Promise& promise) override;
  void add(parties::PartyId party, promises::PromiseId promise, int event_no,
           const promises::PromiseEvent& event) override;
  void add(const contact::CallEntry& call) override;
  void add(const contact::Interaction& interaction) override;
  void add(const contact::CallReview& review) override;
  void add(const strategy::FollowUp& follow_up, app::Revision revision) override;
  void add(const app::HoldRecord& hold, app::Revision revision) override;
  void add(const strategy::Book& book, app::Revision revision) override;
  void add(const app::StrategySettings& settings) override;
  void add(const app::RunRecord& run) override;
  void add(parties::CustomerId customer, const strategy::ReachedStep& step) override;
  void add(const app::DueActionRecord& action) override;
  void add(base::Part part, std::int64_t run, const app::FrozenEntry& line) override;
  void add(const app::PackSetting& setting) override;
  void add(const app::ConsentRecord& consent) override;
  void add(const app::SuppressionRecord& suppression) override;
  void add(const app::GuardRecord& decision) override;
  void add(const app::Person& person, app::Revision revision) override;
  void add(const app::ApiToken& token, app::Revision revision) override;
  void add(const app::Substitution& substitution, app::Revision revision) override;
  void add_profile(std::string_view name, app::Revision revision, std::string_view kind,
                   std::string_view options) override;

 private:
  /// 1, or one more than the newest version; `condition` names the key without the version.
  template <class... Keys>
  std::int64_t version(app::Revision revision, std::string_view table, std::string_view condition,
                       const Keys&... keys);
  void insert(const FactTable& table, std::initializer_list<Value> values) {
    journal_.insert(entry_, table, values);
  }
  Bytes seal(parties::PartyId party, std::string_view place, std::string_view text) {
    return keys_.seal(party, place, text);
  }

  Connection& connection_;
  PartyKeys& keys_;
  CommandJournal& journal_;
  CommandJournal::EntryIndex entry_;
  base::Part part_;
};

template <class... Keys>
std::int64_t FactWriter::version(app::Revision revision, std::string_view table,
                                 std::string_view condition, const Keys&... keys) {
  if (revision == app::Revision::first) return 1;
  Query newest = connection_.query("SELECT coalesce(max(version), 0) FROM " + std::string(table) +
                                       " WHERE part = :part AND " + std::string(condition),
                                   part_, keys...);
  newest.next();
  return newest.int64_at(0) + 1;
}

/// A list as a fact row keeps it: joined by line feeds, which no number or code contains.
std::string join_list(const std::vector<std::string>& list);
std::vector<std::string> split_list(std::string_view text);

}  // namespace arrears::storage
