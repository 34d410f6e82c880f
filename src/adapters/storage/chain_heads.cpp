#include "adapters/storage/chain_heads.h"

#include <algorithm>

namespace arrears::storage {

ChainHead ChainHeads::of(base::Part part) const {
  const auto found = heads_.find(part);
  return found == heads_.end() ? ChainHead{} : found->second;
}

void ChainHeads::put(base::Part part, const ChainHead& head) {
  heads_[part] = head;
  const std::size_t leaf = base::part_count + static_cast<std::size_t>(part);
  nodes_[leaf] =
      HashInput("arrears head 2").integer(part).integer(head.seq).blob(head.chain).hash();
  stale_.push_back(leaf);
}

const Hash& ChainHeads::root() {
  std::sort(stale_.begin(), stale_.end());
  while (!stale_.empty()) {
    for (std::size_t& node : stale_) node /= 2;
    stale_.erase(std::unique(stale_.begin(), stale_.end()), stale_.end());
    if (stale_.front() == 0) stale_.clear();
    for (const std::size_t node : stale_)
      nodes_[node] = heads_node_hash(nodes_[2 * node], nodes_[2 * node + 1]);
  }
  return nodes_[1];
}

}  // namespace arrears::storage
