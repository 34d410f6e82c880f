#include "adapters/storage/db.h"
#include "storage_fixture.h"

namespace arrears::storage {
namespace {

class Database : public StorageTest {
 protected:
  void make_table(std::string_view sql) { connection_->execute_script(connection_->dialect(sql)); }
};

ARREARS_ON_EVERY_ENGINE(Database);

TEST_P(Database, values_come_back_as_they_went_in) {
  make_table("CREATE TABLE t (k {i64}, i {i64}, s TEXT, b {blob}, PRIMARY KEY (k)) {clustered}");
  const Bytes bytes{0, 1, 255};
  connection_->execute("INSERT INTO t (k, i, s, b) VALUES (1, :i, :s, :b)", 9007199254740993,
                       "zw\xC3\xB6lf", bytes);
  connection_->execute("INSERT INTO t (k, i, s, b) VALUES (-2, :i, :s, :b)", std::nullopt,
                       std::string_view(), Bytes{});
  Query rows = connection_->query("SELECT i, s, b, k FROM t ORDER BY k DESC");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.int64_at(0), 9007199254740993);
  EXPECT_EQ(rows.text_at(1), "zw\xC3\xB6lf");
  EXPECT_EQ(rows.bytes_at(2), bytes);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.optional_int64_at(0), std::nullopt);
  EXPECT_FALSE(rows.is_null(1));
  EXPECT_FALSE(rows.is_null(2));
  EXPECT_EQ(rows.int64_at(3), -2);
  EXPECT_FALSE(rows.next());
}

TEST_P(Database, a_text_may_run_inside_its_own_loop) {
  make_table(
      "CREATE TABLE t (i {i64}, PRIMARY KEY (i)) {clustered}; INSERT INTO t VALUES (1), (2)");
  int pairs = 0;
  Query outer = connection_->query("SELECT i FROM t");
  while (outer.next()) {
    Query inner = connection_->query("SELECT i FROM t");
    while (inner.next()) ++pairs;
  }
  EXPECT_EQ(pairs, 4);
}

TEST_P(Database, a_long_answer_of_all_parts_comes_whole) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  connection_->execute(
      "INSERT INTO journal_pending (part, entry_id) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
      "SELECT i + 1 FROM n WHERE i < 20000) SELECT 5, i FROM n");
  for (const int least : {1, 10'001, 19'999, 20'001}) {
    std::int64_t expected = least;
    Query rows = connection_->query(
        "SELECT entry_id FROM journal_pending WHERE entry_id >= :least ORDER BY entry_id -- wide",
        least);
    while (rows.next()) {
      EXPECT_EQ(rows.int64_at(0), expected++);
      if (expected % 5'000 == 0) {
        EXPECT_EQ(count("1"), 1);  // another statement in between
      }
    }
    EXPECT_EQ(expected, 20'001);
  }
}

TEST_P(Database, failures_have_kinds) {
  make_table(
      "CREATE TABLE p (i {i64} PRIMARY KEY) {clustered};"
      "CREATE TABLE t (i {i64} PRIMARY KEY, u {i64} UNIQUE, n {i64} NOT NULL, "
      "c {i64} CHECK (c > 0), p {i64} REFERENCES p (i)) {clustered};"
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

TEST_P(Database, a_dropped_transaction_leaves_nothing) {
  {
    Transaction transaction(*connection_, Transaction::Mode::write);
    record_invoice_in(3, "INV-1", 100);
  }
  EXPECT_EQ(count("count(*) FROM document"), 0);
  EXPECT_EQ(count("count(*) FROM journal"), 0);
}

TEST_P(Database, a_savepoint_undoes_its_own_part_only) {
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

TEST_P(Database, a_reader_keeps_its_snapshot_while_another_writes) {
  const auto reader = open_database(url_, OpenMode::existing);
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

}  // namespace
}  // namespace arrears::storage
