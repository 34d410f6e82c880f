#include "storage_fixture.h"

namespace arrears::storage {
namespace {

class Tampering : public StorageTest {
 protected:
  void SetUp() override {
    StorageTest::SetUp();
    if (IsSkipped()) return;
    for (int ten = 0; ten < 6; ++ten) {
      Transaction transaction(*connection_, Transaction::Mode::write);
      for (int i = 10 * ten + 1; i <= 10 * ten + 10; ++i) {
        entries_.push_back(record_invoice_in(7, "INV-" + std::to_string(i), 100 * i));
      }
      transaction.commit();
      make_checkpoint(*connection_, *keys_, ticked());
    }
    record_invoice(9, "INV-9001", 1);
    make_checkpoint(*connection_, *keys_, ticked());
  }

  std::string id(std::size_t i) { return std::to_string(entries_[i]); }
  std::string zeros() const {
    return on_postgres() ? "decode(repeat('00', 32), 'hex')" : "zeroblob(32)";
  }
  /// As an outsider with sqlite3 or psql would.
  void tamper(const std::string& sql) { connection_->execute_script(sql); }

  std::vector<std::int64_t> entries_;
};

ARREARS_ON_EVERY_ENGINE(Tampering);

TEST_P(Tampering, an_untouched_database_passes) {
  const Verification result = verified(exported());
  EXPECT_EQ(all_text(result), "");
  EXPECT_EQ(result.entries, 61);
  EXPECT_EQ(result.rows, 122);
  EXPECT_EQ(result.checkpoints, 7);
  EXPECT_EQ(result.pending_entries, 0);
}

TEST_P(Tampering, one_changed_digit_of_an_amount_is_named) {
  tamper("UPDATE document SET amount_minor = 901 WHERE number = 'INV-9'");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::fact_changed, "(INV-9) was changed after entry " + id(8)))
      << all_text(result);
}

TEST_P(Tampering, every_changed_row_is_named) {
  tamper("UPDATE instalment SET due_on = due_on + 1 WHERE amount_minor IN (100, 200, 6000)");
  EXPECT_EQ(verified().problem_count, 3);
}

TEST_P(Tampering, a_deleted_row_is_named_by_its_entry) {
  tamper("DELETE FROM instalment WHERE amount_minor = 500");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::fact_missing, "1 of the rows that entry " + id(4)))
      << all_text(result);
}

TEST_P(Tampering, a_row_put_in_under_an_entry_is_named) {
  tamper(
      "INSERT INTO instalment SELECT part, customer_id, document_id, version, 2, entry_id, "
      "due_on, amount_minor, NULL, NULL FROM instalment WHERE amount_minor = 500");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::fact_added, "instalment_no=2")) << all_text(result);
}

TEST_P(Tampering, a_row_of_no_entry_is_named) {
  tamper(
      "INSERT INTO document SELECT part, customer_id, document_id + 1, version, 5, kind, "
      "'INV-X', issued_on, currency, amount_minor, NULL, NULL, NULL, 0, NULL FROM document "
      "WHERE number = 'INV-5'");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 2) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::fact_added, "(INV-X)")) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::number_missing, "INV-X"));
}

TEST_P(Tampering, a_row_moved_outside_all_parts_is_named) {
  tamper("UPDATE document SET part = 5000 WHERE number = 'INV-5'");
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::fact_added, "document 1 rows lie outside"));
  EXPECT_TRUE(has(result, ProblemKind::fact_missing, id(4)));
}

TEST_P(Tampering, an_altered_entry_is_named_alone) {
  tamper("UPDATE journal SET actor = 'bert' WHERE entry_id = " + id(20));
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::entry_altered,
                  "part 7 sequence 21 Journal entry " + id(20) + " (document_recorded)"))
      << all_text(result);
}

TEST_P(Tampering, a_fact_changed_together_with_its_hashes_is_still_found) {
  tamper(
      "UPDATE document SET amount_minor = 999 WHERE number = 'INV-9';"
      "UPDATE journal SET row_hashes = " +
      zeros() + " WHERE entry_id = " + id(8));
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::row_hashes_altered, id(8)));
  EXPECT_TRUE(has(result, ProblemKind::fact_changed, "(INV-9)"));
}

TEST_P(Tampering, entries_that_bear_each_others_id_are_named_as_swapped) {
  tamper("UPDATE journal SET entry_id = 1 WHERE entry_id = " + id(11) +
         "; UPDATE journal SET entry_id = " + id(11) + " WHERE entry_id = " + id(14) +
         "; UPDATE journal SET entry_id = " + id(14) + " WHERE entry_id = 1");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::entries_swapped, id(11))) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::entries_swapped, id(14))) << all_text(result);
}

TEST_P(Tampering, seals_that_name_each_others_entry_are_named_as_swapped) {
  tamper("UPDATE journal_seal SET entry_id = CASE seq WHEN 12 THEN " + id(14) + " ELSE " + id(11) +
         " END WHERE seq IN (12, 15) AND part = 7");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::entries_swapped, "sequence 12")) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::entries_swapped, "sequence 15")) << all_text(result);
}

TEST_P(Tampering, seals_at_each_others_sequence_are_named_as_swapped) {
  for (const int other : {13, 15}) {
    const std::string b = std::to_string(other);
    const std::string swap =
        "UPDATE journal_seal SET seq = -1 WHERE seq = 12 AND part = 7;"
        "UPDATE journal_seal SET seq = 12 WHERE seq = " +
        b + " AND part = 7; UPDATE journal_seal SET seq = " + b + " WHERE seq = -1 AND part = 7";
    tamper(swap);
    const Verification result = verified();
    EXPECT_EQ(result.problem_count, 1) << all_text(result);
    EXPECT_TRUE(has(result, ProblemKind::entries_swapped, "sequence " + b)) << all_text(result);
    tamper(swap);
  }
  EXPECT_TRUE(verified().passed());
}

TEST_P(Tampering, an_altered_seal_is_told_from_an_altered_entry) {
  tamper("UPDATE journal_seal SET chain_hash = " + zeros() + " WHERE seq = 22 AND part = 7");
  const Verification result = verified();
  EXPECT_EQ(result.problem_count, 1) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::seal_altered, "sequence 22")) << all_text(result);
}

TEST_P(Tampering, a_gap_in_the_sequence_is_named) {
  tamper("DELETE FROM journal_seal WHERE part = 7 AND seq BETWEEN 22 AND 24");
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::sequence_gap, "Sequence 22 to 24 is missing"));
  EXPECT_TRUE(has(result, ProblemKind::entry_not_sealed, id(22)));
}

TEST_P(Tampering, a_deleted_tail_is_named_with_and_without_a_checkpoint_file) {
  const CheckpointFile file = exported();
  tamper("DELETE FROM journal WHERE entry_id >= " + id(10) +
         " AND part = 7;"
         "DELETE FROM journal_seal WHERE seq > 10 AND part = 7");
  Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::tail_missing, "the last 50 seals are gone"))
      << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::tail_missing, "from 2 on saw up to 60: 50 entries"));
  EXPECT_TRUE(has(result, ProblemKind::fact_added, "INV-60"));

  // All traces removed: only what was kept outside can tell.
  tamper("DELETE FROM document WHERE entry_id >= " + id(10) +
         " AND part = 7;"
         "DELETE FROM instalment WHERE entry_id >= " +
         id(10) +
         " AND part = 7;"
         "DELETE FROM checkpoint WHERE checkpoint_no > 1;"
         "DELETE FROM checkpoint_head WHERE checkpoint_no > 1;"
         "DELETE FROM journal WHERE part = 9; DELETE FROM journal_seal WHERE part = 9;"
         "DELETE FROM journal_head WHERE part = 9;"
         "DELETE FROM document WHERE part = 9; DELETE FROM instalment WHERE part = 9;"
         "UPDATE journal_head SET seq = 10, chain_hash = (SELECT chain_hash FROM journal_seal "
         "WHERE part = 7 AND seq = 10) WHERE part = 7");
  EXPECT_TRUE(verified().passed()) << all_text(verified());
  result = verified(file);
  EXPECT_TRUE(has(result, ProblemKind::tail_missing, "part 7 The checkpoint file has sequence 60"))
      << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::tail_missing, "part 9")) << all_text(result);
  EXPECT_TRUE(has(result, ProblemKind::checkpoint_missing, "6 checkpoints were deleted"))
      << all_text(result);
}

TEST_P(Tampering, an_altered_checkpoint_is_named) {
  tamper("UPDATE checkpoint SET at = at + 1 WHERE checkpoint_no = 3");
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::checkpoint_altered, "checkpoint 3 "));
  EXPECT_TRUE(has(result, ProblemKind::checkpoint_order, "checkpoint 4 "));
  EXPECT_EQ(result.problem_count, 2) << all_text(result);
}

TEST_P(Tampering, an_altered_checkpoint_head_is_named) {
  tamper("UPDATE checkpoint_head SET seq = 9 WHERE checkpoint_no = 1 AND part = 7");
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::checkpoint_mismatch, "Checkpoint 1 saw another chain"));
  EXPECT_TRUE(has(result, ProblemKind::checkpoint_mismatch, "checkpoint 1 The recorded heads"));
  EXPECT_EQ(result.problem_count, 2) << all_text(result);
}

TEST_P(Tampering, a_missing_checkpoint_is_named) {
  tamper("DELETE FROM checkpoint WHERE checkpoint_no = 3");
  EXPECT_TRUE(has(verified(), ProblemKind::checkpoint_missing, "Checkpoint 3 to 3 is missing"));
}

TEST_P(Tampering, a_wrong_head_and_a_stray_pending_row_are_named) {
  tamper(
      "UPDATE journal_head SET seq = 50 WHERE part = 7;"
      "INSERT INTO journal_pending VALUES (7, 12345), (7, " +
      id(3) + ")");
  const Verification result = verified();
  EXPECT_TRUE(has(result, ProblemKind::head_wrong, "sequence 50"));
  EXPECT_TRUE(has(result, ProblemKind::pending_wrong, "12345"));
  EXPECT_TRUE(has(result, ProblemKind::pending_wrong, id(3)));
}

TEST_P(Tampering, a_checkpoint_file_of_another_database_does_not_verify) {
  CheckpointFile file = exported();
  file.database_id = "another";
  EXPECT_TRUE(has(verified(file), ProblemKind::other_database, "another database"));
  file = exported();
  file.public_key[0] ^= 1;
  EXPECT_TRUE(has(verified(file), ProblemKind::other_database, "another key"));
}

TEST_P(Tampering, an_altered_checkpoint_file_is_named) {
  CheckpointFile file = exported();
  file.heads.put(7, {59, file.heads.of(7).chain});
  EXPECT_TRUE(has(verified(file), ProblemKind::checkpoint_altered, "The file was altered"));
}

TEST_P(Tampering, checkpoints_signed_with_another_key_are_named) {
  const KeyFile other = KeyFile::create(folder_ + "/other.key", first_instant);
  VerifyOptions options;
  options.public_key = other.public_key();
  EXPECT_EQ(verify(*connection_, options).problem_count, 7);
}

}  // namespace
}  // namespace arrears::storage
