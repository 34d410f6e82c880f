#pragma once

#include <array>
#include <cstdint>
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
  HashInput& integer(std::int64_t value);
  HashInput& text(std::string_view value);
  HashInput& blob(ByteView value);
  HashInput& byte(std::uint8_t value);
  /// A byte that tells null from a value, then the value.
  HashInput& value(const Value& value);

  Hash hash() const;
  LeafHash leaf_hash() const;
  /// Starts over, keeping the memory.
  void restart(std::string_view tag) {
    bytes_.clear();
    text(tag);
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Merkle root over leaves in their order; leaves and inner nodes are hashed apart, a node without
/// a partner moves up as it is. All zeros where there are no leaves.
Hash merkle_root(std::span<const LeafHash> leaves);

/// The hash of a chain after one more element.
Hash chain_hash(const Hash& previous, const Hash& element);

Hash hash_from(ByteView bytes);  ///< zeros where the length is wrong
std::string to_hex(ByteView bytes);
/// Empty where the text is not hex.
Bytes from_hex(std::string_view hex);

}  // namespace arrears::storage
