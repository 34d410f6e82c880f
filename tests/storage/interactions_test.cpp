#include "adapters/storage/personal.h"
#include "store_fixture.h"

namespace arrears::storage {
namespace {

using app::EntryKind;
using app::Revision;

/// Notes and other interactions, and reviews of calls.
class InteractionsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    change([&](app::Transaction& t) {
      party_.id = t.ids().make<parties::PartyTag>(3);
      party_.name = "Acme";
      t.open_entry(3, EntryKind::party_added, "{}").add(party_, Revision::first);
      note_.id = t.ids().make<contact::InteractionTag>(3);
      note_.party = party_.id;
      note_.entity = {17};
      note_.customer = {18};
      note_.channel = contact::InteractionChannel::email;
      note_.direction = contact::Direction::inbound;
      note_.visible_to = contact::VisibilityClass::credit;
      note_.at = {5};
      note_.business_date = {20'000};
      note_.entered_at = {6};
      note_.author = "anna";
      note_.participants = {"Jo Clerk", "Bo Boss"};
      note_.purpose = "Insurance";
      note_.text = "The insurer left";
      note_.external_id = "mail-7";
      t.open_entry(3, EntryKind::interaction_recorded, "{}").add(note_);
    });
  }

  template <class Act>
  void change(const Act& act) {
    const auto transaction = store_->write();
    act(*transaction);
    transaction->commit(tick(), "anna");
  }
  std::vector<contact::Interaction> notes(app::KnownAt known_at = {}) {
    return store_->read(known_at)->interactions(party_.id);
  }

  parties::Party party_;
  contact::Interaction note_;
};

TEST_P(InteractionsTest, the_newest_version_is_read_and_the_earlier_one_as_known_then) {
  tick();
  store_->checkpoint();
  const auto then = clock_.now();
  EXPECT_EQ(notes(), std::vector{note_});
  contact::Interaction pinned = note_;
  pinned.pinned = true;
  pinned.version = 2;
  change([&](app::Transaction& t) {
    t.open_entry(3, EntryKind::interaction_changed, "{}").add(pinned);
  });
  EXPECT_EQ(notes(), std::vector{pinned});
  EXPECT_EQ(notes(then), std::vector{note_});
}

TEST_P(InteractionsTest, reviews_of_a_party_or_of_all_come_by_call_and_number) {
  contact::CallReview first;
  first.party = party_.id;
  first.mark = contact::ReviewMark::asked_back;
  first.at = {9};
  first.reviewer = "mia";
  first.text = "Which invoice?";
  contact::CallReview second = first;
  second.number = 2;
  second.version = 3;
  second.mark = contact::ReviewMark::read;
  second.text = "";
  change([&](app::Transaction& t) {
    first.call = second.call = t.ids().make<contact::CallTag>(3);
    app::Entry& entry = t.open_entry(3, EntryKind::call_reviewed, "{}");
    entry.add(first);
    entry.add(second);
  });
  const std::vector both{first, second};
  EXPECT_EQ(store_->read({})->call_reviews(party_.id), both);
  EXPECT_EQ(store_->read({})->call_reviews({}), both);
  EXPECT_TRUE(store_->read({})->call_reviews(parties::PartyId{party_.id.value + 1024}).empty());
  store_->erase_personal_text(party_.id);
  EXPECT_EQ(store_->read({})->call_reviews({}).front().text, erased_text);
}

TEST_P(InteractionsTest, what_was_said_is_erased_with_the_party_and_everything_still_verifies) {
  EXPECT_EQ(count("count(*) FROM interaction"), 1);
  store_->erase_personal_text(party_.id);
  const auto erased = notes();
  ASSERT_EQ(erased.size(), 1U);
  EXPECT_EQ(erased[0].text, erased_text);
  EXPECT_EQ(erased[0].participants, std::vector{std::string(erased_text)});
  EXPECT_EQ(erased[0].author, "anna");
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
}

ARREARS_ON_EVERY_ENGINE(InteractionsTest);

}  // namespace
}  // namespace arrears::storage
