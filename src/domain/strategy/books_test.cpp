#include "domain/strategy/books.h"

#include <gtest/gtest.h>

#include "domain/strategy/test_party.h"

namespace arrears::strategy {
namespace {

using test::day;

struct Shop {
  parties::Customer customer;
  parties::Party party;

  Shop() {
    customer.entity = {1};
    customer.number = "0042-DE";
    customer.segment = "retail";
    party.country = "DE";
  }
};

Book book(std::int64_t id, std::string collector, int priority, BookRule rule) {
  Book made;
  made.id = {id};
  made.entity = {1};
  made.collector = std::move(collector);
  made.priority = priority;
  made.rule = std::move(rule);
  made.valid_from = day("2026-01-01");
  return made;
}

TEST(Books, a_rule_takes_by_number_or_by_all_of_its_conditions) {
  const Shop shop;
  const struct {
    const char* what;
    BookRule rule;
    bool taken;
  } cases[] = {
      {"everybody", {}, true},
      {"number",
       {.numbers = {"0042-DE"}, .number_patterns = {}, .countries = {}, .segments = {}},
       true},
      {"zeros cut",
       {.numbers = {"42-DE"}, .number_patterns = {}, .countries = {}, .segments = {}},
       false},
      {"pattern", {{}, {"00*-de"}, {}, {}}, true},
      {"other pattern", {{}, {"1*"}, {}, {}}, false},
      {"pattern and country", {{}, {"00*"}, {"FR", "DE"}, {}}, true},
      {"pattern, other country", {{}, {"00*"}, {"FR"}, {}}, false},
      {"segment", {{}, {}, {}, {"retail"}}, true},
      {"other segment, number", {{"0042-DE"}, {}, {}, {"public"}}, true},
  };
  for (const auto& row : cases)
    EXPECT_EQ(takes(row.rule, shop.customer, shop.party), row.taken) << row.what;
}

TEST(Books, the_first_priority_wins_and_nobody_is_unassigned) {
  const Shop shop;
  std::vector<Book> books = {book(1, "carl", 2, {}), book(2, "clara", 1, {{}, {}, {"DE"}, {}}),
                             book(3, "carola", 1, {})};
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2026-06-01")), "clara");
  books[1].entity = {2};
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2026-06-01")), "carola");
  EXPECT_EQ(collector_of(shop.customer, shop.party, {}, day("2026-06-01")), "");
}

TEST(Books, a_book_is_valid_from_its_first_day_until_before_its_last) {
  const Shop shop;
  std::vector<Book> books = {book(1, "carl", 1, {})};
  books[0].until = day("2026-07-01");
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2025-12-31")), "");
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2026-01-01")), "carl");
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2026-06-30")), "carl");
  EXPECT_EQ(collector_of(shop.customer, shop.party, books, day("2026-07-01")), "");
}

}  // namespace
}  // namespace arrears::strategy
