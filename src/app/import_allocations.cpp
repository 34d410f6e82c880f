#include <algorithm>

#include "app/import_accounts.h"
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
  parties::CustomerId customer;
  receivables::AllocationSource source;
  receivables::DocumentId document;
  int instalment = 1;
  std::optional<Date> on;
  std::uint32_t occurrence = 1;  ///< of the same source, item and day in the file
};

/// Whom a number names.
struct Thing {
  std::int64_t subject = 0;
  std::int64_t owner = 0;
};
using Found = std::vector<std::optional<Thing>>;

class AllocationImport final : public KindImport {
 public:
  explicit AllocationImport(Publication& publication)
      : publication_(publication), fields_(publication.plan), accounts_(publication.facts) {}

  std::size_t batch_rows() const override { return 500'000; }

  void take(const RecordBatch& batch) override {
    std::vector<AllocationRow> rows;
    rows.reserve(batch.records().size());
    for (const StagedRecord& record : batch.records()) {
      AllocationRow row{RowReader(publication_, batch, record), {}, {}, {}, 1, {}, 1};
      read(row);
      keep_or_reject(std::move(row), rows);
    }
    find_things(rows);
    count_occurrences(rows);
    std::ranges::stable_sort(rows, {},
                             [](const AllocationRow& row) { return place_of(row.customer); });
    std::vector<parties::CustomerId> customers;
    for (const AllocationRow& row : rows)
      if (customers.empty() || customers.back() != row.customer) customers.push_back(row.customer);
    accounts_.expect(std::move(customers), Payers::left_out);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i > 0 && rows[i].customer.part() != rows[i - 1].customer.part()) publication_.end_parts();
      apply(rows[i]);
    }
  }

  void finish() override { publication_.revise_touched(); }

 private:
  void read(AllocationRow& row) {
    RowReader& reader = row.reader;
    const std::string_view payment = reader.number(fields_.payment);
    const std::string_view credit = reader.number(fields_.credit);
    reader.required_number(fields_.invoice);
    row.instalment = reader.integer(fields_.instalment).value_or(1);
    row.on = reader.date(fields_.on);
    if (!reader.failed() && payment.empty() == credit.empty())
      reader.fail(ImportRefusal::source_required, -1, "The allocation has no one source");
  }

  void keep_or_reject(AllocationRow row, std::vector<AllocationRow>& kept) {
    if (row.reader.failed()) {
      publication_.reject(row.reader.line(), row.reader.problems());
    } else {
      kept.push_back(std::move(row));
    }
  }

  bool is_from_payment(const AllocationRow& row) const {
    return !row.reader.value(fields_.payment).empty();
  }
  int source_field(const AllocationRow& row) const {
    return is_from_payment(row) ? fields_.payment : fields_.credit;
  }
  /// For people.
  std::string what(const AllocationRow& row) const {
    return (is_from_payment(row) ? "Payment " : "Credit ") +
           std::string(row.reader.value(source_field(row))) + " on document " +
           std::string(row.reader.value(fields_.invoice));
  }

  /// Finds sources and documents, all in one go; rows of which one is not known are rejected.
  void find_things(std::vector<AllocationRow>& rows) {
    std::vector<std::string_view> payments;
    std::vector<std::string_view> documents;
    for (const AllocationRow& row : rows) {
      (is_from_payment(row) ? payments : documents).push_back(row.reader.value(source_field(row)));
    }
    for (const AllocationRow& row : rows) documents.push_back(row.reader.value(fields_.invoice));
    const Found found_payments = find(NumberKind::payment, payments);
    const Found found_documents = find(NumberKind::document, documents);
    const std::size_t credits = rows.size() - payments.size();
    std::size_t payment = 0;
    std::size_t credit = 0;
    std::vector<AllocationRow> known;
    known.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::optional<Thing>& source =
          is_from_payment(rows[i]) ? found_payments[payment++] : found_documents[credit++];
      set_things(rows[i], source, found_documents[credits + i]);
      keep_or_reject(std::move(rows[i]), known);
    }
    rows = std::move(known);
  }

  void set_things(AllocationRow& row, const std::optional<Thing>& source,
                  const std::optional<Thing>& document) {
    const bool from_payment = is_from_payment(row);
    if (!source) {
      row.reader.fail(
          from_payment ? ImportRefusal::payment_unknown : ImportRefusal::document_unknown,
          source_field(row),
          "There is no " + std::string(from_payment ? "payment " : "credit ") +
              std::string(row.reader.value(source_field(row))));
    }
    if (!document) {
      row.reader.fail(ImportRefusal::document_unknown, fields_.invoice,
                      "There is no document " + std::string(row.reader.value(fields_.invoice)));
    }
    if (row.reader.failed()) return;
    if (source->owner != document->owner) {
      row.reader.fail(ImportRefusal::other_customer, fields_.invoice, what(row));
      return;
    }
    row.customer = {document->owner};
    row.document = {document->subject};
    if (from_payment) {
      row.source.payment = {source->subject};
    } else {
      row.source.credit = {source->subject};
    }
  }

  Found find(NumberKind kind, const std::vector<std::string_view>& numbers) const {
    Found found(numbers.size());
    const auto similar = publication_.facts.find_all_similar(publication_.entity.id, kind, numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      for (const NumberedThing& thing : similar[i])
        if (thing.number == numbers[i]) found[i] = Thing{thing.subject, thing.owner};
    }
    return found;
  }

  void count_occurrences(std::vector<AllocationRow>& rows) {
    std::string content;
    for (AllocationRow& row : rows) {
      content.assign(1, is_from_payment(row) ? 'p' : 'c');
      const std::string instalment = std::to_string(row.instalment);
      for (const std::string_view text :
           {row.reader.value(source_field(row)), row.reader.value(fields_.invoice),
            std::string_view(instalment), row.reader.value(fields_.on),
            row.reader.value(fields_.amount)}) {
        content += '\0';
        content += text;
      }
      row.occurrence = ++occurrences_[content];
    }
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
    WorkingAccount& account = accounts_.get(row.customer);
    const receivables::Ledger& ledger = account.slice(row.source, row.document);
    const auto* document = receivables::find_document(ledger, row.document);
    ARREARS_REQUIRE(document != nullptr);
    const money::Currency currency = document->currency;
    const auto amount = row.reader.required_amount(fields_.amount, currency);
    const auto source_minor =
        row.reader.amount(fields_.source_amount, source_currency(ledger, row.source));
    if (amount) publication_.count_amount(currency, *amount);
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
      publication_.reject(row.reader, base::refuse(rows.error(), what(row)));
      return;
    }
    for (Allocation allocation : *rows) {
      publication_.write(account.customer(), allocation, EntryKind::allocated);
      account.add(allocation);
    }
    ++publication_.report.added;
    publication_.count_added(currency, *amount);
    publication_.touch(account.customer().party);
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
  BatchAccounts accounts_;
  SeenKeys occurrences_;  ///< of each content
};

}  // namespace

std::unique_ptr<KindImport> make_allocation_import(Publication& publication) {
  return std::make_unique<AllocationImport>(publication);
}

}  // namespace arrears::app
