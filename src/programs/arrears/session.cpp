#include "programs/arrears/session.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/text.h"

namespace arrears::cli {

namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

std::string database_file(const std::string& url) {
  if (!url.starts_with(sqlite_prefix) || url.size() == sqlite_prefix.size()) {
    throw UsageError("--db " + url +
                     " names no database. Write sqlite:FILE or postgresql://USER@HOST/NAME.");
  }
  return url.substr(sqlite_prefix.size());
}

/// Beside an SQLite file; a server has no place for it.
std::string default_key_file(const std::string& url) {
  if (!storage::is_postgres(url)) return database_file(url) + ".keys";
  throw UsageError("A PostgreSQL database needs its key file named: --keys FILE or ARREARS_KEYS.");
}

/// Beside an SQLite file; for a server in the user's cache. Empty: nowhere.
std::string image_path(const std::string& url, storage::DatabaseStore& store) {
  if (!storage::is_postgres(url)) return database_file(url) + ".portfolio";
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path folder;
  if (cache && *cache) {
    folder = cache;
  } else if (home && *home) {
    folder = std::filesystem::path(home) / ".cache";
  } else {
    return {};
  }
  return folder / "arrears" / (store.database_id() + ".portfolio");
}

bool is_there(const std::string& url) {
  if (!storage::is_postgres(url)) return std::filesystem::exists(database_file(url));
  try {
    storage::open_database(url, storage::OpenMode::existing);
    return true;
  } catch (const storage::StorageError& error) {
    if (error.problem == storage::StorageProblem::absent) return false;
    throw;
  }
}

std::string user_name() {
  const passwd* user = getpwuid(geteuid());
  return user ? user->pw_name : "uid-" + std::to_string(geteuid());
}

std::string random_key() {
  std::random_device device;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string key;
  for (int word = 0; word < 4; ++word) {
    for (auto [left, bits] = std::pair{8, device()}; left > 0; --left, bits >>= 4)
      key += digits[bits & 15];
  }
  return key;
}

base::Instant read_instant(const std::string& text, const std::string& option) {
  if (const auto instant = base::parse_instant(text)) return *instant;
  throw UsageError(option + " " + text + " is no instant. Write 2026-06-01T14:05:00Z.");
}

std::unique_ptr<base::Clock> make_clock(const Options& options) {
  if (options.now.empty()) return std::make_unique<base::SystemClock>();
  return std::make_unique<base::FixedClock>(read_instant(options.now, "--now"));
}

[[noreturn]] void refuse_now() {
  throw UsageError(
      "--now (or ARREARS_NOW) is only for rehearsals, and this database keeps real time. Leave it "
      "out, or make a rehearsal database with `arrears init --rehearsal`.");
}

}  // namespace

Session::Session(const Options& options) : options_(options), clock_(make_clock(options)) {
  if (options_.actor.empty()) options_.actor = user_name();
  if (!base::is_clean_utf8(options_.actor)) throw UsageError("--actor is not well-formed UTF-8.");
  if (options_.keys.empty()) options_.keys = default_key_file(options_.db);
}

void Session::open(storage::OpenMode mode, bool rehearsal) {
  if (store_) return;
  const bool given_time = !options_.now.empty();
  if (given_time && !rehearsal && mode == storage::OpenMode::create && !is_there(options_.db)) {
    refuse_now();
  }
  store_ = std::make_unique<storage::DatabaseStore>(
      storage::StoreOptions{options_.db, options_.keys, mode, rehearsal}, *clock_);
  check_now(*store_);
}

void Session::check_now(storage::DatabaseStore& store) const {
  if (!options_.now.empty() && !store.is_rehearsal()) refuse_now();
}

storage::DatabaseStore& Session::store() {
  open(storage::OpenMode::existing, false);
  return *store_;
}

storage::DatabaseStore& Session::create_store(bool rehearsal) {
  open(storage::OpenMode::create, rehearsal);
  return *store_;
}

base::FixedClock& Session::rehearse() {
  ARREARS_REQUIRE(!store_);
  auto clock = std::make_unique<base::FixedClock>(now());
  base::FixedClock& movable = *clock;
  clock_ = std::move(clock);
  return movable;
}

void Session::check_no_known_at() const {
  if (!options_.known_at.empty()) {
    throw UsageError("--known-at is for questions; a change is always made now.");
  }
}

app::Caller Session::caller() const {
  check_no_known_at();
  return {options_.actor, options_.key.empty() ? random_key() : options_.key, now(),
          options_.as_of};
}

Command Session::command() {
  check_no_known_at();
  const auto facts = store().read({});
  std::string code = entity(*facts);
  const auto found = taken(app::find_entity(*facts, code));
  const app::Caller calling = caller();
  return {store(), calling, std::move(code), app::business_date(found, calling)};
}

base::Instant Session::last_checkpoint() {
  const auto text = store().export_checkpoint();
  ARREARS_REQUIRE(text.has_value());
  return storage::parse_checkpoint_file(*text)->checkpoint.at;
}

std::unique_ptr<app::Facts> Session::facts() {
  if (options_.known_at.empty()) return store().read({});
  const base::Instant current = now();
  const base::Instant wanted = taken(app::check_known_at(
      options_.known_at == "now" ? current : read_instant(options_.known_at, "--known-at"),
      current));
  if (wanted < current) return store().read(wanted);
  // What is known now is what a checkpoint says from now on.
  store().checkpoint();
  return store().read(std::max(current, last_checkpoint()));
}

std::unique_ptr<storage::ImageFile> Session::image_of(storage::DatabaseStore& store) const {
  const std::string path = image_path(options_.db, store);
  return path.empty() ? nullptr : std::make_unique<storage::ImageFile>(path);
}

app::LivePortfolio* Session::portfolio() {
  if (!options_.portfolio) return nullptr;
  if (portfolio_) return portfolio_.get();
  image_ = image_of(store());
  loading_ = std::make_unique<Progress>(options_.progress);
  app::PortfolioEvents events;
  events.notice = [](std::string_view line) {
    const std::string text = "arrears: " + std::string(line) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
  };
  events.progress = [this](int done, int total) {
    if (loading_ && done < total) return loading_->show("loading", done, total);
    loading_.reset();
  };
  portfolio_ = std::make_unique<app::LivePortfolio>(store(), image_.get(), std::move(events));
  return portfolio_.get();
}

void Session::keep_portfolio() {
  if (!portfolio_) return;
  try {
    portfolio_->keep_image();
  } catch (const storage::StorageError&) {
    // The answer is out; the next run loads the database again.
  }
}

std::string Session::entity(app::Facts& facts) const {
  if (!options_.entity.empty()) return options_.entity;
  const auto entities = facts.entities();
  if (entities.size() == 1) return entities.front().code;
  std::string codes;
  for (const parties::Entity& one : entities) codes += (codes.empty() ? "" : ", ") + one.code;
  if (codes.empty()) {
    throw UsageError("There is no entity yet. Run `arrears init --entity CODE ...` first.");
  }
  throw UsageError("Name the entity with --entity; there are " + codes + ".");
}

Question Session::question() {
  auto snapshot = facts();
  std::string code = entity(*snapshot);
  const auto found = taken(app::find_entity(*snapshot, code));
  return {std::move(snapshot), std::move(code), as_of(found)};
}

calendar::Date Session::as_of(const parties::Entity& entity) const {
  return options_.as_of ? *options_.as_of : calendar::local_time(entity.time_zone, now()).day;
}

}  // namespace arrears::cli
