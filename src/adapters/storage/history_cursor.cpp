#include "adapters/storage/history_cursor.h"

#include <string>

namespace arrears::storage {

namespace {

#define ONE "= :customer"
#define ALL "IN (SELECT customer_id FROM customer WHERE part = :part AND party_id = :party)"
#define CUSTOMERS(those) "part = :part AND customer_id " those
#define PARTIES(those) \
  "part = :part AND party_id IN (SELECT party_id FROM customer WHERE " CUSTOMERS(those) ")"
// The last is answered by the index promise_item_elsewhere.
#define PROMISERS(those) \
  "SELECT party_id FROM promise WHERE " PARTIES(                        \
      those) " UNION SELECT party_id FROM promise_item WHERE " CUSTOMERS( \
      those) " UNION SELECT party_id FROM promise_item WHERE customer_id " those \
             " AND ((customer_id >> 11) & 1023) <> part -- wide"

}  // namespace

HistorySelection HistorySelection::parts(base::Part first, base::Part last) {
  constexpr std::string_view in_parts = "part BETWEEN :first AND :last";
  return {in_parts, in_parts, {}, " -- wide", first, last};
}

HistorySelection HistorySelection::one(parties::CustomerId customer) {
  return {CUSTOMERS(ONE), PARTIES(ONE), PROMISERS(ONE), "", customer.part(), customer.value};
}

HistorySelection HistorySelection::all_of(parties::PartyId party) {
  return {CUSTOMERS(ALL), PARTIES(ALL), PROMISERS(ALL), "", party.part(), party.value};
}

Query HistorySelection::query(Connection& connection, std::string_view select,
                              std::string_view condition, std::string_view key) const {
  std::string sql(select);
  sql += " WHERE ";
  sql += condition;
  sql += " ORDER BY ";
  sql += key;
  sql += mark;
  return connection.query(sql, first, second);
}

}  // namespace arrears::storage
