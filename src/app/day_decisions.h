#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/gather.h"
#include "domain/strategy/steps.h"
#include "domain/strategy/worklist.h"

/// Inside the room: what is decided about the parties of an entity on a day, for the run and for a
/// worklist that is asked for.
namespace arrears::app {

/// What a day comes to for all parties of an entity.
struct DayResult {
  std::vector<strategy::WorklistEntry> entries;
  std::vector<std::string> collectors;  ///< of the entries
  std::int64_t parties = 0;
  std::int64_t actions = 0;
  std::int64_t steps = 0;
  std::int64_t skipped = 0;
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::map<std::string_view, std::int64_t> stopped;
};

/// The decisions of one party, in the order in which they depend on one another.
struct PartyDecision {
  strategy::PartyFacts party;  ///< with both decisions recorded
  strategy::StepDecision steps;
  strategy::FollowUpDecision follow_ups;
};

class DayDecisions {
 public:
  /// `ids`: where what is decided will be written; null for a preview.
  DayDecisions(Facts& facts, EntityContext context, base::IdSource* ids)
      : facts_(facts), context_(std::move(context)), ids_(ids) {}

  const EntityContext& context() const { return context_; }
  DayResult& day() { return day_; }

  /// Decides on the party and puts it on the list; nothing is written. Nothing for a party without
  /// customers in the entity.
  std::optional<PartyDecision> decide(const PartyFile& file);

  /// The lists, one collector's after the other's, from the day's entries, which are gone then.
  std::vector<FrozenEntry> take_lines();

 private:
  void name_follow_ups(std::vector<strategy::FollowUp>& opened, Part part);
  void count(const PartyDecision& decision);

  Facts& facts_;
  EntityContext context_;
  base::IdSource* ids_;
  DayResult day_;
};

}  // namespace arrears::app
