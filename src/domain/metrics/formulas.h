#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "domain/metrics/figure.h"

/// The formulas of the collections field on plain inputs (rules.md 4.2 to 4.4). Amounts are minor
/// units of one currency; every figure carries its formula and its inputs.
namespace arrears::metrics {

/// receivables x days / sales. `days`: calendar days of the period of the sales, both ends
/// included. A book in credit gives a negative figure, so that DSO = best possible DSO + average
/// days delinquent holds always.
Figure dso_simple(std::int64_t receivables, std::int64_t sales, int days);

/// One calendar month of sales net of credit notes.
struct MonthSales {
  int days = 0;  ///< calendar days; for the current month the elapsed ones, today included
  std::int64_t sales = 0;
};

/// Count-back DSO: whole months are taken off the receivables, newest first, each adding its days;
/// the last one adds its share. A month with no or negative sales adds its days and takes nothing
/// off. Receivables of 0 or less give 0; an exhausted history gives "more than N days",
/// no history at all is not defined.
Figure dso_count_back(std::int64_t receivables, std::span<const MonthSales> newest_first);

/// Receivables not yet due x days / sales: the DSO if nobody paid late.
Figure best_possible_dso(std::int64_t not_due, std::int64_t sales, int days);

/// DSO less best possible DSO: (receivables - not due) x days / sales.
Figure average_days_delinquent(std::int64_t receivables, std::int64_t not_due, std::int64_t sales,
                               int days);

/// Mean of opening and closing receivables x days / sales.
Figure average_collection_period(std::int64_t opening, std::int64_t closing, std::int64_t sales,
                                 int days);

/// The terms of the collection effectiveness index. Receivables include overdue items, credits and
/// unapplied cash, not what is written off (CRF). All terms are at one exchange rate.
struct CeiTerms {
  std::int64_t beginning = 0;       ///< receivables at the beginning
  std::int64_t sales = 0;           ///< credit sales
  std::int64_t ending = 0;          ///< receivables at the end
  std::int64_t ending_not_due = 0;  ///< of these, not yet due
  std::int64_t written_off = 0;     ///< net of recoveries, in the period
};

/// CEI of one calendar month. May exceed 100 % when credits exceed what is overdue.
Figure cei(const CeiTerms& month);

/// CEI with the write-offs of the month kept in the ending receivables: a write-off does not look
/// like a collection.
Figure cei_write_offs_kept(const CeiTerms& month);

/// CEI of a longer period: the mean of its months that are defined; the inputs say how many.
Figure cei_mean(std::span<const Figure> months);

/// The variant with sales / months over a longer period, under its own name (Oracle, CRF). It falls
/// below 0 for a book that grew by more than one month of sales.
Figure cei_average_sales(const CeiTerms& period, int months);

/// What fell due in a period and what became of it by a cut-off.
struct DueAndSettled {
  std::int64_t due = 0;       ///< fell due, less credits applied to it by the cut-off
  std::int64_t settled = 0;   ///< of that, settled by payment or early-payment discount
  std::int64_t inferred = 0;  ///< of the settled part, closed without evidence of cash
};

/// Of the amounts falling due in the period, the share settled by the period's end.
Figure collection_rate(const DueAndSettled& by_period_end);
/// The same amounts, settled by the end of the month after the period.
Figure collection_rate_next_month(const DueAndSettled& by_next_month_end);

/// Write-offs net of recoveries / sales.
Figure bad_debt_percent(std::int64_t written_off, std::int64_t sales);

enum class PromiseOutcome : unsigned char {
  not_matured,  ///< deadline not yet over
  kept,
  partly_kept,
  broken,
  excluded,  ///< withdrawn before the deadline, or superseded
};

/// Promises of a period; only matured ones (deadline over) enter the rates.
struct PromiseTally {
  std::int64_t not_matured = 0;
  std::int64_t kept = 0;
  std::int64_t partly_kept = 0;
  std::int64_t broken = 0;
  std::int64_t excluded = 0;
  std::int64_t promised_minor = 0;  ///< of the matured ones
  std::int64_t paid_minor = 0;      ///< of the matured ones, at most what was promised

  /// `paid`: what counts towards the promise; anything above `promised` is cut.
  void add(PromiseOutcome outcome, std::int64_t promised, std::int64_t paid);
  std::int64_t matured() const { return kept + partly_kept + broken; }
};

Figure promise_kept_rate(const PromiseTally& tally);         ///< kept / matured, by count
Figure promise_partly_kept_rate(const PromiseTally& tally);  ///< partly kept / matured, by count
Figure promise_kept_rate_amount(const PromiseTally& tally);  ///< paid / promised

/// Outbound attempts. Inbound calls are counted apart; a voicemail is not a connect.
struct ContactTally {
  std::int64_t attempts = 0;
  std::int64_t connects = 0;
  std::int64_t right_party = 0;
};

Figure right_party_contact_rate(const ContactTally& tally);              ///< of attempts
Figure right_party_contact_rate_of_connects(const ContactTally& tally);  ///< of connects

/// Days weighted by amount.
struct WeightedDays {
  Wide amount_days = 0;
  std::int64_t amount = 0;
  std::int64_t items = 0;

  void add(std::int64_t amount_minor, int days);
};

/// Days from the first day overdue to settlement, of the items settled in the period that had
/// become overdue.
Figure collection_cycle_time(const WeightedDays& settled);

/// The same for items still open: days since the first day overdue, a lower bound.
Figure collection_cycle_time_open(const WeightedDays& open);

/// Days after the due date, early and punctual ones as 0, of all items settled in the period. Not
/// to be confused with average days delinquent, which is about the open book.
Figure average_days_late(const WeightedDays& settled);

}  // namespace arrears::metrics
