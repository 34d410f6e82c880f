#include <map>

#include "adapters/storage/fact_reader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/ledger_rows.h"

namespace arrears::storage {

namespace {

template <class E>
std::string join_names(const std::vector<E>& members) {
  std::vector<std::string> names;
  for (const E member : members) names.emplace_back(base::name(member));
  return join_list(names);
}

/// Names that this version does not know give nothing: a role of a later version has no right here.
template <class E>
std::vector<E> split_names(std::string_view text) {
  std::vector<E> members;
  for (const std::string& name : split_list(text)) {
    if (const auto member = base::parse_name<E>(name)) members.push_back(*member);
  }
  return members;
}

/// Persons have keys as parties do; ids are of one kind.
parties::PartyId key_of(app::PersonId person) { return parties::PartyId{person.value}; }

constexpr std::string_view name_place = "person.sealed_name";

}  // namespace

void FactWriter::add(const app::Person& person, app::Revision revision) {
  insert(facts::person,
         {part_, person.id.value, version(revision, "person", "person_id = :id", person.id.value),
          person.login, seal(key_of(person.id), name_place, person.name), join_names(person.roles),
          person.all_entities, join_list(person.entities), join_list(person.collectors),
          person.active});
}

void FactWriter::add(const app::ApiToken& token, app::Revision revision) {
  insert(facts::api_token,
         {part_, token.id.value, version(revision, "api_token", "token_id = :id", token.id.value),
          token.person.value, token.label, join_names(token.rights), join_list(token.entities),
          token.expires_at.micros, token.revoked});
}

void FactWriter::add(const app::Substitution& substitution, app::Revision revision) {
  insert(facts::substitution,
         {part_, substitution.entity.value, substitution.id.value,
          version(revision, "substitution", "entity_id = :entity AND substitution_id = :id",
                  substitution.entity.value, substitution.id.value),
          substitution.collector, substitution.substitute, substitution.from.days,
          substitution.until.days});
}

std::optional<parties::Customer> FactReader::customer_record(parties::CustomerId customer) {
  std::optional<parties::Customer> record;
  FactScan(snapshot_).rows(facts::customer, customer.part(), customer.value, [&](FactRow& row) {
    row.skip();
    record = read_customer(row);
  });
  return record;
}

std::vector<app::Person> FactReader::people(app::PersonId only) {
  std::map<app::PersonId, app::Person> people;
  std::map<app::PersonId, Bytes> names;
  FactScan(snapshot_).rows(facts::person, app::people_part(), only.value, [&](FactRow& row) {
    app::Person person;
    row.skip();
    person.id = row.id<app::PersonId>();
    row.skip(2);
    person.login = row.text();
    const ByteView name = row.blob();
    names[person.id].assign(name.begin(), name.end());
    person.roles = split_names<app::Role>(row.text());
    person.all_entities = row.flag();
    person.entities = split_list(row.text());
    person.collectors = split_list(row.text());
    person.active = row.flag();
    people[person.id] = std::move(person);
  });
  std::vector<app::Person> list;
  for (auto& [id, person] : people) {
    person.name = keys_.open(key_of(id), name_place, names[id]).value_or("");
    list.push_back(std::move(person));
  }
  return list;
}

std::vector<app::ApiToken> FactReader::api_tokens(app::TokenId only) {
  std::map<app::TokenId, app::ApiToken> tokens;
  FactScan(snapshot_).rows(facts::api_token, app::people_part(), only.value, [&](FactRow& row) {
    app::ApiToken token;
    row.skip();
    token.id = row.id<app::TokenId>();
    row.skip(2);
    token.person = row.id<app::PersonId>();
    token.label = row.text();
    token.rights = split_names<app::Right>(row.text());
    token.entities = split_list(row.text());
    token.expires_at = {row.integer()};
    token.revoked = row.flag();
    tokens[token.id] = std::move(token);
  });
  std::vector<app::ApiToken> list;
  for (auto& [id, token] : tokens) list.push_back(std::move(token));
  return list;
}

std::vector<app::Substitution> FactReader::substitutions(parties::EntityId entity) {
  std::map<app::SubstitutionId, app::Substitution> substitutions;
  FactScan(snapshot_).rows(facts::substitution, entity.part(), entity.value, [&](FactRow& row) {
    app::Substitution substitution;
    row.skip();
    substitution.entity = row.id<parties::EntityId>();
    substitution.id = row.id<app::SubstitutionId>();
    row.skip(2);
    substitution.collector = row.text();
    substitution.substitute = row.text();
    substitution.from = row.date();
    substitution.until = row.date();
    substitutions[substitution.id] = std::move(substitution);
  });
  std::vector<app::Substitution> list;
  for (auto& [id, substitution] : substitutions) list.push_back(std::move(substitution));
  return list;
}

}  // namespace arrears::storage
