#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "domain/strategy/worklist.h"

namespace arrears::strategy {
namespace {

const Part& part(const WorklistEntry& entry, Factor factor) {
  return entry.parts[static_cast<std::size_t>(factor)];
}

/// What the order looks at; smaller comes first.
struct Place {
  int points = 0;
  std::int64_t overdue = 0;
  std::string_view number;
  parties::PartyId party;

  bool comes_before(const Place& other) const {
    return std::tie(other.points, other.overdue, number, party) <
           std::tie(points, overdue, other.number, other.party);
  }
};

Place place_of(const WorklistEntry& entry) {
  return {entry.points.value_or(0), entry.overdue_base.value_or(0),
          entry.numbers.empty() ? std::string_view() : std::string_view(entry.numbers.front()),
          entry.party};
}

/// The least value of `factor` with which `entry` would come before `above`. Candidates are where
/// its points change, and for the amount where the tie turns.
std::optional<WayUp> way_up(const WorklistEntry& entry, const WorklistEntry& above, Factor factor,
                            const PointsTable& table) {
  const Part& own = part(entry, factor);
  const Place target = place_of(above);
  std::set<std::int64_t> candidates;
  for (const Band& band : table[factor]) candidates.insert(band.at_least);
  if (factor == Factor::overdue_amount) {
    candidates.insert(target.overdue);
    candidates.insert(target.overdue + 1);
  }
  for (const std::int64_t value : candidates) {
    if (value <= own.value) continue;
    Place place = place_of(entry);
    place.points += table.points(factor, value) - own.points;
    if (factor == Factor::overdue_amount) place.overdue = value;
    if (place.comes_before(target)) return WayUp{factor, value - own.value};
  }
  return std::nullopt;
}

WhyNotHigher why_not_higher(const WorklistEntry& entry, const WorklistEntry& above,
                            const PointsTable& table) {
  WhyNotHigher why;
  why.points_to_next = *above.points - *entry.points;
  for (const Factor factor : {Factor::overdue_amount, Factor::days_overdue})
    if (const auto way = way_up(entry, above, factor, table)) why.ways.push_back(*way);
  return why;
}

}  // namespace

bool comes_before(const WorklistEntry& a, const WorklistEntry& b) {
  if (a.points.has_value() != b.points.has_value()) return a.points.has_value();
  return place_of(a).comes_before(place_of(b));
}

void rank(std::vector<WorklistEntry>& entries, const PointsTable& table) {
  std::sort(entries.begin(), entries.end(), comes_before);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    WorklistEntry& entry = entries[i];
    entry.rank.reset();
    entry.why_not_higher.reset();
    if (!entry.points) continue;
    entry.rank = static_cast<int>(i) + 1;
    if (i > 0) entry.why_not_higher = why_not_higher(entry, entries[i - 1], table);
  }
}

std::vector<Worklist> worklists(std::span<const PartyFacts> parties, const RunContext& run) {
  std::map<std::string, std::vector<WorklistEntry>> by_collector;
  for (const PartyFacts& facts : parties)
    if (auto entry = assess(facts, run)) by_collector[facts.collector].push_back(*std::move(entry));
  std::vector<Worklist> lists;
  for (auto& [collector, entries] : by_collector) {
    rank(entries, run.strategy.points);
    lists.push_back({collector, std::move(entries)});
  }
  return lists;
}

}  // namespace arrears::strategy
