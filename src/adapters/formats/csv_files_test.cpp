// Files of other projects, where they are present beside the repository.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/formats/csv_describe.h"
#include "adapters/formats/csv_reader.h"
#include "adapters/formats/csv_writer.h"
#include "adapters/formats/utf8.h"

namespace arrears::formats {
namespace {

namespace fs = std::filesystem;
const fs::path shared = "../shared/data";
const fs::path duckdb = shared / "csv/duckdb+duckdb";
const fs::path encodings = shared / "encoding/duckdb+duckdb";

#define NEEDS_SHARED_DATA() \
  if (!fs::exists(shared)) GTEST_SKIP() << "skipped: ../shared/data absent"

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string codes(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    if (!out.empty()) out += ' ';
    out += std::string(code(problem.reason)) + "@" + std::to_string(problem.line);
  }
  return out;
}

/// A JSON array of flat objects of strings, or of strings: all strings, objects split by rows.
struct JsonStrings {
  explicit JsonStrings(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '{') rows.emplace_back();
      if (text[i] != '"') continue;
      std::string value;
      for (++i; text[i] != '"'; ++i)
        value += text[i] == '\\' ? unescape(text, i) : text.substr(i, 1);
      if (rows.empty()) rows.emplace_back();
      rows.back().push_back(value);
    }
  }
  static std::string unescape(std::string_view text, std::size_t& i) {
    const char c = text[++i];
    if (c == 'n') return "\n";
    if (c == 'r') return "\r";
    if (c == 't') return "\t";
    if (c == 'b') return "\b";
    if (c == 'f') return "\f";
    if (c != 'u') return std::string(1, c);
    const int point = std::stoi(std::string(text.substr(i + 1, 4)), nullptr, 16);
    i += 4;
    if (point < 0x80) return std::string(1, static_cast<char>(point));
    return {static_cast<char>(0xC0 | (point >> 6 & 0x1F)),
            static_cast<char>(0x80 | (point & 0x3F))};
  }
  std::vector<std::vector<std::string>> rows;
};

TEST(CsvFiles, csv_spectrum_is_read_as_its_json_says) {
  NEEDS_SHARED_DATA();
  const fs::path root = shared / "csv/maxogden+csv-spectrum";
  int files = 0;
  for (const auto& entry : fs::directory_iterator(root / "csvs")) {
    SCOPED_TRACE(entry.path().string());
    const JsonStrings expected(content(root / "json" / (entry.path().stem().string() + ".json")));
    CsvReader reader = CsvReader::open(entry.path().string());
    std::vector<std::vector<std::string>> rows;
    while (const CsvRecord* record = reader.next()) {
      rows.emplace_back();
      for (std::size_t i = 0; i < record->fields.size(); ++i) {
        rows.back().push_back(reader.header()[i]);
        rows.back().emplace_back(record->fields[i]);
      }
    }
    EXPECT_EQ(rows, expected.rows);
    EXPECT_EQ(codes(reader.problems()), "");
    ++files;
  }
  EXPECT_GE(files, 7);
}

struct FileCase {
  const char* path;
  bool has_header;
  const char* delimiter;
  std::int64_t records;
  const char* problems;
};

TEST(CsvFiles, each_defect_is_found_on_its_line) {
  NEEDS_SHARED_DATA();
  const FileCase cases[] = {
      {"all_quotes.csv", true, ",", 5, ""},
      {"blank_line.csv", true, ",", 10, ""},
      {"double_quoted_header.csv", true, ",", 2, ""},
      {"empty.csv", true, ",", 0, "empty_file@0"},
      {"headers/single_line.csv", true, ",", 0, "header_only@0"},
      {"headers/empty_2.csv", true, ",", 2, "unnamed_column@1"},
      {"inconsistencies/line_with_spaces.csv", true, ",", 5,
       "too_many_fields@2 too_many_fields@3 too_many_fields@4 too_many_fields@5 too_many_fields@6"},
      {"lineitem-carriage.csv", true, "|", 10, ""},
      {"mixed_new_line.csv", false, ",", 3, ""},
      {"one_r_n_two.csv", false, ",", 3, ""},
      {"quoted_newline.csv", true, ",", 1, ""},
      {"sales_snippet.csv", false, "\t", 14, ""},
      {"thousands_separator/multi_column.csv", true, ";", 5, ""},
      {"rejects/incorrect_columns/small_mix.csv", true, ",", 4,
       "too_many_fields@3 too_few_fields@4"},
      {"rejects/unquoted/basic.csv", true, ",", 7, "stray_quote@5"},
      {"thijs_unquoted.csv", false, "|", 4, "stray_quote@2 stray_quote@3 stray_quote@4"},
      {"multidelimiter/simple_unterminated_quote.csv", false, ",", 1, "unclosed_quote@1"},
      {"multidelimiter/unterminated_quote_multi_line.csv", false, ",", 1, "unclosed_quote@1"},
  };
  for (const FileCase& test : cases) {
    SCOPED_TRACE(test.path);
    CsvOptions options;
    options.has_header = test.has_header;
    CsvReader reader = CsvReader::open((duckdb / test.path).string(), options);
    while (reader.next() != nullptr) {
    }
    EXPECT_EQ(reader.dialect().delimiter, test.delimiter);
    EXPECT_EQ(reader.record_count(), test.records);
    EXPECT_EQ(codes(reader.problems()), test.problems);
  }
}

TEST(CsvFiles, no_line_of_any_file_is_lost_without_a_problem) {
  NEEDS_SHARED_DATA();
  int files = 0;
  for (const fs::path& root : {shared / "csv", encodings, shared / "bank-csv"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".csv" && entry.path().extension() != ".tsv") continue;
      SCOPED_TRACE(entry.path().string());
      const std::string bytes = content(entry.path());
      CsvOptions options;
      options.encoding = "utf-8";
      options.has_header = false;
      CsvReader reader = CsvReader::over(bytes, options);
      std::string kept;
      while (const CsvRecord* record = reader.next()) kept += record->raw;
      const auto without_ends = [](std::string text) {
        std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
        return text;
      };
      const std::string expected = without_ends(bytes);
      const std::string found = without_ends(kept);
      EXPECT_EQ(found, reader.has_bom() ? expected.substr(3) : expected);
      ++files;
    }
  }
  EXPECT_GE(files, 50);
}

TEST(CsvFiles, encodings_and_nul_bytes_are_recognised) {
  NEEDS_SHARED_DATA();
  CsvReader latin = CsvReader::open((encodings / "encodings/latin1.csv").string());
  const CsvRecord* record = latin.next();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(latin.encoding(), "windows-1252");
  EXPECT_TRUE(record->fields[0].starts_with("Jos\xC3\xA9 "));
  while ((record = latin.next()) != nullptr) {
    for (const std::string_view field : record->fields) EXPECT_TRUE(is_utf8(field));
  }
  CsvReader nul = CsvReader::open((encodings / "nullbyte.csv").string());
  while (nul.next() != nullptr) {
  }
  EXPECT_EQ(codes(nul.problems()), "nul_byte@2");
  EXPECT_EQ(nul.problems()[0].column_name, "col2");
}

TEST(CsvFiles, dates_and_decimals_of_the_duckdb_files_are_told_apart) {
  NEEDS_SHARED_DATA();
  const auto column = [](const char* path, std::size_t index, bool has_header) {
    CsvOptions options;
    options.has_header = has_header;
    return describe(CsvReader::open((duckdb / path).string(), options)).columns.at(index);
  };
  EXPECT_EQ(column("dates_special_format.csv", 0, false).kind, ColumnKind::date);
  EXPECT_EQ(column("leading_zeros2.csv", 6, true).dates, DateStyle::day_month_year);
  EXPECT_EQ(column("leading_zeros2.csv", 0, true).kind, ColumnKind::identifier);
  EXPECT_EQ(column("sales_snippet.csv", 9, false).dates, DateStyle::month_day_year);
  EXPECT_EQ(column("thousands_separator/multi_column.csv", 1, true).decimals, DecimalStyle::dot);
  EXPECT_EQ(column("mixed_dates.csv", 1, true).question->reason, Reason::ambiguous_date);
}

void expect_round_trip(const std::vector<std::string>& values) {
  std::string bytes;
  for (const std::string& value : values) {
    write_csv_record(bytes, std::vector<std::string_view>{value, "x", value});
  }
  CsvOptions options;
  options.has_header = false;
  options.delimiter = ",";
  options.escape = QuoteEscape::doubled;
  CsvReader reader = CsvReader::over(bytes, options);
  for (const std::string& value : values) {
    const CsvRecord* record = reader.next();
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->fields[0], value);
    EXPECT_EQ(record->fields[2], value);
    EXPECT_TRUE(record->sound);
    std::string again;
    write_csv_record(again, record->fields);
    EXPECT_EQ(again, std::string(record->raw) + "\n");
  }
  EXPECT_EQ(reader.next(), nullptr);
  EXPECT_EQ(codes(reader.problems()), "");
}

TEST(CsvFiles, naughty_strings_survive_unchanged) {
  NEEDS_SHARED_DATA();
  const fs::path root = shared / "encoding/minimaxir+big-list-of-naughty-strings";
  const JsonStrings json(content(root / "blns.json"));
  ASSERT_EQ(json.rows.size(), 1u);
  ASSERT_GE(json.rows[0].size(), 500u);
  expect_round_trip(json.rows[0]);
  std::vector<std::string> lines;
  std::ifstream text(root / "blns.txt", std::ios::binary);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  expect_round_trip(lines);
}

TEST(CsvFiles, the_ibm_ledger_is_read_without_an_option) {
  NEEDS_SHARED_DATA();
  const fs::path path =
      shared / "ar-ledger/pthiagu2+DataMining/WA_Fn-UseC_-Accounts-Receivable.csv";
  const FileDescription seen = describe(CsvReader::open(path.string()), 1 << 20);
  EXPECT_EQ(seen.records_seen, 2466);
  EXPECT_EQ(codes(seen.problems), "");
  ASSERT_EQ(seen.columns.size(), 12u);
  EXPECT_EQ(seen.columns[3].kind, ColumnKind::identifier);
  EXPECT_EQ(seen.columns[4].dates, DateStyle::month_day_year);
  EXPECT_EQ(seen.columns[6].decimals, DecimalStyle::dot);
}

}  // namespace
}  // namespace arrears::formats
