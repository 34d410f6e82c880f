#include "domain/metrics/book_history.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/checked.h"

namespace arrears::metrics {
namespace {

using base::checked_add;
using receivables::Allocation;
using receivables::AllocationKind;
using receivables::Document;
using receivables::DocumentKind;
using receivables::Instalment;
using receivables::Ledger;
using receivables::Payment;
using receivables::PaymentKind;

bool is_sale(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::invoice:
    case DocumentKind::credit_note:
    case DocumentKind::fee:
    case DocumentKind::interest_note:
      return true;
    case DocumentKind::opening_balance:
    case DocumentKind::refund:
    case DocumentKind::adjustment:
      return false;
  }
  return false;
}

/// Converts amounts to the currency of the book and remembers the first rate that is missing.
class Conversion {
 public:
  Conversion(const money::RateTable& rates, money::Currency target, Date on,
             std::string& missing_rate)
      : rates_(rates), target_(target), on_(on), missing_rate_(missing_rate) {}

  std::int64_t operator()(std::int64_t minor, money::Currency currency) {
    if (minor == 0 || currency == target_) return minor;
    if (const auto converted = rates_.convert({minor, currency}, target_, on_)) {
      return converted->minor;
    }
    if (missing_rate_.empty()) {
      missing_rate_ = "no rate " + std::string(currency.code()) + " to " +
                      std::string(target_.code()) + " on " + calendar::to_string(on_);
    }
    return 0;
  }

  Wide wide(Wide minor, money::Currency currency) {
    if (currency == target_) return minor;
    ARREARS_REQUIRE(minor <= std::numeric_limits<std::int64_t>::max());
    return (*this)(static_cast<std::int64_t>(minor), currency);
  }

 private:
  const money::RateTable& rates_;
  money::Currency target_;
  Date on_;
  std::string& missing_rate_;
};

void add_converted(DueAndSettled& sum, const DueAndSettled& part, money::Currency currency,
                   Conversion& convert) {
  sum.due = checked_add(sum.due, convert(part.due, currency));
  sum.settled = checked_add(sum.settled, convert(part.settled, currency));
  sum.inferred = checked_add(sum.inferred, convert(part.inferred, currency));
}

void add_converted(WeightedDays& sum, const WeightedDays& part, money::Currency currency,
                   Conversion& convert) {
  sum.amount_days += convert.wide(part.amount_days, currency);
  sum.amount = checked_add(sum.amount, convert(part.amount, currency));
  sum.items += part.items;
}

}  // namespace

BookHistory::BookHistory(Period period, Date history_from, Date as_of, money::Currency currency)
    : period_(period),
      as_of_(as_of),
      next_month_end_(calendar::last_of_month(calendar::last_of_month(period.to) + 1)),
      currency_(currency) {
  ARREARS_REQUIRE(history_from <= period.from && period.from <= period.to && period.to <= as_of);
  cuts_.push_back(calendar::first_of_month(history_from) - 1);
  while (cuts_.back() < period.to) {
    Date cut = std::min(calendar::last_of_month(cuts_.back() + 1), period.to);
    if (cuts_.back() < period.from - 1) cut = std::min(cut, period.from - 1);
    cuts_.push_back(cut);
  }
  opening_cut_ = cut_of(period.from - 1);
}

/// The first cut on or after `day`; cuts().size() for a day after the period.
std::size_t BookHistory::cut_of(Date day) const {
  return static_cast<std::size_t>(std::lower_bound(cuts_.begin(), cuts_.end(), day) -
                                  cuts_.begin());
}

std::size_t BookHistory::book_of(money::Currency currency) {
  // In order of currency, so that the first missing rate is the same however customers came.
  const auto place = std::ranges::lower_bound(books_, currency, {}, &CurrencyBook::currency);
  const auto at = static_cast<std::size_t>(place - books_.begin());
  if (place == books_.end() || place->currency != currency) {
    books_.insert(place,
                  {.currency = currency, .cells = std::vector<Cell>(cuts_.size()), .outcome = {}});
  }
  return at;
}

void BookHistory::change(money::Currency currency, Date on, std::int64_t Cell::* term,
                         std::int64_t minor) {
  const std::size_t cut = cut_of(on);
  if (cut == cuts_.size()) return;
  std::int64_t& sum = books_[book_of(currency)].cells[cut].*term;
  sum = checked_add(sum, minor);
}

void BookHistory::add_write_off(Date on, money::Money amount) {
  change(amount.currency, on, &Cell::written_off, amount.minor);
}

void BookHistory::add_sums(money::Currency currency, std::span<const Cell> cells,
                           const Outcome& outcome, std::optional<Date> first_sale) {
  ARREARS_REQUIRE(cells.size() == cuts_.size());
  CurrencyBook& book = books_[book_of(currency)];
  for (std::size_t cut = 0; cut < cells.size(); ++cut) {
    Cell& sum = book.cells[cut];
    sum.receivables = checked_add(sum.receivables, cells[cut].receivables);
    sum.not_due = checked_add(sum.not_due, cells[cut].not_due);
    sum.sales = checked_add(sum.sales, cells[cut].sales);
    sum.written_off = checked_add(sum.written_off, cells[cut].written_off);
  }
  // In one currency nothing is converted.
  std::string missing_rate;
  const money::RateTable no_rates;
  Conversion same(no_rates, currency, period_.to, missing_rate);
  add_converted(book.outcome.by_period_end, outcome.by_period_end, currency, same);
  add_converted(book.outcome.by_next_month_end, outcome.by_next_month_end, currency, same);
  add_converted(book.outcome.late, outcome.late, currency, same);
  add_converted(book.outcome.cycle, outcome.cycle, currency, same);
  add_converted(book.outcome.open_overdue, outcome.open_overdue, currency, same);
  if (first_sale && (!first_sale_ || *first_sale < *first_sale_)) first_sale_ = first_sale;
}

void BookHistory::add(const Ledger& ledger) {
  movements_.clear();
  add_documents(ledger);
  add_allocations(ledger);
  // Only the end of a day is looked at, so the order within it does not matter.
  std::sort(movements_.begin(), movements_.end(), [](const Movement& a, const Movement& b) {
    if (a.document != b.document) return a.document < b.document;
    return a.instalment != b.instalment ? a.instalment < b.instalment : a.on < b.on;
  });
  std::size_t first = 0;
  for (std::size_t at = 0; at < ledger.documents.size(); ++at) {
    const std::size_t begin = first;
    while (first < movements_.size() && movements_[first].document == at) ++first;
    const Document& document = ledger.documents[at];
    if (document.cancelled || document.issued_on > period_.to) continue;
    const auto movements = std::span(movements_).subspan(begin, first - begin);
    for (const Instalment& instalment : document.instalments) {
      if (instalment.amount_minor <= 0) continue;
      const auto [from, to] =
          std::ranges::equal_range(movements, instalment.number, {}, &Movement::instalment);
      follow(document, instalment, {from, to});
    }
  }
}

void BookHistory::add_documents(const Ledger& ledger) {
  for (const Document& document : ledger.documents) {
    if (document.cancelled) continue;
    change(document.currency, document.issued_on, &Cell::receivables, document.amount_minor);
    if (!is_sale(document.kind)) continue;
    change(document.currency, document.issued_on, &Cell::sales, document.amount_minor);
    if (document.amount_minor > 0 && (!first_sale_ || document.issued_on < *first_sale_)) {
      first_sale_ = document.issued_on;
    }
  }
  for (const Payment& payment : ledger.payments) {
    if (payment.cancelled) continue;
    if (payment.reverses) {
      const Payment* reversed = receivables::find_payment(ledger, payment.reverses);
      if (reversed == nullptr || reversed->cancelled) continue;
    }
    change(payment.currency, payment.value_on, &Cell::receivables, -payment.amount_minor);
  }
}

/// An allocation lowers what is open and, by the same stroke, what its source has left: in one
/// currency the receivables stay as they are, only a discount lowers them.
void BookHistory::add_allocations(const Ledger& ledger) {
  for (const Allocation& allocation : ledger.allocations) {
    if (!receivables::counts(ledger, allocation)) continue;
    const Document* document = receivables::find_document(ledger, allocation.document);
    const Payment* payment = nullptr;
    const Document* credit = nullptr;
    switch (allocation.kind) {
      case AllocationKind::payment:
        payment = receivables::find_payment(ledger, allocation.payment);
        break;
      case AllocationKind::credit:
        credit = receivables::find_document(ledger, allocation.credit);
        break;
      case AllocationKind::discount:
        break;
    }
    const Date on = allocation.allocated_on;
    if (payment != nullptr) {
      change(payment->currency, on, &Cell::receivables, allocation.source_minor);
    }
    if (credit != nullptr) {
      change(credit->currency, on, &Cell::receivables, allocation.source_minor);
    }
    if (document == nullptr) continue;
    change(document->currency, on, &Cell::receivables, -allocation.amount_minor);
    movements_.push_back(
        {.document = static_cast<std::size_t>(document - ledger.documents.data()),
         .instalment = allocation.instalment,
         .on = on,
         .amount_minor = allocation.amount_minor,
         .credit = allocation.kind == AllocationKind::credit,
         .inferred = payment != nullptr && payment->kind == PaymentKind::inferred_closure});
  }
}

void BookHistory::follow(const Document& document, const Instalment& instalment,
                         std::span<const Movement> movements) {
  CurrencyBook& book = books_[book_of(document.currency)];
  follow_not_due(book, document, instalment, movements);
  follow_outcome(book.outcome, instalment, movements);
}

/// The instalment is part of "not due" at the cuts from its issue to its due date.
void BookHistory::follow_not_due(CurrencyBook& book, const Document& document,
                                 const Instalment& instalment,
                                 std::span<const Movement> movements) const {
  const std::size_t issued = cut_of(document.issued_on);
  const std::size_t overdue = cut_of(instalment.due_on + 1);
  if (issued >= overdue) return;
  const auto change_at = [&book](std::size_t cut, std::int64_t minor) {
    book.cells[cut].not_due = checked_add(book.cells[cut].not_due, minor);
  };
  std::int64_t left = instalment.amount_minor;
  change_at(issued, left);
  for (const Movement& movement : movements) {
    const std::size_t cut = cut_of(movement.on);
    if (cut >= overdue) break;
    change_at(cut, -movement.amount_minor);
    left -= movement.amount_minor;
  }
  if (overdue < cuts_.size()) change_at(overdue, -left);
}

void BookHistory::follow_outcome(Outcome& outcome, const Instalment& instalment,
                                 std::span<const Movement> movements) const {
  const bool fell_due = period_.from <= instalment.due_on && instalment.due_on <= period_.to;
  std::int64_t open = instalment.amount_minor;
  std::optional<Date> settled_on;
  const auto count = [](DueAndSettled& sum, const Movement& movement) {
    if (movement.credit) {
      sum.due = checked_add(sum.due, -movement.amount_minor);
      return;
    }
    sum.settled = checked_add(sum.settled, movement.amount_minor);
    if (movement.inferred) sum.inferred = checked_add(sum.inferred, movement.amount_minor);
  };
  for (std::size_t at = 0; at < movements.size(); ++at) {
    const Movement& movement = movements[at];
    if (fell_due && movement.on <= period_.to) count(outcome.by_period_end, movement);
    if (fell_due && movement.on <= next_month_end_) count(outcome.by_next_month_end, movement);
    if (movement.on > period_.to) continue;
    open -= movement.amount_minor;
    // Only the end of a day counts: taken back and given again on one day, it stayed settled.
    if (at + 1 < movements.size() && movements[at + 1].on == movement.on) continue;
    if (open != 0) settled_on.reset();
    if (open == 0 && !settled_on) settled_on = movement.on;
  }
  if (fell_due) {
    outcome.by_period_end.due = checked_add(outcome.by_period_end.due, instalment.amount_minor);
    outcome.by_next_month_end.due =
        checked_add(outcome.by_next_month_end.due, instalment.amount_minor);
  }
  if (open > 0) {
    const int overdue = calendar::days_overdue(instalment.due_on, period_.to);
    if (overdue > 0) outcome.open_overdue.add(open, overdue - 1);
  }
  if (!settled_on || *settled_on < period_.from) return;
  const int late = calendar::days_overdue(instalment.due_on, *settled_on);
  outcome.late.add(instalment.amount_minor, std::max(0, late));
  if (late > 0) outcome.cycle.add(instalment.amount_minor, late - 1);
}

BookAmount BookHistory::total(std::size_t first_cut, std::size_t last_cut,
                              std::int64_t Cell::* term, const money::RateTable& rates,
                              Date rate_on) const {
  ARREARS_REQUIRE(last_cut < cuts_.size());
  BookAmount sum;
  Conversion convert(rates, currency_, rate_on, sum.missing_rate);
  for (const CurrencyBook& book : books_) {
    std::int64_t minor = 0;
    for (std::size_t cut = first_cut; cut <= last_cut; ++cut) {
      minor = checked_add(minor, book.cells[cut].*term);
    }
    sum.minor = checked_add(sum.minor, convert(minor, book.currency));
  }
  return sum;
}

BookAmount BookHistory::receivables(std::size_t cut, const money::RateTable& rates,
                                    Date rate_on) const {
  return total(0, cut, &Cell::receivables, rates, rate_on);
}

BookAmount BookHistory::not_due(std::size_t cut, const money::RateTable& rates,
                                Date rate_on) const {
  return total(0, cut, &Cell::not_due, rates, rate_on);
}

BookAmount BookHistory::sales(std::size_t cut, const money::RateTable& rates, Date rate_on) const {
  ARREARS_REQUIRE(cut > 0);
  return total(cut, cut, &Cell::sales, rates, rate_on);
}

BookAmount BookHistory::written_off(std::size_t cut, const money::RateTable& rates,
                                    Date rate_on) const {
  ARREARS_REQUIRE(cut > 0);
  return total(cut, cut, &Cell::written_off, rates, rate_on);
}

BookHistory::Outcome BookHistory::outcome(const money::RateTable& rates, Date rate_on) const {
  Outcome sum;
  Conversion convert(rates, currency_, rate_on, sum.missing_rate);
  for (const CurrencyBook& book : books_) {
    const Outcome& part = book.outcome;
    add_converted(sum.by_period_end, part.by_period_end, book.currency, convert);
    add_converted(sum.by_next_month_end, part.by_next_month_end, book.currency, convert);
    add_converted(sum.late, part.late, book.currency, convert);
    add_converted(sum.cycle, part.cycle, book.currency, convert);
    add_converted(sum.open_overdue, part.open_overdue, book.currency, convert);
  }
  return sum;
}

}  // namespace arrears::metrics
