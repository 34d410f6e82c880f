#pragma once

#include <optional>
#include <vector>

#include "adapters/storage/fact_rows.h"
#include "domain/contact/call.h"
#include "domain/parties/parties.h"
#include "domain/receivables/ledger.h"

/// Rows of parties, documents, payments and calls as domain values.
namespace arrears::storage {

/// `row` stands on the party's id.
parties::Party read_party(const Snapshot& snapshot, FactRow& row);
/// `row` stands on the document's id. Without instalments.
receivables::Document read_document(FactRow& row);
/// `row` stands on the instalment's number.
receivables::Instalment read_instalment(FactRow& row);
/// `row` stands on the payment's id.
receivables::Payment read_payment(const Snapshot& snapshot, parties::PartyId party, FactRow& row);

/// The newest version of one document or payment; nothing for an unknown id.
std::optional<receivables::Document> read_document(const Snapshot& snapshot,
                                                   parties::CustomerId customer,
                                                   receivables::DocumentId document);
std::optional<receivables::Payment> read_payment(const Snapshot& snapshot,
                                                 parties::CustomerId customer,
                                                 parties::PartyId party,
                                                 receivables::PaymentId payment);

/// The versions of calls of one party, oldest first; `call` 0: all.
std::vector<contact::CallEntry> read_calls(const Snapshot& snapshot, base::Part part,
                                           std::int64_t party, std::int64_t call);

}  // namespace arrears::storage
