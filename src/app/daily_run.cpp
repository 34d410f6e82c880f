#include "app/daily_run.h"

#include <algorithm>
#include <map>

#include "app/worklist_json.h"
#include "domain/calendar/local_time.h"

namespace arrears::app {

namespace {

using strategy::WorklistEntry;

/// What a day comes to for all parties of an entity.
struct Day {
  std::vector<WorklistEntry> entries;
  std::vector<std::string> collectors;  ///< of the entries
  std::int64_t parties = 0;
  std::int64_t actions = 0;
  std::int64_t steps = 0;
  std::int64_t skipped = 0;
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::map<std::string_view, std::int64_t> stopped;
};

/// One contact a channel, party and day: what a second run of the day finds for a channel that was
/// used already waits for the next day.
void leave_out_repeated(strategy::StepDecision& decision, const PartyFile& file,
                        const EntityContext& context) {
  for (const DueActionRecord& made : file.due_actions) {
    if (made.entity != context.entity.id || made.on != context.as_of) continue;
    const auto repeated =
        std::find_if(decision.actions.begin(), decision.actions.end(),
                     [&](const auto& action) { return action.channel == made.channel; });
    if (repeated == decision.actions.end()) continue;
    for (const strategy::StepItem& item : repeated->items) {
      std::erase_if(decision.reached, [&](const auto& step) { return step.item == item.item; });
    }
    decision.actions.erase(repeated);
  }
}

/// The decisions of one party, in the order in which they depend on one another.
struct PartyDecision {
  strategy::PartyFacts party;  ///< with both decisions recorded
  strategy::StepDecision steps;
  strategy::FollowUpDecision follow_ups;
};

class DayRun {
 public:
  /// `ids`: where what is decided will be written; null for a preview.
  DayRun(Facts& facts, EntityContext context, base::IdSource* ids)
      : facts_(facts), context_(std::move(context)), ids_(ids) {}

  const EntityContext& context() const { return context_; }
  Day& day() { return day_; }

  /// Decides on the party and puts it on the list; nothing is written.
  std::optional<PartyDecision> decide(const PartyFile& file) {
    strategy::PartyFacts party = gather_party(facts_, file, context_);
    if (party.customers.empty()) return {};
    const strategy::RunContext run = context_.run();
    PartyDecision decision;
    decision.steps = strategy::decide_steps(party, run);
    leave_out_repeated(decision.steps, file, context_);
    name_follow_ups(decision.steps.follow_ups, file.part);
    strategy::record(context_.calendar.is_business_day(context_.as_of)
                         ? decision.steps
                         : strategy::waiting_steps(party, run),
                     party);
    decision.follow_ups = strategy::decide_follow_ups(party, run);
    name_follow_ups(decision.follow_ups.opened, file.part);
    strategy::record(decision.follow_ups, context_.as_of, party);
    count(decision);
    if (auto entry = strategy::assess(party, run)) {
      day_.entries.push_back(std::move(*entry));
      day_.collectors.push_back(party.collector);
    }
    decision.party = std::move(party);
    return decision;
  }

  /// The entries as JSON by collector, each list in order, with the overall rank.
  std::map<std::string, std::vector<std::pair<parties::PartyId, Json>>> lists() const {
    const auto& table = context_.strategy.points;
    std::map<parties::PartyId, std::string> collector_of;
    for (std::size_t i = 0; i < day_.entries.size(); ++i)
      collector_of[day_.entries[i].party] = day_.collectors[i];
    std::vector<WorklistEntry> overall = day_.entries;
    strategy::rank(overall, table);
    std::map<parties::PartyId, std::optional<int>> overall_rank;
    std::map<std::string, std::vector<WorklistEntry>> by_collector;
    for (const WorklistEntry& entry : overall) {
      overall_rank[entry.party] = entry.rank;
      by_collector[collector_of[entry.party]].push_back(entry);
    }
    std::map<std::string, std::vector<std::pair<parties::PartyId, Json>>> lists;
    for (auto& [collector, entries] : by_collector) {
      strategy::rank(entries, table);
      auto& list = lists[collector];
      for (const WorklistEntry& entry : entries)
        list.emplace_back(entry.party,
                          to_json(entry, collector, overall_rank[entry.party], context_.entity));
    }
    return lists;
  }

 private:
  void name_follow_ups(std::vector<strategy::FollowUp>& opened, Part part) {
    if (ids_ == nullptr) return;
    for (strategy::FollowUp& follow_up : opened)
      follow_up.id = ids_->make<strategy::FollowUpTag>(part);
  }

  void count(const PartyDecision& decision) {
    ++day_.parties;
    day_.actions += static_cast<std::int64_t>(decision.steps.actions.size());
    for (const strategy::ReachedStep& step : decision.steps.reached)
      ++(step.status == strategy::StepStatus::done ? day_.steps : day_.skipped);
    day_.opened += static_cast<std::int64_t>(decision.follow_ups.opened.size() +
                                             decision.steps.follow_ups.size());
    day_.closed += static_cast<std::int64_t>(decision.follow_ups.closed.size());
    for (const strategy::StoppedStep& stopped : decision.steps.stopped)
      ++day_.stopped[base::name(stopped.reason)];
  }

  Facts& facts_;
  EntityContext context_;
  base::IdSource* ids_;
  Day day_;
};

Json summary_of(const Day& day) {
  Json stopped;
  for (const auto& [reason, count] : day.stopped) stopped[reason] = count;
  return {{"parties", day.parties},
          {"actions", day.actions},
          {"steps", day.steps},
          {"skipped", day.skipped},
          {"follow_ups_opened", day.opened},
          {"follow_ups_closed", day.closed},
          {"stopped", std::move(stopped)}};
}

void write_steps(Recorder& recorder, const PartyFile& file, const strategy::StepDecision& decision,
                 const EntityContext& context) {
  const auto customer_of = [&](receivables::DocumentId document) {
    for (const Account& account : file.accounts)
      if (receivables::find_document(account.ledger, document)) return account.customer.id;
    base::fail_requirement("a reached step belongs to the party", std::source_location::current());
  };
  for (const strategy::ReachedStep& step : decision.reached)
    recorder.entry(file.part, EntryKind::steps_reached, {})
        .add(customer_of(step.item.document), step);
  for (const strategy::DueAction& action : decision.actions) {
    recorder.entry(file.part, EntryKind::steps_reached, {})
        .add(DueActionRecord{file.party.id, context.entity.id, context.as_of, action.channel,
                             action.action, action.level,
                             boost::json::serialize(to_json(action, file))});
  }
  for (const strategy::FollowUp& follow_up : decision.follow_ups) {
    recorder.entry(file.part, EntryKind::follow_up_created, {}).add(follow_up, Revision::first);
  }
}

/// Whether the lists say the same as those frozen by the day's last run.
bool same_as_frozen(Facts& facts, const std::vector<RunRecord>& runs, Date day,
                    const std::vector<FrozenEntry>& lines) {
  const RunRecord* last = nullptr;
  for (const RunRecord& run : runs)
    if (run.business_date == day) last = &run;
  if (!last) return false;
  const auto frozen = facts.frozen_worklist(last->id);
  return std::equal(frozen.begin(), frozen.end(), lines.begin(), lines.end(),
                    [](const FrozenEntry& a, const FrozenEntry& b) {
                      return a.collector == b.collector && a.position == b.position &&
                             a.party == b.party && a.entry == b.entry;
                    });
}

std::vector<FrozenEntry> lines_of(const DayRun& run) {
  std::vector<FrozenEntry> lines;
  for (const auto& [collector, list] : run.lists()) {
    int position = 0;
    for (const auto& [party, entry] : list)
      lines.push_back({collector, ++position, party, boost::json::serialize(entry)});
  }
  return lines;
}

Json worklist_sizes(const std::vector<FrozenEntry>& lines) {
  std::map<std::string, int> sizes;
  for (const FrozenEntry& line : lines) ++sizes[line.collector];
  Json json;
  for (const auto& [collector, size] : sizes)
    json[collector.empty() ? "unassigned" : collector] = size;
  return json;
}

Result<base::Done> check_day(const std::vector<RunRecord>& runs, const parties::Entity& entity,
                             Date day, Instant now) {
  const Date today = calendar::local_time(entity.time_zone, now).day;
  if (today < day) {
    return base::refuse(RunRefusal::day_in_future, "The day " + to_string(day) + " of entity " +
                                                       entity.code + " has not begun");
  }
  for (const RunRecord& run : runs) {
    if (run.business_date <= day) continue;
    return base::refuse(RunRefusal::later_day_has_run,
                        "The day " + to_string(run.business_date) + " of entity " + entity.code +
                            " has run, so " + to_string(day) + " is past");
  }
  return base::Done{};
}

/// Decides and writes party by party, then freezes the lists.
Json run_in(Transaction& facts, const parties::Entity& entity, Date day, Instant now,
            const std::vector<RunRecord>& runs, const RunOptions& options) {
  DayRun run(facts, gather_entity(facts, entity, day), &facts.ids());
  const Json payload{{"entity", entity.code}, {"business_date", to_string(day)}};
  BulkRecorder bulk(facts, payload);
  Recorder& recorder = bulk;
  Part seen = 0;
  facts.each_party({}, Detail::everything, [&](const PartyFile& file) {
    if (options.progress && file.part != seen) options.progress(seen = file.part);
    const auto decision = run.decide(file);
    if (!decision) return;
    write_follow_ups(facts, recorder, file, decision->party, decision->follow_ups, day);
    write_steps(recorder, file, decision->steps, run.context());
  });
  Json answer = payload;
  const Json summary = summary_of(run.day());
  for (const auto& [name, value] : summary) answer[name] = value;
  const std::vector<FrozenEntry> lines = lines_of(run);
  answer["worklists"] = worklist_sizes(lines);
  const Day& done = run.day();
  const bool new_facts = done.actions + done.steps + done.skipped + done.opened + done.closed > 0;
  if (!new_facts && same_as_frozen(facts, runs, day, lines)) {
    answer["unchanged"] = true;
    return answer;
  }
  const Part part = entity.id.part();
  RunRecord record;
  record.id = facts.ids().next(part);
  record.entity = entity.id;
  record.business_date = day;
  record.ran_at = now;
  record.strategy_version = run.context().strategy.version;
  record.summary = boost::json::serialize(summary);
  recorder.entry(part, EntryKind::day_run, {}).add(record);
  for (const FrozenEntry& line : lines)
    recorder.entry(part, EntryKind::worklist_frozen, {}).add(part, record.id, line);
  answer["run_id"] = std::to_string(record.id);
  return answer;
}

}  // namespace

Result<Json> run_day(Store& store, const Caller& caller, std::string_view entity_code, Date day,
                     const RunOptions& options) {
  if (options.recompute) {
    const auto facts = store.read({});
    const auto entity = find_entity(*facts, entity_code);
    if (!entity) return entity.error();
    DayRun run(*facts, gather_entity(*facts, *entity, day), nullptr);
    facts->each_party({}, Detail::everything, [&](const PartyFile& file) { run.decide(file); });
    Json answer{{"entity", entity_code}, {"business_date", to_string(day)}, {"recomputed", true}};
    const Json summary = summary_of(run.day());
    for (const auto& [name, value] : summary) answer[name] = value;
    answer["worklists"] = worklist_sizes(lines_of(run));
    return answer;
  }
  const Json body{{"entity", entity_code}, {"business_date", to_string(day)}};
  return run_command(store, caller, "run_day", body, part_of_entity(entity_code),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       const auto runs = facts.runs(entity->id);
                       if (const auto fine = check_day(runs, *entity, day, caller.now); !fine)
                         return fine.error();
                       return run_in(facts, *entity, day, caller.now, runs, options);
                     });
}

namespace {

/// The frozen lines of the day's last run; nothing where the day has not run.
std::optional<std::vector<Json>> frozen_lines(Facts& facts, parties::EntityId entity, Date day) {
  const RunRecord* last = nullptr;
  const auto runs = facts.runs(entity);
  for (const RunRecord& run : runs)
    if (run.business_date == day) last = &run;
  if (!last) return {};
  std::vector<Json> lines;
  for (const FrozenEntry& line : facts.frozen_worklist(last->id))
    lines.push_back(boost::json::parse(line.entry).as_object());
  return lines;
}

std::vector<Json> live_lines(Facts& facts, const parties::Entity& entity, Date day) {
  DayRun run(facts, gather_entity(facts, entity, day), nullptr);
  facts.each_party({}, Detail::everything, [&](const PartyFile& file) { run.decide(file); });
  std::vector<Json> lines;
  for (auto& [collector, list] : run.lists())
    for (auto& [party, entry] : list) lines.push_back(std::move(entry));
  return lines;
}

std::int64_t overall_rank(const Json& line) {
  const boost::json::value& rank = line.at("overall_rank");
  return rank.is_null() ? std::numeric_limits<std::int64_t>::max() : rank.as_int64();
}

}  // namespace

Result<boost::json::array> worklist(Facts& facts, std::string_view entity_code, Date day,
                                    std::string_view collector, bool live) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  std::optional<std::vector<Json>> lines;
  if (!live) lines = frozen_lines(facts, entity->id, day);
  if (!lines) lines = live_lines(facts, *entity, day);
  boost::json::array list;
  if (collector.empty()) {
    std::stable_sort(lines->begin(), lines->end(), [](const Json& a, const Json& b) {
      return overall_rank(a) < overall_rank(b);
    });
    for (Json& line : *lines) {
      line["rank"] = line["overall_rank"];
      list.push_back(std::move(line));
    }
    return list;
  }
  const std::string_view wanted = collector == "unassigned" ? "" : collector;
  const auto books = facts.books(entity->id);
  const bool known =
      wanted.empty() || std::any_of(books.begin(), books.end(), [&](const strategy::Book& book) {
        return book.collector == wanted;
      });
  if (!known) {
    return base::refuse(RunRefusal::collector_unknown,
                        "Entity " + entity->code + " has no collector " + std::string(collector));
  }
  for (Json& line : *lines)
    if (line.at("collector").as_string() == wanted) list.push_back(std::move(line));
  return list;
}

Result<boost::json::array> run_list(Facts& facts, std::string_view entity_code) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  boost::json::array list;
  auto runs = facts.runs(entity->id);
  std::reverse(runs.begin(), runs.end());
  for (const RunRecord& run : runs) {
    Json row{{"run_id", std::to_string(run.id)},
             {"business_date", to_string(run.business_date)},
             {"ran_at", to_string(run.ran_at)},
             {"strategy_version", run.strategy_version}};
    const auto summary = boost::json::parse(run.summary).as_object();
    for (const auto& [name, value] : summary) row[name] = value;
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace arrears::app
