#include "app/demo.h"

#include <algorithm>

#include "app/daily_run.h"
#include "app/demo_desk.h"
#include "app/site.h"

namespace arrears::app {

namespace {

constexpr std::string_view zone = "America/New_York";
constexpr std::uint64_t seed = 20'240'701;
constexpr int customers_in_full = 2'000;
constexpr int invoices_in_full = 20'000;
constexpr int calls_in_full = 5'000;

/// US dollars for one euro from July 2024 on, by month; invented.
constexpr std::array<std::int64_t, 24> euro_rates = {
    1'074'200'000, 1'081'900'000, 1'106'500'000, 1'112'300'000, 1'087'400'000, 1'055'800'000,
    1'038'600'000, 1'041'200'000, 1'048'700'000, 1'081'100'000, 1'132'900'000, 1'137'500'000,
    1'172'000'000, 1'156'400'000, 1'169'800'000, 1'174'100'000, 1'158'300'000, 1'161'700'000,
    1'175'900'000, 1'183'200'000, 1'171'600'000, 1'164'500'000, 1'178'800'000, 1'169'400'000};

struct PlannedInvoice {
  Date on;
  std::size_t account = 0;
};

class DemoCompany {
 public:
  DemoCompany(Store& store, base::FixedClock& clock, const DemoOptions& options)
      : store_(store), clock_(clock), options_(options), random_(seed) {}

  Result<Json> make() {
    for (const parties::Entity& entity : store_.read({})->entities()) {
      return base::refuse(
          SiteRefusal::entity_exists,
          "The demonstration wants an empty database; entity " + entity.code + " is in this one");
    }
    at(demo_first_day(), 6 * 3600);
    if (const auto refused = set_up()) return *refused;
    DemoDesk desk(store_, clock_, entity_, calendar_, random_);
    cast_ = make_demo_cast(random_, scaled(customers_in_full), demo_first_day());
    accounts_.resize(cast_.size());
    for (std::size_t i = 0; i < cast_.size(); ++i) accounts_[i].cast = &cast_[i];
    plan_invoices();
    for (Date day = demo_first_day(); day <= demo_last_day(); day = day + 1)
      if (calendar_.is_business_day(day)) live(desk, day);
    return Json{{"entity", demo_entity},
                {"customers", static_cast<std::int64_t>(accounts_.size())},
                {"invoices", counts_.invoices},
                {"payments", counts_.payments},
                {"calls", desk.calls()},
                {"promises", desk.promises()},
                {"runs", runs_},
                {"as_of", to_string(demo_last_day())}};
  }

 private:
  void at(Date day, int seconds) { clock_.set(calendar::instant_of(zone, day, seconds)); }
  int scaled(int in_full) const { return std::max(1, in_full * options_.percent / 100); }
  Caller caller(std::string actor, std::string key, Date day) const {
    return {std::move(actor), std::move(key), clock_.now(), day};
  }

  /// The entity with its calendar, books and strategy.
  std::optional<Refusal> set_up() {
    const Date day = demo_first_day();
    const auto by_manager = [&](std::string key) {
      return caller(std::string(demo_manager), std::move(key), day);
    };
    NewEntity entity;
    entity.code = demo_entity;
    entity.name = "Halverne Components Inc.";
    entity.currency = "USD";
    entity.time_zone = zone;
    entity.calendar = "US";
    if (const auto made = add_entity(store_, by_manager("demo-entity"), entity); !made)
      return made.error();
    for (const std::string_view closed : {"2024-11-29", "2025-11-28"}) {
      const auto made =
          set_calendar_day(store_, by_manager("demo-" + std::string(closed)), demo_entity,
                           *calendar::parse_date(closed), true, "Day after Thanksgiving");
      if (!made) return made.error();
    }
    int priority = 0;
    for (const DemoBook& book : demo_books) {
      NewBook given;
      given.name = book.name;
      given.collector = book.collector;
      given.manager = demo_manager;
      given.priority = ++priority;
      given.country = book.countries;
      given.segment = book.segments;
      given.from = day;
      const auto made =
          set_book(store_, by_manager("demo-book-" + std::to_string(priority)), demo_entity, given);
      if (!made) return made.error();
    }
    const auto set = set_strategy(store_, by_manager("demo-strategy"), demo_entity, 2'500, {},
                                  std::string(demo_manager));
    if (!set) return set.error();
    const auto facts = store_.read({});
    entity_ = *find_entity(*facts, demo_entity);
    calendar_ = entity_calendar(*facts, entity_);
    return {};
  }

  /// Deals the invoices out over the business days and, by weight, over the customers.
  void plan_invoices() {
    std::vector<std::size_t> by_weight;
    for (std::size_t i = 0; i < cast_.size(); ++i)
      by_weight.insert(by_weight.end(), static_cast<std::size_t>(cast_[i].weight), i);
    for (int n = 0; n < scaled(invoices_in_full); ++n) {
      const std::size_t account = by_weight[static_cast<std::size_t>(
          random_.below(static_cast<std::int64_t>(by_weight.size())))];
      const Date from = cast_[account].joined;
      Date on = calendar_.roll_forward(from + random_.days(0, demo_last_day() - from));
      if (random_.percent(20)) {
        const Date month_end = calendar::last_of_month(on);
        on = month_end;
        while (!calendar_.is_business_day(on)) on = on - 1;
      }
      planned_.push_back({std::min(on, demo_last_day()), account});
    }
    std::stable_sort(planned_.begin(), planned_.end(),
                     [](const auto& a, const auto& b) { return a.on < b.on; });
  }

  void live(DemoDesk& desk, Date day) {
    if (options_.progress) options_.progress(day);
    post(day);
    if (runs_on(day)) {
      at(day, 8 * 3600);
      const auto done = run_day(store_, caller("scheduler", "demo-run-" + to_string(day), day),
                                demo_entity, day, {});
      if (!done) throw base::Mistake("demonstration: " + done.error().message);
      ++runs_;
    }
    // The last day is left as the collectors find it in the morning.
    if (day != demo_last_day()) {
      if (random_.per_mille(scaled(60))) hold_somebody(desk, day);
      desk.work(accounts_, day, calls_for(day) - desk.calls());
    }
    const Date tomorrow = calendar_.roll_forward(day + 1);
    const bool week_ends = calendar::weekday(tomorrow) <= calendar::weekday(day);
    if (week_ends || demo_last_day() - day < 30) {
      at(day, 18 * 3600);
      store_.checkpoint();
    }
  }

  /// Posts what the ERP and the bank bring in the morning.
  void post(Date day) {
    at(day, 7 * 3600);
    auto facts = store_.write();
    DemoLedgerDay ledger(*facts, entity_, calendar_, random_, counts_, day);
    for (DemoAccount& account : accounts_)
      if (!account.ref.customer && account.cast->joined <= day) ledger.open(account);
    record_rate(ledger, day);
    for (; next_ < planned_.size() && planned_[next_].on <= day; ++next_)
      ledger.issue_invoice(accounts_[planned_[next_].account]);
    for (DemoAccount& account : accounts_)
      if (!account.items.empty() || !account.events.empty()) ledger.live(account);
    facts->commit(clock_.now(), "erp-import");
  }

  void record_rate(DemoLedgerDay& ledger, Date day) {
    if (rates_ == euro_rates.size()) return;
    const Date month = calendar::add_months(demo_first_day(), static_cast<int>(rates_));
    if (day < month) return;
    ledger.record_rate(
        {*money::parse_currency("EUR"), entity_.base_currency, month, euro_rates[rates_++]});
  }

  /// The desk takes up its tool step by step: monthly runs at first, then weekly, at last daily.
  bool runs_on(Date day) {
    const int left = demo_last_day() - day;
    const int since = day - last_run_.value_or(demo_first_day());
    if (left >= 21 && since < (left < 180 ? 7 : 28)) return false;
    last_run_ = day;
    return true;
  }

  /// Calls until the end of `day` at a steady pace.
  int calls_for(Date day) const {
    const int begun = day - demo_first_day() - 40;
    if (begun < 0) return 0;
    return static_cast<int>(std::int64_t{scaled(calls_in_full)} * begun /
                            (demo_last_day() - demo_first_day() - 40));
  }

  void hold_somebody(DemoDesk& desk, Date day) {
    for (DemoAccount& account : accounts_) {
      const bool overdue = std::any_of(account.items.begin(), account.items.end(),
                                       [&](const DemoItem& item) { return is_chased(item, day); });
      if (!overdue || account.held_until || !random_.percent(3)) continue;
      return desk.place_hold(account, day);
    }
  }

  Store& store_;
  base::FixedClock& clock_;
  const DemoOptions& options_;
  DemoRandom random_;
  parties::Entity entity_;
  calendar::BusinessCalendar calendar_;
  std::vector<DemoCustomer> cast_;
  std::vector<DemoAccount> accounts_;
  std::vector<PlannedInvoice> planned_;
  std::size_t next_ = 0;   ///< of planned_
  std::size_t rates_ = 0;  ///< recorded
  DemoCounts counts_;
  int runs_ = 0;
  std::optional<Date> last_run_;
};

}  // namespace

Date demo_first_day() { return *calendar::make_date(2024, 7, 1); }

Date demo_last_day() { return *calendar::make_date(2026, 6, 30); }

Result<Json> make_demo(Store& store, base::FixedClock& clock, const DemoOptions& options) {
  ARREARS_REQUIRE(options.percent >= 1 && options.percent <= 100);
  return DemoCompany(store, clock, options).make();
}

}  // namespace arrears::app
