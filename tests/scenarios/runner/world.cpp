#include "world.h"

#include <cstdlib>
#include <filesystem>

#include "domain/calendar/local_time.h"

namespace arrears::scenarios {

namespace {

constexpr int morning = 9 * 3600;

/// The instant at which databases are made: before all that scenarios tell.
base::Instant beginning() { return base::parse_instant("2020-01-01").value(); }

std::filesystem::path scratch_root() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const auto space = std::filesystem::space(memory, error);
  if (!error && space.available > 64'000'000) return memory;
  return std::filesystem::temp_directory_path();
}

/// A new database that all scenarios of this process start from: making one takes longer than
/// copying it.
const std::filesystem::path& template_folder() {
  static const ScratchFolder folder;
  static const std::filesystem::path path = [] {
    const base::FixedClock clock(beginning());
    const storage::DatabaseStore made(
        {"sqlite:" + folder.path() + "/arrears.db", folder.path() + "/arrears.key",
         storage::OpenMode::create, /*rehearsal=*/true},
        clock);
    return std::filesystem::path(folder.path());
  }();
  return path;
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string pattern = (scratch_root() / "arrears-scenario-XXXXXX").string();
  const char* made = mkdtemp(pattern.data());
  ARREARS_REQUIRE(made != nullptr);
  path_ = made;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

World::World() : clock_(beginning()) {
  for (const auto& file : std::filesystem::directory_iterator(template_folder()))
    std::filesystem::copy_file(file.path(), folder_.path() / file.path().filename());
  store_ = std::make_unique<storage::DatabaseStore>(
      storage::StoreOptions{"sqlite:" + folder_.path() + "/arrears.db",
                            folder_.path() + "/arrears.key", storage::OpenMode::existing, true},
      clock_);
  portfolio_ = std::make_unique<app::LivePortfolio>(*store_, nullptr, app::PortfolioEvents{});
}

app::Caller World::caller() {
  app::Caller caller;
  caller.actor = user;
  caller.idempotency_key = next_key.empty() ? "scenario-" + std::to_string(++keys_) : next_key;
  next_key.clear();
  caller.now = clock_.now();
  return caller;
}

void World::use_entity(const std::string& code, const std::string& time_zone) {
  zones_[code] = time_zone;
  entity_ = code;
  zone_ = time_zone;
  if (!local_) return;
  clock_.set(instant(local_->first, local_->second));
  local_.reset();
}

const std::string& World::time_zone_of(const std::string& code) const {
  static const std::string unknown;
  const auto found = zones_.find(code);
  return found == zones_.end() ? unknown : found->second;
}

bool World::move_clock(Date day, std::optional<int> seconds) {
  if (zones_.empty()) local_ = {day, seconds.value_or(morning)};
  const base::Instant target = instant(day, seconds.value_or(morning));
  if (!seconds && day == today() && target < clock_.now()) return true;
  if (target < clock_.now()) return false;
  clock_.set(target);
  return true;
}

void World::tick() { clock_.set({clock_.now().micros + 1'000'000}); }

Date World::today() const { return calendar::local_time(zone_, clock_.now()).day; }

base::Instant World::instant(Date day, int seconds) const {
  return calendar::instant_of(zone_, day, seconds);
}

}  // namespace arrears::scenarios
