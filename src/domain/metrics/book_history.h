#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/metrics/formulas.h"
#include "domain/money/money.h"
#include "domain/money/rate.h"
#include "domain/receivables/ledger.h"

namespace arrears::metrics {

using calendar::Date;

/// A stretch of business days, both included.
struct Period {
  Date from;
  Date to;
};

/// An amount of the whole book in the book's currency, or the rate that is missing for it.
struct BookAmount {
  std::int64_t minor = 0;
  std::string missing_rate;  ///< "no rate GBP to USD on 2026-05-31"; empty where known
  bool known() const { return missing_rate.empty(); }
};

/// What a book of customers owed, bought and paid over time, summed up from their ledgers one by
/// one. It keeps sums per currency and month only: adding a ledger costs its facts once, however
/// many months are asked for.
///
/// The days are divided at *cuts*: every month end from the month of `history_from` on, the day
/// before the period, and the last day of the period. Cut 0 is the day before the history and
/// stands for all that came before it.
///
/// - Receivables at a cut are all open amounts less unused credits less unapplied cash: the
///   `balance` of receivables::aging, which is CRF's definition of receivables.
/// - Not due is the bucket "not due": positive open items whose due date is the cut or later.
///   Credits and unapplied cash therefore count against the overdue part.
/// - Sales are invoices, fees and interest notes less credit notes, by issue date, gross of tax.
///   Opening balances, refunds and adjustments are not sales.
/// - Settled means allocated: the dates are those of the allocations, as in the open amounts.
///
/// Sums stay in their own currency and are converted when read, at the day asked for.
class BookHistory {
 public:
  /// `period.to` is not after `as_of`, the last day whose facts count. Sales are kept by month from
  /// `history_from` (its whole month), for the count-back; not after `period.from`.
  BookHistory(Period period, Date history_from, Date as_of, money::Currency currency);

  /// Adds the facts of one customer; each customer once.
  void add(const receivables::Ledger& ledger);

  /// The sums of one currency for days that end at one cut; all but sales and written_off are
  /// levels once they are added up to it.
  struct Cell {
    std::int64_t receivables = 0;
    std::int64_t not_due = 0;
    std::int64_t sales = 0;
    std::int64_t written_off = 0;
  };

  /// Adds a write-off (negative: a recovery). It is a figure beside the ledgers: it does not change
  /// the receivables itself. Outside the cuts it is left out.
  void add_write_off(Date on, money::Money amount);

  Period period() const { return period_; }
  money::Currency currency() const { return currency_; }
  std::span<const Date> cuts() const { return cuts_; }
  std::size_t opening_cut() const { return opening_cut_; }  ///< the day before the period
  std::size_t closing_cut() const { return cuts_.size() - 1; }
  /// Issue date of the first sale, for the reach of the count-back.
  std::optional<Date> first_sale() const { return first_sale_; }

  BookAmount receivables(std::size_t cut, const money::RateTable& rates, Date rate_on) const;
  BookAmount not_due(std::size_t cut, const money::RateTable& rates, Date rate_on) const;
  /// Of the days after the cut before, up to and with `cut` (1 or more).
  BookAmount sales(std::size_t cut, const money::RateTable& rates, Date rate_on) const;
  BookAmount written_off(std::size_t cut, const money::RateTable& rates, Date rate_on) const;

  /// Last day of the month after the period: the second cut-off of the collection rate.
  Date next_month_end() const { return next_month_end_; }
  bool next_month_is_over() const { return next_month_end_ <= as_of_; }

  /// What became of one period, in the book's currency at one rate.
  struct Outcome {
    DueAndSettled by_period_end;
    DueAndSettled by_next_month_end;
    WeightedDays late;          ///< settled in the period: days after the due date, 0 if in time
    WeightedDays cycle;         ///< settled in the period after it had become overdue
    WeightedDays open_overdue;  ///< open and overdue at the end of the period
    std::string missing_rate;   ///< as in BookAmount
  };
  Outcome outcome(const money::RateTable& rates, Date rate_on) const;

  /// Adds what many customers come to in one currency, summed up elsewhere: one cell a cut, the
  /// outcome, and the issue date of their first sale.
  void add_sums(money::Currency currency, std::span<const Cell> cells, const Outcome& outcome,
                std::optional<Date> first_sale);

 private:
  struct CurrencyBook {
    money::Currency currency;
    std::vector<Cell> cells;  ///< one per cut
    Outcome outcome;
  };
  /// One allocation as it counts on an instalment.
  struct Movement {
    std::size_t document = 0;  ///< index in the ledger
    int instalment = 1;
    Date on;
    std::int64_t amount_minor = 0;
    bool credit = false;
    bool inferred = false;
  };

  std::size_t cut_of(Date day) const;
  std::size_t book_of(money::Currency currency);
  void change(money::Currency currency, Date on, std::int64_t Cell::* term, std::int64_t minor);
  void add_documents(const receivables::Ledger& ledger);
  void add_allocations(const receivables::Ledger& ledger);
  void follow(const receivables::Document& document, const receivables::Instalment& instalment,
              std::span<const Movement> movements);
  void follow_not_due(CurrencyBook& book, const receivables::Document& document,
                      const receivables::Instalment& instalment,
                      std::span<const Movement> movements) const;
  void follow_outcome(Outcome& outcome, const receivables::Instalment& instalment,
                      std::span<const Movement> movements) const;
  BookAmount total(std::size_t first_cut, std::size_t last_cut, std::int64_t Cell::* term,
                   const money::RateTable& rates, Date rate_on) const;

  Period period_;
  Date as_of_;
  Date next_month_end_;
  money::Currency currency_;
  std::vector<Date> cuts_;
  std::size_t opening_cut_ = 0;
  std::optional<Date> first_sale_;
  std::vector<CurrencyBook> books_;
  std::vector<Movement> movements_;  ///< of the ledger being added; kept for its memory
};

}  // namespace arrears::metrics
