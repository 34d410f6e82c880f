#include "adapters/storage/hashing.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace arrears::storage {

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
      std::array<std::uint8_t, 65> bytes{1};
      std::copy(level[i].begin(), level[i].end(), bytes.begin() + 1);
      std::copy(level[i + 1].begin(), level[i + 1].end(), bytes.begin() + 33);
      crypto_generichash(level[above].data(), 32, bytes.data(), bytes.size(), nullptr, 0);
    }
    level.resize(above);
  }
  return level.front();
}

Hash chain_hash(const Hash& previous, const Hash& element) {
  std::array<std::uint8_t, 65> bytes{2};
  std::copy(previous.begin(), previous.end(), bytes.begin() + 1);
  std::copy(element.begin(), element.end(), bytes.begin() + 33);
  Hash out;
  crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), nullptr, 0);
  return out;
}

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
