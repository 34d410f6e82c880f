#include "domain/strategy/books.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace arrears::strategy {
namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

bool takes(const BookRule& rule, const parties::Customer& customer, const parties::Party& party) {
  if (contains(rule.numbers, customer.number)) return true;
  const bool unconditional =
      rule.number_patterns.empty() && rule.countries.empty() && rule.segments.empty();
  if (unconditional) return rule.numbers.empty();
  const bool number_fits = rule.number_patterns.empty() ||
                           std::any_of(rule.number_patterns.begin(), rule.number_patterns.end(),
                                       [&](const auto& pattern) {
                                         return base::matches_pattern(pattern, customer.number);
                                       });
  return number_fits && (rule.countries.empty() || contains(rule.countries, party.country)) &&
         (rule.segments.empty() || contains(rule.segments, customer.segment));
}

const Book* book_of(const parties::Customer& customer, const parties::Party& party,
                    std::span<const Book> books, calendar::Date as_of) {
  const Book* first = nullptr;
  for (const Book& book : books) {
    if (book.entity != customer.entity || book.valid_from > as_of) continue;
    if (book.until && *book.until <= as_of) continue;
    if (!takes(book.rule, customer, party)) continue;
    if (!first || std::tie(book.priority, book.id) < std::tie(first->priority, first->id))
      first = &book;
  }
  return first;
}

std::string collector_of(const parties::Customer& customer, const parties::Party& party,
                         std::span<const Book> books, calendar::Date as_of) {
  const Book* book = book_of(customer, party, books, as_of);
  return book ? book->collector : std::string();
}

}  // namespace arrears::strategy
