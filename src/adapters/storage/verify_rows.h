#pragma once

#include <string>
#include <vector>

#include "adapters/storage/db.h"
#include "adapters/storage/facts.h"
#include "base/ids.h"

/// How verification reads: each table once, from front to back. Internal to verify.
namespace arrears::storage {

/// Rows in order of their part, which is column 0.
class PartRows {
 public:
  /// `select` has no condition; `key` begins with the part.
  PartRows(Connection& connection, const std::string& select, const std::string& key)
      : query_(connection.query(select + " ORDER BY " + key + " -- wide")) {
    next();
  }

  /// Calls `each` with the rows of the part. Parts are asked for in rising order.
  template <class Each>
  void of(base::Part part, const Each& each) {
    while (more_ && part_ < part) next();
    for (; more_ && part_ == part; next()) each(query_);
  }

 private:
  void next() {
    more_ = query_.next();
    if (more_) part_ = query_.int64_at(0);
  }

  Query query_;
  bool more_ = false;
  std::int64_t part_ = 0;
};

/// "part, customer_id, document_id": the key columns of a fact table.
std::string key_columns(const FactTable& table);

/// The tables of the journal and of the facts in one snapshot.
struct VerifiedTables {
  explicit VerifiedTables(Connection& connection);

  PartRows journal;  ///< `journal_columns`, then the row hashes
  PartRows seals;
  PartRows pending;
  PartRows heads;
  PartRows checkpoint_heads;
  std::vector<PartRows> facts;  ///< in the order of facts::all()
};

}  // namespace arrears::storage
