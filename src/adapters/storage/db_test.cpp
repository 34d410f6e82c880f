#include "adapters/storage/db.h"

#include <fstream>

#include "adapters/storage/migrations.h"
#include "adapters/storage/sql_text.h"
#include "adapters/storage/storage_fixture.h"

namespace arrears::storage {
namespace {

StorageProblem problem_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const StorageError& error) {
    return error.problem;
  }
  return StorageProblem::other;
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SqlTexts, names_become_numbers_outside_of_text_and_comments) {
  struct Case {
    const char* label;
    const char* sql;
    const char* expected;
    std::size_t names;
  };
  const Case cases[] = {
      {"two names", "a = :a AND b = :b_2", "a = $1 AND b = $2", 2},
      {"the same name twice", ":a, :b, :a", "$1, $2, $1", 2},
      {"in text", "':a' || :b", "':a' || $1", 1},
      {"in text with a doubled quote", "'it''s :a', :b", "'it''s :a', $1", 1},
      {"in a quoted name", "\":a\" = :b", "\":a\" = $1", 1},
      {"in a comment", ":a -- :b\n, :c", "$1 -- :b\n, $2", 2},
      {"in a block comment", "/* :a */ :b", "/* :a */ $1", 1},
      {"a cast", "x::text = :a", "x::text = $1", 1},
      {"open text", "':a", "':a", 0},
      {"a lone colon", ": 1:", ": 1:", 0},
  };
  for (const Case& c : cases) {
    const SqlText numbered = number_parameters(c.sql, '$');
    EXPECT_EQ(numbered.text, c.expected) << c.label;
    EXPECT_EQ(numbered.names.size(), c.names) << c.label;
  }
}

class Database : public StorageTest {};

TEST_F(Database, values_come_back_as_they_went_in) {
  connection_->execute_script("CREATE TABLE t (i INTEGER, s TEXT, b BLOB) STRICT");
  const Bytes bytes{0, 1, 255};
  connection_->execute("INSERT INTO t (i, s, b) VALUES (:i, :s, :b)", 9007199254740993,
                       "zw\xC3\xB6lf", bytes);
  connection_->execute("INSERT INTO t (i, s, b) VALUES (:i, :s, :b)", std::nullopt,
                       std::string_view(), Bytes{});
  Query rows = connection_->query("SELECT i, s, b FROM t ORDER BY i DESC");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.int64_at(0), 9007199254740993);
  EXPECT_EQ(rows.text_at(1), "zw\xC3\xB6lf");
  EXPECT_EQ(rows.bytes_at(2), bytes);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.optional_int64_at(0), std::nullopt);
  EXPECT_FALSE(rows.is_null(1));
  EXPECT_FALSE(rows.is_null(2));
  EXPECT_FALSE(rows.next());
}

TEST_F(Database, a_text_may_run_inside_its_own_loop) {
  connection_->execute_script("CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (1), (2)");
  int pairs = 0;
  Query outer = connection_->query("SELECT i FROM t");
  while (outer.next()) {
    Query inner = connection_->query("SELECT i FROM t");
    while (inner.next()) ++pairs;
  }
  EXPECT_EQ(pairs, 4);
}

TEST_F(Database, failures_have_kinds) {
  connection_->execute_script(
      "CREATE TABLE p (i INTEGER PRIMARY KEY) STRICT;"
      "CREATE TABLE t (i INTEGER PRIMARY KEY, u INTEGER UNIQUE, n INTEGER NOT NULL, "
      "c INTEGER CHECK (c > 0), p INTEGER REFERENCES p (i)) STRICT;"
      "INSERT INTO t VALUES (1, 1, 1, 1, NULL)");
  const auto insert = [&](const char* values) {
    return problem_of([&] { connection_->execute("INSERT INTO t VALUES " + std::string(values)); });
  };
  EXPECT_EQ(insert("(1, 2, 1, 1, NULL)"), StorageProblem::unique);
  EXPECT_EQ(insert("(2, 1, 1, 1, NULL)"), StorageProblem::unique);
  EXPECT_EQ(insert("(2, 2, NULL, 1, NULL)"), StorageProblem::not_null);
  EXPECT_EQ(insert("(2, 2, 1, 0, NULL)"), StorageProblem::check);
  EXPECT_EQ(insert("(2, 'x', 1, 1, NULL)"), StorageProblem::check);
  EXPECT_EQ(insert("(2, 2, 1, 1, 5)"), StorageProblem::foreign_key);
}

TEST_F(Database, a_dropped_transaction_leaves_nothing) {
  {
    Transaction transaction(*connection_, Transaction::Mode::write);
    record_invoice_in(3, "INV-1", 100);
  }
  EXPECT_EQ(count("count(*) FROM document"), 0);
  EXPECT_EQ(count("count(*) FROM journal"), 0);
}

TEST_F(Database, a_savepoint_undoes_its_own_part_only) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  record_invoice_in(3, "INV-1", 100);
  {
    Savepoint step(*connection_);
    record_invoice_in(3, "INV-2", 100);
  }
  {
    Savepoint step(*connection_);
    record_invoice_in(3, "INV-3", 100);
    step.keep();
  }
  transaction.commit();
  EXPECT_EQ(count("count(*) FROM document"), 2);
  EXPECT_TRUE(verified().passed());
}

TEST_F(Database, a_reader_keeps_its_snapshot_while_another_writes) {
  const auto reader = open_database("sqlite:" + file(), OpenMode::existing);
  Transaction snapshot(*reader, Transaction::Mode::read);
  const auto documents = [&] {
    Query row = reader->query("SELECT count(*) FROM document");
    row.next();
    return row.int64_at(0);
  };
  EXPECT_EQ(documents(), 0);
  record_invoice(3, "INV-1", 100);
  EXPECT_EQ(documents(), 0);
}

TEST_F(Database, a_second_writer_is_told_that_the_first_is_busy) {
  const auto other = open_database("sqlite:" + file(), OpenMode::existing);
  other->execute_script("PRAGMA busy_timeout = 0");
  Transaction first(*connection_, Transaction::Mode::write);
  EXPECT_EQ(problem_of([&] { Transaction second(*other, Transaction::Mode::write); }),
            StorageProblem::busy);
}

TEST_F(Database, a_full_disk_leaves_the_state_of_before) {
  record_invoice(3, "INV-1", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  connection_->execute_script("PRAGMA max_page_count = " +
                              std::to_string(count("page_count FROM pragma_page_count()")));
  const auto fill = [&] {
    Transaction transaction(*connection_, Transaction::Mode::write);
    for (int i = 0; i < 5000; ++i) record_invoice_in(3, "INV-X" + std::to_string(i), 100);
    transaction.commit();
  };
  EXPECT_EQ(problem_of(fill), StorageProblem::full);
  EXPECT_EQ(count("count(*) FROM document"), 1);
  EXPECT_TRUE(verified().passed()) << all_text(verified());
  connection_->execute_script("PRAGMA max_page_count = 1000000");
  record_invoice(3, "INV-2", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  EXPECT_TRUE(verified().passed());
}

class Opening : public StorageTest {
 protected:
  void SetUp() override {}
  StorageProblem opening(OpenMode mode = OpenMode::existing) {
    return problem_of([&] { open_database("sqlite:" + file(), mode); });
  }
  bool has_files_beside() {
    return std::filesystem::exists(file() + "-wal") || std::filesystem::exists(file() + "-shm");
  }
};

TEST_F(Opening, a_missing_database_is_made_on_request_only) {
  EXPECT_EQ(opening(), StorageProblem::absent);
  EXPECT_FALSE(std::filesystem::exists(file()));
  open_database("sqlite:" + file(), OpenMode::create);
  open_database("sqlite:" + file(), OpenMode::existing);
}

TEST_F(Opening, an_empty_file_becomes_a_database_on_request_only) {
  std::ofstream(file()).flush();
  EXPECT_EQ(opening(), StorageProblem::absent);
  EXPECT_EQ(content_of(file()), "");
  open_sqlite(file());  // blank: in write-ahead mode and without tables, as after a killed init
  const std::string blank = content_of(file());
  EXPECT_NE(blank, "");
  EXPECT_EQ(opening(), StorageProblem::absent);
  EXPECT_EQ(content_of(file()), blank);
  open_database("sqlite:" + file(), OpenMode::create);
  open_database("sqlite:" + file(), OpenMode::existing);
}

TEST_F(Opening, a_url_of_another_kind_is_refused) {
  EXPECT_THROW(open_database("mysql:x", OpenMode::create), StorageError);
  EXPECT_THROW(open_database("sqlite:", OpenMode::create), StorageError);
}

TEST_F(Opening, a_newer_database_is_left_untouched_byte_for_byte) {
  {
    const auto connection = open_database("sqlite:" + file(), OpenMode::create);
    connection->execute("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')");
  }
  const std::string before = content_of(file());
  ASSERT_FALSE(has_files_beside());
  EXPECT_EQ(opening(), StorageProblem::newer_database);
  EXPECT_EQ(opening(OpenMode::create), StorageProblem::newer_database);
  EXPECT_EQ(content_of(file()), before);
  EXPECT_FALSE(has_files_beside());
}

TEST_F(Opening, a_newer_database_that_is_in_use_is_left_untouched) {
  const auto connection = open_database("sqlite:" + file(), OpenMode::create);
  connection->execute("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')");
  const std::string before = content_of(file());
  const std::string log_before = content_of(file() + "-wal");
  EXPECT_EQ(opening(), StorageProblem::newer_database);
  EXPECT_EQ(content_of(file()), before);
  EXPECT_EQ(content_of(file() + "-wal"), log_before);
}

TEST_F(Opening, a_database_of_another_program_is_left_untouched) {
  open_sqlite(file())->execute_script("CREATE TABLE recipe (name TEXT)");
  const std::string before = content_of(file());
  EXPECT_EQ(opening(OpenMode::create), StorageProblem::not_arrears);
  EXPECT_EQ(content_of(file()), before);
}

TEST_F(Opening, a_file_that_is_no_database_is_left_untouched) {
  std::ofstream(file()) << "customer;number;amount\n";
  EXPECT_EQ(opening(OpenMode::create), StorageProblem::corrupt);
  EXPECT_EQ(content_of(file()), "customer;number;amount\n");
  EXPECT_EQ(problem_of([&] { open_database("sqlite:" + folder_, OpenMode::create); }),
            StorageProblem::not_arrears);
}

TEST_F(Opening, migrations_are_applied_once_each) {
  std::vector<Migration> known = embedded_migrations();
  const auto connection = open_database("sqlite:" + file(), OpenMode::create);
  EXPECT_EQ(inspect(*connection, known), DatabaseState::current);
  known.push_back(
      {static_cast<std::int64_t>(known.size()) + 1, "extra", "CREATE TABLE extra (i {i64})"});
  EXPECT_EQ(inspect(*connection, known), DatabaseState::older);
  migrate(*connection, known);
  migrate(*connection, known);
  EXPECT_EQ(inspect(*connection, known), DatabaseState::current);
}

TEST_F(Opening, a_migration_that_fails_leaves_nothing) {
  std::vector<Migration> known = embedded_migrations();
  const auto connection = open_database("sqlite:" + file(), OpenMode::create);
  known.push_back({static_cast<std::int64_t>(known.size()) + 1, "bad",
                   "CREATE TABLE extra (i {i64}); CREATE TABLE extra (i {i64})"});
  EXPECT_THROW(migrate(*connection, known), StorageError);
  EXPECT_EQ(inspect(*connection, known), DatabaseState::older);
  EXPECT_THROW(connection->query("SELECT 1 FROM extra"), StorageError);
}

}  // namespace
}  // namespace arrears::storage
