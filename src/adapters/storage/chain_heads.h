#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "adapters/storage/hashing.h"
#include "base/ids.h"

/// Where the chains of the parts stand, and the one hash of all of them that a checkpoint signs.
namespace arrears::storage {

/// Where a part's chain stands.
struct ChainHead {
  std::int64_t seq = 0;  ///< 0: the part has no entries
  Hash chain{};
  bool operator==(const ChainHead&) const = default;
};

/// The heads of all parts that have entries, under a binary Merkle tree with a leaf for each part
/// that there can be: after few of them moved, few of its nodes are hashed anew.
class ChainHeads {
 public:
  ChainHeads() : nodes_(2 * base::part_count) {}

  ChainHead of(base::Part part) const;
  void put(base::Part part, const ChainHead& head);

  /// A leaf is the hash of part, sequence and chain; a node that of its two children, with nothing
  /// but zeros for a child without any head below it. All zeros where there are no heads.
  const Hash& root();

  /// In order of part.
  auto begin() const { return heads_.begin(); }
  auto end() const { return heads_.end(); }
  bool operator==(const ChainHeads& other) const { return heads_ == other.heads_; }

 private:
  std::map<base::Part, ChainHead> heads_;
  std::vector<Hash> nodes_;         ///< the root at 1, the children of n at 2n and 2n + 1
  std::vector<std::size_t> stale_;  ///< leaves whose way up is not hashed yet
};

}  // namespace arrears::storage
