#include "domain/metrics/book_figures.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "base/checked.h"
#include "domain/calendar/date.h"

namespace arrears::metrics {
namespace {

Figure undefined(Figure figure, Gap gap, std::string detail) {
  figure.state = FigureState::not_defined;
  figure.value = {};
  figure.gap = gap;
  figure.detail = std::move(detail);
  figure.inputs.clear();
  return figure;
}

/// `figure`, unless one of the amounts that went into it lacks a rate.
Figure where_known(Figure figure, std::initializer_list<const BookAmount*> terms) {
  for (const BookAmount* term : terms) {
    if (!term->known()) return undefined(std::move(figure), Gap::missing_rate, term->missing_rate);
  }
  return figure;
}

void add_to(BookAmount& sum, const BookAmount& part) {
  sum.minor = base::checked_add(sum.minor, part.minor);
  if (sum.missing_rate.empty()) sum.missing_rate = part.missing_rate;
}

Figure count_back_at(const BookHistory& history, std::size_t at, const money::RateTable& rates) {
  const auto cuts = history.cuts();
  const BookAmount receivables = history.receivables(at, rates, cuts[at]);
  std::vector<MonthSales> months;
  BookAmount sales;
  for (std::size_t cut = at; cut > 0 && history.first_sale() && sales.known(); --cut) {
    if (cuts[cut] < calendar::first_of_month(*history.first_sale())) break;
    sales = history.sales(cut, rates, cuts[cut]);
    if (!sales.known()) break;
    const int days = cuts[cut] - cuts[cut - 1];
    // A period that begins within a month cuts it in two.
    const bool same_month =
        cut < at && calendar::first_of_month(cuts[cut]) == calendar::first_of_month(cuts[cut + 1]);
    if (same_month) {
      months.back().days += days;
      months.back().sales = base::checked_add(months.back().sales, sales.minor);
    } else {
      months.push_back({.days = days, .sales = sales.minor});
    }
  }
  Figure figure = where_known(dso_count_back(receivables.minor, months), {&receivables});
  // Months beyond a missing rate matter only if the count gets that far.
  return figure.defined() ? figure : where_known(std::move(figure), {&receivables, &sales});
}

MonthFigures month_figures(const BookHistory& history, std::size_t cut,
                           const money::RateTable& rates) {
  const Date end = history.cuts()[cut];
  const BookAmount beginning = history.receivables(cut - 1, rates, end);
  const BookAmount sales = history.sales(cut, rates, end);
  const BookAmount ending = history.receivables(cut, rates, end);
  const BookAmount not_due = history.not_due(cut, rates, end);
  const BookAmount written_off = history.written_off(cut, rates, end);
  const CeiTerms terms{.beginning = beginning.minor,
                       .sales = sales.minor,
                       .ending = ending.minor,
                       .ending_not_due = not_due.minor,
                       .written_off = written_off.minor};
  return {.days = {history.cuts()[cut - 1] + 1, end},
          .dso_count_back = count_back_at(history, cut, rates),
          .cei = where_known(cei(terms), {&beginning, &sales, &ending, &not_due}),
          .cei_write_offs_kept = where_known(
              cei_write_offs_kept(terms), {&beginning, &sales, &ending, &not_due, &written_off})};
}

void add_cei(BookFigures& figures, const BookHistory& history, const money::RateTable& rates) {
  std::vector<Figure> plain;
  std::vector<Figure> kept;
  for (const MonthFigures& month : figures.months) {
    plain.push_back(month.cei);
    kept.push_back(month.cei_write_offs_kept);
  }
  figures.period.push_back(cei_mean(plain));
  Figure kept_mean = cei_mean(kept);
  kept_mean.name = "cei_write_offs_kept_mean";
  kept_mean.formula = "mean of the months' CEI with write-offs kept";
  figures.period.push_back(std::move(kept_mean));

  const std::size_t closing = history.closing_cut();
  const Date end = history.period().to;
  const BookAmount beginning = history.receivables(history.opening_cut(), rates, end);
  const BookAmount ending = history.receivables(closing, rates, end);
  const BookAmount not_due = history.not_due(closing, rates, end);
  BookAmount sales;
  for (std::size_t cut = history.opening_cut() + 1; cut <= closing; ++cut) {
    add_to(sales, history.sales(cut, rates, end));
  }
  figures.period.push_back(where_known(cei_average_sales({.beginning = beginning.minor,
                                                          .sales = sales.minor,
                                                          .ending = ending.minor,
                                                          .ending_not_due = not_due.minor},
                                                         static_cast<int>(figures.months.size())),
                                       {&beginning, &sales, &ending, &not_due}));
}

void add_outcome(BookFigures& figures, const BookHistory& history, const BookAmount& written_off,
                 const BookAmount& sales, const money::RateTable& rates) {
  const BookHistory::Outcome outcome = history.outcome(rates, history.period().to);
  const BookAmount rate{.minor = 0, .missing_rate = outcome.missing_rate};
  figures.period.push_back(where_known(collection_rate(outcome.by_period_end), {&rate}));
  Figure next_month = where_known(collection_rate_next_month(outcome.by_next_month_end), {&rate});
  if (!history.next_month_is_over()) {
    next_month = undefined(std::move(next_month), Gap::cut_off_in_future,
                           calendar::to_string(history.next_month_end()));
  }
  figures.period.push_back(std::move(next_month));
  figures.period.push_back(
      where_known(bad_debt_percent(written_off.minor, sales.minor), {&written_off, &sales}));
  figures.period.push_back(where_known(collection_cycle_time(outcome.cycle), {&rate}));
  figures.period.push_back(where_known(collection_cycle_time_open(outcome.open_overdue), {&rate}));
  figures.period.push_back(where_known(average_days_late(outcome.late), {&rate}));
}

}  // namespace

BookFigures book_figures(const BookHistory& history, const money::RateTable& rates) {
  const Period period = history.period();
  const auto cuts = history.cuts();
  const std::size_t opening_cut = history.opening_cut();
  const std::size_t closing_cut = history.closing_cut();
  const int days = period.to - period.from + 1;
  const BookAmount opening = history.receivables(opening_cut, rates, cuts[opening_cut]);
  const BookAmount closing = history.receivables(closing_cut, rates, period.to);
  const BookAmount not_due = history.not_due(closing_cut, rates, period.to);
  BookAmount sales;
  BookAmount written_off;
  BookFigures figures;
  for (std::size_t cut = opening_cut + 1; cut <= closing_cut; ++cut) {
    add_to(sales, history.sales(cut, rates, cuts[cut]));
    add_to(written_off, history.written_off(cut, rates, cuts[cut]));
    figures.months.push_back(month_figures(history, cut, rates));
  }

  figures.period.push_back(
      where_known(dso_simple(closing.minor, sales.minor, days), {&closing, &sales}));
  figures.period.push_back(figures.months.back().dso_count_back);
  figures.period.push_back(
      where_known(best_possible_dso(not_due.minor, sales.minor, days), {&not_due, &sales}));
  figures.period.push_back(
      where_known(average_days_delinquent(closing.minor, not_due.minor, sales.minor, days),
                  {&closing, &not_due, &sales}));
  figures.period.push_back(
      where_known(average_collection_period(opening.minor, closing.minor, sales.minor, days),
                  {&opening, &closing, &sales}));
  add_cei(figures, history, rates);
  add_outcome(figures, history, written_off, sales, rates);
  return figures;
}

}  // namespace arrears::metrics
