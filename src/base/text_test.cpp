#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace arrears::base {
namespace {

using Parts = std::vector<std::string_view>;

TEST(Text, trims_blanks_and_folds_ascii_case_only) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(to_lower_ascii("AbZ-Ü1"), "abz-Ü1");
  EXPECT_EQ(to_upper_ascii("AbZ-ü1"), "ABZ-ü1");
}

TEST(Text, splits_at_every_separator_and_joins_again) {
  EXPECT_EQ(split("a;b;;c;", ';'), (Parts{"a", "b", "", "c", ""}));
  EXPECT_EQ(split("", ';'), Parts{""});
  EXPECT_EQ(join({"a", "", "c"}, ", "), "a, , c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, a_whole_integer_is_read) {
  struct {
    const char* text;
    std::optional<std::int64_t> value;
  } const cases[] = {
      {"0", 0},
      {"-7", -7},
      {"+7", 7},
      {"007", 7},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9223372036854775808", {}},
      {"", {}},
      {"+", {}},
      {"-", {}},
      {"+-7", {}},
      {"++7", {}},
      {"7 ", {}},
      {" 7", {}},
      {"7.0", {}},
      {"0x7", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_int(c.text), c.value) << c.text;
}

TEST(Text, only_well_formed_utf8_without_nul_is_clean) {
  for (const char* text : {"", "plain", "Zürich €1", "\xF0\x9F\x93\x9E", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\x80", "\xE0\xA0\x80"}) {
    EXPECT_TRUE(is_clean_utf8(text)) << text;
  }
  struct {
    const char* what;
    std::string_view text;
  } const cases[] = {
      {"NUL", std::string_view("a\0b", 3)},
      {"lone continuation", "\x80"},
      {"overlong of two", "\xC0\xAF"},
      {"overlong of three", "\xE0\x9F\xBF"},
      {"overlong of four", "\xF0\x8F\xBF\xBF"},
      {"surrogate", "\xED\xA0\x80"},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80"},
      {"cut short", "\xE2\x82"},
      {"Latin-1", "Z\xFCrich"},
      {"no such byte", "\xFF"},
  };
  for (const auto& c : cases) EXPECT_FALSE(is_clean_utf8(c.text)) << c.what;
}

TEST(Text, the_search_key_of_a_number_forgets_its_dress) {
  struct {
    const char* number;
    const char* key;
  } const cases[] = {
      {"0000611365", "611365"},
      {"611365", "611365"},
      {"INV-10452", "INV10452"},
      {"inv 10452", "INV10452"},
      {"R-0001", "R0001"},
      {"0", "0"},
      {"000", "0"},
      {"-/.", ""},
      {"", ""},
      {"RÖ-7", "RÖ7"},
  };
  for (const auto& c : cases) EXPECT_EQ(number_key(c.number), c.key) << c.number;
}

TEST(Text, a_pattern_matches_the_whole_text_in_either_case) {
  struct {
    const char* pattern;
    const char* text;
    bool matches;
  } const cases[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"?", "", false},
      {"?", "a", true},
      {"a*c", "ABBC", true},
      {"a*c", "abcd", false},
      {"*fee*", "Bank fees", true},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"**a**", "bab", true},
      {"*ab", "aab", true},
      {"*aab", "aaaab", true},
      {"a*b*c", "axbxbxc", true},
      {"a*b*c", "axcxb", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matches_pattern(c.pattern, c.text), c.matches) << c.pattern << " / " << c.text;
  }
}

}  // namespace
}  // namespace arrears::base
