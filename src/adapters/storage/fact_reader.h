#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/storage/fact_rows.h"
#include "app/store.h"

namespace arrears::storage {

/// Answers the questions of app::Facts from one connection, as known at one view.
class FactReader {
 public:
  FactReader(Connection& connection, KnownAtView view, const KeyFile& keys)
      : view_(std::move(view)), keys_(connection, keys), snapshot_{connection, view_, keys_} {}

  PartyKeys& keys() { return keys_; }

  std::vector<parties::Entity> entities();
  std::vector<app::CalendarDay> calendar_days(parties::EntityId entity);
  std::vector<money::Rate> rates();
  std::vector<contact::DelayReason> delay_reasons();
  std::vector<strategy::Book> books(parties::EntityId entity);
  std::optional<app::StrategySettings> strategy_settings(parties::EntityId entity);
  std::optional<app::NumberedThing> find_number(parties::EntityId entity, app::NumberKind kind,
                                                std::string_view number);
  std::vector<app::NumberedThing> find_similar(parties::EntityId entity, app::NumberKind kind,
                                               std::string_view number);
  bool has_contacts();
  std::optional<parties::PartyId> party_of(parties::CustomerId customer);
  std::optional<parties::CustomerId> customer_of_allocation(receivables::AllocationId allocation);
  std::optional<parties::PartyId> party_of_call(contact::CallId call);
  void each_call(const std::function<void(const contact::CallEntry&)>& each);
  std::optional<app::PartyFile> party_file(parties::PartyId party, app::Detail detail);
  void party_files(std::span<const parties::PartyId> parties, app::Detail detail,
                   const std::function<void(app::PartyFile&)>& each);
  std::optional<receivables::Document> document(parties::CustomerId customer,
                                                receivables::DocumentId document);
  std::optional<receivables::Payment> payment(parties::CustomerId customer,
                                              receivables::PaymentId payment);
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                        calendar::Date as_of);
  void each_party(app::PartRange range, app::Detail detail,
                  const std::function<void(app::PartyFile&)>& each);
  void each_account(std::span<const parties::CustomerId> customers, app::Payers payers,
                    const std::function<void(app::Account&)>& each);
  std::vector<parties::GroupEdge> group_edges();
  std::vector<std::optional<parties::Party>> party_records(
      std::span<const parties::PartyId> parties);
  portfolio::Ordinal ordinal() const;
  std::vector<contact::Interaction> interactions(parties::PartyId party);
  std::vector<contact::CallReview> call_reviews(std::optional<parties::PartyId> party);
  std::vector<app::PackSetting> guard_packs(parties::EntityId entity);
  std::vector<app::ConsentRecord> consents(std::span<const std::string> addresses);
  std::optional<parties::CustomerId> customer_of_dispute(receivables::DisputeMarkId dispute);
  std::optional<app::GuardRecord> guard_decision(parties::PartyId party, contact::CallId call);
  void each_contact(const std::function<void(const parties::Contact&)>& each);
  std::vector<app::RunRecord> runs(parties::EntityId entity);
  std::vector<app::FrozenEntry> frozen_worklist(std::int64_t run);
  std::vector<app::FrozenList> frozen_lists(std::int64_t run);
  std::vector<app::FrozenEntry> frozen_lines(std::int64_t run, std::string_view collector,
                                             int after, std::size_t limit);
  std::vector<contact::CallEntry> call_versions(parties::PartyId party, contact::CallId call);
  std::optional<parties::Customer> customer_record(parties::CustomerId customer);
  std::vector<app::Person> people(app::PersonId only);
  std::vector<app::ApiToken> api_tokens(app::TokenId only);
  std::vector<app::Substitution> substitutions(parties::EntityId entity);
  std::optional<std::string> import_profile(std::string_view name);
  std::vector<std::string> import_profile_names();

 private:
  bool is_visible(app::NumberKind kind, const app::NumberedThing& thing);

  KnownAtView view_;
  PartyKeys keys_;
  Snapshot snapshot_;
};

}  // namespace arrears::storage
