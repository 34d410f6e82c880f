#pragma once

#include "base/result.h"
#include "domain/receivables/ledger.h"

/// Recording, amending and cancelling what is owed.

#define ARREARS_RECORD_DOCUMENT_REFUSALS(R)                                                        \
  R(number_missing, "Give the document its number.")                                               \
  R(no_instalments, "Give at least one instalment with its due date.")                             \
  R(amount_zero, "A document changes what is owed: give an amount other than 0.")                  \
  R(amount_beyond_maximum, "Amounts go up to 10^15 - 1 minor units: check the decimals.")          \
  R(kind_and_sign_disagree,                                                                        \
    "Invoices, fees, interest notes and refunds are positive, credit notes negative.")             \
  R(instalments_out_of_order, "Number the instalments 1, 2, 3 without gaps.")                      \
  R(instalment_sign_differs, "Each instalment has the sign of its document and is not 0.")         \
  R(due_before_issue,                                                                              \
    "Check the two dates: only credits and opening balances may be due earlier.")                  \
  R(discount_beyond_due, "An early-payment discount ends on the due date at the latest.")          \
  R(discount_not_smaller,                                                                          \
    "The discounted amount lies above 0 and below the amount of an instalment that is owed.")      \
  R(document_cancelled, "A cancelled document stays as it is: record it anew.")                    \
  R(not_amendable,                                                                                 \
    "Customer, entity, currency, number and sign cannot be amended: cancel and record anew.")      \
  R(issued_after_allocation,                                                                       \
    "It was allocated before that issue date: choose an earlier one or take the allocation back.") \
  R(amount_below_allocated,                                                                        \
    "More than that was allocated on some day: take allocations back first, or amend to more.")

ARREARS_REFUSALS(receivables, RecordDocumentRefusal, "record_document",
                 ARREARS_RECORD_DOCUMENT_REFUSALS);

#define ARREARS_CANCEL_DOCUMENT_REFUSALS(R)      \
  R(already_cancelled, "Nothing is left to do.") \
  R(has_allocations, "Take back its allocations first.")

ARREARS_REFUSALS(receivables, CancelDocumentRefusal, "cancel_document",
                 ARREARS_CANCEL_DOCUMENT_REFUSALS);

namespace arrears::receivables {

/// A new document, as it is to be written (version 1). That its number is free in the entity is
/// for the use case to check. It has a currency, and its instalments sum to its amount. An
/// instalment without discount has no `discount_until`.
base::Result<Document, RecordDocumentRefusal> record_document(const Document& document);

/// The next version of the document of the ledger with the id of `amended`. `customer` is the
/// customer that the amendment names: it must be the ledger's. Allocations of every day, past and
/// later, must still fit.
base::Result<Document, RecordDocumentRefusal> amend_document(const Ledger& ledger,
                                                             const Document& amended,
                                                             parties::CustomerId customer);

/// The cancelled version of a document of the ledger that was recorded in error.
base::Result<Document, CancelDocumentRefusal> cancel_document(const Ledger& ledger,
                                                              DocumentId document);

}  // namespace arrears::receivables
