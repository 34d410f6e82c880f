#include "adapters/storage/hashing.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace arrears::storage {

namespace {
/// Chooses what the processor hashes and encrypts with best, and makes the library safe for
/// threads: before anything of it is used.
[[maybe_unused]] const bool sodium_ready = sodium_init() >= 0;
}  // namespace

HashInput& HashInput::value(const Value& value) {
  byte(static_cast<std::uint8_t>(value.kind()));
  switch (value.kind()) {
    case Value::Kind::null:
      return *this;
    case Value::Kind::integer:
      return integer(value.integer());
    case Value::Kind::text:
      return text(value.text());
    case Value::Kind::blob:
      return blob(value.blob());
  }
  return *this;
}

Hash HashInput::hash() const {
  Hash out;
  crypto_generichash(out.data(), out.size(), bytes_.data(), size_, nullptr, 0);
  return out;
}

LeafHash HashInput::leaf_hash() const {
  LeafHash out;
  crypto_generichash(out.data(), out.size(), bytes_.data(), size_, nullptr, 0);
  return out;
}

namespace {
/// `kind` keeps hashes over two hashes apart.
Hash hash_of_two(std::uint8_t kind, const Hash& first, const Hash& second) {
  std::array<std::uint8_t, 65> bytes{kind};
  std::copy(first.begin(), first.end(), bytes.begin() + 1);
  std::copy(second.begin(), second.end(), bytes.begin() + 33);
  Hash out;
  crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), nullptr, 0);
  return out;
}
}  // namespace

Hash merkle_root(std::span<const LeafHash> leaves) {
  if (leaves.empty()) return Hash{};
  std::vector<Hash> level;
  level.reserve(leaves.size());
  for (const LeafHash& leaf : leaves) {
    std::array<std::uint8_t, 17> bytes{};
    std::copy(leaf.begin(), leaf.end(), bytes.begin() + 1);
    crypto_generichash(level.emplace_back().data(), 32, bytes.data(), bytes.size(), nullptr, 0);
  }
  while (level.size() > 1) {
    std::size_t above = 0;
    for (std::size_t i = 0; i < level.size(); i += 2, ++above) {
      if (i + 1 == level.size()) {
        level[above] = level[i];
        continue;
      }
      level[above] = hash_of_two(1, level[i], level[i + 1]);
    }
    level.resize(above);
  }
  return level.front();
}

Hash chain_hash(const Hash& previous, const Hash& element) {
  return hash_of_two(2, previous, element);
}

Hash heads_node_hash(const Hash& left, const Hash& right) { return hash_of_two(3, left, right); }

Hash hash_from(ByteView bytes) {
  Hash hash{};
  if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::string to_hex(ByteView bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

Bytes from_hex(std::string_view hex) {
  Bytes bytes(hex.size() / 2);
  std::size_t length = 0;
  const char* end = nullptr;
  const int code =
      sodium_hex2bin(bytes.data(), bytes.size(), hex.data(), hex.size(), nullptr, &length, &end);
  if (code != 0 || end != hex.data() + hex.size() || length != bytes.size()) return {};
  return bytes;
}

}  // namespace arrears::storage
