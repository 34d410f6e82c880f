#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace arrears::storage {

/// One SQL text with `:name` parameters, made ready for an engine.
struct SqlText {
  std::string text;                ///< with numbered placeholders
  std::vector<std::string> names;  ///< parameter n (from 0), in order of first appearance
};

/// Replaces each `:name` by `placeholder` and its number ('?' gives ?1, ?2; '$' gives $1, $2); the
/// same name gets the same number. Quoted text, quoted names, comments and `::` are left alone.
SqlText number_parameters(std::string_view sql, char placeholder);

}  // namespace arrears::storage
