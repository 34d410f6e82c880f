#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// The names of an enum's members, as the database, the JSON and the command line write them.
///
/// An enum has one table, ARREARS_NAMES(room, Enum, "first", "second", ...), in the order of its
/// members, which count from 0. `name` and `parse_name` read that table and nothing else.
namespace arrears::base {

/// Specialised by ARREARS_NAMES.
template <class E>
struct Names;

template <class E>
constexpr std::size_t name_count = std::size(Names<E>::all);

template <class E>
constexpr std::string_view name(E value) {
  return Names<E>::all[static_cast<std::size_t>(value)];
}

/// The member of that name, exactly as written; nothing for another text.
template <class E>
constexpr std::optional<E> parse_name(std::string_view text) {
  for (std::size_t i = 0; i < name_count<E>; ++i)
    if (Names<E>::all[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace arrears::base

/// Use outside of all namespaces.
#define ARREARS_NAMES(room, Enum, ...)                       \
  template <>                                                \
  struct arrears::base::Names<arrears::room::Enum> {         \
    static constexpr std::string_view all[] = {__VA_ARGS__}; \
  }
