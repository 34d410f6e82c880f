#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
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

/// A plain item before it is put in its place.
struct PlainItem {
  Day issued_on = 0;
  Day due_on = 0;
  Day settled_on = no_day;
  std::int32_t amount = 0;
  std::uint8_t item_class = 0;
  std::uint8_t value_lag = 0;
  Ordinal known_from = 0;
  Ordinal settled_known = forever;
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

/// An item with at most one movement.
inline PlainItem plain_item(const InstalmentFact& fact, Ordinal known_from,
                            std::span<const ItemMovement> movements) {
  PlainItem item;
  item.issued_on = plain_day(fact.issued_on.days);
  item.due_on = plain_day(fact.due_on.days);
  item.amount = static_cast<std::int32_t>(fact.amount_minor);
  item.item_class = class_of(fact);
  item.known_from = known_from;
  if (movements.empty()) return item;
  const Movement& settled = movements[0].movement;
  item.item_class |= movements[0].kind;
  item.settled_on = plain_day(settled.allocated_on);
  item.value_lag = static_cast<std::uint8_t>(settled.allocated_on - settled.valued_on);
  item.settled_known = settled.known_from;
  return item;
}

inline void append(ColumnStore& store, const PlainItem& item) {
  store.issued_on.push_back(item.issued_on);
  store.due_on.push_back(item.due_on);
  store.settled_on.push_back(item.settled_on);
  store.amount.push_back(item.amount);
  store.item_class.push_back(item.item_class);
  store.value_lag.push_back(item.value_lag);
  store.known_from.push_back(item.known_from);
  store.settled_known.push_back(item.settled_known);
}

/// The row of an item that is not plain, but for its place among the others. Its movements come to
/// an open amount that holds from the day and the ordinal of the last of them on.
inline TracedItem traced_item(const InstalmentFact& fact, std::span<const ItemMovement> movements) {
  TracedItem item;
  item.amount = item.open = fact.amount_minor;
  item.issued_on = fact.issued_on.days;
  item.due_on = fact.due_on.days;
  item.item_class = class_of(fact);
  constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();
  bool was_open = true;  // at the end of the last day but one, with movements on it
  for (const ItemMovement& row : movements) {
    const Movement& movement = row.movement;
    const bool ends = movement.known_until != forever;
    item.moved_known = std::max(item.moved_known, movement.known_from);
    if (ends) item.moved_known = std::max(item.moved_known, movement.known_until);
    if (ends) continue;
    if (item.moved_on != movement.allocated_on) {  // they come in order of that day
      was_open = item.moved_on == never || item.open != 0;
      item.moved_on = movement.allocated_on;
    }
    item.open = base::checked_sub(item.open, movement.amount);
  }
  item.settled_at_last = item.moved_on != never && item.open == 0 && was_open;
  return item;
}

}  // namespace arrears::portfolio
