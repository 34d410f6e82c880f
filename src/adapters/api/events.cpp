#include "adapters/api/events.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "app/scoped_facts.h"

namespace arrears::api {

namespace {

using app::Json;

/// More are not named: the page asks for everything again.
constexpr std::size_t named_max = 200;
/// Rights may have changed since.
constexpr std::int64_t stream_micros_max = std::int64_t{600} * 1'000'000;

std::set<parties::PartyId> parties_of(app::Facts& facts, const std::vector<std::int64_t>& owners) {
  std::set<parties::PartyId> parties;
  for (const std::int64_t owner : owners)
    parties.insert(facts.party_of(parties::CustomerId{owner}).value_or(parties::PartyId{owner}));
  return parties;
}

boost::json::array names(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

/// What one scope is told: by entity, the numbers of the customers.
std::map<std::string, std::set<std::string>> visible_changes(
    app::ScopedFacts& facts, const std::set<parties::PartyId>& parties) {
  std::map<parties::EntityId, std::string> codes;
  for (const parties::Entity& entity : facts.entities()) codes[entity.id] = entity.code;
  std::map<std::string, std::set<std::string>> changes;
  for (const parties::PartyId party : parties) {
    const auto file = facts.party_file(party, app::Detail::receivables);
    if (!file) continue;
    for (const app::Account& account : file->accounts)
      changes[codes.at(account.customer.entity)].insert(account.customer.number);
  }
  return changes;
}

}  // namespace

std::shared_ptr<http::EventStream> EventHub::subscribe(app::Scope scope, base::Instant now) {
  auto stream = std::make_shared<http::EventStream>();
  stream->send({.name = "hello", .data = "{}"});
  const std::lock_guard lock(mutex_);
  listeners_.push_back({std::move(scope), stream, now});
  return stream;
}

std::vector<EventHub::Listener> EventHub::open_listeners(base::Instant now) {
  const std::lock_guard lock(mutex_);
  for (const Listener& one : listeners_)
    if (now.micros - one.since.micros > stream_micros_max) one.stream->close();
  std::erase_if(listeners_, [](const Listener& one) { return !one.stream->is_open(); });
  return listeners_;
}

std::set<std::string> EventHub::entities_run(app::Facts& facts) {
  std::set<std::string> codes;
  for (const parties::Entity& entity : facts.entities()) {
    const auto runs = facts.runs(entity.id);
    const std::int64_t last = runs.empty() ? 0 : runs.back().id;
    std::int64_t& known = last_runs_[entity.id];
    if (known != last) codes.insert(entity.code);
    known = last;
  }
  return codes;
}

void EventHub::publish(app::Facts& facts, const app::Changes& changes, base::Instant now) {
  const std::vector<Listener> listeners = open_listeners(now);
  if (listeners.empty()) return;
  // Of an import or a run, which are of one entity, some parties tell the entity.
  const bool too_many = changes.owners.size() > named_max;
  auto owners = changes.owners;
  if (too_many) owners.resize(named_max);
  const std::set<parties::PartyId> parties = parties_of(facts, owners);
  std::set<std::string> run;
  if (std::ranges::find(changes.kinds, app::name(app::EntryKind::day_run)) != changes.kinds.end())
    run = entities_run(facts);
  for (const Listener& listener : listeners) {
    app::ScopedFacts seen(facts, facts, listener.scope, now);
    auto told = visible_changes(seen, parties);
    // What is of no customer (a book, a calendar) tells no entity: only who sees all is told.
    for (const parties::Entity& entity : seen.entities())
      if (run.contains(entity.code) || (parties.empty() && listener.scope.all_entities))
        told.try_emplace(entity.code);
    for (const auto& [entity, numbers] : told) {
      const bool named = !too_many && !numbers.empty();
      const Json data{
          {"entity", entity},
          {"customers", named ? boost::json::value(names({numbers.begin(), numbers.end()}))
                              : boost::json::value(nullptr)},
          {"kinds", names(changes.kinds)}};
      listener.stream->send({.id = std::to_string(next_id_++),
                             .name = "change",
                             .data = boost::json::serialize(data)});
    }
  }
}

void EventHub::close() {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener.stream->close();
  listeners_.clear();
}

std::size_t EventHub::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace arrears::api
