#include "store_fixture.h"

namespace arrears::storage {
namespace {

using app::EntryKind;
using app::Revision;
using compliance::Channel;
using compliance::ConsentState;

/// Facts that the guard decides on, and what it decided.
class GuardFactsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    change([&](app::Transaction& t) {
      party_.id = t.ids().make<parties::PartyTag>(3);
      party_.name = "Acme";
      t.open_entry(3, EntryKind::party_added, "{}").add(party_, Revision::first);
    });
  }

  template <class Act>
  void change(const Act& act) {
    const auto transaction = store_->write();
    act(*transaction);
    transaction->commit(tick(), "anna");
  }
  void set_consent(const std::string& address, const compliance::Consent& consent) {
    change([&](app::Transaction& t) {
      t.open_entry(app::part_of_address(address), EntryKind::consent_changed, "{}")
          .add(app::ConsentRecord{address, consent});
    });
  }
  std::vector<app::ConsentRecord> consents(const std::string& address, app::KnownAt known_at = {}) {
    return store_->read(known_at)->consents({&address, 1});
  }

  parties::Party party_;
};

TEST_P(GuardFactsTest, consent_is_found_by_its_address_and_the_newest_of_a_channel_holds) {
  const std::string number = "+13125550100";
  set_consent(number, {Channel::call, ConsentState::granted, {20'000}, "form"});
  tick();
  store_->checkpoint();
  const auto then = clock_.now();
  set_consent(number, {Channel::call, ConsentState::withdrawn, {20'010}, "letter"});
  set_consent(number, {{}, ConsentState::granted, {20'011}, "call"});
  set_consent("jo@example.com", {{}, ConsentState::withdrawn, {20'012}, "link"});
  const auto now = consents(number);
  ASSERT_EQ(now.size(), 2U);
  EXPECT_FALSE(now[0].consent.channel);
  EXPECT_EQ(now[0].consent.source, "call");
  EXPECT_EQ(now[1].consent.channel, Channel::call);
  EXPECT_EQ(now[1].consent.state, ConsentState::withdrawn);
  EXPECT_EQ(now[1].consent.on.days, 20'010);
  const auto before = consents(number, then);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].consent.state, ConsentState::granted);
  EXPECT_TRUE(consents("+13125550101").empty());
  EXPECT_EQ(count("count(*) FROM consent WHERE address_key LIKE '%3125550100%' -- wide"), 0)
      << "the number itself is not kept";
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
}

TEST_P(GuardFactsTest, a_suppression_takes_the_place_of_its_earlier_version) {
  app::SuppressionRecord party{
      party_.id, {}, {compliance::SuppressionKind::do_not_contact, {20'000}, {}, "asked"}};
  app::SuppressionRecord person = party;
  change([&](app::Transaction& t) {
    person.contact = t.ids().make<parties::ContactTag>(3);
    app::Entry& entry = t.open_entry(3, EntryKind::suppression_changed, "{}");
    entry.add(party);
    entry.add(person);
    party.suppression.until = calendar::Date{20'010};
    entry.add(party);
  });
  const auto file = store_->read({})->party_file(party_.id, app::Detail::everything).value();
  ASSERT_EQ(file.suppressions.size(), 2U);
  EXPECT_FALSE(file.suppressions[0].contact);
  EXPECT_EQ(file.suppressions[0].suppression.until, calendar::Date{20'010});
  EXPECT_EQ(file.suppressions[1].contact, person.contact);
  EXPECT_EQ(file.suppressions[1].suppression.reason, "asked");
}

TEST_P(GuardFactsTest, a_pack_is_on_or_off_for_one_entity) {
  const parties::EntityId entity{(std::int64_t{5} << 21) + (11 << 11)};
  const auto set = [&](bool on) {
    change([&](app::Transaction& t) {
      t.open_entry(entity.part(), EntryKind::guard_pack_changed, "{}")
          .add(app::PackSetting{entity, "us", on});
    });
  };
  EXPECT_TRUE(store_->read({})->guard_packs(entity).empty());
  set(false);
  ASSERT_EQ(store_->read({})->guard_packs(entity).size(), 1U);
  EXPECT_FALSE(store_->read({})->guard_packs(entity)[0].is_on);
  set(true);
  EXPECT_TRUE(store_->read({})->guard_packs(entity)[0].is_on);
}

TEST_P(GuardFactsTest, a_decision_stays_with_its_call_and_its_facts_are_erased_with_the_party) {
  app::GuardRecord record;
  record.party = party_.id;
  record.at = first_instant;
  record.rule = compliance::Rule::calling_hours;
  record.pack = "us";
  record.time_zone = "America/New_York";
  record.utc_offset_seconds = -14'400;
  record.details = R"({"text":"It is late.","facts":[]})";
  change([&](app::Transaction& t) {
    record.call = t.ids().make<contact::CallTag>(3);
    t.open_entry(3, EntryKind::call_logged, "{}").add(record);
  });
  const auto found = store_->read({})->guard_decision(party_.id, record.call);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->rule, compliance::Rule::calling_hours);
  EXPECT_FALSE(found->is_allowed);
  EXPECT_EQ(found->utc_offset_seconds, -14'400);
  EXPECT_EQ(found->details, record.details);
  EXPECT_FALSE(store_->read({})->guard_decision(party_.id, contact::CallId{1}).has_value());
  store_->erase_personal_text(party_.id);
  EXPECT_EQ(store_->read({})->guard_decision(party_.id, record.call)->details, "");
  EXPECT_TRUE(store_->verify(std::nullopt, {}).passed());
}

ARREARS_ON_EVERY_ENGINE(GuardFactsTest);

}  // namespace
}  // namespace arrears::storage
