#include <fstream>

#include "adapters/storage/copy_site.h"
#include "adapters/storage/store.h"
#include "storage_fixture.h"

/// A site is copied from an SQLite file to a blank database of each engine, and back.
namespace arrears::storage {
namespace {

class Copy : public StorageTest {
 protected:
  /// The connection of the fixture is the site's; `to_` is where it goes.
  void SetUp() override {
    StorageTest::SetUp();
    if (IsSkipped()) return;
    to_ = url_;
    url_ = "sqlite:" + folder_ + "/site.db";
    connection_ = open_database(url_, OpenMode::create);
    check_key_file(*connection_, *keys_);
    party_keys_ = std::make_unique<PartyKeys>(*connection_, *keys_);
    fill();
  }

  void fill() {
    record_invoice(3, "INV-1", 100);
    record_invoice(700, "INV-Zürich", -9'000'000'000'000'000);
    make_checkpoint(*connection_, *keys_, ticked());
    const parties::PartyId party{ids_.next(3)};
    party_keys_->seal(party, "contact.sealed", "Jo Clerk");
    party_keys_->destroy(parties::PartyId{ids_.next(4)});
    const Bytes bytes{0, 1, 255, 10, 9, '\\'};
    connection_->execute(
        "INSERT INTO import_chunk (part, import_id, chunk_no, row_count, records) "
        "VALUES (3, 1, 0, 1, :bytes), (3, 1, 1, 0, :none)",
        bytes, Bytes{});
    connection_->execute(
        "INSERT INTO idempotency_key (part, client, idempotency_key, body_hash, answer, "
        "recorded_at) VALUES (3, 'anna/x', 'k', :hash, '', 5), (3, 'anna/x', 'K', :hash, '\\N', 6)",
        bytes);
    record_invoice(3, "INV-2", 300);  // waits for its seal
  }

  base::Result<CopyReport> copy(const std::string& from, const std::string& to,
                                std::function<void(std::string_view)> progress = {}) {
    CopyOptions options{from, to, folder_ + "/arrears.key", {}};
    if (progress) {
      options.progress = [progress](std::string_view what, std::int64_t, std::int64_t) {
        progress(what);
      };
    }
    return copy_site(options, ticked());
  }
  base::Result<CopyReport> copy(std::function<void(std::string_view)> progress = {}) {
    return copy(url_, to_, std::move(progress));
  }
  std::optional<StorageProblem> opening(const std::string& url, OpenMode mode) {
    return problem_of([&] { open_database(url, mode); });
  }
  /// Stops the copy by `act` at its first sign of progress.
  template <class Act>
  static std::function<void(std::string_view)> once(Act act) {
    return [act, done = false](std::string_view) mutable {
      if (!std::exchange(done, true)) act();
    };
  }

  std::string to_;
};

ARREARS_ON_EVERY_ENGINE(Copy);

/// Every value of every row, table by table, but for what belongs to the database itself.
std::string content_of(const std::string& url) {
  const auto connection = open_database(url, OpenMode::existing);
  auto tables = connection->table_names();
  std::sort(tables.begin(), tables.end());
  std::string text;
  for (const std::string& table : tables) {
    if (table == "lease" || table == "lock_row" || table == "schema_migration") continue;
    std::string names;
    std::string key;
    const auto columns = connection->columns(table);
    for (const TableColumn& column : columns) {
      names += (names.empty() ? "" : ", ") + column.name;
      if (column.key > 0) key += (key.empty() ? "" : ", ") + column.name;
    }
    text += table + " (" + names + ")\n";
    Query row = connection->query("SELECT " + names + " FROM " + table + " ORDER BY " + key);
    while (row.next()) {
      for (int at = 0; at < static_cast<int>(columns.size()); ++at) {
        const auto type = columns[static_cast<std::size_t>(at)].type;
        text += row.is_null(at)                ? "null"
                : type == Value::Kind::integer ? std::to_string(row.int64_at(at))
                : type == Value::Kind::text    ? "'" + std::string(row.text_at(at)) + "'"
                                               : to_hex(row.blob_at(at));
        text += " ";
      }
      text += "\n";
    }
  }
  return text;
}

TEST_P(Copy, has_every_row_as_it_is_and_comes_back_the_same) {
  const auto report = copy();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->entries, 3);
  const std::string content = content_of(url_);
  for (const char* one : {"INV-Zürich", "'\\N'", "0001ff0a095c", " -9000000000000000 "})
    EXPECT_NE(content.find(one), std::string::npos) << one;
  EXPECT_EQ(content_of(to_), content);
  const std::string back = "sqlite:" + folder_ + "/back.db";
  ASSERT_TRUE(copy(to_, back));
  EXPECT_EQ(content_of(back), content);
}

TEST_P(Copy, is_verified_against_what_was_recorded_last_and_goes_on_from_there) {
  ASSERT_TRUE(copy());
  connection_ = open_database(to_, OpenMode::existing);
  party_keys_ = std::make_unique<PartyKeys>(*connection_, *keys_);
  EXPECT_EQ(count("count(*) FROM journal_pending"), 0);
  const CheckpointFile before = exported();
  record_invoice(3, "INV-3", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  const Verification result = verified(before);
  EXPECT_TRUE(result.passed()) << all_text(result);
  EXPECT_EQ(result.entries, 4);
}

TEST_P(Copy, is_refused_where_the_target_holds_anything) {
  const auto target = open_database(to_, OpenMode::existing);
  target->execute("INSERT INTO import_chunk VALUES (3, 1, 0, 1, :bytes)", Bytes{});
  const auto refused = copy();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().operation, "copy");
  EXPECT_EQ(refused.error().code, "target_not_empty");
  EXPECT_EQ(
      refused.error().message,
      "The database " + without_password(to_) +
          " holds something already. "
          "Name a SQLite file that is not there yet, or a blank database made with `createdb`.");
  EXPECT_EQ(opening(to_, OpenMode::existing), std::nullopt);
  target->execute("DELETE FROM import_chunk");
  check_key_file(*target, KeyFile::create(folder_ + "/other.key", first_instant));  // by a question
  ASSERT_TRUE(copy());
  EXPECT_EQ(copy().error().code, "target_not_empty");
  EXPECT_EQ(copy(url_, url_).error().code, "target_not_empty");
}

TEST_P(Copy, that_is_interrupted_is_refused_until_it_is_made_again) {
  for (const char* stage : {"copying", "verifying"}) {
    struct Stopped {};
    EXPECT_THROW(static_cast<void>(copy([&](std::string_view what) {
                   if (what == stage) throw Stopped();
                 })),
                 Stopped);
    for (const OpenMode mode : {OpenMode::existing, OpenMode::create})
      EXPECT_EQ(opening(to_, mode), StorageProblem::unfinished) << stage;
    const std::string back = "sqlite:" + folder_ + "/back.db";
    EXPECT_EQ(problem_of([&] { static_cast<void>(copy(to_, back)); }), StorageProblem::unfinished);
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/back.db"));
  }
  ASSERT_TRUE(copy());
  EXPECT_EQ(content_of(to_), content_of(url_));
}

TEST_P(Copy, is_refused_when_the_site_was_changed_meanwhile) {
  const auto refused = copy(once([&] { record_invoice(5, "INV-4", 100); }));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "site_moved");
  EXPECT_EQ(refused.error().message, "The site " + url_ +
                                         " was changed while it was copied. "
                                         "Stop whatever writes to it and run the same line again.");
  const char* without_entry[] = {"UPDATE party_key SET wrapped_key = x''",
                                 "INSERT INTO import_chunk VALUES (3, 1, 2, 0, x'')",
                                 "DELETE FROM import_chunk"};
  for (const char* change : without_entry) {
    const auto moved = copy(once([&] { connection_->execute(change); }));
    ASSERT_FALSE(moved) << change;
    EXPECT_EQ(moved.error().code, "site_moved");
  }
  EXPECT_EQ(opening(to_, OpenMode::existing), StorageProblem::unfinished);
  ASSERT_TRUE(copy());
  EXPECT_EQ(content_of(to_), content_of(url_));
}

TEST_P(Copy, of_a_damaged_site_is_refused) {
  connection_->execute("UPDATE document SET amount_minor = 101 WHERE number = 'INV-1'");
  const auto refused = copy();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "copy_not_verified");
  const std::string advice =
      "Run `arrears journal verify` on the site; if it fails there too, restore its backup.";
  EXPECT_TRUE(refused.error().message.ends_with(advice)) << refused.error().message;
  EXPECT_NE(refused.error().message.find("INV-1"), std::string::npos) << refused.error().message;
  EXPECT_EQ(opening(to_, OpenMode::existing), StorageProblem::unfinished);
}

TEST_P(Copy, into_which_another_was_begun_is_not_finished) {
  const auto begin_another = once([&] {
    const auto target = on_postgres() ? open_postgres(to_) : open_sqlite(file());
    target->execute("UPDATE site SET value = 'another' WHERE name = 'unfinished_copy'");
  });
  EXPECT_EQ(problem_of([&] {
              static_cast<void>(copy([&](std::string_view what) {
                if (what == "verifying") begin_another(what);
              }));
            }),
            StorageProblem::busy);
  EXPECT_EQ(opening(to_, OpenMode::existing), StorageProblem::unfinished);
}

TEST_P(Copy, with_another_key_file_touches_nothing) {
  std::filesystem::rename(folder_ + "/arrears.key", folder_ + "/own.key");
  KeyFile::create(folder_ + "/arrears.key", first_instant);
  EXPECT_EQ(problem_of([&] { static_cast<void>(copy()); }), StorageProblem::key_file);
  const std::string back = "sqlite:" + folder_ + "/back.db";
  EXPECT_EQ(problem_of([&] { static_cast<void>(copy(url_, back)); }), StorageProblem::key_file);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/back.db"));
}

TEST_P(Copy, names_the_database_that_failed) {
  const auto said = [&](const std::string& from, const std::string& to) {
    try {
      static_cast<void>(copy(from, to));
    } catch (const StorageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string absent = "sqlite:" + folder_ + "/absent.db";
  EXPECT_TRUE(said(absent, to_).ends_with("[" + absent + "]")) << said(absent, to_);
  const std::string nowhere = "sqlite:" + folder_ + "/no/where.db";
  EXPECT_TRUE(said(url_, nowhere).ends_with("[" + nowhere + "]")) << said(url_, nowhere);
  if (!on_postgres()) return;
  const auto cut = once([&] {
    open_postgres(PostgresServer::get().url("postgres"))
        ->execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname LIKE "
            "'t%' AND pid <> pg_backend_pid()");
  });
  try {
    static_cast<void>(copy(cut));
    ADD_FAILURE() << "was not noticed";
  } catch (const StorageError& error) {
    EXPECT_EQ(error.problem, StorageProblem::lost);
    EXPECT_TRUE(std::string(error.what()).ends_with("[" + without_password(to_) + "]"))
        << error.what();
  }
  EXPECT_EQ(opening(to_, OpenMode::existing), StorageProblem::unfinished);
  ASSERT_TRUE(copy());
}

}  // namespace
}  // namespace arrears::storage
