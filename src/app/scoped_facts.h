#pragma once

#include <map>
#include <memory>

#include "app/scope.h"

/// A snapshot as one caller may see it.
namespace arrears::app {

/// Hides the entities, customers and what hangs on them that lie outside of a scope, so that every
/// question over it answers as if they did not exist: lists, totals, searches and look-ups. What is
/// derived from facts of others (a promise that a group made together) is still derived from all:
/// see Facts::whole.
///
/// Not for several threads at once, like the snapshot below it.
class ScopedFacts final : public Facts {
 public:
  /// `now`: rights hold for the entities' days of it. They come from `present`, a snapshot of
  /// everything that is known, whatever instant `all` is known at; both outlive it.
  ScopedFacts(Facts& all, Facts& present, Scope scope, Instant now);
  /// A snapshot of its own.
  ScopedFacts(Store& store, KnownAt known_at, Scope scope, Instant now);
  ~ScopedFacts() override;

  /// What of the entity is visible; null where the entity is not.
  const Visibility* visibility(parties::EntityId entity);

  Facts& whole() override { return all_; }

  std::vector<parties::Entity> entities() override;
  std::optional<NumberedThing> find_number(parties::EntityId entity, NumberKind kind,
                                           std::string_view number) override;
  std::vector<NumberedThing> find_similar(parties::EntityId entity, NumberKind kind,
                                          std::string_view number) override;
  std::optional<parties::PartyId> party_of(parties::CustomerId customer) override;
  std::optional<parties::CustomerId> customer_of_allocation(
      receivables::AllocationId allocation) override;
  std::optional<PartyFile> party_file(parties::PartyId party, Detail detail) override;
  std::optional<parties::Customer> customer_record(parties::CustomerId customer) override;
  void party_files(std::span<const parties::PartyId> parties, Detail detail,
                   const std::function<void(PartyFile&)>& each) override;
  std::vector<parties::PartyId> parties_with_follow_ups(parties::EntityId entity,
                                                        Date as_of) override;
  void each_party(PartRange range, Detail detail,
                  const std::function<void(PartyFile&)>& each) override;
  std::vector<FrozenEntry> frozen_worklist(std::int64_t run) override;
  std::vector<FrozenList> frozen_lists(std::int64_t run) override;
  std::vector<FrozenEntry> frozen_lines(std::int64_t run, std::string_view collector, int after,
                                        std::size_t limit) override;
  std::optional<parties::PartyId> party_of_call(contact::CallId call) override;
  void each_call(const std::function<void(const contact::CallEntry&)>& each) override;
  std::vector<contact::CallEntry> call_versions(parties::PartyId party,
                                                contact::CallId call) override;
  std::optional<parties::CustomerId> customer_of_dispute(
      receivables::DisputeMarkId dispute) override;
  std::optional<GuardRecord> guard_decision(parties::PartyId party, contact::CallId call) override;
  void each_contact(const std::function<void(const parties::Contact&)>& each) override;
  std::vector<contact::Interaction> interactions(parties::PartyId party) override;
  std::vector<contact::CallReview> call_reviews(std::optional<parties::PartyId> party) override;

#define ARREARS_PASS_ON_(answer, name, parameters, arguments) \
  answer name parameters override { return all_.name arguments; }
  ARREARS_PASS_ON_(std::vector<CalendarDay>, calendar_days, (parties::EntityId entity), (entity))
  ARREARS_PASS_ON_(std::vector<money::Rate>, rates, (), ())
  ARREARS_PASS_ON_(std::vector<contact::DelayReason>, delay_reasons, (), ())
  ARREARS_PASS_ON_(std::vector<strategy::Book>, books, (parties::EntityId entity), (entity))
  ARREARS_PASS_ON_(std::optional<StrategySettings>, strategy_settings, (parties::EntityId entity),
                   (entity))
  ARREARS_PASS_ON_(bool, has_contacts, (), ())
  ARREARS_PASS_ON_(std::optional<receivables::Document>, document,
                   (parties::CustomerId customer, receivables::DocumentId document),
                   (customer, document))
  ARREARS_PASS_ON_(std::optional<receivables::Payment>, payment,
                   (parties::CustomerId customer, receivables::PaymentId payment),
                   (customer, payment))
  ARREARS_PASS_ON_(std::vector<parties::GroupEdge>, group_edges, (), ())
  ARREARS_PASS_ON_(std::vector<std::optional<parties::Party>>, party_records,
                   (std::span<const parties::PartyId> parties), (parties))
  ARREARS_PASS_ON_(portfolio::Ordinal, ordinal, (), ())
  ARREARS_PASS_ON_(void, each_history,
                   (PartRange range, const std::function<void(const CustomerHistory&)>& each),
                   (range, each))
  ARREARS_PASS_ON_(void, history,
                   (parties::CustomerId customer,
                    const std::function<void(const CustomerHistory&)>& each),
                   (customer, each))
  ARREARS_PASS_ON_(void, history,
                   (parties::PartyId party,
                    const std::function<void(const CustomerHistory&)>& each),
                   (party, each))
  ARREARS_PASS_ON_(Changes, changes_since, (portfolio::Ordinal since), (since))
  ARREARS_PASS_ON_(std::vector<FeedEntry>, feed, (const FeedPosition& after, std::size_t limit),
                   (after, limit))
  ARREARS_PASS_ON_(std::optional<std::uint64_t>, checkpoint_digest, (portfolio::Ordinal checkpoint),
                   (checkpoint))
  ARREARS_PASS_ON_(std::vector<RunRecord>, runs, (parties::EntityId entity), (entity))
  ARREARS_PASS_ON_(std::vector<PackSetting>, guard_packs, (parties::EntityId entity), (entity))
  ARREARS_PASS_ON_(std::vector<ConsentRecord>, consents, (std::span<const std::string> addresses),
                   (addresses))
  ARREARS_PASS_ON_(std::vector<Person>, people, (PersonId only), (only))
  ARREARS_PASS_ON_(std::vector<ApiToken>, api_tokens, (TokenId only), (only))
  ARREARS_PASS_ON_(std::vector<Substitution>, substitutions, (parties::EntityId entity), (entity))
  ARREARS_PASS_ON_(AccessReader&, access, (), ())
  ARREARS_PASS_ON_(std::optional<std::string>, import_profile, (std::string_view name), (name))
  ARREARS_PASS_ON_(std::vector<std::string>, import_profile_names, (), ())
#undef ARREARS_PASS_ON_

 private:
  /// Takes out of the file what is hidden; false where nothing of it is left.
  bool leave_visible(PartyFile& file);
  bool sees(parties::CustomerId customer);
  bool sees(parties::PartyId party);
  bool sees_list(std::string_view collector) const;

  ScopedFacts(std::unique_ptr<Facts> all, std::unique_ptr<Facts> present, Scope scope, Instant now);

  std::unique_ptr<Facts> owned_;
  Facts& all_;
  const Scope scope_;
  const Instant now_;
  std::map<parties::EntityId, Visibility> visible_;  ///< of the entities in scope
};

}  // namespace arrears::app
