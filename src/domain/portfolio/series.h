#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "domain/portfolio/portfolio.h"
#include "domain/portfolio/scan.h"

/// Receivables, not due and sales of the whole book by month: what metrics::BookHistory keeps, from
/// the rows of the portfolio.
namespace arrears::portfolio {

/// What changed in the days after the cut before, up to and with this cut. Summed up to a cut,
/// `receivables` and `not_due` are the levels of metrics::BookHistory; see there for the terms.
struct SeriesCell {
  std::int64_t receivables = 0;
  std::int64_t not_due = 0;
  std::int64_t sales = 0;
  std::int64_t written_off = 0;  ///< adjustments; a recovery is negative
  bool operator==(const SeriesCell&) const = default;
};

/// Sums of a range of customers; ranges are added up before `cells` is asked for.
class Series {
 public:
  /// `cuts`: days in rising order; the first stands for all that came before it.
  Series(std::span<const Date> cuts, const std::vector<money::Currency>& currencies,
         Ordinal known_at);

  void add(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last);
  /// Adds a series of the same cuts and currencies.
  void add(const Series& other);

  /// One cell per cut, of the currency with this number in the book.
  std::vector<SeriesCell> cells(std::uint8_t currency) const;
  /// Issue date of the first sale of a positive amount.
  std::optional<Date> first_sale() const;

 private:
  static constexpr std::size_t class_count = 8;  ///< see not_a_sale, negative, adjustment

  /// Amounts by cut of a change and by the cut at which the item is overdue.
  std::int64_t* issued(std::uint8_t currency, std::uint8_t item_class) {
    return sums_.data() + (std::size_t{currency} * class_count + item_class) * 2 * grid_;
  }
  std::int64_t* settled(std::uint8_t currency, std::uint8_t item_class) {
    return issued(currency, item_class) + grid_;
  }
  /// The first cut on or after `day`.
  std::uint8_t cut_of(Date day) const {
    const auto plain = static_cast<std::uint32_t>(day - first_day);
    return plain < no_day ? cut_of_day_[plain] : search_cut(day);
  }
  std::uint8_t search_cut(Date day) const;
  void add_run(const Run& run);
  template <bool known>
  void add_plain(const Columns& columns, std::uint32_t begin, std::uint32_t end,
                 std::uint8_t currency);
  void add_traced(const Columns& columns, const TracedItem& row, std::uint8_t currency);

  std::vector<Date> cuts_;
  Ordinal known_at_;
  std::size_t side_;  ///< cuts, and one for all days after them
  std::size_t grid_;
  std::size_t currency_count_;
  std::vector<std::uint8_t> cut_of_day_;  ///< of plain days, and of the day after the last
  std::vector<std::int64_t> sums_;
  std::vector<std::int64_t> cash_;  ///< unapplied, by currency and cut
  Date first_sale_;
};

}  // namespace arrears::portfolio
