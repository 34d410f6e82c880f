#pragma once

#include <initializer_list>

#include "adapters/api/exchange.h"
#include "adapters/api/fields.h"
#include "app/calls.h"

/// Bodies that several endpoints read alike.
namespace arrears::api {

/// `amount`, `by`, `items`, `supersedes`.
void read_promise(Fields& fields, app::PromiseInput& promise);
/// What of a call may be amended: all but its times, direction and promises.
void read_call_content(Fields& fields, app::CallInput& call);
void read_call(Fields& fields, app::CallInput& call);

/// Drops rows of which none of the fields contains the text, without regard to ASCII case. An empty
/// text keeps all.
void keep_matching(Rows& rows, std::string_view text,
                   std::initializer_list<std::string_view> fields);

}  // namespace arrears::api
