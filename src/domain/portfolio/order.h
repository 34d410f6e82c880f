#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/portfolio/ranking.h"

namespace arrears::portfolio {

/// Whether `a` comes before `b`: more points, then more overdue, then the smaller tie, then the
/// smaller group; not ranked ones last. An empty `tie` leaves out that step.
bool comes_before(const RankedGroup& a, const RankedGroup& b, std::span<const std::uint32_t> tie);

/// Puts the groups in that order; fastest where they come in order of `tie` (else of group).
void order(std::vector<RankedGroup>& groups, std::span<const std::uint32_t> tie);

/// The groups of two lists that are in order, in order.
std::vector<RankedGroup> merge(std::span<const RankedGroup> first,
                               std::span<const RankedGroup> second,
                               std::span<const std::uint32_t> tie);

/// A ranked list that changes group by group. Pieces of about a thousand, so that a change moves
/// little memory in a list of a million.
class RankedList {
 public:
  /// `ordered`: in order of `tie`, which must outlive the list and may grow.
  RankedList(std::span<const RankedGroup> ordered, const std::vector<std::uint32_t>& tie);

  std::size_t size() const { return size_; }
  void insert(const RankedGroup& group);
  /// Removes exactly this; false where the list does not hold it.
  bool erase(const RankedGroup& group);
  /// Groups before this one: its place, counted from 0.
  std::size_t place_of(const RankedGroup& group) const;
  /// At most `count` groups from place `first` on.
  std::vector<RankedGroup> page(std::size_t first, std::size_t count) const;

 private:
  static constexpr std::size_t piece_size = 1024;
  using Piece = std::vector<RankedGroup>;

  std::size_t piece_of(const RankedGroup& group) const;

  const std::vector<std::uint32_t>& tie_;
  std::vector<Piece> pieces_;  ///< none empty
  std::size_t size_ = 0;
};

}  // namespace arrears::portfolio
