#pragma once

#include <optional>
#include <string>

#include "domain/contact/call.h"
#include "domain/contact/interaction.h"
#include "domain/parties/parties.h"

/// Personal text of a fact row, packed as JSON before it is sealed with the party's key.
namespace arrears::storage {

/// What stands in the place of text whose key was destroyed.
constexpr std::string_view erased_text = "(erased)";

std::string pack_personal(const parties::Contact& contact);
/// Nothing: erased.
void unpack_personal(const std::optional<std::string>& text, parties::Contact& contact);

/// Empty where the call has no free text.
std::string pack_personal(const contact::CallEntry& call);
void unpack_personal(const std::optional<std::string>& text, contact::CallEntry& call);

std::string pack_personal(const contact::Interaction& interaction);
void unpack_personal(const std::optional<std::string>& text, contact::Interaction& interaction);

}  // namespace arrears::storage
