#include "app/worklist_json.h"

namespace arrears::app {

namespace {

boost::json::value base_amount(std::optional<std::int64_t> minor, money::Currency base) {
  if (!minor) return nullptr;
  return boost::json::string(money::to_decimal(*minor, base));
}

boost::json::array parts_json(const strategy::WorklistEntry& entry) {
  boost::json::array parts;
  for (const strategy::Part& part : entry.parts) {
    Json row{{"name", base::name(part.factor)},
             {"points", part.points},
             {"value", part.value},
             {"fact", part.fact}};
    if (part.factor == strategy::Factor::risk) row["sample"] = part.sample;
    parts.push_back(std::move(row));
  }
  return parts;
}

boost::json::value why_not_higher_json(const strategy::WorklistEntry& entry, money::Currency base) {
  if (!entry.why_not_higher) return nullptr;
  boost::json::array ways;
  for (const strategy::WayUp& way : entry.why_not_higher->ways) {
    Json row{{"factor", base::name(way.factor)}};
    if (way.factor == strategy::Factor::overdue_amount) {
      row["more"] = money::to_decimal(way.more, base);
      row["unit"] = base.code();
    } else {
      row["more"] = way.more;
      row["unit"] = "days";
    }
    ways.push_back(std::move(row));
  }
  return Json{{"points_to_next", entry.why_not_higher->points_to_next}, {"ways", std::move(ways)}};
}

}  // namespace

Json to_json(const strategy::WorklistEntry& entry, const std::string& collector,
             std::optional<int> overall_rank, const parties::Entity& entity) {
  const auto number_or_null = [](std::optional<int> value) -> boost::json::value {
    if (!value) return nullptr;
    return *value;
  };
  boost::json::array customers;
  for (const std::string& number : entry.numbers) customers.push_back(boost::json::string(number));
  boost::json::array reasons;
  for (const strategy::Reason& reason : entry.reasons)
    reasons.push_back(Json{{"kind", base::name(reason.kind)}, {"text", reason.text}});
  boost::json::array amounts;
  for (const strategy::Amounts& row : entry.amounts) {
    const auto decimal = [&](std::int64_t minor) { return money::to_decimal(minor, row.currency); };
    amounts.push_back(Json{{"currency", row.currency.code()},
                           {"open", decimal(row.open_minor)},
                           {"overdue", decimal(row.overdue_minor)},
                           {"chased", decimal(row.chased_minor)},
                           {"to_apply", decimal(row.to_apply_minor)}});
  }
  boost::json::array follow_ups;
  for (const strategy::FollowUp& follow_up : entry.follow_ups_due) {
    follow_ups.push_back(Json{{"follow_up_id", follow_up.id ? to_string(follow_up.id) : ""},
                              {"kind", base::name(follow_up.kind)},
                              {"action", base::name(follow_up.action)},
                              {"due_on", to_string(follow_up.due_on)},
                              {"owner", follow_up.owner}});
  }
  return {{"rank", number_or_null(entry.rank)},
          {"overall_rank", number_or_null(overall_rank)},
          {"points", number_or_null(entry.points)},
          {"party", entry.name},
          {"party_id", to_string(entry.party)},
          {"customers", std::move(customers)},
          {"collector", collector},
          {"recommended_action", base::name(entry.action)},
          {"reasons", std::move(reasons)},
          {"parts", parts_json(entry)},
          {"currency", entity.base_currency.code()},
          {"open", base_amount(entry.open_base, entity.base_currency)},
          {"overdue", base_amount(entry.overdue_base, entity.base_currency)},
          {"chased", base_amount(entry.chased_base, entity.base_currency)},
          {"amounts", std::move(amounts)},
          {"follow_ups", std::move(follow_ups)},
          {"why_not_higher", why_not_higher_json(entry, entity.base_currency)}};
}

boost::json::array to_json(const strategy::DueAction& action, const PartyFile& file) {
  boost::json::array items;
  for (const strategy::StepItem& item : action.items) {
    std::string number = to_string(item.item.document);
    for (const Account& account : file.accounts)
      if (const auto* document = receivables::find_document(account.ledger, item.item.document))
        number = document->number;
    items.push_back(Json{{"document", number},
                         {"instalment", item.item.instalment},
                         {"step", item.step},
                         {"step_date", to_string(item.step_date)},
                         {"days_overdue", item.days_overdue},
                         {"currency", item.currency.code()},
                         {"open", money::to_decimal(item.open_minor, item.currency)},
                         {"chased", money::to_decimal(item.chased_minor, item.currency)}});
  }
  return items;
}

}  // namespace arrears::app
