#pragma once

#include <string_view>

#include "app/command.h"
#include "domain/calendar/business_calendar.h"
#include "domain/calendar/local_time.h"

/// From the numbers that people use to the facts they name.
namespace arrears::app {

Result<parties::Entity> find_entity(Facts& facts, std::string_view code);

/// The date the entity is working on: the caller's, else the day at the entity's place.
Date business_date(const parties::Entity& entity, const Caller& caller);

/// The business calendar of the entity: its country's holidays and the site's own days.
calendar::BusinessCalendar entity_calendar(Facts& facts, const parties::Entity& entity);

struct CustomerRef {
  parties::CustomerId customer;
  parties::PartyId party;
};
Result<CustomerRef> find_customer(Facts& facts, const parties::Entity& entity,
                                  std::string_view number);

struct DocumentRef {
  receivables::DocumentId document;
  parties::CustomerId customer;
};
Result<DocumentRef> find_document(Facts& facts, const parties::Entity& entity,
                                  std::string_view number);

struct PaymentRef {
  receivables::PaymentId payment;
  parties::CustomerId customer;
};
Result<PaymentRef> find_payment(Facts& facts, const parties::Entity& entity,
                                std::string_view number);

struct PromiseRef {
  promises::PromiseId promise;
  parties::PartyId party;
};
Result<PromiseRef> find_promise(Facts& facts, const parties::Entity& entity,
                                std::string_view number);

/// The part of what a command addresses, for run_command. The texts must outlive the resolver.
PartResolver part_of_entity(std::string_view entity);
PartResolver part_of_customer(std::string_view entity, std::string_view number);
PartResolver part_of_document(std::string_view entity, std::string_view number);
PartResolver part_of_payment(std::string_view entity, std::string_view number);

/// The account of `customer` in `file`; asking for one that is not there is a mistake of ours.
const Account& account_of(const PartyFile& file, parties::CustomerId customer);

Result<Date> read_date(std::string_view text, std::string_view what);
Result<std::int64_t> read_amount(std::string_view text, money::Currency currency,
                                 std::string_view what);
/// An instant at which something may have been known: none that is still to come.
Result<Instant> check_known_at(Instant at, Instant now);
/// Refuses text that is not clean UTF-8.
Result<base::Done> check_text(std::string_view text, std::string_view what);

}  // namespace arrears::app
