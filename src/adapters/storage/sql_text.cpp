#include "adapters/storage/sql_text.h"

#include <algorithm>

namespace arrears::storage {

namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

/// Where the stretch that begins at `at` and holds no parameters ends; `at` if there is none.
std::size_t end_of_opaque(std::string_view sql, std::size_t at) {
  const auto after = [&](std::string_view mark, std::size_t from) {
    const auto found = sql.find(mark, from);
    return found == std::string_view::npos ? sql.size() : found + mark.size();
  };
  if (sql[at] == '\'' || sql[at] == '"') return after(sql.substr(at, 1), at + 1);
  if (sql.substr(at, 2) == "--") return after("\n", at + 2);
  if (sql.substr(at, 2) == "/*") return after("*/", at + 2);
  if (sql.substr(at, 2) == "::") return at + 2;
  return at;
}

}  // namespace

SqlText number_parameters(std::string_view sql, char placeholder) {
  SqlText result;
  std::size_t at = 0;
  while (at < sql.size()) {
    const std::size_t opaque = end_of_opaque(sql, at);
    if (opaque > at) {
      result.text += sql.substr(at, opaque - at);
      at = opaque;
      continue;
    }
    if (sql[at] != ':' || at + 1 >= sql.size() || !is_name_start(sql[at + 1])) {
      result.text += sql[at++];
      continue;
    }
    std::size_t end = at + 1;
    while (end < sql.size() && is_name_part(sql[end])) ++end;
    const std::string_view name = sql.substr(at + 1, end - at - 1);
    auto found = std::find(result.names.begin(), result.names.end(), name);
    if (found == result.names.end()) {
      result.names.emplace_back(name);
      found = result.names.end() - 1;
    }
    result.text += placeholder;
    result.text += std::to_string(found - result.names.begin() + 1);
    at = end;
  }
  return result;
}

}  // namespace arrears::storage
