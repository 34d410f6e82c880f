#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/parties/parties.h"

/// Books: which collector owns which customers.
namespace arrears::strategy {

using BookId = base::Id<struct BookTag>;

/// Which customers a book takes. A listed number is always in. Otherwise each condition that is
/// given must hold, by any of its values; a rule without any condition or number takes everybody.
struct BookRule {
  std::vector<std::string> numbers;          ///< exactly as given, leading zeros kept
  std::vector<std::string> number_patterns;  ///< with * and ?, see base::matches_pattern
  std::vector<std::string> countries;        ///< of the party, ISO 3166 alpha-2
  std::vector<std::string> segments;         ///< of the customer
};

/// A dated rule that gives customers of an entity to a collector.
struct Book {
  BookId id;
  std::string name;
  parties::EntityId entity;
  std::string collector;
  std::string manager;  ///< who gets its escalations; empty: the strategy's
  int priority = 0;     ///< lower is asked first; equal ones in order of id
  BookRule rule;
  calendar::Date valid_from;
  std::optional<calendar::Date> until;  ///< first day on which it is no longer valid
};

bool takes(const BookRule& rule, const parties::Customer& customer, const parties::Party& party);

/// The first book that takes the customer on `as_of`; null: nobody's.
const Book* book_of(const parties::Customer& customer, const parties::Party& party,
                    std::span<const Book> books, calendar::Date as_of);

/// The collector of that book; empty: unassigned.
std::string collector_of(const parties::Customer& customer, const parties::Party& party,
                         std::span<const Book> books, calendar::Date as_of);

}  // namespace arrears::strategy
