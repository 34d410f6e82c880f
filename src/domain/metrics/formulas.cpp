#include "domain/metrics/formulas.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/checked.h"

namespace arrears::metrics {
namespace {

Input amount(std::string_view name, std::int64_t value) {
  return {name, InputKind::amount_minor, value};
}
Input days_input(std::string_view name, std::int64_t value) {
  return {name, InputKind::days, value};
}
Input count(std::string_view name, std::int64_t value) { return {name, InputKind::count, value}; }

/// numerator / denominator where the denominator is positive, else not defined because of `gap`.
Figure divide(Figure figure, Wide numerator, Wide denominator, Gap gap) {
  if (denominator <= 0) {
    figure.state = FigureState::not_defined;
    figure.gap = gap;
    return figure;
  }
  figure.state = FigureState::defined;
  figure.value = {numerator, denominator};
  return figure;
}

Figure in_days(std::string_view name, std::string_view formula, std::vector<Input> inputs) {
  Figure figure;
  figure.name = name;
  figure.formula = formula;
  figure.unit = Unit::days;
  figure.inputs = std::move(inputs);
  return figure;
}

Figure in_percent(std::string_view name, std::string_view formula, std::vector<Input> inputs) {
  Figure figure = in_days(name, formula, std::move(inputs));
  figure.unit = Unit::percent;
  return figure;
}

Figure settled_share(std::string_view name, std::string_view formula, const DueAndSettled& terms) {
  return divide(in_percent(name, formula,
                           {amount("due", terms.due), amount("settled", terms.settled),
                            amount("of_it_inferred", terms.inferred)}),
                Wide{terms.settled} * 100, terms.due, Gap::nothing_fell_due);
}

std::vector<Input> promise_counts(const PromiseTally& tally) {
  return {count("kept", tally.kept),
          count("partly_kept", tally.partly_kept),
          count("broken", tally.broken),
          count("matured", tally.matured()),
          count("not_matured", tally.not_matured),
          count("excluded", tally.excluded)};
}

std::vector<Input> contact_counts(const ContactTally& tally) {
  return {count("attempts", tally.attempts), count("connects", tally.connects),
          count("right_party", tally.right_party)};
}

Figure weighted(std::string_view name, std::string_view formula, const WeightedDays& days,
                Gap gap) {
  return divide(in_days(name, formula, {amount("amount", days.amount), count("items", days.items)}),
                days.amount_days, days.amount, gap);
}

}  // namespace

Figure dso_simple(std::int64_t receivables, std::int64_t sales, int days) {
  return divide(in_days("dso_simple", "receivables * days / sales",
                        {amount("receivables", receivables), amount("sales", sales),
                         days_input("days", days)}),
                Wide{receivables} * days, sales, Gap::no_sales);
}

Figure dso_count_back(std::int64_t receivables, std::span<const MonthSales> newest_first) {
  Figure figure = in_days("dso_count_back",
                          "days of the newest months whose sales make up the receivables, the "
                          "last month by its share",
                          {amount("receivables", receivables)});
  if (receivables <= 0) return divide(std::move(figure), 0, 1, Gap::none);
  std::int64_t left = receivables;
  std::int64_t days = 0;
  for (const MonthSales& month : newest_first) {
    figure.inputs.push_back(amount("month_sales", month.sales));
    figure.inputs.push_back(days_input("month_days", month.days));
    if (month.sales > 0 && left <= month.sales) {
      return divide(std::move(figure), Wide{days} * month.sales + Wide{left} * month.days,
                    month.sales, Gap::none);
    }
    if (month.sales > 0) left -= month.sales;
    days += month.days;
  }
  if (days == 0) return divide(std::move(figure), 0, 0, Gap::no_sales);
  figure.state = FigureState::more_than;
  figure.gap = Gap::history_exhausted;
  figure.value = {days, 1};
  return figure;
}

Figure best_possible_dso(std::int64_t not_due, std::int64_t sales, int days) {
  return divide(
      in_days("best_possible_dso", "not_due * days / sales",
              {amount("not_due", not_due), amount("sales", sales), days_input("days", days)}),
      Wide{not_due} * days, sales, Gap::no_sales);
}

Figure average_days_delinquent(std::int64_t receivables, std::int64_t not_due, std::int64_t sales,
                               int days) {
  return divide(in_days("average_days_delinquent", "(receivables - not_due) * days / sales",
                        {amount("receivables", receivables), amount("not_due", not_due),
                         amount("sales", sales), days_input("days", days)}),
                (Wide{receivables} - not_due) * days, sales, Gap::no_sales);
}

Figure average_collection_period(std::int64_t opening, std::int64_t closing, std::int64_t sales,
                                 int days) {
  return divide(in_days("average_collection_period", "(opening + closing) / 2 * days / sales",
                        {amount("opening", opening), amount("closing", closing),
                         amount("sales", sales), days_input("days", days)}),
                (Wide{opening} + closing) * days, Wide{sales} * 2, Gap::no_sales);
}

Figure cei(const CeiTerms& month) {
  const Wide available = Wide{month.beginning} + month.sales;
  return divide(
      in_percent("cei", "(beginning + sales - ending) / (beginning + sales - ending_not_due) * 100",
                 {amount("beginning", month.beginning), amount("sales", month.sales),
                  amount("ending", month.ending), amount("ending_not_due", month.ending_not_due)}),
      (available - month.ending) * 100, available - month.ending_not_due,
      Gap::denominator_not_positive);
}

Figure cei_write_offs_kept(const CeiTerms& month) {
  const Wide available = Wide{month.beginning} + month.sales;
  return divide(
      in_percent("cei_write_offs_kept",
                 "(beginning + sales - ending - written_off) / "
                 "(beginning + sales - ending_not_due) * 100",
                 {amount("beginning", month.beginning), amount("sales", month.sales),
                  amount("ending", month.ending), amount("ending_not_due", month.ending_not_due),
                  amount("written_off", month.written_off)}),
      (available - month.ending - month.written_off) * 100, available - month.ending_not_due,
      Gap::denominator_not_positive);
}

Figure cei_mean(std::span<const Figure> months) {
  // The months have denominators of their own; each enters with nine decimals.
  constexpr Wide scale = 1'000'000'000;
  Wide sum = 0;
  std::int64_t defined = 0;
  for (const Figure& month : months) {
    if (!month.defined()) continue;
    sum += month.value.numerator * scale / month.value.denominator;
    ++defined;
  }
  return divide(in_percent("cei_mean", "mean of the months' CEI",
                           {count("months", std::ssize(months)), count("months_defined", defined)}),
                sum, scale * defined, Gap::no_month_defined);
}

Figure cei_average_sales(const CeiTerms& period, int months) {
  ARREARS_REQUIRE(months > 0);
  const Wide available = Wide{period.beginning} * months + period.sales;
  return divide(in_percent("cei_average_sales",
                           "(beginning + sales / months - ending) / "
                           "(beginning + sales / months - ending_not_due) * 100",
                           {amount("beginning", period.beginning), amount("sales", period.sales),
                            count("months", months), amount("ending", period.ending),
                            amount("ending_not_due", period.ending_not_due)}),
                (available - Wide{period.ending} * months) * 100,
                available - Wide{period.ending_not_due} * months, Gap::denominator_not_positive);
}

Figure collection_rate(const DueAndSettled& by_period_end) {
  return settled_share("collection_rate", "settled by the end of the period / due * 100",
                       by_period_end);
}

Figure collection_rate_next_month(const DueAndSettled& by_next_month_end) {
  return settled_share("collection_rate_next_month",
                       "settled by the end of the next month / due * 100", by_next_month_end);
}

Figure bad_debt_percent(std::int64_t written_off, std::int64_t sales) {
  return divide(in_percent("bad_debt_percent", "written_off / sales * 100",
                           {amount("written_off", written_off), amount("sales", sales)}),
                Wide{written_off} * 100, sales, Gap::no_sales);
}

void PromiseTally::add(PromiseOutcome outcome, std::int64_t promised, std::int64_t paid) {
  switch (outcome) {
    case PromiseOutcome::not_matured:
      ++not_matured;
      return;
    case PromiseOutcome::excluded:
      ++excluded;
      return;
    case PromiseOutcome::kept:
      ++kept;
      break;
    case PromiseOutcome::partly_kept:
      ++partly_kept;
      break;
    case PromiseOutcome::broken:
      ++broken;
      break;
  }
  promised_minor = base::checked_add(promised_minor, promised);
  paid_minor = base::checked_add(paid_minor, std::clamp<std::int64_t>(paid, 0, promised));
}

Figure promise_kept_rate(const PromiseTally& tally) {
  return divide(in_percent("promise_kept_rate", "kept / matured * 100", promise_counts(tally)),
                Wide{tally.kept} * 100, tally.matured(), Gap::nothing_matured);
}

Figure promise_partly_kept_rate(const PromiseTally& tally) {
  return divide(
      in_percent("promise_partly_kept_rate", "partly_kept / matured * 100", promise_counts(tally)),
      Wide{tally.partly_kept} * 100, tally.matured(), Gap::nothing_matured);
}

Figure promise_kept_rate_amount(const PromiseTally& tally) {
  return divide(
      in_percent("promise_kept_rate_amount", "paid / promised * 100",
                 {amount("paid", tally.paid_minor), amount("promised", tally.promised_minor),
                  count("matured", tally.matured())}),
      Wide{tally.paid_minor} * 100, tally.promised_minor, Gap::nothing_matured);
}

Figure right_party_contact_rate(const ContactTally& tally) {
  return divide(
      in_percent("right_party_contact_rate", "right_party / attempts * 100", contact_counts(tally)),
      Wide{tally.right_party} * 100, tally.attempts, Gap::no_attempts);
}

Figure right_party_contact_rate_of_connects(const ContactTally& tally) {
  return divide(in_percent("right_party_contact_rate_of_connects", "right_party / connects * 100",
                           contact_counts(tally)),
                Wide{tally.right_party} * 100, tally.connects, Gap::no_connects);
}

void WeightedDays::add(std::int64_t amount_minor, int days) {
  amount_days += Wide{amount_minor} * days;
  amount = base::checked_add(amount, amount_minor);
  ++items;
}

Figure collection_cycle_time(const WeightedDays& settled) {
  return weighted("collection_cycle_time",
                  "sum(amount * days from the first day overdue to settlement) / sum(amount)",
                  settled, Gap::nothing_settled);
}

Figure collection_cycle_time_open(const WeightedDays& open) {
  Figure figure =
      weighted("collection_cycle_time_open",
               "sum(open * days since the first day overdue) / sum(open)", open, Gap::nothing_open);
  if (figure.defined()) figure.state = FigureState::more_than;
  return figure;
}

Figure average_days_late(const WeightedDays& settled) {
  return weighted("average_days_late", "sum(amount * max(0, settled - due)) / sum(amount)", settled,
                  Gap::nothing_settled);
}

}  // namespace arrears::metrics
