#include "adapters/formats/csv_describe.h"

#include <gtest/gtest.h>

#include <string>

namespace arrears::formats {
namespace {

TEST(CsvDescribe, tells_what_an_import_would_see) {
  const FileDescription seen =
      describe(CsvReader::over("\xEF\xBB\xBFnumber;day;amount;count;name;nothing;shop\n"
                               "0001;31.12.2025;1.234,50 EUR;3;x;;1928826755.0\n"
                               "0002;01.01.2026;5,00 EUR;-4;y;;1928826756.0\n"));
  EXPECT_EQ(seen.encoding, "utf-8");
  EXPECT_TRUE(seen.has_bom);
  EXPECT_EQ(seen.dialect.delimiter, ";");
  EXPECT_EQ(seen.records_seen, 2);
  EXPECT_TRUE(seen.whole_file);
  ASSERT_EQ(seen.columns.size(), 7u);
  std::string kinds;
  for (const ColumnDescription& column : seen.columns) {
    kinds += std::string(name(column.kind)) + " ";
  }
  EXPECT_EQ(kinds, "identifier date amount whole text empty identifier ");
  EXPECT_EQ(seen.columns[2].decimals, DecimalStyle::comma);
  EXPECT_EQ(seen.columns[5].empty_values, 2);
  ASSERT_EQ(seen.sample.size(), 2u);
  EXPECT_EQ(seen.sample[1][4], "y");
}

TEST(CsvDescribe, a_column_with_two_readings_asks_for_its_option) {
  const FileDescription seen =
      describe(CsvReader::over("day|amount\n01/02/2025|1,234\n03/04/2025|2,345\n"));
  EXPECT_EQ(seen.columns[0].kind, ColumnKind::date);
  ASSERT_TRUE(seen.columns[0].question.has_value());
  EXPECT_EQ(seen.columns[0].question->reason, Reason::ambiguous_date);
  EXPECT_EQ(seen.columns[1].kind, ColumnKind::amount);
  ASSERT_TRUE(seen.columns[1].question.has_value());
  EXPECT_EQ(seen.columns[1].question->reason, Reason::ambiguous_decimal);
}

TEST(CsvDescribe, reads_no_more_than_asked) {
  const FileDescription seen = describe(CsvReader::over("a,b\n1,2\n3,4\n5,6\n"), 2, 1);
  EXPECT_EQ(seen.records_seen, 2);
  EXPECT_EQ(seen.sample.size(), 1u);
  EXPECT_FALSE(seen.whole_file);
}

TEST(CsvDescribe, an_empty_file_has_no_columns_and_a_problem) {
  const FileDescription seen = describe(CsvReader::over(""));
  EXPECT_TRUE(seen.columns.empty());
  ASSERT_EQ(seen.problems.size(), 1u);
  EXPECT_EQ(seen.problems[0].reason, Reason::empty_file);
}

}  // namespace
}  // namespace arrears::formats
