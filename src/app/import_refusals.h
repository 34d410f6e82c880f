#pragma once

#include "base/refusal.h"

// Of the whole file first, then of one line; what the domain refuses comes with its own code. How
// a file can be settled depends on what it holds: its reader says so in the text.
#define ARREARS_IMPORT_REFUSALS(R)                                                                 \
  R(import_unknown, "`arrears import list` shows the interrupted ones.")                           \
  R(file_differs, "Resume with the very file that was begun, or drop the import.")                 \
  R(profile_unknown, "Save the profile first, or correct its name.")                               \
  R(profile_name_invalid, "Use 1 to 100 bytes of text.")                                           \
  R(profile_kind_differs, "Use a profile that was saved for this kind.")                           \
  R(option_unknown, "Correct the option.")                                                         \
  R(not_text, "Export the file as CSV and import that.")                                           \
  R(file_empty, "Check the export: the file needs a header line.")                                 \
  R(dates_unsettled, "")                                                                           \
  R(decimals_unsettled, "")                                                                        \
  R(mapping_invalid, "Write it as field=column,field=column.")                                     \
  R(field_unknown, "Use one of the fields of this kind, see `arrears import fields`.")             \
  R(field_repeated, "Map each field once.")                                                        \
  R(column_unknown, "Correct the column's name; it must stand in the header.")                     \
  R(required_column_missing, "Name the column with --map FIELD=COLUMN.")                           \
  R(currency_missing, "Give --currency, or map a column to currency.")                             \
  R(as_of_missing, "Give the day of the snapshot: --as-of YYYY-MM-DD.")                            \
  R(shrink_limit_invalid, "Give a whole number of percent from 0 to 100.")                         \
  R(control_total_invalid, "Write 12500.00 or USD 12500.00, once per currency.")                   \
  R(control_total_not_applicable, "Only files with amounts have a control total.")                 \
  R(control_total_differs, "Nothing was imported. Check that the file is complete.")               \
  R(row_unreadable, "Correct the line.")                                                           \
  R(value_missing, "Give the value.")                                                              \
  R(number_too_long, "Numbers have up to 200 bytes.")                                              \
  R(text_too_long, "Texts have up to 1,000 bytes.")                                                \
  R(date_out_of_range, "Days lie in the years 1900 to 2199.")                                      \
  R(not_an_amount, "Write a plain decimal such as 1250.00.")                                       \
  R(too_many_decimals, "Check the amount or the currency.")                                        \
  R(amount_beyond_maximum, "Amounts go up to 10^15 - 1 minor units: check the decimals.")          \
  R(currency_unknown, "Use an ISO 4217 code such as USD.")                                         \
  R(currency_differs, "The amount and the row name different currencies; correct one.")            \
  R(kind_unknown,                                                                                  \
    "Use invoice, credit_note, fee, interest_note, opening_balance, refund or "                    \
    "adjustment.")                                                                                 \
  R(party_kind_unknown, "Use company or person.")                                                  \
  R(instalment_invalid, "Number the instalments from 1 to 1000.")                                  \
  R(instalments_disagree, "The rows of one document must agree on everything but the instalment.") \
  R(document_incomplete, "Another row of this document was refused; correct that one.")            \
  R(duplicate_number, "Keep one of the two lines.")                                                \
  R(customer_unknown, "Import the customer first, or leave out --strict.")                         \
  R(document_unknown, "Import the document first, or correct its number.")                         \
  R(payment_unknown, "Import the payment first, or correct its number.")                           \
  R(source_required, "Name a payment or a credit, not both.")                                      \
  R(other_customer, "The document belongs to another customer; correct one of the two.")           \
  R(credit_settled, "Leave settled_on empty and import what the credit settled.")                  \
  R(open_amount_larger, "More is open in the file than here: import what is missing.")             \
  R(sign_differs, "The open item has the other sign here; correct the line.")                      \
  R(rate_invalid, "Give a positive rate of up to 9 decimals between two currencies.")

ARREARS_REFUSALS(app, ImportRefusal, "import", ARREARS_IMPORT_REFUSALS);
