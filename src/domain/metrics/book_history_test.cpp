#include "domain/metrics/book_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "domain/metrics/book_figures.h"
#include "domain/metrics/test_ledger.h"

namespace arrears::metrics {
namespace {

using money::RateTable;
using receivables::AllocationId;
using test::Allocation;
using test::AllocationKind;
using test::day;
using test::Document;
using test::DocumentId;
using test::DocumentKind;
using test::eur;
using test::LedgerWriter;
using test::PaymentId;
using test::PaymentKind;
using test::usd;

/// The second quarter of 2026, seen from 31 August, with sales kept from January.
BookHistory second_quarter() {
  return {{day("2026-04-01"), day("2026-06-30")}, day("2026-01-15"), day("2026-08-31"), usd()};
}

const Figure& figure(const BookFigures& figures, const std::string& name) {
  for (const Figure& candidate : figures.period) {
    if (candidate.name == name) return candidate;
  }
  ADD_FAILURE() << "no figure " << name;
  return figures.period.front();
}

std::string shown(const BookHistory& history, const std::string& name,
                  const RateTable& rates = {}) {
  return to_text(figure(book_figures(history, rates), name));
}

TEST(BookHistory, cuts_are_the_month_ends_and_the_ends_of_the_period) {
  struct Case {
    const char* label;
    const char* from;
    const char* to;
    const char* history_from;
    std::vector<const char*> cuts;
    std::size_t opening;
  };
  const Case cases[] = {
      {"whole months",
       "2026-02-01",
       "2026-03-31",
       "2026-01-20",
       {"2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"},
       1},
      {"within a month",
       "2026-02-10",
       "2026-02-20",
       "2026-02-10",
       {"2026-01-31", "2026-02-09", "2026-02-20"},
       1},
      {"one day", "2026-02-01", "2026-02-01", "2026-02-01", {"2026-01-31", "2026-02-01"}, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.label);
    const BookHistory history({day(c.from), day(c.to)}, day(c.history_from), day(c.to), usd());
    std::vector<Date> expected;
    std::ranges::transform(c.cuts, std::back_inserter(expected), day);
    EXPECT_EQ(std::vector<Date>(history.cuts().begin(), history.cuts().end()), expected);
    EXPECT_EQ(history.opening_cut(), c.opening);
  }
}

TEST(BookHistory, an_item_is_not_due_on_its_due_date_and_overdue_on_the_day_after) {
  struct Case {
    const char* due_on;
    std::int64_t not_due;
  };
  for (const Case& c : {Case{"2026-06-29", 0}, Case{"2026-06-30", 100}, Case{"2026-07-01", 100}}) {
    SCOPED_TRACE(c.due_on);
    LedgerWriter writer;
    writer.invoice("2026-06-01", c.due_on, 100);
    BookHistory history = second_quarter();
    history.add(writer.ledger);
    const std::size_t closing = history.closing_cut();
    EXPECT_EQ(history.not_due(closing, {}, day("2026-06-30")).minor, c.not_due);
    EXPECT_EQ(history.receivables(closing, {}, day("2026-06-30")).minor, 100);
  }
}

TEST(BookHistory, sales_are_invoices_fees_and_interest_less_credit_notes) {
  LedgerWriter writer;
  const Date june = day("2026-06-15");
  writer.document(DocumentKind::invoice, june, june, 1'000);
  writer.document(DocumentKind::fee, june, june, 40);
  writer.document(DocumentKind::interest_note, june, june, 7);
  writer.document(DocumentKind::credit_note, june, june, -300);
  writer.document(DocumentKind::opening_balance, june, june, 5'000);
  writer.document(DocumentKind::refund, june, june, 200);
  writer.document(DocumentKind::adjustment, june, june, -50);
  writer.document(DocumentKind::invoice, june, june, 9'000).cancelled = true;
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  EXPECT_EQ(history.sales(history.closing_cut(), {}, june).minor, 747);
  EXPECT_EQ(history.receivables(history.closing_cut(), {}, june).minor, 5'897);
}

TEST(BookHistory, count_back_reaches_to_the_month_of_the_first_sale) {
  LedgerWriter writer;
  writer.invoice("2026-05-10", "2026-06-10", 100'00);
  writer.invoice("2026-06-10", "2026-07-10", 100'00);
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  EXPECT_EQ(shown(history, "dso_count_back"), "61.0 days");
  LedgerWriter opening;
  opening.document(DocumentKind::opening_balance, day("2026-01-01"), day("2026-01-31"), 1);
  history.add(opening.ledger);
  EXPECT_EQ(shown(history, "dso_count_back"), "more than 61 days");
  const BookHistory empty = second_quarter();
  EXPECT_EQ(shown(empty, "dso_count_back"), "0.0 days");
  EXPECT_EQ(shown(empty, "dso_simple"), "not defined: no sales");
}

TEST(BookHistory, count_back_joins_a_month_that_the_period_cuts_in_two) {
  LedgerWriter writer;
  writer.invoice("2026-06-05", "2026-07-05", 80'00);
  writer.invoice("2026-06-15", "2026-07-15", 20'00);
  const DocumentId paid = writer.invoice("2026-06-16", "2026-07-16", 20'00);
  writer.pay(paid, "2026-06-18", 20'00);
  BookHistory history({day("2026-06-11"), day("2026-06-20")}, day("2026-01-01"), day("2026-06-20"),
                      usd());
  history.add(writer.ledger);
  // 100.00 of the 120.00 sold in the 20 days of June that have gone by.
  EXPECT_EQ(to_decimal(figure(book_figures(history, {}), "dso_count_back"), 3), "16.667");
  // 100.00 against the 40.00 sold in the 10 days of the period.
  EXPECT_EQ(to_decimal(figure(book_figures(history, {}), "dso_simple"), 3), "25.000");
}

TEST(BookHistory, cei_of_a_month_takes_its_opening_receivables) {
  LedgerWriter writer;
  const DocumentId old = writer.invoice("2026-04-10", "2026-05-10", 500'000'00);
  writer.pay(old, "2026-06-20", 350'000'00 - 20'000'00);
  writer.invoice("2026-06-10", "2026-07-10", 320'000'00);
  BookHistory history({day("2026-06-01"), day("2026-06-30")}, day("2026-01-01"), day("2026-06-30"),
                      usd());
  history.add(writer.ledger);
  history.add_write_off(day("2026-06-30"), {12'500'00, usd()});
  const BookFigures figures = book_figures(history, {});
  ASSERT_EQ(figures.months.size(), 1u);
  // (500 + 320 - 490) / (500 + 320 - 320)
  EXPECT_EQ(to_text(figures.months[0].cei), "66.00 %");
  EXPECT_EQ(to_text(figures.months[0].cei_write_offs_kept), "63.50 %");
  EXPECT_EQ(to_text(figure(figures, "cei_mean")), "66.00 %");
  EXPECT_EQ(to_text(figure(figures, "cei_average_sales")), "66.00 %");
  EXPECT_EQ(to_text(figure(figures, "cei_write_offs_kept_mean")), "63.50 %");
  EXPECT_EQ(to_text(figure(figures, "bad_debt_percent")), "3.91 %");
}

TEST(BookHistory, collection_rate_has_two_cut_offs_and_credits_reduce_both_sides) {
  LedgerWriter writer;
  const DocumentId in_time = writer.invoice("2026-05-01", "2026-06-01", 100'00);
  const DocumentId late = writer.invoice("2026-05-01", "2026-06-30", 100'00);
  const DocumentId credited = writer.invoice("2026-05-01", "2026-06-15", 50'00);
  const DocumentId later = writer.invoice("2026-05-01", "2026-07-01", 70'00);
  writer.pay(in_time, "2026-05-31", 90'00);
  writer.allocate({}, in_time, day("2026-05-31"), 10'00).kind = AllocationKind::discount;
  writer.pay(late, "2026-06-30", 20'00, PaymentKind::inferred_closure);
  writer.pay(late, "2026-07-31", 50'00);
  writer.pay(late, "2026-08-01", 30'00);
  writer.pay(later, "2026-06-01", 70'00);
  const DocumentId note =
      writer.document(DocumentKind::credit_note, day("2026-06-10"), day("2026-06-10"), -50'00).id;
  writer.credit(note, credited, "2026-06-20", 50'00);
  std::ranges::sort(writer.ledger.documents, {}, &Document::id);
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  const BookFigures figures = book_figures(history, {});
  EXPECT_EQ(to_text(figure(figures, "collection_rate")), "60.00 %");
  const std::vector<Input> inputs = {{"due", InputKind::amount_minor, 200'00},
                                     {"settled", InputKind::amount_minor, 120'00},
                                     {"of_it_inferred", InputKind::amount_minor, 20'00}};
  EXPECT_EQ(figure(figures, "collection_rate").inputs, inputs);
  EXPECT_EQ(to_text(figure(figures, "collection_rate_next_month")), "85.00 %");
}

TEST(BookHistory, the_next_month_figure_waits_for_the_end_of_that_month) {
  LedgerWriter writer;
  writer.invoice("2026-05-01", "2026-06-01", 100'00);
  for (const auto& [as_of, expected] :
       {std::pair{"2026-07-30", "not defined: the cut-off is still to come (2026-07-31)"},
        std::pair{"2026-07-31", "0.00 %"}}) {
    SCOPED_TRACE(as_of);
    BookHistory history({day("2026-06-01"), day("2026-06-30")}, day("2026-01-01"), day(as_of),
                        usd());
    history.add(writer.ledger);
    EXPECT_EQ(shown(history, "collection_rate_next_month"), expected);
  }
}

TEST(BookHistory, cycle_time_runs_from_the_first_day_overdue) {
  LedgerWriter writer;
  const DocumentId in_time = writer.invoice("2026-05-01", "2026-06-01", 100'00);
  writer.pay(in_time, "2026-06-01", 100'00);
  const DocumentId first_day = writer.invoice("2026-05-01", "2026-06-01", 100'00);
  writer.pay(first_day, "2026-06-02", 100'00);
  const DocumentId late = writer.invoice("2026-05-01", "2026-06-01", 300'00);
  writer.pay(late, "2026-06-05", 200'00);
  writer.pay(late, "2026-06-12", 100'00);
  const DocumentId before = writer.invoice("2026-01-01", "2026-01-31", 900'00);
  writer.pay(before, "2026-03-31", 900'00);
  writer.invoice("2026-05-01", "2026-06-19", 80'00);
  writer.invoice("2026-05-01", "2026-06-30", 999'00);
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  EXPECT_EQ(shown(history, "collection_cycle_time"), "7.5 days");
  EXPECT_EQ(shown(history, "collection_cycle_time_open"), "more than 10 days");
  EXPECT_EQ(shown(history, "average_days_late"), "6.8 days");
}

TEST(BookHistory, a_bounced_payment_makes_the_item_unsettled) {
  LedgerWriter writer;
  const DocumentId invoice = writer.invoice("2026-05-01", "2026-06-01", 100'00);
  const PaymentId payment = writer.payment(day("2026-06-10"), 100'00);
  const AllocationId first = writer.allocate(payment, invoice, day("2026-06-10"), 100'00).id;
  writer.payment(day("2026-06-20"), -100'00, usd(), PaymentKind::payment, payment);
  writer.allocate(payment, invoice, day("2026-06-20"), -100'00).reverses = first;
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  EXPECT_EQ(shown(history, "collection_cycle_time"), "not defined: nothing was settled");
  EXPECT_EQ(shown(history, "collection_rate"), "0.00 %");
  EXPECT_EQ(history.receivables(history.closing_cut(), {}, day("2026-06-30")).minor, 100'00);
}

TEST(BookHistory, a_missing_rate_makes_a_figure_undefined_and_is_named) {
  LedgerWriter writer;
  writer.invoice("2026-05-10", "2026-06-10", 100'00);
  writer.invoice("2026-06-10", "2026-07-10", 100'00, eur());
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  const std::string missing =
      "not defined: an exchange rate is missing (no rate EUR to USD on 2026-06-30)";
  const BookFigures figures = book_figures(history, {});
  EXPECT_EQ(to_text(figure(figures, "dso_simple")), missing);
  EXPECT_EQ(to_text(figure(figures, "dso_count_back")), missing);
  EXPECT_EQ(to_text(figure(figures, "best_possible_dso")), missing);
  EXPECT_EQ(to_text(figures.months[2].cei), missing);
  EXPECT_EQ(to_text(figures.months[1].dso_count_back), "31.0 days");
  EXPECT_TRUE(figure(figures, "dso_simple").inputs.empty());
  EXPECT_EQ(to_text(figure(figures, "bad_debt_percent")), missing);
  // Only the dollar invoice fell due: no rate is needed.
  EXPECT_EQ(to_text(figure(figures, "collection_rate")), "0.00 %");

  const RateTable rates({{eur(), usd(), day("2026-06-30"), 2 * money::rate_scale}});
  EXPECT_EQ(shown(history, "dso_simple", rates), "91.0 days");
  EXPECT_EQ(shown(history, "dso_count_back", rates), "61.0 days");
}

TEST(BookHistory, all_terms_of_one_cei_are_at_the_rate_of_its_month_end) {
  LedgerWriter writer;
  writer.invoice("2026-05-10", "2026-06-10", 100'00, eur());
  const DocumentId paid = writer.invoice("2026-05-10", "2026-06-10", 100'00, eur());
  writer.allocate(writer.payment(day("2026-06-12"), 100'00, eur()), paid, day("2026-06-12"),
                  100'00);
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  const RateTable rates({{eur(), usd(), day("2026-05-31"), money::rate_scale},
                         {eur(), usd(), day("2026-06-30"), 3 * money::rate_scale}});
  const Figure june = book_figures(history, rates).months[2].cei;
  // Half of the receivables of May was collected; the euro's rise collected nothing.
  EXPECT_EQ(to_text(june), "50.00 %");
  const std::vector<Input> inputs = {{"beginning", InputKind::amount_minor, 600'00},
                                     {"sales", InputKind::amount_minor, 0},
                                     {"ending", InputKind::amount_minor, 300'00},
                                     {"ending_not_due", InputKind::amount_minor, 0}};
  EXPECT_EQ(june.inputs, inputs);
}

TEST(BookHistory, a_rate_missing_before_the_reach_of_the_count_back_does_no_harm) {
  LedgerWriter writer;
  const DocumentId paid = writer.invoice("2026-05-10", "2026-06-10", 100'00, eur());
  Allocation& allocation = writer.allocate(writer.payment(day("2026-06-01"), 100'00, eur()), paid,
                                           day("2026-06-01"), 100'00);
  EXPECT_EQ(allocation.amount_minor, 100'00);
  writer.invoice("2026-06-10", "2026-07-10", 100'00);
  BookHistory history = second_quarter();
  history.add(writer.ledger);
  EXPECT_EQ(shown(history, "dso_count_back"), "30.0 days");
}

}  // namespace
}  // namespace arrears::metrics
