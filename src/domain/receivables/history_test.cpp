#include <gtest/gtest.h>

#include <array>
#include <random>

#include "domain/receivables/test_ledger.h"

/// Random histories made only through the decisions of this room, looked at on every day.
namespace arrears::receivables {
namespace {

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {}

  TestLedger test;

  void step() {
    switch (pick(0, 9)) {
      case 0:
      case 1:
        return record_invoice();
      case 2:
        test.credit_note(pick(1, 3000), calendar::to_string(some_day()));
        return;
      case 3:
        test.payment(pick(1, 8000), calendar::to_string(some_day()));
        return;
      case 4:
      case 5:
        return allocate_some();
      case 6:
        if (!test.ledger.payments.empty()) {
          accept(allocate_oldest_first(test.ledger, {some_source(), {}, {}, some_date()}));
        }
        return;
      case 7:
        return unallocate_some();
      case 8:
        if (test.ledger.payments.empty()) return;
        accept(bounce(test.ledger, {some(test.ledger.payments).id, some_day(), "R", "R01"}));
        return;
      case 9:
        return amend_some();
    }
  }

  /// Takes back everything that is applied, on the last day.
  void undo_all() {
    const std::vector<Allocation> rows = test.ledger.allocations;
    for (const Allocation& row : rows) {
      accept(unallocate(test.ledger, {row.id, first_ + days, {}}));
    }
  }

  Date first() const { return first_; }
  Date last() const { return first_ + days; }

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  Date some_day() { return first_ + static_cast<int>(pick(0, days - 5)); }
  std::optional<Date> some_date() {
    return pick(0, 1) ? std::optional<Date>(some_day()) : std::nullopt;
  }
  template <class Row>
  const Row& some(const std::vector<Row>& rows) {
    return rows[pick(0, static_cast<std::int64_t>(rows.size()) - 1)];
  }
  template <class T, class E>
  void accept(const base::Result<T, E>& result) {
    if (result.ok()) test.write(*result);
  }

  AllocationSource some_source() {
    const bool is_payment = test.ledger.documents.empty() || pick(0, 2);
    if (is_payment && !test.ledger.payments.empty()) {
      return {some(test.ledger.payments).id, {}, 1};
    }
    return {{}, test.ledger.documents.empty() ? DocumentId{} : some(test.ledger.documents).id, 1};
  }

  void record_invoice() {
    const Date issued = some_day();
    const Date due = issued + static_cast<int>(pick(0, 10));
    Document document = make_document("I" + std::to_string(test.ledger.documents.size()),
                                      pick(2, 5000), issued, due);
    if (pick(0, 1)) {
      const std::int64_t first = pick(1, document.amount_minor - 1);
      document.instalments = {{1, due, first, {}, 0},
                              {2, due + 10, document.amount_minor - first, {}, 0}};
    }
    for (Instalment& instalment : document.instalments) {
      if (instalment.amount_minor < 2 || pick(0, 1)) continue;
      instalment.discount_until = instalment.due_on;
      instalment.discounted_minor = instalment.amount_minor - pick(1, instalment.amount_minor / 2);
    }
    test.add(document);
  }

  void allocate_some() {
    if (test.ledger.documents.empty()) return;
    AllocateRequest request{some_source(), {}, some_date()};
    for (int i = 0; i <= pick(0, 2); ++i) {
      request.targets.push_back(
          {some(test.ledger.documents).id, static_cast<int>(pick(1, 2)), pick(1, 3000), {}});
    }
    accept(allocate(test.ledger, request));
  }

  void unallocate_some() {
    if (test.ledger.allocations.empty()) return;
    const Allocation row = some(test.ledger.allocations);
    const auto amount =
        pick(0, 1) ? std::optional<std::int64_t>(pick(1, 3000)) : std::optional<std::int64_t>();
    accept(unallocate(test.ledger, {row.id, some_day(), amount}));
  }

  void amend_some() {
    if (test.ledger.documents.empty() || test.ledger.payments.empty()) return;
    Document document = some(test.ledger.documents);
    Payment payment = some(test.ledger.payments);
    switch (pick(0, 3)) {
      case 0: {
        const std::int64_t change = pick(-500, 500);
        document.amount_minor += change;
        document.instalments.back().amount_minor += change;
        document.issued_on = document.issued_on + static_cast<int>(pick(-3, 3));
        return accept(amend_document(test.ledger, document, test.ledger.customer));
      }
      case 1:
        return accept(cancel_document(test.ledger, document.id));
      case 2:
        payment.amount_minor += pick(-500, 500);
        payment.value_on = payment.value_on + static_cast<int>(pick(-3, 3));
        return accept(amend_payment(test.ledger, payment, test.ledger.customer));
      case 3:
        return accept(cancel_payment(test.ledger, payment.id));
    }
  }

  static constexpr int days = 40;
  const Date first_ = day("2026-03-01");
  std::mt19937_64 random_;
};

std::int64_t cash_received(const Ledger& ledger, Date as_of) {
  std::int64_t sum = 0;
  for (const Payment& payment : ledger.payments) {
    if (payment.cancelled || payment.value_on > as_of) continue;
    // A bounce of a payment that was recorded in error lost nothing.
    const Payment* original = payment.reverses ? find_payment(ledger, payment.reverses) : nullptr;
    if (original == nullptr || !original->cancelled) sum += payment.amount_minor;
  }
  return sum;
}

void check_day(const Ledger& ledger, Date as_of) {
  std::int64_t open = 0;
  std::int64_t credits = 0;
  for (const OpenItem& item : open_items(ledger, as_of)) {
    const std::int64_t amount = item.instalment->amount_minor;
    ASSERT_EQ(amount < 0, item.open_minor < 0) << item.document->number;
    ASSERT_LE(std::abs(item.open_minor), std::abs(amount)) << item.document->number;
    ASSERT_EQ(item.open_minor,
              open_amount(ledger, item.document->id, item.instalment->number, as_of));
    (item.open_minor > 0 ? open : credits) += item.open_minor;
  }
  std::int64_t unapplied = 0;
  for (const UnappliedPayment& left : unapplied_payments(ledger, as_of)) {
    ASSERT_GT(left.unapplied_minor, 0);
    unapplied += left.unapplied_minor;
  }
  std::int64_t allocated = 0;
  for (const Allocation& row : ledger.allocations) {
    if (row.kind != AllocationKind::payment || row.allocated_on > as_of) continue;
    if (counts(ledger, row)) allocated += row.source_minor;
  }
  ASSERT_EQ(cash_received(ledger, as_of) - unapplied, allocated);
  const std::vector<Aging> rows = aging(ledger, as_of);
  ASSERT_LE(rows.size(), 1u);
  const Aging row = rows.empty() ? Aging{} : rows[0];
  ASSERT_EQ(row.total(), open);
  ASSERT_EQ(row.credits, -credits);
  ASSERT_EQ(row.unapplied_cash, unapplied);
  ASSERT_EQ(row.balance(), open + credits - unapplied);
}

TEST(RandomHistory, nothing_is_created_or_lost_on_any_day) {
  std::array<int, 3> rows{};
  int reversals = 0;
  int bounces = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    History history(seed);
    for (int i = 0; i < 150; ++i) history.step();
    const Ledger& ledger = history.test.ledger;
    for (Date as_of = history.first() - 4; as_of <= history.last(); as_of = as_of + 1) {
      check_day(ledger, as_of);
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ", " << calendar::to_string(as_of);
    }
    for (const Allocation& row : ledger.allocations) {
      ++rows[static_cast<std::size_t>(row.kind)];
      reversals += row.reverses ? 1 : 0;
    }
    for (const Payment& payment : ledger.payments) bounces += payment.reverses ? 1 : 0;
  }
  // The histories hold enough of everything to mean something.
  for (const int count : rows) EXPECT_GT(count, 200);
  EXPECT_GT(reversals, 1000);
  EXPECT_GT(bounces, 500);
}

TEST(RandomHistory, undoing_all_allocations_restores_every_amount) {
  for (std::uint64_t seed = 1000; seed < 1200; ++seed) {
    History history(seed);
    for (int i = 0; i < 80; ++i) history.step();
    history.undo_all();
    const Ledger& ledger = history.test.ledger;
    Ledger untouched = ledger;
    untouched.allocations.clear();
    const std::vector<OpenItem> items = open_items(ledger, history.last());
    const std::vector<OpenItem> all = open_items(untouched, history.last());
    ASSERT_EQ(items.size(), all.size()) << seed;
    for (const OpenItem& item : items) {
      ASSERT_EQ(item.open_minor, item.instalment->amount_minor) << "seed " << seed;
    }
    std::int64_t unapplied = 0;
    for (const auto& left : unapplied_payments(ledger, history.last())) {
      unapplied += left.unapplied_minor;
    }
    ASSERT_EQ(unapplied, cash_received(ledger, history.last())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace arrears::receivables
