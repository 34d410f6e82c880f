#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "domain/metrics/book_history.h"
#include "domain/metrics/test_ledger.h"

/// Random ledgers: the sums of a book history against the plain questions of the receivables room.
namespace arrears::metrics {
namespace {

using money::RateTable;
using receivables::AllocationId;
using test::Allocation;
using test::AllocationKind;
using test::day;
using test::Document;
using test::DocumentKind;
using test::eur;
using test::Ledger;
using test::LedgerWriter;
using test::Payment;
using test::usd;

class RandomLedger {
 public:
  RandomLedger(std::mt19937_64& random, bool two_currencies)
      : random_(random), two_currencies_(two_currencies) {}

  Ledger make() {
    Date today = day("2025-11-20");
    for (int step = 0; step < 60; ++step) {
      today = today + pick(0, 9);
      const int act = pick(0, 7);
      if (act <= 2) {
        issue(today);
      } else if (act == 3) {
        pay(today);
      } else if (act <= 5) {
        allocate(today);
      } else if (act == 6) {
        take_back(today);
      } else {
        bounce(today);
      }
    }
    return writer_.ledger;
  }

 private:
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  money::Currency currency() { return two_currencies_ && pick(0, 2) == 0 ? eur() : usd(); }

  void issue(Date today) {
    const auto kind = static_cast<DocumentKind>(pick(0, 6));
    const bool negative =
        kind == DocumentKind::credit_note || (kind == DocumentKind::adjustment && pick(0, 1) == 0);
    Document& document = writer_.document(kind, today, today + pick(0, 45),
                                          (negative ? -1 : 1) * pick(1, 500), currency());
    if (pick(0, 2) == 0) {
      const std::int64_t more = (negative ? -1 : 1) * pick(1, 500);
      document.instalments.push_back(
          {.number = 2, .due_on = today + pick(0, 90), .amount_minor = more, .discount_until = {}});
      document.amount_minor += more;
    }
    document.cancelled = pick(0, 12) == 0;
  }

  void pay(Date today) { writer_.payment(today, pick(1, 900), currency()); }

  void allocate(Date today) {
    const std::vector<receivables::OpenItem> items = open_items(writer_.ledger, today);
    const auto payments = unapplied_payments(writer_.ledger, today);
    std::vector<receivables::OpenItem> positive;
    std::vector<receivables::OpenItem> credits;
    for (const auto& item : items) (item.open_minor > 0 ? positive : credits).push_back(item);
    if (positive.empty()) return;
    const auto& item = positive[pick(0, static_cast<int>(positive.size()) - 1)];
    Allocation allocation;
    std::int64_t left = 0;
    const int source = pick(0, 3);
    if (source == 0) {
      allocation.kind = AllocationKind::discount;
      left = 5;
    } else if (source == 1 && !credits.empty()) {
      const auto& credit = credits[pick(0, static_cast<int>(credits.size()) - 1)];
      allocation.kind = AllocationKind::credit;
      allocation.credit = credit.document->id;
      allocation.credit_instalment = credit.instalment->number;
      left = -credit.open_minor;
    } else if (!payments.empty()) {
      const auto& payment = payments[pick(0, static_cast<int>(payments.size()) - 1)];
      allocation.payment = payment.payment->id;
      left = payment.unapplied_minor;
    }
    if (left <= 0) return;
    const std::int64_t most = std::min(left, item.open_minor);
    const std::int64_t amount = pick(0, 1) == 0 ? most : pick(1, static_cast<int>(most));
    Allocation& row = writer_.allocate({}, item.document->id, today, amount);
    allocation.id = row.id;
    allocation.document = row.document;
    allocation.instalment = item.instalment->number;
    allocation.allocated_on = today;
    allocation.amount_minor = amount;
    // Across currencies the source may give less than it settles.
    allocation.source_minor =
        allocation.kind == AllocationKind::discount ? 0 : std::max<std::int64_t>(1, amount - 1);
    row = allocation;
  }

  void reverse(std::size_t at, Date today) {
    Allocation back = writer_.ledger.allocations[at];
    back.reverses = back.id;
    back.amount_minor = -back.amount_minor;
    back.source_minor = -back.source_minor;
    back.allocated_on = today;
    Allocation& row = writer_.allocate({}, back.document, today, 0);
    back.id = row.id;
    row = back;
    reversed_.push_back(back.reverses);
  }

  bool is_standing(const Allocation& row) const {
    return !row.reverses && std::ranges::count(reversed_, row.id) == 0;
  }

  void take_back(Date today) {
    const std::size_t count = writer_.ledger.allocations.size();
    if (count == 0) return;
    const std::size_t at = static_cast<std::size_t>(pick(0, static_cast<int>(count) - 1));
    if (is_standing(writer_.ledger.allocations[at])) reverse(at, today);
  }

  void bounce(Date today) {
    if (writer_.ledger.payments.empty()) return;
    const int last = static_cast<int>(writer_.ledger.payments.size()) - 1;
    const Payment payment = writer_.ledger.payments[pick(0, last)];
    if (payment.reverses || find_reversal(writer_.ledger, payment.id)) return;
    const std::size_t count = writer_.ledger.allocations.size();
    for (std::size_t at = 0; at < count; ++at) {
      const Allocation& row = writer_.ledger.allocations[at];
      if (row.payment == payment.id && is_standing(row)) reverse(at, today);
    }
    writer_.payment(today, -payment.amount_minor, payment.currency, payment.kind, payment.id);
  }

  std::mt19937_64& random_;
  bool two_currencies_;
  LedgerWriter writer_;
  std::vector<AllocationId> reversed_;
};

std::vector<Ledger> four_ledgers(std::mt19937_64& random, bool two_currencies) {
  std::vector<Ledger> ledgers(4);
  for (Ledger& ledger : ledgers) ledger = RandomLedger(random, two_currencies).make();
  return ledgers;
}

std::int64_t in_usd(std::int64_t minor, money::Currency currency, const RateTable& rates, Date on) {
  return rates.convert({minor, currency}, usd(), on)->minor;
}

RateTable monthly_rates() {
  std::vector<money::Rate> rates;
  for (Date on = day("2025-10-31"); on <= day("2026-12-31"); on = calendar::last_of_month(on + 1)) {
    rates.push_back({eur(), usd(), on, 1'100'000'000 + on.days * 1'000});
  }
  return RateTable(rates);
}

TEST(BookHistoryProperty, month_ends_equal_the_aging_of_that_day) {
  const RateTable rates = monthly_rates();
  std::mt19937_64 random(20260630);
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::vector<Ledger> ledgers = four_ledgers(random, round % 2 == 1);
    BookHistory history({day("2026-03-11"), day("2026-06-20")}, day("2026-01-01"),
                        day("2026-12-31"), usd());
    for (const Ledger& ledger : ledgers) history.add(ledger);
    for (std::size_t cut = 0; cut < history.cuts().size(); ++cut) {
      const Date on = history.cuts()[cut];
      SCOPED_TRACE(calendar::to_string(on));
      receivables::Aging dollars{.currency = usd()};
      receivables::Aging euros{.currency = eur()};
      for (const Ledger& ledger : ledgers) {
        for (const receivables::Aging& row : receivables::aging(ledger, on)) {
          add_to(row.currency == usd() ? dollars : euros, row);
        }
      }
      EXPECT_EQ(history.receivables(cut, rates, on).minor,
                dollars.balance() + in_usd(euros.balance(), eur(), rates, on));
      EXPECT_EQ(history.not_due(cut, rates, on).minor,
                dollars.buckets[0] + in_usd(euros.buckets[0], eur(), rates, on));
    }
  }
}

/// The outcome of a period, item by item and question by question.
BookHistory::Outcome outcome_by_questions(const std::vector<Ledger>& ledgers, Period period,
                                          Date next_month_end) {
  BookHistory::Outcome sum;
  const auto settle = [](DueAndSettled& rate, const receivables::Settlement& movement) {
    (movement.kind == AllocationKind::credit ? rate.due : rate.settled) +=
        movement.kind == AllocationKind::credit ? -movement.amount_minor : movement.amount_minor;
  };
  for (const Ledger& ledger : ledgers) {
    for (const Document& document : ledger.documents) {
      if (document.cancelled || document.issued_on > period.to || document.amount_minor < 0) {
        continue;
      }
      for (const receivables::Instalment& item : document.instalments) {
        if (period.from <= item.due_on && item.due_on <= period.to) {
          sum.by_period_end.due += item.amount_minor;
          sum.by_next_month_end.due += item.amount_minor;
          for (const auto& movement : settlements(ledger, document.id, item.number)) {
            if (movement.allocated_on <= period.to) settle(sum.by_period_end, movement);
            if (movement.allocated_on <= next_month_end) settle(sum.by_next_month_end, movement);
          }
        }
        const std::int64_t open = open_amount(ledger, document.id, item.number, period.to);
        if (open > 0 && item.due_on < period.to) {
          sum.open_overdue.add(open, period.to - item.due_on - 1);
        }
        const auto settled = settled_on(ledger, document.id, item.number, period.to);
        if (!settled || *settled < period.from) continue;
        sum.late.add(item.amount_minor, std::max(0, *settled - item.due_on));
        if (*settled > item.due_on) sum.cycle.add(item.amount_minor, *settled - item.due_on - 1);
      }
    }
  }
  return sum;
}

TEST(BookHistoryProperty, outcomes_equal_the_questions_asked_item_by_item) {
  std::mt19937_64 random(7);
  const Period period{day("2026-02-01"), day("2026-04-30")};
  std::int64_t settled_items = 0;
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::vector<Ledger> ledgers = four_ledgers(random, false);
    BookHistory history(period, period.from, day("2026-12-31"), usd());
    for (const Ledger& ledger : ledgers) history.add(ledger);
    const BookHistory::Outcome got = history.outcome({}, period.to);
    const BookHistory::Outcome expected =
        outcome_by_questions(ledgers, period, history.next_month_end());
    EXPECT_EQ(got.by_period_end.due, expected.by_period_end.due);
    EXPECT_EQ(got.by_period_end.settled, expected.by_period_end.settled);
    EXPECT_EQ(got.by_next_month_end.due, expected.by_next_month_end.due);
    EXPECT_EQ(got.by_next_month_end.settled, expected.by_next_month_end.settled);
    const auto expect_days = [](const WeightedDays& a, const WeightedDays& b) {
      EXPECT_EQ(a.amount, b.amount);
      EXPECT_EQ(a.items, b.items);
      EXPECT_TRUE(a.amount_days == b.amount_days);
    };
    expect_days(got.late, expected.late);
    expect_days(got.cycle, expected.cycle);
    expect_days(got.open_overdue, expected.open_overdue);
    settled_items += got.cycle.items;
  }
  EXPECT_GT(settled_items, 100) << "the random ledgers hardly settle anything";
}

}  // namespace
}  // namespace arrears::metrics
