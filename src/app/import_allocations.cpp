#include <algorithm>

#include "app/import_publication.h"
#include "domain/receivables/allocate.h"

namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::AllocationKind;

struct AllocationFields {
  explicit AllocationFields(const ImportPlan& plan)
      : payment(plan.place("payment")),
        credit(plan.place("credit")),
        invoice(plan.place("invoice")),
        instalment(plan.place("instalment")),
        on(plan.place("on")),
        amount(plan.place("amount")),
        source_amount(plan.place("source_amount")) {}
  int payment, credit, invoice, instalment, on, amount, source_amount;
};

struct AllocationRow {
  RowReader reader;
  CustomerRef customer;
  receivables::AllocationSource source;
  receivables::DocumentId document;
  int instalment = 1;
  std::optional<Date> on;
  std::string what;              ///< for people
  std::uint32_t occurrence = 1;  ///< of the same source, item and day in the file
};

class AllocationImport final : public KindImport {
 public:
  explicit AllocationImport(Publication& publication)
      : publication_(publication), fields_(publication.plan) {}

  void take(const RecordBatch& batch) override {
    std::vector<AllocationRow> rows;
    for (const StagedRecord& record : batch.records()) {
      AllocationRow row{RowReader(publication_, batch, record), {}, {}, {}, 1, {}, {}, 1};
      read(row, batch, record);
      if (row.reader.failed()) {
        publication_.reject(row.reader.line(), row.reader.problems());
      } else {
        rows.push_back(std::move(row));
      }
    }
    std::ranges::stable_sort(rows, {}, [](const AllocationRow& row) {
      return std::pair(row.customer.customer.part(), row.customer.customer);
    });
    for (AllocationRow& row : rows) apply(row);
  }

  void finish() override { publication_.revise_touched(); }

 private:
  void read(AllocationRow& row, const RecordBatch& batch, const StagedRecord& record) {
    RowReader& reader = row.reader;
    const std::string_view payment = reader.number(fields_.payment);
    const std::string_view credit = reader.number(fields_.credit);
    const std::string_view invoice = reader.required_number(fields_.invoice);
    row.instalment = reader.integer(fields_.instalment).value_or(1);
    row.on = reader.date(fields_.on);
    if (!reader.failed() && payment.empty() == credit.empty())
      reader.fail(ImportRefusal::source_required, -1, "The allocation has no one source");
    if (reader.failed()) return;
    const bool from_payment = !payment.empty();
    const std::string_view source_number = from_payment ? payment : credit;
    row.what = (from_payment ? "Payment " : "Credit ") + std::string(source_number) +
               " on document " + std::string(invoice);
    const auto source =
        find(from_payment ? NumberKind::payment : NumberKind::document, source_number);
    const auto document = find(NumberKind::document, invoice);
    if (!source) {
      reader.fail(from_payment ? ImportRefusal::payment_unknown : ImportRefusal::document_unknown,
                  from_payment ? fields_.payment : fields_.credit,
                  "There is no " + std::string(from_payment ? "payment " : "credit ") +
                      std::string(source_number));
    }
    if (!document) {
      reader.fail(ImportRefusal::document_unknown, fields_.invoice,
                  "There is no document " + std::string(invoice));
    }
    if (reader.failed()) return;
    if (source->owner != document->owner) {
      reader.fail(ImportRefusal::other_customer, fields_.invoice, row.what);
      return;
    }
    const parties::CustomerId owner{document->owner};
    row.customer = {owner, *publication_.facts.party_of(owner)};
    row.document = {document->subject};
    if (from_payment) {
      row.source.payment = {source->subject};
    } else {
      row.source.credit = {source->subject};
    }
    std::string content(1, from_payment ? 'p' : 'c');
    const std::string instalment = std::to_string(row.instalment);
    for (const std::string_view text :
         {source_number, invoice, std::string_view(instalment), batch.value(record, fields_.on),
          batch.value(record, fields_.amount)}) {
      content += '\0';
      content += text;
    }
    row.occurrence = ++occurrences_[content];
  }

  std::optional<NumberedThing> find(NumberKind kind, std::string_view number) const {
    return publication_.facts.find_number(publication_.entity.id, kind, number);
  }

  static money::Currency source_currency(const receivables::Ledger& ledger,
                                         const receivables::AllocationSource& source) {
    if (source.payment) {
      const auto* payment = receivables::find_payment(ledger, source.payment);
      return payment ? payment->currency : money::Currency();
    }
    const auto* credit = receivables::find_document(ledger, source.credit);
    return credit ? credit->currency : money::Currency();
  }

  void apply(AllocationRow& row) {
    receivables::Ledger& ledger = publication_.ledger.of(row.customer);
    const auto* document = receivables::find_document(ledger, row.document);
    ARREARS_REQUIRE(document != nullptr);
    const auto amount = row.reader.required_amount(fields_.amount, document->currency);
    const auto source_minor =
        row.reader.amount(fields_.source_amount, source_currency(ledger, row.source));
    if (amount) publication_.count_amount(document->currency, *amount);
    if (row.reader.failed()) {
      publication_.reject(row.reader.line(), row.reader.problems());
      return;
    }
    if (count_known(ledger, row, *amount) >= row.occurrence) {
      ++publication_.report.unchanged;
      return;
    }
    const auto rows = receivables::allocate(
        ledger, {row.source, {{row.document, row.instalment, *amount, source_minor}}, row.on});
    if (!rows) {
      publication_.reject(row.reader, base::refuse(rows.error(), row.what));
      return;
    }
    const money::Currency currency = document->currency;
    for (Allocation allocation : *rows) {
      publication_.write(row.customer, allocation, EntryKind::allocated);
      ledger.allocations.push_back(allocation);
    }
    ++publication_.report.added;
    publication_.count_added(currency, *amount);
    publication_.touch(row.customer.party);
  }

  /// Allocations of the same source, item, day and amount, also those taken back since.
  static std::uint32_t count_known(const receivables::Ledger& ledger, const AllocationRow& row,
                                   std::int64_t amount) {
    std::uint32_t count = 0;
    for (const Allocation& known : ledger.allocations) {
      if (known.reverses || known.document != row.document || known.instalment != row.instalment ||
          known.amount_minor != amount || (row.on && known.allocated_on != *row.on)) {
        continue;
      }
      const bool same_source =
          row.source.payment
              ? known.kind == AllocationKind::payment && known.payment == row.source.payment
              : known.kind == AllocationKind::credit && known.credit == row.source.credit;
      if (same_source) ++count;
    }
    return count;
  }

  Publication& publication_;
  AllocationFields fields_;
  SeenKeys occurrences_;  ///< of each content
};

}  // namespace

std::unique_ptr<KindImport> make_allocation_import(Publication& publication) {
  return std::make_unique<AllocationImport>(publication);
}

}  // namespace arrears::app
