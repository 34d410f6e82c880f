#include <mutex>
#include <unordered_map>

#include "app/aging_totals.h"
#include "app/live_portfolio.h"
#include "domain/portfolio/aging.h"

namespace arrears::app {

namespace {

using portfolio::AsOf;
using portfolio::CustomerVersion;
using portfolio::Portfolio;
using receivables::Aging;

/// What the books' rules and the naming fields look at.
struct Account {
  parties::Party party;
  parties::Customer customer;
};

Account account_of(parties::CustomerId customer, const CustomerVersion& who) {
  Account account;
  account.party.id = who.party;
  account.party.country = who.country;
  account.customer.id = customer;
  account.customer.entity = who.entity;
  account.customer.party = who.party;
  account.customer.number = who.number;
  account.customer.segment = who.segment;
  return account;
}

/// Numbers the groups that customers fall into, in the order in which they are met.
class GroupNumbers {
 public:
  explicit GroupNumbers(const AgingGrouping& grouping) : grouping_(grouping) {}

  std::uint32_t of(parties::CustomerId customer, const CustomerVersion& who) {
    switch (grouping_.by()) {
      case AgingBy::total:
        return 0;
      case AgingBy::customer:
        return number(customer.value);
      case AgingBy::party:
        return number(who.party.value);
      case AgingBy::group:
        return number(grouping_.head_of(who.party).value);
      case AgingBy::collector: {
        const Account account = account_of(customer, who);
        return number(to_string(who.entity) + "\n" +
                      grouping_.collector_of(account.party, account.customer));
      }
      case AgingBy::entity:
        return number(who.entity.value);
    }
    return 0;
  }

 private:
  std::uint32_t number(std::int64_t id) {
    return by_id_.try_emplace(id, static_cast<std::uint32_t>(by_id_.size())).first->second;
  }
  std::uint32_t number(const std::string& text) {
    return by_text_.try_emplace(text, static_cast<std::uint32_t>(by_text_.size())).first->second;
  }

  const AgingGrouping& grouping_;
  std::unordered_map<std::int64_t, std::uint32_t> by_id_;
  std::unordered_map<std::string, std::uint32_t> by_text_;
};

/// The group of each customer that counts, `no_group` of the others.
std::vector<std::uint32_t> groups_of(const Portfolio& book, portfolio::Ordinal known_at,
                                     const AgingSelection& selection,
                                     const AgingGrouping& grouping) {
  GroupNumbers numbers(grouping);
  std::vector<std::uint32_t> group_of(book.customer_count(), portfolio::no_group);
  for (std::uint32_t index = 0; index < group_of.size(); ++index) {
    const auto who = book.who(index, known_at);
    if (!who) continue;
    const parties::CustomerId customer = book.customer(index);
    if (!selection.has(customer, who->entity)) continue;
    if (selection.sees) {
      const Account account = account_of(customer, *who);
      if (!selection.sees(account.customer, account.party)) continue;
    }
    group_of[index] = numbers.of(customer, *who);
  }
  return group_of;
}

/// Sums by group and currency.
struct Sums {
  struct Sum {
    AgingTotals totals;
    /// Customers that name the group: the first with anything, and one of the head of the group.
    std::uint32_t first = portfolio::no_group;
  };
  std::unordered_map<std::uint64_t, Sum> by_group;

  void add(const Sums& other) {
    for (const auto& [key, sum] : other.by_group) {
      Sum& own = by_group[key];
      own.totals.add(sum.totals);
      own.first = std::min(own.first, sum.first);
    }
  }
};

/// Customers are looked at one by one, a block at a time, because each of them may count as one
/// that has an open item.
class Scan {
 public:
  static constexpr std::uint32_t block = 1024;

  Scan(const Portfolio& book, AsOf as_of, std::span<const std::uint32_t> group_of,
       std::span<const std::uint32_t> place_in_block)
      : book_(book), as_of_(as_of), group_of_(group_of), places_(place_in_block) {}

  Sums sums(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t begin = first; begin < last; begin = next(begin))
      add_block(begin, std::min(last, next(begin)));
    return std::move(sums_);
  }

 private:
  static std::uint32_t next(std::uint32_t index) { return (index / block + 1) * block; }

  void add_block(std::uint32_t first, std::uint32_t last) {
    portfolio::AgingTable table(block, book_.currencies());
    portfolio::add_aging(book_, first, last, as_of_, places_, table);
    for (std::uint32_t index = first; index < last; ++index) {
      if (group_of_[index] == portfolio::no_group) continue;
      const auto rows = table.rows(index % block);
      for (std::size_t currency = 0; currency < rows.size(); ++currency)
        if (has_anything(rows[currency])) add(index, currency, rows[currency]);
    }
  }

  void add(std::uint32_t index, std::size_t currency, const Aging& row) {
    const std::uint64_t key = std::uint64_t{group_of_[index]} << 8 | currency;
    if (key != last_key_ || !last_) {
      last_key_ = key;
      last_ = &sums_.by_group[key];
    }
    last_->totals.add(row);
    last_->first = std::min(last_->first, index);
  }

  const Portfolio& book_;
  AsOf as_of_;
  std::span<const std::uint32_t> group_of_;
  std::span<const std::uint32_t> places_;
  Sums sums_;
  std::uint64_t last_key_ = 0;
  Sums::Sum* last_ = nullptr;
};

Sums scan_all(const Portfolio& book, AsOf as_of, std::span<const std::uint32_t> group_of) {
  std::vector<std::uint32_t> places(book.customer_count());
  for (std::uint32_t index = 0; index < places.size(); ++index) places[index] = index % Scan::block;
  Sums all;
  std::mutex adding;
  in_ranges(book.customer_count(), [&](std::uint32_t first, std::uint32_t last) {
    const Sums sums = Scan(book, as_of, group_of, places).sums(first, last);
    const std::lock_guard lock(adding);
    all.add(sums);
  });
  return all;
}

/// Whether the row of a group is named after this party.
bool is_named(const AgingGrouping& grouping, parties::PartyId party) {
  const AgingBy by = grouping.by();
  return by == AgingBy::customer || by == AgingBy::party ||
         (by == AgingBy::group && grouping.head_of(party) == party);
}

/// The rows of the customers at these indices, with the names of parties from the store.
std::vector<AgingGrouping::Row> rows_of(Facts& facts, const Portfolio& book,
                                        portfolio::Ordinal known_at, const AgingGrouping& grouping,
                                        std::span<const std::uint32_t> indices) {
  std::vector<parties::PartyId> parties;
  std::vector<std::size_t> named;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const parties::PartyId party = book.who(indices[i], known_at)->party;
    if (!is_named(grouping, party)) continue;
    parties.push_back(party);
    named.push_back(i);
  }
  const auto records = facts.party_records(parties);
  std::vector<std::string> names(indices.size());
  for (std::size_t i = 0; i < named.size(); ++i) {
    ARREARS_REQUIRE(records[i].has_value());
    names[named[i]] = records[i]->name;
  }
  std::vector<AgingGrouping::Row> rows;
  rows.reserve(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    Account account = account_of(book.customer(indices[i]), *book.who(indices[i], known_at));
    account.party.name = std::move(names[i]);
    rows.push_back(grouping.row(account.party, account.customer));
  }
  return rows;
}

/// By group, the customer of its head that has anything: the head's own name is shown only then.
std::unordered_map<std::uint32_t, std::uint32_t> heads_with_anything(
    const Portfolio& book, AsOf as_of, std::span<const std::uint32_t> group_of,
    const AgingGrouping& grouping) {
  std::unordered_map<std::uint32_t, std::uint32_t> heads;
  for (std::uint32_t index = 0; index < group_of.size(); ++index) {
    if (group_of[index] == portfolio::no_group) continue;
    const parties::PartyId party = book.who(index, as_of.known_at)->party;
    if (grouping.head_of(party) != party) continue;
    if (!portfolio::customer_aging(book, index, as_of).empty())
      heads.try_emplace(group_of[index], index);
  }
  return heads;
}

}  // namespace

AgingSums portfolio_aging(Facts& facts, const LivePortfolio& portfolio, const AgingQuery& query,
                          const AgingSelection& selection, const AgingGrouping& grouping) {
  const Portfolio& book = portfolio.book();
  const AsOf as_of{query.as_of, facts.ordinal()};
  std::vector<std::uint32_t> group_of;
  Sums sums;
  if (selection.customer) {
    const auto index = book.find(*selection.customer);
    if (index && book.who(*index, as_of.known_at)) {
      group_of.assign(book.customer_count(), portfolio::no_group);
      group_of[*index] = 0;
      std::vector<std::uint32_t> places(book.customer_count());
      places[*index] = *index % Scan::block;
      sums = Scan(book, as_of, group_of, places).sums(*index, *index + 1);
    }
  } else {
    group_of = groups_of(book, as_of.known_at, selection, grouping);
    sums = scan_all(book, as_of, group_of);
  }
  AgingSums report;
  for (const auto& [key, sum] : sums.by_group)
    report.totals[sum.totals.aging.currency].add(sum.totals);
  if (query.by == AgingBy::total) return report;
  std::unordered_map<std::uint32_t, std::uint32_t> heads;
  if (query.by == AgingBy::group) heads = heads_with_anything(book, as_of, group_of, grouping);
  std::vector<std::uint32_t> firsts;
  for (const auto& [key, sum] : sums.by_group) {
    const auto head = heads.find(static_cast<std::uint32_t>(key >> 8));
    firsts.push_back(head == heads.end() ? sum.first : head->second);
  }
  auto rows = rows_of(facts, book, as_of.known_at, grouping, firsts);
  auto next = rows.begin();
  for (const auto& [key, sum] : sums.by_group) {
    AgingGrouping::Row& row = *next++;
    AgingGroup& group = report.groups[row.key];
    group.names = std::move(row.names);
    group.currencies[sum.totals.aging.currency].add(sum.totals);
  }
  return report;
}

}  // namespace arrears::app
