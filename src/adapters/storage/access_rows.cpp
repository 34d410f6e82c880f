#include "adapters/storage/access_rows.h"

namespace arrears::storage {

namespace {

std::string totp_place(app::PersonId person) {
  return "credential.sealed_totp " + to_string(person);
}

}  // namespace

std::optional<app::Credential> AccessRows::credential(app::PersonId person) {
  Query row = connection_.query(
      "SELECT password_hash, generation, sealed_totp, totp_confirmed, totp_last_step "
      "FROM credential WHERE part = :part AND person_id = :person",
      person.part(), person.value);
  if (!row.next()) return std::nullopt;
  app::Credential credential;
  credential.password_hash = row.text_at(0);
  credential.generation = row.int64_at(1);
  if (!row.is_null(2)) credential.totp_secret = keys_.open(totp_place(person), row.blob_at(2));
  credential.totp_confirmed = row.int64_at(3) != 0;
  credential.totp_last_step = row.int64_at(4);
  return credential;
}

void AccessRows::put(app::PersonId person, const app::Credential& credential) {
  std::optional<Bytes> totp;
  if (!credential.totp_secret.empty())
    totp = keys_.seal(totp_place(person), credential.totp_secret);
  connection_.execute(
      "INSERT INTO credential (part, person_id, password_hash, generation, sealed_totp, "
      "totp_confirmed, totp_last_step) VALUES (:part, :person, :hash, :generation, :totp, "
      ":confirmed, "
      ":step) ON CONFLICT (part, person_id) DO UPDATE SET password_hash = excluded.password_hash, "
      "generation = excluded.generation, sealed_totp = excluded.sealed_totp, "
      "totp_confirmed = excluded.totp_confirmed, totp_last_step = excluded.totp_last_step",
      person.part(), person.value, credential.password_hash, credential.generation, totp,
      credential.totp_confirmed, credential.totp_last_step);
}

std::optional<app::SessionRecord> AccessRows::session(const app::SecretHash& token) {
  Query row = connection_.query(
      "SELECT person_id, generation, began_at, used_at FROM session WHERE part = :part AND "
      "token_hash = :token",
      app::part_of(token), token);
  if (!row.next()) return std::nullopt;
  return app::SessionRecord{
      token, app::PersonId{row.int64_at(0)}, row.int64_at(1), {row.int64_at(2)}, {row.int64_at(3)}};
}

void AccessRows::put(const app::SessionRecord& session) {
  connection_.execute(
      "INSERT INTO session (part, token_hash, person_id, generation, began_at, used_at) VALUES "
      "(:part, :token, "
      ":person, :generation, :began, :used) ON CONFLICT (part, token_hash) DO UPDATE SET used_at = "
      "excluded.used_at",
      app::part_of(session.token), session.token, session.person.value, session.generation,
      session.began_at.micros, session.used_at.micros);
}

void AccessRows::drop_session(const app::SecretHash& token) {
  connection_.execute("DELETE FROM session WHERE part = :part AND token_hash = :token",
                      app::part_of(token), token);
}

std::optional<app::TokenId> AccessRows::api_token(const app::SecretHash& token) {
  Query row = connection_.query(
      "SELECT token_id FROM api_token_secret WHERE part = :part AND token_hash = :token",
      app::part_of(token), token);
  if (!row.next()) return std::nullopt;
  return app::TokenId{row.int64_at(0)};
}

void AccessRows::add_api_token(const app::SecretHash& token, app::TokenId id) {
  connection_.execute(
      "INSERT INTO api_token_secret (part, token_hash, token_id) VALUES (:part, :token, :id)",
      app::part_of(token), token, id.value);
}

std::optional<app::Guesses> AccessRows::guesses(const app::SecretHash& key) {
  Query row = connection_.query(
      "SELECT guesses, last_at, succeeded_at FROM sign_in_guess WHERE part = :part AND guess_key = "
      ":key",
      app::part_of(key), key);
  if (!row.next()) return std::nullopt;
  return app::Guesses{key, static_cast<int>(row.int64_at(0)), {row.int64_at(1)}, {row.int64_at(2)}};
}

void AccessRows::put(const app::Guesses& guesses) {
  connection_.execute(
      "INSERT INTO sign_in_guess (part, guess_key, guesses, last_at, succeeded_at) VALUES (:part, "
      ":key, :guesses, :last, :succeeded) ON CONFLICT (part, guess_key) DO UPDATE SET "
      "guesses = excluded.guesses, last_at = excluded.last_at, "
      "succeeded_at = excluded.succeeded_at",
      app::part_of(guesses.key), guesses.key, guesses.count, guesses.last_at.micros,
      guesses.succeeded_at.micros);
}

void AccessRows::drop_old_records(base::Part part, base::Instant sessions_before,
                                  base::Instant guesses_before) {
  connection_.execute("DELETE FROM session WHERE part = :part AND began_at < :before", part,
                      sessions_before.micros);
  connection_.execute(
      "DELETE FROM sign_in_guess WHERE part = :part AND last_at < :before AND succeeded_at < "
      ":since",
      part, guesses_before.micros, guesses_before.micros);
}

}  // namespace arrears::storage
