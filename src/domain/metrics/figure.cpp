#include "domain/metrics/figure.h"

#include "base/check.h"

namespace arrears::metrics {
namespace {

std::string digits(Wide value) {
  std::string reversed;
  do {
    reversed.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace

std::string_view text(Gap gap) {
  switch (gap) {
    case Gap::none:
      return "";
    case Gap::no_sales:
      return "no sales";
    case Gap::denominator_not_positive:
      return "nothing that could have been collected";
    case Gap::nothing_fell_due:
      return "nothing fell due";
    case Gap::nothing_matured:
      return "no promise has matured";
    case Gap::no_attempts:
      return "no attempts";
    case Gap::no_connects:
      return "no connects";
    case Gap::nothing_settled:
      return "nothing was settled";
    case Gap::nothing_open:
      return "nothing is open and overdue";
    case Gap::no_month_defined:
      return "no month is defined";
    case Gap::history_exhausted:
      return "the recorded sales do not reach back far enough";
    case Gap::cut_off_in_future:
      return "the cut-off is still to come";
    case Gap::missing_rate:
      return "an exchange rate is missing";
  }
  return "";
}

std::string to_decimal(const Figure& figure, int decimals) {
  ARREARS_REQUIRE(decimals >= 0 && decimals <= 9);
  if (figure.state == FigureState::not_defined) return "";
  Wide scale = 1;
  for (int place = 0; place < decimals; ++place) scale *= 10;
  const bool negative = figure.value.numerator < 0;
  const Wide size = (negative ? -figure.value.numerator : figure.value.numerator) * scale;
  Wide scaled = size / figure.value.denominator;
  if (size % figure.value.denominator * 2 >= figure.value.denominator) ++scaled;
  std::string text = digits(scaled / scale);
  if (decimals > 0) {
    const std::string fraction = digits(scaled % scale);
    text += '.' + std::string(static_cast<std::size_t>(decimals) - fraction.size(), '0') + fraction;
  }
  return negative && scaled != 0 ? '-' + text : text;
}

std::string to_text(const Figure& figure) {
  const std::string unit = figure.unit == Unit::days ? " days" : " %";
  switch (figure.state) {
    case FigureState::defined:
      return to_decimal(figure, figure.unit == Unit::days ? 1 : 2) + unit;
    case FigureState::more_than:
      // Rounded down: the text stays true.
      return "more than " + digits(figure.value.numerator / figure.value.denominator) + unit;
    case FigureState::not_defined:
      break;
  }
  std::string why = "not defined: " + std::string(text(figure.gap));
  if (!figure.detail.empty()) why += " (" + figure.detail + ")";
  return why;
}

}  // namespace arrears::metrics
