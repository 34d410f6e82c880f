#include <algorithm>

#include "app/calls.h"

namespace arrears::app {

Result<Json> close_follow_up(Store& store, const Caller& caller, std::string_view entity_code,
                             std::string_view customer, std::string_view follow_up_id, Date on) {
  const Json body{{"entity", entity_code},
                  {"customer", customer},
                  {"follow_up_id", follow_up_id},
                  {"on", to_string(on)}};
  return run_command(
      store, caller, "close_follow_up", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto entity = find_entity(facts, entity_code);
        if (!entity) return entity.error();
        const auto found = find_customer(facts, *entity, customer);
        if (!found) return found.error();
        return found->party.part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto entity = find_entity(facts, entity_code);
        const auto found = find_customer(facts, *entity, customer);
        facts.lock(found->party);
        const auto file = facts.party_file(found->party, Detail::everything);
        ARREARS_REQUIRE(file.has_value());
        const auto known =
            std::find_if(file->follow_ups.begin(), file->follow_ups.end(), [&](const auto& some) {
              return some.entity == entity->id && to_string(some.id) == follow_up_id;
            });
        if (known == file->follow_ups.end()) {
          return base::refuse(CallRefusal::follow_up_unknown, "Customer " + std::string(customer) +
                                                                  " has no follow-up " +
                                                                  std::string(follow_up_id));
        }
        if (known->closed_on) {
          return base::refuse(CallRefusal::already_closed,
                              "The follow-up of customer " + std::string(customer) +
                                  " was closed on " + to_string(*known->closed_on));
        }
        if (on < known->opened_on) {
          return base::refuse(CallRefusal::closes_before_it_opens,
                              "The follow-up of customer " + std::string(customer) +
                                  " was opened on " + to_string(known->opened_on));
        }
        strategy::FollowUp closed = *known;
        closed.closed_on = on;
        closed.closing = strategy::FollowUpClosing::done;
        const Json answer{{"follow_up_id", follow_up_id},
                          {"party_id", to_string(found->party)},
                          {"closed_on", to_string(on)},
                          {"closing", base::name(*closed.closing)}};
        facts.open_entry(file->part, EntryKind::follow_up_closed, boost::json::serialize(answer))
            .add(closed, Revision::next);
        return answer;
      });
}

}  // namespace arrears::app
