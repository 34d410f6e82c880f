#include "app/guess_limit.h"

#include <algorithm>

#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::int64_t second = 1'000'000;
/// A place that was quiet for so long starts over.
constexpr std::int64_t memory = 3'600 * second;
constexpr std::int64_t days_known = 30 * 86'400 * second;
constexpr int longest_wait_seconds = 15 * 60;

/// How many guesses go without waiting: by a place; by a place new to a login that many new places
/// guess at; by all new places of one network together.
constexpr int free_guesses = 5;
constexpr int free_guesses_under_attack = 1;
constexpr int free_guesses_of_network = 50;
/// From how many guesses by new places within an hour on a login counts as under attack.
constexpr int attack = 100;

/// Seconds from `now` until the next guess: 1 s after the free ones, doubling up to the longest.
int wait_seconds(const Guesses& guesses, int free, Instant now) {
  const int beyond = guesses.count - free;
  if (beyond < 0) return 0;
  const int delay =
      beyond >= 10 ? longest_wait_seconds : std::min(longest_wait_seconds, 1 << beyond);
  const std::int64_t left = guesses.last_at.micros + delay * second - now.micros;
  return left <= 0 ? 0 : static_cast<int>((left + second - 1) / second);
}

}  // namespace

GuessLimit::GuessLimit(Store& store, const GuessPlace& place)
    : known_device_(!place.device.empty()) {
  const std::string login = base::to_lower_ascii(place.login);
  place_ = known_device_ ? store.keyed_hash("guesses of a device", login + "\n" + place.device)
                         : store.keyed_hash("guesses of a place", login + "\n" + place.network);
  network_ = store.keyed_hash("guesses of a network", place.network);
  login_ = store.keyed_hash("guesses at a login", login);
}

void GuessLimit::lock(Transaction& transaction, std::vector<Part> others) const {
  others.insert(others.end(), {part_of(place_), part_of(network_), part_of(login_)});
  std::ranges::sort(others);
  for (const Part part : others) transaction.lock(PartRange{part, part});
}

Guesses GuessLimit::read(AccessReader& access, const SecretHash& key, Instant now) {
  Guesses guesses = access.guesses(key).value_or(Guesses{key, 0, now, {}});
  if (now.micros - guesses.last_at.micros >= memory) guesses.count = 0;
  return guesses;
}

GuessLimit::Counted GuessLimit::count(AccessReader& access, Instant now) {
  Counted counted{read(access, place_, now), read(access, network_, now),
                  read(access, login_, now)};
  const std::int64_t since = now.micros - counted.place.succeeded_at.micros;
  known_ = known_device_ || (counted.place.succeeded_at.micros > 0 && since < days_known);
  const bool under_attack = !known_ && counted.login.count >= attack;
  const int free = under_attack ? free_guesses_under_attack : free_guesses;
  counted.wait_seconds = wait_seconds(counted.place, free, now);
  if (!known_) {
    counted.wait_seconds =
        std::max(counted.wait_seconds, wait_seconds(counted.network, free_guesses_of_network, now));
  }
  return counted;
}

int GuessLimit::reserve(Store& store, Instant now) {
  // Who has to wait anyway takes no lock.
  if (const int wait = count(store.read({})->access(), now).wait_seconds; wait > 0) return wait;
  int wait = 0;
  store.run(now, "sign-in", [&](Transaction& transaction) {
    lock(transaction, {});
    AccessWriter& access = transaction.access();
    Counted counted = count(access, now);
    wait = counted.wait_seconds;
    if (wait > 0) return false;
    for (Guesses* each : {&counted.place, &counted.network, &counted.login}) {
      if (known_ && each != &counted.place) continue;
      ++each->count;
      each->last_at = now;
      access.put(*each);
    }
    access.drop_old_records(part_of(place_), {0}, {now.micros - days_known});
    return true;
  });
  return wait;
}

void GuessLimit::take_back(AccessWriter& access, const SecretHash& key, Instant now) const {
  Guesses guesses = read(access, key, now);
  if (guesses.count == 0) return;
  --guesses.count;
  access.put(guesses);
}

void GuessLimit::release(Store& store, Instant now) {
  store.run(now, "sign-in", [&](Transaction& transaction) {
    lock(transaction, {});
    take_back(transaction.access(), place_, now);
    if (known_) return true;
    take_back(transaction.access(), network_, now);
    take_back(transaction.access(), login_, now);
    return true;
  });
}

void GuessLimit::succeed(Transaction& transaction, Instant now) {
  AccessWriter& access = transaction.access();
  access.put(Guesses{place_, 0, now, now});
  if (known_) return;
  take_back(access, network_, now);
  take_back(access, login_, now);
}

}  // namespace arrears::app
