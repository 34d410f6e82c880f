#include "domain/portfolio/ranking.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "domain/portfolio/gatherer.h"
#include "domain/portfolio/order.h"
#include "domain/portfolio/present_scan.h"

namespace arrears::portfolio {
namespace {

/// Rounded down, of numbers from 0 on; most are small, and then the machine divides itself. What
/// is beyond 64 bits is beyond every band.
std::int64_t divide(Wide value, Wide by) {
  constexpr auto small = std::numeric_limits<std::uint64_t>::max();
  if (value <= small && by <= small) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) /
                                     static_cast<std::uint64_t>(by));
  }
  return static_cast<std::int64_t>(
      std::min<Wide>(value / by, std::numeric_limits<std::int64_t>::max()));
}

RankedGroup weigh(const RankingInput& input, std::uint32_t group, const RankingContext& context) {
  std::int32_t points = context.points(Factor::overdue_amount, input.overdue) +
                        context.points(Factor::days_overdue, input.days_overdue) +
                        context.points(Factor::broken_promises, input.broken_promises) +
                        context.points(Factor::follow_up_due, input.follow_ups_due);
  // Whether there is something to divide by is as hard to guess as the rest.
  const bool settled = input.late_amount > 0;
  const auto tenths = divide(input.late_weighted * 20 + input.late_amount,
                             input.late_amount * 2 + (settled ? 0 : 1));
  points += settled ? context.points(Factor::risk, tenths) : 0;
  const bool grows = (input.balance_before > 0) & (input.balance > input.balance_before);
  const std::int64_t before = grows ? input.balance_before : 1;
  const std::int64_t growth = grows ? checked_sub(input.balance, before) : 0;
  points += grows ? context.points(Factor::rising_balance, divide(Wide{growth} * 100, before)) : 0;
  return {input.overdue, group, points};
}

RankedGroup score_in(const RankingFacts& facts, std::uint32_t group, int follow_ups_due,
                     const RankingContext& context) {
  RankingInput input;
  for (const CurrencySums& sums : facts.amounts) {
    const auto overdue = context.in_base(sums.overdue, sums.currency);
    if (!overdue) return {0, group, -1};
    input.overdue = checked_add(input.overdue, *overdue);
  }
  input.balance = facts.balance;
  input.balance_before = facts.balance_known ? facts.balance_before : 0;
  input.late_weighted = facts.late_weighted;
  input.late_amount = facts.late_amount;
  input.days_overdue = facts.days_overdue;
  input.broken_promises = facts.broken_promises;
  input.follow_ups_due = follow_ups_due;
  return weigh(input, group, context);
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
  const std::uint32_t group = query.group_of[index] & ~of_several;
  portfolio.for_each_run(index, index + 1, [&](const Run& run) {
    if (query.as_of.known_at == latest) {
      Gatherer<false>(context, run).gather(run.first, group, true, facts, shared);
    } else {
      Gatherer<true>(context, run).gather(run.first, group, true, facts, shared);
    }
  });
}

RankedGroup score(const RankingFacts& facts, std::uint32_t group, int follow_ups_due,
                  const std::vector<money::Currency>& currencies, const RankingQuery& query) {
  return score_in(facts, group, follow_ups_due, RankingContext(query, currencies));
}

namespace {

/// Ranks customers, run by run, into a part.
class Ranker {
 public:
  Ranker(const RankingContext& context, RankingPart& part) : context_(context), part_(part) {}

  void add(const Run& run) {
    if (context_.query.as_of.known_at == latest) {
      add<false>(run);
    } else {
      add<true>(run);
    }
  }

 private:
  template <bool known>
  void add(const Run& run) {
    Gatherer<known> gatherer(context_, run);
    PresentScan present(context_, run);
    const CustomerRow* rows = run.columns.customers.data();
    const std::uint32_t* groups = context_.query.group_of.data() + run.index;
    std::array<std::uint16_t, block_size + ahead> busy;
    for (std::uint32_t first = run.first; first < run.last; first += block_size) {
      const std::uint32_t count = list_busy(present, rows + first, groups + (first - run.first),
                                            std::min(block_size, run.last - first), busy.data());
      for (std::uint32_t i = 0; i < count; ++i) {
        present.prefetch(rows[first + busy[i + ahead]]);
        const std::uint32_t at = first + busy[i];
        const std::uint32_t group = groups[at - run.first];
        if (!(group & of_several) && present.tells(rows[at])) {
          RankingInput input = present.gather(rows[at]);
          if (input.days_overdue > 0 && present.is_covered(rows[at]))
            input.days_overdue = gatherer.days_overdue(at);
          input.follow_ups_due = follow_ups_of(group, context_.query);
          part_.ranked.push_back(weigh(input, group, context_));
        } else if (group != no_group) {
          add_customer(gatherer, at, group);
        }
      }
    }
  }

  /// Writes which customers may have to be ranked, without a branch, and the last `ahead` times
  /// more. Returns how many there are.
  static std::uint32_t list_busy(const PresentScan& present, const CustomerRow* rows,
                                 const std::uint32_t* groups, std::uint32_t count,
                                 std::uint16_t* busy) {
    std::uint32_t listed = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      __builtin_prefetch(rows + i + block_size / 4);
      busy[listed] = static_cast<std::uint16_t>(i);
      listed += (present.is_idle(rows[i]) ? 0U : 1U) | (groups[i] >> 31);
    }
    const std::uint16_t last = listed > 0 ? busy[listed - 1] : 0;
    for (std::uint32_t i = 0; i < ahead; ++i) busy[listed + i] = last;
    return listed;
  }

  template <bool known>
  void add_customer(Gatherer<known>& gatherer, std::uint32_t at, std::uint32_t group) {
    const std::uint32_t number = group & ~of_several;
    const bool several = (group & of_several) != 0;
    const std::size_t shared = part_.promises.size();
    gatherer.gather(at, number, several, facts_, part_.promises);
    if (several || part_.promises.size() > shared) {
      part_.members.push_back({number, facts_});
    } else if (!facts_.amounts.empty()) {
      part_.ranked.push_back(
          score_in(facts_, number, follow_ups_of(number, context_.query), context_));
    }
  }

  static constexpr std::uint32_t block_size = 256;
  static constexpr std::uint32_t ahead = 4;  ///< customers whose memory is fetched beforehand

  const RankingContext& context_;
  RankingPart& part_;
  RankingFacts facts_;
};

}  // namespace

RankingPart rank(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last,
                 const RankingQuery& query, std::span<const std::uint32_t> tie) {
  ARREARS_REQUIRE(query.group_of.size() >= last);
  const RankingContext context(query, portfolio.currencies());
  RankingPart part;
  part.ranked.reserve(last - first);
  Ranker ranker(context, part);
  portfolio.for_each_run(first, last, [&](const Run& run) { ranker.add(run); });
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
    joined = merge(joined, part.ranked, tie);
  }
  return joined;
}

}  // namespace arrears::portfolio
