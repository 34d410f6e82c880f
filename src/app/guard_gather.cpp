#include "app/guard_gather.h"

#include <algorithm>
#include <map>

namespace arrears::app {

namespace {

using compliance::Channel;
using compliance::Cover;
using compliance::Debt;

/// "US" of the calendar "US-CA".
std::string country_of(const parties::Entity& entity) {
  return entity.calendar.substr(0, entity.calendar.find('-'));
}

/// The country of the contact's address, as far as somebody wrote it down.
std::string country_of(const GuardSubject& subject) {
  if (subject.contact && !subject.contact->country.empty()) return subject.contact->country;
  if (!subject.file.party.country.empty()) return subject.file.party.country;
  const bool has_region = subject.contact && !subject.contact->region.empty();
  return has_region ? country_of(subject.context.entity) : "";
}

std::string number_of(const GuardSubject& subject, const parties::Contact& contact) {
  std::string country = country_of(subject);
  if (country.empty()) country = country_of(subject.context.entity);
  return compliance::normalised_number(contact.phone, country);
}

compliance::Place place_of(const GuardSubject& subject) {
  compliance::Whereabouts known;
  known.country = country_of(subject);
  known.assumed_country = country_of(subject.context.entity);
  known.assumed_zone = subject.context.entity.time_zone;
  if (subject.contact) {
    known.time_zone = subject.contact->time_zone;
    known.number = number_of(subject, *subject.contact);
    known.region = subject.contact->region;
  }
  return compliance::place_of(known);
}

/// Records of the party that are of the same person: they share a number or an e-mail address.
std::vector<parties::ContactId> records_of_person(const GuardSubject& subject) {
  const parties::Contact& person = *subject.contact;
  const std::string number = number_of(subject, person);
  const std::string email = compliance::normalised_email(person.email);
  std::vector<parties::ContactId> ids{person.id};
  for (const parties::Contact& other : subject.file.contacts) {
    const bool same = (!number.empty() && number_of(subject, other) == number) ||
                      (!email.empty() && compliance::normalised_email(other.email) == email);
    if (same && other.id != person.id) ids.push_back(other.id);
  }
  return ids;
}

bool is_conversation(const contact::CallEntry& call) {
  const auto reached = contact::disposition(call);
  return reached == contact::Disposition::right_party_reached ||
         reached == contact::Disposition::refused_to_talk;
}

compliance::PastCall past_call(const contact::CallEntry& call) {
  compliance::PastCall past;
  past.at = call.started_at;
  past.direction = call.direction;
  past.line_outcome = call.line_outcome;
  past.conversation = is_conversation(call);
  for (const contact::ItemDiscussed& item : call.items) past.debts.push_back(item.document);
  return past;
}

/// Built once: a calendar is a file to be read.
const calendar::BusinessCalendar* calendar_of(std::string_view country) {
  static const auto all = [] {
    std::map<std::string, calendar::BusinessCalendar, std::less<>> made;
    for (const std::string& code : calendar::calendar_codes())
      if (code.find('-') == std::string::npos) made.emplace(code, *calendar::make_calendar(code));
    return made;
  }();
  const auto found = all.find(country);
  return found == all.end() ? nullptr : &found->second;
}

std::vector<const compliance::Pack*> packs_on(Facts& facts, parties::EntityId entity) {
  const std::vector<PackSetting> settings = facts.guard_packs(entity);
  std::vector<const compliance::Pack*> on;
  for (const compliance::Pack& pack : compliance::packs()) {
    const auto setting = std::ranges::find(settings, pack.code, &PackSetting::pack);
    if (setting == settings.end() || setting->is_on) on.push_back(&pack);
  }
  return on;
}

/// What is open on one document.
struct OpenDocument {
  Debt debt;
  bool overdue = false;
  std::int64_t chased_minor = 0;
  std::int64_t disputed_minor = 0;
};

void name_promises(const strategy::PartyFacts& party, const calendar::BusinessCalendar& calendar,
                   Debt& debt) {
  for (const promises::JudgedPromise& judged : party.promises) {
    if (judged.standing.state != promises::PromiseState::open) continue;
    const auto& items = judged.promise->items;
    if (std::ranges::find(items, debt.document, &promises::PromiseItem::document) == items.end())
      continue;
    debt.covered_by += (debt.covered_by.empty() ? "" : ", ") + judged.promise->number;
    const Date after = promises::deadline(*judged.promise, calendar) + 1;
    debt.covered_until = std::max(debt.covered_until.value_or(after), after);
  }
}

void name_disputes(const strategy::PartyFacts& party, Debt& debt) {
  for (const strategy::CustomerFacts& customer : party.customers)
    for (const receivables::DisputeMark& mark : customer.ledger->disputes)
      if (mark.document == debt.document && !mark.until) debt.covered_by = mark.reason_code;
}

std::vector<OpenDocument> open_documents(const strategy::PartyFacts& party,
                                         const EntityContext& context) {
  std::vector<OpenDocument> documents;
  for (const strategy::ChasedItem& item : strategy::chased_items(party, context.run())) {
    auto known = std::ranges::find_if(documents, [&](const OpenDocument& some) {
      return some.debt.document == item.document->id;
    });
    if (known == documents.end()) {
      documents.emplace_back().debt = {item.document->id, item.document->number, {}, {}, {}};
      known = std::prev(documents.end());
    }
    known->overdue |= item.days_overdue > 0;
    known->chased_minor += item.chased_minor;
    known->disputed_minor += item.disputed_minor;
  }
  for (OpenDocument& document : documents) {
    if (document.chased_minor > 0) continue;
    document.debt.cover = document.disputed_minor > 0 ? Cover::dispute : Cover::promise;
    if (document.debt.cover == Cover::promise) {
      name_promises(party, context.calendar, document.debt);
    } else {
      name_disputes(party, document.debt);
    }
  }
  return documents;
}

std::string number_of_document(const PartyFile& file, receivables::DocumentId id) {
  for (const Account& account : file.accounts)
    if (const auto* document = receivables::find_document(account.ledger, id))
      return document->number;
  return to_string(id);
}

}  // namespace

std::string contact_address(const GuardSubject& subject, Channel channel) {
  if (channel == Channel::letter) return "by post";
  if (!subject.contact) return "not on file";
  if (channel == Channel::email) return compliance::normalised_email(subject.contact->email);
  std::string number = number_of(subject, *subject.contact);
  return number.empty() ? subject.contact->phone : number;
}

std::vector<Debt> gather_debts(Facts& facts, const GuardSubject& subject,
                               std::span<const receivables::DocumentId> documents) {
  const strategy::PartyFacts party = gather_party(facts, subject.file, subject.context);
  const std::vector<OpenDocument> open = open_documents(party, subject.context);
  std::vector<Debt> debts;
  for (const receivables::DocumentId id : documents) {
    if (std::ranges::find(debts, id, &Debt::document) != debts.end()) continue;
    const auto known = std::ranges::find_if(
        open, [&](const OpenDocument& some) { return some.debt.document == id; });
    debts.push_back(known == open.end() ? Debt{id, number_of_document(subject.file, id), {}, {}, {}}
                                        : known->debt);
  }
  if (!documents.empty()) return debts;
  const auto take = [&](const auto& wanted) {
    for (const OpenDocument& one : open)
      if (wanted(one)) debts.push_back(one.debt);
  };
  take([](const OpenDocument& one) { return one.overdue && one.debt.cover == Cover::none; });
  if (debts.empty()) take([](const OpenDocument& one) { return one.overdue; });
  if (debts.empty()) take([](const OpenDocument&) { return true; });
  return debts;
}

compliance::GuardFacts gather_guard(Facts& facts, const GuardSubject& subject, Channel channel,
                                    std::vector<Debt> debts) {
  compliance::GuardFacts gathered;
  gathered.address = contact_address(subject, channel);
  gathered.place = place_of(subject);
  gathered.debts = std::move(debts);
  gathered.packs = packs_on(facts, subject.context.entity.id);
  for (const std::string& country : gathered.place.countries)
    if (const auto* calendar = calendar_of(country))
      gathered.holidays.push_back({country, calendar});
  std::vector<parties::ContactId> person;
  if (subject.contact) person = records_of_person(subject);
  const auto is_person = [&](parties::ContactId id) {
    return std::ranges::find(person, id) != person.end();
  };
  for (const SuppressionRecord& record : subject.file.suppressions)
    if (!record.contact || is_person(record.contact))
      gathered.suppressions.push_back(record.suppression);
  if (subject.contact && !gathered.address.empty()) {
    for (ConsentRecord& record : facts.consents({&gathered.address, 1}))
      gathered.consents.push_back(std::move(record.consent));
  }
  for (const HoldRecord& record : subject.file.holds)
    gathered.quiet_periods.push_back({record.hold.from, record.hold.until, record.hold.reason});
  // A person who is not on file may be any of those who were called, and the other way round.
  for (const contact::CallEntry& call : subject.file.calls)
    if (!subject.contact || !call.contact || is_person(call.contact))
      gathered.calls.push_back(past_call(call));
  return gathered;
}

}  // namespace arrears::app
