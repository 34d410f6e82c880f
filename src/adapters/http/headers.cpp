#include "adapters/http/headers.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           marks.find(c) != marks.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

}  // namespace

bool same_text(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [name](const Field& field) { return same_text(field.first, name); });
  add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
  ARREARS_REQUIRE(is_token(name));
  ARREARS_REQUIRE(is_field_value(value));
  fields_.emplace_back(name, value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Field& field : fields_)
    if (same_text(field.first, name)) return field.second;
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(), [name](const Field& f) { return same_text(f.first, name); }));
}

bool Headers::lists(std::string_view name, std::string_view word) const {
  for (const Field& field : fields_) {
    if (!same_text(field.first, name)) continue;
    for (std::string_view item : base::split(field.second, ','))
      if (same_text(base::trim(item), word)) return true;
  }
  return false;
}

}  // namespace arrears::http
