#include "app/sessions.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "app/guess_limit.h"
#include "app/secrets.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t idle_limit = 12 * 3'600 * second;
constexpr std::int64_t whole_limit = 7 * 86'400 * second;
/// How exactly it is noted that a session is in use.
constexpr std::int64_t use_granularity = 60 * second;
constexpr std::size_t password_bytes_max = 256;

std::optional<Person> person_with_login(Facts& facts, std::string_view login) {
  const std::string wanted = base::to_lower_ascii(login);
  for (Person& person : facts.people()) {
    if (base::to_lower_ascii(person.login) == wanted) return std::move(person);
  }
  return std::nullopt;
}

/// What a device keeps: a random text, and the site's word that it belongs to the login.
std::string device_mark(Store& store, std::string_view login, std::string_view random) {
  return base64(
      store.keyed_hash("device", base::to_lower_ascii(login) + "\n" + std::string(random)));
}
std::string make_device(Store& store, std::string_view login) {
  const std::string random = random_token();
  return random + "." + device_mark(store, login, random);
}
/// The random text; empty where the device is not known for the login.
std::string known_device(Store& store, std::string_view login, std::string_view device) {
  const auto point = device.find('.');
  if (point == std::string_view::npos) return {};
  const std::string_view random = device.substr(0, point);
  if (!is_same_secret(device.substr(point + 1), device_mark(store, login, random))) return {};
  return std::string(random);
}

SignInDenial denial(SignInRefusal reason, std::string_view what, int wait_seconds = 0) {
  return {base::refuse(reason, what), wait_seconds};
}

SignInDenial not_recognised() {
  return denial(SignInRefusal::not_recognised, "Login and password do not belong together");
}

/// Whoever signs in, as found before the password was checked.
struct Candidate {
  std::optional<Person> person;
  Credential credential;
};

Candidate find_candidate(Store& store, std::string_view login) {
  const auto facts = store.read({});
  Candidate candidate{person_with_login(*facts, login), {}};
  if (!candidate.person) return candidate;
  candidate.credential = facts->access().credential(candidate.person->id).value_or(Credential{});
  if (!candidate.person->active) candidate.credential.password_hash.clear();
  return candidate;
}

/// The second half of signing in: whatever the password was checked against still holds, the code
/// fits and was never used, and the session is there.
class SessionStart {
 public:
  SessionStart(const Candidate& candidate, const SignIn& attempt, GuessLimit& limit, Instant now)
      : candidate_(candidate), attempt_(attempt), limit_(limit), now_(now) {
    if (is_outdated_hash(candidate.credential.password_hash))
      new_hash_ = hash_password(attempt.password);
  }

  std::optional<SignInDenial> run(Store& store) {
    store.run(now_, "sign-in", [this](Transaction& transaction) {
      denied_ = start(transaction);
      return !denied_;
    });
    return denied_;
  }
  const std::string& token() const { return token_; }

 private:
  std::optional<SignInDenial> start(Transaction& transaction) {
    const PersonId id = candidate_.person->id;
    const SecretHash hash = token_hash(token_);
    limit_.lock(transaction, {id.part(), part_of(hash)});
    AccessWriter& access = transaction.access();
    std::optional<Credential> credential = access.credential(id);
    if (!credential || credential->password_hash != candidate_.credential.password_hash ||
        credential->totp_confirmed != candidate_.credential.totp_confirmed)
      return not_recognised();
    if (credential->totp_confirmed) {
      const auto step = matching_totp_step(credential->totp_secret, attempt_.totp_code, now_,
                                           credential->totp_last_step);
      if (!step) return denial(SignInRefusal::totp_code_wrong, "The code does not fit");
      credential->totp_last_step = *step;
    }
    if (!new_hash_.empty()) credential->password_hash = new_hash_;
    access.put(id, *credential);
    access.drop_old_records(part_of(hash), {now_.micros - whole_limit}, {0});
    access.put(SessionRecord{hash, id, credential->generation, now_, now_});
    limit_.succeed(transaction, now_);
    return std::nullopt;
  }

  const Candidate& candidate_;
  const SignIn& attempt_;
  GuessLimit& limit_;
  Instant now_;
  std::string new_hash_;
  std::string token_ = random_token();
  std::optional<SignInDenial> denied_;
};

bool is_over(const SessionRecord& record, Instant now) {
  return now.micros - record.used_at.micros >= idle_limit ||
         now.micros - record.began_at.micros >= whole_limit;
}

Instant end_of(const SessionRecord& record) {
  return {std::min(record.used_at.micros + idle_limit, record.began_at.micros + whole_limit)};
}

void note_use(Store& store, const SecretHash& token, Instant now) {
  store.run(now, "session", [&](Transaction& transaction) {
    transaction.lock(PartRange{part_of(token), part_of(token)});
    AccessWriter& access = transaction.access();
    auto record = access.session(token);
    if (!record) return true;  // signed out meanwhile
    record->used_at = std::max(record->used_at, now);
    access.put(*record);
    return true;
  });
}

std::optional<Person> active_person(Facts& facts, PersonId id) {
  std::vector<Person> found = facts.people(id);
  if (found.empty() || !found.front().active) return std::nullopt;
  return std::move(found.front());
}

}  // namespace

Result<SignedIn, SignInDenial> sign_in(Store& store, const SignIn& attempt, Instant now) {
  const std::string device = known_device(store, attempt.login, attempt.device);
  GuessLimit limit(store, {attempt.login, network_of(attempt.address), device});
  if (const int wait = limit.reserve(store, now); wait > 0) {
    return denial(
        SignInRefusal::too_many_attempts,
        "Too many attempts from here; the next one is possible in " + std::to_string(wait) + " s",
        wait);
  }
  const Candidate candidate = find_candidate(store, attempt.login);
  const bool fits =
      is_password(candidate.credential.password_hash,
                  std::string_view(attempt.password).substr(0, password_bytes_max + 1));
  if (!fits) return not_recognised();
  if (candidate.credential.totp_confirmed && attempt.totp_code.empty()) {
    limit.release(store, now);
    return denial(SignInRefusal::totp_needed, "The password alone is not enough for this person");
  }
  SessionStart start(candidate, attempt, limit, now);
  if (auto denied = start.run(store)) return *std::move(denied);
  return SignedIn{*candidate.person,
                  start.token(),
                  device.empty() ? make_device(store, candidate.person->login) : attempt.device,
                  {now.micros + whole_limit}};
}

std::optional<Session> find_session(Store& store, std::string_view token, Instant now) {
  const SecretHash hash = token_hash(token);
  std::optional<SessionRecord> record;
  Session session;
  {
    const auto facts = store.read({});
    record = facts->access().session(hash);
    if (!record || is_over(*record, now)) return std::nullopt;
    auto person = active_person(*facts, record->person);
    const auto credential = facts->access().credential(record->person);
    if (!person || !credential || credential->generation != record->generation) return std::nullopt;
    session.person = *std::move(person);
  }
  if (now.micros - record->used_at.micros >= use_granularity) {
    note_use(store, hash, now);
    record->used_at = now;
  }
  session.scope = scope_of(session.person);
  session.expires_at = end_of(*record);
  session.csrf = csrf_value(token);
  return session;
}

std::optional<Session> find_api_session(Store& store, std::string_view token, Instant now) {
  const auto facts = store.read({});
  const auto id = facts->access().api_token(token_hash(token));
  if (!id) return std::nullopt;
  const std::vector<ApiToken> found = facts->api_tokens(*id);
  if (found.empty() || found.front().revoked || now >= found.front().expires_at)
    return std::nullopt;
  auto person = active_person(*facts, found.front().person);
  if (!person) return std::nullopt;
  Session session;
  session.scope = scope_of(*person, found.front());
  session.person = *std::move(person);
  session.expires_at = found.front().expires_at;
  session.api_token = *id;
  return session;
}

void sign_out(Store& store, std::string_view token, Instant now) {
  const SecretHash hash = token_hash(token);
  store.run(now, "session", [&](Transaction& transaction) {
    transaction.lock(PartRange{part_of(hash), part_of(hash)});
    transaction.access().drop_session(hash);
    return true;
  });
}

std::string csrf_value(std::string_view token) { return hmac_text(token, "arrears csrf 1"); }

bool is_csrf_value(const Session& session, std::string_view given) {
  return !session.csrf.empty() && is_same_secret(session.csrf, given);
}

std::string network_of(std::string_view address) {
  const std::string text(address);
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    bytes[3] = 0;
    return std::string(inet_ntop(AF_INET, bytes.data(), shown.data(), shown.size())) + "/24";
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
    bytes[15] = 0;
    return std::string(inet_ntop(AF_INET, bytes.data() + 12, shown.data(), shown.size())) + "/24";
  }
  std::fill(bytes.begin() + 7, bytes.end(), static_cast<unsigned char>(0));
  return std::string(inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size())) + "/56";
}

}  // namespace arrears::app
