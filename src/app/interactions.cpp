#include "app/interactions.h"

#include <algorithm>

#include "base/text.h"

namespace arrears::app {

namespace {

using contact::Interaction;

Json body_of(std::string_view entity, const InteractionInput& input) {
  boost::json::array participants;
  for (const std::string& one : input.participants) participants.emplace_back(one);
  return {{"entity", entity},
          {"customer", input.customer},
          {"channel", input.channel},
          {"direction", input.direction},
          {"at", input.at},
          {"participants", std::move(participants)},
          {"purpose", input.purpose},
          {"text", input.text},
          {"visible_to", input.visible_to},
          {"pinned", input.pinned},
          {"external_id", input.external_id}};
}

Json interaction_json(const Interaction& one, std::string_view customer) {
  boost::json::array participants;
  for (const std::string& participant : one.participants) participants.emplace_back(participant);
  return {{"interaction_id", to_string(one.id)},
          {"version", one.version},
          {"customer", customer},
          {"channel", base::name(one.channel)},
          {"direction", one.direction ? base::name(*one.direction) : ""},
          {"at", to_string(one.at)},
          {"business_date", to_string(one.business_date)},
          {"participants", std::move(participants)},
          {"purpose", one.purpose},
          {"text", one.text},
          {"visible_to", base::name(one.visible_to)},
          {"pinned", one.pinned},
          {"author", one.author},
          {"entered_at", to_string(one.entered_at)},
          {"external_id", one.external_id}};
}

template <class E>
Result<E> read_word(std::string_view text, std::string_view what) {
  if (const auto value = base::parse_name<E>(text)) return *value;
  std::string known;
  for (const std::string_view name : base::Names<E>::all) {
    known += known.empty() ? "" : ", ";
    known += name;
  }
  return base::refuse(
      InteractionRefusal::word_unknown,
      "The " + std::string(what) + " \"" + std::string(text) + "\" is none of " + known);
}

Result<base::Done> check_texts(const InteractionInput& input) {
  const auto check = [](const std::string& text, std::string_view what) {
    return check_text(text, what);
  };
  if (const auto clean = check(input.text, "the text"); !clean) return clean;
  if (const auto clean = check(input.purpose, "the purpose"); !clean) return clean;
  if (const auto clean = check(input.external_id, "the external id"); !clean) return clean;
  for (const std::string& participant : input.participants)
    if (const auto clean = check(participant, "a participant"); !clean) return clean;
  return base::Done{};
}

Result<Interaction> read_interaction(const Caller& caller, const parties::Entity& entity,
                                     const CustomerRef& customer, const InteractionInput& input) {
  if (const auto clean = check_texts(input); !clean) return clean.error();
  Interaction one;
  one.entity = entity.id;
  one.party = customer.party;
  one.customer = customer.customer;
  const auto channel = read_word<contact::InteractionChannel>(input.channel, "channel");
  if (!channel) return channel.error();
  one.channel = *channel;
  if (!input.direction.empty()) {
    const auto direction = read_word<contact::Direction>(input.direction, "direction");
    if (!direction) return direction.error();
    one.direction = *direction;
  }
  const auto visible = read_word<contact::VisibilityClass>(input.visible_to, "visibility class");
  if (!visible) return visible.error();
  one.visible_to = *visible;
  one.at = caller.now;
  if (!input.at.empty()) {
    const auto at = base::parse_instant(input.at);
    if (!at) return base::refuse(InteractionRefusal::at_invalid, input.at + " is no instant");
    one.at = *at;
  }
  one.business_date = calendar::local_time(entity.time_zone, one.at).day;
  one.entered_at = caller.now;
  one.author = caller.actor;
  // A list is kept line by line.
  for (const std::string& participant : input.participants) {
    std::string name = participant;
    std::ranges::replace(name, '\n', ' ');
    if (!base::trim(name).empty()) one.participants.push_back(std::move(name));
  }
  one.purpose = input.purpose;
  one.text = input.text;
  one.pinned = input.pinned;
  one.external_id = input.external_id;
  return one;
}

/// Whether `sent` says what is recorded already; its time may have been left out.
bool says_the_same(const Interaction& recorded, Interaction sent, bool at_given) {
  sent.id = recorded.id;
  sent.version = recorded.version;
  sent.pinned = recorded.pinned;
  sent.entered_at = recorded.entered_at;
  if (!at_given) {
    sent.at = recorded.at;
    sent.business_date = recorded.business_date;
  }
  return sent == recorded;
}

/// Without anything personal.
std::string payload_of(const Interaction& one) {
  return boost::json::serialize(Json{{"interaction_id", to_string(one.id)},
                                     {"party_id", to_string(one.party)},
                                     {"version", one.version},
                                     {"business_date", to_string(one.business_date)},
                                     {"channel", base::name(one.channel)},
                                     {"visible_to", base::name(one.visible_to)},
                                     {"author", one.author},
                                     {"pinned", one.pinned}});
}

}  // namespace

Result<Json> record_interaction(Store& store, const Caller& caller, std::string_view entity_code,
                                const InteractionInput& input) {
  return run_command(
      store, caller, "record_interaction", body_of(entity_code, input),
      part_of_customer(entity_code, input.customer), [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto customer = find_customer(facts, *entity, input.customer);
        auto one = read_interaction(caller, *entity, *customer, input);
        if (!one) return one.error();
        if (const auto checked = contact::check_interaction(*one); !checked) {
          return base::refuse(checked.error(), "The " + std::string(base::name(one->channel)) +
                                                   " with customer " + input.customer);
        }
        facts.lock(one->party);
        if (!one->external_id.empty()) {
          for (const Interaction& known : facts.interactions(one->party)) {
            if (known.external_id != one->external_id || known.author != one->author) continue;
            if (says_the_same(known, *one, !input.at.empty()))
              return interaction_json(known, input.customer);
            return base::refuse(InteractionRefusal::external_id_reused,
                                one->author + " recorded something else as " + one->external_id);
          }
        }
        one->id = facts.ids().make<contact::InteractionTag>(one->party.part());
        facts.open_entry(one->party.part(), EntryKind::interaction_recorded, payload_of(*one))
            .add(*one);
        return interaction_json(*one, input.customer);
      });
}

Result<contact::Interaction> find_interaction(Facts& facts, std::string_view entity_code,
                                              std::string_view number,
                                              std::string_view interaction) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto customer = find_customer(facts, *entity, number);
  if (!customer) return customer.error();
  const contact::InteractionId id{base::parse_int(interaction).value_or(0)};
  for (Interaction& one : facts.interactions(customer->party))
    if (one.id == id && one.customer == customer->customer) return std::move(one);
  return base::refuse(InteractionRefusal::interaction_unknown,
                      "Customer " + std::string(number) + " has no note or other interaction " +
                          std::string(interaction));
}

Result<Json> pin_interaction(Store& store, const Caller& caller, std::string_view entity,
                             std::string_view customer, std::string_view interaction, bool pinned) {
  const Json body{{"entity", entity},
                  {"customer", customer},
                  {"interaction_id", interaction},
                  {"pinned", pinned}};
  return run_command(
      store, caller, "pin_interaction", body, part_of_customer(entity, customer),
      [&](Transaction& facts) -> Result<Json> {
        const auto found = find_customer(facts, *find_entity(facts, entity), customer);
        facts.lock(found->party);
        auto one = find_interaction(facts, entity, customer, interaction);
        if (!one) return one.error();
        if (one->pinned != pinned) {
          one->pinned = pinned;
          ++one->version;
          facts.open_entry(one->party.part(), EntryKind::interaction_changed, payload_of(*one))
              .add(*one);
        }
        return interaction_json(*one, customer);
      });
}

Result<boost::json::array> interaction_list(Facts& facts, const InteractionQuery& query) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  const auto customer = find_customer(facts, *entity, query.customer);
  if (!customer) return customer.error();
  if (!query.channel.empty()) {
    const auto channel = read_word<contact::InteractionChannel>(query.channel, "channel");
    if (!channel) return channel.error();
  }
  auto interactions = facts.interactions(customer->party);
  std::erase_if(interactions, [&](const Interaction& one) {
    return one.customer != customer->customer || query.as_of < one.business_date ||
           (query.only_pinned && !one.pinned) ||
           (!query.channel.empty() && base::name(one.channel) != query.channel);
  });
  std::ranges::stable_sort(interactions, [](const Interaction& a, const Interaction& b) {
    return std::pair(a.at, a.id) > std::pair(b.at, b.id);
  });
  boost::json::array list;
  for (const Interaction& one : interactions) list.push_back(interaction_json(one, query.customer));
  return list;
}

}  // namespace arrears::app
