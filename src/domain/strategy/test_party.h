#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "domain/strategy/facts.h"
#include "domain/strategy/follow_ups.h"
#include "domain/strategy/steps.h"

/// Parties for the tests of this room.
namespace arrears::strategy::test {

inline Date day(std::string_view iso) { return calendar::parse_date(iso).value(); }
inline money::Currency currency(std::string_view code) {
  return money::parse_currency(code).value();
}

/// What a party did and what was recorded about it; `gather` gives the facts of a business date.
class TestParty {
 public:
  explicit TestParty(std::int64_t id = 1, std::string name = "Acme") {
    party_.id = {id};
    party_.name = std::move(name);
    add_customer("C-" + std::to_string(id));
    parties::Contact contact;
    contact.email = "ap@example.com";
    contacts.push_back(contact);
  }

  void add_customer(std::string number) {
    parties::Customer customer;
    customer.id = {party_.id.value * 1'000'000 + static_cast<std::int64_t>(customers_.size()) + 1};
    customer.entity = {1};
    customer.party = party_.id;
    customer.number = std::move(number);
    customers_.push_back(customer);
    ledgers_.emplace_back().customer = customer.id;
  }

  /// An invoice of the customer added last, issued 30 days before it is due.
  receivables::DocumentId invoice(std::string number, std::string_view due, std::int64_t minor,
                                  std::string_view code = "USD") {
    receivables::Document document;
    document.id = {next_id_++};
    document.number = std::move(number);
    document.issued_on = day(due) - 30;
    document.currency = currency(code);
    document.amount_minor = minor;
    document.instalments.emplace_back();
    document.instalments[0].due_on = day(due);
    document.instalments[0].amount_minor = minor;
    ledgers_.back().documents.push_back(document);
    return document.id;
  }

  /// Money of the customer added last; nothing of it is applied yet.
  receivables::PaymentId receive(std::string_view on, std::int64_t minor) {
    receivables::Payment payment;
    payment.id = {next_id_++};
    payment.value_on = day(on);
    payment.currency = currency("USD");
    payment.amount_minor = minor;
    ledgers_.back().payments.push_back(payment);
    return payment.id;
  }

  void pay(receivables::DocumentId document, std::string_view on, std::int64_t minor) {
    receivables::Allocation allocation;
    allocation.payment = receive(on, minor);
    allocation.id = {next_id_++};
    allocation.document = document;
    allocation.allocated_on = day(on);
    allocation.amount_minor = minor;
    allocation.source_minor = minor;
    ledgers_.back().allocations.push_back(allocation);
  }

  void dispute(receivables::DocumentId document, std::string_view from,
               std::optional<std::int64_t> minor, std::optional<Date> until = {}) {
    receivables::DisputeMark mark;
    mark.document = document;
    mark.from = day(from);
    mark.until = until;
    mark.amount_minor = minor;
    ledgers_.back().disputes.push_back(mark);
  }

  promises::Promise& promise(std::string number, std::string_view made_on, std::string_view due_on,
                             receivables::DocumentId document, std::int64_t minor) {
    promises::Promise promise;
    promise.id = {next_id_++};
    promise.number = std::move(number);
    promise.party = party_.id;
    promise.made_on = day(made_on);
    promise.due_on = day(due_on);
    promise.currency = currency("USD");
    promise.amount_minor = minor;
    promise.items = {{customers_.back().id, document, 1, minor}};
    promises_.push_back(promise);
    return promises_.back();
  }

  void called(std::string_view on,
              contact::Disposition disposition = contact::Disposition::right_party_reached) {
    made.push_back({day(on), Channel::phone, disposition, {next_id_++}});
  }

  PartyFacts gather(const RunContext& run) const {
    PartyFacts facts;
    facts.party = &party_;
    facts.entity = {1};
    facts.collector = collector;
    facts.manager = manager;
    for (std::size_t i = 0; i < customers_.size(); ++i)
      facts.customers.push_back({&customers_[i], &ledgers_[i]});
    std::vector<const receivables::Ledger*> ledgers;
    for (const auto& ledger : ledgers_) ledgers.push_back(&ledger);
    for (const auto& promise : promises_)
      facts.promises.push_back(promises::judge(promise, ledgers, run.calendar, run.as_of));
    facts.holds = holds;
    facts.follow_ups = follow_ups;
    facts.reached = reached;
    facts.contacts_made = made;
    facts.contacts = contacts;
    return facts;
  }

  /// The daily run: decides and records steps and follow-ups.
  StepDecision take_steps(const RunContext& run) {
    PartyFacts facts = gather(run);
    StepDecision steps = decide_steps(facts, run);
    record(steps, facts);
    record(decide_follow_ups(facts, run), run.as_of, facts);
    reached = facts.reached;
    follow_ups = facts.follow_ups;
    return steps;
  }

  std::string collector = "clara";
  std::string manager;
  std::vector<Hold> holds;
  std::vector<FollowUp> follow_ups;
  std::vector<ReachedStep> reached;
  std::vector<ContactMade> made;
  std::vector<parties::Contact> contacts;

 private:
  parties::Party party_;
  std::deque<parties::Customer> customers_;
  std::deque<receivables::Ledger> ledgers_;
  std::deque<promises::Promise> promises_;
  std::int64_t next_id_ = 100;
};

/// The standard strategy in USD, Monday to Friday.
struct Desk {
  Strategy strategy = standard_strategy(currency("USD"));
  calendar::BusinessCalendar calendar;
  money::RateTable rates;

  RunContext on(Date as_of) const { return {as_of, strategy, calendar, rates, currency("USD")}; }
  RunContext on(std::string_view as_of) const { return on(day(as_of)); }
};

}  // namespace arrears::strategy::test
