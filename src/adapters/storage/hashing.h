#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/storage/db.h"

/// BLAKE2b over bytes that can be read in one way only: every text and blob carries its length,
/// every kind of hash begins with a tag of its own.
namespace arrears::storage {

using Hash = std::array<std::uint8_t, 32>;
using LeafHash = std::array<std::uint8_t, 16>;

/// The bytes under a hash: integers as 8 bytes, low byte first; text and blobs after their length.
class HashInput {
 public:
  explicit HashInput(std::string_view tag) { text(tag); }
  HashInput& integer(std::int64_t value) {
    put_integer(grow(8), value);
    return *this;
  }
  HashInput& text(std::string_view value) { return sized(value.data(), value.size()); }
  HashInput& blob(ByteView value) {
    return sized(reinterpret_cast<const char*>(value.data()), value.size());
  }
  HashInput& byte(std::uint8_t value) {
    *grow(1) = value;
    return *this;
  }
  /// A byte that tells null from a value, then the value.
  HashInput& value(const Value& value);

  Hash hash() const;
  LeafHash leaf_hash() const;
  /// Starts over, keeping the memory.
  void restart(std::string_view tag) {
    size_ = 0;
    text(tag);
  }

 private:
  static void put_integer(std::uint8_t* at, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i) at[i] = static_cast<std::uint8_t>(bits >> (8 * i));
  }
  HashInput& sized(const char* data, std::size_t size) {
    std::uint8_t* at = grow(8 + size);
    put_integer(at, static_cast<std::int64_t>(size));
    if (size > 0) std::memcpy(at + 8, data, size);
    return *this;
  }
  /// Room for so many bytes more.
  std::uint8_t* grow(std::size_t more) {
    const std::size_t at = size_;
    size_ += more;
    if (size_ > bytes_.size()) bytes_.resize(std::max<std::size_t>(2 * size_, 256));
    return bytes_.data() + at;
  }

  std::vector<std::uint8_t> bytes_;  ///< of which `size_` count
  std::size_t size_ = 0;
};

/// Merkle root over leaves in their order; leaves and inner nodes are hashed apart, a node without
/// a partner moves up as it is. All zeros where there are no leaves.
Hash merkle_root(std::span<const LeafHash> leaves);

/// The hash of a chain after one more element.
Hash chain_hash(const Hash& previous, const Hash& element);
/// The hash of a node over the heads of chains, from those of its two children.
Hash heads_node_hash(const Hash& left, const Hash& right);

Hash hash_from(ByteView bytes);  ///< zeros where the length is wrong
std::string to_hex(ByteView bytes);
/// Empty where the text is not hex.
Bytes from_hex(std::string_view hex);

}  // namespace arrears::storage
