#include <gtest/gtest.h>

#include <memory>

#include "domain/portfolio/order.h"
#include "domain/portfolio/ranking.h"
#include "domain/portfolio/test_book.h"
#include "domain/strategy/facts.h"
#include "domain/strategy/worklist.h"

/// Random parties: points and order of the portfolio against strategy::assess and strategy::rank on
/// the facts as known then.
namespace arrears::portfolio {
namespace {

using promises::Promise;
using strategy::Factor;
using test::FactRows;
using test::RandomCustomer;
using test::RecordedCustomer;

constexpr Date book_begin{20500};
constexpr std::uint32_t party_count = 6;

struct RecordedPromise {
  Ordinal known_from = 0;
  Promise promise;  ///< without events
  std::vector<test::Recorded<promises::PromiseEvent>> events;
};

/// Parties of one to three customers, with promises; the number of a party is its group.
class Book {
 public:
  Book(std::uint64_t seed, bool currencies) : random_(seed) {
    std::vector<std::unique_ptr<RandomCustomer>> alive;
    for (std::uint32_t party = 0; party < party_count; ++party) {
      const std::uint32_t count = party % 3 == 2 ? 3 : party % 2 + 1;
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto id = static_cast<std::int64_t>(alive.size()) + 1;
        alive.push_back(std::make_unique<RandomCustomer>(id, random_, book_begin, currencies));
        test::live(*alive.back(), random_, 45);
        customers.push_back(alive.back()->recorded());
        party_of.push_back(party);
      }
    }
    for (int i = 0; i < 14; ++i) add_promise();
    build();
  }

  parties::PartyId party_id(std::uint32_t party) const { return {party + 1}; }

  std::vector<Promise> promises_of(std::uint32_t party, Ordinal known_at, Date as_of) const {
    std::vector<Promise> known;
    for (const RecordedPromise& row : promises) {
      if (row.known_from > known_at || row.promise.party != party_id(party)) continue;
      if (row.promise.made_on > as_of) continue;
      known.push_back(row.promise);
      for (const auto& event : row.events)
        if (event.known_from <= known_at) known.back().events.push_back(event.row);
    }
    return known;
  }

  calendar::BusinessCalendar calendar;
  std::vector<RecordedCustomer> customers;
  std::vector<std::uint32_t> party_of;  ///< by customer
  std::vector<RecordedPromise> promises;
  std::unique_ptr<Portfolio> portfolio;
  std::vector<std::uint32_t> group_of;

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  void add_promise() {
    RecordedPromise row;
    Promise& promise = row.promise;
    promise.id = {static_cast<std::int64_t>(promises.size()) + 1};
    const auto home = static_cast<std::size_t>(pick(0, static_cast<int>(customers.size()) - 1));
    promise.party = party_id(party_of[home]);
    promise.entity = {1};
    promise.made_on = book_begin + static_cast<int>(pick(0, 100));
    promise.due_on = promise.made_on + static_cast<int>(pick(0, 30));
    promise.currency = receivables::currency("USD");
    for (int i = 0; i < pick(1, 3); ++i) {
      // Now and then an item of another customer, also of another party.
      const std::size_t at =
          pick(0, 3) ? home
                     : static_cast<std::size_t>(pick(0, static_cast<int>(customers.size()) - 1));
      const auto& documents = customers[at].documents;
      if (documents.empty()) continue;
      const auto& document = documents[pick(0, static_cast<int>(documents.size()) - 1)].row;
      const bool repeated = std::ranges::any_of(
          promise.items, [&](const auto& item) { return item.document == document.id; });
      if (repeated || document.amount_minor <= 0) continue;
      const std::int64_t amount = pick(1, document.instalments[0].amount_minor);
      promise.items.push_back({customers[at].id, document.id, 1, amount});
      promise.amount_minor += amount;
    }
    if (promise.items.empty()) return;
    row.known_from = static_cast<Ordinal>(pick(1, 40));
    if (pick(0, 3) == 0) {
      const auto kind = pick(0, 1) ? promises::PromiseEventKind::withdrawn
                                   : promises::PromiseEventKind::superseded;
      row.events.push_back(
          {row.known_from + 3, {kind, promise.made_on + static_cast<int>(pick(0, 30)), ""}});
    }
    promises.push_back(row);
  }

  void build() {
    ColumnStore store;
    Builder builder(store);
    for (std::size_t at = 0; at < customers.size(); ++at) {
      FactRows rows(customers[at]);
      for (const RecordedPromise& row : promises) add_slice(at, row, rows);
      builder.add(rows.facts());
      const bool several = std::ranges::count(party_of, party_of[at]) > 1;
      group_of.push_back(party_of[at] | (several ? of_several : 0));
    }
    portfolio = std::make_unique<Portfolio>(std::vector{make_segment(std::move(store))});
  }

  void add_slice(std::size_t at, const RecordedPromise& row, FactRows& rows) const {
    PromiseFact fact;
    fact.promise = row.promise.id;
    fact.party = row.promise.party;
    fact.made_on = row.promise.made_on;
    fact.deadline = deadline(row.promise, calendar);
    fact.known_from = row.known_from;
    for (const auto& item : row.promise.items) {
      if (item.customer == customers[at].id) {
        fact.items.push_back({item.document, item.instalment, item.amount_minor});
      } else {
        fact.shared = true;
      }
    }
    for (const auto& event : row.events) fact.ends.push_back({event.row.on, event.known_from});
    fact.covers = row.promise.party == party_id(party_of[at]);
    const auto home = std::ranges::find(party_of, party_of[at]) - party_of.begin();
    fact.counted = fact.covers && static_cast<std::size_t>(home) == at;
    // The first customer of the party counts it, with or without items.
    if (!fact.counted) fact.shared = true;
    const bool elsewhere = std::ranges::any_of(
        row.promise.items, [&](const auto& item) { return item.customer != customers[at].id; });
    if (fact.counted && elsewhere) fact.shared = true;
    if (!fact.items.empty() || fact.counted) rows.promises.push_back(fact);
  }

  std::mt19937_64 random_;
};

struct Expected {
  std::vector<strategy::WorklistEntry> entries;  ///< in order, only those with open items
  std::size_t broken = 0;
};

Expected expected_list(const Book& book, AsOf as_of, const strategy::RunContext& run) {
  Expected expected;
  for (std::uint32_t party = 0; party < party_count; ++party) {
    std::deque<receivables::Ledger> ledgers;
    std::vector<const receivables::Ledger*> all;
    std::deque<parties::Customer> customers;
    strategy::PartyFacts facts;
    parties::Party person{book.party_id(party), "", {}, {}, {}, {}, false};
    facts.party = &person;
    facts.entity = {1};
    for (std::size_t at = 0; at < book.customers.size(); ++at) {
      all.push_back(&ledgers.emplace_back(book.customers[at].ledger(as_of.known_at)));
      if (book.party_of[at] != party) continue;
      parties::Customer& customer = customers.emplace_back();
      customer.id = book.customers[at].id;
      customer.number = std::to_string(100 + at);
      facts.customers.push_back({&customer, all.back()});
    }
    const auto promises = book.promises_of(party, as_of.known_at, as_of.day);
    for (const Promise& promise : promises)
      facts.promises.push_back(promises::judge(promise, all, book.calendar, as_of.day, promises));
    strategy::FollowUp follow_up;  // so that every party is on the list
    follow_up.due_on = as_of.day;
    facts.follow_ups.push_back(follow_up);
    const auto entry = strategy::assess(facts, run);
    ARREARS_REQUIRE(entry.has_value());
    expected.broken += static_cast<std::size_t>(
        entry->parts[static_cast<std::size_t>(Factor::broken_promises)].value);
    const bool open =
        std::ranges::any_of(entry->amounts, [](const auto& row) { return row.open_minor > 0; });
    if (open) expected.entries.push_back(*entry);
  }
  strategy::rank(expected.entries, run.strategy.points);
  return expected;
}

/// Customers of one party of whom the rows say on that day what they come to.
std::size_t present_count(const Book& book, Date day) {
  std::size_t count = 0;
  book.portfolio->for_each_run(0, book.portfolio->customer_count(), [&](const Run& run) {
    for (std::uint32_t row = run.first; row < run.last; ++row) {
      const bool several = (book.group_of[run.index + row - run.first] & of_several) != 0;
      count += !several && run.columns.customers[row].present_from <= plain_day_of(day);
    }
  });
  return count;
}

void check_book(const Book& book, AsOf as_of, const money::RateTable& rates, std::size_t& broken) {
  strategy::Strategy rules = strategy::standard_strategy(receivables::currency("USD"));
  rules.small_balance_minor = 300;
  rules.broken_promise_days = 40;
  rules.settled_history_months = 2;
  // Every value has points of its own, by factor, so that no two mistakes make up for each other.
  int weight = 1;
  for (auto& bands : rules.points.bands) {
    bands.clear();
    for (int i = 1; i < 160; ++i) bands.push_back({i < 100 ? i : i * i / 100, i * weight});
    weight += 3;
  }
  const strategy::RunContext run{
      as_of.day, rules, book.calendar, rates, receivables::currency("USD"), false};
  const Expected expected = expected_list(book, as_of, run);
  broken += expected.broken;
  const std::vector<std::uint8_t> follow_ups(party_count, 1);
  const RankingQuery query{as_of, rules, rates, run.base, book.group_of, follow_ups};
  const Portfolio& portfolio = *book.portfolio;
  std::vector<RankingPart> parts;
  parts.push_back(rank(portfolio, 0, 4, query, {}));
  parts.push_back(rank(portfolio, 4, portfolio.customer_count(), query, {}));
  const auto list = join(std::move(parts), portfolio.currencies(), query, {});
  ASSERT_EQ(list.size(), expected.entries.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const strategy::WorklistEntry& entry = expected.entries[i];
    EXPECT_EQ(book.party_id(list[i].group), entry.party) << "place " << i;
    EXPECT_EQ(list[i].points, entry.points.value_or(-1)) << "party " << entry.party.value;
    EXPECT_EQ(list[i].overdue_base, entry.points ? *entry.overdue_base : 0);
  }
}

TEST(PortfolioRanking, equals_the_worklist_of_the_facts_as_known_then) {
  const auto usd = receivables::currency("USD"), eur = receivables::currency("EUR");
  const money::RateTable rates({{eur, usd, book_begin + 40, 1'100'000'000},
                                {eur, usd, book_begin + 71, 1'150'000'000},
                                {eur, usd, book_begin + 100, 1'250'000'000}});
  std::size_t broken = 0, present = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const Book book(seed, seed % 3 != 0);
    for (const Ordinal known_at : {Ordinal{12}, Ordinal{24}, Ordinal{36}, Ordinal{50}, latest})
      for (const int day : {10, 35, 60, 80, 95, 110, 130, 150, 165, 190}) {
        SCOPED_TRACE("seed " + std::to_string(seed) + " known at " + std::to_string(known_at) +
                     " day " + std::to_string(day));
        check_book(book, {book_begin + day, known_at}, rates, broken);
        if (known_at == latest) present += present_count(book, book_begin + day);
        if (testing::Test::HasFailure()) return;
      }
  }
  EXPECT_GT(broken, 3000u);
  EXPECT_GT(present, 100u);
}

std::vector<RankedGroup> random_groups(std::mt19937_64& random, std::uint32_t count,
                                       std::uint64_t overdue_below) {
  std::vector<RankedGroup> groups;
  for (std::uint32_t group = 0; group < count; ++group) {
    const auto points = static_cast<std::int32_t>(random() % 40) - 1;
    const auto overdue = static_cast<std::int64_t>(random() % overdue_below);
    groups.push_back({overdue, group, points > 0 && random() % 16 == 0 ? points * 1000 : points});
  }
  return groups;
}

TEST(Order, equals_a_plain_sort) {
  std::mt19937_64 random(7);
  struct Case {
    const char* name;
    std::uint32_t count;
    std::uint64_t overdue_below;
    bool with_tie;
  };
  for (const Case& c :
       {Case{"none", 0, 50, false}, Case{"one", 1, 50, true}, Case{"few", 50, 50, true},
        Case{"many, by tie", 9000, 50, true}, Case{"many, by group", 9000, 50, false},
        Case{"large amounts", 9000, std::uint64_t{1} << 45, false},
        Case{"greatest amounts", 9000, std::uint64_t{1} << 63, false}}) {
    std::vector<RankedGroup> groups = random_groups(random, c.count, c.overdue_below);
    std::vector<std::uint32_t> tie(c.with_tie ? c.count : 0);
    for (auto& place : tie) place = static_cast<std::uint32_t>(random() % 10);
    auto expected = groups;
    std::sort(expected.begin(), expected.end(),
              [&](const auto& a, const auto& b) { return comes_before(a, b, tie); });
    std::vector<RankedGroup> first(groups.begin(), groups.begin() + c.count / 3);
    std::vector<RankedGroup> rest(groups.begin() + c.count / 3, groups.end());
    order(groups, tie);
    EXPECT_EQ(groups, expected) << c.name;
    order(first, tie);
    order(rest, tie);
    EXPECT_EQ(merge(first, rest, tie), expected) << c.name;
    EXPECT_EQ(merge(rest, first, tie), expected) << c.name;
  }
}

TEST(RankedList, stays_in_order_as_groups_move) {
  std::mt19937_64 random(8);
  std::vector<RankedGroup> groups = random_groups(random, 5000, 50);
  const std::vector<std::uint32_t> tie;
  order(groups, tie);
  RankedList list(groups, tie);
  for (int i = 0; i < 5000; ++i) {
    RankedGroup& moved = groups[random() % groups.size()];
    ASSERT_TRUE(list.erase(moved));
    ASSERT_FALSE(list.erase(moved));
    moved.points = static_cast<std::int32_t>(random() % 40);
    list.insert(moved);
  }
  order(groups, tie);
  EXPECT_EQ(list.size(), groups.size());
  EXPECT_EQ(list.page(0, 10'000), groups);
  for (const std::size_t place : {0u, 1u, 1023u, 1024u, 2600u, 4999u}) {
    EXPECT_EQ(list.place_of(groups[place]), place);
    EXPECT_EQ(list.page(place, 1).at(0), groups[place]);
  }
  for (const RankedGroup& group : groups) ASSERT_TRUE(list.erase(group));
  EXPECT_EQ(list.size(), 0u);
  list.insert(groups[3]);
  EXPECT_EQ(list.page(0, 5), std::vector{groups[3]});
}

}  // namespace
}  // namespace arrears::portfolio
