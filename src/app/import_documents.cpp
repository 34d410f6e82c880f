#include "app/import_documents.h"

#include <algorithm>
#include <span>

namespace arrears::app {

using receivables::Document;
using receivables::DocumentKind;

DocumentFields::DocumentFields(const ImportPlan& plan)
    : number(plan.place("number")),
      customer(plan.place("customer")),
      name(plan.place("name")),
      kind(plan.place("kind")),
      issued(plan.place("issued")),
      due(plan.place("due")),
      amount(plan.place(plan.request.kind == ImportKind::open_items ? "open" : "amount")),
      currency(plan.place("currency")),
      instalment(plan.place("instalment")),
      discount_until(plan.place("discount_until")),
      discounted(plan.place("discounted")),
      payment_method(plan.place("payment_method")),
      holder(plan.place("holder")),
      reference(plan.place("reference")),
      settled_on(plan.place("settled_on")) {}

namespace {

/// Without a kind the sign decides; a credit note may be written as its size.
void settle_kind_and_sign(DocumentRow& row) {
  if (!row.kind)
    row.kind = row.amount_minor < 0 ? DocumentKind::credit_note : DocumentKind::invoice;
  if (*row.kind == DocumentKind::credit_note && row.amount_minor > 0)
    row.amount_minor = -row.amount_minor;
}

}  // namespace

DocumentRow read_document_row(Publication& publication, const DocumentFields& fields,
                              const RecordBatch& batch, const StagedRecord& record) {
  DocumentRow row{RowReader(publication, batch, record),
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  0,
                  {},
                  1,
                  {},
                  0,
                  {},
                  {},
                  {},
                  {}};
  RowReader& reader = row.reader;
  row.number = reader.required_number(fields.number);
  row.customer = reader.required_number(fields.customer);
  row.name = reader.text(fields.name);
  if (const std::string_view kind = reader.text(fields.kind); !kind.empty()) {
    row.kind = read_document_kind(kind);
    if (!row.kind) {
      reader.fail(ImportRefusal::kind_unknown, fields.kind,
                  "There is no kind of document " + std::string(kind));
    }
  }
  row.issued = reader.required_date(fields.issued);
  row.currency = reader.currency(fields.currency, fields.amount);
  const auto amount = reader.required_amount(fields.amount, row.currency);
  row.amount_minor = amount.value_or(0);
  settle_kind_and_sign(row);
  row.due = row.amount_minor < 0 ? reader.date(fields.due) : reader.required_date(fields.due);
  if (!row.due) row.due = row.issued;
  row.instalment = reader.integer(fields.instalment).value_or(1);
  row.discount_until = reader.date(fields.discount_until);
  if (row.discount_until) {
    row.discounted_minor = reader.required_amount(fields.discounted, row.currency).value_or(0);
  }
  row.payment_method = reader.text(fields.payment_method);
  row.holder = reader.text(fields.holder);
  row.reference = reader.text(fields.reference);
  row.settled_on = reader.date(fields.settled_on);
  if (row.settled_on && row.amount_minor < 0) {
    reader.fail(ImportRefusal::credit_settled, fields.settled_on,
                "A credit is not paid: what did it settle?");
  }
  if (amount) publication.count_amount(row.currency, row.amount_minor);
  return row;
}

namespace {

/// Rows of one document as they stand next to each other.
struct RowGroup {
  std::size_t first = 0;
  std::size_t count = 1;
  GivenDocument given;
};

class DocumentImport final : public KindImport {
 public:
  explicit DocumentImport(Publication& publication)
      : publication_(publication), fields_(publication.plan) {}

  bool looks_first() const override { return fields_.instalment >= 0; }

  /// Finds the numbers whose rows do not stand next to each other within one batch.
  void look(const RecordBatch& batch) override {
    std::string_view previous;
    for (const StagedRecord& record : batch.records()) {
      const std::string_view number = batch.value(record, fields_.number);
      if (number == previous || number.empty()) continue;
      if (looked_[number]++ > 0) scattered_[number] = 1;
      previous = number;
    }
  }

  void take(const RecordBatch& batch) override {
    std::vector<DocumentRow> rows;
    rows.reserve(batch.records().size());
    for (const StagedRecord& record : batch.records()) {
      if (is_scattered(batch.value(record, fields_.number))) {
        append_record(late_, record.line, batch.values(record), record.problems);
      } else {
        rows.push_back(read_document_row(publication_, fields_, batch, record));
      }
    }
    import(rows);
  }

  void finish() override {
    if (late_.empty()) return;
    RecordBatch batch(publication_.plan.columns.size());
    batch.add(std::move(late_));
    std::vector<DocumentRow> rows;
    for (const StagedRecord& record : batch.records())
      rows.push_back(read_document_row(publication_, fields_, batch, record));
    std::ranges::stable_sort(rows, {}, &DocumentRow::number);
    import(rows);
    publication_.end_batch();
  }

 private:
  bool is_scattered(std::string_view number) const {
    return looks_first() && !number.empty() && scattered_.find(number) != 0;
  }

  void import(std::vector<DocumentRow>& rows) {
    std::vector<std::string_view> customers;
    customers.reserve(rows.size());
    for (const DocumentRow& row : rows) customers.push_back(row.customer);
    publication_.begin_batch(customers);
    std::vector<RowGroup> groups = group(rows);
    std::vector<RowGroup*> accepted;
    accepted.reserve(groups.size());
    for (RowGroup& rows_of_one : groups)
      if (accept(rows, rows_of_one)) accepted.push_back(&rows_of_one);
    publication_.add_stubs();
    std::vector<GivenDocument*> documents;
    documents.reserve(accepted.size());
    for (RowGroup* rows_of_one : accepted) {
      rows_of_one->given.customer = publication_.customer(rows[rows_of_one->first].customer);
      documents.push_back(&rows_of_one->given);
    }
    claim_numbers(publication_, documents);
    std::ranges::stable_sort(accepted, {}, [](const RowGroup* rows_of_one) {
      const parties::CustomerId customer = rows_of_one->given.customer.customer;
      return std::pair(customer.part(), customer);
    });
    for (RowGroup* rows_of_one : accepted) record(rows, *rows_of_one);
  }

  std::vector<RowGroup> group(std::vector<DocumentRow>& rows) const {
    std::vector<RowGroup> groups;
    for (std::size_t i = 0; i < rows.size();) {
      RowGroup rows_of_one{i, 1, {}};
      while (looks_first() && !rows[i].number.empty() && i + rows_of_one.count < rows.size() &&
             rows[i + rows_of_one.count].number == rows[i].number) {
        ++rows_of_one.count;
      }
      if (rows_of_one.count > 1) {
        std::ranges::stable_sort(std::span(rows).subspan(i, rows_of_one.count), {},
                                 &DocumentRow::instalment);
      }
      groups.push_back(std::move(rows_of_one));
      i += groups.back().count;
    }
    return groups;
  }

  /// Makes the document of a group, if its rows can be one.
  bool accept(std::vector<DocumentRow>& rows, RowGroup& rows_of_one) {
    DocumentRow& head = rows[rows_of_one.first];
    note_repetition(head);
    bool failed = false;
    for (std::size_t i = 0; i < rows_of_one.count; ++i) {
      DocumentRow& row = rows[rows_of_one.first + i];
      if (!agree(head, row)) {
        row.reader.fail(ImportRefusal::instalments_disagree, -1,
                        "Line " + std::to_string(head.reader.line()) + " of document " +
                            std::string(row.number) + " says something else");
      }
      failed = failed || row.reader.failed();
    }
    if (!failed) {
      make_document(rows, rows_of_one);
      const auto sound = receivables::record_document(rows_of_one.given.document);
      if (!sound) {
        head.reader.fail(base::refuse(sound.error(), "Document " + std::string(head.number)));
      } else {
        publication_.take_customer(head.customer, head.name, head.reader);
      }
      failed = head.reader.failed();
    }
    if (failed) reject(rows, rows_of_one);
    return !failed;
  }

  void note_repetition(DocumentRow& row) {
    if (row.number.empty()) return;
    std::uint32_t& first_line = seen_[row.number];
    if (first_line != 0) {
      row.reader.fail(ImportRefusal::duplicate_number, fields_.number,
                      "Document " + std::string(row.number) + " stands on line " +
                          std::to_string(first_line) + " already");
    } else {
      first_line = static_cast<std::uint32_t>(row.reader.line());
    }
  }

  static bool agree(const DocumentRow& a, const DocumentRow& b) {
    if (a.reader.failed() || b.reader.failed()) return true;  // refused anyway
    return a.customer == b.customer && a.kind == b.kind && a.issued == b.issued &&
           a.currency == b.currency && a.payment_method == b.payment_method &&
           a.holder == b.holder && a.reference == b.reference;
  }

  static void make_document(const std::vector<DocumentRow>& rows, RowGroup& rows_of_one) {
    const DocumentRow& head = rows[rows_of_one.first];
    Document& document = rows_of_one.given.document;
    document.kind = *head.kind;
    document.number = std::string(head.number);
    document.issued_on = *head.issued;
    document.currency = head.currency;
    document.payment_method = std::string(head.payment_method);
    document.holder = std::string(head.holder);
    document.reference = std::string(head.reference);
    for (std::size_t i = 0; i < rows_of_one.count; ++i) {
      const DocumentRow& row = rows[rows_of_one.first + i];
      document.instalments.push_back(
          {row.instalment, *row.due, row.amount_minor, row.discount_until, row.discounted_minor});
      document.amount_minor = base::checked_add(document.amount_minor, row.amount_minor);
      rows_of_one.given.settled_on.push_back(row.settled_on);
    }
  }

  void record(const std::vector<DocumentRow>& rows, RowGroup& rows_of_one) {
    GivenDocument& given = rows_of_one.given;
    if (given.is_new) {
      add_document(publication_, given);
      ++publication_.report.added;
      publication_.count_added(given.document.currency, given.document.amount_minor);
      return;
    }
    const auto known = publication_.facts.find_number(publication_.entity.id, NumberKind::document,
                                                      given.document.number);
    ARREARS_REQUIRE(known.has_value());
    const auto change = change_document(publication_, fields_, *known, given);
    if (!change) {
      reject(rows, rows_of_one, change.error());
    } else if (*change == Change::changed) {
      ++publication_.report.changed;
    } else {
      ++publication_.report.unchanged;
    }
  }

  /// Each row with its own problems; the sound rows of the document fall with them.
  void reject(std::vector<DocumentRow>& rows, const RowGroup& rows_of_one) {
    for (std::size_t i = 0; i < rows_of_one.count; ++i) {
      DocumentRow& row = rows[rows_of_one.first + i];
      if (!row.reader.failed()) {
        row.reader.fail(ImportRefusal::document_incomplete, -1,
                        "Document " + std::string(row.number) + " cannot be imported in part");
      }
      publication_.reject(row.reader.line(), row.reader.problems());
    }
  }

  void reject(const std::vector<DocumentRow>& rows, const RowGroup& rows_of_one,
              const Refusal& refusal) {
    for (std::size_t i = 0; i < rows_of_one.count; ++i)
      publication_.reject(rows[rows_of_one.first + i].reader, refusal);
  }

  Publication& publication_;
  DocumentFields fields_;
  SeenKeys seen_;  ///< first line of each number
  SeenKeys looked_;
  SeenKeys scattered_;  ///< numbers whose rows are imported at the end
  std::string late_;    ///< their records
};

}  // namespace

std::unique_ptr<KindImport> make_document_import(Publication& publication) {
  return std::make_unique<DocumentImport>(publication);
}

}  // namespace arrears::app
