#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/names.h"
#include "domain/metrics/figure.h"

namespace arrears::metrics {

/// The range that a figure should lie in, both ends included.
struct Target {
  std::string_view figure;  ///< name of the figure
  Unit unit = Unit::days;
  std::int64_t low_hundredths = 0;
  std::int64_t high_hundredths = 0;
  std::string_view source;
};

std::span<const Target> targets();

enum class Standing : unsigned char { below, within, above, unknown };

/// Where the exact figure lies; a "more than N" is above from N on, otherwise unknown.
Standing standing(const Target& target, const Figure& figure);

}  // namespace arrears::metrics

ARREARS_NAMES(metrics, Standing, "below", "within", "above", "unknown");
