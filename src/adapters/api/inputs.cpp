#include "adapters/api/inputs.h"

#include <algorithm>

#include "base/text.h"

namespace arrears::api {

void read_promise(Fields& fields, app::PromiseInput& promise) {
  fields.text("amount", promise.amount).need("by").text("by", promise.by);
  fields.texts("items", promise.items).texts("supersedes", promise.supersedes);
}

void read_call_content(Fields& fields, app::CallInput& call) {
  fields.text("contact", call.contact).text("line_outcome", call.line_outcome);
  fields.text("disposition", call.disposition).text("reason_for_delay", call.reason_for_delay);
  fields.text("reason_text", call.reason_text);
  fields.text("broken_promise_reason", call.broken_promise_reason).text("notes", call.notes);
  fields.text("next_action", call.next_action).text("next_on", call.next_on);
  fields.text("next_owner", call.next_owner).text("next_reason", call.next_reason);
}

void read_call(Fields& fields, app::CallInput& call) {
  read_call_content(fields, call);
  fields.text("started_at", call.started).text("ended_at", call.ended);
  fields.text("direction", call.direction).texts("items", call.items);
  fields.objects("promises",
                 [&](Fields& inner) { read_promise(inner, call.promises.emplace_back()); });
}

void keep_matching(Rows& rows, std::string_view text,
                   std::initializer_list<std::string_view> fields) {
  if (text.empty()) return;
  const std::string wanted = base::to_lower_ascii(text);
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const boost::json::value& row) {
                              return std::ranges::none_of(fields, [&](std::string_view field) {
                                const auto* value = row.as_object().if_contains(field);
                                return value && value->is_string() &&
                                       base::to_lower_ascii(value->get_string()).find(wanted) !=
                                           std::string::npos;
                              });
                            }),
             rows.end());
}

}  // namespace arrears::api
