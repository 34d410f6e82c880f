#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace arrears::scenarios {

using Output = std::vector<std::string>;
using Json = boost::json::object;

enum class Align : unsigned char { left, right };

/// Labelled columns as lines of text. A column in which nothing stands is left out.
class Table {
 public:
  struct Column {
    std::string label;
    Align align = Align::left;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> row);
  /// "(empty)" where there is no row.
  Output lines() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The value of a member as text: empty where it is null or absent.
std::string text_of(const Json& json, std::string_view member);
/// An amount: "-" where it is zero.
std::string amount_of(const Json& json, std::string_view member);
/// "days_overdue" as "days overdue", "1_30" as "1-30".
std::string spaced(std::string_view name);
/// Breaks a text into lines at blanks.
Output wrapped(std::string_view text, std::size_t columns = 96);

}  // namespace arrears::scenarios
