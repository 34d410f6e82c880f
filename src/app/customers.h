#pragma once

#include <span>

#include "app/recorder.h"

/// Commands about who owes: customers, their parties and groups, contacts and holds.
namespace arrears::app {

#define ARREARS_CUSTOMER_REFUSALS(R)                                                      \
  R(number_empty, "Give the customer's account number.")                                  \
  R(customer_exists, "The number is taken; import it again to change the customer.")      \
  R(party_changed, "A customer keeps its party; merge the parties instead.")              \
  R(parent_unknown, "Import the head office before its branches, or correct the number.") \
  R(group_cycle, "A party cannot stand above itself; correct the parent.")                \
  R(parent_of_itself, "Leave the parent empty for a head office.")                        \
  R(contact_nameless, "Give a name, an e-mail address or a telephone number.")            \
  R(email_invalid, "Write one address such as anna@example.com.")                         \
  R(hold_unknown, "`arrears hold list` shows the holds.")                                 \
  R(hold_period_invalid, "The hold must end after it begins.")

/// A customer as a file or a person gives it. Empty texts leave what is known.
struct CustomerRow {
  std::string number;
  std::string name;
  std::string party_reference;  ///< the same in several entities: one party
  std::string parent;           ///< number of the head office's customer in the same entity
  std::optional<parties::PartyKind> kind;
  std::string country;
  std::string language;
  std::string segment;
  std::optional<Date> since;
};

enum class Change : unsigned char { added, changed, unchanged };

/// Adds the customer, or supersedes what differs. `as_of` dates a new group edge.
Result<Change> put_customer(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                            const CustomerRow& row, Date as_of);

/// A customer of which only the number, and perhaps the name, is known.
struct StubCustomer {
  std::string number;
  std::string name;
  CustomerRef ref;  ///< once it was added
};
/// Adds the customers, which have different numbers. Where a number is taken by now, its bearer is
/// meant.
void add_stub_customers(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                        std::span<StubCustomer> stubs);

struct ContactRow {
  std::string customer;   ///< number
  std::string reference;  ///< the ERP's id; without it the e-mail or name tells contacts apart
  std::string name;
  std::string role;
  std::string phone;
  std::string email;
  std::string language;
  std::string time_zone;
  std::string country;  ///< of the address, where it is not the party's
  std::string region;   ///< of the address: state or province
  std::optional<bool> active;
};
/// Adds the contact to the customer's party, or supersedes what differs.
Result<Change> put_contact(Transaction& facts, Recorder& recorder, const parties::Entity& entity,
                           const ContactRow& row);

Result<Json> add_customer(Store& store, const Caller& caller, std::string_view entity,
                          const CustomerRow& row, Date as_of);
Result<Json> set_contact(Store& store, const Caller& caller, std::string_view entity,
                         const ContactRow& row);

/// A quiet period: nobody chases the party from `from` until before `until`.
Result<Json> place_hold(Store& store, const Caller& caller, std::string_view entity,
                        std::string_view customer, Date from, std::optional<Date> until,
                        std::string_view reason);
/// Ends a hold on `on`: the first day on which it no longer holds.
Result<Json> lift_hold(Store& store, const Caller& caller, std::string_view entity,
                       std::string_view customer, std::string_view hold, Date on);

}  // namespace arrears::app

ARREARS_REFUSALS(app, CustomerRefusal, "customer", ARREARS_CUSTOMER_REFUSALS);
