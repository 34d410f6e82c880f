#include "adapters/formats/csv_fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arrears::formats {
namespace {

std::string shown(const base::Result<AmountField, FieldError>& result) {
  if (!result.ok()) return std::string(code(result.error().reason));
  return result->currency.empty() ? result->amount : result->amount + "|" + result->currency;
}

std::string shown(const base::Result<DateField, FieldError>& result) {
  if (!result.ok()) return std::string(code(result.error().reason));
  return std::to_string(result->year) + "-" + std::to_string(result->month) + "-" +
         std::to_string(result->day) + (result->two_digit_year ? "?" : "");
}

struct AmountCase {
  std::string_view text;
  DecimalStyle style;
  std::string_view expected;
};
constexpr auto any = DecimalStyle::automatic;
constexpr auto dot = DecimalStyle::dot;
constexpr auto comma = DecimalStyle::comma;

TEST(CsvAmount, spellings_in_use_are_read_exactly) {
  const AmountCase cases[] = {
      {"0", any, "0"},
      {"007", any, "7"},
      {"55.94", any, "55.94"},
      {"1.234.567,89", any, "1234567.89"},
      {"1,234,567.89", any, "1234567.89"},
      {"1,234,567", any, "1234567"},
      {"1,234.50", any, "1234.50"},
      {"1 234,50", any, "1234.50"},
      {"1\u00A0234,50", any, "1234.50"},
      {"1\u202F234,50", any, "1234.50"},
      {"1'234.50", any, "1234.50"},
      {"1\u2019234.50", any, "1234.50"},
      {"12,34,567.80", any, "1234567.80"},
      {"0,123", any, "0.123"},
      {".50", any, "0.50"},
      {"12,", any, "12"},
      {"100,-", any, "100"},
      {"100,--", any, "100"},
      {"1,234", dot, "1234"},
      {"1,234", comma, "1.234"},
      {"1.234", dot, "1.234"},
      {"1.234", comma, "1234"},
      {"(123.45)", any, "-123.45"},
      {"123.45-", any, "-123.45"},
      {"-123.45", any, "-123.45"},
      {"\u2212"
       "123.45",
       any, "-123.45"},
      {"- 5", any, "-5"},
      {"+5", any, "5"},
      {"-0.00", any, "0.00"},
      {"$120.00", any, "120.00|$"},
      {"-$120.00", any, "-120.00|$"},
      {"$-120.00", any, "-120.00|$"},
      {"($120.00)", any, "-120.00|$"},
      {"$(120.00)", any, "-120.00|$"},
      {"EUR 12,00", any, "12.00|EUR"},
      {"12,00 EUR", any, "12.00|EUR"},
      {"12,00\u00A0\u20AC", any, "12.00|\u20AC"},
      {"12,00- EUR", any, "-12.00|EUR"},
      {"$120.00 USD", any, "120.00|USD"},
      {"US$1,250.10", any, "1250.10|US$"},
      {"Rs.100", any, "100|Rs."},
      {"\u20B9"
       "1,00,000.00",
       any, "100000.00|\u20B9"},
      {"  12.5 ", any, "12.5"},
  };
  for (const AmountCase& test : cases) {
    EXPECT_EQ(shown(read_amount(test.text, test.style)), test.expected) << test.text;
  }
}

TEST(CsvAmount, what_is_not_surely_an_amount_is_refused_with_its_reason) {
  const AmountCase cases[] = {
      {"", any, "empty_value"},
      {"   ", any, "empty_value"},
      {"abc", any, "not_an_amount"},
      {"NaN", any, "not_an_amount"},
      {"-", any, "not_an_amount"},
      {"()", any, "not_an_amount"},
      {"1,234", any, "ambiguous_decimal"},
      {"123.456", any, "ambiguous_decimal"},
      {"1,2345,678", any, "not_an_amount"},
      {"1.234.56", any, "not_an_amount"},
      {"1,234.567,89", any, "not_an_amount"},
      {"12,50", dot, "not_an_amount"},
      {"12.50", comma, "not_an_amount"},
      {"1 2", any, "not_an_amount"},
      {"12-34", any, "not_an_amount"},
      {"--5", any, "not_an_amount"},
      {"(-5)", any, "not_an_amount"},
      {"(5", any, "not_an_amount"},
      {"5)", any, "not_an_amount"},
      {")-5", any, "not_an_amount"},
      {"12%", any, "not_an_amount"},
      {"12.50 CR", any, "not_an_amount"},
      {"2019-03-07", any, "not_an_amount"},
      {"0x10", any, "not_an_amount"},
      {"1E+05", any, "spreadsheet_damage"},
      {"1,5E+05", any, "spreadsheet_damage"},
      {"1E-7", any, "spreadsheet_damage"},
      {"#REF!", any, "spreadsheet_damage"},
      {"#######", any, "spreadsheet_damage"},
      {"12345678901234567890123456789012345678901", any, "number_too_long"},
      {"\xFF"
       "12",
       any, "not_an_amount"},
  };
  for (const AmountCase& test : cases) {
    EXPECT_EQ(shown(read_amount(test.text, test.style)), test.expected) << test.text;
  }
}

std::string found_decimals(const std::vector<std::string>& values) {
  DecimalStyleFinder finder;
  for (const std::string& value : values) finder.see(value);
  const auto style = finder.style();
  return std::string(style.ok() ? option_text(*style) : code(style.error().reason));
}

TEST(CsvAmount, the_style_of_a_column_comes_from_all_its_values) {
  EXPECT_EQ(found_decimals({"1,234", "12.50"}), "dot");
  EXPECT_EQ(found_decimals({"1.234", "12,50"}), "comma");
  EXPECT_EQ(found_decimals({"1.234.567", "1.234"}), "comma");
  EXPECT_EQ(found_decimals({"1,234", "2,345"}), "ambiguous_decimal");
  EXPECT_EQ(found_decimals({"12,5", "145,00", "5.25"}), "mixed_decimals");
  EXPECT_EQ(found_decimals({"5", "", "abc"}), "auto");
}

TEST(CsvAmount, an_ambiguity_names_the_option) {
  DecimalStyleFinder finder;
  finder.see("1,234");
  EXPECT_NE(finder.style().error().text.find("--decimal dot"), std::string::npos);
}

TEST(CsvNumber, float_tails_of_ids_are_detected_and_not_removed_silently) {
  EXPECT_EQ(without_float_tail("1928826755.0"), "1928826755");
  EXPECT_EQ(without_float_tail("0200769623.00"), "0200769623");
  for (const std::string_view other : {"1928826755", "12.5", ".0", "12.", "CCCA02", "1.2.0"}) {
    EXPECT_FALSE(without_float_tail(other)) << other;
  }
}

struct DateCase {
  std::string_view text;
  DateStyle style;
  std::string_view expected;
};
constexpr auto open = DateStyle::automatic;
constexpr auto dmy = DateStyle::day_month_year;
constexpr auto mdy = DateStyle::month_day_year;
constexpr auto ymd = DateStyle::year_month_day;
constexpr auto excel = DateStyle::excel_serial;

TEST(CsvDate, spellings_in_use_are_read) {
  const DateCase cases[] = {
      {"2019-03-07", open, "2019-3-7"},
      {"2019/3/7", mdy, "2019-3-7"},
      {"2019.03.07", dmy, "2019-3-7"},
      {"20190307", open, "2019-3-7"},
      {"20190307.0", open, "2019-3-7"},
      {"2019-03-07 00:00:00", open, "2019-3-7"},
      {"2019-03-07T23:59:59.123Z", open, "2019-3-7"},
      {"2019-03-07T23:59:59+02:00", open, "2019-3-7"},
      {"2/18/2008 02:36:48", mdy, "2008-2-18"},
      {"2/18/2008 2:36 PM", open, "2008-2-18"},
      {"03/07/2019", dmy, "2019-7-3"},
      {"03/07/2019", mdy, "2019-3-7"},
      {"13/07/2019", open, "2019-7-13"},
      {"07/13/2019", open, "2019-7-13"},
      {"03/03/2019", open, "2019-3-3"},
      {"03-07-2019", dmy, "2019-7-3"},
      {"7.3.2019", open, "2019-3-7"},
      {"7.3.19", open, "2019-3-7?"},
      {"7.3.2019", mdy, "2019-7-3"},
      {"3/7/69", mdy, "2069-3-7?"},
      {"3/7/70", mdy, "1970-3-7?"},
      {"7-MAR-2019", open, "2019-3-7"},
      {"07 Mar 2019", ymd, "2019-3-7"},
      {"07-Mar-19", open, "2019-3-7?"},
      {"Mar 7, 2019", open, "2019-3-7"},
      {"Sept 7 2019", open, "2019-9-7"},
      {"7 September 2019", open, "2019-9-7"},
      {"29/02/2024", dmy, "2024-2-29"},
      {"43531", excel, "2019-3-7"},
      {"43531.0", excel, "2019-3-7"},
      {"1", excel, "1900-1-1"},
      {"59", excel, "1900-2-28"},
      {"61", excel, "1900-3-1"},
      {"2958465", excel, "9999-12-31"},
      {"9999-12-31", open, "9999-12-31"},
      {" 2023-01-01", open, "2023-1-1"},
  };
  for (const DateCase& test : cases) {
    EXPECT_EQ(shown(read_date(test.text, test.style)), test.expected) << test.text;
  }
}

TEST(CsvDate, what_is_not_surely_a_day_is_refused_with_its_reason) {
  const DateCase cases[] = {
      {"", open, "empty_value"},
      {"never", open, "not_a_date"},
      {"03/07/2019", open, "ambiguous_date"},
      {"03/07/2019", ymd, "not_a_date"},
      {"30/02/2019", dmy, "impossible_date"},
      {"2019-02-29", open, "impossible_date"},
      {"2019-02-30", open, "impossible_date"},
      {"1900-02-29", open, "impossible_date"},
      {"13/07/2019", mdy, "impossible_date"},
      {"00000000", open, "impossible_date"},
      {"2019-13-01", open, "impossible_date"},
      {"08//01/2019", open, "not_a_date"},
      {"2019-03", open, "not_a_date"},
      {"2019-03-07x", open, "not_a_date"},
      {"2019-03-07 99:00", open, "not_a_date"},
      {"3/7/019", mdy, "not_a_date"},
      {"43531", open, "excel_serial"},
      {"12.50", open, "not_a_date"},
      {"5", open, "not_a_date"},
      {"60", excel, "not_a_date"},
      {"2958466", excel, "not_a_date"},
      {"7 Foo 2019", open, "not_a_date"},
  };
  for (const DateCase& test : cases) {
    EXPECT_EQ(shown(read_date(test.text, test.style)), test.expected) << test.text;
  }
}

std::string found_dates(const std::vector<std::string>& values) {
  DateStyleFinder finder;
  for (const std::string& value : values) finder.see(value);
  const auto style = finder.style();
  return std::string(style.ok() ? option_text(*style) : code(style.error().reason));
}

TEST(CsvDate, the_style_of_a_column_comes_from_all_its_values) {
  EXPECT_EQ(found_dates({"1/2/2013", "1/15/2013"}), "M/D/Y");
  EXPECT_EQ(found_dates({"01/02/2013", "13/10/2021"}), "D/M/Y");
  EXPECT_EQ(found_dates({"01/02/2013", "03/04/2013"}), "ambiguous_date");
  EXPECT_EQ(found_dates({"13/02/2013", "03/14/2013"}), "mixed_dates");
  EXPECT_EQ(found_dates({"2019-03-07", "20190307", "", "abc"}), "auto");
  EXPECT_EQ(found_dates({"03/03/2013"}), "D/M/Y");
}

TEST(CsvDate, an_ambiguity_names_the_option) {
  DateStyleFinder finder;
  finder.see("01/02/2013");
  EXPECT_NE(finder.style().error().text.find("--dates M/D/Y"), std::string::npos);
}

TEST(CsvOptions, styles_are_read_from_the_command_line) {
  for (const auto style : {open, dmy, mdy, ymd, excel}) {
    EXPECT_EQ(*parse_date_style(option_text(style)), style);
  }
  for (const auto style : {any, dot, comma}) {
    EXPECT_EQ(*parse_decimal_style(option_text(style)), style);
  }
  EXPECT_EQ(parse_date_style("D/D/Y").error().reason, Reason::unknown_option);
  EXPECT_EQ(parse_decimal_style("point").error().reason, Reason::unknown_option);
}

}  // namespace
}  // namespace arrears::formats
