#include <map>

#include "adapters/storage/fact_reader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/personal.h"

/// Interactions, and reviews of calls.
namespace arrears::storage {

namespace {

constexpr std::string_view interaction_place = "interaction.sealed_text";
constexpr std::string_view review_place = "call_review.sealed_text";

template <class E>
std::int64_t number_of(E value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

void FactWriter::add(const contact::Interaction& interaction) {
  std::optional<std::int64_t> direction;
  if (interaction.direction) direction = number_of(*interaction.direction);
  insert(facts::interaction,
         {part_, interaction.party.value, interaction.id.value, interaction.version,
          interaction.entity.value, interaction.customer.value, number_of(interaction.channel),
          direction, number_of(interaction.visible_to), interaction.pinned, interaction.at.micros,
          interaction.business_date.days, interaction.entered_at.micros, interaction.author,
          seal(interaction.party, interaction_place, pack_personal(interaction))});
}

void FactWriter::add(const contact::CallReview& review) {
  std::optional<Bytes> sealed;
  if (!review.text.empty()) sealed = seal(review.party, review_place, review.text);
  insert(facts::call_review,
         {part_, review.party.value, review.call.value, review.number, review.version,
          number_of(review.mark), review.at.micros, review.reviewer, sealed});
}

std::vector<contact::Interaction> FactReader::interactions(parties::PartyId party) {
  std::map<contact::InteractionId, contact::Interaction> newest;
  FactScan(snapshot_).rows(facts::interaction, party.part(), party.value, [&](FactRow& row) {
    contact::Interaction one;
    row.skip();
    one.party = row.id<parties::PartyId>();
    one.id = row.id<contact::InteractionId>();
    one.version = row.small();
    row.skip();
    one.entity = row.id<parties::EntityId>();
    one.customer = row.id<parties::CustomerId>();
    one.channel = row.member<contact::InteractionChannel>();
    one.direction = row.maybe_member<contact::Direction>();
    one.visible_to = row.member<contact::VisibilityClass>();
    one.pinned = row.flag();
    one.at.micros = row.integer();
    one.business_date = row.date();
    one.entered_at.micros = row.integer();
    one.author = row.text();
    unpack_personal(keys_.open(party, interaction_place, row.blob()), one);
    newest[one.id] = std::move(one);
  });
  std::vector<contact::Interaction> list;
  for (auto& [id, one] : newest) list.push_back(std::move(one));
  return list;
}

std::vector<contact::CallReview> FactReader::call_reviews(std::optional<parties::PartyId> party) {
  std::vector<contact::CallReview> list;
  const auto read = [&](FactRow& row) {
    contact::CallReview review;
    row.skip();
    review.party = row.id<parties::PartyId>();
    review.call = row.id<contact::CallId>();
    review.number = row.small();
    row.skip();
    review.version = row.small();
    review.mark = row.member<contact::ReviewMark>();
    review.at.micros = row.integer();
    review.reviewer = row.text();
    if (!row.is_null())
      review.text = keys_.open(review.party, review_place, row.blob()).value_or(erased_text.data());
    list.push_back(std::move(review));
  };
  if (party) {
    FactScan(snapshot_).rows(facts::call_review, party->part(), party->value, read);
  } else {
    FactScan(snapshot_).all_rows(facts::call_review, read);
  }
  return list;
}

}  // namespace arrears::storage
