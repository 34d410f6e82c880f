#include "adapters/formats/csv_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace arrears::formats {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Outcome {
  std::vector<std::string> header;
  Rows rows;
  std::vector<std::int64_t> lines;
  std::vector<std::string> raw;
  std::vector<bool> sound;
  std::vector<Problem> problems;
  Dialect dialect;
  std::string encoding;
  bool has_bom = false;
};

Outcome read(std::string_view bytes, const CsvOptions& options = {}) {
  CsvReader reader = CsvReader::over(bytes, options);
  Outcome out;
  while (const CsvRecord* record = reader.next()) {
    out.rows.emplace_back(record->fields.begin(), record->fields.end());
    out.lines.push_back(record->line);
    out.raw.emplace_back(record->raw);
    out.sound.push_back(record->sound);
  }
  out.header = reader.header();
  out.problems = reader.problems();
  out.dialect = reader.dialect();
  out.encoding = reader.encoding();
  out.has_bom = reader.has_bom();
  return out;
}

std::string places(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    if (!out.empty()) out += ' ';
    out += std::string(code(problem.reason)) + "@" + std::to_string(problem.line) + ":" +
           std::to_string(problem.column);
  }
  return out;
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

TEST(CsvReader, reads_what_rfc_4180_describes) {
  const Outcome out = read("a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n3,\r\n");
  EXPECT_EQ(out.header, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(out.rows, (Rows{{"1", "x, \"y\"\r\nz"}, {"3", ""}}));
  EXPECT_EQ(out.lines, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(out.raw[0], "1,\"x, \"\"y\"\"\r\nz\"");
  EXPECT_EQ(places(out.problems), "");
}

struct Layout {
  const char* name;
  std::string_view bytes;
  Rows rows;
  std::vector<std::int64_t> lines;
};

TEST(CsvReader, line_ends_and_blank_lines_of_every_kind_separate_records) {
  const Layout cases[] = {
      {"LF", "h,i\n1,2\n3,4\n", {{"1", "2"}, {"3", "4"}}, {2, 3}},
      {"no end", "h,i\n1,2\n3,4", {{"1", "2"}, {"3", "4"}}, {2, 3}},
      {"CR", "h,i\r1,2\r3,4\r", {{"1", "2"}, {"3", "4"}}, {2, 3}},
      {"mixed", "h,i\r\n1,2\n3,4\r5,6", {{"1", "2"}, {"3", "4"}, {"5", "6"}}, {2, 3, 4}},
      {"CR CR LF", "h,i\r\r\n1,2\r\r\n3,4", {{"1", "2"}, {"3", "4"}}, {3, 5}},
      {"blank lines", "\n\nh,i\n\n1,2\n   \n3,4\n\n", {{"1", "2"}, {"3", "4"}}, {5, 7}},
      {"blanks beside quotes", "h,i\n\"1\"  ,  \"2,3\" \n", {{"1", "2,3"}}, {2}},
      {"empty quoted", "h\n\"\"\n1\n", {{""}, {"1"}}, {2, 3}},
  };
  for (const Layout& test : cases) {
    SCOPED_TRACE(test.name);
    const Outcome out = read(test.bytes);
    EXPECT_EQ(out.rows, test.rows);
    EXPECT_EQ(out.lines, test.lines);
    EXPECT_EQ(places(out.problems), "");
  }
}

TEST(CsvReader, finds_the_delimiter_with_an_eye_for_quotes) {
  const struct {
    const char* name;
    std::string_view bytes;
    std::string_view delimiter;
  } cases[] = {
      {"comma", "a,b\n1,2\n", ","},
      {"semicolon with decimal commas", "name;amount;day\nx;1,50;d\ny;2,50;d\n", ";"},
      {"tab with commas in text", "name\tcity\nx\tBonn, Rhein\ny\tKoeln, Rhein\n", "\t"},
      {"pipe", "a|b|c\n1|2|3\n", "|"},
      {"semicolons inside quotes", "a,b\n\"1;2;3\",x\n\"4;5;6\",y\n", ","},
      {"one column", "name\nx\ny\n", ","},
      {"one column with commas in text", "note\nhello, world\nplain\nother\n", ","},
      {"first line names it", "sep=;\na;b,c\n1;2,3\n", ";"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(read(test.bytes).dialect.delimiter, test.delimiter);
  }
}

TEST(CsvReader, the_separator_line_of_excel_counts_as_a_line_but_not_as_a_record) {
  const Outcome out = read("sep=;\r\na;b\r\n1;2\r\n");
  EXPECT_EQ(out.header, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(out.lines, (std::vector<std::int64_t>{3}));
}

TEST(CsvReader, a_delimiter_of_several_bytes_is_taken_from_the_options) {
  CsvOptions options;
  options.delimiter = "AAAB";
  EXPECT_EQ(read("Col1AAABCol2\nAAAABC", options).rows, (Rows{{"A", "C"}}));
  options.delimiter = "ABAC";
  EXPECT_EQ(read("xABACy\nABABACABAB", options).rows, (Rows{{"AB", "ABAB"}}));
  options.delimiter = "\\|";
  EXPECT_EQ(read("a\\|b\n\"1\"\\|\"2\\|3\"\n", options).rows, (Rows{{"1", "2\\|3"}}));
}

TEST(CsvReader, backslash_escapes_are_read_where_they_explain_every_quote) {
  const Outcome escaped = read("a,b\n\"say \\\"hi\\\", you\",1\n\"back\\\\slash\",2\n");
  EXPECT_TRUE(escaped.dialect.backslash_escapes);
  EXPECT_EQ(escaped.rows, (Rows{{"say \"hi\", you", "1"}, {"back\\slash", "2"}}));
  const Outcome doubled = read("a,b\n\"C:\\dir\\\",1\n\"D:\\\",2\n");
  EXPECT_FALSE(doubled.dialect.backslash_escapes);
  EXPECT_EQ(doubled.rows, (Rows{{"C:\\dir\\", "1"}, {"D:\\", "2"}}));
}

TEST(CsvReader, an_unclosed_quote_costs_only_its_own_line) {
  const Outcome out = read("a,b\n1,2\n3,\"oops\n5,6\n7,8\n");
  EXPECT_EQ(out.rows, (Rows{{"1", "2"}, {"3", "\"oops"}, {"5", "6"}, {"7", "8"}}));
  EXPECT_EQ(out.sound, (std::vector<bool>{true, false, true, true}));
  EXPECT_EQ(places(out.problems), "unclosed_quote@3:2");
  EXPECT_EQ(out.problems[0].column_name, "b");
}

TEST(CsvReader, a_quote_open_for_longer_than_the_limit_costs_only_its_own_line) {
  CsvOptions options;
  options.record_bytes_max = 64;
  std::string bytes = "a,b\n1,\"oops\n";
  for (int i = 0; i < 50; ++i) bytes += "5,6\n";
  const Outcome out = read(bytes, options);
  EXPECT_EQ(out.rows.size(), 51u);
  EXPECT_EQ(out.lines.back(), 52);
  EXPECT_EQ(places(out.problems), "unclosed_quote@2:2");
}

TEST(CsvReader, a_quote_that_swallows_other_lines_costs_only_its_own_line) {
  const Outcome out = read("a,b\n1,\"2 inch\n3,4\n5,\"x\"\n");
  EXPECT_EQ(out.rows, (Rows{{"1", "\"2 inch"}, {"3", "4"}, {"5", "x"}}));
  EXPECT_EQ(places(out.problems), "stray_quote@2:2");
}

TEST(CsvReader, text_after_a_closing_quote_is_reported_and_kept) {
  const Outcome out = read("name|year\n\"ANTON\" GmbH|2012\nx|2013\n");
  EXPECT_EQ(out.rows, (Rows{{"\"ANTON\" GmbH", "2012"}, {"x", "2013"}}));
  EXPECT_EQ(places(out.problems), "stray_quote@2:1");
}

TEST(CsvReader, a_line_beyond_the_limit_is_rejected_and_the_next_is_read) {
  CsvOptions options;
  options.record_bytes_max = 16;
  const Outcome out = read("a,b\n" + std::string(100, 'x') + ",1\n3,4\n", options);
  EXPECT_EQ(out.sound, (std::vector<bool>{false, true}));
  EXPECT_EQ(out.rows[1], (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(out.lines, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(out.problems[0].reason, Reason::line_too_long);
}

TEST(CsvReader, a_quote_that_closes_at_the_limit_does_not_hide_that_the_record_goes_on) {
  CsvOptions options;
  options.record_bytes_max = 8;
  const Outcome out = read("a,b\n\"x\nabcd\",2\n3,4\n", options);
  EXPECT_EQ(out.sound, (std::vector<bool>{false, true, true}));
  EXPECT_EQ(places(out.problems).substr(0, 17), "line_too_long@2:0");
}

TEST(CsvReader, ragged_records_are_reported_with_their_line) {
  const Outcome out = read("a,b,c,d\n1,2,3,4\n1,2,3,4,5\n1,2,3\n1,2,3,4\n");
  EXPECT_EQ(out.sound, (std::vector<bool>{true, false, false, true}));
  EXPECT_EQ(out.rows[2], (std::vector<std::string>{"1", "2", "3", ""}));
  EXPECT_EQ(places(out.problems), "too_many_fields@3:5 too_few_fields@4:4");
  EXPECT_EQ(out.problems[0].value, "5");
  EXPECT_EQ(out.problems[1].column_name, "d");
}

TEST(CsvReader, empty_fields_beyond_the_header_are_noted_once_and_ignored) {
  const Outcome out = read("a,b\n1,2,\n3,4,,\n");
  EXPECT_EQ(out.sound, (std::vector<bool>{true, true}));
  EXPECT_EQ(places(out.problems), "extra_empty_fields@2:3");
}

TEST(CsvReader, a_name_used_twice_is_reported_and_gets_a_suffix) {
  const Outcome out = read("day,amount,day,,day (2)\n1,2,3,4,5\n");
  EXPECT_EQ(out.header,
            (std::vector<std::string>{"day", "amount", "day (3)", "column 4", "day (2)"}));
  EXPECT_EQ(places(out.problems), "duplicate_column@1:3 unnamed_column@1:4");
}

TEST(CsvReader, without_a_header_columns_are_numbered) {
  CsvOptions options;
  options.has_header = false;
  const Outcome out = read("1,2\n3,4\n5\n", options);
  EXPECT_EQ(out.header, (std::vector<std::string>{"column 1", "column 2"}));
  EXPECT_EQ(out.rows.size(), 3u);
  EXPECT_EQ(places(out.problems), "too_few_fields@3:2");
}

TEST(CsvReader, comment_lines_and_leading_lines_are_skipped_by_option) {
  CsvOptions options;
  options.comment = '#';
  options.skip_lines = 2;
  const Outcome out = read("Bank export\nof today\n# c\na,b\n#x,y\n1,2\n", options);
  EXPECT_EQ(out.header, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(out.rows, (Rows{{"1", "2"}}));
  EXPECT_EQ(out.lines, (std::vector<std::int64_t>{6}));
}

TEST(CsvReader, files_without_records_are_told_apart) {
  EXPECT_EQ(places(read("").problems), "empty_file@0:0");
  EXPECT_EQ(places(read("\n\n").problems), "empty_file@0:0");
  EXPECT_EQ(places(read("\xEF\xBB\xBF").problems), "empty_file@0:0");
  EXPECT_EQ(places(read("a,b\n").problems), "header_only@0:0");
  EXPECT_EQ(places(read("PK\x03\x04zip").problems), "not_text@0:0");
}

TEST(CsvReader, a_nul_byte_is_a_problem_with_line_and_column) {
  const Outcome out =
      read(std::string("a|b|c\nval1|val\0"
                       "2|val3\n1|2|3\n",
                       27));
  EXPECT_EQ(places(out.problems), "nul_byte@2:2");
  EXPECT_EQ(out.problems[0].column_name, "b");
  EXPECT_EQ(out.rows[0][1],
            "val\xEF\xBF\xBD"
            "2");
  EXPECT_EQ(out.raw[0], std::string("val1|val\0"
                                    "2|val3",
                                    15));
  EXPECT_EQ(out.sound, (std::vector<bool>{false, true}));
}

TEST(CsvReader, bad_bytes_in_a_file_declared_utf8_are_a_problem_of_their_record) {
  CsvOptions options;
  options.encoding = "utf-8";
  const Outcome out = read("name,age\nbo\xFFgie,3\nJos\xC3\xA9,4\n", options);
  EXPECT_EQ(places(out.problems), "invalid_utf8@2:1");
  EXPECT_EQ(out.rows[0][0], "bo\xEF\xBF\xBDgie");
  EXPECT_EQ(out.rows[1][0], "Jos\xC3\xA9");
}

TEST(CsvReader, finds_the_encoding) {
  const std::u16string text = u"name;city\r\nJosé;Bonn\r\n\u4E2D\u6587;Köln\r\n";
  const std::string utf8 =
      "name;city\r\nJos\xC3\xA9;Bonn\r\n\xE4\xB8\xAD\xE6\x96\x87;K\xC3\xB6ln\r\n";
  const Rows rows = {{"Jos\xC3\xA9", "Bonn"}, {"\xE4\xB8\xAD\xE6\x96\x87", "K\xC3\xB6ln"}};
  const struct {
    const char* name;
    std::string bytes;
    const char* encoding;
    bool has_bom;
  } cases[] = {
      {"UTF-8", utf8, "utf-8", false},
      {"UTF-8 with mark", "\xEF\xBB\xBF" + utf8, "utf-8", true},
      {"UTF-16LE", utf16(text, false), "utf-16le", false},
      {"UTF-16BE", utf16(text, true), "utf-16be", false},
      {"UTF-16LE with mark", utf16(u"\uFEFF" + text, false), "utf-16le", true},
      {"UTF-16BE with mark", utf16(u"\uFEFF" + text, true), "utf-16be", true},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.name);
    const Outcome out = read(test.bytes);
    EXPECT_EQ(out.encoding, test.encoding);
    EXPECT_EQ(out.has_bom, test.has_bom);
    EXPECT_EQ(out.header, (std::vector<std::string>{"name", "city"}));
    EXPECT_EQ(out.rows, rows);
    EXPECT_EQ(places(out.problems), "");
  }
}

TEST(CsvReader, what_is_not_utf8_is_read_as_windows_1252_with_a_note) {
  const Outcome out = read("name,price\nJos\xE9,5 \x80\n");
  EXPECT_EQ(out.rows, (Rows{{"Jos\xC3\xA9", "5 \xE2\x82\xAC"}}));
  EXPECT_EQ(out.encoding, "windows-1252");
  EXPECT_EQ(places(out.problems), "guessed_encoding@0:0");
  EXPECT_EQ(out.sound, (std::vector<bool>{true}));
}

TEST(CsvReader, one_bad_byte_among_much_utf8_does_not_spoil_the_other_names) {
  const Outcome out = read("n\n\xC3\xA9\xC3\xA9\n\xC3\xB6\nbad\xFF\n");
  EXPECT_EQ(out.encoding, "utf-8");
  EXPECT_EQ(places(out.problems), "invalid_utf8@4:1");
}

TEST(CsvReader, a_forced_encoding_is_obeyed) {
  CsvOptions options;
  options.encoding = "shift_jis";
  EXPECT_EQ(read("n,v\n\x93\xFA\x96\x7B,1\n", options).rows,
            (Rows{{"\xE6\x97\xA5\xE6\x9C\xAC", "1"}}));
  options.encoding = "latin-1";
  EXPECT_EQ(read("n,v\nM\xFCller,1\n", options).rows, (Rows{{"M\xC3\xBCller", "1"}}));
  options.encoding = "utf-16le";
  EXPECT_EQ(read(utf16(u"n,v\nx,1\n", false), options).rows, (Rows{{"x", "1"}}));
}

TEST(CsvReader, what_a_forced_encoding_does_not_know_is_a_problem) {
  CsvOptions options;
  options.encoding = "utf-16le";
  const Outcome out =
      read(utf16(std::u16string(u"n,v\nx") + char16_t(0xD800) + u",1\n", false), options);
  EXPECT_EQ(places(out.problems), "invalid_encoding@2:1");
  options.encoding = "shift_jis";
  EXPECT_EQ(places(read("n,v\nx\xFF,1\ny\x81\n", options).problems),
            "invalid_encoding@2:1 invalid_encoding@3:1 too_few_fields@3:2");
}

TEST(CsvReader, results_do_not_depend_on_the_block_size) {
  const std::string bytes =
      "\xEF\xBB\xBF"
      "a;b\r\n\"1\r\n\"\"x\";2\r\n\r\n3;\xC3\xA9\r4;\"o\"ops\n5;\"u\n6;7\r\n";
  CsvOptions options;
  options.sample_bytes = 8;
  options.delimiter = ";";
  const Outcome whole = read(bytes, options);
  for (std::size_t block = 1; block < 40; ++block) {
    SCOPED_TRACE(block);
    options.block_bytes = block;
    const Outcome out = read(bytes, options);
    EXPECT_EQ(out.rows, whole.rows);
    EXPECT_EQ(out.lines, whole.lines);
    EXPECT_EQ(places(out.problems), places(whole.problems));
  }
}

TEST(CsvReader, problems_beyond_the_limit_are_counted_and_not_kept) {
  CsvOptions options;
  options.problems_max = 2;
  CsvReader reader = CsvReader::over("a,b\n1\n2\n3\n4,5\n", options);
  while (reader.next() != nullptr) {
  }
  EXPECT_EQ(reader.problems().size(), 2u);
  EXPECT_EQ(reader.problem_count(), 3);
  EXPECT_EQ(reader.rejected_count(), 3);
  EXPECT_EQ(reader.record_count(), 4);
}

TEST(CsvReader, a_value_becomes_a_problem_with_its_place) {
  CsvReader reader = CsvReader::over("day,amount\n\n1,abc\n");
  const CsvRecord* record = reader.next();
  ASSERT_NE(record, nullptr);
  const Problem problem = reader.problem_at(*record, 1, {Reason::not_an_amount, "no"});
  EXPECT_EQ(problem.line, 3);
  EXPECT_EQ(problem.column, 2);
  EXPECT_EQ(problem.column_name, "amount");
  EXPECT_EQ(problem.value, "abc");
}

TEST(CsvReader, a_file_that_cannot_be_opened_is_a_failure) {
  EXPECT_THROW(CsvReader::open("/no/such/file.csv"), std::system_error);
}

TEST(CsvOptions, delimiters_and_encodings_are_read_from_the_command_line) {
  EXPECT_EQ(*parse_delimiter("tab"), "\t");
  EXPECT_EQ(*parse_delimiter("auto"), "");
  EXPECT_EQ(*parse_delimiter("||"), "||");
  for (const std::string_view bad : {"", "\"", "a\n", "toolongdelimiter"}) {
    EXPECT_EQ(parse_delimiter(bad).error().reason, Reason::unknown_option) << bad;
  }
  EXPECT_EQ(*parse_encoding("UTF8"), "utf-8");
  EXPECT_EQ(*parse_encoding("ISO-8859-1"), "latin-1");
  EXPECT_EQ(*parse_encoding("CP1252"), "windows-1252");
  EXPECT_EQ(*parse_encoding("auto"), "");
  EXPECT_EQ(parse_encoding("klingon").error().reason, Reason::unknown_option);
}

}  // namespace
}  // namespace arrears::formats
