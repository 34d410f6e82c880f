#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "base/checked.h"
#include "domain/portfolio/scan.h"

/// What became of the promises of a customer as of a day. Inside of the portfolio room only.
namespace arrears::portfolio {

/// Reads the promises of one customer after the other. `known` as in PlainItems.
template <bool known>
class PromiseScan {
 public:
  PromiseScan(const Columns& columns, AsOf as_of) : columns_(columns), as_of_(as_of) {}

  /// The customer that the questions below are about.
  void see(std::uint32_t customer) {
    row_ = &columns_.customers[customer];
    end_ = row_ + 1;
  }

  /// The items of the promise that begins in row `at`.
  std::span<const PromiseRow> items_from(std::uint32_t at) const {
    std::uint32_t end = at + 1;
    while (end < end_->promises && columns_.promises[end].id == columns_.promises[at].id) ++end;
    return columns_.promises.subspan(at, end - at);
  }

  bool is_in_force(const MarkRow& mark) const {
    return mark.from <= as_of_.day.days && as_of_.day.days < mark.until &&
           holds(mark.known_from, mark.known_until, as_of_.known_at);
  }

  bool is_short(std::span<const PromiseRow> items, Date deadline) const {
    return std::any_of(items.begin(), items.end(),
                       [&](const PromiseRow& item) { return paid(item, deadline) < item.amount; });
  }

  /// Withdrawn, superseded, or suspended by a dispute.
  bool is_voided(std::span<const PromiseRow> items, Date deadline) const {
    return has_ended(items.front(), deadline) ||
           std::any_of(items.begin(), items.end(),
                       [&](const PromiseRow& item) { return is_disputed(item, deadline); });
  }

  bool has_ended(const PromiseRow& promise, Date deadline) const {
    for (std::uint32_t i = promise.ends; i < (&promise)[1].ends; ++i) {
      const PromiseEndRow& end = columns_.promise_ends[i];
      if (end.known_from <= as_of_.known_at && end.on <= as_of_.day.days &&
          end.on <= deadline.days) {
        return true;
      }
    }
    return false;
  }

  /// What was paid in time, at most what was promised; see promises::standing.
  std::int64_t paid(const PromiseRow& promise, Date deadline) const {
    const std::uint32_t ref = promise.ref;
    if (ref == no_ref) return 0;
    if (promise.flags & rival_promise) return paid_beside_rivals(promise, deadline);
    std::int64_t sum = 0;
    if (ref & traced_ref) {
      const TracedItem& row = columns_.traced[row_->traced + (ref ^ traced_ref)];
      for (const Movement& movement : movements_of(columns_, row)) {
        if (movement.allocated_on > as_of_.day.days) break;
        if (movement.valued_on < promise.made_on || movement.valued_on > deadline.days) continue;
        if (!holds(movement.known_from, movement.known_until, as_of_.known_at)) continue;
        sum = base::checked_add(sum, movement.amount);
      }
    } else {
      const std::uint32_t at = row_->plain + ref;
      const std::int32_t settled_on = first_day.days + columns_.settled_on[at];
      // What was settled long before or after needs no look at its value date.
      if (settled_on > as_of_.day.days || settled_on < promise.made_on) return 0;
      if (known && columns_.settled_known[at] > as_of_.known_at) return 0;
      const std::int32_t valued_on = settled_on - columns_.value_lag[at];
      if (valued_on < promise.made_on || valued_on > deadline.days) return 0;
      sum = columns_.amount[at];
    }
    return std::clamp<std::int64_t>(sum, 0, promise.amount);
  }

 private:
  bool is_disputed(const PromiseRow& item, Date deadline) const {
    for (std::uint32_t at = row_->marks; at < end_->marks; ++at) {
      const MarkRow& mark = columns_.marks[at];
      if (mark.document == item.document && mark.document != no_document &&
          mark.from <= deadline.days && is_in_force(mark)) {
        return true;
      }
    }
    return false;
  }

  /// The same where other promises of the party name the item: money counts once, for the promise
  /// with the earlier deadline first, then the one made earlier; see promises::judge.
  std::int64_t paid_beside_rivals(const PromiseRow& promise, Date deadline) const {
    std::map<std::int32_t, std::int64_t> left = paid_by_day(promise.ref);
    struct Rival {
      std::int32_t deadline;
      const PromiseRow* row;
      bool operator<(const Rival& other) const {
        return std::tie(deadline, row->made_on, row->id) <
               std::tie(other.deadline, other.row->made_on, other.row->id);
      }
    };
    std::vector<Rival> before;
    for (std::uint32_t at = row_->promises; at < end_->promises; ++at) {
      const Rival rival{columns_.promise_deadline[at], &columns_.promises[at]};
      if (rival.row->ref != promise.ref || rival.row->party != promise.party) continue;
      if (rival.row->known_from > as_of_.known_at || rival.row->made_on > as_of_.day.days) continue;
      if (!(rival < Rival{deadline.days, &promise})) continue;
      if (!has_ended(*rival.row, Date{rival.deadline})) before.push_back(rival);
    }
    std::sort(before.begin(), before.end());
    for (const Rival& rival : before) {
      std::int64_t wanted = rival.row->amount;
      for (auto& [day, minor] : left) {
        if (day < rival.row->made_on || day > rival.deadline) continue;
        const std::int64_t taken = std::clamp<std::int64_t>(minor, 0, wanted);
        minor -= taken;
        wanted -= taken;
      }
    }
    std::int64_t sum = 0;
    for (const auto& [day, minor] : left) {
      if (promise.made_on <= day && day <= deadline.days) sum = base::checked_add(sum, minor);
    }
    return std::clamp<std::int64_t>(sum, 0, promise.amount);
  }

  /// What was paid on an item, by value date.
  std::map<std::int32_t, std::int64_t> paid_by_day(std::uint32_t ref) const {
    std::map<std::int32_t, std::int64_t> paid;
    if (ref & traced_ref) {
      const TracedItem& row = columns_.traced[row_->traced + (ref ^ traced_ref)];
      for (const Movement& movement : movements_of(columns_, row)) {
        if (movement.allocated_on > as_of_.day.days) break;
        if (!holds(movement.known_from, movement.known_until, as_of_.known_at)) continue;
        paid[movement.valued_on] = base::checked_add(paid[movement.valued_on], movement.amount);
      }
      return paid;
    }
    const std::uint32_t at = row_->plain + ref;
    const std::int32_t settled_on = first_day.days + columns_.settled_on[at];
    if (settled_on > as_of_.day.days || columns_.settled_known[at] > as_of_.known_at) return paid;
    if (columns_.settled_on[at] == no_day) return paid;
    paid[settled_on - columns_.value_lag[at]] = columns_.amount[at];
    return paid;
  }

  const Columns& columns_;
  AsOf as_of_;
  const CustomerRow* row_ = nullptr;
  const CustomerRow* end_ = nullptr;
};

}  // namespace arrears::portfolio
