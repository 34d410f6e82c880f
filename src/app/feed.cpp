#include "app/feed.h"

#include <map>
#include <set>

#include "base/text.h"

namespace arrears::app {

namespace {

std::string text_of(const FeedPosition& position) {
  return std::to_string(position.checkpoint) + "." + std::to_string(position.part) + "." +
         std::to_string(position.sequence);
}

std::optional<FeedPosition> read_position(std::string_view text) {
  if (text.empty()) return FeedPosition{};
  const auto parts = base::split(text, '.');
  if (parts.size() != 3) return {};
  std::int64_t numbers[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = base::parse_int(parts[i]);
    if (!number || *number < 0) return {};
    numbers[i] = *number;
  }
  if (numbers[1] >= base::part_count) return {};
  return FeedPosition{numbers[0], static_cast<Part>(numbers[1]), numbers[2]};
}

/// What of an entry a caller sees.
class Viewer {
 public:
  Viewer(ScopedFacts& facts, const Scope& scope) : facts_(facts), scope_(scope) {
    for (const parties::Entity& entity : facts.entities()) codes_[entity.id] = entity.code;
  }

  /// Null where the entry does not show.
  std::optional<Json> show(const FeedEntry& entry) {
    if (entry.owners.empty()) {
      if (!scope_.may(Right::audit) || !scope_.all_entities) return {};
      return json(entry, {}, /*whole=*/true);
    }
    std::set<std::pair<std::string, std::string>> customers;
    bool whole = true;
    for (const std::int64_t owner : entry.owners) {
      const auto& seen = customers_of(owner);
      whole = whole && !seen.empty();
      customers.insert(seen.begin(), seen.end());
    }
    if (customers.empty() || !may_read(entry)) return {};
    return json(entry, customers, whole);
  }

 private:
  using Customers = std::set<std::pair<std::string, std::string>>;  ///< entity and number

  /// Interactions show to the readers of their class.
  bool may_read(const FeedEntry& entry) const {
    if (entry.kind != name(EntryKind::interaction_recorded) &&
        entry.kind != name(EntryKind::interaction_changed))
      return true;
    const boost::json::value payload = boost::json::parse(entry.payload);
    const auto visible =
        base::parse_name<contact::VisibilityClass>(payload.at("visible_to").as_string());
    return visible && scope_.reads(*visible, payload.at("author").as_string());
  }

  /// The visible customer of that id, or those of the party.
  const Customers& customers_of(std::int64_t owner) {
    const auto [at, is_new] = known_.try_emplace(owner);
    if (!is_new) return at->second;
    const auto party_of = facts_.whole().party_of(parties::CustomerId{owner});
    const auto file =
        facts_.party_file(party_of.value_or(parties::PartyId{owner}), Detail::identity);
    if (!file) return at->second;
    for (const Account& account : file->accounts)
      if (!party_of || account.customer.id.value == owner)
        at->second.emplace(codes_.at(account.customer.entity), account.customer.number);
    return at->second;
  }

  Json json(const FeedEntry& entry, const Customers& customers, bool whole) const {
    boost::json::array named;
    for (const auto& [entity, number] : customers)
      named.push_back(Json{{"entity", entity}, {"customer", number}});
    boost::json::value payload;
    if (whole) payload = boost::json::parse(entry.payload);
    return Json{{"position", text_of(entry.position)},
                {"checkpoint", entry.position.checkpoint},
                {"part", entry.position.part},
                {"sequence", entry.position.sequence},
                {"recorded_at", to_string(entry.recorded_at)},
                {"kind", entry.kind},
                {"actor", entry.actor},
                {"entry_id", std::to_string(entry.entry_id)},
                {"command_id", std::to_string(entry.command_id)},
                {"customers", std::move(named)},
                {"payload", std::move(payload)}};
  }

  ScopedFacts& facts_;
  const Scope& scope_;
  std::map<parties::EntityId, std::string> codes_;
  std::map<std::int64_t, Customers> known_;
};

}  // namespace

Result<Json> feed_page(ScopedFacts& facts, const Scope& scope, std::string_view after,
                       std::size_t limit) {
  const auto position = read_position(after);
  if (!position) {
    return base::refuse(FeedRefusal::position_invalid,
                        "There is no position \"" + std::string(after) + "\" in the journal");
  }
  Viewer viewer(facts, scope);
  boost::json::array items;
  FeedPosition next = *position;
  for (const FeedEntry& entry : facts.feed(*position, limit)) {
    next = entry.position;
    if (auto shown = viewer.show(entry)) items.push_back(std::move(*shown));
  }
  return Json{{"items", std::move(items)}, {"next", text_of(next)}};
}

}  // namespace arrears::app
