#include "app/accounts.h"

namespace arrears::app {

Result<base::Done> each_account(Facts& facts, const parties::Entity& entity,
                                std::string_view customer, Detail detail,
                                const AccountVisitor& each) {
  if (customer.empty()) {
    facts.each_party({}, detail, [&](const PartyFile& file) {
      for (const Account& account : file.accounts)
        if (account.customer.entity == entity.id) each(file, account);
    });
    return base::Done{};
  }
  const auto found = find_customer(facts, entity, customer);
  if (!found) return found.error();
  const auto file = facts.party_file(found->party, detail);
  ARREARS_REQUIRE(file.has_value());
  each(*file, account_of(*file, found->customer));
  return base::Done{};
}

boost::json::array customer_numbers(const PartyFile& file, parties::EntityId entity) {
  boost::json::array numbers;
  for (const Account& account : file.accounts)
    if (account.customer.entity == entity)
      numbers.push_back(boost::json::string(account.customer.number));
  return numbers;
}

boost::json::value day_or_null(std::optional<Date> day) {
  if (!day) return nullptr;
  return boost::json::string(to_string(*day));
}

}  // namespace arrears::app
