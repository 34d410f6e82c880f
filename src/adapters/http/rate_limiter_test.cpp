#include "adapters/http/rate_limiter.h"

#include <gtest/gtest.h>

namespace arrears::http {
namespace {

constexpr std::int64_t second = 1'000'000;

base::Instant at(std::int64_t micros) { return base::Instant{1'000'000 * second + micros}; }

TEST(RateLimiter, lets_a_burst_through_and_then_one_for_each_token) {
  RateLimiter limiter(/*burst=*/3, /*per_minute=*/30);  // a token every 2 s
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0) << i;
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 2);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(2 * second - 1)), 1);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(2 * second)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(2 * second)), 2);
}

TEST(RateLimiter, is_full_again_after_a_quiet_time_and_no_fuller) {
  RateLimiter limiter(2, 60);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(3600 * second)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(3600 * second)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(3600 * second)), 1);
}

TEST(RateLimiter, keys_do_not_share) {
  RateLimiter limiter(1, 60);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("b", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 1);
}

TEST(RateLimiter, a_clock_that_steps_back_neither_gives_tokens_nor_locks_out) {
  RateLimiter limiter(2, 60);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(-3600 * second)), 1);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(-3599 * second)), 0);
}

TEST(RateLimiter, made_up_keys_share_one_bucket_when_the_table_is_full) {
  RateLimiter limiter(1, 60, /*max_keys=*/2);
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("b", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("c", at(0)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("d", at(0)), 1);  // c took the shared token
  EXPECT_EQ(limiter.seconds_to_wait("a", at(0)), 1);  // and a still has its own bucket
  EXPECT_EQ(limiter.seconds_to_wait("d", at(5 * second)), 0);
  EXPECT_EQ(limiter.seconds_to_wait("e", at(5 * second)), 0);  // a and b were full and made room
}

}  // namespace
}  // namespace arrears::http
