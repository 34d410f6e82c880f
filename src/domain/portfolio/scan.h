#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "base/check.h"
#include "base/checked.h"
#include "domain/portfolio/columns.h"
#include "domain/portfolio/lanes.h"

/// How the questions read the rows: what is open on a day, as known at an ordinal.
namespace arrears::portfolio {

/// A business date, and what was known by then or later. `known_at` is a checkpoint, or `latest`.
struct AsOf {
  Date day;
  Ordinal known_at = latest;
};

/// Whether a row was in force.
inline bool holds(Ordinal known_from, Ordinal known_until, Ordinal at) {
  return known_from <= at && at < known_until;
}

/// The plain day of `date`, nothing before the first one. Dates beyond the last are a mistake.
inline std::optional<Day> plain_day_of(Date date) {
  ARREARS_REQUIRE(date <= last_day);
  if (date < first_day) return std::nullopt;
  return static_cast<Day>(date - first_day);
}

/// Reads plain items sixteen at a time. `known` is false where everything committed counts, which
/// spares the ordinals.
template <bool known>
class PlainItems {
 public:
  PlainItems(const Columns& columns, Ordinal known_at)
      : issued_(columns.issued_on.data()),
        settled_(columns.settled_on.data()),
        known_from_(columns.known_from.data()),
        settled_known_(columns.settled_known.data()),
        size_(static_cast<std::uint32_t>(columns.amount.size())),
        known_at_(known_at) {}

  /// Lanes from `at` on, at most `count`, that are open as of `day`.
  Lanes open(std::uint32_t at, std::uint32_t count, Day day) const {
    const bool whole = is_whole(at);
    Lanes issued = days_until(issued_ + at, day, count, whole);
    Lanes settled = days_until(settled_ + at, day, count, whole);
    if constexpr (known) {
      issued &= known_by(known_from_ + at, known_at_, count, whole);
      settled &= known_by(settled_known_ + at, known_at_, count, whole);
    }
    return issued & ~settled & first_lanes(count);
  }

  /// Writes the places, counted from `at`, of the open ones of `count` items; up to a piece more is
  /// written to `out`. Returns how many are open.
  std::uint32_t list_open(std::uint32_t at, std::uint32_t count, Day day,
                          std::uint16_t* out) const {
    std::uint32_t listed = 0;
    for (std::uint32_t i = 0; i < count; i += lane_count) {
      listed += list_lanes(open(at + i, count - i, day), i, out + listed);
    }
    return listed;
  }

  /// Lanes that were settled after `since`, on or before `day`.
  Lanes settled(std::uint32_t at, std::uint32_t count, Day since, Day day) const {
    const bool whole = is_whole(at);
    Lanes lanes = days_until(settled_ + at, day, count, whole) &
                  ~days_until(settled_ + at, since, count, whole);
    if constexpr (known) {
      lanes &= known_by(known_from_ + at, known_at_, count, whole) &
               known_by(settled_known_ + at, known_at_, count, whole);
    }
    return lanes & first_lanes(count);
  }

  bool is_whole(std::uint32_t at) const { return at + lane_count <= size_; }

 private:
  const Day* issued_;
  const Day* settled_;
  const Ordinal* known_from_;
  const Ordinal* settled_known_;
  std::uint32_t size_;
  Ordinal known_at_;
};

/// Calls `each(first, count)` for pieces of [begin, end) of at most sixteen items.
template <class Each>
[[gnu::always_inline]] inline void for_each_piece(std::uint32_t begin, std::uint32_t end,
                                                  Each&& each) {
  for (; begin < end; begin += std::min(lane_count, end - begin)) {
    each(begin, std::min(lane_count, end - begin));
  }
}

/// The movements of a traced item; `row` must not be the last, which is one too many.
inline std::span<const Movement> movements_of(const Columns& columns, const TracedItem& row) {
  return columns.movements.subspan(row.movements, (&row)[1].movements - row.movements);
}

/// Open amount of a traced item.
inline std::int64_t open_amount(const Columns& columns, const TracedItem& row, AsOf as_of) {
  if (row.issued_on > as_of.day.days) return 0;
  if (!holds(row.known_from, row.known_until, as_of.known_at)) return 0;
  if (row.moved_on <= as_of.day.days && row.moved_known <= as_of.known_at) return row.open;
  std::int64_t open = row.amount;
  // A single movement, later than the day, needs no look.
  if ((&row)[1].movements - row.movements == 1 && row.moved_on > as_of.day.days) return open;
  for (const Movement& movement : movements_of(columns, row)) {
    if (movement.allocated_on > as_of.day.days) break;
    if (!holds(movement.known_from, movement.known_until, as_of.known_at)) continue;
    open = base::checked_sub(open, movement.amount);
  }
  return open;
}

}  // namespace arrears::portfolio
