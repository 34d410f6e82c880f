#include "app/demo.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "adapters/storage/store.h"
#include "app/aging.h"
#include "app/calls.h"
#include "app/daily_run.h"
#include "app/metrics.h"

namespace arrears::app {
namespace {

/// A demonstration database of its own.
class Company {
 public:
  explicit Company(int percent) : clock_(base::Instant{1'700'000'000'000'000}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = std::make_unique<storage::DatabaseStore>(
        storage::StoreOptions{"sqlite:" + folder_ + "/arrears.db", folder_ + "/arrears.key",
                              storage::OpenMode::create, true},
        clock_);
    DemoOptions options;
    options.percent = percent;
    const auto made = make_demo(*store_, clock_, options);
    if (!made) throw base::Mistake(made.error().message);
    report_ = *made;
  }
  ~Company() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  storage::DatabaseStore& store() { return *store_; }
  base::FixedClock& clock() { return clock_; }
  const Json& report() const { return report_; }

  Json aging(AgingBy by, Date as_of, KnownAt known_at = {}) {
    const auto facts = store_->read(known_at);
    return aging_report(*facts, {std::string(demo_entity), as_of, by, ""}).value();
  }
  boost::json::array promises() {
    const auto facts = store_->read({});
    return promise_list(*facts, {std::string(demo_entity), "", "", demo_last_day()}).value();
  }
  boost::json::array worklist_of(Date day) {
    const auto facts = store_->read({});
    return worklist(*facts, demo_entity, day, "", /*live=*/false).value();
  }

 private:
  base::FixedClock clock_;
  std::string folder_;
  std::unique_ptr<storage::DatabaseStore> store_;
  Json report_;
};

/// One company for all tests that only look at it.
class DemoTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { company_ = std::make_unique<Company>(20); }
  static void TearDownTestSuite() { company_.reset(); }
  static Company& company() { return *company_; }

 private:
  static std::unique_ptr<Company> company_;
};
std::unique_ptr<Company> DemoTest::company_;

std::int64_t minor(const boost::json::value& amount) {
  return money::parse_amount(std::string_view(amount.as_string()), *money::parse_currency("USD"))
      .minor;
}

/// The balances of an aging's rows or currencies, by currency.
std::map<std::string, std::int64_t> balances(const boost::json::array& rows) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& row : rows)
    sums[std::string(row.at("currency").as_string())] += minor(row.at("balance"));
  return sums;
}

TEST(DemoRepeated, the_same_company_comes_out_every_time) {
  Company first(3);
  Company second(3);
  EXPECT_EQ(first.report(), second.report());
  EXPECT_EQ(first.aging(AgingBy::customer, demo_last_day()),
            second.aging(AgingBy::customer, demo_last_day()));
  EXPECT_EQ(first.worklist_of(demo_last_day()), second.worklist_of(demo_last_day()));
  EXPECT_EQ(first.promises(), second.promises());
}

TEST(DemoRepeated, a_second_company_in_the_same_store_is_refused) {
  Company company(1);
  const Json before = company.aging(AgingBy::customer, demo_last_day());
  const auto again = make_demo(company.store(), company.clock(), {});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, "entity_exists");
  EXPECT_EQ(company.aging(AgingBy::customer, demo_last_day()), before);
}

TEST_F(DemoTest, it_has_the_size_that_was_asked_for) {
  const Json& report = company().report();
  EXPECT_EQ(report.at("customers").as_int64(), 400);
  EXPECT_EQ(report.at("invoices").as_int64(), 4'000);
  EXPECT_GT(report.at("calls").as_int64(), 900);
  EXPECT_LE(report.at("calls").as_int64(), 1'100);
}

TEST_F(DemoTest, the_aging_by_customer_sums_to_the_total) {
  for (const char* day : {"2024-12-31", "2025-12-31", "2026-06-30"}) {
    const Date as_of = *calendar::parse_date(day);
    const auto total = balances(company().aging(AgingBy::total, as_of).at("currencies").as_array());
    EXPECT_EQ(total, balances(company().aging(AgingBy::customer, as_of).at("rows").as_array()))
        << day;
    EXPECT_EQ(total.size(), 2) << day << ": dollars and euros";
  }
}

TEST_F(DemoTest, the_journal_verifies) {
  const storage::Verification verified = company().store().verify({}, {});
  EXPECT_TRUE(verified.passed());
  EXPECT_GE(verified.checkpoints, 104) << "one a week at least";
}

TEST_F(DemoTest, what_was_known_earlier_differs_from_what_is_known_now) {
  const Date day = *calendar::parse_date("2026-03-31");
  const base::Instant evening = calendar::instant_of("America/New_York", day, 23 * 3600);
  const auto then = company().aging(AgingBy::total, day, evening);
  EXPECT_NE(then, company().aging(AgingBy::total, day)) << "money is valued before it is posted";
  EXPECT_EQ(then, company().aging(AgingBy::total, day, evening));
}

TEST_F(DemoTest, the_last_list_holds_some_of_what_is_overdue_and_not_all) {
  const auto facts = company().store().read({});
  ItemsQuery query;
  query.entity = demo_entity;
  query.as_of = demo_last_day();
  query.overdue_only = true;
  const boost::json::array items = open_item_list(*facts, query).value();
  std::set<std::string> overdue;
  for (const auto& item : items) overdue.insert(std::string(item.at("customer").as_string()));
  const auto list = company().worklist_of(demo_last_day());
  EXPECT_GE(list.size(), 20);
  EXPECT_LT(list.size(), overdue.size());
}

TEST_F(DemoTest, every_recommended_action_occurs_in_the_last_weeks) {
  std::set<std::string> actions;
  std::set<std::string> collectors;
  for (Date day = demo_last_day() - 20; day <= demo_last_day(); day = day + 1) {
    if (calendar::weekday(day) > 4 || day == *calendar::parse_date("2026-06-19")) continue;
    for (const auto& line : company().worklist_of(day)) {
      actions.insert(std::string(line.at("recommended_action").as_string()));
      collectors.insert(std::string(line.at("collector").as_string()));
    }
  }
  EXPECT_EQ(actions,
            (std::set<std::string>{"apply_cash", "call", "escalate", "fix_contact", "remind"}));
  EXPECT_EQ(collectors, (std::set<std::string>{"anna", "ben", "carla", "dev"}));
}

TEST_F(DemoTest, promises_end_in_every_way) {
  std::set<std::string> states;
  bool superseded = false;
  for (const auto& promise : company().promises()) {
    states.insert(std::string(promise.at("state").as_string()));
    superseded = superseded || promise.at("superseded").as_bool();
  }
  EXPECT_EQ(states, (std::set<std::string>{"broken", "kept", "open", "partly_kept", "withdrawn"}));
  EXPECT_TRUE(superseded);
}

TEST_F(DemoTest, days_sales_outstanding_stay_plausible_over_the_second_year) {
  const auto facts = company().store().read({});
  const std::array<std::array<const char*, 2>, 4> quarters = {{{"2025-07-01", "2025-09-30"},
                                                               {"2025-10-01", "2025-12-31"},
                                                               {"2026-01-01", "2026-03-31"},
                                                               {"2026-04-01", "2026-06-30"}}};
  for (const auto& [from, to] : quarters) {
    const Json report =
        metrics_report(*facts, {std::string(demo_entity), *calendar::parse_date(from),
                                *calendar::parse_date(to), demo_last_day(), "dso_simple"})
            .value();
    const auto& figure = report.at("figures").at(0).as_object();
    ASSERT_TRUE(figure.at("value").is_string()) << boost::json::serialize(figure);
    const double days = std::stod(std::string(figure.at("value").as_string()));
    EXPECT_GT(days, 30) << from;
    EXPECT_LT(days, 70) << from;
  }
}

}  // namespace
}  // namespace arrears::app
