#include "adapters/storage/chain_heads.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace arrears::storage {
namespace {

Hash some_hash(std::mt19937_64& random) {
  Hash hash;
  for (std::uint8_t& byte : hash) byte = static_cast<std::uint8_t>(random());
  return hash;
}

TEST(ChainHeads, without_heads_the_root_is_zeros) {
  ChainHeads heads;
  EXPECT_EQ(heads.root(), Hash{});
  EXPECT_EQ(heads.of(7), ChainHead{});
}

TEST(ChainHeads, the_root_does_not_depend_on_the_way_to_the_heads) {
  std::mt19937_64 random(20261122);
  ChainHeads heads;
  for (int round = 0; round < 200; ++round) {
    for (std::uint64_t moved = random() % 20; moved > 0; --moved) {
      const auto part = static_cast<base::Part>(random() % base::part_count);
      heads.put(part, {heads.of(part).seq + 1, some_hash(random)});
    }
    ChainHeads anew;
    for (const auto& [part, head] : heads) anew.put(part, head);
    ASSERT_EQ(heads.root(), anew.root()) << round;
    ASSERT_EQ(heads, anew) << round;
  }
}

TEST(ChainHeads, every_change_of_a_head_changes_the_root) {
  std::mt19937_64 random(20261122);
  const ChainHead head{3, some_hash(random)};
  ChainHead other_chain = head;
  other_chain.chain[31] ^= 1;
  std::set<Hash> roots;
  std::size_t count = 0;
  for (const base::Part part : {0, 1, 511, 512, base::part_count - 1}) {
    for (const ChainHead& each : {head, ChainHead{4, head.chain}, other_chain}) {
      ChainHeads heads;
      heads.put(600, head);
      heads.put(part, each);
      roots.insert(heads.root());
      ++count;
    }
  }
  EXPECT_EQ(roots.size(), count);
}

}  // namespace
}  // namespace arrears::storage
