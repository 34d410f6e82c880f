// Any text as amount and as day, one value per line. Nothing crashes; what is read is plain,
// exists, and reads as itself; what a finder decides, the reader follows.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/formats/csv_fields.h"
#include "adapters/formats/utf8.h"
#include "base/text.h"
#include "property.h"

namespace {
namespace formats = arrears::formats;
using formats::DateStyle;
using formats::DateStyleFinder;
using formats::DecimalStyle;
using formats::DecimalStyleFinder;
using formats::is_utf8;
using formats::read_amount;
using formats::read_date;

bool is_plain(std::string_view amount) {
  if (amount.starts_with('-')) amount.remove_prefix(1);
  const std::size_t mark = amount.find('.');
  const std::string_view whole = amount.substr(0, mark);
  const auto digits = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  };
  return digits(whole) && (whole.size() == 1 || whole.front() != '0') &&
         (mark == amount.npos || digits(amount.substr(mark + 1)));
}

void check_amount(std::string_view text) {
  for (const auto style : {DecimalStyle::automatic, DecimalStyle::dot, DecimalStyle::comma}) {
    const auto result = read_amount(text, style);
    if (!result.ok()) {
      FUZZ_PROPERTY(is_utf8(result.error().text) && !result.error().text.empty());
      continue;
    }
    FUZZ_PROPERTY(is_plain(result->amount));
    const auto again = read_amount(result->amount, DecimalStyle::dot);
    FUZZ_PROPERTY(again.ok() && again->amount == result->amount);
    // No digit is lost or invented: the digits are those of the text, save leading zeros.
    const auto digits = [](std::string_view from) {
      std::string kept;
      for (const char c : from) {
        if (c >= '0' && c <= '9' && !(kept.empty() && c == '0')) kept += c;
      }
      return kept;
    };
    FUZZ_PROPERTY(digits(result->amount) == digits(text));
  }
  DecimalStyleFinder finder;
  finder.see(text);
  const auto open = read_amount(text, DecimalStyle::automatic);
  if (open.ok() && finder.style().ok()) {
    const auto found = read_amount(text, *finder.style());
    FUZZ_PROPERTY(found.ok() && found->amount == open->amount);
  }
}

void check_date(std::string_view text) {
  for (const auto style :
       {DateStyle::automatic, DateStyle::day_month_year, DateStyle::month_day_year,
        DateStyle::year_month_day, DateStyle::excel_serial}) {
    const auto result = read_date(text, style);
    if (!result.ok()) {
      FUZZ_PROPERTY(is_utf8(result.error().text) && !result.error().text.empty());
      continue;
    }
    FUZZ_PROPERTY(result->year >= 1 && result->year <= 9999);
    FUZZ_PROPERTY(result->month >= 1 && result->month <= 12);
    FUZZ_PROPERTY(result->day >= 1 && result->day <= 31);
    const std::string year = std::to_string(result->year + 10000).substr(1);
    const std::string iso =
        year + "-" + std::to_string(result->month) + "-" + std::to_string(result->day);
    const auto again = read_date(iso, DateStyle::automatic);
    FUZZ_PROPERTY(again.ok() && again->year == result->year && again->month == result->month &&
                  again->day == result->day);
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > (1 << 12)) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  DecimalStyleFinder decimals;
  DateStyleFinder dates;
  for (const std::string_view line : arrears::base::split(bytes, '\n')) {
    check_amount(line);
    check_date(line);
    decimals.see(line);
    dates.see(line);
    (void)formats::is_spreadsheet_damage(line);
  }
  FUZZ_PROPERTY(decimals.style().ok() || !decimals.style().error().text.empty());
  FUZZ_PROPERTY(dates.style().ok() || !dates.style().error().text.empty());
  return 0;
}
