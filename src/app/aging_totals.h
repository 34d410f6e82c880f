#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/aging.h"
#include "app/lookup.h"
#include "domain/receivables/ledger.h"
#include "domain/strategy/books.h"

/// Inside the room: what both engines of the aging share, from whose accounts count to the JSON.
namespace arrears::app {

struct AgingTotals {
  receivables::Aging aging;
  std::int64_t customers = 0;  ///< with an open item

  void add(const receivables::Aging& row);
  void add(const AgingTotals& other);
};

/// Whether an account has anything of this currency: else it has no row.
bool has_anything(const receivables::Aging& row);

/// One row of a grouped aging: its naming fields, and a total for each currency.
struct AgingGroup {
  Json names;
  std::map<money::Currency, AgingTotals> currencies;
};

/// What an aging is made of.
struct AgingSums {
  std::map<money::Currency, AgingTotals> totals;
  std::map<std::string, AgingGroup> groups;  ///< by key
};

/// Whose accounts count.
struct AgingSelection {
  std::vector<parties::Entity> entities;
  std::optional<parties::CustomerId> customer;
  std::function<bool(const parties::Customer&, const parties::Party&)> sees;  ///< see AgingQuery
  bool has(parties::CustomerId account, parties::EntityId entity) const;
};
Result<AgingSelection> select_accounts(Facts& facts, std::string_view entity_code,
                                       std::string_view customer);

/// Names the groups that customers fall into.
class AgingGrouping {
 public:
  AgingGrouping(Facts& facts, AgingBy by, Date as_of, const std::vector<parties::Entity>& entities);

  AgingBy by() const { return by_; }
  /// The key under which the account is summed, and the row's naming fields.
  struct Row {
    std::string key;
    Json names;
  };
  Row row(const parties::Party& party, const parties::Customer& customer) const;
  /// What tells groups apart, cheaper than the key.
  parties::PartyId head_of(parties::PartyId party) const;
  std::string collector_of(const parties::Party& party, const parties::Customer& customer) const;

 private:
  AgingBy by_;
  Date as_of_;
  std::map<parties::EntityId, const parties::Entity*> entities_;
  std::map<parties::EntityId, std::vector<strategy::Book>> books_;
  std::map<parties::PartyId, parties::PartyId> parents_;
};

/// The aging from the columns of a portfolio that is in line with `facts`.
AgingSums portfolio_aging(Facts& facts, const LivePortfolio& portfolio, const AgingQuery& query,
                          const AgingSelection& selection, const AgingGrouping& grouping);

}  // namespace arrears::app
