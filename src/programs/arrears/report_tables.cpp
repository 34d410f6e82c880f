#include "programs/arrears/report_tables.h"

namespace arrears::cli {

namespace {

namespace json = boost::json;

const Columns aging_figures = {"open_items", "customers", "not_due",        "1_30",
                               "31_60",      "61_90",     "91_120",         "over_120",
                               "total",      "credits",   "unapplied_cash", "balance"};

/// The row with its buckets beside the other figures.
Object flat_aging(const Object& row) {
  Object flat;
  for (const auto& [key, value] : row) {
    if (const auto* buckets = value.if_object()) {
      for (const auto& [bucket, amount] : *buckets) flat[bucket] = amount;
    } else {
      flat[key] = value;
    }
  }
  return flat;
}

/// One currency: its rows, and the sum where there are several.
std::string aging_table(const Object& sum, const Rows* rows, int width) {
  Columns columns = {"entity", "customer", "party", "group", "collector", "name"};
  columns.insert(columns.end(), aging_figures.begin(), aging_figures.end());
  Rows shown;
  if (rows) {
    for (const json::value& row : *rows)
      if (row.at("currency") == sum.at("currency")) shown.push_back(flat_aging(row.as_object()));
  }
  Object total = flat_aging(sum);
  if (!shown.empty()) total["name"] = "total";
  shown.push_back(std::move(total));
  return table_text(shown, columns, width);
}

std::string text_at(const Object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void print_aging(const Object& report, Format format) {
  const Rows& currencies = report.at("currencies").as_array();
  const json::value* found = report.if_contains("rows");
  const Rows* rows = found ? &found->as_array() : nullptr;
  switch (format) {
    case Format::json:
      return print_text(json_text(report));
    case Format::csv:
      return print_text(csv_text(rows ? *rows : currencies, {}));
    case Format::table:
      break;
  }
  std::string out = "Aging as of " + text_at(report, "as_of");
  if (report.contains("entity")) out += ", entity " + text_at(report, "entity");
  out += "\n";
  if (currencies.empty()) out += "Nothing is open.\n";
  for (const json::value& sum : currencies) {
    out += "\n" + text_at(sum.as_object(), "currency") + "\n";
    out += aging_table(sum.as_object(), rows, terminal_width());
  }
  print_text(out);
}

void print_worklist(const Rows& lines, Format format) {
  const Columns columns = {"rank",    "party",        "customers", "points", "currency",
                           "overdue", "days_overdue", "action",    "reason", "collector"};
  if (format != Format::table) return print_rows(lines, {"rank", "party", "customers"}, format);
  Rows shown;
  for (const json::value& line : lines) {
    const Object& entry = line.as_object();
    Object row;
    for (const char* key :
         {"rank", "party", "customers", "points", "currency", "overdue", "collector"})
      row[key] = entry.at(key);
    row["action"] = entry.at("recommended_action");
    for (const json::value& part : entry.at("parts").as_array())
      if (part.at("name") == "days_overdue") row["days_overdue"] = part.at("value");
    const Rows& reasons = entry.at("reasons").as_array();
    if (!reasons.empty()) row["reason"] = reasons.front().at("text");
    shown.push_back(std::move(row));
  }
  print_text(table_text(shown, columns, terminal_width()));
}

void print_metrics(const Object& report, Format format) {
  const Rows& figures = report.at("figures").as_array();
  switch (format) {
    case Format::json:
      return print_text(json_text(report));
    case Format::csv:
      return print_text(csv_text(figures, {"name", "value", "unit", "state", "text"}));
    case Format::table:
      break;
  }
  Rows shown;
  for (const json::value& figure : figures) {
    const Object& one = figure.as_object();
    Object row{{"figure", one.at("name")}, {"value", one.at("text")}};
    if (const json::value* target = one.if_contains("target")) {
      row["target"] =
          text_at(target->as_object(), "low") + " to " + text_at(target->as_object(), "high");
      row["standing"] = target->at("standing");
    }
    row["formula"] = one.at("formula");
    if (const json::value* why = one.if_contains("why")) row["why"] = *why;
    shown.push_back(std::move(row));
  }
  print_text("Figures of entity " + text_at(report, "entity") + ", " + text_at(report, "from") +
             " to " + text_at(report, "to") + ", in " + text_at(report, "currency") + "\n\n" +
             table_text(shown, {"figure", "value", "target", "standing", "why", "formula"},
                        terminal_width()));
}

}  // namespace arrears::cli
