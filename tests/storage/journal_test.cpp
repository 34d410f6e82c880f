#include "adapters/storage/journal.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <thread>

#include "adapters/storage/idempotency.h"
#include "storage_fixture.h"

namespace arrears::storage {
namespace {

class Journal : public StorageTest {
 protected:
  std::string seal_text(parties::PartyId party, const std::string& text) {
    const Bytes sealed = party_keys_->seal(party, "test.text", text);
    return {sealed.begin(), sealed.end()};
  }
  std::optional<std::string> open_text(parties::PartyId party, const std::string& sealed) {
    return PartyKeys(*connection_, *keys_)
        .open(party, "test.text",
              ByteView(reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size()));
  }
  /// Runs `act` in another process that ends at once afterwards, as by kill -9.
  template <class Act>
  void in_dying_process(const Act& act) {
    connection_.reset();
    const pid_t child = fork();
    if (child == 0) {
      connection_ = open_database(url_, OpenMode::existing);
      party_keys_ = std::make_unique<PartyKeys>(*connection_, *keys_);
      act();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
    connection_ = open_database(url_, OpenMode::existing);
    party_keys_ = std::make_unique<PartyKeys>(*connection_, *keys_);
  }
};

ARREARS_ON_EVERY_ENGINE(Journal);

TEST_P(Journal, descriptors_of_fact_tables_agree_with_the_schema) {
  std::map<std::string, std::string> described;
  for (const FactTable* table : facts::all()) {
    std::string& text = described[std::string(table->name)];
    int key = 0;
    for (const FactColumn& column : table->columns) {
      const char* type = column.type == Value::Kind::integer ? "INTEGER"
                         : column.type == Value::Kind::text  ? "TEXT"
                                                             : "BLOB";
      ++key;
      text += std::string(column.name) + " " + type + (column.nullable ? "" : " NOT NULL") +
              (key <= table->key_columns ? " key " + std::to_string(key) : "") + ", ";
    }
    EXPECT_EQ(table->columns[static_cast<std::size_t>(table->entry_column())].name, "entry_id");
    EXPECT_EQ(table->columns[0].name, "part");
  }
  std::map<std::string, std::string> real;
  Query rows = connection_->query(
      on_postgres()
          ? "SELECT c.table_name, c.column_name, CASE c.data_type WHEN 'bigint' THEN 'INTEGER' "
            "WHEN 'bytea' THEN 'BLOB' ELSE 'TEXT' END, c.is_nullable = 'NO', "
            "coalesce(k.ordinal_position, 0) FROM information_schema.columns c "
            "LEFT JOIN information_schema.key_column_usage k USING (table_schema, table_name, "
            "column_name) WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'journal%' "
            "AND EXISTS (SELECT 1 FROM information_schema.columns e WHERE e.table_name = "
            "c.table_name AND e.column_name = 'entry_id') ORDER BY 1, c.ordinal_position"
          : "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk FROM pragma_table_list t, "
            "pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.name NOT LIKE 'journal%' "
            "AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) e WHERE e.name = 'entry_id') "
            "ORDER BY t.name, c.cid");
  while (rows.next()) {
    real[std::string(rows.text_at(0))] +=
        std::string(rows.text_at(1)) + " " + std::string(rows.text_at(2)) +
        (rows.int64_at(3) != 0 ? " NOT NULL" : "") +
        (rows.int64_at(4) > 0 ? " key " + std::to_string(rows.int64_at(4)) : "") + ", ";
  }
  EXPECT_EQ(described, real);
}

TEST_P(Journal, every_key_of_an_owned_table_begins_with_the_part) {
  Query rows = connection_->query(
      on_postgres()
          ? "SELECT table_name, column_name FROM information_schema.key_column_usage WHERE "
            "table_schema = 'public' AND ordinal_position = 1 AND "
            "table_name NOT IN ('site', 'schema_migration')"
          : "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c "
            "WHERE t.schema = 'main' AND c.pk = 1 AND t.name NOT LIKE 'sqlite%' AND "
            "t.name NOT IN ('site', 'schema_migration')");
  int tables = 0;
  while (rows.next()) {
    ++tables;
    EXPECT_EQ(rows.text_at(1), "part") << rows.text_at(0);
  }
  EXPECT_GT(tables, 30);
}

TEST_P(Journal, a_column_added_later_leaves_the_hashes_of_older_rows_alone) {
  std::vector<FactColumn> longer(facts::rate.columns.begin(), facts::rate.columns.end());
  longer.push_back({"source", Value::Kind::text, true});
  const FactTable later{"rate", longer, facts::rate.key_columns};
  const Value now[] = {0, "EUR", "USD", 1, 1, 5};
  const Value then[] = {0, "EUR", "USD", 1, 1, 5, {}};
  EXPECT_EQ(leaf_hash(facts::rate, now), leaf_hash(later, then));
}

TEST_P(Journal, entries_of_a_command_are_counted_and_share_its_id) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  CommandJournal command(*connection_, ids_, *party_keys_);
  const auto first = command.open(1, EntryKind::allocated);
  command.open(2, EntryKind::allocated);
  command.write("anna", tick());
  transaction.commit();
  EXPECT_EQ(count("count(*) FROM journal WHERE command_entries = 2 AND command_id = " +
                  std::to_string(command.entry_id(first))),
            2);
}

TEST_P(Journal, rows_are_listed_by_table_and_key_in_whatever_order_they_came) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  CommandJournal command(*connection_, ids_, *party_keys_);
  const auto entry = command.open(1, EntryKind::rate_recorded);
  for (const int day : {300, -5, 2}) {
    command.insert(entry, facts::rate, {1, "EUR", "USD", day, 1, 5});
    command.insert(entry, facts::rate, {1, "EU", "R", day, 1, 5});
    command.insert(entry, facts::delay_reason, {1, "r" + std::to_string(day), 1, "label", {}});
  }
  command.write("anna", tick());
  transaction.commit();
  make_checkpoint(*connection_, *keys_, ticked());
  const Verification result = verified();
  EXPECT_TRUE(result.passed()) << all_text(result);
  EXPECT_EQ(result.rows, 9);
}

TEST_P(Journal, a_value_of_the_wrong_type_is_a_mistake) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  CommandJournal command(*connection_, ids_, *party_keys_);
  const auto entry = command.open(1, EntryKind::rate_recorded);
  EXPECT_THROW(command.insert(entry, facts::rate, {1, "EUR", "USD", 1, 1, "5"}), base::Mistake);
  EXPECT_THROW(command.insert(entry, facts::rate, {1, "EUR", "USD", 1, 1, {}}), base::Mistake);
  EXPECT_THROW(command.insert(entry, facts::rate, {1, "EUR", "USD", 1, 1}), base::Mistake);
  EXPECT_THROW(command.insert(entry, facts::rate, {2, "EUR", "USD", 1, 1, 5}), base::Mistake);
}

TEST_P(Journal, a_checkpoint_is_made_only_when_something_moved) {
  EXPECT_EQ(make_checkpoint(*connection_, *keys_, ticked()), 1);
  EXPECT_EQ(make_checkpoint(*connection_, *keys_, ticked()), 1);
  record_invoice(3, "INV-1", 100);
  EXPECT_EQ(make_checkpoint(*connection_, *keys_, ticked()), 2);
  EXPECT_EQ(make_checkpoint(*connection_, *keys_, ticked()), 2);
  EXPECT_TRUE(verified(exported()).passed());
}

TEST_P(Journal, an_answer_as_known_then_never_changes) {
  const auto before_all = tick();
  const std::int64_t first = record_invoice(3, "INV-1", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  const auto after_first = clock_.now();
  const std::int64_t second = record_invoice(3, "INV-2", 100);
  EXPECT_TRUE(KnownAtView().visible(3, second));
  // Recorded, but in no checkpoint yet: not known, also at a later instant.
  EXPECT_FALSE(KnownAtView(*connection_, tick()).visible(3, second));
  make_checkpoint(*connection_, *keys_, ticked());
  EXPECT_TRUE(KnownAtView(*connection_, clock_.now()).visible(3, second));
  const KnownAtView then(*connection_, after_first);
  EXPECT_TRUE(then.visible(3, first));
  EXPECT_FALSE(then.visible(3, second));
  const KnownAtView just_before(*connection_, {after_first.micros - 1});
  EXPECT_FALSE(just_before.visible(3, first));
  EXPECT_FALSE(KnownAtView(*connection_, before_all).visible(3, first));
}

TEST_P(Journal, checkpoints_are_found_by_instant_among_many) {
  std::vector<base::Instant> instants;
  for (int i = 0; i < 9; ++i) {
    record_invoice(3, "INV-" + std::to_string(i), 100);
    make_checkpoint(*connection_, *keys_, ticked());
    instants.push_back(clock_.now());
  }
  for (int i = 0; i < 9; ++i) {
    const auto at = instants[static_cast<std::size_t>(i)];
    EXPECT_EQ(checkpoint_at(*connection_, at)->number, i + 1);
    const auto before = checkpoint_at(*connection_, {at.micros - 1});
    EXPECT_EQ(before ? before->number : 0, i);
  }
}

TEST_P(Journal, ids_and_checkpoints_rise_when_the_clock_steps_back) {
  const std::int64_t first = record_invoice(3, "INV-1", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  const auto last = last_checkpoint(*connection_)->at;
  clock_.set({first_instant.micros - 3'600'000'000});
  base::IdSource later_process(clock_, 0);
  rise_above_marks(later_process, connection_->lock_parts(3, 3));
  const std::int64_t second = later_process.next(3);
  record_invoice(3, "INV-2", 100);
  EXPECT_GT(second, first);
  make_checkpoint(*connection_, *keys_, ticked());
  EXPECT_EQ(last_checkpoint(*connection_)->at.micros, last.micros + 1);
  EXPECT_TRUE(verified().passed()) << all_text(verified());
}

TEST_P(Journal, what_was_committed_before_a_crash_is_sealed_by_the_next_checkpoint) {
  in_dying_process([&] { record_invoice(3, "INV-1", 100); });
  Verification result = verified();
  EXPECT_TRUE(result.passed()) << all_text(result);
  EXPECT_EQ(result.pending_entries, 1);
  make_checkpoint(*connection_, *keys_, ticked());
  result = verified();
  EXPECT_TRUE(result.passed()) << all_text(result);
  EXPECT_EQ(result.pending_entries, 0);
}

TEST_P(Journal, what_was_not_committed_before_a_crash_is_gone) {
  in_dying_process([&] {
    new Transaction(*connection_, Transaction::Mode::write);  // NOLINT: never ended
    record_invoice_in(3, "INV-1", 100);
  });
  EXPECT_EQ(count("count(*) FROM document"), 0);
  EXPECT_TRUE(verified().passed());
}

TEST_P(Journal, two_writers_and_a_sealer_at_once_lose_nothing) {
  const auto write = [&](base::Part part, int node) {
    const auto connection = open_database(url_, OpenMode::existing);
    PartyKeys keys(*connection, *keys_);
    const base::FixedClock clock(first_instant);
    for (int i = 0; i < 15; ++i) {
      base::IdSource ids(clock, node);
      Transaction transaction(*connection, Transaction::Mode::write);
      rise_above_marks(ids, connection->lock_parts(part, part));
      CommandJournal command(*connection, ids, keys);
      const auto entry = command.open(part, EntryKind::rate_recorded);
      command.insert(entry, facts::rate, {part, "EUR", "USD", i * 10 + node, 1, 5});
      command.write("anna", clock.now());
      transaction.commit();
      if (i % 5 == 0) make_checkpoint(*connection, *keys_, clock);
    }
  };
  std::thread first([&] { write(5, 1); });
  std::thread second([&] { write(5, 2); });
  first.join();
  second.join();
  make_checkpoint(*connection_, *keys_, ticked());
  EXPECT_EQ(count("count(*) FROM journal"), 30);
  EXPECT_EQ(count("max(seq) FROM journal_seal"), 30);
  EXPECT_TRUE(verified().passed()) << all_text(verified());
}

TEST_P(Journal, an_erased_party_reads_as_erased_and_everything_still_verifies) {
  const parties::PartyId party{ids_.next(3)};
  Transaction transaction(*connection_, Transaction::Mode::write);
  CommandJournal command(*connection_, ids_, *party_keys_);
  const auto entry = command.open(3, EntryKind::call_logged);
  command.set_private_payload(entry, party, "{\"notes\":\"on holiday\"}");
  command.write("anna", tick());
  transaction.commit();
  const CheckpointFile file = exported();
  EXPECT_EQ(read_tail(*connection_, *party_keys_, 5).back().private_payload,
            "{\"notes\":\"on holiday\"}");
  party_keys_->destroy(party);
  const TailEntry last = read_tail(*connection_, *party_keys_, 5).back();
  EXPECT_TRUE(last.erased);
  EXPECT_EQ(last.private_payload, "");
  EXPECT_TRUE(verified(file).passed());
  EXPECT_THROW(party_keys_->seal(party, "test.text", "new"), StorageError);
}

TEST_P(Journal, sealed_text_opens_at_its_own_place_only) {
  const parties::PartyId party{ids_.next(3)};
  const parties::PartyId other{ids_.next(3)};
  std::string sealed = seal_text(party, "Anna Schmidt");
  EXPECT_EQ(sealed.find("Anna"), std::string::npos);
  EXPECT_NE(sealed, seal_text(party, "Anna Schmidt"));
  EXPECT_EQ(open_text(party, sealed), "Anna Schmidt");
  seal_text(other, "x");
  EXPECT_THROW(open_text(other, sealed), StorageError);
  const ByteView view(reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size());
  EXPECT_THROW(party_keys_->open(party, "elsewhere", view), StorageError);
  sealed[30] = static_cast<char>(sealed[30] ^ 1);
  EXPECT_THROW(open_text(party, sealed), StorageError);
}

TEST_P(Journal, another_key_file_is_refused) {
  const parties::PartyId party{ids_.next(3)};
  const std::string sealed = seal_text(party, "Anna Schmidt");
  make_checkpoint(*connection_, *keys_, ticked());
  const KeyFile other = KeyFile::create(folder_ + "/other.key", tick());
  EXPECT_THROW(make_checkpoint(*connection_, other, ticked()), StorageError);
  PartyKeys keys(*connection_, other);
  EXPECT_THROW(keys.open(party, "test.text", Bytes(sealed.begin(), sealed.end())), StorageError);
}

TEST_P(Journal, a_key_file_is_private_and_never_overwritten) {
  const std::string path = folder_ + "/arrears.key";
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(KeyFile::load(path).public_key(), keys_->public_key());
  EXPECT_THROW(KeyFile::create(path, tick()), StorageError);
  for (const mode_t mode : {0640, 0604, 0666}) {
    chmod(path.c_str(), mode);
    EXPECT_THROW(KeyFile::load(path), StorageError) << mode;
  }
  EXPECT_THROW(KeyFile::load(folder_ + "/none.key"), StorageError);
}

TEST_P(Journal, a_checkpoint_file_reads_back_and_rubbish_does_not) {
  record_invoice(3, "INV-1", 100);
  const CheckpointFile file = exported();
  EXPECT_EQ(file.checkpoint.number, 1);
  EXPECT_EQ(file.heads, heads_at(*connection_, 1));
  const std::string text = *export_checkpoint(*connection_, keys_->public_key());
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    EXPECT_FALSE(parse_checkpoint_file(text.substr(0, length))) << length;
  }
  EXPECT_FALSE(parse_checkpoint_file("{\"format\": 1}"));
}

TEST_P(Journal, an_answer_is_kept_under_part_client_and_key) {
  const auto store = [&](const char* body) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    store_answer(*connection_, 3, "anna/call", "k1", body, "answer", tick());
    transaction.commit();
  };
  const auto find = [&](base::Part part, const char* client) {
    const Question question = answer_question(part, client, "k1");
    return read_answer(std::move(connection_->query_together({&question, 1}).front()));
  };
  store("body");
  const auto found = find(3, "anna/call");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->answer, "answer");
  const Hash hash = body_hash("body");
  EXPECT_TRUE(std::equal(hash.begin(), hash.end(), found->body_hash.begin()));
  EXPECT_FALSE(find(4, "anna/call"));
  EXPECT_FALSE(find(3, "bert/call"));
  EXPECT_EQ(problem_of([&] { store("b"); }), StorageProblem::unique);
}

}  // namespace
}  // namespace arrears::storage
