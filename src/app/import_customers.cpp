#include "app/import_publication.h"
#include "base/text.h"

namespace arrears::app {

namespace {

std::optional<parties::PartyKind> read_party_kind(RowReader& reader, int field) {
  const std::string kind = base::to_lower_ascii(reader.text(field));
  if (kind.empty()) return {};
  if (kind == "company" || kind == "business" || kind == "b2b" || kind == "c")
    return parties::PartyKind::company;
  if (kind == "person" || kind == "individual" || kind == "consumer" || kind == "b2c" ||
      kind == "p") {
    return parties::PartyKind::person;
  }
  reader.fail(ImportRefusal::party_kind_unknown, field, "There is no kind of party " + kind);
  return {};
}

class CustomerImport final : public KindImport {
 public:
  explicit CustomerImport(Publication& publication)
      : publication_(publication),
        number_(publication.plan.place("number")),
        name_(publication.plan.place("name")),
        party_(publication.plan.place("party")),
        parent_(publication.plan.place("parent")),
        kind_(publication.plan.place("kind")),
        country_(publication.plan.place("country")),
        language_(publication.plan.place("language")),
        segment_(publication.plan.place("segment")),
        since_(publication.plan.place("since")) {}

  void take(const RecordBatch& batch) override {
    for (const StagedRecord& record : batch.records()) {
      RowReader reader(publication_, batch, record);
      const std::string_view number = reader.required_number(number_);
      reader.note_repetition(seen_, number, number_, "Customer");
      if (!reader.failed() && waits_for_parent(batch.value(record, parent_))) {
        append_record(waiting_, record.line, batch.values(record), record.problems);
      } else {
        import(batch, record, reader);
      }
    }
    publication_.look_for_duplicates(added_);
    added_.clear();
  }

  /// A branch may stand before its head office in the file: tries the waiting rows until none
  /// moves.
  void finish() override {
    while (!waiting_.empty()) {
      RecordBatch batch(publication_.plan.columns.size());
      batch.add(std::move(waiting_));
      waiting_.clear();
      bool moved = false;
      std::vector<const StagedRecord*> left;
      for (const StagedRecord& record : batch.records()) {
        if (waits_for_parent(batch.value(record, parent_))) {
          left.push_back(&record);
          continue;
        }
        RowReader reader(publication_, batch, record);
        import(batch, record, reader);
        moved = true;
      }
      for (const StagedRecord* record : left) {
        RowReader reader(publication_, batch, *record);
        if (moved) {
          append_record(waiting_, record->line, batch.values(*record), {});
        } else {
          import(batch, *record, reader);  // to be refused: the parent is unknown
        }
      }
      publication_.look_for_duplicates(added_);
      added_.clear();
      publication_.end_batch();
    }
  }

 private:
  bool waits_for_parent(std::string_view parent) const {
    return !parent.empty() &&
           !publication_.facts.find_number(publication_.entity.id, NumberKind::customer, parent);
  }

  void import(const RecordBatch& batch, const StagedRecord& record, RowReader& reader) {
    CustomerRow row;
    row.number = std::string(batch.value(record, number_));
    row.name = std::string(base::trim(reader.text(name_)));
    row.party_reference = std::string(reader.number(party_));
    row.parent = std::string(reader.number(parent_));
    row.kind = read_party_kind(reader, kind_);
    row.country = base::to_upper_ascii(reader.text(country_));
    row.language = std::string(reader.text(language_));
    row.segment = std::string(reader.text(segment_));
    row.since = reader.date(since_);
    if (!reader.failed()) {
      const auto change = put_customer(publication_.facts, publication_.recorder,
                                       publication_.entity, row, publication_.today);
      if (change) {
        publication_.count(*change);
        if (*change == Change::added) added_.push_back(std::move(row.number));
        return;
      }
      reader.fail(change.error());
    }
    publication_.reject(reader.line(), reader.problems());
  }

  Publication& publication_;
  int number_, name_, party_, parent_, kind_, country_, language_, segment_, since_;
  SeenKeys seen_;                   ///< first line of each number
  std::vector<std::string> added_;  ///< numbers of the batch's new customers
  std::string waiting_;             ///< records of which the parent is not yet known
};

class ContactImport final : public KindImport {
 public:
  explicit ContactImport(Publication& publication)
      : publication_(publication),
        customer_(publication.plan.place("customer")),
        reference_(publication.plan.place("reference")),
        name_(publication.plan.place("name")),
        role_(publication.plan.place("role")),
        phone_(publication.plan.place("phone")),
        email_(publication.plan.place("email")),
        language_(publication.plan.place("language")),
        time_zone_(publication.plan.place("time_zone")),
        active_(publication.plan.place("active")) {}

  void take(const RecordBatch& batch) override {
    std::vector<std::string_view> customers;
    for (const StagedRecord& record : batch.records())
      customers.push_back(batch.value(record, customer_));
    publication_.begin_batch(customers);
    for (const StagedRecord& record : batch.records()) {
      RowReader reader(publication_, batch, record);
      import(reader);
      if (reader.failed()) publication_.reject(reader.line(), reader.problems());
    }
  }

 private:
  void import(RowReader& reader) {
    ContactRow row;
    row.customer = std::string(reader.required_number(customer_));
    row.reference = std::string(reader.number(reference_));
    row.name = std::string(reader.text(name_));
    row.role = std::string(reader.text(role_));
    row.phone = std::string(reader.text(phone_));
    row.email = std::string(reader.text(email_));
    row.language = std::string(reader.text(language_));
    row.time_zone = std::string(reader.text(time_zone_));
    row.active = reader.flag(active_);
    if (reader.failed()) return;
    if (!publication_.take_customer(row.customer, {}, reader)) return;
    publication_.add_stubs();
    const auto change =
        put_contact(publication_.facts, publication_.recorder, publication_.entity, row);
    if (!change) return reader.fail(change.error());
    publication_.count(*change);
  }

  Publication& publication_;
  int customer_, reference_, name_, role_, phone_, email_, language_, time_zone_, active_;
};

}  // namespace

std::unique_ptr<KindImport> make_customer_import(Publication& publication) {
  return std::make_unique<CustomerImport>(publication);
}

std::unique_ptr<KindImport> make_contact_import(Publication& publication) {
  return std::make_unique<ContactImport>(publication);
}

}  // namespace arrears::app
