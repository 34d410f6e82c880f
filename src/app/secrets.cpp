#include "app/secrets.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <new>

#include "base/check.h"

namespace arrears::app {

namespace {

// OWASP Password Storage Cheat Sheet: Argon2id with m = 19 MiB, t = 2, p = 1.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19U * 1024 * 1024;

[[maybe_unused]] const bool sodium_ready = sodium_init() >= 0;

const auto* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string encoded(const unsigned char* bytes, std::size_t size) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(size, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, variant);
  text.pop_back();  // the NUL at its end
  return text;
}

/// What an absent hash is compared with, so that it takes as long.
const std::string& hash_of_nobody() {
  static const std::string hash = hash_password(random_token());
  return hash;
}

}  // namespace

std::string hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  const int code = crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes,
                                         memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (code != 0) throw std::bad_alloc();
  hash.resize(hash.find('\0'));
  return hash;
}

bool is_password(std::string_view hash, std::string_view password) {
  const std::string& nobody = hash_of_nobody();  // made before it could tell anybody anything
  const std::string with(hash.empty() ? std::string_view(nobody) : hash);
  const bool fits = crypto_pwhash_str_verify(with.c_str(), password.data(), password.size()) == 0;
  return fits && !hash.empty();
}

bool is_outdated_hash(const std::string& hash) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) != 0;
}

std::string random_token() {
  SecretHash bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return base64(bytes);
}

SecretHash token_hash(std::string_view token) {
  SecretHash hash;
  crypto_hash_sha256(hash.data(), bytes_of(token), token.size());
  return hash;
}

std::string hmac_text(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  SecretHash mac;
  crypto_auth_hmacsha256_final(&state, mac.data());
  return base64(mac);
}

std::string base64(const SecretHash& hash) { return encoded(hash.data(), hash.size()); }

bool is_same_secret(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::int64_t totp_step(base::Instant now) { return now.micros / 30'000'000; }

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter;
  for (int i = 0; i < 8; ++i) {
    counter[static_cast<std::size_t>(i)] = static_cast<unsigned char>(step >> (56 - 8 * i));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
  unsigned int size = 0;
  ARREARS_REQUIRE(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
                       counter.size(), mac.data(), &size) != nullptr);
  const std::size_t at = mac[size - 1] & 15U;  // RFC 4226, 5.3
  const std::uint32_t number = static_cast<std::uint32_t>(mac[at] & 0x7f) << 24 |
                               static_cast<std::uint32_t>(mac[at + 1]) << 16 |
                               static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
  const std::string digits = std::to_string(number % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

std::optional<std::int64_t> matching_totp_step(std::string_view secret, std::string_view code,
                                               base::Instant now, std::int64_t after) {
  std::optional<std::int64_t> found;
  const std::int64_t present = totp_step(now);
  for (std::int64_t step = present - 1; step <= present + 1; ++step) {
    const bool fits = is_same_secret(totp_code(secret, step), code);
    if (fits && step > after && !found) found = step;
  }
  return found;
}

std::string random_totp_secret() {
  std::string secret(20, '\0');
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 5; count -= 5) text += digits[bits >> (count - 5) & 31];
  }
  if (count > 0) text += digits[bits << (5 - count) & 31];
  return text;
}

}  // namespace arrears::app
