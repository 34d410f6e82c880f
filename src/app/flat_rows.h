#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Answers as flat tables, for CSV.
namespace arrears::app {

struct FlatRows {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Members of objects become columns with dotted names; lists of texts are joined by ";", lists of
/// objects stay JSON. `columns` come first, then all others in the order in which they are met;
/// a column that no row has is left out.
FlatRows flat_rows(const boost::json::array& rows, std::span<const std::string_view> columns);

}  // namespace arrears::app
