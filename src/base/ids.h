#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/clock.h"

/// 64-bit ids made by the program, and the logical partition (`part`) that each carries.
///
/// Layout, high to low: sign 0, 42 bits of milliseconds since 2020-01-01, 10 bits of slot, 11 bits
/// of node and sequence. Without other meaning; strings in JSON. See docs/decisions/0002.
namespace arrears::base {

constexpr int part_count = 1024;

/// A fixed logical partition of customers, 0..1023; a group stays in one part.
using Part = std::int32_t;

/// An id of a `Tag`; different tags do not mix.
template <class Tag>
struct Id {
  std::int64_t value = 0;  ///< 0 means none.
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
  /// The part that the id was made in.
  Part part() const { return static_cast<Part>((value >> 11) & (part_count - 1)); }
};

template <class Tag>
std::string to_string(Id<Tag> id) {
  return std::to_string(id.value);
}

/// The slot of a text key, stable for ever: FNV-1a folded to 10 bits. Used for what has no parent
/// to take its part from (a new party, a number in number_index, an idempotency key).
Part slot_of(std::string_view key);

/// Makes ids for one process. Ids of one part rise strictly, also when the clock steps back.
class IdSource {
 public:
  /// `node` (0..31) tells processes on one database apart. `before_first` is called before the
  /// first id of a part and may call `rise_above`.
  IdSource(const Clock& clock, int node, std::function<void(Part)> before_first = {})
      : clock_(clock), node_(node & 31), before_first_(std::move(before_first)) {}

  std::int64_t next(Part part);

  template <class Tag>
  Id<Tag> make(Part part) {
    return Id<Tag>{next(part)};
  }

  /// Later ids of `part` will be greater than `id`.
  void rise_above(Part part, std::int64_t id);

 private:
  const Clock& clock_;
  int node_;
  std::function<void(Part)> before_first_;
  std::array<std::int64_t, part_count> last_tick_{};  ///< milliseconds * 64 + sequence, per part
};

}  // namespace arrears::base

template <class Tag>
struct std::hash<arrears::base::Id<Tag>> {
  std::size_t operator()(arrears::base::Id<Tag> id) const {
    return std::hash<std::int64_t>{}(id.value);
  }
};
