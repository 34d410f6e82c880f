#include "adapters/storage/fact_rows.h"

#include <bit>

namespace arrears::storage {

std::string FactScan::is_one_of(std::size_t count) {
  ARREARS_REQUIRE(count >= 1 && count <= most_owners);
  if (count == 1) return "= :owner0";
  std::string text = "IN (:owner0";
  for (std::size_t i = 1; i < std::bit_ceil(count); ++i) text += ", :owner" + std::to_string(i);
  return text + ")";
}

std::string FactScan::of_owners(const FactTable& table, std::size_t count) {
  std::string condition = " WHERE part = :part";
  if (count == 0) return condition;
  return condition + " AND " + std::string(table.columns[1].name) + " " + is_one_of(count);
}

std::vector<Value> FactScan::values_of(base::Part part, Owners owners) {
  std::vector<Value> values = {part};
  if (owners.empty()) return values;
  for (std::size_t i = 0; i < std::bit_ceil(owners.size()); ++i)
    values.emplace_back(owners[std::min(i, owners.size() - 1)]);
  return values;
}

}  // namespace arrears::storage
