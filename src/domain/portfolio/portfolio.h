#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/portfolio/columns.h"

namespace arrears::portfolio {

/// Columns and whoever holds their bytes (a ColumnStore, a mapped image).
struct Segment {
  Columns columns;
  std::shared_ptr<const void> owner;
};
Segment make_segment(ColumnStore store);

/// A stretch of customers in one set of columns.
struct Run {
  const Columns& columns;
  std::uint32_t first = 0;                    ///< row in `columns`
  std::uint32_t last = 0;                     ///< excluded
  std::uint32_t index = 0;                    ///< of the first in the portfolio
  const std::vector<std::uint8_t>& currency;  ///< number in the book, by number in the columns
};

/// All receivables: segments that never change, and over them the customers that changed since.
/// A customer keeps its index for the life of the portfolio. Questions take a range of indices, so
/// that callers may split the book and add up.
class Portfolio {
 public:
  /// Segments in order of customer: all of one come before those of the next.
  explicit Portfolio(std::vector<Segment> segments);

  std::uint32_t customer_count() const { return count_; }
  parties::CustomerId customer(std::uint32_t index) const;
  std::optional<std::uint32_t> find(parties::CustomerId customer) const;
  /// Who the customer was as known then; nothing where it was not known yet. The texts last until
  /// the customer is applied again.
  std::optional<CustomerVersion> who(std::uint32_t index, Ordinal known_at) const;
  /// The currencies of the book; their numbers are positions here. New ones come last.
  const std::vector<money::Currency>& currencies() const { return currencies_; }

  /// Puts the rows of `facts` in the place of the customer's; a new customer gets the next index.
  std::uint32_t apply(const CustomerFacts& facts);
  /// How many customers lie over the segments. Some per cent of the book cost a little on each
  /// question; `compacted` makes them part of a segment.
  std::size_t changed_count() const { return changed_.size(); }
  /// All customers in order, new ones in their places: the start of the next portfolio, or an
  /// image.
  ColumnStore compacted() const;

  /// Calls `each(run)` for [first, last), in order of index.
  template <class Each>
  void for_each_run(std::uint32_t first, std::uint32_t last, Each each) const {
    auto changed = changed_.lower_bound(first);
    while (first < last) {
      if (changed != changed_.end() && changed->first == first) {
        each(Run{changed->second->columns, 0, 1, first, changed->second->currency});
        ++changed;
        ++first;
        continue;
      }
      const Base& base = base_of(first);
      std::uint32_t end = std::min(last, base.index + base.segment.columns.customer_count());
      if (changed != changed_.end()) end = std::min(end, changed->first);
      each(Run{base.segment.columns, first - base.index, end - base.index, first, base.currency});
      first = end;
    }
  }

 private:
  struct Base {
    Segment segment;
    std::uint32_t index = 0;  ///< of the first customer
    std::vector<std::uint8_t> currency;
  };
  struct Changed {
    ColumnStore store;
    Columns columns;
    std::vector<std::uint8_t> currency;
  };

  const Base& base_of(std::uint32_t index) const;
  /// The columns of the customer, and its row in them.
  std::pair<const Columns&, std::uint32_t> row_of(std::uint32_t index) const;
  std::vector<std::uint8_t> book_numbers(const Columns& columns);

  std::vector<Base> bases_;
  std::uint32_t base_count_ = 0;
  std::uint32_t count_ = 0;
  std::map<std::uint32_t, std::unique_ptr<Changed>> changed_;
  std::unordered_map<parties::CustomerId, std::uint32_t> added_;
  std::vector<money::Currency> currencies_;
};

}  // namespace arrears::portfolio
