#pragma once

#include "app/guard.h"

/// Inside the room: from stored facts to what the guard decides on.
namespace arrears::app {

/// Whom a contact is with; `contact` null: somebody at the party who is not on file.
struct GuardSubject {
  const PartyFile& file;
  const EntityContext& context;  ///< as of the entity's day of the contact
  const parties::Contact* contact = nullptr;
};

/// The contact's number or address for the channel as consent is kept for it; empty: none on file.
std::string contact_address(const GuardSubject& subject, compliance::Channel channel);

/// The documents as debts, with what covers them as of the context's day. Without documents: what
/// is overdue and not covered, else all that is overdue, else all that is open.
std::vector<compliance::Debt> gather_debts(Facts& facts, const GuardSubject& subject,
                                           std::span<const receivables::DocumentId> documents);

compliance::GuardFacts gather_guard(Facts& facts, const GuardSubject& subject,
                                    compliance::Channel channel,
                                    std::vector<compliance::Debt> debts);

}  // namespace arrears::app
