#include "app/day_portfolio.h"

#include <algorithm>
#include <mutex>

#include "app/live_portfolio.h"

namespace arrears::app {

namespace {

using portfolio::OpenState;

bool comes_before(parties::PartyId a, parties::PartyId b) {
  return std::pair(a.part(), a) < std::pair(b.part(), b);
}

/// Whether so many parties of a part are better read with all of the part.
bool are_most(std::size_t wanted, std::size_t all) { return wanted * 4 > all * 3; }

/// Whether a promise of the customer's party may be broken.
bool may_be_broken(const portfolio::Columns& columns, std::uint32_t customer, OpenState state,
                   Date day) {
  const auto& rows = columns.customers;
  for (auto at = rows[customer].promises; at < rows[customer + 1].promises; ++at) {
    const portfolio::PromiseRow& promise = columns.promises[at];
    if (!(promise.flags & portfolio::counted_promise)) continue;
    if (Date{columns.promise_deadline[at]} >= day) continue;
    if (state != OpenState::nothing || (promise.flags & portfolio::shared_promise)) return true;
  }
  return false;
}

}  // namespace

DayParties::DayParties(Facts& facts, const LivePortfolio& portfolio, const EntityContext& context)
    : facts_(facts),
      book_(portfolio.book()),
      context_(context),
      as_of_{context.as_of, facts.ordinal()} {
  number_parties();
  find_work();
}

void DayParties::number_parties() {
  std::vector<parties::PartyId> party_of(book_.customer_count());
  for (std::uint32_t index = 0; index < party_of.size(); ++index) {
    const auto who = book_.who(index, as_of_.known_at);
    if (!who || who->entity != context_.entity.id) continue;
    party_of[index] = who->party;
    parties_.push_back(who->party);
    if (as_of_.known_at != portfolio::latest)
      moved_ = moved_ || book_.who(index, portfolio::latest)->party != who->party;
  }
  std::sort(parties_.begin(), parties_.end(), comes_before);
  std::vector<parties::PartyId> once = parties_;
  once.erase(std::unique(once.begin(), once.end()), once.end());
  const bool several = once.size() < parties_.size();
  const auto is_of_several = [&](parties::PartyId party) {
    if (!several) return false;
    const auto [from, to] = std::equal_range(parties_.begin(), parties_.end(), party, comes_before);
    return to - from > 1;
  };
  group_of_.assign(party_of.size(), portfolio::no_group);
  for (std::uint32_t index = 0; index < party_of.size(); ++index) {
    if (!party_of[index]) continue;
    const auto place = std::lower_bound(once.begin(), once.end(), party_of[index], comes_before);
    group_of_[index] = static_cast<std::uint32_t>(place - once.begin()) |
                       (is_of_several(party_of[index]) ? portfolio::of_several : 0);
  }
  parties_ = std::move(once);
}

void DayParties::find_work() {
  work_.assign(parties_.size(), 0);
  // A step is due from its offset on, or later where that is no business day; an overdue item may
  // be on the list whatever the steps say.
  int first_offset = 0;
  for (const strategy::Step& step : context_.strategy.steps)
    first_offset = std::min(first_offset, step.offset_days);
  std::vector<OpenState> states(book_.customer_count());
  in_ranges(book_.customer_count(), [&](std::uint32_t first, std::uint32_t last) {
    portfolio::find_open(book_, first, last, as_of_, as_of_.day - first_offset, states);
  });
  std::vector<OpenState> of_party(parties_.size());
  for (std::uint32_t index = 0; index < states.size(); ++index) {
    if (group_of_[index] == portfolio::no_group) continue;
    OpenState& state = of_party[group_of_[index] & ~portfolio::of_several];
    state = std::max(state, states[index]);
  }
  for (std::size_t number = 0; number < of_party.size(); ++number)
    work_[number] = of_party[number] == OpenState::due;
  book_.for_each_run(0, book_.customer_count(), [&](const portfolio::Run& run) {
    for (std::uint32_t row = run.first; row < run.last; ++row) {
      const std::uint32_t group = group_of_[run.index + row - run.first];
      if (group == portfolio::no_group) continue;
      const std::uint32_t number = group & ~portfolio::of_several;
      if (!work_[number] && may_be_broken(run.columns, row, of_party[number], as_of_.day))
        work_[number] = 1;
    }
  });
  for (const parties::PartyId party :
       facts_.parties_with_follow_ups(context_.entity.id, as_of_.day)) {
    const auto place = std::lower_bound(parties_.begin(), parties_.end(), party, comes_before);
    if (place != parties_.end() && *place == party)
      work_[static_cast<std::size_t>(place - parties_.begin())] = 1;
  }
}

std::vector<portfolio::RankedGroup> DayParties::ranked() const {
  const portfolio::RankingQuery query{
      as_of_, context_.strategy, context_.rates, context_.entity.base_currency, group_of_, {}};
  std::vector<portfolio::RankingPart> parts;
  std::mutex adding;
  in_ranges(book_.customer_count(), [&](std::uint32_t first, std::uint32_t last) {
    auto part = portfolio::rank(book_, first, last, query, {});
    const std::lock_guard lock(adding);
    parts.push_back(std::move(part));
  });
  return portfolio::join(std::move(parts), book_.currencies(), query, {});
}

void DayParties::each_file(
    Facts& facts, PartRange range, const std::function<bool(std::uint32_t number)>& wanted,
    const std::function<void(std::uint32_t number, PartyFile&)>& each) const {
  const auto first = std::partition_point(parties_.begin(), parties_.end(),
                                          [&](auto party) { return party.part() < range.first; });
  for (auto begin = static_cast<std::uint32_t>(first - parties_.begin()); begin < count();) {
    const Part part = parties_[begin].part();
    if (part > range.last) return;
    std::uint32_t end = begin;
    std::vector<std::uint32_t> chosen;
    std::vector<parties::PartyId> names;
    for (; end < count() && parties_[end].part() == part; ++end) {
      if (!wanted(end)) continue;
      chosen.push_back(end);
      names.push_back(parties_[end]);
    }
    auto next = chosen.begin();
    const auto give = [&](PartyFile& file) {
      if (next == chosen.end() || parties_[*next] != file.party.id) return;
      each(*next++, file);
    };
    if (are_most(chosen.size(), end - begin)) {
      facts.each_party({part, part}, Detail::everything, give);
    } else {
      facts.party_files(names, Detail::everything, give);
    }
    ARREARS_REQUIRE(next == chosen.end());
    begin = end;
  }
}

}  // namespace arrears::app
