#include "app/daily_run.h"

#include <algorithm>
#include <map>

#include "app/day_decisions.h"
#include "app/day_portfolio.h"
#include "app/live_portfolio.h"
#include "app/read_ahead.h"
#include "app/worklist_json.h"
#include "domain/calendar/local_time.h"

namespace arrears::app {

namespace {

Json summary_of(const DayResult& day) {
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

/// Calls `decide` for the parties that anything can be decided about, in order of part and party,
/// and counts all of them. `store`: where given, files are read from it by other threads; nobody
/// else may change anything meanwhile.
void each_party_of_day(Facts& facts, Store* store, DayDecisions& run, LivePortfolio* portfolio,
                       const FileSink& decide) {
  const auto each = [&](const FileReading& read) {
    if (store) {
      read_ahead(*store, read, decide);
    } else {
      read(facts, PartRange{}, decide);
    }
  };
  if (portfolio) {
    portfolio->refresh(facts);
    if (portfolio->has_deadlines_of(facts, run.context().entity)) {
      const DayParties parties(facts, *portfolio, run.context());
      if (parties.is_exact()) {
        each([&](Facts& source, PartRange parts, const FileSink& sink) {
          parties.each_file(
              source, parts, [&](std::uint32_t number) { return parties.has_work(number); },
              [&](std::uint32_t, PartyFile& file) { sink(file); });
        });
        run.day().parties = parties.count();
        return;
      }
    }
  }
  each([](Facts& source, PartRange parts, const FileSink& sink) {
    source.each_party(parts, Detail::everything, sink);
  });
}

/// Decides and writes party by party, then freezes the lists.
Json run_in(Store& store, Transaction& facts, const parties::Entity& entity, Date day, Instant now,
            const std::vector<RunRecord>& runs, const RunOptions& options) {
  DayDecisions run(facts, gather_entity(facts, entity, day), &facts.ids());
  const Json payload{{"entity", entity.code}, {"business_date", to_string(day)}};
  BulkRecorder bulk(facts, payload);
  Recorder& recorder = bulk;
  Part seen = 0;
  // Nobody changes anything from here on.
  facts.lock(PartRange{});
  each_party_of_day(facts, &store, run, options.portfolio, [&](const PartyFile& file) {
    if (options.progress && file.part != seen) options.progress(seen = file.part);
    const auto decision = run.decide(file);
    if (!decision) return;
    write_follow_ups(facts, recorder, file, decision->party, decision->follow_ups, day);
    write_steps(recorder, file, decision->steps, run.context());
  });
  Json answer = payload;
  const Json summary = summary_of(run.day());
  for (const auto& [name, value] : summary) answer[name] = value;
  const std::vector<FrozenEntry> lines = run.take_lines();
  answer["worklists"] = worklist_sizes(lines);
  const DayResult& done = run.day();
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
  if (!lines.empty()) {
    Entry& frozen = recorder.entry(part, EntryKind::worklist_frozen, {});
    for (const FrozenEntry& line : lines) frozen.add(part, record.id, line);
  }
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
    DayDecisions run(*facts, gather_entity(*facts, *entity, day), nullptr);
    each_party_of_day(*facts, nullptr, run, options.portfolio,
                      [&](const PartyFile& file) { run.decide(file); });
    Json answer{{"entity", entity_code}, {"business_date", to_string(day)}, {"recomputed", true}};
    const Json summary = summary_of(run.day());
    for (const auto& [name, value] : summary) answer[name] = value;
    answer["worklists"] = worklist_sizes(run.take_lines());
    return answer;
  }
  const Json body{{"entity", entity_code}, {"business_date", to_string(day)}};
  if (const auto entity = find_entity(*store.read({}), entity_code); !entity) return entity.error();
  const auto lease = store.try_lease("run/" + std::string(entity_code));
  if (!lease) {
    return base::refuse(RunRefusal::run_under_way,
                        "Another process is running a day of entity " + std::string(entity_code));
  }
  return run_long_command(store, caller, "run_day", body, part_of_entity(entity_code),
                          [&](Transaction& facts) -> Result<Json> {
                            const auto entity = find_entity(facts, entity_code);
                            const auto runs = facts.runs(entity->id);
                            if (const auto fine = check_day(runs, *entity, day, caller.now); !fine)
                              return fine.error();
                            return run_in(store, facts, *entity, day, caller.now, runs, options);
                          });
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
