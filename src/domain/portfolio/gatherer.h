#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "domain/portfolio/promise_scan.h"
#include "domain/portfolio/ranking_context.h"

/// The facts of a customer from its rows. Inside of ranking.cpp only.
namespace arrears::portfolio {

/// Gathers the facts of customers, one after the other.
template <bool known>
class Gatherer {
 public:
  Gatherer(const RankingContext& context, const Run& run)
      : context_(context),
        columns_(run.columns),
        currency_(run.currency),
        as_of_(context.query.as_of),
        plain_(run.columns, as_of_.known_at),
        promises_(run.columns, as_of_) {}

  /// Without open items there is nothing to rank: such a customer has facts only where others of
  /// its group need them.
  void gather(std::uint32_t customer, std::uint32_t group, bool of_group, RankingFacts& facts,
              std::vector<SharedPromise>& shared) {
    see(customer);
    facts.clear();
    const bool plain = context_.plain_day && row_->plain < end_->plain;
    if (plain) add_open_plain();
    if (row_->traced < end_->traced) add_traced(facts);
    if (!of_group && !row_->shares_promises && !has_open()) return;
    if (plain) add_past_plain(facts);
    if (row_->cash < end_->cash) add_cash();
    if (row_->marks < end_->marks) add_marks();
    // One branch for "it has promises" and "the latest is within the look-back".
    const std::int32_t none = never;
    const bool any = row_->promises < end_->promises;
    const auto* deadline = any ? columns_.promise_deadline.data() + row_->promises : &none;
    if (*deadline >= context_.promises_since) add_promises(group, facts, shared);
    finish(facts);
  }

  /// Days overdue of the oldest chased item of a customer of one currency, which has an overdue
  /// amount net of credits.
  int days_overdue(std::uint32_t customer) {
    see(customer);
    main_.overdue = 1;
    if (row_->marks < end_->marks) add_marks();
    add_covers();
    RankingFacts facts;
    find_oldest_uncovered(facts);
    return facts.days_overdue;
  }

 private:
  static constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();

  void see(std::uint32_t customer) {
    row_ = &columns_.customers[customer];
    end_ = row_ + 1;
    promises_.see(customer);
    others_.clear();
    main_ = {};
    main_.currency = currency_[row_->currency];
    covers_.clear();
  }

  bool has_open() const {
    const auto is_open = [](const CustomerSums& sums) { return (sums.not_due | sums.overdue) > 0; };
    return is_open(main_) || std::any_of(others_.begin(), others_.end(), is_open);
  }

  CustomerSums& sums_of(std::uint8_t currency) {
    const std::uint8_t number = currency_[currency];
    if (number == main_.currency) return main_;
    for (CustomerSums& sums : others_)
      if (sums.currency == number) return sums;
    others_.emplace_back().currency = number;
    return others_.back();
  }

  void add_open(CustomerSums& sums, std::int64_t open, std::int32_t due_on) const {
    if (open < 0) {
      sums.credits = checked_sub(sums.credits, open);
    } else if (due_on >= as_of_.day.days) {
      sums.not_due = checked_add(sums.not_due, open);
    } else {
      if (sums.overdue == 0 || due_on < sums.oldest_due) sums.oldest_due = due_on;
      sums.overdue = checked_add(sums.overdue, open);
    }
  }

  void add_open_plain() {
    const Day* due_on = columns_.due_on.data();
    const std::int32_t* amount = columns_.amount.data();
    const std::int32_t day = *context_.plain_day;
    // Sums of plain amounts do not overflow. What is overdue cannot be guessed: no branch for it.
    std::int64_t not_due = 0, overdue = 0, credits = 0;
    std::int32_t oldest = no_day;
    for_each_piece(row_->plain, end_->plain, [&](std::uint32_t at, std::uint32_t count) {
      for_each_lane(plain_.open(at, count, *context_.plain_day), [&](std::uint32_t lane) {
        const std::int64_t open = amount[at + lane];
        const std::int32_t due = due_on[at + lane];
        const std::int64_t positive = std::max<std::int64_t>(open, 0);
        const bool late = (due < day) & (open > 0);
        credits += positive - open;
        not_due += late ? 0 : positive;
        overdue += late ? positive : 0;
        oldest = std::min(oldest, late ? due : std::int32_t{no_day});
      });
    });
    main_.not_due = not_due;
    main_.overdue = overdue;
    main_.credits = credits;
    main_.oldest_due = oldest + first_day.days;
  }

  /// The balance before and what was settled lately.
  void add_past_plain(RankingFacts& facts) {
    const Day* due_on = columns_.due_on.data();
    const Day* settled_on = columns_.settled_on.data();
    const std::int32_t* amount = columns_.amount.data();
    const bool in_base = main_.currency == context_.base;
    for_each_piece(row_->plain, end_->plain, [&](std::uint32_t at, std::uint32_t count) {
      if (context_.plain_before) {
        main_.before += amount_sum(amount + at, plain_.open(at, count, *context_.plain_before),
                                   plain_.is_whole(at));
      }
      const Lanes settled = plain_.settled(at, count, context_.plain_since, *context_.plain_day);
      if (settled == 0) return;
      if (in_base) {
        const LateSums late =
            late_sums(due_on + at, settled_on + at, amount + at, settled, plain_.is_whole(at));
        facts.late_weighted += late.weighted;
        facts.late_amount += late.amount;
        return;
      }
      for_each_lane(settled, [&](std::uint32_t lane) {
        add_settled(facts, main_.currency, amount[at + lane],
                    settled_on[at + lane] - due_on[at + lane]);
      });
    });
  }

  void add_settled(RankingFacts& facts, std::uint8_t currency, std::int64_t minor,
                   std::int32_t days_late) const {
    if (minor <= 0) return;
    const auto amount = context_.in_base(minor, currency);
    if (!amount) return;
    facts.late_weighted += Wide{*amount} * std::max(0, days_late);
    facts.late_amount += *amount;
  }

  void add_traced(RankingFacts& facts) {
    for (std::uint32_t at = row_->traced; at < end_->traced; ++at) {
      const TracedItem& row = columns_.traced[at];
      if (row.issued_on > as_of_.day.days) continue;
      if (!holds(row.known_from, row.known_until, as_of_.known_at)) continue;
      if (row.moved_on <= context_.quiet_until && row.moved_known <= as_of_.known_at) {
        if (row.open == 0) continue;
        CustomerSums& sums = sums_of(row.currency);
        add_open(sums, row.open, row.due_on);
        if (row.issued_on <= context_.before.days) sums.before = checked_add(sums.before, row.open);
        continue;
      }
      const bool issued_before = row.issued_on <= context_.before.days;
      std::int64_t open = row.amount;
      std::int64_t before = issued_before ? row.amount : 0;
      // Only the end of a day counts: taken back and given again on one day, it stayed settled.
      std::int32_t settled_on = never;
      std::int32_t day = never;
      const auto end_day = [&] {
        if (open != 0) settled_on = never;
        if (open == 0 && settled_on == never) settled_on = day;
      };
      for (const Movement& movement : movements_of(columns_, row)) {
        if (movement.allocated_on > as_of_.day.days) break;
        if (!holds(movement.known_from, movement.known_until, as_of_.known_at)) continue;
        if (day != never && day != movement.allocated_on) end_day();
        day = movement.allocated_on;
        open = checked_sub(open, movement.amount);
        if (issued_before && day <= context_.before.days) {
          before = checked_sub(before, movement.amount);
        }
      }
      if (day != never) end_day();
      CustomerSums& sums = sums_of(row.currency);
      if (open != 0) add_open(sums, open, row.due_on);
      sums.before = checked_add(sums.before, before);
      if (settled_on > context_.settled_since.days) {
        add_settled(facts, currency_[row.currency], row.amount, settled_on - row.due_on);
      }
    }
  }

  void add_cash() {
    for (std::uint32_t at = row_->cash; at < end_->cash; ++at) {
      const CashChange& row = columns_.cash[at];
      if (row.on > as_of_.day.days) continue;
      if (!holds(row.known_from, row.known_until, as_of_.known_at)) continue;
      CustomerSums& sums = sums_of(row.currency);
      sums.unapplied = checked_add(sums.unapplied, row.amount);
      if (row.on <= context_.before.days) sums.before = checked_sub(sums.before, row.amount);
    }
  }

  bool is_alive(std::uint32_t ref) const {
    if (ref & traced_ref) {
      const TracedItem& row = columns_.traced[row_->traced + (ref ^ traced_ref)];
      return holds(row.known_from, row.known_until, as_of_.known_at);
    }
    return columns_.known_from[row_->plain + ref] <= as_of_.known_at;
  }

  std::int64_t open_of(std::uint32_t ref) const {
    if (ref & traced_ref) {
      return open_amount(columns_, columns_.traced[row_->traced + (ref ^ traced_ref)], as_of_);
    }
    const std::uint32_t at = row_->plain + ref;
    if (!context_.plain_day || !plain_.open(at, 1, *context_.plain_day)) return 0;
    return columns_.amount[at];
  }

  /// Partial disputes fall on the earliest due instalments of the document.
  void add_marks() {
    marks_.clear();
    for (std::uint32_t at = row_->marks; at < end_->marks; ++at) {
      const MarkRow& mark = columns_.marks[at];
      if (!promises_.is_in_force(mark)) continue;
      const auto same = std::find_if(marks_.begin(), marks_.end(), [&](const auto& seen) {
        return columns_.marks[seen.first].document == mark.document;
      });
      if (same == marks_.end()) {
        marks_.push_back({at, mark.amount});
      } else {
        same->second = checked_add(same->second, mark.amount);
      }
    }
    for (auto [at, contested] : marks_) {
      for (std::uint32_t i = columns_.marks[at].refs; i < columns_.marks[at + 1].refs; ++i) {
        const std::int64_t open = open_of(columns_.mark_refs[i]);
        if (open <= 0 || contested == 0) continue;
        const std::int64_t disputed = std::min(contested, open);
        covers_.push_back({columns_.mark_refs[i], 0, disputed});
        contested -= disputed;
      }
    }
  }

  /// What is promised for later, or for today. Returns the first row of the other promises.
  std::uint32_t add_covers() {
    const std::int32_t day = as_of_.day.days;
    std::uint32_t at = row_->promises;
    while (at < end_->promises && columns_.promise_deadline[at] >= day) {
      const Date deadline{columns_.promise_deadline[at]};
      const PromiseRow& promise = columns_.promises[at];
      const auto items = promises_.items_from(at);
      at += static_cast<std::uint32_t>(items.size());
      if (promise.known_from > as_of_.known_at || promise.made_on > day) continue;
      if (!(promise.flags & covering_promise) || promises_.has_ended(promise, deadline)) continue;
      for (const PromiseRow& item : items) add_promised(item, deadline);
    }
    return at;
  }

  void add_promises(std::uint32_t group, RankingFacts& facts, std::vector<SharedPromise>& shared) {
    for (std::uint32_t at = add_covers(); at < end_->promises;) {
      const Date deadline{columns_.promise_deadline[at]};
      if (deadline.days < context_.promises_since) break;  // the latest deadline comes first
      const PromiseRow& promise = columns_.promises[at];
      const auto items = promises_.items_from(at);
      at += static_cast<std::uint32_t>(items.size());
      if (promise.known_from > as_of_.known_at || promise.made_on > as_of_.day.days) continue;
      const bool counted = (promise.flags & counted_promise) != 0;
      if (!counted && !(promise.flags & shared_promise)) continue;
      const bool any_short = promises_.is_short(items, deadline);
      const bool voided = promises_.is_voided(items, deadline);
      if (promise.flags & shared_promise) {
        shared.push_back({promise.id, counted ? group : no_group, any_short, voided});
      } else if (any_short && !voided) {
        ++facts.broken_promises;
      }
    }
  }

  void add_promised(const PromiseRow& item, Date deadline) {
    const std::int64_t rest = item.amount - promises_.paid(item, deadline);
    if (rest == 0) return;
    const auto cover = [&](std::uint32_t ref) {
      if (is_alive(ref)) covers_.push_back({ref, rest, 0});
    };
    if (item.ref != no_ref) cover(item.ref);
    for (std::uint32_t at = item.refs; at < (&item)[1].refs; ++at) cover(columns_.promise_refs[at]);
  }

  void finish(RankingFacts& facts) {
    std::int64_t balance = 0;
    bool known_now = true;
    const auto each_currency = [&](const auto& each) {
      each(main_);
      for (const CustomerSums& sums : others_) each(sums);
    };
    each_currency([&](const CustomerSums& sums) {
      const std::int64_t open = checked_add(sums.not_due, sums.overdue);
      if (open > 0) facts.amounts.push_back({sums.currency, open, sums.net_overdue()});
      if (sums.currency == context_.base) {
        balance = checked_add(balance, sums.balance());
        facts.balance_before = checked_add(facts.balance_before, sums.before);
        return;
      }
      const auto now = context_.in_base(sums.balance(), sums.currency);
      const auto before = context_.in_base(sums.before, sums.currency);
      known_now = known_now && now;
      facts.balance_known = facts.balance_known && now && before;
      balance = checked_add(balance, now.value_or(0));
      facts.balance_before = checked_add(facts.balance_before, before.value_or(0));
    });
    facts.balance = balance;
    if (known_now && balance < context_.query.strategy.small_balance_minor) return;
    if (!covers_.empty()) return find_oldest_uncovered(facts);
    each_currency([&](const CustomerSums& sums) {
      if (sums.net_overdue() == 0) return;
      facts.days_overdue = std::max(facts.days_overdue, as_of_.day.days - sums.oldest_due);
    });
  }

  void find_oldest_uncovered(RankingFacts& facts) {
    std::sort(covers_.begin(), covers_.end(),
              [](const Cover& a, const Cover& b) { return a.ref < b.ref; });
    const auto see = [&](std::uint32_t ref, std::uint8_t currency, std::int64_t open,
                         std::int32_t due_on) {
      const int days = as_of_.day.days - due_on;
      if (open <= 0 || days <= facts.days_overdue || sums_of(currency).net_overdue() == 0) return;
      auto cover = std::lower_bound(covers_.begin(), covers_.end(), ref,
                                    [](const Cover& c, std::uint32_t r) { return c.ref < r; });
      std::int64_t promised = 0;
      std::int64_t disputed = 0;
      for (; cover != covers_.end() && cover->ref == ref; ++cover) {
        promised = checked_add(promised, cover->promised);
        disputed = checked_add(disputed, cover->disputed);
      }
      if (open > std::min(promised, open) + disputed) facts.days_overdue = days;
    };
    if (context_.plain_day) {
      for_each_piece(row_->plain, end_->plain, [&](std::uint32_t at, std::uint32_t count) {
        for_each_lane(plain_.open(at, count, *context_.plain_day), [&](std::uint32_t lane) {
          see(at + lane - row_->plain, row_->currency, columns_.amount[at + lane],
              columns_.due_on[at + lane] + first_day.days);
        });
      });
    }
    for (std::uint32_t at = row_->traced; at < end_->traced; ++at) {
      const TracedItem& row = columns_.traced[at];
      see((at - row_->traced) | traced_ref, row.currency, open_amount(columns_, row, as_of_),
          row.due_on);
    }
  }

  const RankingContext& context_;
  const Columns& columns_;
  const std::vector<std::uint8_t>& currency_;
  AsOf as_of_;
  PlainItems<known> plain_;
  PromiseScan<known> promises_;
  const CustomerRow* row_ = nullptr;
  const CustomerRow* end_ = nullptr;
  CustomerSums main_;
  std::vector<CustomerSums> others_;
  std::vector<Cover> covers_;
  std::vector<std::pair<std::uint32_t, std::int64_t>> marks_;  ///< of one document each
};

}  // namespace arrears::portfolio
