#include <algorithm>

#include "app/daily_run.h"

namespace arrears::app {

namespace {

Json action_json(const DueActionRecord& action, const PartyFile& file) {
  boost::json::array customers;
  for (const Account& account : file.accounts)
    if (account.customer.entity == action.entity)
      customers.push_back(boost::json::string(account.customer.number));
  return {{"on", to_string(action.on)},
          {"name", file.party.name},
          {"customers", std::move(customers)},
          {"channel", base::name(action.channel)},
          {"action", base::name(action.action)},
          {"level", action.level},
          {"items", boost::json::parse(action.items)}};
}

}  // namespace

Result<boost::json::array> due_action_list(Facts& facts, std::string_view entity_code, Date from,
                                           Date to) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  std::vector<std::pair<Date, Json>> rows;
  facts.each_party({}, Detail::everything, [&](const PartyFile& file) {
    for (const DueActionRecord& action : file.due_actions) {
      if (action.entity != entity->id || action.on < from || to < action.on) continue;
      rows.emplace_back(action.on, action_json(action, file));
    }
  });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  boost::json::array list;
  for (auto& row : rows) list.push_back(std::move(row.second));
  return list;
}

}  // namespace arrears::app
