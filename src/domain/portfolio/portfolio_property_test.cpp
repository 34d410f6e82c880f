#include <gtest/gtest.h>

#include <array>

#include "domain/metrics/book_history.h"
#include "domain/portfolio/aging.h"
#include "domain/portfolio/series.h"
#include "domain/portfolio/test_book.h"

/// Random histories: what the portfolio says against the plain questions of the receivables and
/// metrics rooms on the ledgers as known then.
namespace arrears::portfolio {
namespace {

using receivables::Aging;
using test::FactRows;
using test::RandomCustomer;
using test::RecordedCustomer;

constexpr Date book_begin{20500};

/// Some customers, and the portfolio of the first ones in two segments; the others and some of the
/// first came or changed later.
class Book {
 public:
  explicit Book(std::uint64_t seed) : random_(seed) {
    std::vector<FactRows> rows;
    for (std::int64_t id = 1; id <= 9; ++id) {
      RandomCustomer customer(id * 2048, random_, book_begin, id % 2 == 0);
      test::live(customer, random_, 40);
      customers.push_back(customer.recorded());
    }
    for (const RecordedCustomer& customer : customers) rows.emplace_back(customer);
    std::vector<Segment> segments;
    for (const auto& [first, last] : {std::pair(0, 3), std::pair(3, 7)}) {
      ColumnStore store;
      Builder builder(store);
      for (int i = first; i < last; ++i)
        builder.add(i == 1 || i == 5 ? empty(rows[i]) : rows[i].facts());
      segments.push_back(make_segment(std::move(store)));
    }
    portfolio = std::make_unique<Portfolio>(std::move(segments));
    for (const int i : {8, 5, 1, 7}) portfolio->apply(rows[i].facts());
  }

  std::vector<RecordedCustomer> customers;
  std::unique_ptr<Portfolio> portfolio;

 private:
  static CustomerFacts empty(const FactRows& rows) { return {rows.id, {}, {}, {}, {}, {}, {}}; }

  std::mt19937_64 random_;
};

std::vector<Aging> without_zeros(std::vector<Aging> rows) {
  std::erase_if(rows, [](const Aging& row) {
    return row.open_items == 0 && row.credits == 0 && row.unapplied_cash == 0;
  });
  return rows;
}

void expect_same(const std::vector<Aging>& expected, const std::vector<Aging>& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(expected[i].currency, actual[i].currency);
    EXPECT_EQ(expected[i].open_items, actual[i].open_items);
    EXPECT_EQ(expected[i].buckets, actual[i].buckets);
    EXPECT_EQ(expected[i].credits, actual[i].credits);
    EXPECT_EQ(expected[i].unapplied_cash, actual[i].unapplied_cash);
  }
}

const std::vector<Ordinal> instants = {0, 5, 11, 18, 25, 33, 40, 70, latest};

/// Entity, party and texts in one line.
template <class Version>
std::string line(const Version& version) {
  std::string line = to_string(version.entity) + ' ' + to_string(version.party);
  for (const std::string_view text :
       {std::string_view(version.number), std::string_view(version.segment),
        std::string_view(version.country)})
    line.append("/").append(text);
  return line;
}

TEST(PortfolioWho, equals_the_newest_version_known_then) {
  int known = 0;
  for (std::uint64_t seed = 300; seed < 340; ++seed) {
    const Book book(seed);
    const Portfolio again({make_segment(book.portfolio->compacted())});
    for (const Ordinal known_at : instants)
      for (const RecordedCustomer& customer : book.customers) {
        std::string expected;
        for (const auto& version : customer.names)
          if (version.known_from <= known_at) expected = line(version.row);
        for (const Portfolio* portfolio :
             std::array<const Portfolio*, 2>{book.portfolio.get(), &again}) {
          const auto who = portfolio->who(*portfolio->find(customer.id), known_at);
          ASSERT_EQ(who ? line(*who) : "", expected) << "seed " << seed << " at " << known_at;
          known += who ? 1 : 0;
        }
      }
  }
  EXPECT_GT(known, 2000);
}

TEST(PortfolioAging, equals_the_aging_of_each_ledger_as_known_then) {
  int traced = 0;
  int rows_seen = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Book book(seed);
    const Portfolio again({make_segment(book.portfolio->compacted())});
    for (const Ordinal known_at : instants)
      for (const RecordedCustomer& customer : book.customers) {
        const receivables::Ledger ledger = customer.ledger(known_at);
        for (int day = -1; day < RandomCustomer::days + 30; day += 7) {
          const AsOf as_of{book_begin + day, known_at};
          SCOPED_TRACE("seed " + std::to_string(seed) + " customer " + to_string(customer.id) +
                       " known at " + std::to_string(known_at) + " day " + std::to_string(day));
          const auto expected = without_zeros(receivables::aging(ledger, as_of.day));
          rows_seen += static_cast<int>(expected.size());
          expect_same(expected,
                      customer_aging(*book.portfolio, *book.portfolio->find(customer.id), as_of));
          expect_same(expected, customer_aging(again, *again.find(customer.id), as_of));
          if (testing::Test::HasFailure()) return;
        }
      }
    traced += static_cast<int>(again.customer_count());
  }
  EXPECT_GT(rows_seen, 50'000);
  EXPECT_GT(traced, 0);
}

TEST(PortfolioAging, sums_by_group_are_the_sums_of_their_customers) {
  for (std::uint64_t seed = 100; seed < 130; ++seed) {
    const Book book(seed);
    const Portfolio& portfolio = *book.portfolio;
    const AsOf as_of{book_begin + 80, seed % 2 ? latest : 20};
    std::vector<std::uint32_t> group_of(portfolio.customer_count());
    for (std::uint32_t i = 0; i < group_of.size(); ++i) group_of[i] = i % 4 == 3 ? no_group : i % 3;
    AgingTable table(3, portfolio.currencies());
    AgingTable rest(3, portfolio.currencies());
    add_aging(portfolio, 0, 4, as_of, group_of, table);
    add_aging(portfolio, 4, portfolio.customer_count(), as_of, group_of, rest);
    table.add(rest);
    AgingTable expected(3, portfolio.currencies());
    for (std::uint32_t i = 0; i < group_of.size(); ++i) {
      if (group_of[i] == no_group) continue;
      for (const Aging& row : customer_aging(portfolio, i, as_of)) {
        const auto& all = portfolio.currencies();
        const auto at = std::find(all.begin(), all.end(), row.currency) - all.begin();
        receivables::add_to(expected.at(group_of[i], static_cast<std::uint8_t>(at)), row);
      }
    }
    for (std::uint32_t group = 0; group < 3; ++group) {
      const auto a = expected.rows(group), b = table.rows(group);
      expect_same({a.begin(), a.end()}, {b.begin(), b.end()});
    }
  }
}

TEST(PortfolioSeries, equals_the_book_history_of_the_ledgers_as_known_then) {
  const auto usd = receivables::currency("USD"), eur = receivables::currency("EUR");
  money::RateTable rates({{eur, usd, book_begin - 1, 1'100'000'000},
                          {eur, usd, book_begin + 25, 1'150'000'000},
                          {eur, usd, book_begin + 50, 1'050'000'000},
                          {eur, usd, book_begin + 75, 1'250'000'000},
                          {eur, usd, book_begin + 100, 1'350'000'000},
                          {eur, usd, book_begin + 125, 1'150'000'000}});
  for (std::uint64_t seed = 200; seed < 230; ++seed) {
    const Book book(seed);
    const Portfolio& portfolio = *book.portfolio;
    for (const Ordinal known_at : instants) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " known at " + std::to_string(known_at));
      const Date to = book_begin + 110;
      metrics::BookHistory history({book_begin + 40, to}, book_begin + 20, to, usd);
      for (const auto& customer : book.customers) history.add(customer.ledger(known_at));
      Series series(history.cuts(), portfolio.currencies(), known_at);
      Series rest(history.cuts(), portfolio.currencies(), known_at);
      series.add(portfolio, 0, 3);
      rest.add(portfolio, 3, portfolio.customer_count());
      series.add(rest);
      ASSERT_EQ(series.first_sale(), history.first_sale());
      std::vector<std::vector<SeriesCell>> cells;
      for (std::size_t i = 0; i < portfolio.currencies().size(); ++i)
        cells.push_back(series.cells(static_cast<std::uint8_t>(i)));
      for (std::size_t cut = 0; cut < history.cuts().size(); ++cut) {
        const auto total = [&](std::size_t first, std::int64_t SeriesCell::* term) {
          std::int64_t sum = 0;
          for (std::size_t i = 0; i < cells.size(); ++i) {
            std::int64_t minor = 0;
            for (std::size_t at = first; at <= cut; ++at) minor += cells[i][at].*term;
            sum += rates.convert({minor, portfolio.currencies()[i]}, usd, to)->minor;
          }
          return sum;
        };
        EXPECT_EQ(total(0, &SeriesCell::receivables), history.receivables(cut, rates, to).minor);
        EXPECT_EQ(total(0, &SeriesCell::not_due), history.not_due(cut, rates, to).minor);
        if (cut == 0) continue;
        EXPECT_EQ(total(cut, &SeriesCell::sales), history.sales(cut, rates, to).minor);
      }
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace arrears::portfolio
