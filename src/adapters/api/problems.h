#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/http/response.h"
#include "base/refusal.h"
#include "base/result.h"

/// Refusals and mistakes of a client, as problem details (RFC 9457).
namespace arrears::api {

/// A problem on its way to the edge of the API.
class Stop : public std::exception {
 public:
  explicit Stop(http::Problem problem, int retry_after_seconds = 0)
      : problem_(std::move(problem)), retry_after_seconds_(retry_after_seconds) {}
  const http::Problem& problem() const { return problem_; }
  int retry_after_seconds() const { return retry_after_seconds_; }  ///< 0: not said
  const char* what() const noexcept override { return problem_.code.c_str(); }

 private:
  http::Problem problem_;
  int retry_after_seconds_;
};

/// The status of a refusal: 404 for what is not there (or out of scope), 403 for a missing right,
/// 409 where the present state is against it, 401 and 429 of signing in, 422 for everything else.
int status_of(const base::Refusal& refusal);

http::Problem problem_of(const base::Refusal& refusal);

[[noreturn]] void stop(int status, std::string_view code, std::string_view detail);

/// The value, or Stop.
template <class T>
T taken(base::Result<T> result) {
  if (!result) throw Stop(problem_of(result.error()));
  return std::move(result).value();
}

}  // namespace arrears::api
