#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace arrears::http {

/// A token bucket per key (a user, a token, an address): `burst` requests at once, `per_minute` on
/// average. A key not seen before starts with a full bucket. Safe to call from many threads.
///
/// At most `max_keys` buckets are kept; when none of them is full again, keys without a bucket
/// share one, so that made-up keys neither fill the memory nor push others out.
class RateLimiter {
 public:
  RateLimiter(int burst, int per_minute, std::size_t max_keys = 100'000);

  /// 0: allowed, and one token is taken. Else the whole seconds (at least 1) after which the next
  /// request of this key is allowed, and none is taken. A clock that steps back adds no token.
  int seconds_to_wait(std::string_view key, base::Instant now);

 private:
  struct Bucket {
    std::int64_t full_at = 0;  ///< in microseconds: when the bucket is full again
  };
  Bucket& bucket_of(std::string_view key, base::Instant now);

  std::int64_t micros_per_token_;
  std::int64_t micros_when_empty_;  ///< time to fill an empty bucket
  std::size_t max_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Bucket shared_;
  std::int64_t next_sweep_ = 0;  ///< in microseconds
};

}  // namespace arrears::http
