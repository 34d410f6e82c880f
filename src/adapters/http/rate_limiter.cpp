#include "adapters/http/rate_limiter.h"

#include <algorithm>

#include "base/check.h"

namespace arrears::http {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_minute = 60 * micros_per_second;

}  // namespace

RateLimiter::RateLimiter(int burst, int per_minute, std::size_t max_keys)
    : micros_per_token_(0), micros_when_empty_(0), max_keys_(max_keys) {
  ARREARS_REQUIRE(burst > 0 && per_minute > 0);
  micros_per_token_ = micros_per_minute / per_minute;
  micros_when_empty_ = micros_per_token_ * burst;
}

int RateLimiter::seconds_to_wait(std::string_view key, base::Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(key, now);
  // A full bucket may have been full for long; one ahead of `now` misses that many tokens. After a
  // step back of the clock nobody waits longer than an empty bucket takes to fill.
  const std::int64_t full_at =
      std::clamp(bucket.full_at, now.micros, now.micros + micros_when_empty_);
  const std::int64_t after = full_at + micros_per_token_ - now.micros;
  if (after <= micros_when_empty_) {
    bucket.full_at = now.micros + after;
    return 0;
  }
  bucket.full_at = full_at;
  const std::int64_t wait = after - micros_when_empty_;
  return static_cast<int>((wait + micros_per_second - 1) / micros_per_second);
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view key, base::Instant now) {
  const std::string name(key);
  if (const auto found = buckets_.find(name); found != buckets_.end()) return found->second;
  const bool due = now.micros >= next_sweep_ || now.micros < next_sweep_ - micros_per_second;
  if (buckets_.size() >= max_keys_ && due) {
    std::erase_if(buckets_, [now](const auto& e) { return e.second.full_at <= now.micros; });
    next_sweep_ = now.micros + micros_per_second;
  }
  if (buckets_.size() >= max_keys_) return shared_;
  return buckets_[name];
}

}  // namespace arrears::http
