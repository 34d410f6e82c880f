#include "domain/portfolio/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace arrears::portfolio {
namespace {

constexpr int digit_bits = 11;
constexpr std::size_t digit_values = std::size_t{1} << digit_bits;

/// Points and overdue amount as one number, which rises in the order of the list.
struct Keyed {
  std::uint64_t key = 0;
  std::uint32_t group = 0;
};

/// Sorts by the lowest `bits` bits of the key, least significant digit first; equal keys stay in
/// their order.
void sort_by_key(std::vector<Keyed>& rows, int bits) {
  const int digits = (bits + digit_bits - 1) / digit_bits;
  std::vector<std::array<std::uint32_t, digit_values>> counts(static_cast<std::size_t>(digits));
  const auto digit = [](std::uint64_t key, int number) {
    return (key >> (number * digit_bits)) & (digit_values - 1);
  };
  for (const Keyed& row : rows)
    for (int number = 0; number < digits; ++number) ++counts[number][digit(row.key, number)];
  std::vector<Keyed> other(rows.size());
  for (int number = 0; number < digits; ++number) {
    std::uint32_t sum = 0;
    for (std::uint32_t& place : counts[number]) sum += std::exchange(place, sum);
    for (const Keyed& row : rows) other[counts[number][digit(row.key, number)]++] = row;
    rows.swap(other);
  }
}

}  // namespace

bool comes_before(const RankedGroup& a, const RankedGroup& b, std::span<const std::uint32_t> tie) {
  if (a.points != b.points) return a.points > b.points;
  if (a.overdue_base != b.overdue_base) return a.overdue_base > b.overdue_base;
  if (!tie.empty() && tie[a.group] != tie[b.group]) return tie[a.group] < tie[b.group];
  return a.group < b.group;
}

void order(std::vector<RankedGroup>& groups, std::span<const std::uint32_t> tie) {
  const auto before = [tie](const auto& a, const auto& b) { return comes_before(a, b, tie); };
  std::int64_t most_overdue = 0;
  std::int32_t most_points = 0;
  bool in_tie_order = true;
  std::uint32_t last = 0;
  for (const RankedGroup& group : groups) {
    const std::uint32_t place = tie.empty() ? group.group : tie[group.group];
    in_tie_order = in_tie_order && last <= place && group.overdue_base >= 0;
    last = place;
    most_overdue = std::max(most_overdue, group.overdue_base);
    most_points = std::max(most_points, group.points);
  }
  const auto bits_of = [](std::uint64_t value) { return static_cast<int>(std::bit_width(value)); };
  const int overdue_bits = bits_of(static_cast<std::uint64_t>(most_overdue));
  const int bits = overdue_bits + bits_of(static_cast<std::uint64_t>(most_points) + 1);
  if (!in_tie_order || bits > 63 || groups.size() < digit_values) {
    std::sort(groups.begin(), groups.end(), before);
    return;
  }
  std::vector<Keyed> keyed(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto points = static_cast<std::uint64_t>(groups[i].points) + 1;
    const auto overdue = static_cast<std::uint64_t>(groups[i].overdue_base);
    keyed[i] = {~(points << overdue_bits | overdue), groups[i].group};
  }
  sort_by_key(keyed, bits);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint64_t key = ~keyed[i].key;
    const std::uint64_t overdue = key & ((std::uint64_t{1} << overdue_bits) - 1);
    groups[i] = {static_cast<std::int64_t>(overdue), keyed[i].group,
                 static_cast<std::int32_t>(key >> overdue_bits) - 1};
  }
}

RankedList::RankedList(std::span<const RankedGroup> ordered, const std::vector<std::uint32_t>& tie)
    : tie_(tie), size_(ordered.size()) {
  while (!ordered.empty()) {
    const std::size_t count = std::min(piece_size, ordered.size());
    pieces_.emplace_back(ordered.begin(), ordered.begin() + count);
    ordered = ordered.subspan(count);
  }
}

/// The last piece that begins with the group or before it; the first one where none does.
std::size_t RankedList::piece_of(const RankedGroup& group) const {
  const auto after = std::partition_point(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
    return !comes_before(group, piece.front(), tie_);
  });
  return after == pieces_.begin() ? 0 : static_cast<std::size_t>(after - pieces_.begin()) - 1;
}

void RankedList::insert(const RankedGroup& group) {
  if (pieces_.empty()) pieces_.emplace_back();
  const std::size_t at = pieces_[0].empty() ? 0 : piece_of(group);
  Piece& piece = pieces_[at];
  const auto before = [this](const auto& a, const auto& b) { return comes_before(a, b, tie_); };
  piece.insert(std::lower_bound(piece.begin(), piece.end(), group, before), group);
  ++size_;
  if (piece.size() < 2 * piece_size) return;
  Piece second(piece.begin() + piece_size, piece.end());
  piece.resize(piece_size);
  pieces_.insert(pieces_.begin() + at + 1, std::move(second));
}

bool RankedList::erase(const RankedGroup& group) {
  if (pieces_.empty()) return false;
  const std::size_t at = piece_of(group);
  Piece& piece = pieces_[at];
  const auto before = [this](const auto& a, const auto& b) { return comes_before(a, b, tie_); };
  const auto found = std::lower_bound(piece.begin(), piece.end(), group, before);
  if (found == piece.end() || !(*found == group)) return false;
  piece.erase(found);
  if (piece.empty()) pieces_.erase(pieces_.begin() + at);
  --size_;
  return true;
}

std::size_t RankedList::place_of(const RankedGroup& group) const {
  std::size_t place = 0;
  if (pieces_.empty()) return place;
  const std::size_t at = piece_of(group);
  for (std::size_t i = 0; i < at; ++i) place += pieces_[i].size();
  const auto before = [this](const auto& a, const auto& b) { return comes_before(a, b, tie_); };
  const Piece& piece = pieces_[at];
  return place + (std::lower_bound(piece.begin(), piece.end(), group, before) - piece.begin());
}

std::vector<RankedGroup> RankedList::page(std::size_t first, std::size_t count) const {
  std::vector<RankedGroup> groups;
  for (const Piece& piece : pieces_) {
    if (groups.size() == count) break;
    if (first >= piece.size()) {
      first -= piece.size();
      continue;
    }
    const std::size_t taken = std::min(count - groups.size(), piece.size() - first);
    groups.insert(groups.end(), piece.begin() + first, piece.begin() + first + taken);
    first = 0;
  }
  return groups;
}

}  // namespace arrears::portfolio
