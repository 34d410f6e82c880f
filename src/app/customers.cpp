#include "app/customers.h"

#include <algorithm>

#include "app/site.h"
#include "base/text.h"

namespace arrears::app {

namespace {

using parties::PartyId;

Result<base::Done> check_row_text(const CustomerRow& row) {
  for (const auto& [text, what] :
       {std::pair<const std::string&, std::string_view>{row.number, "the customer number"},
        {row.name, "the name"},
        {row.party_reference, "the party"},
        {row.parent, "the parent"},
        {row.country, "the country"},
        {row.language, "the language"},
        {row.segment, "the segment"}}) {
    if (const auto clean = check_text(text, what); !clean) return clean.error();
  }
  return base::Done{};
}

/// The party that already stands for the row, by its reference.
std::optional<NumberedThing> party_by_reference(Facts& facts, const CustomerRow& row) {
  if (row.party_reference.empty()) return {};
  return facts.find_number({}, NumberKind::party, row.party_reference);
}

/// The edge that holds on `as_of`, if any.
const parties::GroupEdge* edge_on(const std::vector<parties::GroupEdge>& edges, Date as_of) {
  const parties::GroupEdge* found = nullptr;
  for (const parties::GroupEdge& edge : edges) {
    if (edge.from <= as_of && (!edge.until || as_of < *edge.until)) found = &edge;
  }
  return found;
}

bool stands_above(Facts& facts, PartyId above, PartyId below, Date as_of) {
  const auto edges = facts.group_edges();
  for (int depth = 0; depth < 100 && below; ++depth) {
    if (below == above) return true;
    PartyId next;
    for (const parties::GroupEdge& edge : edges) {
      if (edge.child == below && edge.from <= as_of && (!edge.until || as_of < *edge.until))
        next = edge.parent;
    }
    below = next;
  }
  return false;
}

Result<Change> put_parent(Transaction& facts, Recorder& recorder, const PartyFile& file,
                          PartyId parent, std::string_view number, Date as_of) {
  if (parent == file.party.id) {
    return base::refuse(CustomerRefusal::parent_of_itself,
                        "Customer " + std::string(number) + " names itself as its parent");
  }
  const parties::GroupEdge* now = edge_on(file.parents, as_of);
  if (now && now->parent == parent) return Change::unchanged;
  if (stands_above(facts, file.party.id, parent, as_of)) {
    return base::refuse(CustomerRefusal::group_cycle,
                        "Customer " + std::string(number) + " stands above its new parent");
  }
  Entry& entry = recorder.entry(file.party.id.part(), EntryKind::group_changed,
                                {{"party_id", to_string(file.party.id)},
                                 {"parent_party_id", to_string(parent)},
                                 {"from", to_string(as_of)}});
  if (now && now->from == as_of) {
    entry.add({file.party.id, parent, as_of, {}}, Revision::next);
  } else {
    if (now) {
      parties::GroupEdge ended = *now;
      ended.until = as_of;
      entry.add(ended, Revision::next);
    }
    entry.add({file.party.id, parent, as_of, {}}, Revision::first);
  }
  return Change::changed;
}

Result<std::optional<NumberedThing>> find_parent(Facts& facts, const parties::Entity& entity,
                                                 const CustomerRow& row) {
  if (row.parent.empty()) return std::optional<NumberedThing>{};
  auto parent = facts.find_number(entity.id, NumberKind::customer, row.parent);
  if (parent) return parent;
  return base::refuse(CustomerRefusal::parent_unknown,
                      "Customer " + row.number + " names the parent " + row.parent +
                          ", which entity " + entity.code + " does not have");
}

void record(Recorder& recorder, const parties::Party& party) {
  recorder
      .entry(party.id.part(), EntryKind::party_added,
             {{"party_id", to_string(party.id)}, {"stub", party.stub}})
      .add(party, Revision::first);
}

void record(Recorder& recorder, const parties::Entity& entity, const parties::Customer& customer) {
  recorder
      .entry(customer.id.part(), EntryKind::customer_added,
             {{"customer_id", to_string(customer.id)},
              {"party_id", to_string(customer.party)},
              {"entity", entity.code},
              {"number", customer.number}})
      .add(customer, Revision::first);
}

PartyId add_party(Transaction& facts, Recorder& recorder, const CustomerRow& row, Part part) {
  parties::Party party;
  party.id = facts.ids().make<parties::PartyTag>(part);
  party.name = row.name.empty() ? row.number : row.name;
  party.kind = row.kind.value_or(parties::PartyKind::company);
  party.reference = row.party_reference;
  party.country = row.country;
  party.language = row.language;
  if (!row.party_reference.empty()) {
    const bool claimed = facts.claim_number({}, NumberKind::party,
                                            {party.id.value, party.id.value, row.party_reference});
    ARREARS_REQUIRE(claimed);
  }
  record(recorder, party);
  return party.id;
}

CustomerRef add_new(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                    const CustomerRow& row, std::optional<PartyId> party, Part part) {
  const PartyId owner = party ? *party : add_party(facts, recorder, row, part);
  parties::Customer customer;
  customer.id = facts.ids().make<parties::CustomerTag>(part);
  customer.entity = entity.id;
  customer.party = owner;
  customer.number = row.number;
  customer.segment = row.segment;
  customer.since = row.since;
  const bool claimed = facts.claim_number(entity.id, NumberKind::customer,
                                          {customer.id.value, owner.value, row.number});
  ARREARS_REQUIRE(claimed);
  record(recorder, entity, customer);
  return {customer.id, owner};
}

/// Writes `given` over `known` where it says something else.
bool take(std::string& known, const std::string& given) {
  if (given.empty() || given == known) return false;
  known = given;
  return true;
}

Change change_known(Recorder& recorder, const parties::Entity& entity, const PartyFile& file,
                    parties::CustomerId id, const CustomerRow& row) {
  Change change = Change::unchanged;
  parties::Party party = file.party;
  bool differs = take(party.name, row.name);
  differs = take(party.country, row.country) || differs;
  differs = take(party.language, row.language) || differs;
  if (row.kind && *row.kind != party.kind) {
    party.kind = *row.kind;
    differs = true;
  }
  if (differs || (party.stub && !row.name.empty())) {
    party.stub = false;
    recorder.entry(file.part, EntryKind::party_changed, {{"party_id", to_string(party.id)}})
        .add(party, Revision::next);
    change = Change::changed;
  }
  parties::Customer customer = account_of(file, id).customer;
  differs = take(customer.segment, row.segment);
  if (row.since && row.since != customer.since) {
    customer.since = row.since;
    differs = true;
  }
  if (differs) {
    recorder
        .entry(file.part, EntryKind::customer_changed,
               {{"customer_id", to_string(id)}, {"entity", entity.code}})
        .add(customer, Revision::next);
    change = Change::changed;
  }
  return change;
}

}  // namespace

Result<Change> put_customer(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                            const CustomerRow& row, Date as_of) {
  if (row.number.empty()) {
    return base::refuse(CustomerRefusal::number_empty, "The customer has no number");
  }
  if (const auto clean = check_row_text(row); !clean) return clean.error();
  const auto parent = find_parent(facts, entity, row);
  if (!parent) return parent.error();
  const auto known = facts.find_number(entity.id, NumberKind::customer, row.number);
  const auto referenced = party_by_reference(facts, row);
  if (known && referenced && known->owner != referenced->subject) {
    return base::refuse(
        CustomerRefusal::party_changed,
        "Customer " + row.number + " belongs to another party than " + row.party_reference);
  }
  Change change = Change::added;
  PartyId party;
  if (known) {
    party = PartyId{known->owner};
    const auto file = facts.party_file(party, Detail::receivables);
    change = change_known(recorder, entity, *file, {known->subject}, row);
  } else {
    const std::optional<PartyId> owner =
        referenced ? std::optional(PartyId{referenced->subject}) : std::nullopt;
    const Part part = owner     ? owner->part()
                      : *parent ? PartyId{(*parent)->owner}.part()
                      : !row.party_reference.empty()
                          ? base::slot_of("party/" + row.party_reference)
                          : base::slot_of(entity.code + "/" + row.number);
    party = add_new(facts, recorder, entity, row, owner, part).party;
  }
  if (*parent) {
    const auto file = facts.party_file(party, Detail::receivables);
    const auto linked = put_parent(facts, recorder, *file, {(*parent)->owner}, row.number, as_of);
    if (!linked) return linked.error();
    if (change == Change::unchanged) change = *linked;
  }
  return change;
}

void add_stub_customers(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                        std::span<StubCustomer> stubs) {
  std::vector<NumberedThing> things;
  for (StubCustomer& stub : stubs) {
    const Part part = base::slot_of(entity.code + "/" + stub.number);
    stub.ref.party = facts.ids().make<parties::PartyTag>(part);
    stub.ref.customer = facts.ids().make<parties::CustomerTag>(part);
    things.push_back({stub.ref.customer.value, stub.ref.party.value, stub.number});
  }
  const std::vector<bool> claimed = facts.claim_numbers(entity.id, NumberKind::customer, things);
  for (std::size_t i = 0; i < stubs.size(); ++i) {
    StubCustomer& stub = stubs[i];
    if (!claimed[i]) {  // somebody else has just made the customer
      const auto known = facts.find_number(entity.id, NumberKind::customer, stub.number);
      ARREARS_REQUIRE(known.has_value());
      stub.ref = {{known->subject}, {known->owner}};
      continue;
    }
    parties::Party party;
    party.id = stub.ref.party;
    party.name = stub.name.empty() ? stub.number : stub.name;
    party.kind = parties::PartyKind::company;
    party.stub = true;
    record(recorder, party);
    parties::Customer customer;
    customer.id = stub.ref.customer;
    customer.entity = entity.id;
    customer.party = stub.ref.party;
    customer.number = stub.number;
    record(recorder, entity, customer);
  }
}

namespace {

Result<base::Done> check_contact(const ContactRow& row) {
  for (const auto& [text, what] :
       {std::pair<const std::string&, std::string_view>{row.name, "the contact's name"},
        {row.reference, "the contact's reference"},
        {row.role, "the role"},
        {row.phone, "the telephone number"},
        {row.email, "the e-mail address"},
        {row.language, "the language"},
        {row.country, "the country"},
        {row.region, "the region"}}) {
    if (const auto clean = check_text(text, what); !clean) return clean.error();
  }
  if (row.name.empty() && row.email.empty() && row.phone.empty()) {
    return base::refuse(CustomerRefusal::contact_nameless,
                        "The contact of customer " + row.customer + " has no name");
  }
  const auto at = row.email.find('@');
  if (!row.email.empty() && (at == std::string::npos || at == 0 || at + 1 == row.email.size() ||
                             row.email.find('@', at + 1) != std::string::npos ||
                             row.email.find_first_of(" \t\r\n,;<>") != std::string::npos)) {
    return base::refuse(CustomerRefusal::email_invalid, "The contact of customer " + row.customer +
                                                            " has the e-mail address " + row.email);
  }
  if (!row.time_zone.empty() && !calendar::is_time_zone(row.time_zone)) {
    return base::refuse(SiteRefusal::time_zone_unknown, "The contact of customer " + row.customer +
                                                            " has the time zone " + row.time_zone);
  }
  return base::Done{};
}

const parties::Contact* same_contact(const PartyFile& file, const ContactRow& row) {
  for (const parties::Contact& contact : file.contacts) {
    if (!row.reference.empty() ? contact.reference == row.reference
        : !row.email.empty()   ? contact.email == row.email
                               : contact.name == row.name && contact.email.empty())
      return &contact;
  }
  return nullptr;
}

}  // namespace

Result<Change> put_contact(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                           const ContactRow& row) {
  if (const auto fine = check_contact(row); !fine) return fine.error();
  const auto customer = find_customer(facts, entity, row.customer);
  if (!customer) return customer.error();
  const auto file = facts.party_file(customer->party, Detail::everything);
  const parties::Contact* known = same_contact(*file, row);
  parties::Contact contact = known ? *known : parties::Contact{};
  bool differs = take(contact.reference, row.reference);
  differs = take(contact.name, row.name) || differs;
  differs = take(contact.role, row.role) || differs;
  differs = take(contact.phone, row.phone) || differs;
  differs = take(contact.email, row.email) || differs;
  differs = take(contact.language, row.language) || differs;
  differs = take(contact.time_zone, row.time_zone) || differs;
  differs = take(contact.country, row.country) || differs;
  differs = take(contact.region, row.region) || differs;
  if (row.active && *row.active != contact.active) {
    contact.active = *row.active;
    differs = true;
  }
  if (known && !differs) return Change::unchanged;
  if (!known) {
    contact.id = facts.ids().make<parties::ContactTag>(file->part);
    contact.party = file->party.id;
  }
  recorder
      .entry(file->part, known ? EntryKind::contact_changed : EntryKind::contact_added,
             {{"party_id", to_string(file->party.id)}, {"contact_id", to_string(contact.id)}})
      .add(contact, known ? Revision::next : Revision::first);
  return known ? Change::changed : Change::added;
}

}  // namespace arrears::app
