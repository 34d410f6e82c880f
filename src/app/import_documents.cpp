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
  DocumentRow row{{}, RowReader(publication, batch, record), {}, {}};
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
  // Only for their length.
  for (const int field : {fields.payment_method, fields.holder, fields.reference})
    reader.text(field);
  row.settled_on = reader.date(fields.settled_on);
  if (row.settled_on && row.amount_minor < 0) {
    reader.fail(ImportRefusal::credit_settled, fields.settled_on,
                "A credit is not paid: what did it settle?");
  }
  if (amount) publication.count_amount(row.currency, row.amount_minor);
  return row;
}

namespace {

/// Rows of a batch that are written at once.
constexpr std::size_t slice_documents = 20'000;

/// A row as it is kept until the whole batch is known.
struct KeptRow {
  RowReader reader;
  DocumentValues values;
};

/// Rows of one document as they stand next to each other.
struct RowGroup {
  std::uint32_t first = 0;
  std::uint32_t count = 1;
  CustomerDesk::Place customer = 0;
  bool is_new = false;
  receivables::DocumentId id;
};

class DocumentImport final : public KindImport {
 public:
  explicit DocumentImport(Publication& publication)
      : publication_(publication), fields_(publication.plan) {}

  std::size_t batch_rows() const override { return 1'000'000; }

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
    std::vector<KeptRow> rows;
    rows.reserve(batch.records().size());
    for (const StagedRecord& record : batch.records()) {
      if (is_scattered(batch.value(record, fields_.number))) {
        append_record(late_, record.line, batch.values(record), record.problems);
      } else {
        rows.push_back(read(batch, record));
      }
    }
    import(rows);
  }

  void finish() override {
    if (late_.empty()) return;
    RecordBatch batch(publication_.plan.columns.size());
    batch.add(std::move(late_));
    std::vector<KeptRow> rows;
    for (const StagedRecord& record : batch.records()) rows.push_back(read(batch, record));
    std::ranges::stable_sort(rows, {}, [&](const KeptRow& row) { return number(row); });
    import(rows);
    publication_.end_batch();
  }

 private:
  KeptRow read(const RecordBatch& batch, const StagedRecord& record) {
    DocumentRow row = read_document_row(publication_, fields_, batch, record);
    return {std::move(row.reader), row};
  }

  static std::string_view number(const KeptRow& row) { return row.values.number; }
  std::string_view customer(const KeptRow& row) const {
    return row.reader.sound_number(fields_.customer);
  }

  bool is_scattered(std::string_view number) const {
    return looks_first() && !number.empty() && scattered_.find(number) != 0;
  }

  void import(std::vector<KeptRow>& rows) {
    std::vector<RowGroup> groups = group(rows);
    {
      std::vector<std::string_view> customers;
      customers.reserve(groups.size());
      for (const RowGroup& group : groups) customers.push_back(customer(rows[group.first]));
      const auto places = publication_.begin_batch(customers);
      for (std::size_t i = 0; i < groups.size(); ++i) groups[i].customer = places[i];
    }
    std::erase_if(groups, [&](RowGroup& group) { return !accept(rows, group); });
    publication_.add_stubs();
    claim(rows, groups);
    sort_by_customer(groups);
    base::Part part = -1;
    for (std::size_t first = 0; first < groups.size(); first += slice_documents) {
      const std::size_t count = std::min(slice_documents, groups.size() - first);
      write(rows, std::span(groups).subspan(first, count), part);
    }
  }

  std::vector<RowGroup> group(std::vector<KeptRow>& rows) const {
    std::vector<RowGroup> groups;
    groups.reserve(looks_first() ? 0 : rows.size());
    for (std::size_t i = 0; i < rows.size();) {
      RowGroup group;
      group.first = static_cast<std::uint32_t>(i);
      const std::string_view first = number(rows[i]);
      while (looks_first() && !first.empty() && i + group.count < rows.size() &&
             number(rows[i + group.count]) == first) {
        ++group.count;
      }
      if (group.count > 1) {
        std::ranges::stable_sort(std::span(rows).subspan(i, group.count), {},
                                 [](const KeptRow& row) { return row.values.instalment; });
      }
      groups.push_back(group);
      i += group.count;
    }
    return groups;
  }

  /// Whether the rows of a group can be a document.
  bool accept(std::vector<KeptRow>& rows, const RowGroup& group) {
    KeptRow& head = rows[group.first];
    head.reader.note_repetition(seen_, number(head), fields_.number, "Document");
    bool failed = false;
    for (std::size_t i = 0; i < group.count; ++i) {
      KeptRow& row = rows[group.first + i];
      if (!agree(head, row)) {
        row.reader.fail(ImportRefusal::instalments_disagree, -1,
                        "Line " + std::to_string(head.reader.line()) + " of document " +
                            std::string(number(row)) + " says something else");
      }
      failed = failed || row.reader.failed();
    }
    if (!failed) {
      make_document(rows, group, tried_);
      const auto sound = receivables::record_document(tried_.document);
      if (!sound) {
        head.reader.fail(base::refuse(sound.error(), "Document " + std::string(number(head))));
      } else {
        publication_.take_customer(group.customer, customer(head), head.reader.value(fields_.name),
                                   head.reader);
      }
      failed = head.reader.failed();
    }
    if (failed) reject(rows, group);
    return !failed;
  }

  bool agree(const KeptRow& a, const KeptRow& b) const {
    if (&a == &b || a.reader.failed() || b.reader.failed()) return true;  // refused anyway
    for (const int field :
         {fields_.customer, fields_.payment_method, fields_.holder, fields_.reference}) {
      if (a.reader.value(field) != b.reader.value(field)) return false;
    }
    return a.values.kind == b.values.kind && a.values.issued == b.values.issued &&
           a.values.currency == b.values.currency;
  }

  /// Makes the document of a group in the place of another one.
  void make_document(const std::vector<KeptRow>& rows, const RowGroup& group,
                     GivenDocument& given) const {
    const KeptRow& head = rows[group.first];
    Document& document = given.document;
    document.kind = *head.values.kind;
    document.number = number(head);
    document.issued_on = *head.values.issued;
    document.currency = head.values.currency;
    document.payment_method = head.reader.value(fields_.payment_method);
    document.holder = head.reader.value(fields_.holder);
    document.reference = head.reader.value(fields_.reference);
    document.amount_minor = 0;
    document.instalments.clear();
    given.settled_on.clear();
    given.inferred.clear();
    for (std::size_t i = 0; i < group.count; ++i) {
      const DocumentValues& row = rows[group.first + i].values;
      document.instalments.push_back(
          {row.instalment, *row.due, row.amount_minor, row.discount_until, row.discounted_minor});
      document.amount_minor = base::checked_add(document.amount_minor, row.amount_minor);
      given.settled_on.push_back(row.settled_on);
    }
  }

  /// Gives the documents ids and claims their numbers.
  void claim(const std::vector<KeptRow>& rows, std::vector<RowGroup>& groups) {
    std::vector<NumberedThing> things;
    things.reserve(groups.size());
    for (RowGroup& group : groups) {
      const parties::CustomerId customer = publication_.customers().get(group.customer).customer;
      group.id = publication_.facts.ids().make<receivables::DocumentTag>(customer.part());
      things.push_back({group.id.value, customer.value, std::string(number(rows[group.first]))});
    }
    const std::vector<bool> free =
        publication_.facts.claim_numbers(publication_.entity.id, NumberKind::document, things);
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].is_new = free[i];
  }

  /// In order of part and customer, those of a customer in the order of the file: the order of the
  /// tables.
  void sort_by_customer(std::vector<RowGroup>& groups) const {
    const CustomerDesk& customers = publication_.customers();
    std::vector<std::pair<parties::CustomerId, CustomerDesk::Place>> places;
    for (CustomerDesk::Place place = 0; place < customers.size(); ++place)
      places.emplace_back(customers.get(place).customer, place);
    std::ranges::sort(places, {},
                      [](const auto& entry) { return std::pair(entry.first.part(), entry.first); });
    std::vector<std::uint32_t> next(places.size() + 1);  // by rank, then where the next one goes
    std::vector<std::uint32_t> ranks(places.size());
    for (std::uint32_t rank = 0; rank < places.size(); ++rank) ranks[places[rank].second] = rank;
    for (const RowGroup& group : groups) ++next[ranks[group.customer] + 1];
    for (std::size_t rank = 1; rank < next.size(); ++rank) next[rank] += next[rank - 1];
    std::vector<RowGroup> sorted(groups.size());
    for (const RowGroup& group : groups) sorted[next[ranks[group.customer]]++] = group;
    groups = std::move(sorted);
  }

  /// Writes documents; `part` is where the one before them was written.
  void write(std::vector<KeptRow>& rows, std::span<const RowGroup> groups, base::Part& part) {
    slice_.resize(groups.size());
    std::vector<GivenDocument*> documents;
    documents.reserve(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      fetch_ahead(rows, groups.subspan(i));
      GivenDocument& given = slice_[i];
      make_document(rows, groups[i], given);
      given.customer = publication_.customers().get(groups[i].customer);
      given.document.id = groups[i].id;
      given.is_new = groups[i].is_new;
      documents.push_back(&given);
    }
    infer_payments(publication_, documents);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (const base::Part next = slice_[i].customer.customer.part(); next != part) {
        publication_.end_parts();
        part = next;
      }
      record(rows, groups[i], slice_[i]);
    }
  }

  /// The rows of a customer lie far apart: the processor gets told early which come next.
  static void fetch_ahead(const std::vector<KeptRow>& rows, std::span<const RowGroup> groups) {
    constexpr std::size_t rows_ahead = 16;
    constexpr std::size_t texts_ahead = 8;
    if (groups.size() <= rows_ahead) return;
    const DocumentValues& values = rows[groups[rows_ahead].first].values;
    __builtin_prefetch(&values);
    __builtin_prefetch(&values.kind);
    __builtin_prefetch(number(rows[groups[texts_ahead].first]).data());
  }

  void record(std::vector<KeptRow>& rows, const RowGroup& group, const GivenDocument& given) {
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
      for (std::size_t i = 0; i < group.count; ++i)
        publication_.reject(rows[group.first + i].reader, change.error());
    } else {
      publication_.count(*change);
    }
  }

  /// Each row with its own problems; the sound rows of the document fall with them.
  void reject(std::vector<KeptRow>& rows, const RowGroup& group) {
    for (std::size_t i = 0; i < group.count; ++i) {
      KeptRow& row = rows[group.first + i];
      if (!row.reader.failed()) {
        row.reader.fail(ImportRefusal::document_incomplete, -1,
                        "Document " + std::string(number(row)) + " cannot be imported in part");
      }
      publication_.reject(row.reader.line(), row.reader.problems());
    }
  }

  Publication& publication_;
  DocumentFields fields_;
  SeenKeys seen_;  ///< first line of each number
  SeenKeys looked_;
  SeenKeys scattered_;                ///< numbers whose rows are imported at the end
  std::string late_;                  ///< their records
  GivenDocument tried_;               ///< keeps its memory
  std::vector<GivenDocument> slice_;  ///< keeps its memory
};

}  // namespace

std::unique_ptr<KindImport> make_document_import(Publication& publication) {
  return std::make_unique<DocumentImport>(publication);
}

}  // namespace arrears::app
