#include "base/clock.h"

#include <chrono>
#include <cstdio>

#include "base/text.h"

namespace arrears::base {

namespace {
using std::chrono::sys_days;

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;

/// Reads exactly `digits` digits at the front of `text` and cuts them off.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return {};
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// `Z`, `+hh:mm` or `-hh:mm` as seconds east of UTC; the whole rest of the text.
std::optional<int> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return {};
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 18 || *minutes > 59) return {};
  return sign * (*hours * 3600 + *minutes * 60);
}
}  // namespace

Instant SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::string to_string(Instant instant) {
  std::int64_t day = instant.micros / micros_per_day;
  std::int64_t rest = instant.micros % micros_per_day;
  if (rest < 0) {
    rest += micros_per_day;
    --day;
  }
  const std::chrono::year_month_day date{sys_days{std::chrono::days{day}}};
  const long seconds = static_cast<long>(rest / micros_per_second);
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02ld:%02ld:%02ld.%06ldZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), seconds / 3600, seconds / 60 % 60,
                seconds % 60, static_cast<long>(rest % micros_per_second));
  return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return {};
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return {};
  const auto day = take_digits(text, 2);
  if (!day) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return {};
  std::int64_t micros = sys_days{date}.time_since_epoch().count() * micros_per_day;
  if (text.empty()) return Instant{micros};
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return {};
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return {};
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return {};
  micros += (*hour * 3600 + *minute * 60) * micros_per_second;
  if (take(text, ':')) {
    const auto second = take_digits(text, 2);
    if (!second || *second > 59) return {};
    micros += *second * micros_per_second;
    if (take(text, '.')) {
      std::int64_t unit = micros_per_second / 10;
      bool any = false;
      while (!text.empty() && text.front() >= '0' && text.front() <= '9' && unit > 0) {
        micros += (text.front() - '0') * unit;
        unit /= 10;
        any = true;
        text.remove_prefix(1);
      }
      if (!any) return {};
    }
  }
  const auto offset = take_offset(text);
  if (!offset) return {};
  return Instant{micros - *offset * micros_per_second};
}

}  // namespace arrears::base
