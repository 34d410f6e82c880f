#include "adapters/storage/guard_rows.h"

#include <algorithm>
#include <map>

#include "adapters/storage/fact_reader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/ledger_rows.h"

namespace arrears::storage {

namespace {

using compliance::Channel;

constexpr std::string_view facts_place = "guard_decision.sealed_facts";

template <class E>
std::int64_t number_of(E value) {
  return static_cast<std::int64_t>(value);
}

/// 0: every channel.
std::int64_t channel_number(std::optional<Channel> channel) {
  return channel ? number_of(*channel) + 1 : 0;
}

std::optional<Channel> channel_of(std::int64_t number) {
  if (number == 0) return std::nullopt;
  return static_cast<Channel>(number - 1);
}

}  // namespace

std::string PartyKeys::address_key(std::string_view address) const {
  return to_hex(file_.keyed_hash("arrears address 1", address));
}

void FactWriter::add(const app::PackSetting& setting) {
  insert(facts::guard_pack,
         {part_, setting.entity.value, setting.pack,
          version(app::Revision::next, "guard_pack", "entity_id = :entity AND pack = :pack",
                  setting.entity.value, setting.pack),
          setting.is_on});
}

void FactWriter::add(const app::ConsentRecord& record) {
  const std::string key = keys_.address_key(record.address);
  const compliance::Consent& consent = record.consent;
  const std::int64_t channel = channel_number(consent.channel);
  insert(facts::consent, {part_, key, channel,
                          version(app::Revision::next, "consent",
                                  "address_key = :key AND channel = :channel", key, channel),
                          number_of(consent.state), consent.on.days, consent.source});
}

void FactWriter::add(const app::SuppressionRecord& record) {
  const compliance::Suppression& suppression = record.suppression;
  std::optional<std::int64_t> until;
  if (suppression.until) until = suppression.until->days;
  insert(facts::suppression,
         {part_, record.party.value, record.contact.value, number_of(suppression.kind),
          version(app::Revision::next, "suppression",
                  "party_id = :party AND contact_id = :contact AND kind = :kind",
                  record.party.value, record.contact.value, number_of(suppression.kind)),
          suppression.from.days, until, suppression.reason});
}

void FactWriter::add(const app::GuardRecord& record) {
  std::optional<std::int64_t> contact;
  if (record.contact) contact = record.contact.value;
  insert(
      facts::guard_decision,
      {part_, record.party.value, record.call.value, contact, number_of(record.channel),
       record.at.micros, record.is_allowed, number_of(record.rule), record.pack, record.time_zone,
       record.utc_offset_seconds, seal(record.party, facts_place, record.details)});
}

app::SuppressionRecord read_suppression(FactRow& row) {
  app::SuppressionRecord record;
  record.party = row.id<parties::PartyId>();
  record.contact = row.id<parties::ContactId>();
  record.suppression.kind = row.member<compliance::SuppressionKind>();
  row.skip(2);
  record.suppression.from = row.date();
  record.suppression.until = row.maybe_date();
  record.suppression.reason = row.text();
  return record;
}

void put_suppression(std::vector<app::SuppressionRecord>& list, app::SuppressionRecord record) {
  const auto same = std::ranges::find_if(list, [&](const app::SuppressionRecord& known) {
    return known.contact == record.contact && known.suppression.kind == record.suppression.kind;
  });
  if (same == list.end()) {
    list.push_back(std::move(record));
  } else {
    *same = std::move(record);
  }
}

std::vector<app::PackSetting> FactReader::guard_packs(parties::EntityId entity) {
  std::map<std::string, app::PackSetting> settings;
  FactScan(snapshot_).rows(facts::guard_pack, entity.part(), entity.value, [&](FactRow& row) {
    app::PackSetting setting;
    row.skip();
    setting.entity = row.id<parties::EntityId>();
    setting.pack = row.text();
    row.skip(2);
    setting.is_on = row.flag();
    settings[setting.pack] = setting;
  });
  std::vector<app::PackSetting> list;
  for (auto& [pack, setting] : settings) list.push_back(std::move(setting));
  return list;
}

std::vector<app::ConsentRecord> FactReader::consents(std::span<const std::string> addresses) {
  std::vector<app::ConsentRecord> list;
  for (const std::string& address : addresses) {
    std::map<std::int64_t, compliance::Consent> by_channel;
    const auto read = [&](FactRow& row) {
      compliance::Consent consent;
      row.skip(2);
      const std::int64_t channel = row.integer();
      consent.channel = channel_of(channel);
      row.skip(2);
      consent.state = row.member<compliance::ConsentState>();
      consent.on = row.date();
      consent.source = row.text();
      by_channel[channel] = std::move(consent);
    };
    FactScan(snapshot_).run(facts::consent, " WHERE part = :part AND address_key = :key", read,
                            app::part_of_address(address), keys_.address_key(address));
    for (auto& [channel, consent] : by_channel) list.push_back({address, std::move(consent)});
  }
  return list;
}

std::optional<parties::CustomerId> FactReader::customer_of_dispute(
    receivables::DisputeMarkId dispute) {
  std::optional<parties::CustomerId> customer;
  const auto read = [&](FactRow& row) {
    row.skip();
    customer = row.id<parties::CustomerId>();
  };
  FactScan(snapshot_).run(facts::dispute_mark, " WHERE part = :part AND dispute_mark_id = :id",
                          read, dispute.part(), dispute.value);
  return customer;
}

std::optional<app::GuardRecord> FactReader::guard_decision(parties::PartyId party,
                                                           contact::CallId call) {
  std::optional<app::GuardRecord> found;
  const auto read = [&](FactRow& row) {
    app::GuardRecord record;
    row.skip();
    record.party = row.id<parties::PartyId>();
    record.call = row.id<contact::CallId>();
    row.skip();
    record.contact = row.id<parties::ContactId>();
    record.channel = row.member<Channel>();
    record.at.micros = row.integer();
    record.is_allowed = row.flag();
    record.rule = row.member<compliance::Rule>();
    record.pack = row.text();
    record.time_zone = row.text();
    record.utc_offset_seconds = row.small();
    record.details = keys_.open(party, facts_place, row.blob()).value_or("");
    found = std::move(record);
  };
  FactScan(snapshot_).run(facts::guard_decision,
                          " WHERE part = :part AND party_id = :party AND call_id = :call", read,
                          party.part(), party.value, call.value);
  return found;
}

void FactReader::each_contact(const std::function<void(const parties::Contact&)>& each) {
  for (base::Part part = 0; part < base::part_count; ++part) {
    std::vector<parties::Contact> contacts;
    FactScan(snapshot_).rows(facts::contact, part, 0, [&](FactRow& row) {
      row.skip();
      put_version(contacts, read_contact(snapshot_, row));
    });
    for (const parties::Contact& contact : contacts) each(contact);
  }
}

}  // namespace arrears::storage
