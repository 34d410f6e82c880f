#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/checked.h"
#include "domain/portfolio/columns.h"

/// From one instalment and its movements to a row. Inside of add_customer.cpp only.
namespace arrears::portfolio {

/// A movement with the instalment it is on.
struct ItemMovement {
  std::uint32_t document = 0;  ///< number within the customer
  std::int32_t instalment = 1;
  std::uint8_t kind = 0;
  Movement movement;
};

inline bool is_sale(receivables::DocumentKind kind) {
  switch (kind) {
    case receivables::DocumentKind::invoice:
    case receivables::DocumentKind::credit_note:
    case receivables::DocumentKind::fee:
    case receivables::DocumentKind::interest_note:
      return true;
    case receivables::DocumentKind::opening_balance:
    case receivables::DocumentKind::refund:
    case receivables::DocumentKind::adjustment:
      return false;
  }
  return false;
}

inline std::uint8_t class_of(const InstalmentFact& fact) {
  return static_cast<std::uint8_t>(
      (is_sale(fact.kind) ? 0 : not_a_sale) |
      (fact.kind == receivables::DocumentKind::adjustment ? adjustment : 0) |
      (fact.amount_minor < 0 ? negative : 0));
}

inline bool is_plain_day(std::int32_t day) { return first_day.days <= day && day <= last_day.days; }
inline Day plain_day(std::int32_t day) { return static_cast<Day>(day - first_day.days); }

/// The row of an item that is not plain, but for its place among the others. Its movements come to
/// an open amount that holds from the day and the ordinal of the last of them on.
inline TracedItem traced_item(const InstalmentFact& fact, std::span<const ItemMovement> movements) {
  TracedItem item;
  item.amount = item.open = fact.amount_minor;
  item.issued_on = fact.issued_on.days;
  item.due_on = fact.due_on.days;
  item.item_class = class_of(fact);
  for (const ItemMovement& row : movements) {
    const Movement& movement = row.movement;
    const bool ends = movement.known_until != forever;
    item.moved_known = std::max(item.moved_known, movement.known_from);
    if (ends) item.moved_known = std::max(item.moved_known, movement.known_until);
    if (ends) continue;
    item.moved_on = std::max(item.moved_on, movement.allocated_on);
    item.open = base::checked_sub(item.open, movement.amount);
  }
  return item;
}

}  // namespace arrears::portfolio
