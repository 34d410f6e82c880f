#include <algorithm>
#include <limits>

#include "app/daily_run.h"
#include "app/day_portfolio.h"
#include "app/live_portfolio.h"
#include "app/worklist_json.h"

namespace arrears::app {

namespace {

using portfolio::RankedGroup;
using strategy::Factor;
using strategy::WorklistEntry;

struct Line {
  parties::PartyId party;
  Json json;
};

std::vector<Line> read_lines(const std::vector<FrozenEntry>& entries) {
  std::vector<Line> lines;
  lines.reserve(entries.size());
  for (const FrozenEntry& entry : entries) lines.push_back({entry.party, read_line(entry)});
  return lines;
}

/// The frozen lines of the day's last run; nothing where the day has not run.
std::optional<std::vector<Line>> frozen_lines(Facts& facts, parties::EntityId entity, Date day) {
  const RunRecord* last = nullptr;
  const auto runs = facts.runs(entity);
  for (const RunRecord& run : runs)
    if (run.business_date == day) last = &run;
  if (!last) return {};
  return read_lines(facts.frozen_worklist(last->id));
}

/// The place of an entry: more points first, then more overdue. The number decides the rest.
struct Place {
  std::int64_t points = 0;
  std::int64_t overdue = 0;
  bool is_before(const Place& other) const {
    return std::pair(points, overdue) > std::pair(other.points, other.overdue);
  }
};

/// Assesses parties in the order of the portfolio's ranking until the first `limit` lines (of one
/// collector, where given) are certain. The ranking leaves out the points of follow-ups, which only
/// a party's own file tells: they lift an entry by at most what the best band gives.
class LiveList {
 public:
  LiveList(Facts& facts, const LivePortfolio& portfolio, DayDecisions& decisions,
           std::optional<std::string_view> collector, std::size_t limit)
      : facts_(facts),
        parties_(facts, portfolio, decisions.context()),
        decisions_(decisions),
        collector_(collector),
        limit_(limit) {
    const auto& bands = decisions.context().strategy.points[Factor::follow_up_due];
    if (!bands.empty()) most_follow_up_points_ = bands.back().points;
  }

  bool is_exact() const { return parties_.is_exact(); }

  /// Leaves the certain entries in the decisions.
  void make() {
    const std::vector<RankedGroup> ranked = parties_.ranked();
    std::vector<std::uint32_t> place_of(parties_.count(), no_place);
    for (std::uint32_t i = 0; i < ranked.size(); ++i) place_of[ranked[i].group] = i;
    if (limit_ == 0) {
      parties_.each_file(
          facts_, PartRange{}, [&](std::uint32_t number) { return parties_.has_work(number); },
          [&](std::uint32_t number, const PartyFile& file) {
            const std::uint32_t place = place_of[number];
            assess(file, place == no_place ? nullptr : &ranked[place]);
          });
      return;
    }
    // Nothing open, so without points of its own, but perhaps something to follow up.
    for (std::uint32_t number = 0; number < parties_.count(); ++number)
      if (place_of[number] == no_place && parties_.has_work(number)) assess(number, nullptr);
    std::size_t next = 0;
    std::size_t look_again = 1;
    for (; next < ranked.size(); ++next) {
      const RankedGroup& group = ranked[next];
      const Place bound{group.points + most_follow_up_points_, group.overdue_base};
      if (assessed_ >= look_again) {
        look_again = assessed_ + std::max<std::size_t>(8, assessed_ / 8);
        // What is not ranked comes after all that is, in an order of its own.
        const bool enough =
            group.points < 0 ? certain(std::nullopt) >= limit_ : certain(bound) >= limit_;
        if (enough) {
          keep_certain(group.points < 0 ? std::nullopt : std::optional(bound));
          return;
        }
      }
      if (parties_.has_work(group.group)) assess(group.group, &group);
    }
  }

 private:
  static constexpr std::uint32_t no_place = std::numeric_limits<std::uint32_t>::max();

  void assess(std::uint32_t number, const RankedGroup* group) {
    const auto file = facts_.party_file(parties_.party(number), Detail::everything);
    ARREARS_REQUIRE(file.has_value());
    assess(*file, group);
  }

  void assess(const PartyFile& file, const RankedGroup* group) {
    ++assessed_;
    auto& entries = decisions_.day().entries;
    const std::size_t before = entries.size();
    decisions_.decide(file);
    if (entries.size() > before) check(entries.back(), group);
  }

  /// The portfolio and the rules must agree, or the order would be wrong without anybody seeing it.
  void check(const WorklistEntry& entry, const RankedGroup* group) const {
    if (!group) return;
    ARREARS_REQUIRE(entry.points.has_value() == (group->points >= 0));
    if (!entry.points) return;
    const auto& due = entry.parts[static_cast<std::size_t>(Factor::follow_up_due)];
    ARREARS_REQUIRE(*entry.points - due.points == group->points);
    ARREARS_REQUIRE(*entry.overdue_base == group->overdue_base);
  }

  /// Whether no party that was not assessed yet can come before the entry. Nothing: all that have
  /// points were.
  static bool is_certain(const WorklistEntry& entry, const std::optional<Place>& bound) {
    if (!entry.points) return false;
    return !bound || Place{*entry.points, *entry.overdue_base}.is_before(*bound);
  }

  std::size_t certain(const std::optional<Place>& bound) const {
    const DayResult& day = decisions_.day();
    std::size_t count = 0;
    for (std::size_t i = 0; i < day.entries.size(); ++i) {
      if (collector_ && day.collectors[i] != *collector_) continue;
      if (is_certain(day.entries[i], bound)) ++count;
    }
    return count;
  }

  void keep_certain(const std::optional<Place>& bound) {
    DayResult& day = decisions_.day();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < day.entries.size(); ++i) {
      if (!is_certain(day.entries[i], bound)) continue;
      if (kept != i) {
        day.entries[kept] = std::move(day.entries[i]);
        day.collectors[kept] = std::move(day.collectors[i]);
      }
      ++kept;
    }
    day.entries.resize(kept);
    day.collectors.resize(kept);
  }

  Facts& facts_;
  DayParties parties_;
  DayDecisions& decisions_;
  std::optional<std::string_view> collector_;
  std::size_t limit_;
  int most_follow_up_points_ = 0;
  std::size_t assessed_ = 0;
};

std::vector<Line> live_lines(Facts& facts, const parties::Entity& entity, Date day,
                             std::optional<std::string_view> collector, std::size_t limit,
                             LivePortfolio* portfolio) {
  DayDecisions decisions(facts, gather_entity(facts, entity, day), nullptr);
  bool made = false;
  if (portfolio) {
    portfolio->refresh(facts);
    if (portfolio->has_deadlines_of(facts, entity)) {
      LiveList list(facts, *portfolio, decisions, collector, limit);
      made = list.is_exact();
      if (made) list.make();
    }
  }
  if (!made) {
    facts.each_party({}, Detail::everything,
                     [&](const PartyFile& file) { decisions.decide(file); });
  }
  return read_lines(decisions.take_lines());
}

std::int64_t overall_rank(const Line& line) {
  const boost::json::value& rank = line.json.at("overall_rank");
  return rank.is_null() ? std::numeric_limits<std::int64_t>::max() : rank.as_int64();
}

/// Kept lines bear no names: what names a person is in the person's own record only.
void name_parties(Facts& facts, std::vector<Line>& lines) {
  std::vector<parties::PartyId> parties;
  for (const Line& line : lines) parties.push_back(line.party);
  const auto records = facts.party_records(parties);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ARREARS_REQUIRE(records[i].has_value());
    lines[i].json["party"] = records[i]->name;
  }
}

Result<base::Done> check_collector(Facts& facts, const parties::Entity& entity,
                                   std::string_view collector) {
  const auto books = facts.books(entity.id);
  const bool known =
      collector.empty() || std::any_of(books.begin(), books.end(), [&](const strategy::Book& book) {
        return book.collector == collector;
      });
  if (!known) {
    return base::refuse(RunRefusal::collector_unknown,
                        "Entity " + entity.code + " has no collector " + std::string(collector));
  }
  return base::Done{};
}

}  // namespace

Result<boost::json::array> worklist(Facts& facts, std::string_view entity_code, Date day,
                                    std::string_view collector, bool live, std::size_t limit,
                                    LivePortfolio* portfolio) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  std::optional<std::string_view> wanted;
  if (!collector.empty()) {
    wanted = collector == "unassigned" ? std::string_view() : collector;
    if (const auto known = check_collector(facts, *entity, *wanted); !known) return known.error();
  }
  std::optional<std::vector<Line>> lines;
  if (!live) lines = frozen_lines(facts, entity->id, day);
  if (!lines) lines = live_lines(facts, *entity, day, wanted, limit, portfolio);
  if (wanted) {
    std::erase_if(
        *lines, [&](const Line& line) { return line.json.at("collector").as_string() != *wanted; });
  } else {
    std::stable_sort(lines->begin(), lines->end(), [](const Line& a, const Line& b) {
      return overall_rank(a) < overall_rank(b);
    });
    for (Line& line : *lines) line.json["rank"] = line.json["overall_rank"];
  }
  if (limit > 0 && lines->size() > limit) lines->resize(limit);
  name_parties(facts, *lines);
  boost::json::array list;
  for (Line& line : *lines) list.push_back(std::move(line.json));
  return list;
}

}  // namespace arrears::app
