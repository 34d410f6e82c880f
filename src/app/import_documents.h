#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "app/import_publication.h"
#include "domain/receivables/record_document.h"

/// Documents of an import: rows, and what they come to beside what is already known.
namespace arrears::app {

/// What one line of a document file says in numbers, days and amounts.
struct DocumentValues {
  std::string_view number;
  std::int64_t amount_minor = 0;
  std::int64_t discounted_minor = 0;
  std::optional<Date> issued;
  std::optional<Date> due;
  std::optional<Date> discount_until;
  std::optional<Date> settled_on;
  money::Currency currency;
  int instalment = 1;
  std::optional<receivables::DocumentKind> kind;
};

/// One line of a document file.
struct DocumentRow : DocumentValues {
  RowReader reader;
  std::string_view customer;
  std::string_view name;
};

/// Where the fields of a document stand in a record.
struct DocumentFields {
  explicit DocumentFields(const ImportPlan& plan);
  int number, customer, name, kind, issued, due, amount, currency, instalment;
  int discount_until, discounted, payment_method, holder, reference, settled_on;
};

DocumentRow read_document_row(Publication& publication, const DocumentFields& fields,
                              const RecordBatch& batch, const StagedRecord& record);

/// A document as its rows say, with the day on which each instalment was settled in full.
struct GivenDocument {
  CustomerRef customer;
  receivables::Document document;
  std::vector<std::optional<Date>> settled_on;  ///< one per instalment
  bool is_new = false;                          ///< its number was free
  std::vector<receivables::Payment> inferred;   ///< of a new one, for each day in `settled_on`
};

/// Number of the inferred payment of an instalment: the document's, "INV-1#2" for its second.
std::string inferred_number(const receivables::Document& document, int instalment);

/// Gives the documents ids and claims their numbers, and those of the inferred payments of those
/// that are new.
void claim_numbers(Publication& publication, std::span<GivenDocument* const> documents);

/// The inferred payments of documents, of which the new ones are known, and their numbers.
void infer_payments(Publication& publication, std::span<GivenDocument* const> documents);

/// Writes a new document with its inferred payments.
void add_document(Publication& publication, const GivenDocument& given);

/// Brings the known document to what the file says. Refuses what cannot be amended; then nothing is
/// written.
Result<Change> change_document(Publication& publication, const DocumentFields& fields,
                               const NumberedThing& known, const GivenDocument& given);

}  // namespace arrears::app
