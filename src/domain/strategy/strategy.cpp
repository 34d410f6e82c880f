#include "domain/strategy/strategy.h"

#include "base/checked.h"

namespace arrears::strategy {

int PointsTable::points(Factor factor, std::int64_t value) const {
  int reached = 0;
  for (const Band& band : (*this)[factor])
    if (value >= band.at_least) reached = band.points;
  return reached;
}

Strategy standard_strategy(money::Currency base) {
  std::int64_t unit = 100;
  for (int decimals = 2; decimals < base.decimals(); ++decimals) unit *= 10;

  Strategy strategy;
  strategy.name = "standard";
  strategy.steps = {
      {"notice", -4, StepAction::remind, 0},
      {"reminder_1", 1, StepAction::remind, 1},
      {"call_7", 7, StepAction::call, 2},
      {"reminder_14", 14, StepAction::remind, 3},
      {"call_21", 21, StepAction::call, 4},
      {"manager_30", 30, StepAction::escalate, 5},
      {"final_60", 60, StepAction::final_demand, 6},
      {"agency_90", 90, StepAction::refer, 7},
  };
  strategy.points[Factor::overdue_amount] = {
      {1, 2},
      {100 * unit, 5},
      {500 * unit, 10},
      {1'000 * unit, 15},
      {2'500 * unit, 20},
      {5'000 * unit, 25},
      {10'000 * unit, 30},
      {25'000 * unit, 35},
      {50'000 * unit, 40},
      {100'000 * unit, 45},
      {250'000 * unit, 50},
      {1'000'000 * unit, 60},
  };
  strategy.points[Factor::days_overdue] = {{1, 2},   {8, 5},   {15, 10}, {31, 15},
                                           {61, 20}, {91, 25}, {121, 30}};
  strategy.points[Factor::risk] = {{10, 2}, {50, 5}, {100, 10}, {200, 15}, {300, 20}};
  strategy.points[Factor::broken_promises] = {{1, 15}, {2, 20}, {3, 25}};
  strategy.points[Factor::follow_up_due] = {{1, 20}};
  strategy.points[Factor::rising_balance] = {{25, 5}, {50, 8}, {100, 10}};
  strategy.small_balance_minor = 10 * unit;
  strategy.quiet_days = 3;
  strategy.escalation_owner = "manager";
  return strategy;
}

const Step* find_step(const Strategy& strategy, std::string_view id) {
  for (const Step& step : strategy.steps)
    if (step.id == id) return &step;
  return nullptr;
}

}  // namespace arrears::strategy
