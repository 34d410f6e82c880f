#include "app/scoped_facts.h"

#include <algorithm>

#include "domain/calendar/local_time.h"

namespace arrears::app {

ScopedFacts::ScopedFacts(Facts& all, Facts& present, Scope scope, Instant now)
    : all_(all), scope_(std::move(scope)), now_(now) {
  for (const parties::Entity& entity : all_.entities()) {
    if (!scope_.sees_entity(entity.code)) continue;
    const Date today = calendar::local_time(entity.time_zone, now_).day;
    visible_.emplace(entity.id, Visibility(present, scope_, entity, today));
  }
}

ScopedFacts::ScopedFacts(std::unique_ptr<Facts> all, std::unique_ptr<Facts> present, Scope scope,
                         Instant now)
    : ScopedFacts(*all, present ? *present : *all, std::move(scope), now) {
  owned_ = std::move(all);
}

ScopedFacts::ScopedFacts(Store& store, KnownAt known_at, Scope scope, Instant now)
    : ScopedFacts(store.read(known_at), known_at ? store.read({}) : nullptr, std::move(scope),
                  now) {}

ScopedFacts::~ScopedFacts() = default;

const Visibility* ScopedFacts::visibility(parties::EntityId entity) {
  const auto found = visible_.find(entity);
  return found == visible_.end() ? nullptr : &found->second;
}

std::vector<parties::Entity> ScopedFacts::entities() {
  auto entities = all_.entities();
  std::erase_if(entities, [&](const auto& entity) { return !visible_.contains(entity.id); });
  return entities;
}

bool ScopedFacts::leave_visible(PartyFile& file) {
  const auto entity_visible = [&](parties::EntityId entity) { return visible_.contains(entity); };
  std::vector<parties::CustomerId> hidden;
  std::erase_if(file.accounts, [&](const Account& account) {
    const Visibility* visible = visibility(account.customer.entity);
    if (visible && visible->sees(account.customer, file.party)) return false;
    hidden.push_back(account.customer.id);
    return true;
  });
  if (file.accounts.empty()) return false;
  // What is the party's in an entity shows where any of its accounts there does.
  const auto shows = [&](parties::EntityId entity) {
    return entity_visible(entity) &&
           std::any_of(file.accounts.begin(), file.accounts.end(),
                       [&](const Account& account) { return account.customer.entity == entity; });
  };
  std::erase_if(file.promises, [&](const auto& promise) { return !shows(promise.entity); });
  std::erase_if(file.follow_ups, [&](const auto& follow_up) { return !shows(follow_up.entity); });
  std::erase_if(file.due_actions, [&](const auto& action) { return !shows(action.entity); });
  std::erase_if(file.calls, [&](const contact::CallEntry& call) {
    return !shows(call.entity) ||
           std::find(hidden.begin(), hidden.end(), call.customer) != hidden.end();
  });
  return true;
}

std::optional<PartyFile> ScopedFacts::party_file(parties::PartyId party, Detail detail) {
  auto file = all_.party_file(party, detail);
  if (file && !leave_visible(*file)) file.reset();
  return file;
}

void ScopedFacts::party_files(std::span<const parties::PartyId> parties, Detail detail,
                              const std::function<void(PartyFile&)>& each) {
  all_.party_files(parties, detail, [&](PartyFile& file) {
    if (leave_visible(file)) each(file);
  });
}

std::optional<parties::Customer> ScopedFacts::customer_record(parties::CustomerId customer) {
  return sees(customer) ? all_.customer_record(customer) : std::nullopt;
}

void ScopedFacts::each_party(PartRange range, Detail detail,
                             const std::function<void(PartyFile&)>& each) {
  all_.each_party(range, detail, [&](PartyFile& file) {
    if (leave_visible(file)) each(file);
  });
}

bool ScopedFacts::sees(parties::PartyId party) {
  return party_file(party, Detail::identity).has_value();
}

bool ScopedFacts::sees(parties::CustomerId customer) {
  const auto party = all_.party_of(customer);
  const auto file = party ? party_file(*party, Detail::identity) : std::nullopt;
  return file && std::any_of(file->accounts.begin(), file->accounts.end(),
                             [&](const Account& one) { return one.customer.id == customer; });
}

std::optional<parties::PartyId> ScopedFacts::party_of(parties::CustomerId customer) {
  return sees(customer) ? all_.party_of(customer) : std::nullopt;
}

std::optional<parties::CustomerId> ScopedFacts::customer_of_allocation(
    receivables::AllocationId allocation) {
  const auto customer = all_.customer_of_allocation(allocation);
  return customer && sees(*customer) ? customer : std::nullopt;
}

std::optional<parties::PartyId> ScopedFacts::party_of_call(contact::CallId call) {
  const auto party = all_.party_of_call(call);
  return party && sees(*party) ? party : std::nullopt;
}

std::optional<NumberedThing> ScopedFacts::find_number(parties::EntityId entity, NumberKind kind,
                                                      std::string_view number) {
  if (kind != NumberKind::party && !visible_.contains(entity)) return {};
  const auto thing = all_.find_number(entity, kind, number);
  if (!thing) return {};
  const Visibility* visible = visibility(entity);
  if (visible && visible->sees_everything()) return thing;
  bool seen = false;
  switch (kind) {
    case NumberKind::customer:
      seen = sees(parties::CustomerId{thing->subject});
      break;
    case NumberKind::document:
    case NumberKind::payment:
      seen = sees(parties::CustomerId{thing->owner});
      break;
    case NumberKind::promise:
      seen = sees(parties::PartyId{thing->owner});
      break;
    case NumberKind::party:
      seen = sees(parties::PartyId{thing->subject});
      break;
  }
  return seen ? thing : std::nullopt;
}

std::vector<NumberedThing> ScopedFacts::find_similar(parties::EntityId entity, NumberKind kind,
                                                     std::string_view number) {
  std::vector<NumberedThing> things;
  for (NumberedThing& thing : all_.find_similar(entity, kind, number))
    if (find_number(entity, kind, thing.number)) things.push_back(std::move(thing));
  return things;
}

std::vector<parties::PartyId> ScopedFacts::parties_with_follow_ups(parties::EntityId entity,
                                                                   Date as_of) {
  if (!visible_.contains(entity)) return {};
  auto parties = all_.parties_with_follow_ups(entity, as_of);
  if (!visible_.at(entity).sees_everything())
    std::erase_if(parties, [&](parties::PartyId party) { return !sees(party); });
  return parties;
}

/// A run is only found in the entity that it is of, so that any visible entity's rule will do.
bool ScopedFacts::sees_list(std::string_view collector) const {
  return std::any_of(visible_.begin(), visible_.end(),
                     [&](const auto& entity) { return entity.second.sees_books_of(collector); });
}

std::vector<FrozenEntry> ScopedFacts::frozen_worklist(std::int64_t run) {
  auto lines = all_.frozen_worklist(run);
  std::erase_if(lines, [&](const FrozenEntry& line) { return !sees_list(line.collector); });
  return lines;
}

std::vector<FrozenList> ScopedFacts::frozen_lists(std::int64_t run) {
  auto lists = all_.frozen_lists(run);
  std::erase_if(lists, [&](const FrozenList& list) { return !sees_list(list.collector); });
  return lists;
}

std::vector<FrozenEntry> ScopedFacts::frozen_lines(std::int64_t run, std::string_view collector,
                                                   int after, std::size_t limit) {
  if (!sees_list(collector)) return {};
  return all_.frozen_lines(run, collector, after, limit);
}

void ScopedFacts::each_call(const std::function<void(const contact::CallEntry&)>& each) {
  std::vector<contact::CallEntry> to_check;  // nothing else is asked while the rows come
  all_.each_call([&](const contact::CallEntry& call) {
    const Visibility* visible = visibility(call.entity);
    if (!visible) return;
    visible->sees_everything() ? each(call) : to_check.push_back(call);
  });
  std::map<std::pair<parties::PartyId, parties::CustomerId>, bool> known;
  for (const contact::CallEntry& call : to_check) {
    const auto [at, is_new] = known.try_emplace({call.party, call.customer}, false);
    if (is_new) at->second = call.customer ? sees(call.customer) : sees(call.party);
    if (at->second) each(call);
  }
}

std::vector<contact::CallEntry> ScopedFacts::call_versions(parties::PartyId party,
                                                           contact::CallId call) {
  auto versions = all_.call_versions(party, call);
  std::erase_if(versions, [&](const contact::CallEntry& version) {
    const Visibility* visible = visibility(version.entity);
    if (!visible) return true;
    if (visible->sees_everything()) return false;
    return version.customer ? !sees(version.customer) : !sees(version.party);
  });
  return versions;
}

std::optional<parties::CustomerId> ScopedFacts::customer_of_dispute(
    receivables::DisputeMarkId dispute) {
  const auto customer = all_.customer_of_dispute(dispute);
  return customer && sees(*customer) ? customer : std::nullopt;
}

std::optional<GuardRecord> ScopedFacts::guard_decision(parties::PartyId party,
                                                       contact::CallId call) {
  return sees(party) ? all_.guard_decision(party, call) : std::nullopt;
}

void ScopedFacts::each_contact(const std::function<void(const parties::Contact&)>& each) {
  all_.each_contact([&](const parties::Contact& contact) {
    if (sees(contact.party)) each(contact);
  });
}

std::vector<contact::Interaction> ScopedFacts::interactions(parties::PartyId party) {
  const auto file = party_file(party, Detail::identity);
  if (!file) return {};
  auto interactions = all_.interactions(party);
  std::erase_if(interactions, [&](const contact::Interaction& one) {
    const auto same = [&](const Account& account) { return account.customer.id == one.customer; };
    return !scope_.reads(one.visible_to, one.author) || std::ranges::none_of(file->accounts, same);
  });
  return interactions;
}

/// They hang on calls, which are hidden or not: nobody finds a review but by its call.
std::vector<contact::CallReview> ScopedFacts::call_reviews(std::optional<parties::PartyId> party) {
  if (party && !sees(*party)) return {};
  return all_.call_reviews(party);
}

}  // namespace arrears::app
