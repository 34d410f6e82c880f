#include <thread>

#include "adapters/storage/migrations.h"
#include "store_fixture.h"

/// What only a server can do to us.
namespace arrears::storage {
namespace {

class Postgres : public StoreTest {
 protected:
  std::unique_ptr<app::Transaction> changed() {
    auto transaction = store_->write();
    parties::Party party;
    party.id = transaction->ids().make<parties::PartyTag>(3);
    transaction->open_entry(3, EntryKind::party_added, "{}").add(party, app::Revision::first);
    return transaction;
  }
};

ARREARS_ON_ENGINE(Postgres, postgresql);

TEST_P(Postgres, states_of_the_server_become_kinds) {
  const std::pair<const char*, StorageProblem> cases[] = {
      {"23505", StorageProblem::unique},  {"23503", StorageProblem::foreign_key},
      {"23514", StorageProblem::check},   {"23502", StorageProblem::not_null},
      {"22003", StorageProblem::check},   {"42804", StorageProblem::check},
      {"40001", StorageProblem::retry},   {"40P01", StorageProblem::retry},
      {"55P03", StorageProblem::busy},    {"53300", StorageProblem::busy},
      {"53100", StorageProblem::full},    {"58030", StorageProblem::io},
      {"57P01", StorageProblem::lost},    {"08006", StorageProblem::lost},
      {"XX001", StorageProblem::corrupt}, {"25006", StorageProblem::io},
      {"42601", StorageProblem::other},
  };
  for (const auto& [state, problem] : cases) {
    const std::string raise =
        "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '" + std::string(state) + "'; END $$";
    EXPECT_EQ(problem_of([&] { connection_->execute_script(raise); }), problem) << state;
  }
}

TEST_P(Postgres, a_text_with_a_nul_is_refused_and_not_cut) {
  EXPECT_EQ(problem_of([&] {
              connection_->execute("INSERT INTO site (name, value) VALUES ('x', :value)",
                                   std::string_view("a\0b", 3));
            }),
            StorageProblem::check);
}

TEST_P(Postgres, a_server_restarted_between_commands_is_not_noticed) {
  changed()->commit(tick(), "anna");
  restart();
  changed()->commit(tick(), "anna");
  EXPECT_EQ(store_->checkpoint(), 1);
  restart();
  EXPECT_EQ(store_->tail(5).size(), 2U);
  EXPECT_EQ(count("count(*) FROM party"), 2);
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
}

TEST_P(Postgres, a_connection_lost_inside_a_command_ends_it_and_the_next_one_works) {
  {
    const auto transaction = changed();
    cut_others();
    EXPECT_EQ(problem_of([&] { transaction->entities(); }), StorageProblem::lost);
  }
  EXPECT_EQ(count("count(*) FROM party"), 0);
  changed()->commit(tick(), "anna");
  EXPECT_EQ(count("count(*) FROM party"), 1);
}

TEST_P(Postgres, a_connection_lost_before_the_commit_leaves_nothing_and_says_so) {
  {
    const auto transaction = changed();
    cut_others();
    EXPECT_EQ(problem_of([&] { transaction->commit(tick(), "anna"); }), StorageProblem::lost);
  }
  EXPECT_EQ(count("count(*) FROM party"), 0);
  EXPECT_EQ(count("count(*) FROM journal"), 0);
}

TEST_P(Postgres, a_commit_whose_answer_was_lost_is_found_done) {
  const auto transaction = changed();
  with_answer_lost(
      [&] { EXPECT_EQ(problem_of([&] { transaction->commit(tick(), "anna"); }), std::nullopt); });
  EXPECT_EQ(count("count(*) FROM party"), 1);
  EXPECT_EQ(count("count(*) FROM journal"), 1);
}

TEST_P(Postgres, a_server_that_is_down_is_lost_and_found_again) {
  PostgresServer::get().stop();
  EXPECT_EQ(problem_of([&] { store_->checkpoint(); }), StorageProblem::lost);
  EXPECT_EQ(problem_of([&] { open_database(url_, OpenMode::existing); }), StorageProblem::lost);
  PostgresServer::get().start();
  EXPECT_EQ(store_->checkpoint(), 1);
}

TEST_P(Postgres, a_blank_database_is_filled_on_request_only) {
  const std::string blank = PostgresServer::get().make_blank_database();
  const auto opening = [&](OpenMode mode) {
    return problem_of([&] { open_database(blank, mode); });
  };
  EXPECT_EQ(opening(OpenMode::existing), StorageProblem::absent);
  EXPECT_EQ(open_postgres(blank)->table_names().size(), 0U);
  EXPECT_EQ(opening(OpenMode::create), std::nullopt);
  EXPECT_EQ(opening(OpenMode::existing), std::nullopt);
}

TEST_P(Postgres, two_processes_may_fill_a_blank_database_at_once) {
  const std::string blank = PostgresServer::get().make_blank_database();
  std::vector<std::thread> openers;
  for (int i = 0; i < 3; ++i) {
    openers.emplace_back([&] {
      EXPECT_EQ(problem_of([&] { open_database(blank, OpenMode::create); }), std::nullopt);
    });
  }
  for (std::thread& opener : openers) opener.join();
  EXPECT_EQ(inspect(*open_postgres(blank), embedded_migrations()), DatabaseState::current);
}

TEST_P(Postgres, a_newer_database_and_one_of_another_program_are_refused) {
  connection_->execute("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')");
  for (const OpenMode mode : {OpenMode::existing, OpenMode::create}) {
    EXPECT_EQ(problem_of([&] { open_database(url_, mode); }), StorageProblem::newer_database);
  }
  EXPECT_EQ(count("max(version) FROM schema_migration"), 9999);
  const std::string other = PostgresServer::get().make_blank_database();
  open_postgres(other)->execute_script("CREATE TABLE recipe (name TEXT)");
  EXPECT_EQ(problem_of([&] { open_database(other, OpenMode::create); }),
            StorageProblem::not_arrears);
  EXPECT_EQ(open_postgres(other)->table_names(), std::vector<std::string>{"recipe"});
}

TEST_P(Postgres, a_lock_that_another_holds_too_long_is_busy) {
  const auto other = open_database(url_, OpenMode::existing);
  other->execute_script("SET lock_timeout = 1");
  Transaction first(*connection_, Transaction::Mode::write);
  connection_->lock_parts(3, 3);
  Transaction second(*other, Transaction::Mode::write);
  other->lock_parts(4, 4);
  EXPECT_EQ(problem_of([&] { other->lock_parts(3, 3); }), StorageProblem::busy);
}

TEST_P(Postgres, a_lock_whose_row_is_gone_is_not_taken_for_one) {
  connection_->execute("DELETE FROM id_mark WHERE part = 3");
  connection_->execute("DELETE FROM lock_row WHERE purpose = 1");
  EXPECT_EQ(problem_of([&] { changed(); }), StorageProblem::corrupt);
  EXPECT_EQ(problem_of([&] { store_->checkpoint(); }), StorageProblem::corrupt);
}

TEST_P(Postgres, two_that_wait_for_each_other_are_parted) {
  const auto other = open_database(url_, OpenMode::existing);
  Transaction first(*connection_, Transaction::Mode::write);
  Transaction second(*other, Transaction::Mode::write);
  connection_->lock_parts(3, 3);
  other->lock_parts(4, 4);
  std::optional<StorageProblem> here;
  std::optional<StorageProblem> there;
  std::thread waiting([&] {
    there = problem_of([&] { other->lock_parts(3, 3); });
    if (there) other->execute_script("ROLLBACK");
  });
  here = problem_of([&] { connection_->lock_parts(4, 4); });
  if (here) connection_->execute_script("ROLLBACK");
  waiting.join();
  EXPECT_NE(here.has_value(), there.has_value());
  EXPECT_EQ(here ? here : there, StorageProblem::retry);
}

TEST_P(Postgres, every_transaction_has_a_node_of_its_own) {
  const auto other = open_database(url_, OpenMode::existing);
  Transaction first(*connection_, Transaction::Mode::write);
  Transaction second(*other, Transaction::Mode::write);
  EXPECT_NE(connection_->lock_node(), other->lock_node());
}

TEST_P(Postgres, a_transaction_with_a_failed_statement_does_not_commit) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  record_invoice_in(3, "INV-1", 100);
  EXPECT_THROW(connection_->execute("INSERT INTO site (name, value) VALUES (NULL, 'x')"),
               StorageError);
  EXPECT_THROW(transaction.commit(), StorageError);
}

TEST(PostgresUrl, is_shown_without_its_password) {
  const std::pair<const char*, const char*> cases[] = {
      {"postgresql://anna:secret@db/arrears", "postgresql://anna@db/arrears"},
      {"postgres://anna:secret@db:5432/arrears", "postgres://anna@db:5432/arrears"},
      {"postgresql://anna@db:5432/arrears", "postgresql://anna@db:5432/arrears"},
      {"postgresql://db:5432/arrears", "postgresql://db:5432/arrears"},
      {"postgresql:///arrears?host=/tmp&password=secret", "postgresql:///arrears"},
      {"sqlite:a:b@c.db", "sqlite:a:b@c.db"},
  };
  for (const auto& [url, shown] : cases) EXPECT_EQ(without_password(url), shown) << url;
}

}  // namespace
}  // namespace arrears::storage
