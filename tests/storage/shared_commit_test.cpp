#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "store_fixture.h"

/// Commands that share a transaction: each is kept or undone by itself, all are durable together.
namespace arrears::storage {
namespace {

/// A door that a command holds shut, so that others gather behind it.
class Door {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    is_reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_reached_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  bool is_reached_ = false;
};

class SharedCommit : public StoreTest {
 protected:
  using Work = std::function<bool(app::Transaction&)>;

  static void record_rate(app::Transaction& facts, base::Part part, int day) {
    app::Entry& entry = facts.open_entry(part, EntryKind::rate_recorded, "{}");
    parties::Party party;
    party.id = facts.ids().make<parties::PartyTag>(part);
    party.reference = std::to_string(day);
    entry.add(party, app::Revision::first);
  }
  static Work rate_on(int day) {
    return [day](app::Transaction& facts) {
      record_rate(facts, day % 7, day);
      return true;
    };
  }

  /// Runs the works as one batch: a command holds the lead until all of them wait. Answers what
  /// each threw, empty where it ended well.
  std::vector<std::string> run_together(const std::vector<Work>& works) {
    Door door;
    std::vector<std::string> outcomes(works.size());
    std::thread leader([&] {
      store_->run(clock_.now(), "lead", [&](app::Transaction&) {
        door.pass();
        return false;
      });
    });
    door.wait_until_reached();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < works.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          store_->run(clock_.now(), "anna", works[i]);
        } catch (const std::exception& failure) {
          outcomes[i] = failure.what();
        }
      });
      while (store_->waiting_commands() < i + 1) std::this_thread::yield();
    }
    door.open();
    leader.join();
    for (std::thread& thread : threads) thread.join();
    return outcomes;
  }

  std::vector<std::string> references() {
    std::vector<std::string> found;
    Query rows = connection_->query("SELECT reference FROM party ORDER BY reference");
    while (rows.next()) found.emplace_back(rows.text_at(0));
    return found;
  }

  std::int64_t checkpoints() { return count("count(*) FROM checkpoint"); }

  void expect_whole() {
    EXPECT_EQ(count("count(*) FROM journal_pending"), 0);
    const Verification result = store_->verify(std::nullopt, {});
    EXPECT_TRUE(result.passed()) << all_text(result);
  }

  parties::PartyId party_;
};

ARREARS_ON_EVERY_ENGINE(SharedCommit);

TEST_P(SharedCommit, commands_that_come_together_share_one_checkpoint) {
  const std::int64_t before = checkpoints();
  std::vector<Work> works;
  for (int day = 10; day < 18; ++day) works.push_back(rate_on(day));
  for (const std::string& failure : run_together(works)) EXPECT_EQ(failure, "");
  EXPECT_EQ(references().size(), 8U);
  EXPECT_EQ(checkpoints(), before + 1);
  expect_whole();
}

TEST_P(SharedCommit, a_command_alone_is_sealed_when_it_returns) {
  store_->run(tick(), "anna", rate_on(10));
  EXPECT_EQ(checkpoints(), 1);
  expect_whole();
}

TEST_P(SharedCommit, a_command_that_is_refused_leaves_nothing_and_the_others_stay) {
  const auto outcomes = run_together({rate_on(10),
                                      [](app::Transaction& facts) {
                                        record_rate(facts, 4, 11);
                                        return false;
                                      },
                                      rate_on(12)});
  EXPECT_EQ(outcomes, std::vector<std::string>(3));
  EXPECT_EQ(references(), (std::vector<std::string>{"10", "12"}));
  expect_whole();
}

TEST_P(SharedCommit, a_command_that_throws_leaves_nothing_and_the_others_stay) {
  const auto outcomes = run_together({rate_on(10),
                                      [](app::Transaction& facts) -> bool {
                                        record_rate(facts, 4, 11);
                                        throw std::runtime_error("no");
                                      },
                                      rate_on(12)});
  EXPECT_EQ(outcomes, (std::vector<std::string>{"", "no", ""}));
  EXPECT_EQ(references(), (std::vector<std::string>{"10", "12"}));
  expect_whole();
}

TEST_P(SharedCommit, a_statement_that_fails_ends_its_own_command_only) {
  const auto take_number = [](app::Transaction& facts) {
    record_rate(facts, 4, 11);
    // The key of an answer that is there.
    facts.remember(4, "anna/x", "key", "body", "answer");
    return true;
  };
  const auto outcomes = run_together({rate_on(10), take_number, take_number, rate_on(12)});
  EXPECT_EQ(outcomes[0] + outcomes[1] + outcomes[3], "");
  EXPECT_NE(outcomes[2], "");
  EXPECT_EQ(references(), (std::vector<std::string>{"10", "11", "12"}));
  expect_whole();
}

TEST_P(SharedCommit, the_same_key_twice_in_a_batch_happens_once) {
  std::mutex mutex;
  std::vector<std::string> answers;
  const auto once = [&](app::Transaction& facts) {
    const auto past = facts.recall(3, "anna/x", "key", "body");
    if (past) {
      const std::lock_guard lock(mutex);
      answers.push_back(past->answer);
      return false;
    }
    record_rate(facts, 3, 10);
    facts.remember(3, "anna/x", "key", "body", "done");
    return true;
  };
  EXPECT_EQ(run_together({once, once, once}), std::vector<std::string>(3));
  EXPECT_EQ(answers, (std::vector<std::string>{"done", "done"}));
  EXPECT_EQ(references().size(), 1U);
  expect_whole();
}

TEST_P(SharedCommit, what_a_command_of_the_batch_undid_is_not_remembered_for_the_next) {
  const auto add_contact = [&](bool keep) {
    return [=, this](app::Transaction& facts) {
      parties::Contact made;
      made.id = facts.ids().make<parties::ContactTag>(3);
      made.party = party_;
      made.name = "Jo Clerk";
      facts.open_entry(3, EntryKind::contact_added, "{}").add(made, app::Revision::first);
      return keep;
    };
  };
  store_->run(tick(), "anna", [&](app::Transaction& facts) {
    parties::Party party;
    party.id = facts.ids().make<parties::PartyTag>(3);
    party_ = party.id;
    facts.open_entry(3, EntryKind::customer_added, "{}").add(party, app::Revision::first);
    return true;
  });
  // The first makes the party's key and is undone; the second needs one that is there.
  EXPECT_EQ(run_together({rate_on(10), add_contact(false), add_contact(true)}),
            std::vector<std::string>(3));
  const auto file = store_->read(std::nullopt)->party_file(party_, app::Detail::everything);
  ASSERT_EQ(file->contacts.size(), 1U);
  EXPECT_EQ(file->contacts[0].name, "Jo Clerk");
  expect_whole();
}

TEST_P(SharedCommit, a_commit_that_fails_fails_them_all_and_leaves_nothing) {
  // The last row that a batch writes is refused: its checkpoint's.
  connection_->execute_script(
      on_postgres() ? "ALTER TABLE checkpoint ADD CONSTRAINT none CHECK (checkpoint_no < 1)"
                    : "CREATE TRIGGER none BEFORE INSERT ON checkpoint BEGIN SELECT "
                      "RAISE(ABORT, 'no checkpoint'); END");
  const auto outcomes =
      run_together({rate_on(10), [](app::Transaction&) { return false; }, rate_on(12)});
  for (const std::string& failure : outcomes) EXPECT_NE(failure, "");
  EXPECT_TRUE(references().empty());
  EXPECT_EQ(count("count(*) FROM journal"), 0);
  EXPECT_EQ(count("count(*) FROM journal_pending"), 0);
}

TEST_P(SharedCommit, a_command_that_came_second_is_tried_again_alone) {
  int runs = 0;
  const auto outcomes = run_together({rate_on(10),
                                      [&](app::Transaction& facts) {
                                        record_rate(facts, 4, 11);
                                        if (++runs < 3)
                                          throw StorageError(StorageProblem::retry, "deadlock");
                                        return true;
                                      },
                                      rate_on(12)});
  EXPECT_EQ(outcomes, std::vector<std::string>(3));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(references(), (std::vector<std::string>{"10", "11", "12"}));
  expect_whole();
}

TEST_P(SharedCommit, a_command_that_always_comes_second_fails_at_last) {
  int runs = 0;
  EXPECT_EQ(problem_of([&] {
              store_->run(tick(), "anna", [&](app::Transaction&) -> bool {
                ++runs;
                throw StorageError(StorageProblem::retry, "deadlock");
              });
            }),
            StorageProblem::retry);
  EXPECT_EQ(runs, 5);
}

TEST_P(SharedCommit, ids_rise_in_a_part_whatever_the_clock_and_the_process) {
  std::vector<std::int64_t> made;
  const auto make = [&](app::Transaction& facts) {
    app::Entry& entry = facts.open_entry(3, EntryKind::rate_recorded, "{}");
    parties::Party party;
    party.id = facts.ids().make<parties::PartyTag>(3);
    made.push_back(party.id.value);
    entry.add(party, app::Revision::first);
    return true;
  };
  store_->run(tick(), "anna", make);
  clock_.set({first_instant.micros - 3'600'000'000});
  const auto other = open_store();
  for (int i = 0; i < 3; ++i) {
    store_->run(clock_.now(), "anna", make);
    other->run(clock_.now(), "anna", make);
  }
  EXPECT_TRUE(std::is_sorted(made.begin(), made.end()));
  EXPECT_EQ(std::set<std::int64_t>(made.begin(), made.end()).size(), made.size());
  expect_whole();
}

TEST_P(SharedCommit, an_instant_asked_about_under_a_stepped_back_clock_keeps_its_answer) {
  store_->run(tick(), "anna", rate_on(10));
  const base::Instant asked = tick();
  clock_.set({first_instant.micros});
  const auto first = store_->read(asked)->ordinal();
  clock_.set({first_instant.micros + 500'000});
  store_->run(clock_.now(), "anna", rate_on(11));
  EXPECT_EQ(store_->read(asked)->ordinal(), first);
}

/// Random commands of several threads and two stores: the sums are those of one after the other.
TEST_P(SharedCommit, a_random_run_equals_one_command_after_the_other) {
  const auto other = open_store();
  std::mutex mutex;
  std::set<std::string> kept;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937_64 random(static_cast<std::uint64_t>(thread) + 17);
      DatabaseStore& store = thread % 3 == 0 ? *other : *store_;
      for (int i = 0; i < 15; ++i) {
        const auto kind = random() % 5;
        const auto first = static_cast<base::Part>(random() % 3);
        const auto second = static_cast<base::Part>(random() % 3);
        const std::string name = std::to_string(thread) + "-" + std::to_string(i);
        try {
          store.run(clock_.now(), name, [&](app::Transaction& facts) {
            // Both parts, in whatever order: batches must not wait for each other in a ring.
            for (const base::Part part : {first, second}) {
              parties::Party party;
              party.id = facts.ids().make<parties::PartyTag>(part);
              party.reference = name;
              facts.open_entry(part, EntryKind::rate_recorded, "{}")
                  .add(party, app::Revision::first);
            }
            if (kind == 0) throw std::runtime_error("no");
            return kind != 1;
          });
          if (kind > 1) {
            const std::lock_guard lock(mutex);
            kept.insert(name);
          }
        } catch (const std::runtime_error& failure) {
          EXPECT_STREQ(failure.what(), "no");
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> found = references();
  EXPECT_EQ(found.size(), 2 * kept.size());
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), kept);
  EXPECT_EQ(count("count(*) FROM journal"), static_cast<std::int64_t>(2 * kept.size()));
  expect_whole();
}

class Leases : public SharedCommit {};

ARREARS_ON_EVERY_ENGINE(Leases);

TEST_P(Leases, of_one_name_are_held_by_one_at_a_time) {
  const auto other = open_store();
  auto held = store_->try_lease("run/A");
  ASSERT_TRUE(held);
  EXPECT_FALSE(other->try_lease("run/A"));
  EXPECT_FALSE(store_->try_lease("run/A"));
  EXPECT_TRUE(other->try_lease("run/B"));
  held.reset();
  EXPECT_TRUE(other->try_lease("run/A"));
}

TEST_P(Leases, do_not_hinder_commands) {
  const auto held = store_->try_lease("run/A");
  store_->run(tick(), "anna", rate_on(10));
  EXPECT_EQ(references().size(), 1U);
}

TEST_P(Leases, of_a_killed_process_are_free_again) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto held = open_store()->try_lease("run/A");
    const char held_it = held ? 'y' : 'n';
    if (write(ready[1], &held_it, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char held_it = 0;
  ASSERT_EQ(read(ready[0], &held_it, 1), 1);
  EXPECT_EQ(held_it, 'y');
  EXPECT_FALSE(store_->try_lease("run/A"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  if (on_postgres()) {
    // The server hears of the end over the closed connection: wait for the row.
    Transaction until_free(*connection_, Transaction::Mode::write);
    connection_->execute("SELECT part FROM lease WHERE name = 'run/A' FOR UPDATE");
  }
  EXPECT_TRUE(store_->try_lease("run/A"));
}

/// What only a server can do to a batch.
class SharedCommitOnServer : public SharedCommit {};

ARREARS_ON_ENGINE(SharedCommitOnServer, postgresql);

TEST_P(SharedCommitOnServer, a_connection_lost_inside_a_batch_fails_them_all) {
  const auto outcomes = run_together({rate_on(10),
                                      [&](app::Transaction&) {
                                        cut_others();
                                        return true;
                                      },
                                      rate_on(12)});
  for (const std::string& failure : outcomes) EXPECT_NE(failure, "");
  EXPECT_TRUE(references().empty());
  store_->run(tick(), "anna", rate_on(13));
  EXPECT_EQ(references(), std::vector<std::string>{"13"});
  expect_whole();
}

TEST_P(SharedCommitOnServer, a_batch_that_meets_a_part_of_another_process_waits_for_none_of_it) {
  // The second command's part is held; it waits in the next batch, and the first is done before.
  const auto other = open_database(url_, OpenMode::existing);
  std::optional<Transaction> holding(std::in_place, *other, Transaction::Mode::write);
  other->lock_parts(4, 4);
  std::thread release([&] {
    while (count("count(*) FROM party") == 0) {
    }
    holding.reset();
  });
  EXPECT_EQ(run_together({rate_on(10), rate_on(11), rate_on(12)}), std::vector<std::string>(3));
  release.join();
  EXPECT_EQ(references().size(), 3U);
  expect_whole();
}

TEST_P(SharedCommitOnServer, a_batch_whose_answer_was_lost_is_found_done) {
  with_answer_lost(
      [&] { EXPECT_EQ(run_together({rate_on(10), rate_on(11)}), std::vector<std::string>(2)); });
  EXPECT_EQ(references().size(), 2U);
  expect_whole();
}

}  // namespace
}  // namespace arrears::storage
