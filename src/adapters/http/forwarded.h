#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/http/request.h"

namespace arrears::http {

/// A new request id: 16 hex digits, `number` scrambled with the process's own start value.
std::string request_id(std::uint64_t number);

/// If `request.peer` is a trusted proxy: the peer becomes the last address of X-Forwarded-For that
/// is not one, `secure` follows X-Forwarded-Proto, and the id X-Request-Id if it is short and
/// plain. From anybody else these headers are not believed.
void apply_forwarded(const std::vector<std::string>& trusted_proxies, Request& request);

}  // namespace arrears::http
