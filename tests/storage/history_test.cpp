#include <random>
#include <set>

#include "adapters/storage/fact_reader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/history_changes.h"
#include "adapters/storage/history_reader.h"
#include "adapters/storage/store.h"
#include "domain/portfolio/test_book.h"
#include "storage_fixture.h"

namespace arrears::storage {
namespace {

using app::Revision;
using portfolio::Ordinal;

/// The ids of the random customers are counts; this keeps their order and puts them into a part.
template <class IdType>
IdType in_part(IdType id, base::Part part) {
  if (!id) return {};
  return {(id.value << 21) | (static_cast<std::int64_t>(part) << 11)};
}

/// A customer that lives a random history, and its party.
struct Life {
  base::Part part;
  parties::Party party;
  parties::Customer customer;
  portfolio::test::RandomCustomer random;
  std::size_t documents = 0, payments = 0, allocations = 0, disputes = 0;  ///< written
  std::set<std::int64_t> marks;
};

/// What a customer's history says, as text.
std::string text_of(const app::CustomerHistory& history) {
  std::string text = to_string(history.facts.customer);
  const auto put = [&](const auto&... values) {
    ((text += ' ', text += std::to_string(static_cast<std::int64_t>(values))), ...);
    text += '\n';
  };
  for (const auto& v : history.facts.versions) {
    text += " who " + std::string(v.number) + "/" + std::string(v.segment) + "/" +
            std::string(v.country);
    put(v.entity.value, v.party.value, v.known_from);
  }
  for (const auto& f : history.facts.instalments) {
    text += std::string(f.currency.code());
    put(f.document.value, f.version, f.instalment, f.kind, f.issued_on.days, f.due_on.days,
        f.amount_minor, f.cancelled, f.known_from);
  }
  for (const auto& f : history.facts.payments) {
    text += std::string(f.currency.code());
    put(f.payment.value, f.version, f.value_on.days, f.amount_minor, f.reverses.value, f.cancelled,
        f.known_from);
  }
  for (const auto& f : history.facts.allocations) {
    put(f.kind, f.payment.value, f.credit.value, f.credit_instalment, f.document.value,
        f.instalment, f.allocated_on.days, f.amount_minor, f.source_minor, f.known_from);
  }
  for (const auto& f : history.facts.disputes) {
    put(f.dispute.value, f.version, f.document.value, f.amount_minor.value_or(-1), f.from.days,
        f.until ? f.until->days : -1, f.known_from);
  }
  for (const app::RecordedPromise* p : history.promises) {
    put(p->promise.id.value, p->promise.party.value, p->promise.entity.value,
        p->promise.made_on.days, p->promise.due_on.days, p->promise.tolerance_days,
        p->promise.amount_minor, p->known_from, p->counted_at.value);
    for (const auto& item : p->promise.items)
      put(item.customer.value, item.document.value, item.instalment, item.amount_minor);
    for (std::size_t i = 0; i < p->promise.events.size(); ++i)
      put(p->promise.events[i].kind, p->promise.events[i].on.days, p->events_known_from[i]);
  }
  return text;
}

/// The ledger as known at an ordinal, from the flat facts, as text.
std::string ledger_text(const portfolio::CustomerFacts& facts, Ordinal known_at) {
  std::string text;
  const auto put = [&](const auto&... values) {
    ((text += ' ', text += std::to_string(static_cast<std::int64_t>(values))), ...);
    text += '\n';
  };
  // The last version that was known then: one that is followed by another of the same is not.
  const auto newest = [&](const auto& rows, const auto& id, const auto& row) {
    for (const auto& other : rows)
      if (id(other) == id(row) && other.version > row.version && other.known_from <= known_at)
        return false;
    return row.known_from <= known_at;
  };
  for (const auto& f : facts.instalments) {
    if (!newest(facts.instalments, [](const auto& r) { return r.document; }, f)) continue;
    put(f.document.value, f.instalment, f.kind, f.issued_on.days, f.due_on.days, f.amount_minor,
        f.cancelled);
    text += std::string(f.currency.code());
  }
  for (const auto& f : facts.payments) {
    if (!newest(facts.payments, [](const auto& r) { return r.payment; }, f)) continue;
    put(f.payment.value, f.value_on.days, f.amount_minor, f.reverses.value, f.cancelled);
    text += std::string(f.currency.code());
  }
  for (const auto& f : facts.allocations) {
    if (f.known_from > known_at) continue;
    put(f.kind, f.payment.value, f.credit.value, f.credit_instalment, f.document.value,
        f.instalment, f.allocated_on.days, f.amount_minor, f.source_minor);
  }
  for (const auto& f : facts.disputes) {
    if (!newest(facts.disputes, [](const auto& r) { return r.dispute; }, f)) continue;
    put(f.dispute.value, f.document.value, f.amount_minor.value_or(-1), f.from.days,
        f.until ? f.until->days : -1);
  }
  return text;
}

/// The same of a ledger that was loaded.
std::string ledger_text(const receivables::Ledger& ledger) {
  portfolio::CustomerFacts facts;
  std::vector<portfolio::InstalmentFact> instalments;
  std::vector<portfolio::PaymentFact> payments;
  std::vector<portfolio::AllocationFact> allocations;
  std::vector<portfolio::DisputeFact> disputes;
  for (const auto& d : ledger.documents)
    for (const auto& i : d.instalments)
      instalments.push_back({d.id, d.version, i.number, d.kind, d.issued_on, i.due_on, d.currency,
                             i.amount_minor, d.cancelled, 0});
  for (const auto& p : ledger.payments)
    payments.push_back(
        {p.id, p.version, p.value_on, p.currency, p.amount_minor, p.reverses, p.cancelled, 0});
  for (const auto& a : ledger.allocations)
    allocations.push_back({a.kind, a.payment, a.credit, a.credit_instalment, a.document,
                           a.instalment, a.allocated_on, a.amount_minor, a.source_minor, 0});
  for (const auto& d : ledger.disputes)
    disputes.push_back({d.id, 1, d.document, d.amount_minor, d.from, d.until, 0});
  facts.instalments = instalments;
  facts.payments = payments;
  facts.allocations = allocations;
  facts.disputes = disputes;
  return ledger_text(facts, 0);
}

class History : public StorageTest {
 protected:
  /// One command: `act` gets the writer of an entry in the part.
  template <class Act>
  void command(base::Part part, EntryKind kind, const Act& act) {
    Transaction transaction(*connection_, Transaction::Mode::write);
    CommandJournal journal(*connection_, ids_, *party_keys_);
    const auto entry = journal.open(part, kind);
    FactWriter writer(*connection_, *party_keys_, journal, entry, part);
    act(writer);
    journal.write("anna", tick());
    transaction.commit();
  }

  /// `number` 0, 1, 2: the first two are one party's.
  void add_life(int number, base::Part part) {
    parties::Party party;
    party.id = ids_.make<parties::PartyTag>(part);
    party.country = "DE";
    if (number == 1) party = lives_.front().party;
    parties::Customer customer;
    customer.id = ids_.make<parties::CustomerTag>(part);
    customer.entity = entity_;
    customer.party = party.id;
    customer.number = std::to_string(100 + number);
    lives_.push_back({part,
                      party,
                      customer,
                      {number + 1, random_, calendar::Date{20'000}, true},
                      {},
                      {},
                      {},
                      {},
                      {}});
    command(part, EntryKind::customer_added, [&](FactWriter& writer) {
      if (number != 1) writer.add(party, Revision::first);
      writer.add(customer, Revision::first);
    });
    touched_.insert({customer.id.value, party.id.value});
    if (number == 1) touched_.insert(party.id.value);
  }

  /// Writes what is new in the customer's history.
  void write_new(Life& life) {
    life.random.step(1);
    const auto& recorded = life.random.recorded();
    const auto id = [&](auto value) { return in_part(value, life.part); };
    const auto customer = life.customer.id;
    const std::size_t before = life.documents + life.payments + life.allocations + life.disputes;
    command(life.part, EntryKind::document_recorded, [&](FactWriter& writer) {
      for (; life.documents < recorded.documents.size(); ++life.documents) {
        receivables::Document row = recorded.documents[life.documents].row;
        row.id = id(row.id);
        writer.add(customer, row, "");
      }
      for (; life.payments < recorded.payments.size(); ++life.payments) {
        receivables::Payment row = recorded.payments[life.payments].row;
        row.id = id(row.id);
        row.reverses = id(row.reverses);
        writer.add(customer, life.party.id, row, "");
      }
      for (; life.allocations < recorded.allocations.size(); ++life.allocations) {
        receivables::Allocation row = recorded.allocations[life.allocations].row;
        row.id = id(row.id);
        row.payment = id(row.payment);
        row.credit = id(row.credit);
        row.document = id(row.document);
        row.reverses = id(row.reverses);
        writer.add(customer, row);
      }
      for (; life.disputes < recorded.disputes.size(); ++life.disputes) {
        receivables::DisputeMark row = recorded.disputes[life.disputes].row;
        row.id = id(row.id);
        row.document = id(row.document);
        const bool is_first = life.marks.insert(row.id.value).second;
        writer.add(customer, row, is_first ? Revision::first : Revision::next);
      }
    });
    const bool wrote = life.documents + life.payments + life.allocations + life.disputes > before;
    if (wrote) touched_.insert(customer.value);
  }

  void change_who(Life& life) {
    if (random_() % 2 == 0) {
      life.customer.segment = std::to_string(random_() % 3);
      command(life.part, EntryKind::customer_changed,
              [&](FactWriter& writer) { writer.add(life.customer, Revision::next); });
      touched_.insert(life.customer.id.value);
    } else {
      parties::Party party = life.party;
      party.country = random_() % 2 == 0 ? "FR" : "DE";
      command(life.part, EntryKind::party_changed,
              [&](FactWriter& writer) { writer.add(party, Revision::next); });
      touched_.insert(party.id.value);
    }
  }

  /// A promise of `life` about items of some customers, perhaps in another part.
  void promise(Life& life) {
    promises::Promise promise;
    promise.id = ids_.make<promises::PromiseTag>(life.part);
    promise.party = life.party.id;
    promise.entity = entity_;
    promise.made_on = {20'010};
    promise.due_on = {20'020};
    promise.currency = *money::parse_currency("USD");
    for (int i = 0; i < 2; ++i) {
      const Life& other = lives_[random_() % lives_.size()];
      promise.items.push_back({other.customer.id, {7 + i}, 1, 100});
      touched_.insert(other.customer.id.value);
    }
    promise.amount_minor = 200;
    command(life.part, EntryKind::promise_made, [&](FactWriter& writer) { writer.add(promise); });
    promised_.push_back(promise);
    touch_promises_of(life.party.id);
  }

  void withdraw(Life& life) {
    for (promises::Promise& promise : promised_) {
      if (promise.party != life.party.id || !promise.events.empty()) continue;
      promise.events.push_back({promises::PromiseEventKind::withdrawn, {20'015}, ""});
      command(life.part, EntryKind::promise_withdrawn, [&](FactWriter& writer) {
        writer.add(promise.party, promise.id, 1, promise.events.front());
      });
      touch_promises_of(life.party.id);
      return;
    }
  }

  void touch_promises_of(parties::PartyId party) {
    touched_.insert(party.value);
    for (const promises::Promise& promise : promised_) {
      if (promise.party != party) continue;
      for (const auto& item : promise.items) touched_.insert(item.customer.value);
    }
  }

  void live(int rounds) {
    const base::Part parts[] = {3, 3, 3, 700, 1023};
    for (int i = 0; i < 5; ++i) add_life(i, parts[i]);
    for (int round = 0; round < rounds; ++round) {
      for (int act = 0; act < 4; ++act) {
        Life& life = lives_[random_() % lives_.size()];
        switch (random_() % 12) {
          case 0:
            change_who(life);
            break;
          case 1:
            promise(life);
            break;
          case 2:
            withdraw(life);
            break;
          default:
            write_new(life);
            break;
        }
      }
      if (random_() % 3 != 0) seal();
    }
  }

  void seal() {
    const auto number = make_checkpoint(*connection_, *keys_, ticked());
    ASSERT_EQ(number, static_cast<std::int64_t>(instants_.size()) + 1);
    instants_.push_back(clock_.now());
    touched_by_.push_back(std::move(touched_));
    touched_.clear();
  }

  std::vector<std::string> texts(app::PartRange range) {
    std::vector<std::string> texts;
    HistoryReader(*connection_).each(range, [&](const app::CustomerHistory& history) {
      texts.push_back(text_of(history));
    });
    return texts;
  }

  void expect_same(const app::CustomerHistory& history, const app::PartyFile& file,
                   Ordinal known_at, const std::vector<promises::Promise>& all_promises) {
    const portfolio::CustomerVersion* who = nullptr;
    for (const auto& version : history.facts.versions)
      if (version.known_from <= known_at) who = &version;
    ASSERT_NE(who, nullptr);
    bool found = false;
    for (const app::Account& account : file.accounts) {
      if (account.customer.id != history.facts.customer) continue;
      found = true;
      EXPECT_EQ(ledger_text(history.facts, known_at), ledger_text(account.ledger));
      EXPECT_EQ(who->segment, account.customer.segment);
      EXPECT_EQ(who->number, account.customer.number);
      EXPECT_EQ(who->party, account.customer.party);
      EXPECT_EQ(who->country, file.party.country);
    }
    EXPECT_TRUE(found);
    std::set<std::int64_t> expected;
    for (const promises::Promise& promise : all_promises) {
      for (const auto& item : promise.items)
        if (item.customer == history.facts.customer) expected.insert(promise.id.value);
    }
    for (const app::RecordedPromise* recorded : history.promises) {
      if (recorded->known_from > known_at) continue;
      const bool named = expected.erase(recorded->promise.id.value) > 0;
      EXPECT_TRUE(named || recorded->counted_at == history.facts.customer);
    }
    EXPECT_TRUE(expected.empty());
  }

  void expect_as_loaded(std::optional<base::Instant> at, Ordinal known_at) {
    const KnownAtView view = at ? KnownAtView(*connection_, *at) : KnownAtView();
    FactReader reader(*connection_, view, *keys_);
    EXPECT_EQ(reader.ordinal(), at ? known_at : portfolio::latest);
    std::map<std::int64_t, app::PartyFile> files;
    std::vector<promises::Promise> all_promises;
    reader.each_party({}, app::Detail::everything, [&](const app::PartyFile& file) {
      files[file.party.id.value] = file;
      for (const auto& promise : file.promises) all_promises.push_back(promise);
      EXPECT_EQ(reader.party_records({&file.party.id, 1}).front()->country, file.party.country);
    });
    HistoryReader(*connection_).each({}, [&](const app::CustomerHistory& history) {
      for (const auto& [party, file] : files) {
        const bool is_of_it = std::any_of(
            file.accounts.begin(), file.accounts.end(),
            [&](const auto& account) { return account.customer.id == history.facts.customer; });
        if (is_of_it) expect_same(history, file, known_at, all_promises);
      }
    });
  }

  std::mt19937_64 random_{20261122};
  parties::EntityId entity_{4242};
  std::vector<Life> lives_;
  std::vector<promises::Promise> promised_;
  std::vector<base::Instant> instants_;  ///< of the checkpoints
  std::set<std::int64_t> touched_;       ///< since the last checkpoint
  std::vector<std::set<std::int64_t>> touched_by_;
};

ARREARS_ON_EVERY_ENGINE(History);

TEST_P(History, it_is_the_ledger_as_loaded_known_at_every_checkpoint) {
  live(60);
  ASSERT_GT(instants_.size(), 20U);
  Transaction snapshot(*connection_, Transaction::Mode::read);
  for (std::size_t i = 0; i < instants_.size(); i += 3)
    expect_as_loaded(instants_[i], static_cast<Ordinal>(i + 1));
  expect_as_loaded(std::nullopt, portfolio::latest);
}

TEST_P(History, parts_one_customer_and_one_party_say_the_same) {
  live(40);
  promise(lives_[0]);  // not in a checkpoint
  Transaction snapshot(*connection_, Transaction::Mode::read);
  const auto all = texts({});
  ASSERT_EQ(all.size(), 5U);
  auto halves = texts({0, 3});
  for (const auto& text : texts({4, 1023})) halves.push_back(text);
  EXPECT_EQ(halves, all);
  HistoryReader reader(*connection_);
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    std::vector<std::string> one;
    const auto take = [&](const app::CustomerHistory& history) { one.push_back(text_of(history)); };
    reader.one(lives_[i].customer.id, take);
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0], all[i]);
    one.clear();
    reader.of_party(lives_[i].party.id, take);
    if (i < 2) {
      EXPECT_EQ(one, (std::vector{all[0], all[1]}));
    } else {
      EXPECT_EQ(one, std::vector{all[i]});
    }
  }
  reader.one({99}, [](const auto&) { FAIL(); });
  reader.of_party({99}, [](const auto&) { FAIL(); });
}

TEST_P(History, changes_are_exactly_whom_the_entries_touched) {
  live(30);
  write_new(lives_[3]);
  for (const Problem& problem : verified().problems)
    EXPECT_EQ(problem.kind, ProblemKind::number_missing);  // this test claims no numbers
  Transaction snapshot(*connection_, Transaction::Mode::read);
  for (std::size_t since = 0; since <= touched_by_.size(); ++since) {
    std::set<std::int64_t> expected = touched_;
    for (std::size_t i = since; i < touched_by_.size(); ++i)
      expected.insert(touched_by_[i].begin(), touched_by_[i].end());
    const app::Changes changes = changes_since(*connection_, static_cast<Ordinal>(since));
    EXPECT_EQ(changes.checkpoint, touched_by_.size());
    EXPECT_EQ(changes.owners, std::vector(expected.begin(), expected.end())) << since;
  }
}

TEST_P(History, a_store_hands_it_out_within_its_snapshot) {
  live(10);
  change_who(lives_[0]);
  seal();
  const auto last = static_cast<Ordinal>(instants_.size());
  DatabaseStore store({url_, folder_ + "/arrears.key", OpenMode::existing, false}, clock_);
  EXPECT_EQ(store.read(instants_.front())->ordinal(), 1U);
  const auto facts = store.read(std::nullopt);
  EXPECT_EQ(facts->ordinal(), portfolio::latest);
  EXPECT_EQ(facts->party_records({&lives_[2].party.id, 1}).front()->id, lives_[2].party.id);
  change_who(lives_[2]);
  EXPECT_TRUE(facts->changes_since(last).owners.empty());
  EXPECT_EQ(store.read(std::nullopt)->changes_since(last).owners,
            std::vector(touched_.begin(), touched_.end()));
  int seen = 0;
  const auto count = [&](const app::CustomerHistory&) { ++seen; };
  facts->each_history({}, count);
  EXPECT_EQ(seen, 5);
  facts->history(lives_[0].customer.id, count);
  facts->history(lives_[0].party.id, count);
  EXPECT_EQ(seen, 8);
}

TEST_P(History, verify_finds_an_entry_whose_owners_are_not_its_rows) {
  const std::int64_t entry = record_invoice(5, "1", 100);
  EXPECT_TRUE(verified().passed());
  connection_->execute("UPDATE journal SET owners = :owners WHERE part = 5 AND entry_id = :id",
                       pack_owners({4712}), entry);
  EXPECT_TRUE(has(verified(), ProblemKind::owners_wrong, std::to_string(entry)));
}

TEST_P(History, a_sealed_entrys_owners_cannot_be_taken_away) {
  const std::int64_t entry = record_invoice(5, "1", 100);
  make_checkpoint(*connection_, *keys_, ticked());
  connection_->execute("UPDATE journal SET owners = NULL WHERE part = 5 AND entry_id = :id", entry);
  EXPECT_TRUE(has(verified(), ProblemKind::entry_altered, std::to_string(entry)));
}

}  // namespace
}  // namespace arrears::storage
