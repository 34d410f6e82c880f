#include "app/lookup.h"

#include "base/text.h"

namespace arrears::app {

namespace {

std::string known_similar(Facts& facts, const parties::Entity& entity, NumberKind kind,
                          std::string_view number) {
  std::string hint;
  for (const NumberedThing& thing : facts.find_similar(entity.id, kind, number)) {
    hint += hint.empty() ? "; did you mean " : ", ";
    hint += thing.number;
  }
  return hint.empty() ? hint : hint + "?";
}

Result<NumberedThing> find(Facts& facts, const parties::Entity& entity, NumberKind kind,
                           std::string_view number, CommandRefusal missing, std::string_view word) {
  if (auto thing = facts.find_number(entity.id, kind, number)) return *thing;
  return base::refuse(missing, "Entity " + entity.code + " has no " + std::string(word) + " " +
                                   std::string(number) +
                                   known_similar(facts, entity, kind, number));
}

std::string_view amount_problem(money::AmountError error) {
  switch (error) {
    case money::AmountError::not_a_number:
      return "is not an amount";
    case money::AmountError::too_many_decimals:
      return "has more decimals than the currency";
    case money::AmountError::beyond_maximum:
      return "is beyond the largest amount (15 digits of minor units)";
  }
  return {};
}

}  // namespace

Result<parties::Entity> find_entity(Facts& facts, std::string_view code) {
  for (parties::Entity& entity : facts.entities()) {
    if (entity.code == code) return std::move(entity);
  }
  return base::refuse(CommandRefusal::entity_unknown, "There is no entity " + std::string(code));
}

Date business_date(const parties::Entity& entity, const Caller& caller) {
  if (caller.business_date) return *caller.business_date;
  return calendar::local_time(entity.time_zone, caller.now).day;
}

calendar::BusinessCalendar entity_calendar(Facts& facts, const parties::Entity& entity) {
  auto found = calendar::make_calendar(entity.calendar);
  ARREARS_REQUIRE(found.has_value());
  for (const CalendarDay& day : facts.calendar_days(entity.id)) {
    if (day.is_holiday) {
      found->add_holiday({day.day, day.name});
    } else {
      found->remove_holiday(day.day);
    }
  }
  return *found;
}

Result<CustomerRef> find_customer(Facts& facts, const parties::Entity& entity,
                                  std::string_view number) {
  const auto thing = find(facts, entity, NumberKind::customer, number,
                          CommandRefusal::customer_unknown, "customer");
  if (!thing) return thing.error();
  return CustomerRef{{thing->subject}, {thing->owner}};
}

Result<DocumentRef> find_document(Facts& facts, const parties::Entity& entity,
                                  std::string_view number) {
  const auto thing = find(facts, entity, NumberKind::document, number,
                          CommandRefusal::document_unknown, "document");
  if (!thing) return thing.error();
  return DocumentRef{{thing->subject}, {thing->owner}};
}

Result<PaymentRef> find_payment(Facts& facts, const parties::Entity& entity,
                                std::string_view number) {
  const auto thing =
      find(facts, entity, NumberKind::payment, number, CommandRefusal::payment_unknown, "payment");
  if (!thing) return thing.error();
  return PaymentRef{{thing->subject}, {thing->owner}};
}

Result<PromiseRef> find_promise(Facts& facts, const parties::Entity& entity,
                                std::string_view number) {
  const auto thing =
      find(facts, entity, NumberKind::promise, number, CommandRefusal::promise_unknown, "promise");
  if (!thing) return thing.error();
  return PromiseRef{{thing->subject}, {thing->owner}};
}

PartResolver part_of_entity(std::string_view code) {
  return [=](Transaction& facts) -> Result<Part> {
    const auto entity = find_entity(facts, code);
    if (!entity) return entity.error();
    return entity->id.part();
  };
}

namespace {

/// `find`: one of the look-ups above, whose answer has a customer.
template <class Find>
PartResolver part_of_owner(std::string_view code, std::string_view number, Find find) {
  return [=](Transaction& facts) -> Result<Part> {
    const auto entity = find_entity(facts, code);
    if (!entity) return entity.error();
    const auto found = find(facts, *entity, number);
    if (!found) return found.error();
    return found->customer.part();
  };
}

}  // namespace

PartResolver part_of_customer(std::string_view code, std::string_view number) {
  return part_of_owner(code, number, find_customer);
}

PartResolver part_of_document(std::string_view code, std::string_view number) {
  return part_of_owner(code, number, find_document);
}

PartResolver part_of_payment(std::string_view code, std::string_view number) {
  return part_of_owner(code, number, find_payment);
}

const Account& account_of(const PartyFile& file, parties::CustomerId customer) {
  for (const Account& account : file.accounts) {
    if (account.customer.id == customer) return account;
  }
  base::fail_requirement("the customer belongs to the party", std::source_location::current());
}

Result<Date> read_date(std::string_view text, std::string_view what) {
  if (const auto date = calendar::parse_date(text)) return *date;
  return base::refuse(CommandRefusal::date_invalid,
                      std::string(what) + " " + std::string(text) + " is not a day");
}

Result<std::int64_t> read_amount(std::string_view text, money::Currency currency,
                                 std::string_view what) {
  const money::ParsedAmount parsed = money::parse_amount(text, currency);
  if (!parsed.error) return parsed.minor;
  return base::refuse(CommandRefusal::amount_invalid,
                      std::string(what) + " " + std::string(text) + " " +
                          std::string(amount_problem(*parsed.error)) + " " +
                          std::string(currency.code()));
}

Result<Instant> check_known_at(Instant at, Instant now) {
  if (at <= now) return at;
  return base::refuse(CommandRefusal::known_at_in_future,
                      "The instant " + to_string(at) + " has not come");
}

Result<base::Done> check_text(std::string_view text, std::string_view what) {
  if (base::is_clean_utf8(text)) return base::Done{};
  return base::refuse(CommandRefusal::text_invalid, std::string(what) + " cannot be read as text");
}

}  // namespace arrears::app
