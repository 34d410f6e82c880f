#include "adapters/storage/idempotency.h"

#include <array>

namespace arrears::storage {

Hash body_hash(std::string_view body) { return HashInput("arrears body 1").text(body).hash(); }

Question answer_question(base::Part part, std::string_view client, std::string_view key) {
  return {
      "SELECT body_hash, answer FROM idempotency_key "
      "WHERE part = :part AND client = :client AND idempotency_key = :key",
      {part, client, key}};
}

std::optional<StoredAnswer> read_answer(Query row) {
  if (!row.next()) return std::nullopt;
  return StoredAnswer{row.bytes_at(0), std::string(row.text_at(1))};
}

void store_answer(Connection& connection, base::Part part, std::string_view client,
                  std::string_view key, std::string_view body, std::string_view answer,
                  base::Instant recorded_at) {
  static const LaterWrite insert = insert_into(
      "idempotency_key", std::array<std::string_view, 6>{"part", "client", "idempotency_key",
                                                         "body_hash", "answer", "recorded_at"});
  connection.write_later(insert, {part, client, key, body_hash(body), answer, recorded_at.micros});
}

}  // namespace arrears::storage
