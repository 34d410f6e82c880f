#include "adapters/storage/sql_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

/// The SQL of this room keeps to what every engine can do with data that is spread by part.
namespace arrears::storage {
namespace {

/// The SQL texts of a source file, adjacent literals joined.
std::vector<std::string> sql_texts(const std::string& source) {
  static const std::regex literals(R"lit("(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*)lit");
  static const std::regex joints(R"lit("\s*")lit");
  static const std::regex sql(R"lit(^"(SELECT|INSERT INTO|UPDATE|DELETE FROM) )lit");
  std::vector<std::string> texts;
  for (std::sregex_iterator it(source.begin(), source.end(), literals), end; it != end; ++it) {
    const std::string text = std::regex_replace(it->str(), joints, "");
    if (std::regex_search(text, sql)) texts.push_back(text);
  }
  return texts;
}

TEST(SqlTexts, names_become_numbers_outside_of_text_and_comments) {
  struct Case {
    const char* label;
    const char* sql;
    const char* expected;
    std::size_t names;
  };
  const Case cases[] = {
      {"two names", "a = :a AND b = :b_2", "a = $1 AND b = $2", 2},
      {"the same name twice", ":a, :b, :a", "$1, $2, $1", 2},
      {"in text", "':a' || :b", "':a' || $1", 1},
      {"in text with a doubled quote", "'it''s :a', :b", "'it''s :a', $1", 1},
      {"in a quoted name", "\":a\" = :b", "\":a\" = $1", 1},
      {"in a comment", ":a -- :b\n, :c", "$1 -- :b\n, $2", 2},
      {"in a block comment", "/* :a */ :b", "/* :a */ $1", 1},
      {"a cast", "x::text = :a", "x::text = $1", 1},
      {"open text", "':a", "':a", 0},
      {"a lone colon", ": 1:", ": 1:", 0},
  };
  for (const Case& c : cases) {
    const SqlText numbered = number_parameters(c.sql, '$');
    EXPECT_EQ(numbered.text, c.expected) << c.label;
    EXPECT_EQ(numbered.names.size(), c.names) << c.label;
  }
}

TEST(Sql, every_statement_names_the_part_or_says_that_it_means_all_parts) {
  const std::filesystem::path folder = "src/adapters/storage";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: not run in the source folder";
  int statements = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".cpp" || name.find("_test.cpp") != std::string::npos) continue;
    std::ifstream in(entry.path());
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    for (const std::string& text : sql_texts(source)) {
      ++statements;
      // Small tables without a part, and texts whose tables and conditions come from a descriptor.
      static const std::regex partless(
          R"(site|schema_migration|sqlite_schema|pg_tables|pg_attribute|pragma_table_info|)"
          R"("SELECT 0"|^"SELECT "$|(INTO|FROM|WHERE) "$|\(version\))");
      if (std::regex_search(text, partless)) continue;
      EXPECT_TRUE(std::regex_search(text, std::regex(R"(\bpart\b|-- wide)")))
          << name << ": " << text;
      EXPECT_FALSE(std::regex_search(text, std::regex(R"(now\(|random\(|::)"))) << text;
    }
  }
  EXPECT_GT(statements, 30);
}

}  // namespace
}  // namespace arrears::storage
