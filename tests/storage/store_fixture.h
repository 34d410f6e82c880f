#pragma once

#include <thread>

#include "adapters/storage/store.h"
#include "storage_fixture.h"

namespace arrears::storage {

/// A test with a whole store, and what may happen to the server under it.
class StoreTest : public StorageTest {
 protected:
  void SetUp() override {
    StorageTest::SetUp();
    if (!IsSkipped()) store_ = open_store();
  }
  void TearDown() override { store_.reset(); }

  std::unique_ptr<DatabaseStore> open_store() const {
    return std::make_unique<DatabaseStore>(
        StoreOptions{url_, folder_ + "/arrears.key", OpenMode::create, true}, clock_);
  }

  static void restart() {
    PostgresServer::get().stop();
    PostgresServer::get().start();
  }

  /// Ends all other connections to the database, and waits until they are gone.
  void cut_others() {
    connection_->execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  /// The commit of `act` is written and then waits for a standby that never comes: cut there, the
  /// server has committed and could not say so. The server takes up the setting in its own time, so
  /// `act` begins when the commits of another connection wait.
  template <class Act>
  void with_answer_lost(const Act& act) {
    const auto admin = open_postgres(PostgresServer::get().url("postgres"));
    const auto set = [&](const char* names) {
      admin->execute_script("ALTER SYSTEM SET synchronous_standby_names = " + std::string(names));
      admin->execute_script("SELECT pg_reload_conf()");
    };
    const auto wait_for = [&](std::int64_t waiting) {
      while (count("count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                   "wait_event = 'SyncRep'") < waiting) {
      }
    };
    connection_->execute_script("SET synchronous_commit = local");
    admin->execute_script("SET synchronous_commit = local");
    set("'nobody'");
    std::thread probe([&] {
      const auto other = open_database(url_, OpenMode::existing);
      problem_of([&] {
        for (;;) other->execute_script("SELECT pg_logical_emit_message(true, 'probe', '')");
      });
    });
    wait_for(1);
    std::thread cutter([&] {
      wait_for(2);
      cut_others();
    });
    act();
    cutter.join();
    probe.join();
    set("''");
  }

  std::unique_ptr<DatabaseStore> store_;
};

}  // namespace arrears::storage
