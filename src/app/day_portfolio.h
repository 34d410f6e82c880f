#pragma once

#include <functional>
#include <vector>

#include "app/day_decisions.h"
#include "domain/portfolio/due.h"
#include "domain/portfolio/ranking.h"

/// Inside the room: the parties of an entity on a day, as the portfolio has them.
namespace arrears::app {

class LivePortfolio;

/// Parties are numbered; a number is a group of the portfolio's questions.
class DayParties {
 public:
  /// Of a portfolio that is in line with `facts`. Reads from `facts` who has a follow-up open.
  DayParties(Facts& facts, const LivePortfolio& portfolio, const EntityContext& context);

  /// Whether the columns say what they would of the facts known then: not where a customer belonged
  /// to another party than now, whose promises count elsewhere.
  bool is_exact() const { return !moved_; }

  std::uint32_t count() const { return static_cast<std::uint32_t>(parties_.size()); }
  parties::PartyId party(std::uint32_t number) const { return parties_[number]; }
  /// Whether anything can be decided about the party, or it can be on the list: it has an item that
  /// a step is due of, a promise that may be broken, or an open follow-up.
  bool has_work(std::uint32_t number) const { return work_[number] != 0; }

  /// The parties by points without those of follow-ups, then by overdue amount; the not ranked ones
  /// last. Without those that have nothing open.
  std::vector<portfolio::RankedGroup> ranked() const;

  /// The files of the parties of these parts for which `wanted` holds, in order of part and party.
  /// They are read from `facts`, which see what those of the constructor saw.
  void each_file(Facts& facts, PartRange range,
                 const std::function<bool(std::uint32_t number)>& wanted,
                 const std::function<void(std::uint32_t number, PartyFile&)>& each) const;

 private:
  void number_parties();
  void find_work();

  Facts& facts_;
  const portfolio::Portfolio& book_;
  const EntityContext& context_;
  portfolio::AsOf as_of_;
  std::vector<parties::PartyId> parties_;  ///< in order of part and id
  std::vector<std::uint32_t> group_of_;    ///< by customer
  std::vector<std::uint8_t> work_;         ///< by party
  bool moved_ = false;
};

}  // namespace arrears::app
