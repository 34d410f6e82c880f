#pragma once

#include "app/recorder.h"

/// Commands about what is owed and paid. Amounts and dates are texts as the user wrote them where
/// they need the currency to be read.
namespace arrears::app {

#define ARREARS_RECEIVABLES_REFUSALS(R)                                                       \
  R(number_taken, "Amend the document or payment that bears it, or choose another number.")   \
  R(reason_required, "Say why: the auditor reads it.")                                        \
  R(kind_unknown,                                                                             \
    "Use invoice, credit_note, fee, interest_note, opening_balance, refund or "               \
    "adjustment.")                                                                            \
  R(source_required, "Name a payment or a credit note, not both.")                            \
  R(other_customer, "A payment settles its own customer's documents; reverse and rebook it.") \
  R(instalment_unknown, "Check the instalment's number.")                                     \
  R(allocation_unknown, "`arrears allocation list` shows the allocations.")                   \
  R(dispute_unknown, "`arrears dispute list` shows the disputes.")                            \
  R(outcome_unknown, "A dispute is open, resolved or rejected, and ends as one of the latter.")

struct InstalmentInput {
  std::string due;
  std::string amount;
  std::string discount_until;
  std::string discounted;
};

struct DocumentInput {
  std::string customer;
  std::string number;
  std::string kind = "invoice";
  std::string issued;
  std::string currency;
  std::vector<InstalmentInput> instalments;
  std::string payment_method;
  std::string holder;
  std::string reference;
};

/// Reads the input as a document (without id), or refuses it. A positive amount of a credit note is
/// taken as the credit's size.
Result<receivables::Document> read_document(const DocumentInput& input);

Result<Json> record_document(Store& store, const Caller& caller, std::string_view entity,
                             const DocumentInput& input);
/// The document's next version: what is empty in `input` stays. `reason` is required reading for
/// the auditor and may not be empty.
Result<Json> amend_document(Store& store, const Caller& caller, std::string_view entity,
                            const DocumentInput& input, std::string_view reason);
Result<Json> cancel_document(Store& store, const Caller& caller, std::string_view entity,
                             std::string_view number, std::string_view reason);

struct PaymentInput {
  std::string customer;
  std::string number;
  std::string value_on;
  std::string currency;
  std::string amount;
  std::string payer;
  std::string reference;
};
Result<receivables::Payment> read_payment(const PaymentInput& input);
Result<Json> record_payment(Store& store, const Caller& caller, std::string_view entity,
                            const PaymentInput& input);
Result<Json> cancel_payment(Store& store, const Caller& caller, std::string_view entity,
                            std::string_view number, std::string_view reason);
/// The payment is lost again from `on`: what it settled is open again.
Result<Json> bounce_payment(Store& store, const Caller& caller, std::string_view entity,
                            std::string_view number, Date on, std::string_view reason);

/// "INV-1", "INV-1#2" (second instalment), with an amount or without.
struct AllocationTargetInput {
  std::string document;
  std::string amount;         ///< empty: all that is open, or what is left of the source
  std::string source_amount;  ///< in the source's currency, where that is another
};

struct AllocationInput {
  std::string payment;                         ///< number; or
  std::string credit;                          ///< number of the credit note
  std::vector<AllocationTargetInput> targets;  ///< empty: oldest first
  std::string amount;                          ///< oldest first: at most this much
  std::string on;                              ///< empty: the earliest possible day
};
Result<Json> apply_allocation(Store& store, const Caller& caller, std::string_view entity,
                              const AllocationInput& input);
/// Takes back an allocation by its id, whole or in part.
Result<Json> take_back_allocation(Store& store, const Caller& caller, std::string_view entity,
                                  std::string_view allocation, std::string_view amount, Date on);

/// The rows as `{allocation_id, document, instalment, kind, on, amount, currency}`.
boost::json::array allocations_json(const receivables::Ledger& ledger,
                                    const std::vector<receivables::Allocation>& rows);
/// Writes allocation rows, giving them ids. Answers the ids in order.
std::vector<receivables::AllocationId> write_allocations(
    Transaction& facts, Entry& entry, parties::CustomerId customer,
    std::vector<receivables::Allocation>& rows);

/// `{number, value_on, amount, currency, unapplied, ...}` of the customer's or entity's payments.
Result<boost::json::array> payment_list(Facts& facts, std::string_view entity,
                                        std::string_view customer, Date as_of);
Result<boost::json::array> allocation_list(Facts& facts, std::string_view entity,
                                           std::string_view customer);
/// One document with its versions' facts as known: instalments, allocations, open amount.
Result<Json> document_report(Facts& facts, std::string_view entity, std::string_view number,
                             Date as_of);

}  // namespace arrears::app

ARREARS_REFUSALS(app, ReceivablesRefusal, "receivables", ARREARS_RECEIVABLES_REFUSALS);
