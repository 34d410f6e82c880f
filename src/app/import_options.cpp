#include "app/import.h"
#include "app/site.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t profile_name_bytes_max = 100;

std::string text_of(const Json& json, std::string_view key) {
  const auto* value = json.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag_of(const Json& json, std::string_view key) {
  const auto* value = json.if_contains(key);
  return value && value->is_bool() && value->as_bool();
}

constexpr std::pair<std::string_view, std::string ImportOptions::*> option_texts[] = {
    {"currency", &ImportOptions::currency}, {"dates", &ImportOptions::dates},
    {"decimals", &ImportOptions::decimals}, {"delimiter", &ImportOptions::delimiter},
    {"encoding", &ImportOptions::encoding},
};

}  // namespace

Json to_json(const ImportOptions& options) {
  Json json;
  for (const auto& [name, text] : option_texts) json[name] = options.*text;
  boost::json::array mapping;
  for (const auto& [field, column] : options.mapping)
    mapping.push_back(Json{{"field", field}, {"column", column}});
  json["mapping"] = std::move(mapping);
  json["strict"] = options.strict;
  return json;
}

ImportOptions import_options_from(const Json& json) {
  ImportOptions options;
  for (const auto& [name, text] : option_texts) options.*text = text_of(json, name);
  if (const auto* mapping = json.if_contains("mapping")) {
    for (const auto& entry : mapping->as_array()) {
      options.mapping.push_back(
          {text_of(entry.as_object(), "field"), text_of(entry.as_object(), "column")});
    }
  }
  options.strict = flag_of(json, "strict");
  return options;
}

Json to_json(const ImportRequest& request) {
  boost::json::array totals;
  for (const std::string& total : request.control_totals) totals.emplace_back(total);
  Json json{{"entity", request.entity},
            {"kind", base::name(request.kind)},
            {"file", request.file_name},
            {"options", to_json(request.options)},
            {"control_totals", std::move(totals)},
            {"dry_run", request.dry_run}};
  if (request.as_of) json["as_of"] = to_string(*request.as_of);
  if (request.shrink_limit_percent) json["shrink_limit_percent"] = *request.shrink_limit_percent;
  return json;
}

ImportRequest import_request_from(const Json& json) {
  ImportRequest request;
  request.entity = text_of(json, "entity");
  const auto kind = base::parse_name<ImportKind>(text_of(json, "kind"));
  ARREARS_REQUIRE(kind.has_value());
  request.kind = *kind;
  request.file_name = text_of(json, "file");
  request.options = import_options_from(json.at("options").as_object());
  for (const auto& total : json.at("control_totals").as_array())
    request.control_totals.emplace_back(total.as_string());
  request.as_of = calendar::parse_date(text_of(json, "as_of"));
  if (const auto* limit = json.if_contains("shrink_limit_percent"))
    request.shrink_limit_percent = limit->to_number<int>();
  request.dry_run = flag_of(json, "dry_run");
  return request;
}

Result<Json> save_import_profile(Store& store, const Caller& caller, std::string_view name,
                                 ImportKind kind, const ImportOptions& options) {
  Json kept = to_json(options);
  kept["kind"] = base::name(kind);
  const Json body{{"profile", name}, {"options", kept}};
  const Part part = base::slot_of("import_profiles");
  return run_command(
      store, caller, "save_import_profile", body,
      [&](Transaction&) -> Result<Part> {
        if (name.empty() || name.size() > profile_name_bytes_max || !base::is_clean_utf8(name)) {
          return base::refuse(ImportRefusal::profile_name_invalid,
                              "The profile cannot be kept under this name");
        }
        return part;
      },
      [&](Transaction& facts) -> Result<Json> {
        const bool known = facts.import_profile(name).has_value();
        facts.open_entry(part, EntryKind::profile_saved, boost::json::serialize(body))
            .add_profile(name, known ? Revision::next : Revision::first, base::name(kind),
                         boost::json::serialize(kept));
        return body;
      });
}

Result<ImportOptions> load_import_profile(Facts& facts, std::string_view name, ImportKind kind) {
  const auto kept = facts.import_profile(name);
  if (!kept) {
    return base::refuse(ImportRefusal::profile_unknown,
                        "There is no import profile " + std::string(name));
  }
  const Json json = boost::json::parse(*kept).as_object();
  if (const std::string saved_for = text_of(json, "kind"); saved_for != base::name(kind)) {
    return base::refuse(ImportRefusal::profile_kind_differs,
                        "The import profile " + std::string(name) + " is for " + saved_for);
  }
  return import_options_from(json);
}

}  // namespace arrears::app
