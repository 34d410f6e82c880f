#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/portfolio/portfolio.h"
#include "domain/portfolio/scan.h"
#include "domain/receivables/ledger.h"

/// The aging of the whole book, summed by any key. Equal to receivables::aging of the ledgers as
/// known then, added up.
namespace arrears::portfolio {

/// A customer of no group is left out.
constexpr std::uint32_t no_group = 0xFFFFFFFF;

/// Aging by group and currency.
class AgingTable {
 public:
  AgingTable(std::uint32_t groups, const std::vector<money::Currency>& currencies);

  std::uint32_t groups() const { return groups_; }
  std::span<const money::Currency> currencies() const { return currencies_; }
  receivables::Aging& at(std::uint32_t group, std::uint8_t currency) {
    return rows_[std::size_t{group} * currencies_.size() + currency];
  }
  /// One row per currency of the book; all zero where the group has nothing in it.
  std::span<const receivables::Aging> rows(std::uint32_t group) const {
    return std::span(rows_).subspan(std::size_t{group} * currencies_.size(), currencies_.size());
  }
  /// Adds a table of the same groups and currencies.
  void add(const AgingTable& other);

 private:
  std::uint32_t groups_;
  std::vector<money::Currency> currencies_;
  std::vector<receivables::Aging> rows_;
};

/// Adds the customers [first, last) into `table`. `group_of` is the group of each customer, by
/// index in the portfolio; empty: all are of group 0.
void add_aging(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last, AsOf as_of,
               std::span<const std::uint32_t> group_of, AgingTable& table);

/// The aging of one customer, one row per currency in which it has something, by currency code.
std::vector<receivables::Aging> customer_aging(const Portfolio& portfolio, std::uint32_t index,
                                               AsOf as_of);

}  // namespace arrears::portfolio
