#include "domain/portfolio/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace arrears::portfolio {
namespace {

constexpr int most_digit_bits = 12;
constexpr std::size_t digit_values = std::size_t{1} << most_digit_bits;

/// Sorts by points, then overdue amount, both falling; equal ones stay in their order. From the
/// least significant digit of the two as one number of `bits` bits.
void sort_by_digits(std::vector<RankedGroup>& groups, int overdue_bits, int bits) {
  const int digits = (bits + most_digit_bits - 1) / most_digit_bits;
  const int digit_bits = (bits + digits - 1) / digits;
  const std::uint64_t mask = (std::uint64_t{1} << digit_bits) - 1;
  std::vector<std::array<std::uint32_t, digit_values>> counts(static_cast<std::size_t>(digits));
  const auto key_of = [overdue_bits](const RankedGroup& group) {
    const auto points = static_cast<std::uint64_t>(group.points) + 1;
    return ~(points << overdue_bits | static_cast<std::uint64_t>(group.overdue_base));
  };
  for (const RankedGroup& group : groups) {
    std::uint64_t key = key_of(group);
    for (auto& count : counts) {
      ++count[key & mask];
      key >>= digit_bits;
    }
  }
  std::vector<RankedGroup> other(groups.size());
  int shift = 0;
  for (auto& count : counts) {
    std::uint32_t sum = 0;
    for (std::uint32_t& place : count) sum += std::exchange(place, sum);
    for (const RankedGroup& group : groups) other[count[key_of(group) >> shift & mask]++] = group;
    groups.swap(other);
    shift += digit_bits;
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
  sort_by_digits(groups, overdue_bits, bits);
}

std::vector<RankedGroup> merge(std::span<const RankedGroup> first,
                               std::span<const RankedGroup> second,
                               std::span<const std::uint32_t> tie) {
  std::vector<RankedGroup> merged(first.size() + second.size());
  const auto key_of = [](const RankedGroup& group) {
    return (Wide{group.points} << 64) + group.overdue_base;
  };
  auto a = first.begin();
  auto b = second.begin();
  auto out = merged.begin();
  // Which comes next nobody can guess: no branch for it, but for ties.
  while (a != first.end() && b != second.end()) {
    const Wide key_a = key_of(*a), key_b = key_of(*b);
    const bool takes_b = key_a == key_b ? comes_before(*b, *a, tie) : key_a < key_b;
    *out++ = *(takes_b ? b : a);
    a += takes_b ? 0 : 1;
    b += takes_b ? 1 : 0;
  }
  out = std::copy(a, first.end(), out);
  std::copy(b, second.end(), out);
  return merged;
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
