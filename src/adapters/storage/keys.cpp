#include "adapters/storage/keys.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace arrears::storage {

namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

[[noreturn]] void refuse(const std::string& message) {
  throw StorageError(StorageProblem::key_file, message);
}

using SecretKey = std::array<std::uint8_t, 32>;

/// nonce, ciphertext, tag
Bytes encrypt(const SecretKey& key, std::string_view bound_to, ByteView plain) {
  Bytes sealed(nonce_size + plain.size() + tag_size);
  randombytes_buf(sealed.data(), nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + nonce_size, nullptr, plain.data(),
                                             plain.size(),
                                             reinterpret_cast<const std::uint8_t*>(bound_to.data()),
                                             bound_to.size(), nullptr, sealed.data(), key.data());
  return sealed;
}

std::optional<Bytes> decrypt(const SecretKey& key, std::string_view bound_to, ByteView sealed) {
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  Bytes plain(sealed.size() - nonce_size - tag_size);
  const int code = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain.data(), nullptr, nullptr, sealed.data() + nonce_size, sealed.size() - nonce_size,
      reinterpret_cast<const std::uint8_t*>(bound_to.data()), bound_to.size(), sealed.data(),
      key.data());
  if (code != 0) return std::nullopt;
  return plain;
}

[[noreturn]] void refuse_write(const std::string& path, int error) {
  refuse("cannot make the key file " + path + ": " + std::strerror(error) +
         (error == EEXIST ? ". It is never overwritten; name another." : "."));
}

bool write_all(int file, const std::string& text) {
  return ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         fsync(file) == 0;
}

/// The key file appears whole or not at all: what is half written when the process ends bears
/// another name.
void write_file(const std::string& path, const std::string& text) {
  std::string unfinished = path + ".XXXXXX";
  const int file = mkostemp(unfinished.data(), O_CLOEXEC);  // with mode 0600
  if (file < 0) refuse_write(path, errno);
  const bool written = write_all(file, text) && link(unfinished.c_str(), path.c_str()) == 0;
  const int error = errno;
  close(file);
  unlink(unfinished.c_str());
  if (!written) refuse_write(path, error);
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const int directory = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0 || fsync(directory) != 0) refuse_write(path, errno);
  close(directory);
}

std::string bound_to(parties::PartyId party, std::string_view place) {
  return std::string(place) + " " + std::to_string(party.value);
}

}  // namespace

bool is_signed_by(const PublicKey& key, const Hash& hash, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), hash.data(), hash.size(), key.data()) == 0;
}

KeyFile KeyFile::create(const std::string& path, base::Instant created_at) {
  std::array<std::uint8_t, 32> seed{};
  std::array<std::uint8_t, 32> wrapping{};
  randombytes_buf(seed.data(), seed.size());
  randombytes_buf(wrapping.data(), wrapping.size());
  std::string text =
      "# Arrears key file. It signs checkpoints and opens personal data. Keep it secret, apart "
      "from\n"
      "# the database, and keep a copy: without it personal data cannot be read.\n"
      "version 1\ncreated-at " +
      base::to_string(created_at) + "\nsigning-seed " + to_hex(seed) + "\nwrapping-key " +
      to_hex(wrapping) + "\n";
  write_file(path, text);
  sodium_memzero(text.data(), text.size());
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(wrapping.data(), wrapping.size());
  return load(path);
}

KeyFile KeyFile::load(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    refuse("cannot read the key file " + path + ": " + std::strerror(errno) + ".");
  }
  if ((status.st_mode & 077) != 0) {
    refuse("the key file " + path + " can be read by others. Run: chmod 600 " + path);
  }
  std::ifstream in(path);
  KeyFile file;
  Bytes seed;
  Bytes wrapping;
  std::string version;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    std::string value;
    words >> name >> value;
    if (name == "version") version = value;
    if (name == "created-at")
      file.created_at_ = base::parse_instant(value).value_or(base::Instant{});
    if (name == "signing-seed") seed = from_hex(value);
    if (name == "wrapping-key") wrapping = from_hex(value);
  }
  if (version != "1" || seed.size() != 32 || wrapping.size() != 32) {
    refuse(path + " is not a key file of this version of Arrears.");
  }
  std::copy(seed.begin(), seed.end(), file.signing_seed_.begin());
  std::copy(wrapping.begin(), wrapping.end(), file.wrapping_key_.begin());
  crypto_sign_seed_keypair(file.public_key_.data(), file.signing_key_.data(),
                           file.signing_seed_.data());
  return file;
}

KeyFile::~KeyFile() {
  sodium_memzero(signing_seed_.data(), signing_seed_.size());
  sodium_memzero(signing_key_.data(), signing_key_.size());
  sodium_memzero(wrapping_key_.data(), wrapping_key_.size());
}

Signature KeyFile::sign(const Hash& hash) const {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, hash.data(), hash.size(), signing_key_.data());
  return signature;
}

Hash KeyFile::keyed_hash(std::string_view purpose, std::string_view text) const {
  const Hash input = HashInput("arrears keyed 1").text(purpose).text(text).hash();
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), input.data(), input.size(), wrapping_key_.data(),
                     wrapping_key_.size());
  return hash;
}

Bytes KeyFile::seal(std::string_view place, std::string_view text) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return encrypt(wrapping_key_, place, {bytes, text.size()});
}

std::string KeyFile::open(std::string_view place, ByteView sealed) const {
  const auto plain = decrypt(wrapping_key_, place, sealed);
  if (!plain) {
    throw StorageError(StorageProblem::corrupt,
                       "A secret in " + std::string(place) + " was changed after it was written.");
  }
  return {plain->begin(), plain->end()};
}

void check_key_file(Connection& connection, const KeyFile& file) {
  const std::string mine = to_hex(file.public_key());
  const auto is_recorded = [&] {
    Query row = connection.query("SELECT value FROM site WHERE name = 'public_key'");
    if (!row.next()) return false;
    if (row.text_at(0) != mine) refuse("the key file is not the one of this database.");
    return true;
  };
  if (is_recorded()) return;
  // Another process may be the first meanwhile.
  connection.execute(
      "INSERT INTO site (name, value) VALUES ('public_key', :key) ON CONFLICT (name) DO NOTHING",
      mine);
  ARREARS_REQUIRE(is_recorded());
}

std::optional<PartyKeys::Key> PartyKeys::find(parties::PartyId party) {
  if (last_key_ && last_party_ == party) return last_key_;
  Query row = connection_.query(
      "SELECT wrapped_key FROM party_key WHERE part = :part AND party_id = :party", party.part(),
      party.value);
  if (!row.next() || row.blob_at(0).empty()) return std::nullopt;
  const auto plain = decrypt(file_.wrapping_key_, bound_to(party, "party_key"), row.blob_at(0));
  if (!plain || plain->size() != 32) {
    refuse("the key file does not open the personal data of this database.");
  }
  Key key;
  std::copy(plain->begin(), plain->end(), key.begin());
  last_party_ = party;
  last_key_ = key;
  return key;
}

Bytes PartyKeys::seal(parties::PartyId party, std::string_view place, std::string_view text) {
  std::optional<Key> key = find(party);
  if (!key) {
    key.emplace();
    randombytes_buf(key->data(), key->size());
    // A destroyed key leaves its row, so a second insert fails: no new key for an erased party.
    connection_.execute(
        "INSERT INTO party_key (part, party_id, wrapped_key) VALUES (:part, :party, :key)",
        party.part(), party.value,
        encrypt(file_.wrapping_key_, bound_to(party, "party_key"), *key));
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return encrypt(*key, bound_to(party, place), {bytes, text.size()});
}

std::optional<std::string> PartyKeys::open(parties::PartyId party, std::string_view place,
                                           ByteView sealed) {
  const std::optional<Key> key = find(party);
  if (!key) return std::nullopt;
  const auto plain = decrypt(*key, bound_to(party, place), sealed);
  if (!plain) {
    throw StorageError(StorageProblem::corrupt,
                       "Personal text in " + std::string(place) +
                           " was changed after it was written. Run 'arrears journal verify'.");
  }
  return std::string(plain->begin(), plain->end());
}

void PartyKeys::destroy(parties::PartyId party) {
  last_key_.reset();
  connection_.execute(
      "INSERT INTO party_key (part, party_id, wrapped_key) VALUES (:part, :party, :none) "
      "ON CONFLICT (part, party_id) DO UPDATE SET wrapped_key = excluded.wrapped_key",
      party.part(), party.value, Bytes{});
}

}  // namespace arrears::storage
