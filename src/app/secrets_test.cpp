#include "app/secrets.h"

#include <gtest/gtest.h>

#include "app/guess_limit.h"
#include "app/people_lookup.h"
#include "app/scope.h"
#include "app/sessions.h"

namespace arrears::app {
namespace {

TEST(Totp, codes_are_those_of_rfc_6238) {
  // Appendix B has 8 digits; the 6-digit code is their end.
  const std::string secret = "12345678901234567890";
  struct {
    std::int64_t seconds;
    std::string code;
  } cases[] = {{59, "287082"},
               {1'111'111'109, "081804"},
               {1'111'111'111, "050471"},
               {1'234'567'890, "005924"},
               {2'000'000'000, "279037"},
               {20'000'000'000, "353130"}};
  for (const auto& one : cases) {
    const base::Instant now{one.seconds * 1'000'000};
    EXPECT_EQ(totp_code(secret, totp_step(now)), one.code) << one.seconds;
    EXPECT_EQ(matching_totp_step(secret, one.code, now, 0), totp_step(now)) << one.seconds;
  }
}

TEST(Totp, a_code_of_the_step_before_and_after_fits_and_none_twice) {
  const std::string secret = random_totp_secret();
  const std::int64_t step = 60'000'000;
  const base::Instant now{step * 30'000'000 + 29'999'999};
  EXPECT_EQ(totp_step(now), step);
  for (const std::int64_t away : {-1, 0, 1})
    EXPECT_EQ(matching_totp_step(secret, totp_code(secret, step + away), now, 0), step + away);
  for (const std::int64_t away : {-2, 2})
    EXPECT_FALSE(matching_totp_step(secret, totp_code(secret, step + away), now, 0)) << away;
  EXPECT_FALSE(matching_totp_step(secret, totp_code(secret, step), now, step));
  EXPECT_TRUE(matching_totp_step(secret, totp_code(secret, step + 1), now, step));
  EXPECT_FALSE(matching_totp_step(secret, "", now, 0));
}

TEST(Totp, secrets_are_shown_in_base32) {
  // RFC 4648, 10, without the padding
  EXPECT_EQ(base32(""), "");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foo"), "MZXW6");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(Password, hashes_name_their_parameters_and_fit_one_password_only) {
  const std::string hash = hash_password("six slow horses graze");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(is_password(hash, "six slow horses graze"));
  EXPECT_FALSE(is_password(hash, "six slow horses graze "));
  EXPECT_FALSE(is_password("", ""));
  EXPECT_FALSE(is_outdated_hash(hash));
  EXPECT_NE(hash, hash_password("six slow horses graze"));
  EXPECT_TRUE(
      is_outdated_hash("$argon2id$v=19$m=8192,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(Password, what_is_easily_guessed_is_refused) {
  for (const char* password :
       {"aaaaaaaaaaaa", "abababababab", "123456789012", "qwertyuiopas", "abcdefghijkl",
        "Password1234", "P@ssw0rd2026!", "anna12345678", "AnnaAnnaAnna", "qwertyqwerty",
        "welcome-2026!", "changeme1234", "admin-admin-1"}) {
    const auto checked = check_password(password, "anna");
    ASSERT_FALSE(checked) << password;
    EXPECT_EQ(checked.error().code, "password_guessable") << password;
  }
  for (const char* password :
       {"six slow horses graze", "anna likes slow horses", "Wq7!x9Zr#2mLp", "sunshine over the bay",
        "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f und so weiter"})
    EXPECT_TRUE(check_password(password, "anna")) << password;
}

TEST(Password, has_12_characters_and_256_bytes_at_most) {
  EXPECT_EQ(check_password("x7!qLp92vb#", "anna").error().code, "password_too_short");
  EXPECT_TRUE(check_password("x7!qLp92vb#2", "anna"));
  const std::string umlauts =
      "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"
      "1a";
  EXPECT_EQ(check_password(umlauts, "anna").error().code, "password_too_short") << "6 characters";
  std::string longest;
  while (longest.size() < 256) longest += "horse-" + std::to_string(longest.size());
  longest.resize(256);
  EXPECT_TRUE(check_password(longest, "anna"));
  EXPECT_EQ(check_password(longest + "x", "anna").error().code, "password_too_long");
}

TEST(Secrets, compare_as_a_whole) {
  EXPECT_TRUE(is_same_secret("abc", "abc"));
  EXPECT_TRUE(is_same_secret("", ""));
  EXPECT_FALSE(is_same_secret("abc", "abd"));
  EXPECT_FALSE(is_same_secret("abc", "ab"));
  EXPECT_EQ(random_token().size(), 43U);
  EXPECT_NE(random_token(), random_token());
}

TEST(Secrets, hmac_is_that_of_rfc_4231) {
  // Test case 2, as URL-safe base64.
  EXPECT_EQ(hmac_text("Jefe", "what do ya want for nothing?"),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
}

TEST(Network, is_a_24_or_a_56_of_the_address) {
  EXPECT_EQ(network_of("192.0.2.77"), "192.0.2.0/24");
  EXPECT_EQ(network_of("::ffff:192.0.2.77"), "192.0.2.0/24");
  EXPECT_EQ(network_of("2001:db8:1:22ff::5"), "2001:db8:1:2200::/56");
  EXPECT_EQ(network_of("2001:db8:1:2300::5"), "2001:db8:1:2300::/56");
  EXPECT_EQ(network_of("proxy"), "proxy");
}

TEST(Rights, are_those_of_all_roles_and_none_of_who_left) {
  Person person;
  person.login = "anna";
  person.roles = {Role::collector};
  person.entities = {"E"};
  Scope scope = scope_of(person);
  EXPECT_FALSE(scope.all_books);
  EXPECT_EQ(scope.collectors, std::vector<std::string>{"anna"});
  EXPECT_TRUE(scope.sees_entity("E"));
  EXPECT_FALSE(scope.sees_entity("F"));
  person.roles.push_back(Role::cash_clerk);
  scope = scope_of(person);
  EXPECT_TRUE(scope.all_books);
  EXPECT_TRUE(scope.may(Right::promise) && scope.may(Right::post_cash));
  EXPECT_FALSE(scope.may(Right::correct));
  person.active = false;
  scope = scope_of(person);
  EXPECT_TRUE(scope.rights.is_empty());
  EXPECT_FALSE(scope.sees_entity("E"));
}

TEST(Rights, a_token_for_some_entities_gives_out_no_rights) {
  Person person;
  person.roles = {Role::admin};
  person.all_entities = true;
  ApiToken token;
  token.rights = {Right::read, Right::manage_people, Right::manage_site};
  EXPECT_TRUE(scope_of(person, token).may(Right::manage_people));
  token.entities = {"E"};
  EXPECT_EQ(scope_of(person, token).rights, Rights{Right::read});
}

TEST(Rights, an_auditor_changes_nothing) {
  EXPECT_EQ(rights_of(Role::auditor), (Rights{Right::read, Right::audit}));
}

TEST(Rights, every_right_belongs_to_a_role_and_everything_has_all) {
  Rights all;
  for (std::size_t i = 0; i < base::name_count<Role>; ++i)
    all = all | rights_of(static_cast<Role>(i));
  EXPECT_EQ(all, Rights::all());
  EXPECT_EQ(Scope::everything("root").rights, Rights::all());
}

}  // namespace
}  // namespace arrears::app
