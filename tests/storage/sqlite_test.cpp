#include <fstream>

#include "adapters/storage/db.h"
#include "adapters/storage/migrations.h"
#include "storage_fixture.h"

namespace arrears::storage {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Sqlite : public StorageTest {};

ARREARS_ON_ENGINE(Sqlite, sqlite);

TEST_P(Sqlite, a_second_writer_is_told_that_the_first_is_busy) {
  const auto other = open_database("sqlite:" + file(), OpenMode::existing);
  other->execute_script("PRAGMA busy_timeout = 0");
  Transaction first(*connection_, Transaction::Mode::write);
  EXPECT_EQ(problem_of([&] { Transaction second(*other, Transaction::Mode::write); }),
            StorageProblem::busy);
}

TEST_P(Sqlite, a_full_disk_leaves_the_state_of_before) {
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
  std::optional<StorageProblem> opening(OpenMode mode = OpenMode::existing) {
    return problem_of([&] { open_database("sqlite:" + file(), mode); });
  }
  bool has_files_beside() {
    return std::filesystem::exists(file() + "-wal") || std::filesystem::exists(file() + "-shm");
  }
};

ARREARS_ON_ENGINE(Opening, sqlite);

TEST_P(Opening, a_missing_database_is_made_on_request_only) {
  EXPECT_EQ(opening(), StorageProblem::absent);
  EXPECT_FALSE(std::filesystem::exists(file()));
  open_database("sqlite:" + file(), OpenMode::create);
  open_database("sqlite:" + file(), OpenMode::existing);
}

TEST_P(Opening, an_empty_file_becomes_a_database_on_request_only) {
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

TEST_P(Opening, a_url_of_another_kind_is_refused) {
  EXPECT_THROW(open_database("mysql:x", OpenMode::create), StorageError);
  EXPECT_THROW(open_database("sqlite:", OpenMode::create), StorageError);
}

TEST_P(Opening, a_newer_database_is_left_untouched_byte_for_byte) {
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

TEST_P(Opening, a_newer_database_that_is_in_use_is_left_untouched) {
  const auto connection = open_database("sqlite:" + file(), OpenMode::create);
  connection->execute("INSERT INTO schema_migration (version, name) VALUES (9999, 'later')");
  const std::string before = content_of(file());
  const std::string log_before = content_of(file() + "-wal");
  EXPECT_EQ(opening(), StorageProblem::newer_database);
  EXPECT_EQ(content_of(file()), before);
  EXPECT_EQ(content_of(file() + "-wal"), log_before);
}

TEST_P(Opening, a_database_of_another_program_is_left_untouched) {
  open_sqlite(file())->execute_script("CREATE TABLE recipe (name TEXT)");
  const std::string before = content_of(file());
  EXPECT_EQ(opening(OpenMode::create), StorageProblem::not_arrears);
  EXPECT_EQ(content_of(file()), before);
}

TEST_P(Opening, a_file_that_is_no_database_is_left_untouched) {
  std::ofstream(file()) << "customer;number;amount\n";
  EXPECT_EQ(opening(OpenMode::create), StorageProblem::corrupt);
  EXPECT_EQ(content_of(file()), "customer;number;amount\n");
  EXPECT_EQ(problem_of([&] { open_database("sqlite:" + folder_, OpenMode::create); }),
            StorageProblem::not_arrears);
}

TEST_P(Opening, migrations_are_applied_once_each) {
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

TEST_P(Opening, a_migration_that_fails_leaves_nothing) {
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
