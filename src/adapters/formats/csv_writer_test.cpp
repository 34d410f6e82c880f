#include "adapters/formats/csv_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/formats/csv_reader.h"

namespace arrears::formats {
namespace {

std::string written(const std::vector<std::string>& fields, const CsvWriteOptions& options = {}) {
  std::string out;
  write_csv_record(out, std::span<const std::string>(fields), options);
  return out;
}

TEST(CsvWriter, quotes_only_what_would_be_read_differently) {
  EXPECT_EQ(written({"a", "1.50", "x y"}), "a,1.50,x y\n");
  EXPECT_EQ(written({"a,b", "say \"hi\"", "two\nlines"}),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
  EXPECT_EQ(written({" x", "#1"}), "\" x\",\"#1\"\n");
  EXPECT_EQ(written({""}), "\"\"\n");
  EXPECT_EQ(written({"", ""}), ",\n");
}

TEST(CsvWriter, delimiter_and_line_end_are_options) {
  EXPECT_EQ(written({"a;b", "c,d"}, {.delimiter = ';', .line_end = "\r\n"}), "\"a;b\";c,d\r\n");
}

TEST(CsvWriter, formulas_are_disarmed_by_option_and_plain_numbers_are_not_formulas) {
  const CsvWriteOptions guarded{.guard_formulas = true};
  EXPECT_EQ(written({"=1+1", "@x", "-12.50", "+4930123", "-x"}, guarded),
            "'=1+1,'@x,-12.50,+4930123,'-x\n");
  EXPECT_EQ(written({"=1+1"}), "=1+1\n");
}

TEST(CsvWriter, what_is_written_is_read_again) {
  const std::vector<std::string> fields = {"",  " ", "\"", "\r", "a\"\"b", "\xEF\xBB\xBFx",
                                           ",", "\\"};
  std::string bytes = written(fields);
  CsvOptions options;
  options.has_header = false;
  options.delimiter = ",";
  options.encoding = "utf-8";
  options.escape = QuoteEscape::doubled;
  CsvReader reader = CsvReader::over(bytes, options);
  const CsvRecord* record = reader.next();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(std::vector<std::string>(record->fields.begin(), record->fields.end()), fields);
  EXPECT_TRUE(record->sound);
}

}  // namespace
}  // namespace arrears::formats
