#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/storage/db.h"
#include "adapters/storage/hashing.h"
#include "base/clock.h"
#include "base/ids.h"

/// Idempotency keys: what a command answered, under (part of what it addresses, client, key).
namespace arrears::storage {

struct StoredAnswer {
  Bytes body_hash;
  std::string answer;
};

Hash body_hash(std::string_view body);

/// What was answered, as a question and how its answer is read.
Question answer_question(base::Part part, std::string_view client, std::string_view key);
std::optional<StoredAnswer> read_answer(Query row);

/// In the command's own transaction. A key that is there already is a StorageError (unique), which
/// may come as late as with the commit.
void store_answer(Connection& connection, base::Part part, std::string_view client,
                  std::string_view key, std::string_view body, std::string_view answer,
                  base::Instant recorded_at);

}  // namespace arrears::storage
