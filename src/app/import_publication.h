#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/customers.h"
#include "app/import.h"
#include "app/import_records.h"

/// Publishing an import: what the kinds share inside the one transaction.
namespace arrears::app {

/// A request made ready: entity, columns and currency are known to be good.
struct ImportPlan {
  ImportRequest request;
  std::vector<FieldColumn> columns;
  money::Currency currency;                          ///< where the file names none; may be none
  std::map<money::Currency, std::int64_t> controls;  ///< what the file must sum to

  /// Place of a field in a record; -1 where no column gives it.
  int place(std::string_view field) const;
};

/// Refuses a request that cannot work with a file of this header.
Result<ImportPlan> make_import_plan(Facts& facts, const ImportRequest& request,
                                    const std::vector<std::string>& header);
/// The plan as it is kept with staged records.
Json to_json(const ImportPlan& plan);
Result<ImportPlan> import_plan_from(Facts& facts, const Json& json);

/// The customers of the entity by number, each looked up once, many at a time. Those that are
/// unknown become stubs, also many at a time.
class CustomerDesk {
 public:
  /// Stands for a number that the file names.
  using Place = std::uint32_t;

  CustomerDesk(Transaction& facts, Recorder& recorder, const parties::Entity& entity)
      : facts_(facts), recorder_(recorder), entity_(entity) {}

  Place place(std::string_view number);
  /// Looks up the numbers that have got a place since it was last called.
  void look_up();
  /// Whether there is such a customer, or will be one after `add_stubs`. Looked up before.
  bool has(Place place) const { return known_[place].has_value(); }
  /// The customer of a number that was looked up and is not known is wanted.
  void want(Place place, std::string_view number, std::string_view name);
  /// Makes the customers that are wanted; answers the numbers of those that it made.
  std::vector<std::string> add_stubs();
  /// None where the customer is not known and not made.
  CustomerRef get(Place place) const { return known_[place].value_or(CustomerRef{}); }
  std::size_t size() const { return known_.size(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Transaction& facts_;
  Recorder& recorder_;
  const parties::Entity& entity_;
  std::unordered_map<std::string, Place, TextHash, std::equal_to<>> places_;
  std::vector<std::string_view> new_;  ///< the numbers at the end of `known_`: not looked up
  /// By place. Nothing: there is no such customer. None: it is wanted.
  std::vector<std::optional<CustomerRef>> known_;
  std::vector<StubCustomer> wanted_;
  std::vector<Place> wanted_places_;
};

/// A customer's ledger that is asked for many times in a row and written to in between.
class WorkingLedger {
 public:
  explicit WorkingLedger(Transaction& facts) : facts_(facts) {}
  receivables::Ledger& of(CustomerRef customer);
  /// What was written behind its back counts from the next `of` on.
  void forget() { customer_ = {}; }

 private:
  Transaction& facts_;
  parties::CustomerId customer_;
  receivables::Ledger ledger_;
};

/// Adds a row where a ledger sorted by id wants it, or puts the next version in its place.
void put(receivables::Ledger& ledger, const receivables::Document& document);
void put(receivables::Ledger& ledger, const receivables::Payment& payment);

class RowReader;

/// The transaction of an import and what it has come to so far.
class Publication {
 public:
  Publication(Transaction& transaction, const parties::Entity& the_entity,
              const ImportPlan& the_plan, ImportReport& the_report, RejectFile* rejects,
              Date the_day);

  Transaction& facts;
  const parties::Entity& entity;
  const ImportPlan& plan;
  ImportReport& report;
  BulkRecorder recorder;
  WorkingLedger ledger;
  Date today;

  Entry& entry(Part part, EntryKind kind);

  /// Before the rows of a batch are taken: `customers` are the numbers that they name. Answers
  /// their places.
  std::vector<CustomerDesk::Place> begin_batch(const std::vector<std::string_view>& customers);
  /// Whether a row may be of the customer of that number, which becomes a stub where it is unknown;
  /// the row has failed where that is not wanted.
  bool take_customer(CustomerDesk::Place place, std::string_view number, std::string_view name,
                     RowReader& row);
  bool take_customer(std::string_view number, std::string_view name, RowReader& row) {
    return take_customer(customers_.place(number), number, name, row);
  }
  /// The customer that payments without a customer belong to becomes one of the batch.
  void take_unidentified();
  /// Makes the stubs; from now on `customer` answers for all that were taken.
  void add_stubs();
  CustomerRef customer(std::string_view number);
  const CustomerDesk& customers() const { return customers_; }
  /// Warns where other customers have numbers that read like these.
  void look_for_duplicates(const std::vector<std::string>& numbers);

  static constexpr std::string_view unidentified_number = "unidentified";

  /// Adds to the sum of the file.
  void count_amount(money::Currency currency, std::int64_t minor);
  void count_added(money::Currency currency, std::int64_t minor);

  /// Adds to the counts of the report.
  void count(Change change);

  /// The record is not imported.
  void reject(std::int64_t line, const std::vector<ImportProblem>& problems);
  void reject(const RowReader& row, const Refusal& refusal);

  /// What a write made of receivables with its journal entry.
  void write(CustomerRef customer, const receivables::Document& document, EntryKind kind);
  void write(CustomerRef customer, const receivables::Payment& payment, EntryKind kind);
  void write(CustomerRef customer, receivables::Allocation& row, EntryKind kind);

  /// Money of the party has moved: its follow-ups are looked at before the end.
  void touch(parties::PartyId party) { touched_.insert(party); }
  /// Closes the follow-ups that lost their reason, of the parties that have any.
  void revise_touched();

  /// Nothing more of the batch is written to the parts written to so far: their entries are closed.
  void end_parts();
  /// Ends a batch: rejected rows go out, later rows get new journal entries.
  void end_batch();

  void warn(std::string warning);

 private:
  RejectFile* rejects_;
  CustomerDesk customers_;
  bool all_locked_ = false;
  std::unordered_set<parties::PartyId> touched_;
  std::vector<std::pair<std::int64_t, std::string>> rejected_;
  std::string reason_;  ///< of corrections
  std::int64_t duplicates_ = 0;
};

/// Reads the values of one record and collects what is wrong with them.
class RowReader {
 public:
  RowReader(Publication& publication, const RecordBatch& batch, const StagedRecord& record);

  std::int64_t line() const { return record_->line; }
  bool failed() const { return problems_ != nullptr; }
  const std::vector<ImportProblem>& problems() const;

  /// As the file has it.
  std::string_view value(int field) const { return batch_->value(*record_, field); }
  /// Empty where there is no column or no value. Too long a text fails the row.
  std::string_view text(int field);
  std::string_view number(int field);
  /// The same once more, without another failure.
  std::string_view sound_number(int field) const;
  std::string_view required_number(int field);
  std::optional<Date> date(int field);
  std::optional<Date> required_date(int field);
  std::optional<int> integer(int field);
  std::optional<bool> flag(int field);
  /// The row's currency: of its column, else of the amount as written, else of the request.
  money::Currency currency(int currency_field, int amount_field);
  std::optional<std::int64_t> amount(int field, money::Currency currency);
  std::optional<std::int64_t> required_amount(int field, money::Currency currency);

  void fail(ImportRefusal refusal, int field, std::string_view what);
  void fail(const Refusal& refusal);
  /// Fails where a line before had the number: `thing` is what it numbers. Empty ones do not count.
  void note_repetition(SeenKeys& first_lines, std::string_view number, int field,
                       std::string_view thing);

 private:
  std::string_view limited(int field, std::size_t bytes_max, ImportRefusal refusal);
  bool has_problem(int field) const;
  bool require(int field);
  void add(ImportProblem problem);

  const ImportPlan* plan_;
  const RecordBatch* batch_;
  const StagedRecord* record_;
  std::unique_ptr<std::vector<ImportProblem>> problems_;  ///< null: none
};

/// Looks up who bears the rows' numbers, many at once: `number` gives that of a row, or nothing to
/// leave it out, and `take` gets the row and its answer.
template <class Row, class Number, class Take>
void find_bearers(Publication& publication, NumberKind kind, std::vector<Row>& rows,
                  const Number& number, const Take& take) {
  std::vector<Row*> asking;
  std::vector<std::string_view> numbers;
  for (Row& row : rows) {
    const std::string_view asked = number(row);
    if (asked.empty()) continue;
    asking.push_back(&row);
    numbers.push_back(asked);
  }
  if (asking.empty()) return;
  auto found = publication.facts.find_all_similar(publication.entity.id, kind, numbers);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    std::optional<NumberedThing> bearer;
    for (NumberedThing& thing : found[i])
      if (thing.number == numbers[i]) bearer = std::move(thing);
    take(*asking[i], std::move(bearer));
  }
}

/// How one kind of file becomes facts. Batches come in the order of the file.
class KindImport {
 public:
  static constexpr std::size_t few_rows = 100'000;

  virtual ~KindImport() = default;
  /// Records that are taken together: one journal entry per part. The more, the fewer times each
  /// page of the tables is written, and the more memory it takes.
  virtual std::size_t batch_rows() const { return few_rows; }
  /// Whether `look` wants every batch before the first `take`.
  virtual bool looks_first() const { return false; }
  virtual void look(const RecordBatch&) {}
  virtual void take(const RecordBatch& batch) = 0;
  /// After the last batch.
  virtual void finish() {}
};

std::unique_ptr<KindImport> make_kind_import(Publication& publication);
std::unique_ptr<KindImport> make_customer_import(Publication& publication);
std::unique_ptr<KindImport> make_contact_import(Publication& publication);
std::unique_ptr<KindImport> make_document_import(Publication& publication);
std::unique_ptr<KindImport> make_payment_import(Publication& publication);
std::unique_ptr<KindImport> make_allocation_import(Publication& publication);
std::unique_ptr<KindImport> make_snapshot_import(Publication& publication);
std::unique_ptr<KindImport> make_rate_import(Publication& publication);

/// The document kind that a file names in one of the usual spellings; nothing for others.
std::optional<receivables::DocumentKind> read_document_kind(std::string_view text);

}  // namespace arrears::app
