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
          R"(site|schema_migration|sqlite_schema|^"SELECT "$|(INTO|FROM) "$|\(version\))");
      if (std::regex_search(text, partless)) continue;
      EXPECT_TRUE(std::regex_search(text, std::regex(R"(\bpart\b|-- wide)")))
          << name << ": " << text;
      EXPECT_FALSE(std::regex_search(text, std::regex(R"(now\(|random\(|RETURNING|::)"))) << text;
    }
  }
  EXPECT_GT(statements, 30);
}

}  // namespace
}  // namespace arrears::storage
