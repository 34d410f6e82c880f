#pragma once

#include "app/command.h"
#include "app/person.h"

/// Commands about the people who work with the site, what they may do and how they prove who they
/// are. Journaled like every change; no password, code or token secret is ever in the journal, in a
/// fact row, or among the answers kept for idempotency.
namespace arrears::app {

#define ARREARS_PEOPLE_REFUSALS(R)                                                               \
  R(set_up_done, "Somebody is there already; sign in, or ask an admin.")                         \
  R(login_invalid, "Use 1 to 64 letters, digits, '.', '-', '_', '+' or '@'.")                    \
  R(person_exists, "Choose another login; case makes no difference.")                            \
  R(person_unknown, "Check the login; `arrears person list` shows the known ones.")              \
  R(role_missing,                                                                                \
    "Give one or more of collector, manager, credit_controller, cash_clerk, "                    \
    "accountant, auditor and admin.")                                                            \
  R(entity_missing, "Name the entities that the person works for, or all.")                      \
  R(admin_of_some, "An admin works for all entities: who gives out rights could give them all.") \
  R(last_admin, "Make somebody else an admin first.")                                            \
  R(password_too_short, "Use at least 12 characters; a short sentence is easy to keep in mind.") \
  R(password_too_long, "Use at most 256 bytes.")                                                 \
  R(password_guessable, "Choose one that is not the login, a row of keys or a well-known one.")  \
  R(password_wrong, "Type the password that is valid now.")                                      \
  R(totp_enrolled, "Remove the authenticator that is enrolled first.")                           \
  R(totp_not_enrolled, "Begin the enrolment and scan its code first.")                           \
  R(totp_code_wrong, "Type the six digits that the authenticator shows now; each works once.")   \
  R(token_label_missing, "Say what the token is for.")                                           \
  R(token_right_missing, "Name one or more rights: `arrears person list` shows the person's.")   \
  R(token_right_exceeds, "A token has no more rights and entities than its person.")             \
  R(token_expiry_invalid, "Use 1 to 366 days.")                                                  \
  R(token_unknown, "`arrears token list` shows the tokens.")                                     \
  R(collector_unknown, "Name the collector as the books do; `arrears book list` shows them.")    \
  R(substitute_unknown, "Name the login of somebody who is active and works for the entity.")    \
  R(substitute_same, "Hand the books to somebody else.")                                         \
  R(substitution_period_invalid, "The period must end after it begins.")                         \
  R(substitution_unknown, "`arrears person substitute --list` shows them.")

struct NewPerson {
  std::string login;
  std::string name;
  std::vector<Role> roles;
  bool all_entities = false;
  std::vector<std::string> entities;    ///< codes
  std::vector<std::string> collectors;  ///< see Person::collectors
  std::string password;                 ///< empty: none yet, so that nobody can sign in with it
};

/// What of a person changes; what is not given stays.
struct PersonChange {
  std::optional<std::string> name;
  std::optional<std::vector<Role>> roles;
  std::optional<bool> all_entities;
  std::optional<std::vector<std::string>> entities;
  std::optional<std::vector<std::string>> collectors;
  std::optional<bool> active;  ///< false ends the sessions; tokens do not work while it holds
};

struct NewToken {
  std::string login;  ///< whose rights it has
  std::string label;
  std::vector<Right> rights;
  std::vector<std::string> entities;  ///< codes; none: all of the person's
  int days = 90;                      ///< until it expires
};

struct NewSubstitution {
  std::string collector;   ///< as the books name the absent one
  std::string substitute;  ///< login
  Date from;
  Date until;  ///< first day on which it no longer holds
};

/// Whether nobody was ever added: then `set_up` is open to whoever comes first.
bool people_needed(Facts& facts);

/// The first person: an admin for all entities. Answers as `add_person` does.
Result<Json> set_up(Store& store, const Caller& caller, std::string_view login,
                    std::string_view name, std::string_view password);

/// Answers `{login, roles, rights, entities, collectors, active}`; entities null: all.
Result<Json> add_person(Store& store, const Caller& caller, const NewPerson& person);
Result<Json> change_person(Store& store, const Caller& caller, std::string_view login,
                           const PersonChange& change);

/// Sets a new password; all sessions of the person end. `current`: the password that is valid now,
/// where the person changes it by oneself; nothing: an admin sets it. Wrong guesses of it wait as
/// those at sign-in do, by `clock_now` (real time). Answers `{login}`.
Result<Json> set_password(Store& store, const Caller& caller, std::string_view login,
                          std::string_view password, std::optional<std::string_view> current,
                          Instant clock_now);

/// Makes a new secret for the authenticator, which counts once it is confirmed by a code. Answers
/// `{login, secret, uri}`: the secret in base32 and the otpauth URI to show as a QR code. Not
/// repeatable by its key: a repetition answers another secret.
Result<Json> begin_totp(Store& store, const Caller& caller, std::string_view login);
/// The code proves that the authenticator has the secret; from now on every sign-in needs one.
/// `clock_now` is real time, also in a rehearsal. Answers `{login, totp}`.
Result<Json> confirm_totp(Store& store, const Caller& caller, std::string_view login,
                          std::string_view code, Instant clock_now);
Result<Json> remove_totp(Store& store, const Caller& caller, std::string_view login);

/// Answers `{token_id, login, label, rights, entities, expires_at, token}`. `token` is shown this
/// once: a repetition with the same key answers without it.
Result<Json> issue_token(Store& store, const Caller& caller, const NewToken& token);
Result<Json> revoke_token(Store& store, const Caller& caller, std::string_view token_id);

/// Hands the books of a collector to a substitute. Answers `{substitution_id, entity, collector,
/// substitute, from, until}`.
Result<Json> substitute(Store& store, const Caller& caller, std::string_view entity,
                        const NewSubstitution& substitution);
/// Ends a substitution earlier: `on` is the first day on which it no longer holds.
Result<Json> end_substitution(Store& store, const Caller& caller, std::string_view entity,
                              std::string_view substitution, Date on);

/// As `add_person` answers, with `{name, password, totp}`: whether there is one of the last two.
Json person_json(Facts& facts, const Person& person);
boost::json::array person_list(Facts& facts);
Result<Person> find_person(Facts& facts, std::string_view login);

/// `[{token_id, login, label, rights, entities, expires_at, status}]`, of one login or (empty) all;
/// status: valid, expired or revoked.
boost::json::array token_list(Facts& facts, std::string_view login, Instant now);

/// `[{substitution_id, entity, collector, substitute, from, until}]`.
Result<boost::json::array> substitution_list(Facts& facts, std::string_view entity);

}  // namespace arrears::app

ARREARS_REFUSALS(app, PeopleRefusal, "people", ARREARS_PEOPLE_REFUSALS);
