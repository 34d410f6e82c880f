#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "domain/portfolio/columns.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Sixteen plain items at a time: which of them are what, as a bit mask (bit i is item i), and
/// their weighted days. SSE2, which every x86-64 has; a plain loop elsewhere and at the end of a
/// column.
namespace arrears::portfolio {

constexpr std::uint32_t lane_count = 16;
using Lanes = std::uint32_t;

/// The first `count` lanes.
inline Lanes first_lanes(std::uint32_t count) {
  return count >= lane_count ? 0xFFFF : (Lanes{1} << count) - 1;
}

template <class Test>
Lanes lanes_where(std::uint32_t count, Test test) {
  Lanes lanes = 0;
  for (std::uint32_t i = 0; i < count && i < lane_count; ++i) lanes |= Lanes{test(i)} << i;
  return lanes;
}

/// Lanes whose day is on or before `day`. `whole`: all sixteen may be read.
inline Lanes days_until(const Day* days, Day day, std::uint32_t count, bool whole) {
#if defined(__SSE2__)
  if (whole) {
    const __m128i limit = _mm_set1_epi16(static_cast<short>(day));
    const __m128i zero = _mm_setzero_si128();
    const auto at = [&](int i) {
      const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(days) + i);
      return _mm_cmpeq_epi16(_mm_subs_epu16(lane, limit), zero);
    };
    return static_cast<Lanes>(_mm_movemask_epi8(_mm_packs_epi16(at(0), at(1))));
  }
#endif
  (void)whole;
  return lanes_where(count, [&](std::uint32_t i) { return days[i] <= day; });
}

/// Lanes whose ordinal is at or before `at`.
inline Lanes known_by(const Ordinal* ordinals, Ordinal at, std::uint32_t count, bool whole) {
#if defined(__SSE2__)
  if (whole) {
    // Compared as signed numbers: both sides moved by 2^31.
    const __m128i bias = _mm_set1_epi32(static_cast<int>(0x80000000U));
    const __m128i limit = _mm_xor_si128(_mm_set1_epi32(static_cast<int>(at)), bias);
    const auto after = [&](int i) {
      const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ordinals) + i);
      return _mm_cmpgt_epi32(_mm_xor_si128(lane, bias), limit);
    };
    const __m128i low = _mm_packs_epi32(after(0), after(1));
    const __m128i high = _mm_packs_epi32(after(2), after(3));
    return ~static_cast<Lanes>(_mm_movemask_epi8(_mm_packs_epi16(low, high))) & 0xFFFF;
  }
#endif
  (void)whole;
  return lanes_where(count, [&](std::uint32_t i) { return ordinals[i] <= at; });
}

/// For each byte: the places of its set bits, and how many there are.
struct BitPlaces {
  std::uint8_t places[256][8]{};
  std::uint8_t count[256]{};
  constexpr BitPlaces() {
    for (int byte = 0; byte < 256; ++byte)
      for (int bit = 0; bit < 8; ++bit)
        if (byte >> bit & 1) places[byte][count[byte]++] = static_cast<std::uint8_t>(bit);
  }
};
inline constexpr BitPlaces bit_places;

/// Writes `first` plus the number of each lane; sixteen places of `out` may be written to. Returns
/// how many there are. Without a branch: the machine cannot guess which lanes are set.
inline std::uint32_t list_lanes(Lanes lanes, std::uint32_t first, std::uint16_t* out) {
  std::uint32_t listed = 0;
  for (int half = 0; half < 16; half += 8) {
    const std::uint32_t byte = lanes >> half & 0xFF;
#if defined(__SSE2__)
    const __m128i places =
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bit_places.places[byte]));
    const __m128i wide = _mm_unpacklo_epi8(places, _mm_setzero_si128());
    const __m128i base = _mm_set1_epi16(static_cast<short>(first + half));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + listed), _mm_add_epi16(wide, base));
#else
    for (int i = 0; i < 8; ++i)
      out[listed + i] = static_cast<std::uint16_t>(first + half + bit_places.places[byte][i]);
#endif
    listed += bit_places.count[byte];
  }
  return listed;
}

/// Calls `each(i)` for every lane.
template <class Each>
[[gnu::always_inline]] inline void for_each_lane(Lanes lanes, Each&& each) {
  for (; lanes != 0; lanes &= lanes - 1) each(static_cast<std::uint32_t>(std::countr_zero(lanes)));
}

/// The sum of the amounts.
inline std::int64_t amount_sum(const std::int32_t* amount, Lanes lanes, bool whole) {
  std::int64_t sum = 0;
#if defined(__SSE2__)
  if (whole) {
    const __m128i bits = _mm_set_epi32(8, 4, 2, 1);
    __m128i total = _mm_setzero_si128();
    for (int quarter = 0; quarter < 16; quarter += 4) {
      const __m128i lit = _mm_set1_epi32(static_cast<int>(lanes >> quarter));
      const __m128i mask = _mm_cmpeq_epi32(_mm_and_si128(lit, bits), bits);
      const __m128i some =
          _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(amount + quarter)), mask);
      const __m128i sign = _mm_srai_epi32(some, 31);
      total = _mm_add_epi64(total, _mm_unpacklo_epi32(some, sign));
      total = _mm_add_epi64(total, _mm_unpackhi_epi32(some, sign));
    }
    return _mm_cvtsi128_si64(total) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(total, total));
  }
#endif
  (void)whole;
  for_each_lane(lanes, [&](std::uint32_t i) { sum += amount[i]; });
  return sum;
}

/// Sums over items: amounts above 0, and the same times the days late (early counts 0).
struct LateSums {
  std::uint64_t weighted = 0;
  std::uint64_t amount = 0;
};

inline LateSums late_sums(const Day* due_on, const Day* settled_on, const std::int32_t* amount,
                          Lanes lanes, bool whole) {
  LateSums sums;
#if defined(__SSE2__)
  if (whole) {
    const __m128i zero = _mm_setzero_si128();
    const __m128i low = _mm_set_epi32(0, -1, 0, -1);
    const __m128i bits = _mm_set_epi16(128, 64, 32, 16, 8, 4, 2, 1);
    __m128i weighted = zero;
    __m128i total = zero;
    const auto add = [&](__m128i amounts, __m128i mask, __m128i late) {
      const __m128i above =
          _mm_andnot_si128(_mm_srai_epi32(amounts, 31), _mm_and_si128(amounts, mask));
      const __m128i odd = _mm_srli_epi64(above, 32);
      weighted = _mm_add_epi64(weighted, _mm_mul_epu32(above, late));
      weighted = _mm_add_epi64(weighted, _mm_mul_epu32(odd, _mm_srli_epi64(late, 32)));
      total = _mm_add_epi64(total, _mm_add_epi64(_mm_and_si128(above, low), odd));
    };
    const auto load = [](const auto* from) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    for (int half = 0; half < 16; half += 8) {
      const __m128i lit = _mm_set1_epi16(static_cast<short>((lanes >> half) & 0xFF));
      const __m128i mask = _mm_cmpeq_epi16(_mm_and_si128(lit, bits), bits);
      const __m128i late = _mm_subs_epu16(load(settled_on + half), load(due_on + half));
      add(load(amount + half), _mm_unpacklo_epi16(mask, mask), _mm_unpacklo_epi16(late, zero));
      add(load(amount + half + 4), _mm_unpackhi_epi16(mask, mask), _mm_unpackhi_epi16(late, zero));
    }
    const auto sum = [](__m128i pair) {
      return static_cast<std::uint64_t>(_mm_cvtsi128_si64(pair)) +
             static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(pair, pair)));
    };
    return {sum(weighted), sum(total)};
  }
#endif
  (void)whole;
  for_each_lane(lanes, [&](std::uint32_t i) {
    const auto above = static_cast<std::uint64_t>(amount[i] > 0 ? amount[i] : 0);
    const int late = settled_on[i] > due_on[i] ? settled_on[i] - due_on[i] : 0;
    sums.weighted += above * static_cast<std::uint64_t>(late);
    sums.amount += above;
  });
  return sums;
}

}  // namespace arrears::portfolio
