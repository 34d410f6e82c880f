#include "domain/contact/interaction.h"

#include "base/text.h"
#include "domain/contact/log_call.h"

namespace arrears::contact {

base::Result<base::Done, RecordInteractionRefusal> check_interaction(const Interaction& one) {
  using Refusal = RecordInteractionRefusal;
  if (base::trim(one.text).empty()) return Refusal::text_required;
  std::size_t participants = 0;
  for (const std::string& participant : one.participants) participants += participant.size();
  for (const std::size_t bytes :
       {one.text.size(), one.purpose.size(), one.external_id.size(), participants})
    if (bytes > max_text_bytes) return Refusal::text_too_long;
  const bool one_way =
      one.channel != InteractionChannel::note && one.channel != InteractionChannel::meeting;
  if (one_way && !one.direction) return Refusal::direction_required;
  if (one.entered_at < one.at) return Refusal::not_yet_happened;
  return base::Done{};
}

}  // namespace arrears::contact
