#pragma once

#include <cstdint>
#include <span>

#include "domain/portfolio/portfolio.h"
#include "domain/portfolio/scan.h"

/// Which customers anything can be decided about on a day.
namespace arrears::portfolio {

/// What a customer has open, the later the more.
enum class OpenState : std::uint8_t {
  nothing,  ///< no positive open item
  open,     ///< one, due later than asked for
  due,      ///< one that is due by then
};

/// The state of the customers [first, last) into `states`, by index: of what is due on or before
/// `due_by`.
void find_open(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last, AsOf as_of,
               Date due_by, std::span<OpenState> states);

}  // namespace arrears::portfolio
