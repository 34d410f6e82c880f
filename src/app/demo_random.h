#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace arrears::app {

/// Small numbers that look random and are the same on every machine (SplitMix64): the standard
/// library's distributions differ between its makers.
class DemoRandom {
 public:
  explicit DemoRandom(std::uint64_t seed) : state_(seed) {}

  /// 0 .. bound - 1; the bound is above 0. The small bias of the remainder does no harm here.
  std::int64_t below(std::int64_t bound) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
    return static_cast<std::int64_t>((bits ^ (bits >> 31)) % static_cast<std::uint64_t>(bound));
  }
  /// Both limits included.
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  int days(int low, int high) { return static_cast<int>(between(low, high)); }
  bool percent(int share) { return below(100) < share; }
  bool per_mille(int share) { return below(1000) < share; }

  template <class T, std::size_t n>
  const T& pick(const std::array<T, n>& from) {
    return from[static_cast<std::size_t>(below(n))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace arrears::app
