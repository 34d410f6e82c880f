#include <gtest/gtest.h>

#include "app/daily_run.h"
#include "app/live_portfolio.h"
#include "random_desk.h"

namespace arrears::app {
namespace {

struct Interruption {};

/// What a run decides, without its id.
std::string decisions_of(const Result<Json>& answer) {
  if (!answer) return answer.error().code;
  std::string text;
  for (const char* field : {"parties", "actions", "steps", "skipped", "follow_ups_opened",
                            "follow_ups_closed", "stopped", "worklists"})
    text += boost::json::serialize(answer->at(field)) + ' ';
  return text;
}

/// A run that fails at a random part leaves nothing, and run again it comes to what an undisturbed
/// one would.
TEST(InterruptedRun, leaves_nothing_and_can_be_run_again) {
  int interrupted = 0;
  for (std::uint64_t seed = 201; seed <= 208; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::RandomDesk desk(seed, "");
    for (int steps = 0; steps < 60; ++steps) desk.step();
    LivePortfolio portfolio(desk.store(), nullptr, {});
    const Date day = desk.today();
    const Caller caller{"night", "run", {(day.days * 24LL + 16) * 3'600'000'000}, day};
    RunOptions preview;
    preview.recompute = true;
    const std::string expected = decisions_of(run_day(desk.store(), caller, "E", day, preview));
    const std::int64_t checkpoint = desk.store().checkpoint();
    RunOptions options;
    options.portfolio = desk.pick(0, 1) ? &portfolio : nullptr;
    std::int64_t left = desk.pick(1, 4);
    options.progress = [&](Part) {
      if (--left == 0) throw Interruption();
    };
    try {
      EXPECT_EQ(decisions_of(run_day(desk.store(), caller, "E", day, options)), expected);
      continue;  // fewer parts than that have work
    } catch (const Interruption&) {
      ++interrupted;
    }
    EXPECT_EQ(desk.store().checkpoint(), checkpoint);
    EXPECT_EQ(decisions_of(run_day(desk.store(), caller, "E", day, preview)), expected);
    options.progress = {};
    EXPECT_EQ(decisions_of(run_day(desk.store(), caller, "E", day, options)), expected);
  }
  EXPECT_GT(interrupted, 3);
}

}  // namespace
}  // namespace arrears::app
