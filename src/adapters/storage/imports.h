#pragma once

#include <functional>
#include <vector>

#include "adapters/storage/db.h"
#include "app/store.h"

namespace arrears::storage {

/// Rows of files that are on their way in: not facts yet, and gone when the import is published or
/// given up.
class ImportStaging {
 public:
  explicit ImportStaging(Connection& connection) : connection_(connection) {}

  std::vector<app::ImportBatch> batches();
  void put(const app::ImportBatch& batch);
  void add(std::int64_t batch, const app::ImportChunk& chunk);
  void each_chunk(std::int64_t batch, const std::function<void(const app::ImportChunk&)>& each);
  void drop(std::int64_t batch);

 private:
  Connection& connection_;
};

}  // namespace arrears::storage
