#pragma once

#include <span>

#include "app/gather.h"
#include "domain/disputes/dispute.h"

/// Disputes: raised (in a call or by themselves), listed, resolved or rejected.
namespace arrears::app {

/// A dispute as a collector gives it.
struct DisputeInput {
  std::string document;  ///< number
  std::string amount;    ///< empty: the whole document
  std::string reason;    ///< code of disputes::dispute_reasons
  std::string text;      ///< in the customer's words
  std::string owner;     ///< who settles it; empty: the caller
  std::string due;       ///< day by which it is to be settled; empty: 10 business days
  std::string from;      ///< first day; empty: the business date
};

/// Raises a dispute. Its part leaves the chase from its first day on, and its owner gets a
/// follow-up on the due date. Answers `{dispute_id, document, amount, currency, reason, text,
/// owner, due, from}`; amount "whole": the whole document.
Result<Json> raise_dispute(Store& store, const Caller& caller, std::string_view entity,
                           const DisputeInput& input);

/// How a dispute ends.
struct ResolutionInput {
  std::string dispute;  ///< id, or number of the document: all of it that holds
  std::string outcome;  ///< "resolved" or "rejected"
  std::string reason;   ///< why
  std::string on;       ///< first day on which it no longer holds; empty: the business date
};
/// Ends a dispute; what is left open is chased again, and the owner's follow-up closes. Answers
/// `{entity, document, outcome, reason, on, disputes: [id]}`.
Result<Json> resolve_dispute(Store& store, const Caller& caller, std::string_view entity,
                             const ResolutionInput& input);

struct DisputeQuery {
  std::string entity;
  std::string customer;  ///< empty: of the whole entity
  std::string state;     ///< open, resolved or rejected; empty: all
  std::string owner;     ///< empty: of anybody
  Date as_of;
};
/// `[{dispute_id, customer, name, document, currency, amount, disputed, state, reason, text, owner,
/// due, from, until, resolution, call_id}]`; `disputed` is what is contested of the open amount.
Result<boost::json::array> dispute_list(Facts& facts, const DisputeQuery& query);

/// `[{reason, label}]`
boost::json::array dispute_reason_list();

/// Inside of the room: the input as the body of a command.
Json dispute_body(std::string_view entity, const DisputeInput& input);

/// Inside of the room: reads, checks and writes disputes of customers of `file` into an open
/// transaction, as said on `on`. The follow-ups are left to `revise_follow_ups`.
Result<boost::json::array> write_disputes(Transaction& facts, const Caller& caller,
                                          const PartyFile& file, const EntityContext& context,
                                          std::span<const DisputeInput> inputs, Date on,
                                          contact::CallId call);

}  // namespace arrears::app
