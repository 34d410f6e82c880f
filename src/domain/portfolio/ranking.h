#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "domain/money/rate.h"
#include "domain/portfolio/aging.h"
#include "domain/strategy/strategy.h"

/// The points and the order of all parties on a business date: the factors of strategy::assess and
/// the order of strategy::rank, from the rows of the portfolio. Which of them a collector acts on
/// today, and why, is decided by strategy::assess for those that are looked at.
namespace arrears::portfolio {

/// A group (a party in one entity) of several customers: their facts are added up before the
/// points. Set on the group number of each of them.
constexpr std::uint32_t of_several = 0x80000000;

struct RankingQuery {
  AsOf as_of;
  const strategy::Strategy& strategy;
  const money::RateTable& rates;
  money::Currency base;  ///< of the entity
  /// The group of each customer, by index; with `of_several`, or `no_group` to leave it out.
  std::span<const std::uint32_t> group_of;
  /// How many follow-ups are due, by group; empty: none.
  std::span<const std::uint8_t> follow_ups_due;
};

/// Sums weighted by amount go beyond 64 bits.
__extension__ using Wide = __int128;

struct CurrencySums {
  std::uint8_t currency = 0;  ///< number in the book
  std::int64_t open = 0;      ///< positive open items
  std::int64_t overdue = 0;   ///< net of credits and unapplied cash, by customer
};

/// What the points of a customer, or of a group, are made of.
struct RankingFacts {
  std::vector<CurrencySums> amounts;  ///< one per currency with open items
  Wide late_weighted = 0;             ///< base currency minor units times days
  Wide late_amount = 0;
  std::int64_t balance = 0;  ///< base currency, as of the day
  std::int64_t balance_before = 0;
  bool balance_known = true;  ///< no rate was missing
  int days_overdue = 0;       ///< of the oldest chased item
  int broken_promises = 0;

  void clear();
  void add(const RankingFacts& other);
};

/// A group with something open.
struct RankedGroup {
  std::int64_t overdue_base = 0;
  std::uint32_t group = 0;
  std::int32_t points = 0;  ///< -1: not ranked, a rate is missing
  bool operator==(const RankedGroup&) const = default;
};

/// A customer's part of a promise that others have parts of; see PromiseFact::shared.
struct SharedPromise {
  std::int64_t promise = 0;
  std::uint32_t group = no_group;  ///< of the customer where it counts
  bool is_short = false;
  bool voided = false;  ///< withdrawn, superseded, or suspended by a dispute
};

/// What a range of customers adds to the ranking.
struct RankingPart {
  std::vector<RankedGroup> ranked;  ///< in order
  struct Member {
    std::uint32_t group = 0;
    RankingFacts facts;
  };
  std::vector<Member> members;  ///< of groups that need more than this customer
  std::vector<SharedPromise> promises;
};

/// Facts of one customer, also without open items; what it has of shared promises goes to `shared`.
void gather_facts(const Portfolio& portfolio, std::uint32_t index, const RankingQuery& query,
                  RankingFacts& facts, std::vector<SharedPromise>& shared);

/// The facts as strategy::assess weighs them; `follow_ups_due` is the factor's value.
RankedGroup score(const RankingFacts& facts, std::uint32_t group, int follow_ups_due,
                  const std::vector<money::Currency>& currencies, const RankingQuery& query);

/// Scores and orders the customers [first, last) that need no others.
/// `tie` orders groups of equal points and amounts: the place of its first number, by group.
RankingPart rank(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last,
                 const RankingQuery& query, std::span<const std::uint32_t> tie);

/// The whole list from its parts: by points, overdue amount, `tie`, group; not ranked ones last.
std::vector<RankedGroup> join(std::vector<RankingPart> parts,
                              const std::vector<money::Currency>& currencies,
                              const RankingQuery& query, std::span<const std::uint32_t> tie);

}  // namespace arrears::portfolio
