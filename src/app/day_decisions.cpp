#include "app/day_decisions.h"

#include <algorithm>
#include <numeric>

#include "app/worklist_json.h"

namespace arrears::app {

using strategy::WorklistEntry;

namespace {

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

}  // namespace

std::optional<PartyDecision> DayDecisions::decide(const PartyFile& file) {
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

std::vector<FrozenEntry> DayDecisions::take_lines() {
  std::map<std::string, std::vector<WorklistEntry>> lists;
  for (std::size_t i = 0; i < day_.entries.size(); ++i)
    lists[std::move(day_.collectors[i])].push_back(std::move(day_.entries[i]));
  day_.entries.clear();
  day_.collectors.clear();
  std::vector<const WorklistEntry*> entries;
  for (auto& [collector, list] : lists) {
    strategy::rank(list, context_.strategy.points);
    for (const WorklistEntry& entry : list) entries.push_back(&entry);
  }
  std::vector<std::size_t> overall(entries.size());
  std::iota(overall.begin(), overall.end(), 0);
  std::sort(overall.begin(), overall.end(), [&](std::size_t a, std::size_t b) {
    return strategy::comes_before(*entries[a], *entries[b]);
  });
  std::vector<int> rank_of(entries.size());
  for (std::size_t i = 0; i < overall.size(); ++i) rank_of[overall[i]] = static_cast<int>(i) + 1;
  std::vector<FrozenEntry> lines;
  lines.reserve(entries.size());
  for (const auto& [collector, list] : lists) {
    int position = 0;
    for (const WorklistEntry& entry : list) {
      const int overall_rank = rank_of[lines.size()];
      lines.push_back({collector, ++position, entry.party,
                       line_text(entry, overall_rank, context_.entity.base_currency)});
    }
  }
  return lines;
}

void DayDecisions::name_follow_ups(std::vector<strategy::FollowUp>& opened, Part part) {
  if (ids_ == nullptr) return;
  for (strategy::FollowUp& follow_up : opened)
    follow_up.id = ids_->make<strategy::FollowUpTag>(part);
}

void DayDecisions::count(const PartyDecision& decision) {
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

}  // namespace arrears::app
