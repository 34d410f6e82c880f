#include "app/worklist_page.h"

#include <algorithm>
#include <limits>

#include "app/worklist_json.h"
#include "base/text.h"

namespace arrears::app {

namespace {

/// Some lists of a run, taken line by line in the order of all of them together.
class MergedLists {
 public:
  MergedLists(Facts& facts, std::int64_t run, const std::vector<FrozenList>& lists)
      : facts_(facts), run_(run) {
    for (const FrozenList& list : lists) lists_.push_back({list, 0, {}, 0});
  }

  /// Begins behind the lines that a cursor counts: those taken of each list, in order.
  bool seek(std::string_view cursor) {
    if (cursor.empty()) return true;
    const auto numbers = base::split(cursor, '.');
    if (numbers.size() != lists_.size()) return false;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto taken = base::parse_int(numbers[i]);
      if (!taken || *taken < 0 || *taken > lists_[i].list.lines) return false;
      lists_[i].taken = static_cast<int>(*taken);
    }
    return true;
  }

  std::string cursor() const {
    std::string text;
    for (const List& list : lists_) text += (text.empty() ? "" : ".") + std::to_string(list.taken);
    return text;
  }

  bool at_end() const {
    return std::all_of(lists_.begin(), lists_.end(),
                       [](const List& list) { return list.taken >= list.list.lines; });
  }

  struct Line {
    parties::PartyId party;
    Json json;
  };
  std::vector<Line> take(std::size_t limit) {
    for (List& list : lists_) read(list, limit);
    std::vector<Line> lines;
    while (lines.size() < limit) {
      List* best = nullptr;
      for (List& list : lists_) {
        if (list.next == list.read.size()) continue;
        if (!best || rank(list) < rank(*best)) best = &list;
      }
      if (!best) break;
      lines.push_back(std::move(best->read[best->next++]));
      ++best->taken;
    }
    return lines;
  }

 private:
  struct List {
    FrozenList list;
    int taken = 0;
    std::vector<Line> read;
    std::size_t next = 0;
  };

  void read(List& list, std::size_t limit) {
    list.read.clear();
    list.next = 0;
    for (const FrozenEntry& entry :
         facts_.frozen_lines(run_, list.list.collector, list.taken, limit))
      list.read.push_back({entry.party, read_line(entry)});
  }

  static std::int64_t rank(const List& list) {
    const boost::json::value& rank = list.read[list.next].json.at("overall_rank");
    return rank.is_null() ? std::numeric_limits<std::int64_t>::max() : rank.as_int64();
  }

  Facts& facts_;
  std::int64_t run_;
  std::vector<List> lists_;
};

base::Refusal bad_cursor(const std::string& cursor) {
  return base::refuse(PageRefusal::cursor_invalid, "There is no page behind \"" + cursor + "\"");
}

Json empty_page(const WorklistQuery& query) {
  return {{"entity", query.entity},
          {"as_of", to_string(query.day)},
          {"collector", query.collector.empty() ? boost::json::value(nullptr)
                                                : boost::json::value(query.collector)},
          {"frozen_at", nullptr},
          {"lines", nullptr},
          {"items", boost::json::array()},
          {"next", nullptr}};
}

Result<Json> frozen_page(Facts& facts, const RunRecord& run, const WorklistQuery& query,
                         std::optional<std::string_view> collector) {
  std::vector<FrozenList> lists = facts.frozen_lists(run.id);
  if (collector)
    std::erase_if(lists, [&](const FrozenList& list) { return list.collector != *collector; });
  MergedLists merged(facts, run.id, lists);
  if (!merged.seek(query.after)) return bad_cursor(query.after);
  auto lines = merged.take(query.limit);
  std::vector<parties::PartyId> parties;
  for (const auto& line : lines) parties.push_back(line.party);
  const auto records = facts.party_records(parties);
  Json page = empty_page(query);
  boost::json::array& items = page["items"].as_array();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Json& line = lines[i].json;
    ARREARS_REQUIRE(records[i].has_value());
    line["party"] = records[i]->name;
    if (!collector) line["rank"] = line["overall_rank"];
    items.push_back(std::move(line));
  }
  std::int64_t count = 0;
  for (const FrozenList& list : lists) count += list.lines;
  page["lines"] = count;
  page["frozen_at"] = to_string(run.ran_at);
  if (!merged.at_end()) page["next"] = merged.cursor();
  return page;
}

Result<Json> live_page(Facts& facts, const Visibility& visibility, const WorklistQuery& query,
                       const std::string& collector, LivePortfolio* portfolio) {
  const auto skipped =
      query.after.empty() ? std::optional<std::int64_t>(0) : base::parse_int(query.after);
  if (!skipped || *skipped < 0) return bad_cursor(query.after);
  const auto first = static_cast<std::size_t>(*skipped);
  const bool filtered = collector.empty() && !visibility.sees_everything();
  const std::size_t wanted = filtered ? 0 : first + query.limit + 1;
  auto lines =
      worklist(facts.whole(), query.entity, query.day, collector, /*live=*/true, wanted, portfolio);
  if (!lines) return lines.error();
  Json page = empty_page(query);
  boost::json::array& items = page["items"].as_array();
  std::size_t seen = 0;
  for (boost::json::value& line : *lines) {
    if (filtered && !visibility.sees_books_of(line.at("collector").as_string())) continue;
    if (seen++ < first) continue;
    if (items.size() == query.limit) {
      page["next"] = std::to_string(first + query.limit);
      break;
    }
    items.push_back(std::move(line));
  }
  return page;
}

}  // namespace

std::optional<RunRecord> run_of_day(Facts& facts, parties::EntityId entity, Date day) {
  std::optional<RunRecord> last;
  for (RunRecord& run : facts.runs(entity))
    if (run.business_date == day) last = std::move(run);
  return last;
}

Result<Json> worklist_page(Facts& facts, const Visibility& visibility, const WorklistQuery& query,
                           LivePortfolio* portfolio) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  // Whoever sees the books of one name alone gets that list, ranked by itself.
  std::string collector = query.collector;
  if (collector.empty() && !visibility.sees_everything() && visibility.collectors().size() == 1)
    collector = visibility.collectors().front();
  std::optional<std::string_view> wanted;
  if (!collector.empty()) {
    wanted = collector == "unassigned" ? std::string_view() : collector;
    const auto books = facts.books(entity->id);
    const bool known =
        wanted->empty() || std::any_of(books.begin(), books.end(), [&](const strategy::Book& book) {
          return book.collector == *wanted;
        });
    // Somebody who was not given a book yet has an empty list, not an unknown one.
    const bool own = std::ranges::binary_search(visibility.collectors(), *wanted);
    if (!visibility.sees_books_of(*wanted) || (!known && !own)) {
      return base::refuse(RunRefusal::collector_unknown,
                          "Entity " + entity->code + " has no collector " + query.collector);
    }
    if (!known) return empty_page(query);
  }
  if (!query.live) {
    if (const auto run = run_of_day(facts, entity->id, query.day))
      return frozen_page(facts, *run, query, wanted);
  }
  return live_page(facts, visibility, query, collector, portfolio);
}

}  // namespace arrears::app
