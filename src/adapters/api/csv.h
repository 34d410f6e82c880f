#pragma once

#include <boost/json.hpp>
#include <string>

namespace arrears::api {

/// Rows as CSV (RFC 4180) with a header: the same columns as `arrears --format csv`. A text that a
/// spreadsheet would run as a formula gets an apostrophe before it.
std::string csv_text(const boost::json::array& rows);

}  // namespace arrears::api
