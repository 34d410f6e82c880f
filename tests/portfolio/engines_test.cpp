#include <gtest/gtest.h>

#include "app/aging.h"
#include "app/daily_run.h"
#include "app/live_portfolio.h"
#include "app/metrics.h"
#include "postgres_server.h"
#include "random_desk.h"

/// Every question gives the same answer, byte for byte, from the portfolio and from the rows of the
/// store: for random days, instants, keys and limits, after each stretch of random commands.
namespace arrears::app {
namespace {

using test::RandomDesk;

template <class T>
std::string text_of(const base::Result<T>& answer) {
  return answer ? boost::json::serialize(*answer) : answer.error().code;
}

struct Tally {
  int answers = 0;
  int rows = 0;   ///< of grouped agings
  int lines = 0;  ///< of worklists
};

class Check {
 public:
  Check(RandomDesk& desk, LivePortfolio& portfolio, Tally& tally)
      : desk_(desk), portfolio_(portfolio), tally_(tally) {}

  void ask_all() {
    ask_aging();
    ask_worklist();
    ask_metrics();
    ask_run();
  }

 private:
  template <class Ask>
  std::string same(const char* what, KnownAt known_at, Ask ask) {
    const auto facts = desk_.store().read(known_at);
    const std::string expected = text_of(ask(*facts, nullptr));
    const std::string actual = text_of(ask(*facts, &portfolio_));
    EXPECT_EQ(actual, expected) << what << (known_at ? " as known at an instant" : "");
    ++tally_.answers;
    return expected;
  }

  std::string some_entity() {
    return desk_.entities()[static_cast<std::size_t>(desk_.pick(0, 4) == 0)];
  }

  void ask_aging() {
    using enum AgingBy;
    for (const AgingBy by : {total, customer, party, group, collector, entity}) {
      AgingQuery query;
      query.as_of = desk_.some_day();
      query.by = by;
      if (desk_.pick(0, 2)) query.entity = some_entity();
      if (!query.entity.empty() && desk_.pick(0, 5) == 0) {
        const auto& customers = desk_.customers();
        query.customer = customers[static_cast<std::size_t>(
            desk_.pick(0, static_cast<std::int64_t>(customers.size()) - 1))];
      }
      const std::string answer =
          same("aging", desk_.some_instant(), [&](Facts& facts, LivePortfolio* portfolio) {
            return aging_report(facts, query, portfolio);
          });
      if (by != total && answer.find("\"rows\":[{") != std::string::npos) ++tally_.rows;
    }
  }

  void ask_worklist() {
    for (int i = 0; i < 4; ++i) {
      const std::string entity = some_entity();
      const Date day = desk_.pick(0, 1) ? desk_.today() : desk_.some_day();
      const std::string collector =
          desk_.pick(0, 1) ? "" : (desk_.pick(0, 1) ? "anna" : "unassigned");
      const auto limit = static_cast<std::size_t>(desk_.pick(0, 4));
      const bool live = desk_.pick(0, 3) != 0;
      const std::string answer =
          same("worklist", desk_.some_instant(), [&](Facts& facts, LivePortfolio* portfolio) {
            return worklist(facts, entity, day, collector, live, limit, portfolio);
          });
      if (answer.size() > 2) ++tally_.lines;
    }
  }

  void ask_metrics() {
    MetricsQuery query;
    query.entity = some_entity();
    query.as_of = desk_.today();
    query.to = desk_.today() - static_cast<int>(desk_.pick(0, 30));
    query.from = query.to - static_cast<int>(desk_.pick(0, 90));
    same("metrics", desk_.some_instant(), [&](Facts& facts, LivePortfolio* portfolio) {
      return metrics_report(facts, query, portfolio);
    });
  }

  void ask_run() {
    const std::string entity = some_entity();
    const Date day = desk_.pick(0, 1) ? desk_.today() : desk_.some_day();
    const auto run = [&](LivePortfolio* portfolio) {
      RunOptions options;
      options.recompute = true;
      options.portfolio = portfolio;
      return text_of(run_day(desk_.store(), {}, entity, day, options));
    };
    EXPECT_EQ(run(&portfolio_), run(nullptr)) << "run of " << to_string(day);
    ++tally_.answers;
  }

  RandomDesk& desk_;
  LivePortfolio& portfolio_;
  Tally& tally_;
};

/// One portfolio lives through the whole story, and now and then a new one is loaded.
void check_story(std::uint64_t seed, const std::string& url, int stretches, Tally& tally) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomDesk desk(seed, url);
  LivePortfolio living(desk.store(), nullptr, {});
  for (int stretch = 0; stretch < stretches; ++stretch) {
    for (auto steps = desk.pick(1, 25); steps > 0; --steps) desk.step();
    SCOPED_TRACE("stretch " + std::to_string(stretch));
    Check(desk, living, tally).ask_all();
    if (stretch % 4 == 3) {
      LivePortfolio loaded(desk.store(), nullptr, {});
      Check(desk, loaded, tally).ask_all();
    }
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Engines, answer_alike_on_random_histories) {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    check_story(seed, "", 12, tally);
    if (HasFailure()) return;
  }
  EXPECT_GT(tally.answers, 1000);
  EXPECT_GT(tally.rows, 300);
  EXPECT_GT(tally.lines, 150);
}

class EnginesOnServer : public ::testing::TestWithParam<const char*> {};

TEST_P(EnginesOnServer, answer_alike_on_random_histories) {
  if (!storage::PostgresServer::installed())
    GTEST_SKIP() << "skipped: package postgresql-15 absent";
  Tally tally;
  for (std::uint64_t seed = 101; seed <= 102; ++seed) {
    check_story(seed, storage::PostgresServer::get().make_blank_database(), 6, tally);
    if (HasFailure()) return;
  }
  EXPECT_GT(tally.answers, 100);
}

INSTANTIATE_TEST_SUITE_P(Own, EnginesOnServer, ::testing::Values("postgresql"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace arrears::app
