#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/calls.h"
#include "app/demo_ledger.h"

/// Inside the demonstration: the collectors' day. Calls, promises and next actions go through the
/// use cases of the call log, all of one collector's day in one commit.
namespace arrears::app {

class DemoDesk {
 public:
  DemoDesk(Store& store, base::FixedClock& clock, const parties::Entity& entity,
           const calendar::BusinessCalendar& calendar, DemoRandom& random)
      : store_(store), clock_(clock), entity_(entity), calendar_(calendar), random_(random) {}

  /// One business day with at most `calls_max` calls of ours. Where the company refuses what the
  /// demonstration asks for, that is a mistake of ours: base::Mistake.
  void work(std::span<DemoAccount> accounts, Date day, int calls_max);
  /// Asks to be left alone for a while.
  void place_hold(DemoAccount& account, Date day);

  int calls() const { return calls_; }
  int promises() const { return promises_; }

 private:
  struct PlannedCall {
    DemoAccount* account = nullptr;
    std::int64_t score = 0;
    bool inbound = false;
  };
  struct Closing {
    DemoAccount* account = nullptr;
    strategy::FollowUp follow_up;
  };
  struct DayOfOne {
    std::vector<PlannedCall> calls;
    std::vector<Closing> closings;
  };
  struct Said;

  void plan(DemoAccount& account, std::vector<PlannedCall>& wanted);
  void plan_closings(DemoAccount& account);
  void work_as(const std::string& collector, const DayOfOne& work);
  void call(Transaction& facts, const std::string& author, const PlannedCall& planned, int nth);
  CallInput dial(const std::string& author, const PlannedCall& planned, Said& said);
  void talk(const PlannedCall& planned, CallInput& input, Said& said);
  void promise(const PlannedCall& planned, CallInput& input, Said& said);
  void decide_fate(DemoAccount& account, Date by);
  void remember(DemoAccount& account, const LoggedCall& logged, const Said& said);
  void close_escalations(Transaction& facts, const DemoAccount& account);
  void close(Transaction& facts, const strategy::FollowUp& follow_up);
  void withdraw(DemoAccount& account);
  void amend(const std::string& author);
  void next(CallInput& input, std::string_view kind, Date on) const;
  Caller caller(const std::string& actor);
  void set_time(int seconds);

  Store& store_;
  base::FixedClock& clock_;
  const parties::Entity& entity_;
  const calendar::BusinessCalendar& calendar_;
  DemoRandom& random_;
  Date day_;
  std::map<std::string, DayOfOne> day_of_;
  std::string last_call_;  ///< id, of the collector who works
  int commands_ = 0;
  int calls_ = 0;
  int promises_ = 0;
};

}  // namespace arrears::app
