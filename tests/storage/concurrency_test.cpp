#include <atomic>
#include <set>
#include <thread>

#include "store_fixture.h"

/// Several writers at once, in one process and with a clock that stands still.
namespace arrears::storage {
namespace {

class Writers : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    const auto transaction = store_->write();
    customer_.id = transaction->ids().make<parties::CustomerTag>(3);
    party_.id = transaction->ids().make<parties::PartyTag>(3);
    customer_.party = party_.id;
    customer_.number = "17";
    EXPECT_TRUE(transaction->claim_number({}, app::NumberKind::customer,
                                          {customer_.id.value, party_.id.value, "17"}));
    app::Entry& entry = transaction->open_entry(3, EntryKind::customer_added, "{}");
    entry.add(party_, app::Revision::first);
    entry.add(customer_, app::Revision::first);
    transaction->commit(tick(), "anna");
  }

  /// Records the customer's next invoice, whose number is how many there were.
  void record_next(DatabaseStore& store, const base::Clock& clock) const {
    const auto transaction = store.write();
    const auto file = transaction->party_file(party_.id, app::Detail::receivables);
    receivables::Document document;
    document.id = transaction->ids().make<receivables::DocumentTag>(3);
    document.number = std::to_string(file->accounts.at(0).ledger.documents.size());
    document.currency = *money::parse_currency("USD");
    document.amount_minor = 100;
    document.instalments = {{1, {1}, 100, std::nullopt, 0}};
    EXPECT_TRUE(transaction->claim_number(
        {}, app::NumberKind::document, {document.id.value, customer_.id.value, document.number}));
    transaction->open_entry(3, EntryKind::document_recorded, "{}").add(customer_.id, document, "");
    transaction->commit(clock.now(), "anna");
  }

  template <class Act>
  static void at_once(int threads, const Act& act) {
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back([&act, i] { act(i); });
    for (std::thread& thread : running) thread.join();
  }

  parties::Party party_;
  parties::Customer customer_;
};

ARREARS_ON_EVERY_ENGINE(Writers);

TEST_P(Writers, on_one_customer_see_each_others_work) {
  at_once(4, [&](int) {
    for (int i = 0; i < 10; ++i) record_next(*store_, clock_);
  });
  EXPECT_EQ(count("count(*) FROM document"), 40);
  EXPECT_EQ(count("count(DISTINCT number) FROM document"), 40);
  const Verification result = store_->verify(std::nullopt, {});
  EXPECT_TRUE(result.passed()) << all_text(result);
}

TEST_P(Writers, of_two_stores_on_one_customer_see_each_others_work) {
  DatabaseStore other(StoreOptions{url_, folder_ + "/arrears.key", OpenMode::existing, false},
                      clock_);
  at_once(2, [&](int i) {
    for (int n = 0; n < 10; ++n) {
      record_next(i == 0 ? *store_ : other, clock_);
      if (n % 3 == 0) (i == 0 ? *store_ : other).checkpoint();
    }
  });
  store_->checkpoint();
  EXPECT_EQ(count("count(DISTINCT number) FROM document"), 20);
  EXPECT_EQ(count("count(*) FROM journal_pending"), 0);
  const Verification result = store_->verify(std::nullopt, {});
  EXPECT_TRUE(result.passed()) << all_text(result);
}

TEST_P(Writers, of_many_parts_never_make_an_id_twice) {
  std::vector<std::vector<std::int64_t>> made(4);
  at_once(4, [&](int thread) {
    for (int i = 0; i < 10; ++i) {
      const auto transaction = store_->write();
      // Whoever opens entries of several parts opens them in order of part.
      for (const base::Part part : {5, 6, 7}) {
        app::Entry& entry = transaction->open_entry(part, EntryKind::rate_recorded, "{}");
        const std::int64_t id = transaction->ids().next(part);
        made[static_cast<std::size_t>(thread)].push_back(id);
        parties::Party party;
        party.id = parties::PartyId{id};
        entry.add(party, app::Revision::first);
      }
      transaction->commit(clock_.now(), "anna");
    }
  });
  std::set<std::int64_t> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 120U);
  EXPECT_EQ(count("count(*) FROM party"), 121);
}

TEST_P(Writers, with_the_same_idempotency_key_happen_once) {
  std::atomic<int> done{0};
  at_once(4, [&](int) {
    const auto transaction = store_->write();
    if (const auto past = transaction->recall(3, "anna/x", "key", "body")) {
      EXPECT_EQ(past->answer, "answer");
      return;
    }
    ++done;
    transaction->open_entry(3, EntryKind::rate_recorded, "{}");
    transaction->remember(3, "anna/x", "key", "body", "answer");
    transaction->commit(clock_.now(), "anna");
  });
  EXPECT_EQ(done, 1);
  EXPECT_EQ(count("count(*) FROM idempotency_key"), 1);
}

TEST_P(Writers, that_fail_inside_a_savepoint_go_on_after_it) {
  Transaction transaction(*connection_, Transaction::Mode::write);
  const std::string insert = "INSERT INTO site (name, value) VALUES ('colour', 'red')";
  connection_->execute(insert);
  {
    Savepoint step(*connection_);
    EXPECT_EQ(problem_of([&] { connection_->execute(insert); }), StorageProblem::unique);
  }
  connection_->execute("UPDATE site SET value = 'blue' WHERE name = 'colour'");
  transaction.commit();
  EXPECT_EQ(count("count(*) FROM site WHERE value = 'blue'"), 1);
}

TEST_P(Writers, ask_and_get_the_same_answer_as_known_then) {
  const auto documents_at = [&](base::Instant then) {
    const auto file = store_->read(then)->party_file(party_.id, app::Detail::receivables);
    return file->accounts.at(0).ledger.documents.size();
  };
  std::vector<std::pair<base::Instant, std::size_t>> answers;
  std::thread writer([&] {
    const base::FixedClock clock(clock_.now());
    for (int i = 0; i < 20; ++i) record_next(*store_, clock);
  });
  for (int i = 0; i < 8; ++i) {
    const base::Instant then = tick();
    answers.emplace_back(then, documents_at(then));
  }
  writer.join();
  for (const auto& [then, documents] : answers) EXPECT_EQ(documents_at(then), documents);
  EXPECT_EQ(documents_at(tick()), 20U);
}

}  // namespace
}  // namespace arrears::storage
