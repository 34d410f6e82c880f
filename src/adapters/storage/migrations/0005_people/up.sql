-- People, API tokens and substitutions: facts like all others. `sealed_name` is sealed with a key
-- of the person's own, kept in party_key under the id of the person.
CREATE TABLE person (
  part {i64} NOT NULL,
  person_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  login TEXT NOT NULL,
  sealed_name {blob} NOT NULL,
  roles TEXT NOT NULL,
  all_entities {i64} NOT NULL,
  entities TEXT NOT NULL,
  collectors TEXT NOT NULL,
  active {i64} NOT NULL,
  CONSTRAINT person_pk PRIMARY KEY (part, person_id, version)
) {clustered};

CREATE TABLE api_token (
  part {i64} NOT NULL,
  token_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  person_id {i64} NOT NULL,
  label TEXT NOT NULL,
  rights TEXT NOT NULL,
  entities TEXT NOT NULL,
  expires_at {i64} NOT NULL,
  revoked {i64} NOT NULL,
  CONSTRAINT api_token_pk PRIMARY KEY (part, token_id, version)
) {clustered};

CREATE TABLE substitution (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  substitution_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  collector TEXT NOT NULL,
  substitute TEXT NOT NULL,
  from_day {i64} NOT NULL,
  until_day {i64} NOT NULL,
  CONSTRAINT substitution_pk PRIMARY KEY (part, entity_id, substitution_id, version)
) {clustered};

-- What proves who somebody is: not facts, outside of the journal, changed in place. Tokens are kept
-- as their SHA-256, in the part that its first bytes name.
CREATE TABLE credential (
  part {i64} NOT NULL,
  person_id {i64} NOT NULL,
  password_hash TEXT NOT NULL,
  generation {i64} NOT NULL,
  sealed_totp {blob},
  totp_confirmed {i64} NOT NULL,
  totp_last_step {i64} NOT NULL,
  CONSTRAINT credential_pk PRIMARY KEY (part, person_id)
) {clustered};

CREATE TABLE api_token_secret (
  part {i64} NOT NULL,
  token_hash {blob} NOT NULL,
  token_id {i64} NOT NULL,
  CONSTRAINT api_token_secret_pk PRIMARY KEY (part, token_hash)
) {clustered};

CREATE TABLE session (
  part {i64} NOT NULL,
  token_hash {blob} NOT NULL,
  person_id {i64} NOT NULL,
  generation {i64} NOT NULL,
  began_at {i64} NOT NULL,
  used_at {i64} NOT NULL,
  CONSTRAINT session_pk PRIMARY KEY (part, token_hash)
) {clustered};

CREATE TABLE sign_in_guess (
  part {i64} NOT NULL,
  guess_key {blob} NOT NULL,
  guesses {i64} NOT NULL,
  last_at {i64} NOT NULL,
  succeeded_at {i64} NOT NULL,
  CONSTRAINT sign_in_guess_pk PRIMARY KEY (part, guess_key)
) {clustered};
