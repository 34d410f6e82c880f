#include "adapters/storage/personal.h"

#include <boost/json.hpp>
#include <initializer_list>

#include "adapters/storage/fact_writer.h"

namespace arrears::storage {

namespace {

struct Field {
  std::string_view name;
  std::string* text;
};

/// Only fields that are not empty are written.
std::string pack(std::initializer_list<std::pair<std::string_view, const std::string*>> fields) {
  boost::json::object object;
  for (const auto& [name, text] : fields) {
    if (!text->empty()) object[boost::json::string_view(name.data(), name.size())] = *text;
  }
  return object.empty() ? std::string() : boost::json::serialize(object);
}

void unpack(const std::optional<std::string>& text, std::initializer_list<Field> fields) {
  if (!text) {
    for (const Field& field : fields) *field.text = erased_text;
    return;
  }
  const boost::json::value value = boost::json::parse(*text);
  for (const Field& field : fields) {
    const auto* found = value.as_object().if_contains(
        boost::json::string_view(field.name.data(), field.name.size()));
    if (found) *field.text = found->as_string().c_str();
  }
}

}  // namespace

std::string pack_personal(const parties::Contact& contact) {
  const std::string text = pack({{"name", &contact.name},
                                 {"phone", &contact.phone},
                                 {"email", &contact.email},
                                 {"country", &contact.country},
                                 {"region", &contact.region}});
  return text.empty() ? "{}" : text;
}

void unpack_personal(const std::optional<std::string>& text, parties::Contact& contact) {
  unpack(text, {{"name", &contact.name}, {"phone", &contact.phone}, {"email", &contact.email}});
  // Codes, which "(erased)" is none of.
  if (text) unpack(text, {{"country", &contact.country}, {"region", &contact.region}});
}

std::string pack_personal(const contact::CallEntry& call) {
  return pack({{"contact_text", &call.contact_text},
               {"reason_text", &call.reason_text},
               {"broken_promise_reason", &call.broken_promise_reason},
               {"notes", &call.notes}});
}

void unpack_personal(const std::optional<std::string>& text, contact::CallEntry& call) {
  unpack(text, {{"contact_text", &call.contact_text},
                {"reason_text", &call.reason_text},
                {"broken_promise_reason", &call.broken_promise_reason},
                {"notes", &call.notes}});
}

std::string pack_personal(const contact::Interaction& interaction) {
  const std::string participants = join_list(interaction.participants);
  return pack({{"participants", &participants},
               {"purpose", &interaction.purpose},
               {"text", &interaction.text},
               {"external_id", &interaction.external_id}});
}

void unpack_personal(const std::optional<std::string>& text, contact::Interaction& interaction) {
  std::string participants;
  unpack(text, {{"participants", &participants},
                {"purpose", &interaction.purpose},
                {"text", &interaction.text},
                {"external_id", &interaction.external_id}});
  interaction.participants = split_list(participants);
}

}  // namespace arrears::storage
