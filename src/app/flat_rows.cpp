#include "app/flat_rows.h"

#include <algorithm>

namespace arrears::app {

namespace json = boost::json;

namespace {

void flatten(json::object& flat, const std::string& prefix, const json::object& object) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix + std::string(key);
    if (const auto* inner = value.if_object()) {
      flatten(flat, name + ".", *inner);
    } else {
      flat[name] = value;
    }
  }
}

std::string text_of(const json::value& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_string()) return std::string(*text);
  if (const auto* array = value.if_array()) {
    if (!array->empty() && array->front().is_object()) return json::serialize(value);
    std::string joined;
    for (const json::value& element : *array)
      joined += (joined.empty() ? "" : ";") + text_of(element);
    return joined;
  }
  return json::serialize(value);
}

}  // namespace

FlatRows flat_rows(const json::array& rows, std::span<const std::string_view> columns) {
  FlatRows table{{columns.begin(), columns.end()}, {}};
  std::vector<json::object> flat;
  for (const json::value& row : rows) {
    flatten(flat.emplace_back(), "", row.as_object());
    for (const auto& [key, value] : flat.back())
      if (std::find(table.header.begin(), table.header.end(), key) == table.header.end())
        table.header.emplace_back(key);
  }
  std::erase_if(table.header, [&](const std::string& key) {
    return !flat.empty() && std::none_of(flat.begin(), flat.end(), [&](const json::object& row) {
      return row.contains(key);
    });
  });
  for (const json::object& row : flat) {
    auto& values = table.rows.emplace_back();
    for (const std::string& key : table.header) {
      const json::value* value = row.if_contains(key);
      values.push_back(value ? text_of(*value) : std::string());
    }
  }
  return table;
}

}  // namespace arrears::app
