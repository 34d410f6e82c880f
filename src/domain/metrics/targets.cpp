#include "domain/metrics/targets.h"

#include <array>

namespace arrears::metrics {
namespace {

constexpr std::array<Target, 4> default_targets = {{
    {.figure = "dso_simple",
     .unit = Unit::days,
     .low_hundredths = 30'00,
     .high_hundredths = 45'00,
     .source = "brief"},
    {.figure = "dso_count_back",
     .unit = Unit::days,
     .low_hundredths = 30'00,
     .high_hundredths = 45'00,
     .source = "brief"},
    {.figure = "collection_rate",
     .unit = Unit::percent,
     .low_hundredths = 95'00,
     .high_hundredths = 98'00,
     .source = "brief"},
    {.figure = "bad_debt_percent",
     .unit = Unit::percent,
     .low_hundredths = 50,
     .high_hundredths = 2'00,
     .source = "brief"},
}};

}  // namespace

std::span<const Target> targets() { return default_targets; }

Standing standing(const Target& target, const Figure& figure) {
  if (figure.state == FigureState::not_defined) return Standing::unknown;
  const Wide hundredths = figure.value.numerator * 100;
  const Wide low = figure.value.denominator * target.low_hundredths;
  const Wide high = figure.value.denominator * target.high_hundredths;
  if (figure.state == FigureState::more_than) {
    return hundredths >= high ? Standing::above : Standing::unknown;
  }
  if (hundredths < low) return Standing::below;
  return hundredths > high ? Standing::above : Standing::within;
}

}  // namespace arrears::metrics
