#include <algorithm>
#include <array>
#include <set>

#include "app/people_lookup.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t characters_min = 12;
constexpr std::size_t bytes_max = 256;

/// Stems of the well-known passwords that are long enough once something is put around them.
constexpr std::array<std::string_view, 28> well_known{
    "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "welcome",       "willkommen",
    "qwerty",   "qwertz",   "azerty",   "admin",    "root",     "letmein",       "changeme",
    "iloveyou", "secret",   "geheim",   "monkey",   "dragon",   "football",      "baseball",
    "princess", "sunshine", "superman", "master",   "login",    "administrator", "arrears"};

constexpr std::array<std::string_view, 8> rows_of_keys{
    "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "mnbvcxzlkjhgfdsapoiuytrewq",
    "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "12345678901234567890",
    "09876543210987654321",       "1q2w3e4r5t6y7u8i9o0p"};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The text without every occurrence of `part`.
std::string without(std::string text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
  return text;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

/// Whether only digits, signs and at most three letters are left once the well-known is taken away.
bool is_guessable(std::string_view password, std::string_view login) {
  std::string text = base::to_lower_ascii(password);
  if (std::set(text.begin(), text.end()).size() < 5) return true;
  for (const std::string_view row : rows_of_keys)
    if (row.find(text) != std::string_view::npos) return true;
  std::string rest = text;
  if (login.size() >= 3) rest = without(std::move(rest), base::to_lower_ascii(login));
  for (const std::string_view stem : well_known) rest = without(std::move(rest), stem);
  return rest.size() < text.size() && std::ranges::count_if(rest, is_letter) <= 3;
}

}  // namespace

Result<base::Done> check_password(std::string_view password, std::string_view login) {
  if (!base::is_clean_utf8(password)) {
    return base::refuse(CommandRefusal::text_invalid, "The password is not well-formed text");
  }
  if (characters(password) < characters_min) {
    return base::refuse(PeopleRefusal::password_too_short,
                        "The password has " + std::to_string(characters(password)) + " characters");
  }
  if (password.size() > bytes_max)
    return base::refuse(PeopleRefusal::password_too_long, "The password is too long");
  if (is_guessable(password, login))
    return base::refuse(PeopleRefusal::password_guessable, "The password is easily guessed");
  return base::Done{};
}

}  // namespace arrears::app
