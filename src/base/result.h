#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/refusal.h"

namespace arrears::base {

/// Either a value or the reason why there is none (`E`: a refusal enum in the domain, `Refusal`
/// at the use-case border). A small stand-in for C++23's std::expected.
template <class T, class E = Refusal>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value; asking a refused result for it is a mistake of ours.
  const T& value() const& {
    ARREARS_REQUIRE(ok());
    return std::get<0>(state_);
  }
  T& value() & {
    ARREARS_REQUIRE(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    ARREARS_REQUIRE(ok());
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const E& error() const {
    ARREARS_REQUIRE(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, E> state_;
};

/// The value of an operation that answers only yes or no.
struct Done {};

}  // namespace arrears::base
