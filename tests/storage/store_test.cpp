#include "store_fixture.h"

namespace arrears::storage {
namespace {

using app::Detail;
using app::EntryKind;
using app::NumberKind;
using app::Revision;

/// A store with one entity, one party and one customer of it.
class Store : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    change([&](app::Transaction& t) {
      entity_.id = t.ids().make<parties::EntityTag>(11);
      entity_.code = "E";
      entity_.name = "Example";
      entity_.base_currency = *money::parse_currency("USD");
      entity_.time_zone = "America/New_York";
      entity_.calendar = "US";
      t.open_entry(11, EntryKind::entity_added, "{}").add(entity_, Revision::first);
      party_.id = t.ids().make<parties::PartyTag>(3);
      party_.name = "Acme";
      party_.country = "US";
      t.open_entry(3, EntryKind::party_added, "{}").add(party_, Revision::first);
      customer_ = add_customer(t, "0000611365");
    });
  }

  parties::Customer add_customer(app::Transaction& t, const std::string& number) {
    parties::Customer customer;
    customer.id = t.ids().make<parties::CustomerTag>(3);
    customer.entity = entity_.id;
    customer.party = party_.id;
    customer.number = number;
    t.open_entry(3, EntryKind::customer_added, "{}").add(customer, Revision::first);
    EXPECT_TRUE(t.claim_number(entity_.id, NumberKind::customer,
                               {customer.id.value, party_.id.value, number}));
    return customer;
  }

  receivables::Document invoice(app::Transaction& t, const std::string& number) {
    receivables::Document document;
    document.id = t.ids().make<receivables::DocumentTag>(3);
    document.number = number;
    document.issued_on = {20'000};
    document.currency = entity_.base_currency;
    document.amount_minor = 1'250'000;
    document.reference = "PO 7";
    document.instalments = {{1, {20'030}, 1'000'000, calendar::Date{20'010}, 980'000},
                            {2, {20'060}, 250'000, std::nullopt, 0}};
    return document;
  }

  template <class Act>
  void change(const Act& act) {
    const auto transaction = store_->write();
    act(*transaction);
    transaction->commit(tick(), "anna");
  }
  app::PartyFile file_now() {
    return store_->read(std::nullopt)->party_file(party_.id, Detail::everything).value();
  }

  parties::Entity entity_;
  parties::Party party_;
  parties::Customer customer_;
};

ARREARS_ON_EVERY_ENGINE(Store);

TEST_P(Store, a_document_comes_back_with_its_newest_version_only) {
  receivables::Document document;
  change([&](app::Transaction& t) {
    document = invoice(t, "INV-1");
    EXPECT_TRUE(t.claim_number(entity_.id, NumberKind::document,
                               {document.id.value, customer_.id.value, document.number}));
    t.open_entry(3, EntryKind::document_recorded, "{}").add(customer_.id, document, "");
  });
  tick();
  store_->checkpoint();
  const auto then = clock_.now();
  receivables::Document corrected = document;
  corrected.version = 2;
  corrected.amount_minor = 900'000;
  corrected.instalments = {{1, {20'030}, 900'000, std::nullopt, 0}};
  change([&](app::Transaction& t) {
    t.open_entry(3, EntryKind::document_corrected, "{}").add(customer_.id, corrected, "typing");
  });
  tick();
  store_->checkpoint();
  const auto now = file_now().accounts.at(0).ledger.documents;
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].version, 2);
  EXPECT_EQ(now[0].amount_minor, 900'000);
  ASSERT_EQ(now[0].instalments.size(), 1U);
  EXPECT_EQ(now[0].instalments[0].amount_minor, 900'000);

  const auto old_file = store_->read(then)->party_file(party_.id, Detail::receivables).value();
  const auto old = old_file.accounts.at(0).ledger.documents;
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0].version, 1);
  EXPECT_EQ(old[0].reference, "PO 7");
  ASSERT_EQ(old[0].instalments.size(), 2U);
  EXPECT_EQ(old[0].instalments[0].discount_until, calendar::Date{20'010});
  EXPECT_EQ(old[0].instalments[0].discounted_minor, 980'000);
  EXPECT_EQ(old[0].instalments[1].discount_until, std::nullopt);
  EXPECT_EQ(store_->read(then)->document(customer_.id, document.id)->version, 1);
  EXPECT_EQ(store_->read(std::nullopt)->document(customer_.id, document.id)->version, 2);
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
}

TEST_P(Store, payments_allocations_and_disputes_come_back) {
  receivables::Payment payment;
  receivables::Allocation allocation;
  receivables::DisputeMark mark;
  change([&](app::Transaction& t) {
    const auto document = invoice(t, "INV-1");
    app::Entry& entry = t.open_entry(3, EntryKind::payment_recorded, "{}");
    entry.add(customer_.id, document, "");
    payment.id = t.ids().make<receivables::PaymentTag>(3);
    payment.number = "P1";
    payment.value_on = {20'020};
    payment.currency = entity_.base_currency;
    payment.amount_minor = 500;
    payment.payer = "A. Schmidt";
    entry.add(customer_.id, party_.id, payment, "");
    allocation.id = t.ids().make<receivables::AllocationTag>(3);
    allocation.payment = payment.id;
    allocation.document = document.id;
    allocation.allocated_on = {20'021};
    allocation.amount_minor = 500;
    allocation.source_minor = 500;
    entry.add(customer_.id, allocation);
    mark.id = t.ids().make<receivables::DisputeMarkTag>(3);
    mark.document = document.id;
    mark.amount_minor = 7;
    mark.from = {20'022};
    mark.reason = "broken";
    entry.add(customer_.id, mark, Revision::first);
    mark.until = calendar::Date{20'025};
    entry.add(customer_.id, mark, Revision::next);
  });
  const receivables::Ledger ledger = file_now().accounts.at(0).ledger;
  ASSERT_EQ(ledger.payments.size(), 1U);
  EXPECT_EQ(ledger.payments[0].payer, "A. Schmidt");
  EXPECT_FALSE(ledger.payments[0].reverses);
  ASSERT_EQ(ledger.allocations.size(), 1U);
  EXPECT_EQ(ledger.allocations[0].payment, payment.id);
  EXPECT_FALSE(ledger.allocations[0].credit);
  ASSERT_EQ(ledger.disputes.size(), 1U);
  EXPECT_EQ(ledger.disputes[0].until, calendar::Date{20'025});
  EXPECT_EQ(ledger.disputes[0].amount_minor, 7);
  const auto facts = store_->read(std::nullopt);
  EXPECT_EQ(facts->customer_of_allocation(allocation.id), customer_.id);
  EXPECT_EQ(facts->payment(customer_.id, payment.id)->payer, "A. Schmidt");
  EXPECT_EQ(facts->party_of(customer_.id), party_.id);
  EXPECT_EQ(facts->party_of(parties::CustomerId{1}), std::nullopt);
}

TEST_P(Store, a_call_with_its_items_amendments_and_promise_comes_back) {
  contact::CallEntry call;
  promises::Promise promise;
  change([&](app::Transaction& t) {
    call.id = t.ids().make<contact::CallTag>(3);
    call.entity = entity_.id;
    call.party = party_.id;
    call.business_date = {20'100};
    call.started_at = {1};
    call.ended_at = {2};
    call.entered_at = {3};
    call.disposition = contact::Disposition::right_party_reached;
    call.items = {{customer_.id, receivables::DocumentId{9}, 1, entity_.base_currency, 100, 17}};
    call.reason_for_delay = "approval";
    call.notes = "Ms. Jones is away";
    call.next_action = contact::NextAction{contact::NextActionKind::call, {{20'110}}, "anna", ""};
    call.author = "anna";
    app::Entry& entry = t.open_entry(3, EntryKind::call_logged, "{}", party_.id, "{\"n\":1}");
    entry.add(call);
    promise.id = t.ids().make<promises::PromiseTag>(3);
    promise.number = "P-1";
    promise.party = party_.id;
    promise.entity = entity_.id;
    promise.made_on = {20'100};
    promise.due_on = {20'109};
    promise.currency = entity_.base_currency;
    promise.amount_minor = 100;
    promise.items = {{customer_.id, receivables::DocumentId{9}, 1, 100}};
    promise.call = call.id.value;
    EXPECT_TRUE(t.claim_number(entity_.id, NumberKind::promise,
                               {promise.id.value, party_.id.value, promise.number}));
    entry.add(promise);
    entry.add(party_.id, promise.id, 1,
              {promises::PromiseEventKind::withdrawn, {20'101}, "mistake"});
  });
  contact::CallEntry amended = call;
  amended.version = 2;
  amended.notes = "Ms. Jones is back";
  amended.amendment_reason = "typing";
  amended.items.clear();
  change([&](app::Transaction& t) { t.open_entry(3, EntryKind::call_amended, "{}").add(amended); });
  const app::PartyFile file = file_now();
  EXPECT_EQ(file.calls, std::vector{amended});
  EXPECT_EQ(store_->read(std::nullopt)->call_versions(party_.id, call.id),
            (std::vector{call, amended}));
  EXPECT_EQ(store_->read(std::nullopt)->party_of_call(call.id), party_.id);
  ASSERT_EQ(file.promises.size(), 1U);
  EXPECT_EQ(file.promises[0].call, call.id.value);
  EXPECT_EQ(file.promises[0].items.size(), 1U);
  ASSERT_EQ(file.promises[0].events.size(), 1U);
  EXPECT_EQ(file.promises[0].events[0].reason, "mistake");

  tick();
  store_->checkpoint();
  store_->erase_personal_text(party_.id);
  EXPECT_EQ(file_now().calls.at(0).notes, "(erased)");
  EXPECT_EQ(file_now().calls.at(0).reason_for_delay, "approval");
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
  EXPECT_TRUE(store_->tail(2).at(0).erased);
}

TEST_P(Store, chasing_facts_come_back) {
  change([&](app::Transaction& t) {
    app::Entry& entry = t.open_entry(3, EntryKind::steps_reached, "{}");
    strategy::FollowUp follow_up;
    follow_up.id = t.ids().make<strategy::FollowUpTag>(3);
    follow_up.party = party_.id;
    follow_up.entity = entity_.id;
    follow_up.opened_on = {1};
    follow_up.due_on = {2};
    entry.add(follow_up, Revision::first);
    EXPECT_EQ(t.parties_with_follow_ups(entity_.id, {3}), std::vector{party_.id});
    follow_up.closed_on = calendar::Date{3};
    follow_up.closing = strategy::FollowUpClosing::called;
    entry.add(follow_up, Revision::next);
    EXPECT_EQ(t.parties_with_follow_ups(entity_.id, {2}), std::vector{party_.id});
    EXPECT_TRUE(t.parties_with_follow_ups(entity_.id, {3}).empty());
    entry.add(app::HoldRecord{app::HoldId{t.ids().next(3)}, party_.id, {{5}, {}, "merger"}},
              Revision::first);
    entry.add(customer_.id,
              strategy::ReachedStep{
                  {receivables::DocumentId{9}, 1}, "r1", {8}, strategy::StepStatus::skipped});
    app::DueActionRecord action;
    action.party = party_.id;
    action.entity = entity_.id;
    action.on = {9};
    action.level = 2;
    action.items = "[]";
    entry.add(action);
    parties::Contact contact;
    contact.id = t.ids().make<parties::ContactTag>(3);
    contact.party = party_.id;
    contact.name = "Jo Jones";
    contact.email = "jo@example.com";
    EXPECT_FALSE(t.has_contacts());
    entry.add(contact, Revision::first);
    EXPECT_TRUE(t.has_contacts());
  });
  const app::PartyFile file = file_now();
  ASSERT_EQ(file.follow_ups.size(), 1U);
  EXPECT_EQ(file.follow_ups[0].closing, strategy::FollowUpClosing::called);
  ASSERT_EQ(file.holds.size(), 1U);
  EXPECT_EQ(file.holds[0].hold.reason, "merger");
  ASSERT_EQ(file.reached_steps.size(), 1U);
  EXPECT_EQ(file.reached_steps[0].status, strategy::StepStatus::skipped);
  ASSERT_EQ(file.due_actions.size(), 1U);
  EXPECT_EQ(file.due_actions[0].level, 2);
  ASSERT_EQ(file.contacts.size(), 1U);
  EXPECT_EQ(file.contacts[0].name, "Jo Jones");
  EXPECT_EQ(file.contacts[0].phone, "");
}

TEST_P(Store, site_facts_come_back_as_last_set) {
  change([&](app::Transaction& t) {
    app::Entry& entry = t.open_entry(11, EntryKind::book_changed, "{}");
    strategy::Book book;
    book.id = t.ids().make<strategy::BookTag>(11);
    book.entity = entity_.id;
    book.name = "North";
    book.rule.numbers = {"0017", "18"};
    entry.add(book, Revision::first);
    book.collector = "bert";
    entry.add(book, Revision::next);
    entry.add(app::CalendarDay{entity_.id, {100}, true, "Fair"}, Revision::first);
    entry.add(app::CalendarDay{entity_.id, {100}, false, "no fair"}, Revision::next);
    entry.add(contact::DelayReason{"approval", "Approval", {}}, Revision::first);
    entry.add(money::Rate{*money::parse_currency("EUR"), entity_.base_currency, {5}, 7},
              Revision::first);
    entry.add(app::StrategySettings{entity_.id, 1, 500, 3, "mia"});
    const std::int64_t run = t.ids().next(11);
    entry.add(app::RunRecord{run, entity_.id, {50}, {60}, 1, "{}"});
    entry.add(11, run, app::FrozenEntry{"bert", 1, party_.id, "{}"});
    entry.add_profile("sap", Revision::first, "invoices", "{}");
    entry.add_profile("sap", Revision::next, "invoices", "{\"a\":1}");
  });
  const auto facts = store_->read(std::nullopt);
  ASSERT_EQ(facts->entities().size(), 1U);
  EXPECT_EQ(facts->entities()[0].code, "E");
  ASSERT_EQ(facts->books(entity_.id).size(), 1U);
  EXPECT_EQ(facts->books(entity_.id)[0].collector, "bert");
  EXPECT_EQ(facts->books(entity_.id)[0].rule.numbers, (std::vector<std::string>{"0017", "18"}));
  ASSERT_EQ(facts->calendar_days(entity_.id).size(), 1U);
  EXPECT_FALSE(facts->calendar_days(entity_.id)[0].is_holiday);
  EXPECT_EQ(facts->delay_reasons().at(0).label, "Approval");
  EXPECT_EQ(facts->rates().at(0).scaled, 7);
  EXPECT_EQ(facts->strategy_settings(entity_.id)->quiet_days, 3);
  ASSERT_EQ(facts->runs(entity_.id).size(), 1U);
  EXPECT_EQ(facts->frozen_worklist(facts->runs(entity_.id)[0].id).at(0).party, party_.id);
  EXPECT_EQ(facts->import_profile("sap"), "{\"a\":1}");
  EXPECT_EQ(facts->import_profile_names(), std::vector<std::string>{"sap"});
  EXPECT_TRUE(store_->is_rehearsal());
}

TEST_P(Store, numbers_are_unique_and_found_as_people_type_them) {
  tick();
  store_->checkpoint();
  const auto then = clock_.now();
  parties::Customer second;
  change([&](app::Transaction& t) {
    second = add_customer(t, "611365");
    EXPECT_FALSE(t.claim_number(entity_.id, NumberKind::customer, {99, 98, "0000611365"}));
    EXPECT_TRUE(t.claim_number(entity_.id, NumberKind::document, {99, 98, "0000611365"}));
  });
  const auto facts = store_->read(std::nullopt);
  EXPECT_EQ(facts->find_number(entity_.id, NumberKind::customer, "0000611365")->subject,
            customer_.id.value);
  EXPECT_EQ(facts->find_similar(entity_.id, NumberKind::customer, "611365").size(), 2U);
  EXPECT_FALSE(facts->find_number(entity_.id, NumberKind::customer, "00611365"));
  EXPECT_EQ(store_->read(then)->find_similar(entity_.id, NumberKind::customer, "611365").size(),
            1U);
}

TEST_P(Store, each_party_goes_through_the_parts_in_order) {
  change([&](app::Transaction& t) {
    for (const base::Part part : {900, 3, 12}) {
      parties::Party party;
      party.id = t.ids().make<parties::PartyTag>(part);
      t.open_entry(part, EntryKind::party_added, "{}").add(party, Revision::first);
    }
  });
  std::vector<parties::PartyId> seen;
  store_->read(std::nullopt)->each_party({}, Detail::everything, [&](const app::PartyFile& file) {
    seen.push_back(file.party.id);
    EXPECT_EQ(file.part, file.party.id.part());
  });
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[0], party_.id);
  EXPECT_EQ(seen[1].part(), 3);
  EXPECT_EQ(seen[2].part(), 12);
  EXPECT_EQ(seen[3].part(), 900);
}

TEST_P(Store, files_of_some_parties_are_those_that_are_asked_one_by_one) {
  // More than one question has room for, every other one asked for.
  std::vector<parties::PartyId> asked;
  change([&](app::Transaction& t) {
    app::Entry& entry = t.open_entry(3, EntryKind::party_added, "{}");
    for (int i = 0; i < 150; ++i) {
      parties::Party party;
      party.id = t.ids().make<parties::PartyTag>(3);
      party.name = "Party " + std::to_string(i);
      entry.add(party, Revision::first);
      for (int n = 0; n < i % 3; ++n) {
        parties::Customer customer;
        customer.id = t.ids().make<parties::CustomerTag>(3);
        customer.entity = entity_.id;
        customer.party = party.id;
        customer.number = std::to_string(i) + "-" + std::to_string(n);
        entry.add(customer, Revision::first);
      }
      if (i % 2 == 0) asked.push_back(party.id);
    }
  });
  const auto facts = store_->read(std::nullopt);
  std::size_t next = 0;
  facts->party_files(asked, Detail::everything, [&](const app::PartyFile& file) {
    ASSERT_LT(next, asked.size());
    const auto alone = facts->party_file(asked[next++], Detail::everything);
    EXPECT_EQ(file.party.id, alone->party.id);
    EXPECT_EQ(file.party.name, alone->party.name);
    ASSERT_EQ(file.accounts.size(), alone->accounts.size());
    for (std::size_t i = 0; i < file.accounts.size(); ++i)
      EXPECT_EQ(file.accounts[i].customer.number, alone->accounts[i].customer.number);
  });
  EXPECT_EQ(next, asked.size());
  std::size_t called = 0;
  facts->party_files({}, Detail::everything, [&](const app::PartyFile&) { ++called; });
  EXPECT_EQ(called, 0U);
}

TEST_P(Store, an_answer_is_recalled_with_its_body) {
  change([&](app::Transaction& t) { t.remember(3, "anna/x", "k", "body", "answer"); });
  const auto transaction = store_->write();
  EXPECT_TRUE(transaction->recall(3, "anna/x", "k", "body")->same_body);
  EXPECT_FALSE(transaction->recall(3, "anna/x", "k", "other")->same_body);
  EXPECT_EQ(transaction->recall(3, "anna/x", "k", "other")->answer, "answer");
  EXPECT_FALSE(transaction->recall(3, "anna/y", "k", "body"));
}

TEST_P(Store, a_staged_import_is_resumed_and_dropped) {
  app::ImportBatch batch;
  change([&](app::Transaction& t) {
    batch.id = t.ids().next(20);
    batch.entity = entity_.id;
    batch.kind = "invoices";
    batch.file_hash = "00ff";
    batch.options = "{}";
    t.put(batch);
    t.add(batch.id, app::ImportChunk{2, 5, std::string("b\0c", 3)});
    t.add(batch.id, app::ImportChunk{1, 3, "a"});
  });
  change([&](app::Transaction& t) {
    batch.complete = true;
    batch.staged_rows = 8;
    t.put(batch);
  });
  change([&](app::Transaction& t) {
    ASSERT_EQ(t.import_batches().size(), 1U);
    EXPECT_TRUE(t.import_batches()[0].complete);
    EXPECT_EQ(t.import_batches()[0].file_hash, "00ff");
    std::string all;
    t.each_chunk(batch.id, [&](const app::ImportChunk& chunk) { all += chunk.records; });
    EXPECT_EQ(all, std::string("ab\0c", 4));
    t.drop_import(batch.id);
  });
  EXPECT_TRUE(store_->write()->import_batches().empty());
}

TEST_P(Store, a_second_store_without_its_key_file_does_not_open) {
  const StoreOptions options{url_, folder_ + "/none.key", OpenMode::existing, false};
  EXPECT_THROW(DatabaseStore(options, clock_), StorageError);
  const StoreOptions other{url_, folder_ + "/other.key", OpenMode::create, false};
  EXPECT_THROW(DatabaseStore(other, clock_), StorageError);
  EXPECT_FALSE(std::filesystem::exists(other.key_file));
}

}  // namespace
}  // namespace arrears::storage
