#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Text without locale: UTF-8 in, UTF-8 out, ASCII rules for case.
namespace arrears::base {

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// A whole integer, optional sign, nothing around it; nothing if it does not fit.
std::optional<std::int64_t> parse_int(std::string_view text);

/// Bytes of the well-formed UTF-8 sequence at the start of `text`; 0 if there is none. No
/// surrogates, no overlong forms, nothing above U+10FFFF; NUL is one byte.
std::size_t utf8_sequence(std::string_view text);

/// Well-formed UTF-8 (no surrogates, no overlong forms), and without NUL.
bool is_clean_utf8(std::string_view text);

/// The search key of an external number: upper case, letters and digits only, leading zeros cut.
/// "0000611365" -> "611365", "INV-10452" -> "INV10452". The number itself is kept as given.
std::string number_key(std::string_view number);

/// Matches `*` (any run) and `?` (one byte) against the whole text, ASCII case folded.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace arrears::base
