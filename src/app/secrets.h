#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/access_store.h"
#include "base/clock.h"

/// Passwords, tokens and codes of authenticators: libsodium and OpenSSL, and nothing of who asks.
namespace arrears::app {

/// Argon2id in PHC form with the parameters that OWASP names (19 MiB, 2 passes, 1 lane).
std::string hash_password(std::string_view password);
/// Takes as long for an empty hash, which no password fits, as for any other.
bool is_password(std::string_view hash, std::string_view password);
/// Whether the hash was made with other parameters than `hash_password` uses now.
bool is_outdated_hash(const std::string& hash);

/// 256 random bits as 43 characters of URL-safe base64.
std::string random_token();
/// SHA-256: enough for what is random, never for a password.
SecretHash token_hash(std::string_view token);
/// HMAC-SHA-256 as URL-safe base64.
std::string hmac_text(std::string_view key, std::string_view text);
/// URL-safe base64 without padding.
std::string base64(const SecretHash& hash);
/// Takes a time that depends on the sizes only.
bool is_same_secret(std::string_view one, std::string_view other);

/// The steps of RFC 6238, of 30 s since 1970.
std::int64_t totp_step(base::Instant now);
/// The code of a step: HMAC-SHA-1, 6 digits.
std::string totp_code(std::string_view secret, std::int64_t step);
/// The step whose code it is, of the present one, the one before and the one after it, and later
/// than `after`; nothing for any other code.
std::optional<std::int64_t> matching_totp_step(std::string_view secret, std::string_view code,
                                               base::Instant now, std::int64_t after);
/// 160 random bits, raw.
std::string random_totp_secret();
/// RFC 4648, without padding: what people type into an authenticator.
std::string base32(std::string_view bytes);

}  // namespace arrears::app
