#include "adapters/storage/verify_numbers.h"

#include <unordered_set>

#include "app/store.h"

namespace arrears::storage {

namespace {

using Subjects = std::unordered_set<std::int64_t>;

Subjects indexed_subjects(Connection& connection, app::NumberKind kind) {
  Subjects subjects;
  Query rows = connection.query("SELECT subject_id FROM number_index WHERE kind = :kind -- wide",
                                static_cast<int>(kind));
  while (rows.next()) subjects.insert(rows.int64_at(0));
  return subjects;
}

/// Where the numbers of one kind stand as facts.
struct Numbered {
  app::NumberKind kind;
  std::string_view word;
  std::string_view sql;  ///< part, id, number of each thing that must be in the index
};

constexpr Numbered numbered[] = {
    {app::NumberKind::customer, "customer",
     "SELECT part, customer_id, number FROM customer WHERE version = 1 -- wide"},
    {app::NumberKind::document, "document",
     "SELECT part, document_id, number FROM document WHERE version = 1 -- wide"},
    {app::NumberKind::payment, "payment",
     "SELECT part, payment_id, number FROM payment WHERE version = 1 AND kind = 0 -- wide"},
    {app::NumberKind::promise, "promise", "SELECT part, promise_id, number FROM promise -- wide"},
};

}  // namespace

void verify_numbers(Connection& connection, Verification& result) {
  for (const Numbered& things : numbered) {
    const Subjects indexed = indexed_subjects(connection, things.kind);
    Query rows = connection.query(things.sql);
    while (rows.next()) {
      if (indexed.contains(rows.int64_at(1))) continue;
      result.add(ProblemKind::number_missing, "part " + std::to_string(rows.int64_at(0)),
                 "The number index lacks " + std::string(things.word) + " " +
                     std::string(rows.text_at(2)) + ": the number could be recorded twice.");
    }
  }
}

}  // namespace arrears::storage
