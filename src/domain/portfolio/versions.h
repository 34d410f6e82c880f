#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.h"
#include "domain/portfolio/facts.h"

/// When which version of a document or payment was the newest. Inside of add_customer.cpp only.
namespace arrears::portfolio {

/// A version of a document or payment, while it was the newest: in [known_from, known_until).
struct Version {
  Ordinal known_from = 0;
  Ordinal known_until = forever;
  Date on;  ///< issue or value date
  bool cancelled = false;
  std::uint32_t first_row = 0;  ///< index of its first fact
  std::uint32_t end_row = 0;
};

/// A document or payment with its versions.
struct Source {
  std::int64_t id = 0;
  std::uint32_t first_version = 0;
  std::uint32_t end_version = 0;
  Ordinal cancelled_from = forever;
};

struct Sources {
  std::vector<Source> sources;  ///< by id
  std::vector<Version> versions;

  void clear() {
    sources.clear();
    versions.clear();
  }
  const Source* find(std::int64_t id) const {
    const auto found = std::lower_bound(sources.begin(), sources.end(), id,
                                        [](const Source& s, std::int64_t i) { return s.id < i; });
    return found != sources.end() && found->id == id ? &*found : nullptr;
  }
  std::span<const Version> versions_of(const Source& source) const {
    return std::span(versions).subspan(source.first_version,
                                       source.end_version - source.first_version);
  }
  void add(std::int64_t id, bool first_of_version, Version version) {
    if (sources.empty() || sources.back().id != id) {
      ARREARS_REQUIRE(sources.empty() || sources.back().id < id);
      const auto at = static_cast<std::uint32_t>(versions.size());
      sources.push_back({id, at, at, forever});
      first_of_version = true;
    }
    Source& source = sources.back();
    if (!first_of_version) {
      versions.back().end_row = version.end_row;
      return;
    }
    if (source.end_version > source.first_version) {
      ARREARS_REQUIRE(!versions.back().cancelled);
      ARREARS_REQUIRE(versions.back().known_from <= version.known_from);
      versions.back().known_until = version.known_from;
    }
    if (version.cancelled) source.cancelled_from = version.known_from;
    versions.push_back(version);
    ++source.end_version;
  }
};

}  // namespace arrears::portfolio
