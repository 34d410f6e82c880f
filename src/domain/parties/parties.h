#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/names.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"

/// Who owes, to whom, and who speaks for them. Plain values; see README.md of this room.
namespace arrears::parties {

using EntityId = base::Id<struct EntityTag>;
using PartyId = base::Id<struct PartyTag>;
using CustomerId = base::Id<struct CustomerTag>;
using ContactId = base::Id<struct ContactTag>;

/// A legal company whose receivables are managed.
struct Entity {
  EntityId id;
  std::string code;  ///< short, unique: "E"
  std::string name;
  money::Currency base_currency;
  std::string time_zone;           ///< IANA
  std::string calendar;            ///< "US", "DE-BY": see calendar::make_calendar
  int promise_tolerance_days = 0;  ///< business days after the promised date
};

enum class PartyKind : unsigned char { company, person };

/// The real company or person behind one or more customers, across entities.
struct Party {
  PartyId id;
  std::string name;
  PartyKind kind = PartyKind::company;
  std::string reference;  ///< the ERP's id across entities, may be empty
  std::string country;    ///< ISO 3166 alpha-2, may be empty
  std::string language;   ///< BCP 47, may be empty
  bool stub = false;      ///< made by an import that knew only the number
};

/// One account number of a party in one entity; owes that entity money.
struct Customer {
  CustomerId id;
  EntityId entity;
  PartyId party;
  std::string number;   ///< as given, leading zeros kept
  std::string segment;  ///< site's own word, may be empty
  std::optional<calendar::Date> since;
};

/// `child` belongs to `parent` from `from` until before `until` (for ever where empty).
struct GroupEdge {
  PartyId child;
  PartyId parent;
  calendar::Date from;
  std::optional<calendar::Date> until;
};

/// A person at a party. Name, phone, e-mail and address are personal data.
struct Contact {
  ContactId id;
  PartyId party;
  std::string reference;  ///< the ERP's id of the contact, may be empty
  std::string name;
  std::string role;
  std::string phone;  ///< E.164 where it could be read as such, else as given
  std::string email;
  std::string language;
  std::string time_zone;  ///< IANA, may be empty
  bool active = true;
  std::string country;  ///< of the address, ISO 3166 alpha-2; empty: the party's
  std::string region;   ///< of the address, state or province ("NY"); may be empty
};

}  // namespace arrears::parties

ARREARS_NAMES(parties, PartyKind, "company", "person");
