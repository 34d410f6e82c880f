#include "adapters/storage/db.h"

namespace arrears::storage {

Query Connection::lease(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::string(sql), prepare(sql)).first;
  }
  // A text that runs inside its own loop gets a second statement for that time.
  if (found->second->leased) return Query(prepare(sql));
  return Query(*found->second);
}

Savepoint::~Savepoint() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK TO SAVEPOINT step");
    connection_.execute("RELEASE SAVEPOINT step");
  } catch (const StorageError&) {
    // The engine has ended the whole transaction already (disk full): nothing is left to undo.
  }
}

}  // namespace arrears::storage
