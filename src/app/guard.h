#pragma once

#include "app/gather.h"
#include "domain/compliance/guard.h"

/// The guard as a question and as a record, and what it is fed with: consent, suppressions, and
/// which packs of rules an entity works under.
namespace arrears::app {

#define ARREARS_GUARD_REFUSALS(R)                                                             \
  R(contact_unknown, "`arrears contact list` shows the contacts; give the customer as well.") \
  R(contact_ambiguous, "Name the customer as well, or the contact by its id.")                \
  R(channel_unknown, "Use call, automated_call, sms, email or letter.")                       \
  R(pack_unknown, "`arrears guard pack list` shows the packs.")                               \
  R(address_invalid, "Write a number as +13125550100 or an address as anna@example.com.")     \
  R(state_unknown, "Use granted or withdrawn.")                                               \
  R(kind_unknown, "Use do_not_contact or cease_contact.")                                     \
  R(suppression_unknown, "`arrears consent list` shows what is in force.")                    \
  R(source_required, "Say how you know: the auditor reads it.")

/// May we contact this person now?
struct GuardQuery {
  std::string entity;
  std::string customer;  ///< number; empty: the contact is looked for in the whole entity
  /// id, reference, e-mail address, telephone number or name of a contact, or the number of a
  /// customer with one contact. Empty: the customer's only contact
  std::string contact;
  std::string channel = "call";
  Instant at;
  /// Documents the contact is about ("INV-1"). Empty: what is overdue and not covered by promises
  /// or disputes, else all that is overdue, else all that is open.
  std::vector<std::string> items;
};

/// `{customers, contact_id, contact, channel, at, allowed, rule, pack, text, facts: [{name,
/// value}], local_time, time_zone, opens_at}`. `local_time` is of the called person in `time_zone`,
/// with its offset; `opens_at` is an instant with the same offset or null; `pack` is empty where
/// the rule is our own.
Result<Json> guard_report(Facts& facts, const GuardQuery& query);

/// The same for each active contact of the customer, in the order of the contacts: what the
/// customer page shows. `query.contact` is empty.
Result<boost::json::array> guard_reports(Facts& facts, const GuardQuery& query);

/// Inside of the room: the decision about a call as it is logged, for its record. Nothing for an
/// inbound call. Who is called and is not on file may be anybody at the party.
std::optional<GuardRecord> guard_call(Facts& facts, const PartyFile& file,
                                      const EntityContext& context, const contact::CallEntry& call);
/// The record as an answer shows it: `{allowed, rule, pack, text, facts, local_time, time_zone}`.
Json guard_json(const GuardRecord& record);

/// Turns a pack of rules on or off for an entity. Answers `{entity, pack, on}`.
Result<Json> set_guard_pack(Store& store, const Caller& caller, std::string_view entity,
                            std::string_view pack, bool on);
/// `[{pack, name, on, countries, valid_from}]`
Result<boost::json::array> guard_pack_list(Facts& facts, std::string_view entity);

struct ConsentInput {
  std::string address;  ///< telephone number or e-mail address
  std::string country;  ///< in which a number without calling code is read
  std::string channel;  ///< empty: every channel
  std::string state;    ///< granted or withdrawn
  std::string source;   ///< how we know
  Date on;
};
/// Records consent, or that it was withdrawn, for a number or address: for the whole installation.
/// Answers `{address, channel, state, on, source}` with the normalised address.
Result<Json> set_consent(Store& store, const Caller& caller, const ConsentInput& input);

struct SuppressionInput {
  std::string customer;  ///< number
  std::string contact;   ///< as in GuardQuery; empty: the whole party
  std::string kind = "do_not_contact";
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
  std::string reason;
};
/// Nobody contacts the person, or the whole party, from a day on. A later one of the same kind
/// takes the place of the earlier.
Result<Json> suppress(Store& store, const Caller& caller, std::string_view entity,
                      const SuppressionInput& input);
/// Ends it on `input.until`, the first day on which it no longer holds.
Result<Json> lift_suppression(Store& store, const Caller& caller, std::string_view entity,
                              const SuppressionInput& input);

/// What is known about contacting a customer's people: consent of each contact's number and
/// address, and suppressions. `[{contact, address, kind, channel, state, from, until, reason}]`;
/// `kind` is consent, do_not_contact or cease_contact.
Result<boost::json::array> consent_list(Facts& facts, std::string_view entity,
                                        std::string_view customer);

}  // namespace arrears::app

ARREARS_REFUSALS(app, GuardRefusal, "guard", ARREARS_GUARD_REFUSALS);
