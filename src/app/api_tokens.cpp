#include "app/people_lookup.h"
#include "app/scope.h"
#include "app/secrets.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::int64_t day_micros = 86'400'000'000;
constexpr int days_max = 366;
/// Lets whoever searches files for lost secrets know one.
constexpr std::string_view token_prefix = "arrears_";

boost::json::array right_names(const std::vector<Right>& rights) {
  boost::json::array list;
  for (const Right right : rights) list.emplace_back(base::name(right));
  return list;
}

Json token_json(const ApiToken& token, std::string_view login) {
  return {{"token_id", to_string(token.id)},
          {"login", login},
          {"label", token.label},
          {"rights", right_names(token.rights)},
          {"entities", token.entities.empty()
                           ? boost::json::value(nullptr)
                           : boost::json::array(token.entities.begin(), token.entities.end())},
          {"expires_at", base::to_string(token.expires_at)}};
}

Result<base::Done> check_token(const NewToken& given, const Person& person) {
  const std::string what = "The token \"" + given.label + "\"";
  if (const auto clean = check_text(given.label, "the label"); !clean) return clean.error();
  if (given.label.empty())
    return base::refuse(PeopleRefusal::token_label_missing, "The token has no label");
  if (given.rights.empty())
    return base::refuse(PeopleRefusal::token_right_missing, what + " has no right");
  const Scope scope = scope_of(person);
  for (const Right right : given.rights) {
    if (scope.may(right)) continue;
    return base::refuse(
        PeopleRefusal::token_right_exceeds,
        person.login + " does not have the right " + std::string(base::name(right)));
  }
  for (const std::string& code : given.entities) {
    if (scope.sees_entity(code)) continue;
    return base::refuse(PeopleRefusal::token_right_exceeds,
                        person.login + " does not work for the entity " + code);
  }
  if (given.days < 1 || given.days > days_max) {
    return base::refuse(PeopleRefusal::token_expiry_invalid,
                        what + " would expire after " + std::to_string(given.days) + " days");
  }
  return base::Done{};
}

Refusal unknown_token(std::string_view id) {
  return base::refuse(PeopleRefusal::token_unknown, "There is no token " + std::string(id));
}

std::string login_of(const std::vector<Person>& people, PersonId id) {
  for (const Person& person : people)
    if (person.id == id) return person.login;
  return {};
}

std::string_view status_of(const ApiToken& token, Instant now) {
  if (token.revoked) return "revoked";
  return now < token.expires_at ? "valid" : "expired";
}

PartResolver people_resolver() {
  return [](Transaction&) -> Result<Part> { return people_part(); };
}

}  // namespace

Result<Json> issue_token(Store& store, const Caller& caller, const NewToken& given) {
  const Json body{{"login", given.login},
                  {"label", given.label},
                  {"rights", right_names(given.rights)},
                  {"entities", boost::json::array(given.entities.begin(), given.entities.end())},
                  {"days", given.days}};
  const std::string secret = std::string(token_prefix) + random_token();
  bool is_new = false;
  auto answer = run_command(
      store, caller, "issue_token", body, people_resolver(),
      [&](Transaction& facts) -> Result<Json> {
        const auto person = find_person(facts, given.login);
        if (!person) return person.error();
        if (const auto checked = check_token(given, *person); !checked) return checked.error();
        ApiToken token;
        token.id = facts.ids().make<TokenTag>(people_part());
        token.person = person->id;
        token.label = given.label;
        token.rights = given.rights;
        token.entities = given.entities;
        token.expires_at = {caller.now.micros + given.days * day_micros};
        Json json = token_json(token, person->login);
        facts.open_entry(people_part(), EntryKind::token_issued, boost::json::serialize(json))
            .add(token, Revision::first);
        facts.access().add_api_token(token_hash(secret), token.id);
        is_new = true;
        return json;
      });
  if (answer && is_new) (*answer)["token"] = secret;
  return answer;
}

Result<Json> revoke_token(Store& store, const Caller& caller, std::string_view token_id) {
  return run_command(
      store, caller, "revoke_token", Json{{"token_id", token_id}}, people_resolver(),
      [&](Transaction& facts) -> Result<Json> {
        const auto id = base::parse_int(token_id);
        auto found = id && *id > 0 ? facts.api_tokens(TokenId{*id}) : std::vector<ApiToken>{};
        if (found.empty() || found.front().revoked) return unknown_token(token_id);
        ApiToken& token = found.front();
        token.revoked = true;
        const Json json{{"token_id", token_id},
                        {"login", login_of(facts.people(token.person), token.person)},
                        {"label", token.label}};
        facts.open_entry(people_part(), EntryKind::token_revoked, boost::json::serialize(json))
            .add(token, Revision::next);
        return json;
      });
}

boost::json::array token_list(Facts& facts, std::string_view login, Instant now) {
  const std::vector<Person> people = facts.people();
  const std::string wanted = base::to_lower_ascii(login);
  boost::json::array list;
  for (const ApiToken& token : facts.api_tokens()) {
    const std::string owner = login_of(people, token.person);
    if (!wanted.empty() && base::to_lower_ascii(owner) != wanted) continue;
    Json json = token_json(token, owner);
    json["status"] = status_of(token, now);
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace arrears::app
