#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>

#include "adapters/api/api.h"
#include "base/text.h"

namespace arrears::api {
namespace {

namespace json = boost::json;

const json::object& description() {
  static const json::value value = json::parse(openapi_text());
  return value.as_object();
}

using Operations = std::map<std::string, const json::object*>;  ///< by "get /path"

Operations described() {
  Operations operations;
  for (const auto& [path, item] : description().at("paths").as_object())
    for (const auto& [method, operation] : item.as_object())
      operations[std::string(method) + " " + std::string(path)] = &operation.as_object();
  return operations;
}

std::string key_of(const Endpoint& endpoint) {
  return base::to_lower_ascii(base::name(endpoint.method)) + " /api/v1" +
         std::string(endpoint.path);
}

TEST(Endpoints, the_table_and_the_description_have_the_same_operations) {
  std::set<std::string> offered;
  for (const Endpoint& endpoint : all_endpoints()) {
    EXPECT_TRUE(offered.insert(key_of(endpoint)).second) << key_of(endpoint) << " is there twice";
  }
  std::set<std::string> told;
  for (const auto& [key, operation] : described()) told.insert(key);
  for (const std::string& key : offered)
    EXPECT_TRUE(told.contains(key)) << key << " is not in openapi.json";
  for (const std::string& key : told)
    EXPECT_TRUE(offered.contains(key)) << key << " is only in openapi.json";
}

TEST(Endpoints, the_query_parameters_are_those_of_the_description) {
  const Operations operations = described();
  for (const Endpoint& endpoint : all_endpoints()) {
    const auto operation = operations.find(key_of(endpoint));
    if (operation == operations.end()) continue;
    std::set<std::string> told;
    if (const auto* parameters = operation->second->if_contains("parameters"))
      for (const json::value& parameter : parameters->as_array())
        if (const auto* in = parameter.as_object().if_contains("in"); in && *in == "query")
          told.insert(std::string(parameter.at("name").as_string()));
    const std::set<std::string> read(endpoint.query.begin(), endpoint.query.end());
    EXPECT_EQ(read, told) << key_of(endpoint);
  }
}

TEST(Endpoints, only_set_up_and_sign_in_are_open) {
  std::set<std::string> open;
  for (const Endpoint& endpoint : all_endpoints())
    if (!endpoint.right) open.insert(key_of(endpoint));
  EXPECT_EQ(open, (std::set<std::string>{"get /api/v1/setup", "post /api/v1/setup",
                                         "post /api/v1/session"}));
  for (const auto& [key, operation] : described())
    EXPECT_EQ(operation->contains("security"), open.contains(key)) << key;
}

/// Questions need the right to read, or a narrower one; whatever changes something needs more than
/// that, but for what is the caller's own.
TEST(Endpoints, a_change_needs_more_than_the_right_to_read) {
  const std::set<std::string> own{
      "delete /api/v1/session",       "post /api/v1/session/password",
      "post /api/v1/session/totp",    "post /api/v1/session/totp/confirmation",
      "delete /api/v1/session/totp",  "post /api/v1/tokens",
      "delete /api/v1/tokens/{token}"};
  for (const Endpoint& endpoint : all_endpoints()) {
    if (!endpoint.right || endpoint.method == http::Method::get) continue;
    EXPECT_EQ(*endpoint.right == app::Right::read, own.contains(key_of(endpoint)))
        << key_of(endpoint);
  }
}

void collect_refs(const json::value& value, std::set<std::string>& refs) {
  if (const auto* object = value.if_object()) {
    for (const auto& [name, inner] : *object) {
      if (name == "$ref") refs.insert(std::string(inner.as_string()));
      collect_refs(inner, refs);
    }
  } else if (const auto* array = value.if_array()) {
    for (const json::value& inner : *array) collect_refs(inner, refs);
  }
}

TEST(Endpoints, every_reference_of_the_description_leads_somewhere_and_every_schema_is_used) {
  std::set<std::string> refs;
  collect_refs(json::value(description()), refs);
  const json::value whole(description());
  for (const std::string& ref : refs) {
    boost::system::error_code error;
    EXPECT_NE(whole.find_pointer(ref.substr(1), error), nullptr) << ref;
  }
  for (const auto& [name, schema] : description().at("components").at("schemas").as_object())
    EXPECT_TRUE(refs.contains("#/components/schemas/" + std::string(name))) << name;
}

}  // namespace
}  // namespace arrears::api
