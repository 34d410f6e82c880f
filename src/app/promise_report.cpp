#include <array>
#include <map>

#include "app/calls.h"
#include "app/gather.h"

namespace arrears::app {

namespace {

using promises::Promise;
using promises::PromiseState;

struct Sums {
  std::array<std::int64_t, base::name_count<PromiseState>> states{};
  std::int64_t promises = 0;
  std::int64_t promised_minor = 0;
  std::int64_t paid_minor = 0;
};

/// Who logged the call of the promise, else the owner of the book.
std::string taker_of(const PartyFile& file, const Promise& promise,
                     const std::vector<strategy::Book>& books, Date as_of) {
  for (const contact::CallEntry& call : file.calls)
    if (call.id.value == promise.call) return call.author;
  for (const Account& account : file.accounts)
    if (account.customer.entity == promise.entity)
      return strategy::collector_of(account.customer, file.party, books, as_of);
  return {};
}

}  // namespace

Result<boost::json::array> promises_by_collector(Facts& facts, std::string_view entity_code,
                                                 Date from, Date to, Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto books = facts.books(entity->id);
  const calendar::BusinessCalendar calendar = entity_calendar(facts, *entity);
  std::map<std::pair<std::string, money::Currency>, Sums> rows;
  facts.each_party({}, Detail::everything, [&](const PartyFile& file) {
    for (const Promise& promise : file.promises) {
      if (promise.entity != entity->id || as_of < promise.made_on) continue;
      if (promise.due_on < from || to < promise.due_on) continue;
      const auto standing = judge_promise(facts, file, promise, calendar, as_of).standing;
      Sums& sums = rows[{taker_of(file, promise, books, as_of), promise.currency}];
      ++sums.promises;
      ++sums.states[static_cast<std::size_t>(standing.state)];
      sums.promised_minor += promise.amount_minor;
      sums.paid_minor += standing.paid_minor;
    }
  });
  boost::json::array list;
  for (const auto& [key, sums] : rows) {
    const auto& [collector, currency] = key;
    Json row{{"collector", collector}, {"currency", currency.code()}, {"promises", sums.promises}};
    for (std::size_t i = 0; i < sums.states.size(); ++i)
      row[base::Names<PromiseState>::all[i]] = sums.states[i];
    row["promised"] = money::to_decimal(sums.promised_minor, currency);
    row["paid"] = money::to_decimal(sums.paid_minor, currency);
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace arrears::app
