#include "app/guess_limit.h"
#include "app/people_lookup.h"
#include "app/secrets.h"
#include "app/sessions.h"

namespace arrears::app {

namespace {

PartResolver people_resolver() {
  return [](Transaction&) -> Result<Part> { return people_part(); };
}

/// A login in a URI: of its characters only these two mean something there.
std::string percent_encoded(std::string_view login) {
  std::string text;
  for (const char c : login) {
    if (c == '@') {
      text += "%40";
    } else if (c == '+') {
      text += "%2B";
    } else {
      text += c;
    }
  }
  return text;
}

/// Says in the journal what changed, and not to what.
void note_change(Transaction& facts, const Person& person, std::string_view what) {
  facts.open_entry(people_part(), EntryKind::credential_changed,
                   boost::json::serialize(Json{{"login", person.login}, {"changed", what}}));
}

Credential credential_of(Facts& facts, const Person& person) {
  return facts.access().credential(person.id).value_or(Credential{});
}

Refusal wrong_password(std::string_view login) {
  return base::refuse(PeopleRefusal::password_wrong,
                      "The password given is not the present one of " + std::string(login));
}

}  // namespace

Result<Json> set_password(Store& store, const Caller& caller, std::string_view login,
                          std::string_view password, std::optional<std::string_view> current,
                          Instant clock_now) {
  std::string checked_hash;
  std::optional<GuessLimit> limit;
  if (current) {
    // Whoever has got hold of a session must not find out its password by trying.
    limit.emplace(store, GuessPlace{std::string(login), "change of password", {}});
    if (const int wait = limit->reserve(store, clock_now); wait > 0) {
      return base::refuse(SignInRefusal::too_many_attempts,
                          "Too many wrong passwords; the next attempt is possible in " +
                              std::to_string(wait) + " s");
    }
    const auto facts = store.read({});
    const auto person = find_person(*facts, login);
    if (!person) return person.error();
    checked_hash = credential_of(*facts, *person).password_hash;
    if (!is_password(checked_hash, *current)) return wrong_password(login);
    limit->release(store, clock_now);
  }
  // Not under the lock of the transaction: it takes its time on purpose.
  std::string hash;
  if (check_password(password, login)) hash = hash_password(password);
  const Json body{{"login", login},
                  {"password", base64(store.keyed_hash("password in a command", password))}};
  return run_command(store, caller, "set_password", body, people_resolver(),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto person = find_person(facts, login);
                       if (!person) return person.error();
                       const auto fine = check_password(password, person->login);
                       if (!fine) return fine.error();
                       Credential credential = credential_of(facts, *person);
                       if (current && credential.password_hash != checked_hash)
                         return wrong_password(login);
                       credential.password_hash = hash;
                       ++credential.generation;
                       facts.access().put(person->id, credential);
                       note_change(facts, *person, "password");
                       return Json{{"login", person->login}};
                     });
}

Result<Json> begin_totp(Store& store, const Caller& caller, std::string_view login) {
  const std::string secret = random_totp_secret();
  std::optional<Result<Json>> answer;
  store.run(caller.now, caller.actor, [&](Transaction& facts) {
    facts.lock(PartRange{people_part(), people_part()});
    const auto person = find_person(facts, login);
    if (!person) {
      answer = person.error();
      return false;
    }
    Credential credential = credential_of(facts, *person);
    if (credential.totp_confirmed) {
      answer = base::refuse(PeopleRefusal::totp_enrolled,
                            person->login + " signs in with an authenticator already");
      return false;
    }
    credential.totp_secret = secret;
    credential.totp_last_step = 0;
    facts.access().put(person->id, credential);
    const std::string shown = base32(secret);
    answer = Json{{"login", person->login},
                  {"secret", shown},
                  {"uri", "otpauth://totp/Arrears:" + percent_encoded(person->login) +
                              "?secret=" + shown + "&issuer=Arrears"}};
    return true;
  });
  return *std::move(answer);
}

Result<Json> confirm_totp(Store& store, const Caller& caller, std::string_view login,
                          std::string_view code, Instant clock_now) {
  const Json body{{"login", login}, {"code", code}};
  return run_command(
      store, caller, "confirm_totp", body, people_resolver(),
      [&](Transaction& facts) -> Result<Json> {
        const auto person = find_person(facts, login);
        if (!person) return person.error();
        Credential credential = credential_of(facts, *person);
        if (credential.totp_confirmed) {
          return base::refuse(PeopleRefusal::totp_enrolled,
                              person->login + " signs in with an authenticator already");
        }
        if (credential.totp_secret.empty()) {
          return base::refuse(PeopleRefusal::totp_not_enrolled,
                              person->login + " has no authenticator to confirm");
        }
        const auto step = matching_totp_step(credential.totp_secret, code, clock_now, 0);
        if (!step)
          return base::refuse(PeopleRefusal::totp_code_wrong, "The code does not fit the secret");
        credential.totp_confirmed = true;
        credential.totp_last_step = *step;
        facts.access().put(person->id, credential);
        note_change(facts, *person, "authenticator added");
        return Json{{"login", person->login}, {"totp", true}};
      });
}

Result<Json> remove_totp(Store& store, const Caller& caller, std::string_view login) {
  return run_command(store, caller, "remove_totp", Json{{"login", login}}, people_resolver(),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto person = find_person(facts, login);
                       if (!person) return person.error();
                       Credential credential = credential_of(facts, *person);
                       if (!credential.totp_confirmed) {
                         return base::refuse(PeopleRefusal::totp_not_enrolled,
                                             person->login + " has no authenticator");
                       }
                       credential.totp_confirmed = false;
                       credential.totp_secret.clear();
                       facts.access().put(person->id, credential);
                       note_change(facts, *person, "authenticator removed");
                       return Json{{"login", person->login}, {"totp", false}};
                     });
}

}  // namespace arrears::app
