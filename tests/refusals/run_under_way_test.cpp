#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/storage/store.h"
#include "app/daily_run.h"
#include "app/site.h"

namespace arrears::app {
namespace {

/// A scenario has one process; here two stores stand for two.
TEST(RunUnderWay, a_day_that_another_process_runs_is_refused) {
  const base::FixedClock clock({1'780'000'000'000'000});
  std::string folder = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const storage::StoreOptions options{"sqlite:" + folder + "/arrears.db", folder + "/arrears.key",
                                      storage::OpenMode::create, true};
  storage::DatabaseStore store(options, clock);
  storage::DatabaseStore other(options, clock);
  const Caller caller{"clerk", "key", clock.now(), std::nullopt};
  ASSERT_TRUE(add_entity(store, caller, {"E", "Example", "USD", "America/New_York", "US", 0}).ok());
  const Date day = *calendar::parse_date("2026-05-28");
  {
    const auto held = other.try_lease("run/E");
    const auto refused = run_day(store, caller, "E", day, {});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().operation, "run");
    EXPECT_EQ(refused.error().code, "run_under_way");
    EXPECT_EQ(refused.error().message,
              "Another process is running a day of entity E. "
              "Wait until it has ended; if its process dies, the day can be run at once.");
  }
  EXPECT_TRUE(run_day(store, caller, "E", day, {}).ok());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace arrears::app
