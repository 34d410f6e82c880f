#include "domain/portfolio/portfolio.h"

#include <gtest/gtest.h>

#include <random>

#include "domain/portfolio/aging.h"
#include "domain/portfolio/lanes.h"
#include "domain/portfolio/test_book.h"

namespace arrears::portfolio {
namespace {

using receivables::day;
using test::RecordedCustomer;

RecordedCustomer customer(std::int64_t id) {
  RecordedCustomer customer;
  customer.id = {id};
  return customer;
}

/// An invoice that is paid in full on `value_on`, applied on `applied_on`.
void add_paid(RecordedCustomer& customer, std::int64_t minor, Date issued, Date value_on,
              Date applied_on) {
  const auto id = customer.id.value * 100 + static_cast<std::int64_t>(customer.documents.size());
  auto document = receivables::make_document("I", minor, issued, issued + 30);
  document.id = {id};
  auto payment = receivables::make_payment(minor, value_on);
  payment.id = {id};
  receivables::Allocation allocation;
  allocation.id = {id};
  allocation.payment = payment.id;
  allocation.document = document.id;
  allocation.allocated_on = applied_on;
  allocation.amount_minor = allocation.source_minor = minor;
  customer.documents.push_back({1, document});
  customer.payments.push_back({2, payment});
  customer.allocations.push_back({3, allocation});
}

TEST(PlainItems, what_is_beyond_them_counts_the_same) {
  struct Case {
    const char* name;
    std::int64_t minor;
    Date issued;
    int lag;
    bool plain;
  };
  const Date usual = day("2026-01-05");
  for (const Case& c : {Case{"usual", 5000, usual, 0, true},
                        Case{"greatest plain amount", 0x7FFFFFFF, usual, 0, true},
                        Case{"one more", 0x80000000, usual, 0, false},
                        Case{"greatest amount", money::max_amount_minor, usual, 0, false},
                        Case{"first plain day", 5000, first_day, 0, true},
                        Case{"day before it", 5000, first_day - 1, 0, false},
                        Case{"last plain day", 5000, last_day - 40, 0, true},
                        Case{"day after it", 5000, last_day - 39, 0, false},
                        Case{"longest plain lag", 5000, usual, 255, true},
                        Case{"one day longer", 5000, usual, 256, false}}) {
    SCOPED_TRACE(c.name);
    RecordedCustomer one = customer(7);
    add_paid(one, c.minor, c.issued, c.issued + 40, c.issued + 40 + c.lag);
    const test::FactRows rows(one);
    ColumnStore store;
    Builder(store).add(rows.facts());
    EXPECT_EQ(store.amount.size(), c.plain ? 1u : 0u);
    EXPECT_EQ(store.traced.size(), c.plain ? 1u : 2u);
    const Portfolio portfolio({make_segment(std::move(store))});
    for (const int after : {-1, 0, 30, 31, 39, 40, 294, 295, 296}) {
      for (const Ordinal known_at : {Ordinal{0}, Ordinal{1}, Ordinal{2}, Ordinal{3}, latest}) {
        const Date as_of = c.issued + after;
        if (as_of > last_day) continue;
        const auto expected = receivables::aging(one.ledger(known_at), as_of);
        const auto actual = customer_aging(portfolio, 0, {as_of, known_at});
        ASSERT_EQ(actual.size(), expected.size()) << after << ' ' << known_at;
        if (expected.empty()) continue;
        EXPECT_EQ(actual[0].buckets, expected[0].buckets) << after << ' ' << known_at;
        EXPECT_EQ(actual[0].unapplied_cash, expected[0].unapplied_cash) << after;
      }
    }
  }
}

TEST(PlainItems, a_payment_applied_at_once_leaves_no_cash_row) {
  RecordedCustomer one = customer(7);
  add_paid(one, 500, day("2026-01-05"), day("2026-02-05"), day("2026-02-05"));
  one.allocations[0].known_from = 2;
  ColumnStore store;
  Builder(store).add(test::FactRows(one).facts());
  EXPECT_TRUE(store.cash.empty());
}

TEST(Lanes, sixteen_at_a_time_are_what_they_are_one_by_one) {
  std::mt19937_64 random(5);
  const auto pick = [&random](auto... values) {
    const std::int64_t all[] = {values...};
    return all[random() % (sizeof...(values))];
  };
  for (int round = 0; round < 2000; ++round) {
    Day due[lane_count], settled[lane_count];
    std::int32_t amount[lane_count];
    Ordinal known[lane_count];
    const auto some = static_cast<std::int64_t>(random() & 0xFFFF);
    for (std::uint32_t i = 0; i < lane_count; ++i) {
      due[i] = static_cast<Day>(pick(0, 1, 0x7FFF, 0x8000, 0xFFFE, some));
      settled[i] = static_cast<Day>(pick(0, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, some + 1));
      amount[i] = static_cast<std::int32_t>(pick(-0x7FFFFFFF, -1, 0, 1, 77 * some, 0x7FFFFFFF));
      known[i] = static_cast<Ordinal>(pick(0, 1, 0x7FFFFFFF, 0x80000000, latest, forever, some));
    }
    const auto lanes = static_cast<Lanes>(random() & 0xFFFF);
    std::vector<std::uint16_t> places, listed(32);
    for_each_lane(lanes, [&](std::uint32_t i) { places.push_back(static_cast<Day>(1000 + i)); });
    listed.resize(list_lanes(lanes, 1000, listed.data()));
    EXPECT_EQ(listed, places);
    const auto limit = static_cast<Day>(pick(0, 0x7FFF, 0x8000, 0xFFFE, some));
    const auto at = static_cast<Ordinal>(pick(0, 1, 0x7FFFFFFF, 0x80000000, latest, some));
    EXPECT_EQ(days_until(due, limit, 16, true), days_until(due, limit, 16, false));
    EXPECT_EQ(known_by(known, at, 16, true), known_by(known, at, 16, false));
    EXPECT_EQ(amount_sum(amount, lanes, true), amount_sum(amount, lanes, false));
    const LateSums whole = late_sums(due, settled, amount, lanes, true);
    const LateSums single = late_sums(due, settled, amount, lanes, false);
    EXPECT_EQ(whole.weighted, single.weighted);
    EXPECT_EQ(whole.amount, single.amount);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Builder, refuses_what_no_store_holds) {
  RecordedCustomer one = customer(7);
  add_paid(one, 500, day("2026-01-05"), day("2026-02-05"), day("2026-02-05"));
  test::FactRows rows(one);
  ColumnStore store;
  Builder builder(store);
  builder.add(rows.facts());
  EXPECT_THROW(builder.add(rows.facts()), base::Mistake) << "a customer twice";
  rows.instalments[0].cancelled = true;
  rows.instalments.push_back(rows.instalments[0]);
  rows.instalments.back().version = 2;
  ColumnStore other;
  EXPECT_THROW(Builder(other).add(rows.facts()), base::Mistake) << "amended after it was cancelled";
}

TEST(CustomerVersions, are_kept_once_where_they_say_the_same) {
  const CustomerVersion first{{1}, {7}, "0100", "SME", "DE", 3};
  CustomerVersion same = first, other = first;
  same.known_from = 5;
  other.known_from = 8;
  other.number = "0101";
  ColumnStore store;
  Builder builder(store);
  for (const std::int64_t id : {3, 4}) {
    const std::vector versions{first, same, other};
    builder.add({{id}, {}, {}, {}, {}, {}, versions});
  }
  EXPECT_EQ(store.versions.size(), 4u);
  EXPECT_EQ(store.kinds.size(), 1u);
  EXPECT_EQ(std::string(store.text.begin(), store.text.end()), "0100SMEDE010101000101");
  const std::vector backwards{other, first};
  EXPECT_THROW(builder.add({{5}, {}, {}, {}, {}, {}, backwards}), base::Mistake);
  const Portfolio portfolio({make_segment(std::move(store))});
  EXPECT_FALSE(portfolio.who(0, 2));
  EXPECT_EQ(portfolio.who(0, 7)->number, "0100");
  EXPECT_EQ(portfolio.who(1, 8)->number, "0101");
  EXPECT_EQ(portfolio.who(1, latest)->country, "DE");
}

TEST(PortfolioIndex, finds_customers_of_segments_and_new_ones) {
  const auto make = [](std::initializer_list<std::int64_t> ids) {
    ColumnStore store;
    Builder builder(store);
    for (const std::int64_t id : ids) builder.add({{id}, {}, {}, {}, {}, {}});
    return make_segment(std::move(store));
  };
  Portfolio portfolio({make({3, 5}), make({}), make({8, 9, 12})});
  EXPECT_EQ(portfolio.customer_count(), 5u);
  for (const auto& [id, index] : {std::pair(3, 0u), {5, 1u}, {8, 2u}, {12, 4u}}) {
    EXPECT_EQ(portfolio.find({id}), index);
    EXPECT_EQ(portfolio.customer(index).value, id);
  }
  for (const std::int64_t id : {1, 4, 7, 10, 13}) EXPECT_FALSE(portfolio.find({id})) << id;
  for (const std::int64_t id : {13, 4, 1}) portfolio.apply({{id}, {}, {}, {}, {}, {}});
  EXPECT_EQ(portfolio.find({13}), 5u);
  EXPECT_EQ(portfolio.find({1}), 7u);
  const ColumnStore all = portfolio.compacted();
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i + 1 < all.customers.size(); ++i) ids.push_back(all.customers[i].id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 3, 4, 5, 8, 9, 12, 13}));
}

}  // namespace
}  // namespace arrears::portfolio
