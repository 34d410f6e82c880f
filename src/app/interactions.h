#pragma once

#include "app/lookup.h"

/// Notes, meetings, letters and messages, from the desk and from other systems.
namespace arrears::app {

#define ARREARS_INTERACTION_REFUSALS(R)                                                 \
  R(interaction_unknown, "`arrears note list CUSTOMER` shows them.")                    \
  R(word_unknown, "`arrears interaction add --help` lists the words.")                  \
  R(at_invalid, "Write instants as 2026-06-01T14:05:00-04:00 or 2026-06-01T18:05:00Z.") \
  R(external_id_reused, "Send another external id, or what was sent under it the first time.")

/// An interaction as it is given. Words are those of contact/interaction.h.
struct InteractionInput {
  std::string customer;
  std::string channel = "note";
  std::string direction;  ///< empty: none
  std::string at;         ///< RFC 3339; empty: now
  std::vector<std::string> participants;
  std::string purpose;
  std::string text;
  std::string visible_to = "all";
  bool pinned = false;
  std::string external_id;
};

/// Records an interaction and answers it as `interaction_list` shows it. What the author recorded
/// before under the same external id, with the same content, is answered and not recorded again.
Result<Json> record_interaction(Store& store, const Caller& caller, std::string_view entity,
                                const InteractionInput& input);

/// Pins or unpins one; nothing is written where it is so already. Answers the interaction.
Result<Json> pin_interaction(Store& store, const Caller& caller, std::string_view entity,
                             std::string_view customer, std::string_view interaction, bool pinned);

/// The customer's interaction of that id.
Result<contact::Interaction> find_interaction(Facts& facts, std::string_view entity,
                                              std::string_view customer,
                                              std::string_view interaction);

struct InteractionQuery {
  std::string entity;
  std::string customer;
  std::string channel;  ///< empty: all
  bool only_pinned = false;
  Date as_of;
};
/// Newest first: `[{interaction_id, version, customer, channel, direction, at, business_date,
/// participants, purpose, text, visible_to, pinned, author, entered_at, external_id}]`.
Result<boost::json::array> interaction_list(Facts& facts, const InteractionQuery& query);

}  // namespace arrears::app

ARREARS_REFUSALS(app, InteractionRefusal, "interaction", ARREARS_INTERACTION_REFUSALS);
