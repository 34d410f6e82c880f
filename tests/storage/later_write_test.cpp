#include <array>

#include "adapters/storage/db.h"
#include "adapters/storage/number_index.h"
#include "storage_fixture.h"

/// Rows for which nobody waits: few go by inserts and many by a bulk load, or on a thread of their
/// own, and all must look like rows that were written at once.
namespace arrears::storage {
namespace {

constexpr int few = 3;
constexpr int many = 20'000;  // every engine has its own way with so many

class LaterWrites : public StorageTest {
 protected:
  void SetUp() override {
    StorageTest::SetUp();
    if (IsSkipped()) return;
    connection_->execute_script(connection_->dialect(
        "CREATE TABLE t (k {i64} NOT NULL, i {i64}, s TEXT NOT NULL, b {blob}, PRIMARY KEY (k)) "
        "{clustered}; CREATE TABLE u (k {i64} NOT NULL, PRIMARY KEY (k)) {clustered}"));
  }

  void write(std::int64_t key, Value i = {}, Value s = "", Value b = {}) {
    static const LaterWrite insert =
        insert_into("t", std::array<std::string_view, 4>{"k", "i", "s", "b"});
    connection_->write_later(insert, {key, i, s, b});
  }
  void write_keys(int first, int rows) {
    for (int key = first; key < first + rows; ++key) write(key);
  }

  /// The failure of a transaction that writes `rows` good rows and what `act` writes.
  template <class Act>
  std::optional<StorageProblem> failure(int rows, const Act& act) {
    return problem_of([&] {
      Transaction transaction(*connection_, Transaction::Mode::write);
      write_keys(1, rows);
      act();
      transaction.commit();
    });
  }
};

ARREARS_ON_EVERY_ENGINE(LaterWrites);

TEST_P(LaterWrites, are_seen_by_the_next_statement) {
  for (const int rows : {few, many}) {
    {
      Transaction transaction(*connection_, Transaction::Mode::write);
      write_keys(1, rows);
      EXPECT_EQ(count("count(*) FROM t"), rows);
      write_keys(rows + 1, rows);
      EXPECT_EQ(connection_->execute("UPDATE t SET i = 1"), 2 * rows);
      write_keys(2 * rows + 1, rows);
      std::int64_t seen = 0;
      Query wide = connection_->query("SELECT k FROM t ORDER BY k -- wide");
      while (wide.next()) ++seen;
      EXPECT_EQ(seen, 3 * rows);
      write_keys(3 * rows + 1, rows);
    }
    EXPECT_EQ(count("count(*) FROM t"), 0);
  }
}

TEST_P(LaterWrites, come_back_as_they_went_in) {
  const Bytes bytes{0, 1, 255};
  for (const int rows : {few, many}) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    for (int key = 0; key < rows; ++key) {
      if (key % 3 == 0) write(key, -9007199254740993, "zw\xC3\xB6lf \xE2\x82\xAC", bytes);
      if (key % 3 == 1) write(key, {}, "", Bytes{});
      if (key % 3 == 2) write(key, 0, "a\tb\\N\n\"", {});
    }
    transaction.commit();
    EXPECT_EQ(count("count(*) FROM t"), rows);
    Query row = connection_->query("SELECT i, s, b FROM t ORDER BY k");
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.int64_at(0), -9007199254740993);
    EXPECT_EQ(row.text_at(1), "zw\xC3\xB6lf \xE2\x82\xAC");
    EXPECT_EQ(row.bytes_at(2), bytes);
    ASSERT_TRUE(row.next());
    EXPECT_TRUE(row.is_null(0));
    EXPECT_FALSE(row.is_null(1));
    EXPECT_EQ(row.text_at(1), "");
    EXPECT_FALSE(row.is_null(2));
    EXPECT_TRUE(row.bytes_at(2).empty());
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.int64_at(0), 0);
    EXPECT_EQ(row.text_at(1), "a\tb\\N\n\"");
    EXPECT_TRUE(row.is_null(2));
    while (row.next()) {
    }
    connection_->execute("DELETE FROM t");
  }
}

TEST_P(LaterWrites, that_fail_say_why_and_leave_nothing) {
  for (const int rows : {few, many}) {
    EXPECT_EQ(failure(rows, [&] { write(2); }), StorageProblem::unique) << rows;
    EXPECT_EQ(failure(rows, [&] { write(0, {}, Value()); }), StorageProblem::not_null) << rows;
    EXPECT_EQ(count("count(*) FROM t"), 0);
    EXPECT_EQ(failure(rows, [] {}), std::nullopt);  // the connection goes on
    EXPECT_EQ(connection_->execute("DELETE FROM t"), rows);
  }
}

TEST_P(LaterWrites, that_fail_are_told_by_the_next_question_at_the_latest) {
  for (const int rows : {few, many}) {
    const auto problem = failure(rows, [&] {
      write(2);
      count("count(*) FROM u");
      ADD_FAILURE() << "the question was answered";
    });
    EXPECT_EQ(problem, StorageProblem::unique);
  }
}

TEST_P(LaterWrites, of_an_undone_savepoint_are_gone) {
  for (const int rows : {few, many}) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    write_keys(1, rows);
    {
      Savepoint step(*connection_);
      write_keys(100'001, rows);
    }
    {
      Savepoint step(*connection_);
      write_keys(200'001, rows);
      EXPECT_EQ(count("count(*) FROM t"), 2 * rows);
    }
    {
      Savepoint step(*connection_);
      write_keys(300'001, rows);
      step.keep();
    }
    transaction.commit();
    EXPECT_EQ(count("count(*) FROM t"), 2 * rows);
    EXPECT_EQ(connection_->execute("DELETE FROM t WHERE k BETWEEN 100001 AND 299999"), 0);
    connection_->execute("DELETE FROM t");
  }
}

TEST_P(LaterWrites, that_fail_in_a_savepoint_fail_before_it_is_kept) {
  for (const int rows : {few, many}) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    write_keys(1, rows);
    const auto problem = problem_of([&] {
      Savepoint step(*connection_);
      write_keys(100'001, rows);
      write(100'001);
      step.keep();
    });
    EXPECT_EQ(problem, StorageProblem::unique);
    transaction.commit();
    EXPECT_EQ(count("count(*) FROM t"), rows);
    connection_->execute("DELETE FROM t");
  }
}

TEST_P(LaterWrites, of_more_than_memory_should_hold_arrive) {
  const std::string text(10'000, 'x');
  Transaction transaction(*connection_, Transaction::Mode::write);
  for (int key = 0; key < 1'000; ++key) write(key, {}, text);
  transaction.commit();
  EXPECT_EQ(count("sum(length(s)) FROM t"), 10'000'000);
}

TEST_P(LaterWrites, that_fail_on_their_way_are_told_later_or_undone_with_their_savepoint) {
  const std::string text(10'000, 'x');
  const auto write_twice = [&] {
    for (int key = 0; key < 1'000; ++key) write(key % 500, {}, text);
  };
  EXPECT_EQ(failure(few, write_twice), StorageProblem::unique);
  Transaction transaction(*connection_, Transaction::Mode::write);
  EXPECT_EQ(problem_of([&] {
              Savepoint step(*connection_);
              write_twice();
              step.keep();
            }),
            StorageProblem::unique);
  write_keys(1, few);
  transaction.commit();
  EXPECT_EQ(count("count(*) FROM t"), few);
}

TEST_P(LaterWrites, many_questions_are_answered_in_their_order) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  write_keys(0, many);
  std::vector<std::int64_t> found(2 * many, -1);
  connection_->query_many(
      "SELECT k FROM t WHERE k = :key", found.size(),
      [](std::size_t i, Statement& statement) { statement.bind(0, i); },
      [&](std::size_t i, Statement& row) { found[i] = row.int64_at(0); });
  for (int i = 0; i < 2 * many; ++i)
    EXPECT_EQ(found[static_cast<std::size_t>(i)], i < many ? i : -1);
}

TEST_P(LaterWrites, a_question_of_many_that_fails_says_why) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  const auto problem = problem_of([&] {
    connection_->query_many(
        "INSERT INTO u (k) VALUES (:key)", 10,
        [](std::size_t i, Statement& statement) { statement.bind(0, i % 7); },
        [](std::size_t, Statement&) {});
  });
  EXPECT_EQ(problem, StorageProblem::unique);
}

TEST_P(LaterWrites, many_numbers_are_found_among_few_and_among_many_others) {
  constexpr auto kind = app::NumberKind::customer;
  constexpr int wanted = 20'000;
  Transaction transaction(*connection_, Transaction::Mode::write);
  const auto claim = [&](int first, int count) {
    std::vector<app::NumberedThing> things;
    for (int i = first; i < first + count; ++i) things.push_back({i, -i, "C-" + std::to_string(i)});
    claim_numbers(*connection_, {5}, kind, things);
  };
  std::vector<std::string> texts;
  for (int i = 1; i <= wanted; ++i) texts.push_back("C" + std::to_string(2 * i));
  const std::vector<std::string_view> numbers(texts.begin(), texts.end());
  const auto expect_found = [&](int known) {
    const auto found = find_similar(*connection_, {5}, kind, numbers);
    for (int i = 1; i <= wanted; ++i) {
      const auto& things = found[static_cast<std::size_t>(i - 1)];
      ASSERT_EQ(things.size(), 2 * i <= known ? 1U : 0U) << i;
      if (things.empty()) continue;
      ASSERT_EQ(things[0].subject, 2 * i);
      ASSERT_EQ(things[0].owner, -2 * i);
      ASSERT_EQ(things[0].number, "C-" + std::to_string(2 * i));
    }
  };
  claim(1, 30'000);
  expect_found(30'000);
  claim(30'001, 120'000);
  expect_found(150'000);
}

TEST_P(LaterWrites, many_numbers_are_claimed_once_each) {
  constexpr auto kind = app::NumberKind::document;
  Transaction transaction(*connection_, Transaction::Mode::write);
  const auto claimed = [&](int first, int count, std::int64_t subject) {
    std::vector<app::NumberedThing> things;
    for (int i = first; i < first + count; ++i)
      things.push_back({subject + i, 1, "INV-" + std::to_string(i)});
    const auto free = claim_numbers(*connection_, {5}, kind, things);
    return std::count(free.begin(), free.end(), true);
  };
  EXPECT_EQ(claimed(0, many, 10'000), many);
  EXPECT_EQ(claimed(many - 100, many, 20'000), many - 100);
  EXPECT_EQ(claimed(0, few, 30'000), 0);
  const std::vector<app::NumberedThing> alike{{1, 1, "A-1"}, {2, 1, "A-1"}, {3, 1, "A1"}};
  EXPECT_EQ(claim_numbers(*connection_, {5}, kind, alike), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(claim_numbers(*connection_, {6}, kind, alike), (std::vector<bool>{true, false, true}));
  const std::vector<std::string_view> numbers{"a1", "INV-450", "absent"};
  const auto similar = find_similar(*connection_, {5}, kind, numbers);
  ASSERT_EQ(similar.size(), 3U);
  EXPECT_EQ(similar[0].size(), 2U);
  ASSERT_EQ(similar[1].size(), 1U);
  EXPECT_EQ(similar[1][0].subject, 10'450);
  EXPECT_TRUE(similar[2].empty());
}

class PostgresLaterWrites : public LaterWrites {};
ARREARS_ON_ENGINE(PostgresLaterWrites, postgresql);

TEST_P(PostgresLaterWrites, a_text_with_a_nul_is_refused_and_not_cut) {
  for (const int rows : {few, many}) {
    EXPECT_EQ(failure(rows, [&] { write(0, {}, std::string_view("a\0b", 3)); }),
              StorageProblem::check);
    EXPECT_EQ(failure(rows, [&] { write(0, {}, "\xC3"); }), StorageProblem::check);
  }
  EXPECT_EQ(count("count(*) FROM t"), 0);
}

TEST_P(PostgresLaterWrites, wait_while_a_part_is_locked) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  write(1);
  write(1);
  connection_->lock_parts(3, 3);
  EXPECT_EQ(problem_of([&] { transaction.commit(); }), StorageProblem::unique);
}

TEST_P(PostgresLaterWrites, over_a_lost_connection_are_lost_and_the_next_transaction_works) {
  const auto other = open_database(url_, OpenMode::existing);
  for (const int rows : {few, many}) {
    const auto problem = failure(rows, [&] {
      other->execute(
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
          "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    });
    EXPECT_EQ(problem, StorageProblem::lost);
    EXPECT_EQ(count("count(*) FROM t"), 0);
    EXPECT_EQ(failure(rows, [] {}), std::nullopt);
    connection_->execute("DELETE FROM t");
  }
}

}  // namespace
}  // namespace arrears::storage
