#include <algorithm>

#include "app/accounts.h"
#include "app/guard_contacts.h"
#include "app/guard_gather.h"
#include "app/site.h"
#include "base/text.h"

namespace arrears::app {

namespace {

using compliance::Channel;

/// The entity whose country tells how a number is dialled is not known here.
std::string read_address(std::string_view given, std::string_view country) {
  std::string email = compliance::normalised_email(given);
  return email.empty() ? compliance::normalised_number(given, country) : email;
}

Json period_json(const compliance::Suppression& suppression) {
  return {{"kind", base::name(suppression.kind)},
          {"from", to_string(suppression.from)},
          {"until", day_or_null(suppression.until)},
          {"reason", suppression.reason}};
}

}  // namespace

Part part_of_address(std::string_view address) {
  return base::slot_of("address/" + std::string(address));
}

Result<Json> set_guard_pack(Store& store, const Caller& caller, std::string_view entity_code,
                            std::string_view pack, bool on) {
  const Json body{{"entity", entity_code}, {"pack", pack}, {"on", on}};
  return run_command(store, caller, "set_guard_pack", body, part_of_entity(entity_code),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       if (!compliance::find_pack(pack)) {
                         return base::refuse(GuardRefusal::pack_unknown,
                                             "There is no pack " + std::string(pack));
                       }
                       facts
                           .open_entry(part_of(entity->id), EntryKind::guard_pack_changed,
                                       boost::json::serialize(body))
                           .add(PackSetting{entity->id, std::string(pack), on});
                       return body;
                     });
}

Result<boost::json::array> guard_pack_list(Facts& facts, std::string_view entity_code) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const std::vector<PackSetting> settings = facts.guard_packs(entity->id);
  boost::json::array list;
  for (const compliance::Pack& pack : compliance::packs()) {
    const auto setting = std::ranges::find(settings, pack.code, &PackSetting::pack);
    list.push_back(Json{{"pack", pack.code},
                        {"name", pack.name},
                        {"on", setting == settings.end() || setting->is_on},
                        {"countries", base::join(pack.countries, " ")},
                        {"valid_from", to_string(pack.valid_from)}});
  }
  return list;
}

Result<Json> set_consent(Store& store, const Caller& caller, const ConsentInput& input) {
  const Json body{{"address", input.address}, {"country", input.country},
                  {"channel", input.channel}, {"state", input.state},
                  {"source", input.source},   {"on", to_string(input.on)}};
  const std::string address = read_address(input.address, input.country);
  return run_command(
      store, caller, "set_consent", body,
      [&](Transaction&) -> Result<Part> { return part_of_address(address); },
      [&](Transaction& facts) -> Result<Json> {
        if (address.empty()) {
          return base::refuse(GuardRefusal::address_invalid,
                              "\"" + input.address + "\" is no number or address");
        }
        compliance::Consent consent;
        if (!input.channel.empty()) {
          consent.channel = base::parse_name<Channel>(input.channel);
          if (!consent.channel) {
            return base::refuse(GuardRefusal::channel_unknown,
                                "There is no channel " + input.channel);
          }
        }
        const auto state = base::parse_name<compliance::ConsentState>(input.state);
        if (!state) {
          return base::refuse(GuardRefusal::state_unknown,
                              "Consent cannot be \"" + input.state + "\"");
        }
        if (const auto clean = check_text(input.source, "the source"); !clean) return clean.error();
        if (base::trim(input.source).empty()) {
          return base::refuse(GuardRefusal::source_required, "Consent was " + input.state);
        }
        consent.state = *state;
        consent.on = input.on;
        consent.source = input.source;
        // The journal does not tell whose number it is.
        const Json payload{
            {"channel", input.channel}, {"state", input.state}, {"on", to_string(input.on)}};
        facts
            .open_entry(part_of_address(address), EntryKind::consent_changed,
                        boost::json::serialize(payload))
            .add(ConsentRecord{address, consent});
        Json answer = payload;
        answer["address"] = address;
        answer["source"] = input.source;
        return answer;
      });
}

namespace {

Json body_of(std::string_view entity, const SuppressionInput& input) {
  return {{"entity", entity},
          {"customer", input.customer},
          {"contact", input.contact},
          {"kind", input.kind},
          {"from", to_string(input.from)},
          {"until", input.until ? to_string(*input.until) : ""},
          {"reason", input.reason}};
}

/// Whom a suppression is about, and the one of its kind that is recorded.
struct SuppressionTarget {
  PartyFile file;
  SuppressionRecord record;
  bool is_recorded = false;
};

Result<SuppressionTarget> find_target(Transaction& facts, const parties::Entity& entity,
                                      const SuppressionInput& input) {
  const auto kind = base::parse_name<compliance::SuppressionKind>(input.kind);
  if (!kind) {
    return base::refuse(GuardRefusal::kind_unknown, "There is no \"" + input.kind + "\"");
  }
  const auto customer = find_customer(facts, entity, input.customer);
  if (!customer) return customer.error();
  facts.lock(customer->party);
  SuppressionTarget target;
  if (input.contact.empty()) {
    auto file = facts.party_file(customer->party, Detail::everything);
    ARREARS_REQUIRE(file.has_value());
    target.file = std::move(*file);
  } else {
    auto found = find_contact(facts, entity, input.customer, input.contact);
    if (!found) return found.error();
    target.record.contact = found->contact.id;
    target.file = std::move(found->file);
  }
  target.record.party = target.file.party.id;
  target.record.suppression.kind = *kind;
  for (const SuppressionRecord& known : target.file.suppressions) {
    if (known.contact != target.record.contact || known.suppression.kind != *kind) continue;
    target.record = known;
    target.is_recorded = true;
  }
  return target;
}

void write_suppression(Transaction& facts, const SuppressionRecord& record) {
  Json payload = period_json(record.suppression);
  payload["party_id"] = to_string(record.party);
  payload["contact_id"] = record.contact ? to_string(record.contact) : "";
  facts
      .open_entry(record.party.part(), EntryKind::suppression_changed,
                  boost::json::serialize(payload))
      .add(record);
}

}  // namespace

Result<Json> suppress(Store& store, const Caller& caller, std::string_view entity_code,
                      const SuppressionInput& input) {
  const Json body = body_of(entity_code, input);
  return run_command(store, caller, "suppress", body, part_of_customer(entity_code, input.customer),
                     [&](Transaction& facts) -> Result<Json> {
                       const auto entity = find_entity(facts, entity_code);
                       auto target = find_target(facts, *entity, input);
                       if (!target) return target.error();
                       if (const auto clean = check_text(input.reason, "the reason"); !clean)
                         return clean.error();
                       if (base::trim(input.reason).empty()) {
                         return base::refuse(
                             GuardRefusal::source_required,
                             "Customer " + input.customer + " is not to be contacted");
                       }
                       if (input.until && *input.until <= input.from) {
                         return base::refuse(SiteRefusal::period_invalid,
                                             "It would end on " + to_string(*input.until));
                       }
                       target->record.suppression.from = input.from;
                       target->record.suppression.until = input.until;
                       target->record.suppression.reason = input.reason;
                       write_suppression(facts, target->record);
                       return body;
                     });
}

Result<Json> lift_suppression(Store& store, const Caller& caller, std::string_view entity_code,
                              const SuppressionInput& input) {
  ARREARS_REQUIRE(input.until.has_value());
  const Json body = body_of(entity_code, input);
  return run_command(
      store, caller, "lift_suppression", body, part_of_customer(entity_code, input.customer),
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        auto target = find_target(facts, *entity, input);
        if (!target) return target.error();
        compliance::Suppression& known = target->record.suppression;
        const bool holds = target->is_recorded && known.from <= *input.until &&
                           (!known.until || *input.until < *known.until);
        if (!holds) {
          return base::refuse(GuardRefusal::suppression_unknown,
                              "Customer " + input.customer + " has no " + input.kind +
                                  " that holds on " + to_string(*input.until));
        }
        known.until = input.until;
        write_suppression(facts, target->record);
        return body;
      });
}

Result<boost::json::array> consent_list(Facts& facts, std::string_view entity_code,
                                        std::string_view customer_number) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto customer = find_customer(facts, *entity, customer_number);
  if (!customer) return customer.error();
  const auto file = facts.party_file(customer->party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  const EntityContext context = gather_entity(facts, *entity, {});
  boost::json::array list;
  const auto add = [&](std::string_view contact, std::string_view address, const Json& rest) {
    Json row{{"contact", contact}, {"address", address}, {"channel", ""}, {"state", ""}};
    for (const auto& [key, value] : rest) row[key] = value;
    list.push_back(std::move(row));
  };
  const auto add_suppressions = [&](parties::ContactId id, std::string_view name) {
    for (const SuppressionRecord& record : file->suppressions)
      if (record.contact == id) add(name, "", period_json(record.suppression));
  };
  add_suppressions({}, "");
  for (const parties::Contact& contact : file->contacts) {
    add_suppressions(contact.id, contact.name);
    const GuardSubject subject{*file, context, &contact};
    for (const Channel channel : {Channel::call, Channel::email}) {
      const std::string address = contact_address(subject, channel);
      if (address.empty()) continue;
      for (const ConsentRecord& record : facts.consents({&address, 1})) {
        const compliance::Consent& consent = record.consent;
        add(contact.name, address,
            {{"channel", consent.channel ? base::name(*consent.channel) : "all"},
             {"state", base::name(consent.state)},
             {"kind", "consent"},
             {"from", to_string(consent.on)},
             {"until", nullptr},
             {"reason", consent.source}});
      }
    }
  }
  return list;
}

}  // namespace arrears::app
