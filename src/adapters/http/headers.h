#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arrears::http {

/// Header fields in their order. Names compare without case, values are bytes.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  /// Puts one field in the place of all of that name. A name that is no token, or a value with a
  /// control character (CR, LF, NUL), throws `base::Mistake`: an injected header never leaves.
  void set(std::string_view name, std::string_view value);
  /// Adds a field beside others of that name. Throws like `set`.
  void add(std::string_view name, std::string_view value);

  /// The first value of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  /// How many fields have that name.
  std::size_t count(std::string_view name) const;
  /// Whether a comma-separated list (Connection, Expect) has this word, compared without case.
  bool lists(std::string_view name, std::string_view word) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// ASCII, without case.
bool same_text(std::string_view a, std::string_view b);

}  // namespace arrears::http
