#include "app/guard.h"

#include <algorithm>

#include "app/accounts.h"
#include "app/guard_contacts.h"
#include "app/guard_gather.h"
#include "app/promising.h"

namespace arrears::app {

namespace {

using compliance::Channel;
using compliance::GuardDecision;

std::string two_digits(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

/// RFC 3339 with the offset of the place: 2026-03-08T21:30:00-04:00.
std::string local_text(const calendar::LocalTime& time) {
  const int offset = std::abs(time.utc_offset_seconds) / 60;
  return to_string(time.day) + "T" + two_digits(time.seconds / 3600) + ":" +
         two_digits(time.seconds / 60 % 60) + ":" + two_digits(time.seconds % 60) +
         (time.utc_offset_seconds < 0 ? "-" : "+") + two_digits(offset / 60) + ":" +
         two_digits(offset % 60);
}

boost::json::array facts_json(const std::vector<compliance::GuardFact>& facts) {
  boost::json::array list;
  for (const compliance::GuardFact& fact : facts)
    list.push_back(Json{{"name", fact.name}, {"value", fact.value}});
  return list;
}

Json decision_json(const GuardDecision& decision) {
  Json json{{"allowed", decision.allowed},
            {"rule", base::name(decision.rule)},
            {"pack", decision.pack},
            {"text", decision.text},
            {"facts", facts_json(decision.facts)},
            {"local_time", local_text(decision.local_time)},
            {"time_zone", decision.time_zone},
            {"opens_at", nullptr}};
  if (decision.opens_at)
    json["opens_at"] = local_text(calendar::local_time(decision.time_zone, *decision.opens_at));
  return json;
}

Result<std::vector<receivables::DocumentId>> read_documents(Facts& facts,
                                                            const parties::Entity& entity,
                                                            const PartyFile& file,
                                                            const std::vector<std::string>& items) {
  std::vector<receivables::DocumentId> documents;
  for (const std::string& text : items) {
    const auto item = find_instalment(facts, entity, text);
    if (!item) return item.error();
    const bool belongs = std::ranges::any_of(file.accounts, [&](const Account& account) {
      return account.customer.id == item->customer;
    });
    if (!belongs) {
      return base::refuse(CallRefusal::item_unknown, text + " is not owed by " + file.party.name);
    }
    documents.push_back(item->document);
  }
  return documents;
}

/// A question that was read: about whom is still open.
struct ReadQuery {
  parties::Entity entity;
  Channel channel = Channel::call;
  EntityContext context;
};

Result<ReadQuery> read_query(Facts& facts, const GuardQuery& query) {
  auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  const auto channel = base::parse_name<Channel>(query.channel);
  if (!channel) {
    return base::refuse(GuardRefusal::channel_unknown, "There is no channel " + query.channel);
  }
  const Date day = calendar::local_time(entity->time_zone, query.at).day;
  return ReadQuery{*entity, *channel, gather_entity(facts, *entity, day)};
}

/// `file` has everything: calls that the caller may not see count as well. What is asked about is
/// only what the caller sees.
Result<Json> report_of(Facts& facts, const ReadQuery& read, const GuardQuery& query,
                       const PartyFile& file, const parties::Contact& contact) {
  Facts& whole = facts.whole();
  std::optional<PartyFile> seen;
  if (&whole != &facts) seen = facts.party_file(file.party.id, Detail::everything);
  const PartyFile& visible = seen ? *seen : file;
  const auto documents = read_documents(facts, read.entity, visible, query.items);
  if (!documents) return documents.error();
  const auto gathered =
      gather_guard(whole, {file, read.context, &contact}, read.channel,
                   gather_debts(whole, {visible, read.context, &contact}, *documents));
  const GuardDecision decision = compliance::decide({read.channel, query.at}, gathered);
  Json report{{"customers", customer_numbers(visible, read.entity.id)},
              {"contact_id", to_string(contact.id)},
              {"contact", contact.name},
              {"channel", query.channel},
              {"at", to_string(query.at)}};
  for (const auto& [key, value] : decision_json(decision)) report[key] = value;
  return report;
}

}  // namespace

Result<Json> guard_report(Facts& facts, const GuardQuery& query) {
  const auto read = read_query(facts, query);
  if (!read) return read.error();
  const auto found = find_contact(facts, read->entity, query.customer, query.contact);
  if (!found) return found.error();
  return report_of(facts, *read, query, found->file, found->contact);
}

Result<boost::json::array> guard_reports(Facts& facts, const GuardQuery& query) {
  const auto read = read_query(facts, query);
  if (!read) return read.error();
  const auto customer = find_customer(facts, read->entity, query.customer);
  if (!customer) return customer.error();
  const auto file = facts.whole().party_file(customer->party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  boost::json::array reports;
  for (const parties::Contact& contact : file->contacts) {
    if (!contact.active) continue;
    auto report = report_of(facts, *read, query, *file, contact);
    if (!report) return report.error();
    reports.push_back(std::move(*report));
  }
  return reports;
}

std::optional<GuardRecord> guard_call(Facts& facts, const PartyFile& file,
                                      const EntityContext& context,
                                      const contact::CallEntry& call) {
  if (call.direction != contact::Direction::outbound) return std::nullopt;
  const auto contact = std::ranges::find(file.contacts, call.contact, &parties::Contact::id);
  const GuardSubject subject{file, context, contact == file.contacts.end() ? nullptr : &*contact};
  std::vector<receivables::DocumentId> documents;
  for (const contact::ItemDiscussed& item : call.items) documents.push_back(item.document);
  const auto gathered =
      gather_guard(facts, subject, Channel::call, gather_debts(facts, subject, documents));
  const GuardDecision decision = compliance::decide({Channel::call, call.started_at}, gathered);
  GuardRecord record;
  record.party = file.party.id;
  record.call = call.id;
  record.contact = call.contact;
  record.at = call.started_at;
  record.is_allowed = decision.allowed;
  record.rule = decision.rule;
  record.pack = decision.pack;
  record.time_zone = decision.time_zone;
  record.utc_offset_seconds = decision.local_time.utc_offset_seconds;
  record.details =
      boost::json::serialize(Json{{"text", decision.text}, {"facts", facts_json(decision.facts)}});
  return record;
}

Json guard_json(const GuardRecord& record) {
  Json json{{"allowed", record.is_allowed},
            {"rule", base::name(record.rule)},
            {"pack", record.pack},
            {"text", "(erased)"},
            {"facts", boost::json::array()}};
  if (!record.details.empty()) {
    const Json details = boost::json::parse(record.details).as_object();
    json["text"] = details.at("text");
    json["facts"] = details.at("facts");
  }
  // The time as it was read then: later tzdata may say otherwise.
  const Instant wall{record.at.micros + record.utc_offset_seconds * std::int64_t{1'000'000}};
  calendar::LocalTime local = calendar::local_time("UTC", wall);
  local.utc_offset_seconds = record.utc_offset_seconds;
  json["local_time"] = local_text(local);
  json["time_zone"] = record.time_zone;
  return json;
}

}  // namespace arrears::app
