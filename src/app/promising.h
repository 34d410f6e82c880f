#pragma once

#include "app/calls.h"
#include "domain/promises/check_promise.h"

/// Inside the room: writing a promise into an open transaction.
namespace arrears::app {

/// "INV-1#2" as an instalment of a customer of the party's group in the entity.
struct NamedInstalment {
  parties::CustomerId customer;
  receivables::DocumentId document;
  int instalment = 1;
};
Result<NamedInstalment> find_instalment(Facts& facts, const parties::Entity& entity,
                                        std::string_view text);

/// Reads, checks and writes the promise; the replaced ones get their event. `discussed` stands in
/// where the input names no items. Answers `{promise, amount, by, items}`.
Result<Json> write_promise(Transaction& facts, const PartyFile& file, const EntityContext& context,
                           const PromiseInput& input, const std::vector<NamedInstalment>& discussed,
                           Date made_on, parties::ContactId contact, contact::CallId call);

/// The parties of `file`'s group in the part, itself included, whose items may be promised or
/// discussed together.
std::vector<PartyFile> group_files(Facts& facts, const PartyFile& file, Date as_of);

}  // namespace arrears::app
