#include "domain/contact/log_call.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "base/text.h"

namespace arrears::contact {
namespace {

using Why = std::optional<LogCallRefusal>;

Why check_texts(const CallEntry& entry) {
  if (base::trim(entry.author).empty()) return LogCallRefusal::author_required;
  std::vector<std::string_view> texts = {
      entry.author,          entry.contact_text,          entry.reason_for_delay,
      entry.reason_text,     entry.broken_promise_reason, entry.notes,
      entry.amendment_reason};
  if (entry.next_action) {
    texts.push_back(entry.next_action->owner);
    texts.push_back(entry.next_action->reason);
  }
  for (const auto text : texts)
    if (!base::is_clean_utf8(text)) return LogCallRefusal::text_not_utf8;
  for (const auto text : texts)
    if (text.size() > max_text_bytes) return LogCallRefusal::text_too_long;
  return std::nullopt;
}

Why check_contact(const CallEntry& entry, const CallContext& context) {
  ARREARS_REQUIRE(!entry.contact || std::any_of(context.contacts.begin(), context.contacts.end(),
                                                [&](const parties::Contact& known) {
                                                  return known.id == entry.contact;
                                                }));
  if (entry.disposition == Disposition::right_party_reached && !entry.contact &&
      base::trim(entry.contact_text).empty())
    return LogCallRefusal::contact_required;
  return std::nullopt;
}

Why check_disposition(const CallEntry& entry) {
  const auto derived = derived_disposition(entry.line_outcome);
  if (!derived && !entry.disposition) return LogCallRefusal::disposition_required;
  if (derived && entry.disposition && *derived != *entry.disposition)
    return LogCallRefusal::disposition_contradicts_line_outcome;
  return std::nullopt;
}

Why check_items(const CallEntry& entry) {
  for (std::size_t i = 0; i < entry.items.size(); ++i)
    for (std::size_t j = i + 1; j < entry.items.size(); ++j)
      if (entry.items[i].document == entry.items[j].document &&
          entry.items[i].instalment == entry.items[j].instalment)
        return LogCallRefusal::duplicate_item;
  return std::nullopt;
}

Why check_reasons(const CallEntry& entry, const CallContext& context) {
  if (!entry.reason_for_delay.empty() &&
      !find_reason(context.reasons, entry.reason_for_delay, entry.business_date))
    return LogCallRefusal::reason_unknown;
  if (entry.reason_for_delay == other_reason && base::trim(entry.reason_text).empty())
    return LogCallRefusal::reason_text_required;
  const bool discusses_broken =
      std::any_of(entry.items.begin(), entry.items.end(), [&](const ItemDiscussed& item) {
        const receivables::ItemKey key{item.document, item.instalment};
        return std::find(context.broken_items.begin(), context.broken_items.end(), key) !=
               context.broken_items.end();
      });
  if (discusses_broken && disposition(entry) == Disposition::right_party_reached &&
      base::trim(entry.broken_promise_reason).empty())
    return LogCallRefusal::broken_reason_required;
  return std::nullopt;
}

Why check_next_action(const CallEntry& entry) {
  if (!entry.next_action) return LogCallRefusal::next_action_required;
  const NextAction& next = *entry.next_action;
  if (next.kind == NextActionKind::none) {
    if (base::trim(next.reason).empty()) return LogCallRefusal::none_needs_reason;
    return std::nullopt;
  }
  if (!next.due_on) return LogCallRefusal::next_action_date_required;
  if (*next.due_on < entry.business_date) return LogCallRefusal::next_action_in_past;
  if (base::trim(next.owner).empty()) return LogCallRefusal::next_action_owner_required;
  return std::nullopt;
}

}  // namespace

base::Result<base::Done, LogCallRefusal> check_call(const CallEntry& entry,
                                                    const CallContext& context) {
  if (const Why why = check_texts(entry)) return *why;
  if (entry.ended_at < entry.started_at) return LogCallRefusal::ended_before_started;
  if (entry.entered_at < entry.ended_at) return LogCallRefusal::ended_after_entered;
  if (const Why why = check_contact(entry, context)) return *why;
  if (const Why why = check_disposition(entry)) return *why;
  if (const Why why = check_items(entry)) return *why;
  if (const Why why = check_reasons(entry, context)) return *why;
  if (const Why why = check_next_action(entry)) return *why;
  return base::Done{};
}

base::Result<base::Done, AmendCallRefusal> check_amendment(const CallEntry& before,
                                                           const CallEntry& after) {
  ARREARS_REQUIRE(before.id == after.id);
  ARREARS_REQUIRE(after.version == before.version + 1);
  if (base::trim(after.amendment_reason).empty())
    return AmendCallRefusal::amendment_reason_required;
  const auto fixed = [](const CallEntry& entry) {
    return std::tie(entry.entity, entry.party, entry.customer, entry.business_date,
                    entry.started_at, entry.ended_at, entry.entered_at, entry.direction,
                    entry.author);
  };
  ARREARS_REQUIRE(fixed(before) == fixed(after));
  for (const auto& item : before.items)
    ARREARS_REQUIRE(std::find(after.items.begin(), after.items.end(), item) != after.items.end());
  CallEntry same = after;
  same.version = before.version;
  same.amendment_reason = before.amendment_reason;
  if (same == before) return AmendCallRefusal::nothing_changed;
  return base::Done{};
}

}  // namespace arrears::contact
