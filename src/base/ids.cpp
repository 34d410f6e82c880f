#include "base/ids.h"

#include <algorithm>

namespace arrears::base {

namespace {
constexpr std::int64_t epoch_millis = 1577836800000;  // 2020-01-01T00:00:00Z
constexpr int sequence_bits = 6;
constexpr int node_bits = 5;
constexpr int slot_bits = 10;
}  // namespace

Part slot_of(std::string_view key) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  hash ^= hash >> 33;
  return static_cast<Part>((hash ^ (hash >> 20)) & (part_count - 1));
}

std::int64_t IdSource::next(Part part) {
  ARREARS_REQUIRE(part >= 0 && part < part_count);
  if (before_first_ && last_tick_[static_cast<std::size_t>(part)] == 0) before_first_(part);
  const std::int64_t millis = std::max<std::int64_t>(clock_.now().micros / 1000 - epoch_millis, 1);
  std::int64_t& last = last_tick_[static_cast<std::size_t>(part)];
  last = std::max(last + 1, millis << sequence_bits);
  const std::int64_t tick_millis = last >> sequence_bits;
  const std::int64_t sequence = last & ((1 << sequence_bits) - 1);
  return (tick_millis << (slot_bits + node_bits + sequence_bits)) |
         (static_cast<std::int64_t>(part) << (node_bits + sequence_bits)) |
         (sequence << node_bits) | node_;
}

void IdSource::rise_above(Part part, std::int64_t id) {
  const std::int64_t tick_millis = id >> (slot_bits + node_bits + sequence_bits);
  const std::int64_t sequence = (id >> node_bits) & ((1 << sequence_bits) - 1);
  std::int64_t& last = last_tick_[static_cast<std::size_t>(part)];
  last = std::max(last, (tick_millis << sequence_bits) | sequence);
}

}  // namespace arrears::base
