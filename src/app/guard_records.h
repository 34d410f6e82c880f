#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "domain/compliance/guard.h"
#include "domain/contact/call.h"
#include "domain/parties/parties.h"

/// What is recorded for the guard and of its decisions.
namespace arrears::app {

/// Whether an entity works under a pack of rules; without a record it does.
struct PackSetting {
  parties::EntityId entity;
  std::string pack;  ///< code
  bool is_on = true;
};

/// Consent for a number or address, of which only a keyed hash is kept.
struct ConsentRecord {
  std::string address;  ///< normalised
  compliance::Consent consent;
};
/// The part in which what is known about a normalised number or address is kept.
base::Part part_of_address(std::string_view address);

struct SuppressionRecord {
  parties::PartyId party;
  parties::ContactId contact;  ///< none: the whole party
  compliance::Suppression suppression;
};

/// What the guard decided about a call. Text and facts are sealed: they name people and numbers.
struct GuardRecord {
  parties::PartyId party;
  contact::CallId call;
  parties::ContactId contact;
  compliance::Channel channel = compliance::Channel::call;
  base::Instant at;
  bool is_allowed = false;
  compliance::Rule rule = compliance::Rule::allowed;
  std::string pack;
  std::string time_zone;
  int utc_offset_seconds = 0;  ///< east is positive
  std::string details;         ///< JSON object: text, facts
};

}  // namespace arrears::app
