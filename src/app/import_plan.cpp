#include "app/import_publication.h"
#include "app/site.h"
#include "base/text.h"

namespace arrears::app {

namespace {

bool has_amounts(ImportKind kind) {
  switch (kind) {
    case ImportKind::invoices:
    case ImportKind::payments:
    case ImportKind::allocations:
    case ImportKind::open_items:
      return true;
    case ImportKind::customers:
    case ImportKind::contacts:
    case ImportKind::rates:
      return false;
  }
  return false;
}

/// "USD 12500.00" or "12500.00".
Result<base::Done> read_control_total(std::string_view text, money::Currency default_currency,
                                      std::map<money::Currency, std::int64_t>& totals) {
  const auto invalid = [&] {
    return base::refuse(ImportRefusal::control_total_invalid,
                        "The control total " + std::string(text) + " cannot be used");
  };
  std::string_view amount = base::trim(text);
  money::Currency currency = default_currency;
  if (const auto blank = amount.find(' '); blank != std::string_view::npos) {
    const auto named = money::parse_currency(amount.substr(0, blank));
    if (!named) return invalid();
    currency = *named;
    amount = base::trim(amount.substr(blank));
  }
  // A sum may exceed what one document may be worth, so it is not read as an amount.
  const bool negative = amount.starts_with('-');
  if (negative) amount.remove_prefix(1);
  const auto point = amount.find('.');
  const std::string_view decimals =
      point == std::string_view::npos ? std::string_view() : amount.substr(point + 1);
  if (static_cast<int>(decimals.size()) > currency.decimals()) return invalid();
  std::string digits(amount.substr(0, point));
  digits += decimals;
  digits.append(static_cast<std::size_t>(currency.decimals()) - decimals.size(), '0');
  const auto minor = base::parse_int(digits);
  if (!minor || digits.front() == '-' || digits.front() == '+') return invalid();
  if (!totals.emplace(currency, negative ? -*minor : *minor).second) return invalid();
  return base::Done{};
}

}  // namespace

Result<ImportPlan> make_import_plan(Facts& facts, const ImportRequest& request,
                                    const std::vector<std::string>& header) {
  const auto entity = find_entity(facts, request.entity);
  if (!entity) return entity.error();
  ImportPlan plan;
  plan.request = request;
  if (!request.options.currency.empty()) {
    const auto currency = money::parse_currency(base::to_upper_ascii(request.options.currency));
    if (!currency) {
      return base::refuse(ImportRefusal::currency_unknown,
                          "There is no currency " + request.options.currency);
    }
    plan.currency = *currency;
  }
  if (request.kind == ImportKind::open_items && !request.as_of)
    return base::refuse(ImportRefusal::as_of_missing, "A list of open items holds for one day");
  if (const auto limit = request.shrink_limit_percent; limit && (*limit < 0 || *limit > 100)) {
    return base::refuse(ImportRefusal::shrink_limit_invalid,
                        "The shrink limit is " + std::to_string(*limit));
  }
  if (!request.control_totals.empty() && !has_amounts(request.kind)) {
    return base::refuse(
        ImportRefusal::control_total_not_applicable,
        "A file of " + std::string(base::name(request.kind)) + " has no control total");
  }
  const money::Currency control_currency = plan.currency ? plan.currency : entity->base_currency;
  for (const std::string& total : request.control_totals) {
    const auto read = read_control_total(total, control_currency, plan.controls);
    if (!read) return read.error();
  }
  auto columns = match_columns(request.kind, header, request.options.mapping);
  if (!columns) return columns.error();
  plan.columns = std::move(*columns);
  const bool needs_currency = has_amounts(request.kind) && request.kind != ImportKind::allocations;
  if (needs_currency && !plan.currency && plan.place("currency") < 0) {
    return base::refuse(ImportRefusal::currency_missing,
                        "Neither the file nor the command names a currency");
  }
  return plan;
}

Json to_json(const ImportPlan& plan) {
  boost::json::array columns;
  for (const FieldColumn& column : plan.columns) {
    columns.push_back(Json{{"field", column.field},
                           {"type", base::name(column.type)},
                           {"column", column.column},
                           {"title", column.title}});
  }
  return {{"request", to_json(plan.request)}, {"columns", std::move(columns)}};
}

Result<ImportPlan> import_plan_from(Facts& facts, const Json& json) {
  // The staged records have the columns of then; a header made of them gives the same plan.
  const ImportRequest request = import_request_from(json.at("request").as_object());
  ImportRequest without_mapping = request;
  std::vector<std::string> header;
  without_mapping.options.mapping.clear();
  std::vector<FieldColumn> columns;
  for (const auto& entry : json.at("columns").as_array()) {
    const Json& row = entry.as_object();
    const auto type = base::parse_name<FieldType>(std::string(row.at("type").as_string()));
    ARREARS_REQUIRE(type.has_value());
    columns.push_back({std::string(row.at("field").as_string()), *type,
                       row.at("column").to_number<int>(),
                       std::string(row.at("title").as_string())});
    header.push_back(columns.back().field);
  }
  auto plan = make_import_plan(facts, without_mapping, header);
  if (!plan) return plan;
  plan->request = request;
  plan->columns = std::move(columns);
  return plan;
}

}  // namespace arrears::app
