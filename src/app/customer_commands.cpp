#include "app/customers.h"

namespace arrears::app {

namespace {

std::string_view word(Change change) {
  switch (change) {
    case Change::added:
      return "added";
    case Change::changed:
      return "changed";
    case Change::unchanged:
      return "unchanged";
  }
  return {};
}

/// The part of a customer, or of the number that a new one would bear.
Result<Part> part_of_number(Transaction& facts, std::string_view entity_code,
                            std::string_view number) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto known = facts.find_number(entity->id, NumberKind::customer, number);
  if (known) return parties::CustomerId{known->subject}.part();
  return base::slot_of(entity->code + "/" + std::string(number));
}

}  // namespace

Result<Json> add_customer(Store& store, const Caller& caller, std::string_view entity_code,
                          const CustomerRow& row, Date as_of) {
  const Json body{{"entity", entity_code},
                  {"number", row.number},
                  {"name", row.name},
                  {"party", row.party_reference},
                  {"parent", row.parent},
                  {"country", row.country},
                  {"language", row.language},
                  {"segment", row.segment},
                  {"person", row.kind == parties::PartyKind::person},
                  {"as_of", to_string(as_of)}};
  return run_command(
      store, caller, "add_customer", body,
      [&](Transaction& facts) { return part_of_number(facts, entity_code, row.number); },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        if (facts.find_number(entity->id, NumberKind::customer, row.number)) {
          return base::refuse(
              CustomerRefusal::customer_exists,
              "Entity " + entity->code + " has a customer " + row.number + " already");
        }
        SingleRecorder recorder(facts);
        const auto change = put_customer(facts, recorder, *entity, row, as_of);
        if (!change) return change.error();
        const auto customer = find_customer(facts, *entity, row.number);
        return Json{{"customer", row.number},
                    {"customer_id", to_string(customer->customer)},
                    {"party_id", to_string(customer->party)}};
      });
}

Result<Json> set_contact(Store& store, const Caller& caller, std::string_view entity_code,
                         const ContactRow& row) {
  const Json body{{"entity", entity_code},      {"customer", row.customer},
                  {"name", row.name},           {"reference", row.reference},
                  {"role", row.role},           {"phone", row.phone},
                  {"email", row.email},         {"language", row.language},
                  {"time_zone", row.time_zone}, {"country", row.country},
                  {"region", row.region},       {"active", row.active.value_or(true)}};
  return run_command(
      store, caller, "set_contact", body,
      [&](Transaction& facts) { return part_of_number(facts, entity_code, row.customer); },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        SingleRecorder recorder(facts);
        const auto change = put_contact(facts, recorder, *entity, row);
        if (!change) return change.error();
        return Json{{"customer", row.customer}, {"contact", word(*change)}};
      });
}

Result<Json> place_hold(Store& store, const Caller& caller, std::string_view entity_code,
                        std::string_view number, Date from, std::optional<Date> until,
                        std::string_view reason) {
  const Json body{{"entity", entity_code},
                  {"customer", number},
                  {"from", to_string(from)},
                  {"until", until ? to_string(*until) : ""},
                  {"reason", reason}};
  return run_command(
      store, caller, "place_hold", body,
      [&](Transaction& facts) { return part_of_number(facts, entity_code, number); },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = find_customer(facts, *entity, number);
        if (!customer) return customer.error();
        if (const auto clean = check_text(reason, "the reason"); !clean) return clean.error();
        if (until && *until <= from) {
          return base::refuse(
              CustomerRefusal::hold_period_invalid,
              "The hold of customer " + std::string(number) + " would end on " + to_string(*until));
        }
        const Part part = customer->party.part();
        const HoldRecord hold{
            facts.ids().make<HoldTag>(part), customer->party, {from, until, std::string(reason)}};
        facts.open_entry(part, EntryKind::hold_placed, boost::json::serialize(body))
            .add(hold, Revision::first);
        Json answer = body;
        answer["hold_id"] = to_string(hold.id);
        return answer;
      });
}

Result<Json> lift_hold(Store& store, const Caller& caller, std::string_view entity_code,
                       std::string_view number, std::string_view hold_id, Date on) {
  const Json body{
      {"entity", entity_code}, {"customer", number}, {"hold_id", hold_id}, {"on", to_string(on)}};
  return run_command(
      store, caller, "lift_hold", body,
      [&](Transaction& facts) { return part_of_number(facts, entity_code, number); },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = find_customer(facts, *entity, number);
        if (!customer) return customer.error();
        const auto file = facts.party_file(customer->party, Detail::everything);
        for (HoldRecord hold : file->holds) {
          if (to_string(hold.id) != hold_id) continue;
          if (on < hold.hold.from || (hold.hold.until && *hold.hold.until <= on)) {
            return base::refuse(CustomerRefusal::hold_period_invalid,
                                "The hold of customer " + std::string(number) +
                                    " does not hold on " + to_string(on));
          }
          hold.hold.until = on;
          facts.open_entry(file->part, EntryKind::hold_lifted, boost::json::serialize(body))
              .add(hold, Revision::next);
          return body;
        }
        return base::refuse(
            CustomerRefusal::hold_unknown,
            "Customer " + std::string(number) + " has no hold " + std::string(hold_id));
      });
}

}  // namespace arrears::app
