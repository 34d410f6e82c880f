#include "domain/portfolio/outcome.h"

#include <gtest/gtest.h>

#include "domain/portfolio/due.h"
#include "domain/portfolio/test_book.h"

namespace arrears::portfolio {
namespace {

using metrics::BookHistory;
using metrics::DueAndSettled;
using metrics::WeightedDays;
using test::FactRows;
using test::RandomCustomer;
using test::RecordedCustomer;

constexpr Date book_begin{20500};

/// Random customers, all in one currency.
struct Book {
  explicit Book(std::uint64_t seed) : random(seed) {
    ColumnStore store;
    Builder builder(store);
    for (std::int64_t id = 1; id <= 5; ++id) {
      RandomCustomer customer(id * 2048, random, book_begin, /*currencies=*/false);
      test::live(customer, random, 40);
      customers.push_back(customer.recorded());
      builder.add(FactRows(customers.back()).facts());
    }
    portfolio = std::make_unique<Portfolio>(std::vector{make_segment(std::move(store))});
  }

  std::mt19937_64 random;
  std::vector<RecordedCustomer> customers;
  std::unique_ptr<Portfolio> portfolio;
};

void expect_same(const DueAndSettled& actual, const DueAndSettled& expected) {
  EXPECT_EQ(actual.due, expected.due);
  EXPECT_EQ(actual.settled, expected.settled);
  EXPECT_EQ(actual.inferred, expected.inferred);
}

void expect_same(const WeightedDays& actual, const WeightedDays& expected) {
  EXPECT_TRUE(actual.amount_days == expected.amount_days);
  EXPECT_EQ(actual.amount, expected.amount);
  EXPECT_EQ(actual.items, expected.items);
}

constexpr std::array<Ordinal, 5> instants = {5, 14, 25, 40, latest};

TEST(PortfolioOutcomes, equal_those_of_the_ledgers_as_known_then) {
  std::int64_t settled = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Book book(seed);
    for (const Ordinal known_at : instants)
      for (int end = 10; end < 160; end += 29) {
        SCOPED_TRACE("seed " + std::to_string(seed) + " known at " + std::to_string(known_at) +
                     " end " + std::to_string(end));
        const metrics::Period period{book_begin + (end / 2), book_begin + end};
        BookHistory history(period, period.from, period.to, receivables::currency("USD"));
        for (const RecordedCustomer& customer : book.customers)
          history.add(customer.ledger(known_at));
        const BookHistory::Outcome expected = history.outcome({}, period.to);
        const auto& currencies = book.portfolio->currencies();
        Outcomes first(period, history.next_month_end(), currencies, known_at);
        Outcomes rest(period, history.next_month_end(), currencies, known_at);
        first.add(*book.portfolio, 0, 2);
        rest.add(*book.portfolio, 2, book.portfolio->customer_count());
        first.add(rest);
        const BookHistory::Outcome& actual = first.of(0);
        expect_same(actual.by_period_end, expected.by_period_end);
        expect_same(actual.by_next_month_end, expected.by_next_month_end);
        expect_same(actual.late, expected.late);
        expect_same(actual.cycle, expected.cycle);
        expect_same(actual.open_overdue, expected.open_overdue);
        if (HasFailure()) return;
        settled += expected.late.items;
      }
  }
  EXPECT_GT(settled, 1000);
}

TEST(PortfolioDue, tells_who_has_an_item_open_that_is_due) {
  std::array<int, 3> seen{};
  for (std::uint64_t seed = 50; seed < 80; ++seed) {
    const Book book(seed);
    for (const Ordinal known_at : instants)
      for (int day = 0; day < 150; day += 13) {
        const AsOf as_of{book_begin + day, known_at};
        const Date due_by = as_of.day + (day % 3 - 1) * 6;
        std::vector<OpenState> states(book.customers.size());
        find_open(*book.portfolio, 0, 3, as_of, due_by, states);
        find_open(*book.portfolio, 3, book.portfolio->customer_count(), as_of, due_by, states);
        for (std::size_t i = 0; i < book.customers.size(); ++i) {
          OpenState expected = OpenState::nothing;
          const auto ledger = book.customers[i].ledger(known_at);
          for (const auto& item : receivables::open_items(ledger, as_of.day)) {
            if (item.open_minor <= 0) continue;
            expected = std::max(
                expected, item.instalment->due_on <= due_by ? OpenState::due : OpenState::open);
          }
          ASSERT_EQ(states[i], expected)
              << "seed " << seed << " known at " << known_at << " day " << day << " customer " << i;
          ++seen[static_cast<std::size_t>(expected)];
        }
      }
  }
  for (const int count : seen) EXPECT_GT(count, 100);
}

}  // namespace
}  // namespace arrears::portfolio
