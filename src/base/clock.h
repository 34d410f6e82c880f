#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Instants and the one clock. `system_clock::now` appears only in clock.cpp; everything else is
/// given a `Clock` or an instant.
namespace arrears::base {

/// A point in time: microseconds since 1970-01-01T00:00:00Z, UTC.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

/// RFC 3339 in UTC with microseconds: 2026-06-01T14:05:00.000000Z.
std::string to_string(Instant instant);

/// Reads RFC 3339: date, `T` or blank, time with or without seconds and up to 6 decimals, and
/// `Z` or an offset (+02:00). A bare date means 00:00:00Z of that day. Nothing for anything else.
std::optional<Instant> parse_instant(std::string_view text);

/// Where "now" comes from. Injected, read at the edge only.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

/// A clock that stands where it was put: rehearsals, demonstrations and tests.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

}  // namespace arrears::base
