#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/storage/db.h"
#include "adapters/storage/hashing.h"
#include "base/clock.h"
#include "domain/parties/parties.h"

/// Keys: the key file outside the database (signing and wrapping) and a random key per party, kept
/// wrapped in the database, under which personal text is encrypted.
namespace arrears::storage {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

bool is_signed_by(const PublicKey& key, const Hash& hash, const Signature& signature);

/// Signs checkpoints and wraps the parties' keys. A text file of mode 0600 that belongs neither
/// into the database nor into the same backup.
class KeyFile {
 public:
  /// Makes a new file; one that exists is never overwritten (StorageError key_file).
  static KeyFile create(const std::string& path, base::Instant created_at);
  /// Refuses a file that others may read (StorageError key_file).
  static KeyFile load(const std::string& path);
  ~KeyFile();
  KeyFile(const KeyFile&) = default;
  KeyFile& operator=(const KeyFile&) = delete;

  Signature sign(const Hash& hash) const;
  /// A hash of `text` that nobody makes without the file; `purpose` keeps uses apart.
  Hash keyed_hash(std::string_view purpose, std::string_view text) const;
  /// Encrypts a secret of the site itself. `place` says where it is kept; it opens nowhere else.
  Bytes seal(std::string_view place, std::string_view text) const;
  /// Bytes that were changed or moved are a StorageError (corrupt).
  std::string open(std::string_view place, ByteView sealed) const;
  const PublicKey& public_key() const { return public_key_; }
  base::Instant created_at() const { return created_at_; }

 private:
  friend class PartyKeys;
  KeyFile() = default;

  std::array<std::uint8_t, 32> signing_seed_{};
  std::array<std::uint8_t, 64> signing_key_{};
  std::array<std::uint8_t, 32> wrapping_key_{};
  PublicKey public_key_{};
  base::Instant created_at_;
};

/// Ties the database to its key file: records the public key on first use, and later refuses
/// another file (StorageError key_file). Writes on first use only.
void check_key_file(Connection& connection, const KeyFile& file);

/// Encrypts personal text under the key of its party. Erasing a party destroys its key: what was
/// sealed reads as erased from then on, and every hash (taken over ciphertext) still holds.
/// Lives no longer than one transaction: it remembers the key it used last.
class PartyKeys {
 public:
  PartyKeys(Connection& connection, const KeyFile& file) : connection_(connection), file_(file) {}

  /// `place` says where the text is kept ("contact.sealed"); it opens nowhere else. Makes the
  /// party's key on first use, so call it in a write transaction.
  Bytes seal(parties::PartyId party, std::string_view place, std::string_view text);

  /// The text, or nothing where the party's key was destroyed. A wrong key file, or bytes that were
  /// changed or moved from another place, are a StorageError (key_file, corrupt).
  std::optional<std::string> open(parties::PartyId party, std::string_view place, ByteView sealed);

  /// Destroys the key, in a write transaction. Sealing for that party is a mistake from then on.
  void destroy(parties::PartyId party);

  /// A name for a telephone number or e-mail address that does not tell it without the key file.
  std::string address_key(std::string_view address) const;

  /// Forgets the key used last: it may have been made in a savepoint that was undone.
  void forget() { last_key_.reset(); }

 private:
  using Key = std::array<std::uint8_t, 32>;
  /// Nothing: no key, or destroyed.
  std::optional<Key> find(parties::PartyId party);

  Connection& connection_;
  const KeyFile& file_;
  parties::PartyId last_party_;
  std::optional<Key> last_key_;
};

}  // namespace arrears::storage
