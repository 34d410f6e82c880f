#include "domain/portfolio/present.h"

#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "domain/portfolio/promise_scan.h"
#include "domain/portfolio/scan.h"

namespace arrears::portfolio {
namespace {

constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();

/// As a plain day; what lies beyond becomes the first one or `no_day`.
Day nearest_day(std::int32_t day) {
  return static_cast<Day>(std::clamp<std::int64_t>(std::int64_t{day} - first_day.days, 0, no_day));
}

bool is_alive(const TracedItem& row) { return holds(row.known_from, row.known_until, latest); }

class PresentBuilder {
 public:
  PresentBuilder(ColumnStore& store, std::uint32_t customer)
      : store_(store),
        customer_(customer),
        row_(store.customers[customer]),
        end_(store.customers[customer + 1]) {}

  void build() {
    if (row_.shares_promises || !is_plain_enough()) return;
    const std::int32_t last = last_recorded();
    if (last > last_day.days) return;
    const AsOf end{std::max(first_day, Date{last}), latest};
    const Columns columns = store_.view();
    PromiseScan<false> promises(columns, end);
    promises.see(customer_);
    row_.disputed = has_disputed_open(promises);
    set_open();
    set_cash();
    set_promises(promises);
    row_.present_from = nearest_day(end.day.days);
  }

 private:
  /// One currency, and no item that was settled before its last movement.
  bool is_plain_enough() const {
    for (std::uint32_t at = row_.traced; at < end_.traced; ++at) {
      const TracedItem& item = store_.traced[at];
      if (item.currency != row_.currency) return false;
      if (item.open == 0 && item.moved_on != never && !item.settled_at_last) return false;
    }
    for (std::uint32_t at = row_.cash; at < end_.cash; ++at)
      if (store_.cash[at].currency != row_.currency) return false;
    return true;
  }

  /// The last day on which anything happens, but for due dates and deadlines.
  std::int32_t last_recorded() const {
    std::int32_t last = never;
    const auto see = [&last](std::int32_t day) { last = std::max(last, day); };
    for (std::uint32_t at = row_.plain; at < end_.plain; ++at) {
      see(first_day.days + store_.issued_on[at]);
      if (store_.settled_on[at] != no_day) see(first_day.days + store_.settled_on[at]);
    }
    for (std::uint32_t at = row_.traced; at < end_.traced; ++at) see(store_.traced[at].issued_on);
    for (std::uint32_t at = store_.traced[row_.traced].movements;
         at < store_.traced[end_.traced].movements; ++at) {
      see(store_.movements[at].allocated_on);
    }
    for (std::uint32_t at = row_.cash; at < end_.cash; ++at) see(store_.cash[at].on);
    for (std::uint32_t at = row_.marks; at < end_.marks; ++at) {
      see(store_.marks[at].from);
      if (store_.marks[at].until != std::numeric_limits<std::int32_t>::max())
        see(store_.marks[at].until);
    }
    for (std::uint32_t at = row_.promises; at < end_.promises; ++at)
      see(store_.promises[at].made_on);
    for (std::uint32_t at = store_.promises[row_.promises].ends;
         at < store_.promises[end_.promises].ends; ++at) {
      see(store_.promise_ends[at].on);
    }
    return last;
  }

  bool is_open(std::uint32_t ref) const {
    if (ref & traced_ref) {
      const TracedItem& item = store_.traced[row_.traced + (ref ^ traced_ref)];
      return is_alive(item) && item.open > 0;
    }
    const std::uint32_t at = row_.plain + ref;
    return store_.settled_on[at] == no_day && store_.amount[at] > 0;
  }

  bool has_disputed_open(const PromiseScan<false>& promises) const {
    for (std::uint32_t at = row_.marks; at < end_.marks; ++at) {
      if (!promises.is_in_force(store_.marks[at])) continue;
      for (std::uint32_t i = store_.marks[at].refs; i < store_.marks[at + 1].refs; ++i)
        if (is_open(store_.mark_refs[i])) return true;
    }
    return false;
  }

  void set_open() {
    for (std::uint32_t at = end_.plain; at > row_.plain && store_.settled_on[at - 1] == no_day;
         --at) {
      ++row_.open_plain;
      if (store_.amount[at - 1] > 0) row_.owes = 1;
    }
    for (std::uint32_t at = row_.traced; at < end_.traced; ++at)
      if (is_alive(store_.traced[at]) && store_.traced[at].open > 0) row_.owes = 1;
  }

  void set_cash() {
    for (std::uint32_t at = row_.cash; at < end_.cash; ++at) {
      const CashChange& change = store_.cash[at];
      if (!holds(change.known_from, change.known_until, latest)) continue;
      row_.unapplied = base::checked_add(row_.unapplied, change.amount);
      row_.cash_on = std::max(row_.cash_on, nearest_day(change.on));
    }
  }

  void set_promises(const PromiseScan<false>& promises) {
    for (std::uint32_t at = row_.promises; at < end_.promises;) {
      const auto items = promises.items_from(at);
      const Date deadline{store_.promise_deadline[at]};
      row_.last_deadline = std::max(row_.last_deadline, nearest_day(deadline.days));
      if ((items.front().flags & counted_promise) && promises.is_short(items, deadline) &&
          !promises.is_voided(items, deadline)) {
        store_.promise_broken[at] = 1;
        row_.last_broken = std::max(row_.last_broken, nearest_day(deadline.days));
      }
      at += static_cast<std::uint32_t>(items.size());
    }
  }

  ColumnStore& store_;
  std::uint32_t customer_;
  CustomerRow& row_;
  const CustomerRow& end_;
};

}  // namespace

void set_present(ColumnStore& store) {
  PresentBuilder(store, static_cast<std::uint32_t>(store.customers.size() - 2)).build();
}

}  // namespace arrears::portfolio
