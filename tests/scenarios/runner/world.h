#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/storage/store.h"
#include "app/command.h"
#include "app/live_portfolio.h"
#include "table.h"
#include "words.h"

/// The company of one scenario: an own database, a clock that stands, and who is at the desk.
namespace arrears::scenarios {

/// A folder with an own database; removed with it. In memory where the machine has such a folder.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A row that was allocated: by what, on what.
struct AllocatedRow {
  std::string source;
  std::string item;  ///< "INV-1" or "INV-1#2"
  std::string kind;
  std::string id;
};

class World {
 public:
  World();

  /// A folder for the scenario's own files.
  const std::string& folder() const { return folder_.path(); }
  app::Store& store() { return *store_; }
  storage::DatabaseStore& database() { return *store_; }
  /// Who calls, now, under a key of this statement's own (or the one that `key` chose).
  app::Caller caller();
  /// A snapshot; `known_at` as the scenario gave it.
  std::unique_ptr<app::Facts> facts(app::KnownAt known_at = {}) { return store_->read(known_at); }

  /// The portfolio of the database: what it answers must be what the rows of the store give.
  app::LivePortfolio& portfolio() { return *portfolio_; }

  /// The entity that statements are about.
  const std::string& entity() const { return entity_; }
  void use_entity(const std::string& code, const std::string& time_zone);
  const std::string& time_zone_of(const std::string& code) const;

  /// Moves the clock to the local time of the entity. False where that would be backwards.
  bool move_clock(Date day, std::optional<int> seconds);
  /// A second passes.
  void tick();
  Date today() const;
  base::Instant now() const { return clock_.now(); }
  base::Instant instant(Date day, int seconds) const;

  std::string user = "collector";
  std::string next_key;
  std::vector<AllocatedRow> allocated;
  std::map<std::string, std::string> calls;         ///< id by the scenario's name
  std::map<std::string, std::string> interactions;  ///< the same
  std::map<std::string, std::string> holds;         ///< id of the last one, by customer
  app::Json last_run;

 private:
  ScratchFolder folder_;
  base::FixedClock clock_;
  std::unique_ptr<storage::DatabaseStore> store_;
  std::unique_ptr<app::LivePortfolio> portfolio_;
  std::string entity_;
  std::string zone_ = "UTC";
  std::map<std::string, std::string> zones_;
  std::optional<std::pair<Date, int>> local_;  ///< given before the zone was known
  int keys_ = 0;
};

}  // namespace arrears::scenarios
