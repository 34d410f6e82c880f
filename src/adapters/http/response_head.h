#pragma once

#include <string>
#include <string_view>

#include "adapters/http/request.h"
#include "adapters/http/response.h"
#include "base/clock.h"

namespace arrears::http {

/// Status line and headers of an answer up to the empty line: the handler's, `framing` (whole
/// lines: length, connection), and what the server adds where the handler was silent: date,
/// request id, security headers, `Cache-Control: no-store`.
std::string write_head(const Response& response, const Request& request, std::string_view framing);

/// One chunk of a chunked body; `bytes` is not empty.
std::string chunk(std::string_view bytes);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
std::string http_date(base::Instant instant);

}  // namespace arrears::http
