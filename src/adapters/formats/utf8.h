#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"

/// UTF-8 as it comes from outside, well-formed or not.
namespace arrears::formats {

using base::utf8_sequence;

/// What stands in the place of bytes that could not be read: U+FFFD.
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// Bytes at the start of `text` that are ASCII without NUL. Reads eight at a time.
std::size_t plain_prefix(std::string_view text);

/// Whether all of `text` is well-formed. NUL counts as well-formed.
bool is_utf8(std::string_view text);

/// `text` with each byte that is not part of a well-formed sequence, and each NUL, replaced by
/// U+FFFD.
std::string repaired(std::string_view text);

/// Takes the first code point off `text`, which is well-formed and not empty.
char32_t take_code_point(std::string_view& text);

/// At most `bytes_max` bytes of `text`, repaired, with "..." where something was cut.
std::string excerpt(std::string_view text, std::size_t bytes_max = 80);

}  // namespace arrears::formats
