#pragma once

#include "app/scope.h"

/// Signing in and what comes of it. `now` is real time, also in a rehearsal, whose clock may be
/// moved; only the expiry of API tokens goes by the clock of the commands that issue them.
///
/// A session is a random token of 256 bits in the client's cookie; the database has only its
/// SHA-256. It ends after 12 hours without a question, 7 days after it began, and when the
/// person's password changes or the person is no longer active.
///
/// Guessing is slowed for each pair of login and client network, and for each network over all
/// logins, never for a login alone: who guesses from one place does not lock the person out from
/// another. A device that signed in before counts by itself, so that a guesser in the same network
/// does not matter to it. See docs/decisions/0011.
namespace arrears::app {

#define ARREARS_SIGN_IN_REFUSALS(R)                                    \
  R(too_many_attempts, "Wait; trying again does not make it shorter.") \
  R(not_recognised, "Check login and password.")                       \
  R(totp_needed, "Type the six digits that the authenticator shows.")  \
  R(totp_code_wrong, "Type the six digits that the authenticator shows now; each works once.")

struct SignIn {
  std::string login;
  std::string password;
  std::string totp_code;  ///< empty where none was asked for
  std::string address;    ///< of the client: IPv4 or IPv6
  std::string device;     ///< what an earlier sign-in left with the client; empty: none
};

struct SignedIn {
  Person person;
  std::string token;   ///< for the cookie arrears_session
  std::string device;  ///< for the cookie arrears_device, kept for a year
  Instant expires_at;  ///< at the latest
};

struct SignInDenial {
  Refusal refusal;
  int retry_after_seconds = 0;  ///< of too_many_attempts
};

/// Takes about as long for a login that is not there as for a wrong password.
Result<SignedIn, SignInDenial> sign_in(Store& store, const SignIn& attempt, Instant now);

/// Who asks: by a session, or by an API token.
struct Session {
  Person person;
  Scope scope;
  Instant expires_at;                ///< if somebody goes on asking
  std::optional<TokenId> api_token;  ///< nothing: a cookie's session, whose changes need `csrf`
  std::string csrf;                  ///< see `csrf_value`
};

/// The session of a cookie's token; nothing where it ended or never was. Notes that it is in use.
std::optional<Session> find_session(Store& store, std::string_view token, Instant now);
/// The session of a bearer token, by the commands' clock; nothing where it expired, was revoked or
/// never was.
std::optional<Session> find_api_session(Store& store, std::string_view token, Instant now);

void sign_out(Store& store, std::string_view token, Instant now);

/// What a page must send with each change, derived from the session's token by HMAC: another site
/// can make a browser send the cookie, but cannot read this.
std::string csrf_value(std::string_view token);
/// Compares in constant time.
bool is_csrf_value(const Session& session, std::string_view given);

/// The network of an address that guesses count for: /24 of IPv4, /56 of IPv6; anything else is its
/// own.
std::string network_of(std::string_view address);

}  // namespace arrears::app

ARREARS_REFUSALS(app, SignInRefusal, "sign_in", ARREARS_SIGN_IN_REFUSALS);
