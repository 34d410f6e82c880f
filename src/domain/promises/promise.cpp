#include "domain/promises/promise.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/checked.h"
#include "domain/receivables/dispute.h"

namespace arrears::promises {

Date deadline(const Promise& promise, const calendar::BusinessCalendar& entity_calendar) {
  // Rolled first: with one day of tolerance a promise for Saturday may be paid until Tuesday.
  return entity_calendar.add_business_days(entity_calendar.roll_forward(promise.due_on),
                                           promise.tolerance_days);
}

namespace {

/// What of the promised amount of one item was paid in time, as of `as_of`.
std::int64_t paid_in_time(const Promise& promise, std::int64_t promised_minor,
                          const std::vector<receivables::Settlement>& movements, Date deadline,
                          Date as_of) {
  std::int64_t paid = 0;
  for (const receivables::Settlement& movement : movements) {
    if (movement.allocated_on > as_of) continue;
    if (movement.valued_on < promise.made_on || movement.valued_on > deadline) continue;
    paid = base::checked_add(paid, movement.amount_minor);
  }
  return std::clamp<std::int64_t>(paid, 0, promised_minor);
}

/// The first event that took effect by `as_of`, null if none did.
const PromiseEvent* ending_event(const Promise& promise, Date deadline, Date as_of) {
  const PromiseEvent* first = nullptr;
  for (const PromiseEvent& event : promise.events) {
    if (event.on > as_of || event.on > deadline) continue;
    if (first == nullptr || event.on < first->on) first = &event;
  }
  return first;
}

}  // namespace

PromiseStanding standing(const Promise& promise, const ItemSettlements& settlements,
                         const calendar::BusinessCalendar& entity_calendar, Date as_of,
                         bool disputed, std::int64_t unapplied_minor) {
  ARREARS_REQUIRE(settlements.size() == promise.items.size());
  PromiseStanding standing;
  standing.deadline = deadline(promise, entity_calendar);
  for (std::size_t i = 0; i < promise.items.size(); ++i) {
    const std::int64_t paid = paid_in_time(promise, promise.items[i].amount_minor, settlements[i],
                                           standing.deadline, as_of);
    standing.item_paid_minor.push_back(paid);
    standing.paid_minor = base::checked_add(standing.paid_minor, paid);
  }
  if (const PromiseEvent* event = ending_event(promise, standing.deadline, as_of)) {
    standing.state = PromiseState::withdrawn;
    standing.superseded = event->kind == PromiseEventKind::superseded;
    return standing;
  }
  const std::int64_t missing = base::checked_sub(promise.amount_minor, standing.paid_minor);
  if (missing <= 0) {
    standing.state = PromiseState::kept;
    return standing;
  }
  standing.probably_kept = unapplied_minor >= missing;
  standing.suspended = disputed;
  if (disputed || as_of <= standing.deadline) return standing;
  standing.state = standing.paid_minor > 0 ? PromiseState::partly_kept : PromiseState::broken;
  standing.broken_since = standing.deadline + 1;
  return standing;
}

bool is_disputed(const Promise& promise, LedgerRefs ledgers, Date deadline, Date as_of) {
  for (const receivables::Ledger* held : ledgers) {
    const receivables::Ledger& ledger = *held;
    for (const receivables::DisputeMark& mark : ledger.disputes) {
      if (mark.from > deadline || !receivables::holds(mark, as_of)) continue;
      for (const PromiseItem& item : promise.items) {
        if (item.document == mark.document) return true;
      }
    }
  }
  return false;
}

namespace {

/// The promised amount of an item; 0 where the promise does not name it.
std::int64_t promised_on(const Promise& promise, const PromiseItem& wanted) {
  for (const PromiseItem& item : promise.items)
    if (item.document == wanted.document && item.instalment == wanted.instalment)
      return item.amount_minor;
  return 0;
}

/// The promises that come before `promise` where money could count for both, in their order.
std::vector<const Promise*> promises_before(const Promise& promise,
                                            std::span<const Promise> promises,
                                            const calendar::BusinessCalendar& entity_calendar,
                                            Date as_of) {
  const auto order = [&](const Promise& some) {
    return std::tuple(deadline(some, entity_calendar), some.made_on, some.id);
  };
  std::vector<const Promise*> before;
  for (const Promise& other : promises) {
    if (other.entity != promise.entity || other.made_on > as_of) continue;
    if (order(other) >= order(promise)) continue;
    if (ending_event(other, deadline(other, entity_calendar), as_of) == nullptr)
      before.push_back(&other);
  }
  std::sort(before.begin(), before.end(),
            [&](const Promise* a, const Promise* b) { return order(*a) < order(*b); });
  return before;
}

/// Takes what counts for the promises `before` out of the movements on an item.
void take_out(const PromiseItem& item, std::span<const Promise* const> before,
              const calendar::BusinessCalendar& entity_calendar, Date as_of,
              std::vector<receivables::Settlement>& movements) {
  std::map<Date, std::int64_t> left;  // by value date, bounced money already gone
  for (const receivables::Settlement& movement : movements)
    if (movement.allocated_on <= as_of)
      left[movement.valued_on] = base::checked_add(left[movement.valued_on], movement.amount_minor);
  for (const Promise* other : before) {
    std::int64_t wanted = promised_on(*other, item);
    const Date last = deadline(*other, entity_calendar);
    for (auto& [day, minor] : left) {
      if (day < other->made_on || day > last) continue;
      const std::int64_t taken = std::clamp<std::int64_t>(minor, 0, wanted);
      if (taken == 0) continue;
      minor -= taken;
      wanted -= taken;
      movements.push_back({day, std::min(day, as_of), -taken});
    }
  }
}

}  // namespace

JudgedPromise judge(const Promise& promise, LedgerRefs ledgers,
                    const calendar::BusinessCalendar& entity_calendar, Date as_of,
                    std::span<const Promise> promises) {
  const auto before = promises_before(promise, promises, entity_calendar, as_of);
  ItemSettlements movements;
  for (const PromiseItem& item : promise.items) {
    movements.emplace_back();
    for (const receivables::Ledger* ledger : ledgers) {
      if (ledger->customer != item.customer) continue;
      movements.back() = receivables::settlements(*ledger, item.document, item.instalment);
    }
    take_out(item, before, entity_calendar, as_of, movements.back());
  }
  std::int64_t unapplied = 0;
  for (const receivables::Ledger* ledger : ledgers) {
    for (const auto& left : receivables::unapplied_payments(*ledger, as_of)) {
      if (left.payment->currency != promise.currency) continue;
      unapplied = base::checked_add(unapplied, left.unapplied_minor);
    }
  }
  const bool disputed = is_disputed(promise, ledgers, deadline(promise, entity_calendar), as_of);
  return {&promise, standing(promise, movements, entity_calendar, as_of, disputed, unapplied)};
}

}  // namespace arrears::promises
