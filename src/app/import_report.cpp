#include "app/import_report.h"

#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::pair<std::string_view, std::int64_t ImportReport::*> counters[] = {
    {"rows", &ImportReport::rows},
    {"added", &ImportReport::added},
    {"changed", &ImportReport::changed},
    {"unchanged", &ImportReport::unchanged},
    {"rejected", &ImportReport::rejected},
    {"stub_customers", &ImportReport::stubs},
    {"allocations", &ImportReport::allocations},
    {"unidentified_payments", &ImportReport::unidentified},
    {"follow_ups_closed", &ImportReport::follow_ups_closed},
    {"problem_count", &ImportReport::problem_count},
};

Json to_json(money::Currency currency, const ImportTotals& totals) {
  Json json{{"currency", currency.code()},
            {"file", money::to_decimal(totals.file_minor, currency)},
            {"added", money::to_decimal(totals.added_minor, currency)}};
  if (totals.control_minor) json["control"] = money::to_decimal(*totals.control_minor, currency);
  if (totals.closed_items > 0) {
    json["closed_items"] = totals.closed_items;
    json["closed"] = money::to_decimal(totals.closed_minor, currency);
  }
  if (totals.absent_items > 0) {
    json["absent_items"] = totals.absent_items;
    json["absent"] = money::to_decimal(totals.absent_minor, currency);
  }
  return json;
}

std::string text_of(const Json& json, std::string_view key) {
  const auto* value = json.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t count_of(const Json& json, std::string_view key) {
  const auto* value = json.if_contains(key);
  return value && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

ImportTotals totals_from(const Json& json, money::Currency currency) {
  const auto minor = [&](std::string_view key) {
    return money::parse_amount(text_of(json, key), currency).minor;
  };
  ImportTotals totals{minor("file"), minor("added"), {}, 0, 0, 0, 0};
  if (json.contains("control")) totals.control_minor = minor("control");
  totals.closed_items = count_of(json, "closed_items");
  totals.absent_items = count_of(json, "absent_items");
  if (totals.closed_items > 0) totals.closed_minor = minor("closed");
  if (totals.absent_items > 0) totals.absent_minor = minor("absent");
  return totals;
}

}  // namespace

Json to_json(const ImportReport& report) {
  Json json{{"import_id", report.import_id == 0 ? "" : std::to_string(report.import_id)},
            {"file", report.file},
            {"kind", report.kind},
            {"entity", report.entity},
            {"dry_run", report.dry_run}};
  for (const auto& [name, counter] : counters) json[name] = report.*counter;
  boost::json::array currencies;
  for (const auto& [currency, totals] : report.totals)
    currencies.push_back(to_json(currency, totals));
  json["currencies"] = std::move(currencies);
  boost::json::array warnings;
  for (const std::string& warning : report.warnings) warnings.emplace_back(warning);
  json["warnings"] = std::move(warnings);
  boost::json::array problems;
  for (const ImportProblem& problem : report.problems) {
    problems.push_back(Json{{"line", problem.line},
                            {"column", problem.column},
                            {"value", problem.value},
                            {"code", problem.code},
                            {"message", problem.message}});
  }
  json["problems"] = std::move(problems);
  return json;
}

ImportReport import_report_from(const Json& json) {
  ImportReport report;
  report.import_id = base::parse_int(text_of(json, "import_id")).value_or(0);
  report.file = text_of(json, "file");
  report.kind = text_of(json, "kind");
  report.entity = text_of(json, "entity");
  report.dry_run = json.contains("dry_run") && json.at("dry_run").as_bool();
  for (const auto& [name, counter] : counters) report.*counter = count_of(json, name);
  for (const auto& entry : json.at("currencies").as_array()) {
    const Json& row = entry.as_object();
    if (const auto currency = money::parse_currency(text_of(row, "currency")))
      report.totals[*currency] = totals_from(row, *currency);
  }
  for (const auto& warning : json.at("warnings").as_array())
    report.warnings.emplace_back(warning.as_string());
  for (const auto& entry : json.at("problems").as_array()) {
    const Json& row = entry.as_object();
    report.problems.push_back({count_of(row, "line"), text_of(row, "column"), text_of(row, "value"),
                               text_of(row, "code"), text_of(row, "message")});
  }
  return report;
}

}  // namespace arrears::app
