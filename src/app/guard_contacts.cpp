#include "app/guard_contacts.h"

#include <algorithm>

namespace arrears::app {

namespace {

bool is_named(const parties::Contact& contact, std::string_view text) {
  const auto equals = [&](const std::string& field) { return !field.empty() && field == text; };
  return equals(contact.reference) || equals(contact.email) || equals(contact.phone) ||
         equals(contact.name);
}

base::Refusal unknown(const parties::Entity& entity, std::string_view text) {
  return base::refuse(GuardRefusal::contact_unknown,
                      "Entity " + entity.code + " has no contact " + std::string(text));
}

base::Refusal ambiguous(std::string_view text) {
  return base::refuse(GuardRefusal::contact_ambiguous,
                      "\"" + std::string(text) + "\" may be several contacts");
}

/// The one of a party that the text names; the only active one where it names none.
Result<FoundContact> pick(PartyFile file, const parties::Entity& entity, std::string_view text) {
  std::vector<parties::Contact> named;
  for (const parties::Contact& contact : file.contacts) {
    if (!text.empty() && to_string(contact.id) == text)
      return FoundContact{std::move(file), contact};
    if (contact.active && (text.empty() || is_named(contact, text))) named.push_back(contact);
  }
  if (named.empty()) return unknown(entity, text);
  if (named.size() > 1) return ambiguous(text.empty() ? file.party.name : text);
  return FoundContact{std::move(file), std::move(named.front())};
}

PartyFile whole_file(Facts& facts, parties::PartyId party) {
  auto file = facts.whole().party_file(party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  return std::move(*file);
}

bool is_in(const PartyFile& file, const parties::Entity& entity) {
  return std::ranges::any_of(
      file.accounts, [&](const Account& account) { return account.customer.entity == entity.id; });
}

}  // namespace

Result<FoundContact> find_contact(Facts& facts, const parties::Entity& entity,
                                  std::string_view customer, std::string_view text) {
  if (!customer.empty()) {
    const auto found = find_customer(facts, entity, customer);
    if (!found) return found.error();
    return pick(whole_file(facts, found->party), entity, text);
  }
  std::vector<parties::Contact> named;
  facts.each_contact([&](const parties::Contact& contact) {
    const bool by_id = to_string(contact.id) == text;
    if (by_id || (contact.active && is_named(contact, text))) named.push_back(contact);
  });
  std::vector<FoundContact> found;
  for (parties::Contact& contact : named) {
    PartyFile file = whole_file(facts, contact.party);
    if (is_in(file, entity)) found.push_back({std::move(file), std::move(contact)});
  }
  if (found.size() > 1) return ambiguous(text);
  if (!found.empty()) return std::move(found.front());
  if (!facts.find_number(entity.id, NumberKind::customer, text)) return unknown(entity, text);
  const auto of_customer = find_customer(facts, entity, text);
  if (!of_customer) return of_customer.error();
  return pick(whole_file(facts, of_customer->party), entity, "");
}

}  // namespace arrears::app
