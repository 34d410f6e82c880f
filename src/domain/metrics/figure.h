#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"

/// A figure of the book: an exact value with its formula and its inputs, or the reason why there
/// is none. Never a wrong number: what cannot be said is "not defined" or "more than N days".
namespace arrears::metrics {

/// Room for amounts times days without overflow.
__extension__ using Wide = __int128;

enum class Unit : unsigned char { days, percent };

enum class FigureState : unsigned char {
  defined,
  more_than,  ///< a lower bound: the true value is above it
  not_defined,
};

/// Why a figure is not defined (or only a bound).
enum class Gap : unsigned char {
  none,
  no_sales,                  ///< no sales, or more credited than sold
  denominator_not_positive,  ///< nothing that could have been collected
  nothing_fell_due,
  nothing_matured,
  no_attempts,
  no_connects,
  nothing_settled,
  nothing_open,
  no_month_defined,
  history_exhausted,  ///< the recorded sales do not reach back far enough
  cut_off_in_future,  ///< the day by which it would be measured is still to come
  missing_rate,       ///< an amount has no rate into the currency of the book on that day
};
/// "no sales", "the recorded history is exhausted": for people.
std::string_view text(Gap gap);

enum class InputKind : unsigned char { amount_minor, days, count };

/// One input of a figure, by the name that its formula uses.
struct Input {
  std::string_view name;
  InputKind kind = InputKind::amount_minor;
  std::int64_t value = 0;
  bool operator==(const Input&) const = default;
};

/// An exact fraction; the denominator is positive.
struct Ratio {
  Wide numerator = 0;
  Wide denominator = 1;
};

struct Figure {
  std::string_view name;     ///< stable: "dso_simple"
  std::string_view formula;  ///< in the names of the inputs
  Unit unit = Unit::days;
  FigureState state = FigureState::not_defined;
  Ratio value;  ///< days, or percent (72.9166... is 72.9166..., not 0.729)
  Gap gap = Gap::none;
  std::string detail;  ///< of the gap: which rate is missing on which day
  std::vector<Input> inputs;

  bool defined() const { return state == FigureState::defined; }
};

/// The value (or bound) as a plain decimal with so many places (0 to 9), rounded half up, away
/// from zero, once from the exact fraction; empty where the figure is not defined.
std::string to_decimal(const Figure& figure, int decimals);

/// For people: "73.7 days", "72.92 %", "more than 90 days", "not defined: no sales".
std::string to_text(const Figure& figure);

}  // namespace arrears::metrics

ARREARS_NAMES(metrics, Unit, "days", "percent");
ARREARS_NAMES(metrics, FigureState, "defined", "more_than", "not_defined");
ARREARS_NAMES(metrics, Gap, "none", "no_sales", "denominator_not_positive", "nothing_fell_due",
              "nothing_matured", "no_attempts", "no_connects", "nothing_settled", "nothing_open",
              "no_month_defined", "history_exhausted", "cut_off_in_future", "missing_rate");
ARREARS_NAMES(metrics, InputKind, "amount_minor", "days", "count");
