#include "adapters/api/csv.h"

#include <gtest/gtest.h>

namespace arrears::api {
namespace {

std::string csv_of(std::string_view json) { return csv_text(boost::json::parse(json).as_array()); }

TEST(Csv, rows_become_columns_by_name) {
  EXPECT_EQ(csv_of(R"([{"a":"x","b":{"c":1}},{"a":null,"d":["p","q"]}])"),
            "a,b.c,d\r\nx,1,\r\n,,p;q\r\n");
  EXPECT_EQ(csv_of("[]"), "\r\n");
}

TEST(Csv, what_would_break_a_row_is_quoted) {
  EXPECT_EQ(csv_of(R"([{"a":"x, \"y\"\nz"}])"), "a\r\n\"x, \"\"y\"\"\nz\"\r\n");
}

TEST(Csv, a_text_that_a_spreadsheet_would_run_is_disarmed) {
  struct Case {
    std::string_view text;
    std::string_view written;
  } cases[] = {
      {"=1+1", "'=1+1"},    {"@SUM(A1)", "'@SUM(A1)"},
      {"+1-2", "'+1-2"},    {"-cmd", "'-cmd"},
      {"-12.50", "-12.50"}, {"+49", "+49"},
      {"a=b", "a=b"},       {"-", "-"},
  };
  for (const Case& one : cases) {
    const boost::json::array rows{boost::json::object{{"a", one.text}}};
    EXPECT_EQ(csv_text(rows), "a\r\n" + std::string(one.written) + "\r\n") << one.text;
  }
}

}  // namespace
}  // namespace arrears::api
