#include "app/calls.h"
#include "base/text.h"

namespace arrears::app {

Result<Json> review_call(Store& store, const Caller& caller, std::string_view entity_code,
                         const ReviewInput& input) {
  const contact::CallId id{base::parse_int(input.call).value_or(0)};
  const Json body{{"entity", entity_code},
                  {"call_id", input.call},
                  {"mark", input.mark},
                  {"text", input.text},
                  {"version", input.version}};
  const auto find = [&](Facts& facts) -> Result<parties::PartyId> {
    const auto entity = find_entity(facts, entity_code);
    if (!entity) return entity.error();
    if (const auto party = facts.party_of_call(id)) {
      for (const contact::CallEntry& version : facts.call_versions(*party, id))
        if (version.entity == entity->id) return *party;
    }
    return base::refuse(CallRefusal::call_unknown, "There is no call " + input.call);
  };
  return run_command(
      store, caller, "review_call", body,
      [&](Transaction& facts) -> Result<Part> {
        const auto party = find(facts);
        if (!party) return party.error();
        return party->part();
      },
      [&](Transaction& facts) -> Result<Json> {
        const auto party = find(facts);
        facts.lock(*party);
        const auto mark = base::parse_name<contact::ReviewMark>(input.mark);
        if (!mark) {
          return base::refuse(CallRefusal::mark_unknown,
                              "A call is not marked as \"" + input.mark + "\"");
        }
        if (const auto clean = check_text(input.text, "the text"); !clean) return clean.error();
        contact::CallReview review;
        review.party = *party;
        review.call = id;
        review.mark = *mark;
        review.text = input.text;
        review.at = caller.now;
        review.reviewer = caller.actor;
        review.version = facts.call_versions(*party, id).back().version;
        if (input.version != 0 && input.version != review.version) {
          return base::refuse(CallRefusal::newer_version,
                              "Version " + std::to_string(input.version) +
                                  " was read, and version " + std::to_string(review.version) +
                                  " is the newest");
        }
        for (const contact::CallReview& known : facts.call_reviews(*party))
          if (known.call == id) review.number = known.number + 1;
        const Json payload{{"call_id", input.call},
                           {"party_id", to_string(*party)},
                           {"version", review.version},
                           {"mark", input.mark}};
        facts.open_entry(party->part(), EntryKind::call_reviewed, boost::json::serialize(payload))
            .add(review);
        Json answer = review_json(review);
        answer["call_id"] = input.call;
        return answer;
      });
}

Json review_json(const contact::CallReview& review) {
  return {{"mark", base::name(review.mark)},
          {"text", review.text},
          {"by", review.reviewer},
          {"at", to_string(review.at)},
          {"version", review.version}};
}

}  // namespace arrears::app
