#include <atomic>
#include <thread>

#include "store_fixture.h"

/// Whole commands on a bad day: the server goes away in the middle of many, the clock steps back.
namespace arrears::storage {
namespace {

class BadDays : public StoreTest {
 protected:
  /// A command that adds a party and is done once for its key.
  void add_party(DatabaseStore& store, base::Part part, const std::string& key) const {
    store.run(clock_.now(), "anna", [&](app::Transaction& facts) {
      if (facts.recall(part, "anna/add", key, "body")) return false;
      parties::Party party;
      party.id = facts.ids().make<parties::PartyTag>(part);
      party.name = key;
      facts.open_entry(part, EntryKind::party_added, "{}").add(party, app::Revision::first);
      facts.remember(part, "anna/add", key, "body", "{}");
      return true;
    });
  }

  std::size_t parties_at(base::Instant instant, base::Part part) {
    std::size_t parties = 0;
    store_->read(instant)->each_party({part, part}, app::Detail::receivables,
                                      [&](const app::PartyFile&) { ++parties; });
    return parties;
  }
};

ARREARS_ON_EVERY_ENGINE(BadDays);

TEST_P(BadDays, a_server_restarted_among_many_commands_loses_and_doubles_none) {
  if (!on_postgres()) GTEST_SKIP() << "skipped: an SQLite file has no server";
  constexpr int threads = 4;
  constexpr int commands = 30;
  std::atomic<int> done{0};
  std::atomic<int> lost{0};
  std::vector<std::thread> clients;
  for (int client = 0; client < threads; ++client) {
    clients.emplace_back([&, client] {
      for (int number = 0; number < commands;) {
        const std::string key = std::to_string(client) + "/" + std::to_string(number);
        // What was not acknowledged is sent again under its key, until the server is back.
        const auto problem = problem_of([&] { add_party(*store_, number % 7, key); });
        if (problem) {
          EXPECT_EQ(*problem, StorageProblem::lost);
          ++lost;
        } else {
          ++done;
          ++number;
        }
      }
    });
  }
  for (const int moment : {threads * commands / 4, threads * commands / 2}) {
    while (done < moment) std::this_thread::yield();
    restart();
  }
  for (std::thread& client : clients) client.join();
  EXPECT_GT(lost, 0);
  store_->checkpoint();
  EXPECT_EQ(count("count(*) FROM party"), threads * commands);
  EXPECT_EQ(count("count(DISTINCT name) FROM party"), threads * commands);
  EXPECT_EQ(count("count(*) FROM journal"), threads * commands);
  const Verification result = store_->verify(std::nullopt, {});
  EXPECT_TRUE(result.passed()) << all_text(result);
}

TEST_P(BadDays, a_server_restarted_in_the_middle_of_a_batch_leaves_nothing_of_it) {
  if (!on_postgres()) GTEST_SKIP() << "skipped: an SQLite file has no server";
  add_party(*store_, 3, "before");
  const auto batch = [&](const std::function<void()>& in_the_middle) {
    const auto transaction = store_->write();
    for (int i = 0; i < 3'000; ++i) {
      parties::Party party;
      party.id = transaction->ids().make<parties::PartyTag>(i % 5);
      transaction->open_entry(i % 5, EntryKind::party_added, "{}").add(party, app::Revision::first);
      if (i == 2'000) in_the_middle();
    }
    transaction->commit(tick(), "anna");
  };
  try {
    batch(restart);
    ADD_FAILURE() << "the restart was not noticed";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.problem, StorageProblem::lost) << error.what();
  }
  EXPECT_EQ(count("count(*) FROM party"), 1);
  EXPECT_EQ(count("count(*) FROM journal"), 1);
  batch([] {});
  store_->checkpoint();
  EXPECT_EQ(count("count(*) FROM party"), 3'001);
  const Verification result = store_->verify(std::nullopt, {});
  EXPECT_TRUE(result.passed()) << all_text(result);
}

TEST_P(BadDays, a_clock_that_steps_back_changes_no_answer_of_before) {
  std::vector<base::Instant> instants;
  for (int i = 0; i < 3; ++i) {
    tick();
    add_party(*store_, 3, "day " + std::to_string(i));
    instants.push_back(clock_.now());
  }
  clock_.set({first_instant.micros - 3'600'000'000});
  // Another process, whose ids and checkpoints know nothing of the first one's.
  DatabaseStore other(StoreOptions{url_, folder_ + "/arrears.key", OpenMode::existing, false},
                      clock_);
  add_party(other, 3, "back");
  add_party(*store_, 3, "further back");
  for (std::size_t i = 0; i < instants.size(); ++i) EXPECT_EQ(parties_at(instants[i], 3), i + 1);
  EXPECT_EQ(count("count(DISTINCT party_id) FROM party"), 5);
  clock_.set({instants.back().micros + 10'000'000});
  EXPECT_EQ(parties_at(clock_.now(), 3), 5U);
  const Verification result = store_->verify(std::nullopt, {});
  EXPECT_TRUE(result.passed()) << all_text(result);
}

}  // namespace
}  // namespace arrears::storage
