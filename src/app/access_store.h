#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/person.h"

/// What proves who somebody is, and the sessions that came of it: plain records outside of the
/// journal, which change and go.
namespace arrears::app {

/// SHA-256, or a keyed hash of as many bytes.
using SecretHash = std::array<std::uint8_t, 32>;

/// Where a record that is found by a hash lies.
inline base::Part part_of(const SecretHash& hash) {
  return (hash[0] << 8 | hash[1]) & (base::part_count - 1);
}

struct Credential {
  std::string password_hash;        ///< Argon2id in PHC form; empty: nobody can sign in
  std::int64_t generation = 1;      ///< rises with whatever ends all sessions
  std::string totp_secret;          ///< raw bytes; empty: none. Sealed where it is kept
  bool totp_confirmed = false;      ///< then a sign-in needs a code
  std::int64_t totp_last_step = 0;  ///< of 30 s, of the last code accepted: none is accepted twice
};

struct SessionRecord {
  SecretHash token{};
  PersonId person;
  std::int64_t generation = 0;  ///< of the credential that it was made with
  base::Instant began_at;
  base::Instant used_at;
};

/// Wrong guesses that count together, by a hash of whatever they count for.
struct Guesses {
  SecretHash key{};
  int count = 0;
  base::Instant last_at;
  base::Instant succeeded_at;  ///< of the last success; 1970 for none
};

class AccessReader {
 public:
  virtual ~AccessReader() = default;
  virtual std::optional<Credential> credential(PersonId person) = 0;
  virtual std::optional<SessionRecord> session(const SecretHash& token) = 0;
  virtual std::optional<TokenId> api_token(const SecretHash& token) = 0;
  virtual std::optional<Guesses> guesses(const SecretHash& key) = 0;
};

/// In a write transaction; the part of a record must be locked before it is read to be changed.
class AccessWriter : public AccessReader {
 public:
  virtual void put(PersonId person, const Credential& credential) = 0;  ///< adds or replaces
  virtual void put(const SessionRecord& session) = 0;                   ///< adds or replaces
  virtual void drop_session(const SecretHash& token) = 0;
  virtual void add_api_token(const SecretHash& token, TokenId id) = 0;
  virtual void put(const Guesses& guesses) = 0;  ///< adds or replaces
  /// Drops what can no longer matter, of one part.
  virtual void drop_old_records(base::Part part, base::Instant sessions_before,
                                base::Instant guesses_before) = 0;
};

}  // namespace arrears::app
