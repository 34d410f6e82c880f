#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "adapters/storage/checkpoint.h"
#include "adapters/storage/db.h"
#include "adapters/storage/journal.h"
#include "adapters/storage/keys.h"
#include "adapters/storage/verify.h"
#include "postgres_server.h"

/// What the storage tests share: a real database of each engine with its key file in a folder of
/// its own.
namespace arrears::storage {

enum class Engine : unsigned char { sqlite, postgresql };

inline std::string engine_name(const ::testing::TestParamInfo<Engine>& engine) {
  return engine.param == Engine::sqlite ? "sqlite" : "postgresql";
}

/// Runs a test class on both engines.
#define ARREARS_ON_EVERY_ENGINE(test_class)      \
  INSTANTIATE_TEST_SUITE_P(Contract, test_class, \
                           ::testing::Values(Engine::sqlite, Engine::postgresql), engine_name)
#define ARREARS_ON_ENGINE(test_class, engine) \
  INSTANTIATE_TEST_SUITE_P(Own, test_class, ::testing::Values(Engine::engine), engine_name)

constexpr base::Instant first_instant{1'780'000'000'000'000};

class StorageTest : public ::testing::TestWithParam<Engine> {
 protected:
  StorageTest() : clock_(first_instant), ids_(clock_, 0) {
    std::string pattern = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~StorageTest() override {
    connection_.reset();
    std::filesystem::remove_all(folder_);
  }

  void SetUp() override {
    if (on_postgres()) {
      if (!PostgresServer::installed()) GTEST_SKIP() << "skipped: package postgresql-15 absent";
      url_ = PostgresServer::get().make_database();
    } else {
      url_ = "sqlite:" + file();
    }
    connection_ = open_database(url_, OpenMode::create);
    keys_ = std::make_unique<KeyFile>(KeyFile::create(folder_ + "/arrears.key", first_instant));
    party_keys_ = std::make_unique<PartyKeys>(*connection_, *keys_);
  }

  bool on_postgres() const { return GetParam() == Engine::postgresql; }
  std::string file() const { return folder_ + "/arrears.db"; }

  /// The clock, moved on by a second.
  const base::Clock& ticked() {
    tick();
    return clock_;
  }
  /// Moves the clock on by a second.
  base::Instant tick() {
    clock_.set({clock_.now().micros + 1'000'000});
    return clock_.now();
  }

  /// One command that records an invoice of `amount_minor`; returns its entry.
  std::int64_t record_invoice(base::Part part, const std::string& number,
                              std::int64_t amount_minor) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    const std::int64_t entry = record_invoice_in(part, number, amount_minor);
    transaction.commit();
    return entry;
  }

  /// The same inside the caller's write transaction.
  std::int64_t record_invoice_in(base::Part part, const std::string& number,
                                 std::int64_t amount_minor) {
    CommandJournal command(*connection_, ids_, *party_keys_);
    const auto entry = command.open(part, EntryKind::document_recorded, "{\"number\":1}");
    const std::int64_t customer = 4711;
    const std::int64_t document = ids_.next(part);
    command.insert(
        entry, facts::document,
        {part, customer, document, 1, 0, number, 20'000, "USD", amount_minor, {}, {}, {}, 0, {}});
    connection_->execute(
        "INSERT INTO number_index (part, entity_id, kind, number_key, number, owner_id, "
        "subject_id) VALUES (:part, 1, 2, :number, :number, :customer, :document)",
        part, number, customer, document);
    command.insert(entry, facts::instalment,
                   {part, customer, document, 1, 1, 20'030, amount_minor, {}, {}});
    command.write("anna", tick());
    return command.entry_id(entry);
  }

  std::int64_t count(const std::string& what) {
    Query row = connection_->query("SELECT " + what);
    row.next();
    return row.int64_at(0);
  }

  Verification verified(const std::optional<CheckpointFile>& against = std::nullopt) {
    VerifyOptions options;
    options.public_key = keys_->public_key();
    options.against = against;
    return verify(*connection_, options);
  }

  CheckpointFile exported() {
    make_checkpoint(*connection_, *keys_, ticked());
    return parse_checkpoint_file(*export_checkpoint(*connection_, keys_->public_key())).value();
  }

  std::string folder_;
  std::string url_;
  base::FixedClock clock_;
  base::IdSource ids_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<KeyFile> keys_;
  std::unique_ptr<PartyKeys> party_keys_;
};

/// All problems as text, for failures and for searching.
inline std::string all_text(const Verification& verification) {
  std::string text;
  for (const Problem& problem : verification.problems) {
    text += std::string(name(problem.kind)) + " | " + problem.where + " | " + problem.text + "\n";
  }
  return text;
}

/// Which kind of failure `act` ends with; nothing where it ends well.
template <class Act>
std::optional<StorageProblem> problem_of(const Act& act) {
  try {
    act();
  } catch (const StorageError& error) {
    return error.problem;
  }
  return std::nullopt;
}

inline bool has(const Verification& verification, ProblemKind kind, const std::string& text) {
  for (const Problem& problem : verification.problems) {
    if (problem.kind == kind &&
        (problem.where + " " + problem.text).find(text) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace arrears::storage
