#include "domain/portfolio/ranking.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "domain/portfolio/gatherer.h"
#include "domain/portfolio/order.h"

namespace arrears::portfolio {
namespace {

/// Calls `each(gatherer, customer, index)` for the customers [first, last).
template <class Each>
void for_each_customer(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last,
                       const RankingContext& context, Each each) {
  const auto visit = [&](auto gatherer, const Run& run) {
    for (std::uint32_t at = run.first; at < run.last; ++at) {
      each(gatherer, at, run.index + at - run.first);
    }
  };
  portfolio.for_each_run(first, last, [&](const Run& run) {
    if (context.query.as_of.known_at == latest) {
      visit(Gatherer<false>(context, run), run);
    } else {
      visit(Gatherer<true>(context, run), run);
    }
  });
}

/// Rounded down, of numbers above 0; most are small, and then the machine divides itself.
std::int64_t divide(Wide value, Wide by) {
  constexpr auto small = std::numeric_limits<std::uint64_t>::max();
  if (value <= small && by <= small) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) /
                                     static_cast<std::uint64_t>(by));
  }
  return static_cast<std::int64_t>(value / by);
}

RankedGroup score_in(const RankingFacts& facts, std::uint32_t group, int follow_ups_due,
                     const RankingContext& context) {
  RankedGroup ranked{0, group, 0};
  for (const CurrencySums& sums : facts.amounts) {
    const auto overdue = context.in_base(sums.overdue, sums.currency);
    if (!overdue) return {0, group, -1};
    ranked.overdue_base = checked_add(ranked.overdue_base, *overdue);
  }
  const auto add = [&](Factor factor, std::int64_t value) {
    ranked.points += context.points(factor, value);
  };
  add(Factor::overdue_amount, ranked.overdue_base);
  add(Factor::days_overdue, facts.days_overdue);
  if (facts.late_amount > 0) {
    add(Factor::risk, divide(facts.late_weighted * 20 + facts.late_amount, facts.late_amount * 2));
  }
  add(Factor::broken_promises, facts.broken_promises);
  add(Factor::follow_up_due, follow_ups_due);
  if (facts.balance_known && facts.balance_before > 0) {
    const std::int64_t growth = checked_sub(facts.balance, facts.balance_before);
    if (growth > 0) {
      add(Factor::rising_balance,
          money::multiply_divide(growth, 100, facts.balance_before, money::Rounding::down));
    }
  }
  return ranked;
}

int follow_ups_of(std::uint32_t group, const RankingQuery& query) {
  return query.follow_ups_due.empty() ? 0 : query.follow_ups_due[group];
}

/// How many of the shared promises were broken, by the group where they count; sorted by group.
std::vector<std::uint32_t> broken_groups(std::vector<SharedPromise> promises) {
  std::sort(promises.begin(), promises.end(),
            [](const auto& a, const auto& b) { return a.promise < b.promise; });
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 0; i < promises.size();) {
    SharedPromise whole = promises[i];
    for (++i; i < promises.size() && promises[i].promise == whole.promise; ++i) {
      whole.group = std::min(whole.group, promises[i].group);
      whole.is_short = whole.is_short || promises[i].is_short;
      whole.voided = whole.voided || promises[i].voided;
    }
    if (whole.is_short && !whole.voided && whole.group != no_group) groups.push_back(whole.group);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace

void RankingFacts::clear() {
  amounts.clear();
  late_weighted = 0;
  late_amount = 0;
  balance = 0;
  balance_before = 0;
  balance_known = true;
  days_overdue = 0;
  broken_promises = 0;
}

void RankingFacts::add(const RankingFacts& other) {
  for (const CurrencySums& sums : other.amounts) {
    const auto same = std::find_if(amounts.begin(), amounts.end(),
                                   [&](const auto& own) { return own.currency == sums.currency; });
    if (same == amounts.end()) {
      amounts.push_back(sums);
      continue;
    }
    same->open = checked_add(same->open, sums.open);
    same->overdue = checked_add(same->overdue, sums.overdue);
  }
  late_weighted += other.late_weighted;
  late_amount += other.late_amount;
  balance = checked_add(balance, other.balance);
  balance_before = checked_add(balance_before, other.balance_before);
  balance_known = balance_known && other.balance_known;
  days_overdue = std::max(days_overdue, other.days_overdue);
  broken_promises += other.broken_promises;
}

void gather_facts(const Portfolio& portfolio, std::uint32_t index, const RankingQuery& query,
                  RankingFacts& facts, std::vector<SharedPromise>& shared) {
  const RankingContext context(query, portfolio.currencies());
  for_each_customer(portfolio, index, index + 1, context,
                    [&](auto& gatherer, std::uint32_t at, std::uint32_t) {
                      const std::uint32_t group = query.group_of[index] & ~of_several;
                      gatherer.gather(at, group, true, facts, shared);
                    });
}

RankedGroup score(const RankingFacts& facts, std::uint32_t group, int follow_ups_due,
                  const std::vector<money::Currency>& currencies, const RankingQuery& query) {
  return score_in(facts, group, follow_ups_due, RankingContext(query, currencies));
}

RankingPart rank(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last,
                 const RankingQuery& query, std::span<const std::uint32_t> tie) {
  ARREARS_REQUIRE(query.group_of.size() >= last);
  const RankingContext context(query, portfolio.currencies());
  RankingPart part;
  part.ranked.reserve(last - first);
  RankingFacts facts;
  for_each_customer(
      portfolio, first, last, context, [&](auto& gatherer, std::uint32_t at, std::uint32_t index) {
        const std::uint32_t group = query.group_of[index];
        if (group == no_group) return;
        const std::uint32_t number = group & ~of_several;
        const bool several = (group & of_several) != 0;
        const std::size_t shared = part.promises.size();
        gatherer.gather(at, number, several, facts, part.promises);
        if (several || part.promises.size() > shared) {
          part.members.push_back({number, facts});
        } else if (!facts.amounts.empty()) {
          part.ranked.push_back(score_in(facts, number, follow_ups_of(number, query), context));
        }
      });
  order(part.ranked, tie);
  return part;
}

std::vector<RankedGroup> join(std::vector<RankingPart> parts,
                              const std::vector<money::Currency>& currencies,
                              const RankingQuery& query, std::span<const std::uint32_t> tie) {
  const RankingContext context(query, currencies);
  std::vector<RankingPart::Member> members;
  std::vector<SharedPromise> promises;
  for (RankingPart& part : parts) {
    std::move(part.members.begin(), part.members.end(), std::back_inserter(members));
    promises.insert(promises.end(), part.promises.begin(), part.promises.end());
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return a.group < b.group; });
  const std::vector<std::uint32_t> broken = broken_groups(std::move(promises));
  std::vector<RankedGroup> joined;
  for (std::size_t i = 0; i < members.size();) {
    const std::uint32_t group = members[i].group;
    RankingFacts facts = std::move(members[i].facts);
    for (++i; i < members.size() && members[i].group == group; ++i) facts.add(members[i].facts);
    const auto [from, to] = std::equal_range(broken.begin(), broken.end(), group);
    facts.broken_promises += static_cast<int>(to - from);
    if (facts.amounts.empty()) continue;
    joined.push_back(score_in(facts, group, follow_ups_of(group, query), context));
  }
  order(joined, tie);
  for (RankingPart& part : parts) {
    if (joined.empty()) {
      joined = std::move(part.ranked);
      continue;
    }
    std::vector<RankedGroup> both(joined.size() + part.ranked.size());
    std::merge(joined.begin(), joined.end(), part.ranked.begin(), part.ranked.end(), both.begin(),
               [tie](const auto& a, const auto& b) { return comes_before(a, b, tie); });
    joined.swap(both);
  }
  return joined;
}

}  // namespace arrears::portfolio
