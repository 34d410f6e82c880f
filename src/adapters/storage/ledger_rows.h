#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "adapters/storage/fact_rows.h"
#include "domain/contact/call.h"
#include "domain/parties/parties.h"
#include "domain/receivables/ledger.h"

/// Rows of parties, documents, payments and calls as domain values.
namespace arrears::storage {

/// `row` stands on the party's id.
parties::Party read_party(const Snapshot& snapshot, FactRow& row);
/// `row` stands on the party's id.
parties::Contact read_contact(const Snapshot& snapshot, FactRow& row);
/// `row` stands on the customer's id.
parties::Customer read_customer(FactRow& row);
/// `row` stands on the document's id. Without instalments.
receivables::Document read_document(FactRow& row);
/// `row` stands on the instalment's number.
receivables::Instalment read_instalment(FactRow& row);
/// `row` stands on the payment's id.
receivables::Payment read_payment(const Snapshot& snapshot, parties::PartyId party, FactRow& row);

/// The same without its payer, which is sealed.
receivables::Payment read_payment_without_payer(FactRow& row);
/// `row` stands on the allocation's id.
receivables::Allocation read_allocation(FactRow& row);

/// Adds `item`, or lets it take the place of the version before, which has the same id.
template <class T>
void put_version(std::vector<T>& list, T item) {
  if (!list.empty() && list.back().id == item.id) {
    list.back() = std::move(item);
  } else {
    list.push_back(std::move(item));
  }
}

/// The newest version of one document or payment; nothing for an unknown id.
std::optional<receivables::Document> read_document(const Snapshot& snapshot,
                                                   parties::CustomerId customer,
                                                   receivables::DocumentId document);
std::optional<receivables::Payment> read_payment(const Snapshot& snapshot,
                                                 parties::CustomerId customer,
                                                 parties::PartyId party,
                                                 receivables::PaymentId payment);

/// The versions of the parties' calls, oldest first; `call` 0: of all calls.
std::vector<contact::CallEntry> read_calls(const Snapshot& snapshot, const FactScan& scan,
                                           base::Part part, Owners parties, std::int64_t call);

}  // namespace arrears::storage
