#include <algorithm>

#include "app/import_accounts.h"
#include "app/import_documents.h"
#include "domain/receivables/allocate.h"

namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::AllocationRows;
using receivables::Document;
using receivables::DocumentKind;
using receivables::Payment;

/// An open-item list of one day: what it does not know any more was settled somehow.
class SnapshotImport final : public KindImport {
 public:
  explicit SnapshotImport(Publication& publication)
      : publication_(publication),
        fields_(publication.plan),
        as_of_(*publication.plan.request.as_of),
        accounts_(publication.facts) {}

  void take(const RecordBatch& batch) override {
    std::vector<std::string_view> customers;
    for (const StagedRecord& record : batch.records())
      customers.push_back(batch.value(record, fields_.customer));
    publication_.begin_batch(customers);
    std::vector<Row> rows;
    rows.reserve(batch.records().size());
    for (const StagedRecord& record : batch.records()) {
      Row row{read_document_row(publication_, fields_, batch, record), {}, {}};
      if (accept(row)) {
        rows.push_back(std::move(row));
      } else {
        publication_.reject(row.given.reader.line(), row.given.reader.problems());
      }
    }
    publication_.add_stubs();
    std::vector<GivenDocument*> documents;
    for (Row& row : rows) {
      row.document.customer = publication_.customer(row.given.customer);
      documents.push_back(&row.document);
    }
    claim_numbers(publication_, documents);
    find_known(rows);
    std::ranges::stable_sort(
        rows, {}, [](const Row& row) { return place_of(row.document.customer.customer); });
    std::vector<parties::CustomerId> known;
    for (const Row& row : rows)
      if (!row.document.is_new) known.push_back(row.document.customer.customer);
    accounts_.expect(std::move(known), Payers::left_out);
    for (Row& row : rows) record(row);
    write_closures();
  }

  void finish() override {
    close_absent();
    publication_.end_batch();
    publication_.revise_touched();
  }

 private:
  struct Row {
    DocumentRow given;
    GivenDocument document;
    std::optional<NumberedThing> known;  ///< who bears the number already, where it is not new
  };

  /// What settles an item without saying how: one of the first two.
  struct Closure {
    CustomerRef customer;
    std::optional<Payment> payment;
    std::optional<Document> adjustment;
    AllocationRows rows;
  };

  /// Open items of one customer that the file does not have.
  struct Absent {
    parties::CustomerId customer;
    receivables::ItemKey item;
    std::int64_t open_minor = 0;
  };

  struct CurrencyState {
    std::int64_t open_items = 0;
    std::int64_t open_minor = 0;  ///< credits by their size
    std::vector<Absent> absent;
  };

  bool accept(Row& row) {
    DocumentRow& given = row.given;
    if (given.number.empty()) {
      unreadable_ = true;
      return false;
    }
    given.reader.note_repetition(seen_, given.number, fields_.number, "Document");
    if (given.reader.failed()) return false;
    row.document.document = document_of(given);
    const auto sound = receivables::record_document(row.document.document);
    if (!sound) {
      given.reader.fail(base::refuse(sound.error(), "Document " + std::string(given.number)));
      return false;
    }
    return publication_.take_customer(given.customer, given.name, given.reader);
  }

  static Document document_of(const DocumentRow& row) {
    Document document;
    document.kind = *row.kind;
    document.number = std::string(row.number);
    document.issued_on = *row.issued;
    document.currency = row.currency;
    document.amount_minor = row.amount_minor;
    document.instalments = {{1, *row.due, row.amount_minor, {}, 0}};
    return document;
  }

  void find_known(std::vector<Row>& rows) {
    find_bearers(
        publication_, NumberKind::document, rows,
        [](const Row& row) { return row.document.is_new ? std::string_view() : row.given.number; },
        [](Row& row, std::optional<NumberedThing> known) { row.known = std::move(known); });
  }

  void record(Row& row) {
    DocumentRow& given = row.given;
    if (row.document.is_new) {
      add_document(publication_, row.document);
      ++publication_.report.added;
      publication_.count_added(given.currency, given.amount_minor);
      return;
    }
    ARREARS_REQUIRE(row.known.has_value());
    if (row.known->owner != row.document.customer.customer.value) {
      given.reader.fail(ImportRefusal::other_customer, fields_.customer,
                        "Document " + std::string(given.number) +
                            " belongs to another customer than " + std::string(given.customer));
      publication_.reject(given.reader.line(), given.reader.problems());
      return;
    }
    compare(row, {row.known->subject});
  }

  /// What the file says is still open of a known document, against what is open here.
  void compare(Row& row, receivables::DocumentId id) {
    DocumentRow& given = row.given;
    WorkingAccount& account = accounts_.get(row.document.customer.customer);
    const receivables::Ledger& ledger = account.slice({}, id);
    const Document* document = receivables::find_document(ledger, id);
    ARREARS_REQUIRE(document != nullptr);
    std::int64_t open = 0;
    for (const receivables::Instalment& instalment : document->instalments)
      open += receivables::open_amount(ledger, id, instalment.number, as_of_);
    const std::string what = "Document " + std::string(given.number);
    const auto decimal = [&](std::int64_t minor) {
      return money::to_text({minor, given.currency});
    };
    if (document->currency != given.currency) {
      given.reader.fail(ImportRefusal::currency_differs, fields_.currency,
                        what + " is in " + std::string(document->currency.code()));
    } else if (open != 0 && (open < 0) != (given.amount_minor < 0)) {
      given.reader.fail(ImportRefusal::sign_differs, fields_.amount,
                        what + " has " + decimal(open) + " open");
    } else if (size(given.amount_minor) > size(open)) {
      given.reader.fail(ImportRefusal::open_amount_larger, fields_.amount,
                        what + " has " + decimal(open) + " open here and " +
                            decimal(given.amount_minor) + " in the file");
    }
    if (given.reader.failed()) {
      publication_.reject(given.reader.line(), given.reader.problems());
      return;
    }
    if (open == given.amount_minor) {
      ++publication_.report.unchanged;
      return;
    }
    std::int64_t to_close = open - given.amount_minor;
    const std::vector<receivables::OpenItem> items = receivables::open_items(ledger, as_of_);
    std::vector<receivables::ItemKey> keys;
    std::vector<std::int64_t> amounts;
    for (const receivables::OpenItem& item : items) {  // oldest instalment first
      if (item.document->id != id || to_close == 0) continue;
      const std::int64_t part = size(item.open_minor) < size(to_close) ? item.open_minor : to_close;
      keys.push_back({id, item.instalment->number});
      amounts.push_back(part);
      to_close -= part;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) close(account, keys[i], amounts[i]);
    ++publication_.report.changed;
  }

  static std::int64_t size(std::int64_t minor) { return minor < 0 ? -minor : minor; }

  /// Settles `minor` of the item as of the day of the snapshot, without saying how: an invoice by
  /// an inferred closure, a credit by an adjustment that uses it up.
  void close(WorkingAccount& account, receivables::ItemKey item, std::int64_t minor) {
    receivables::AllocateRequest request;
    request.on = as_of_;
    if (minor < 0) request.source = {{}, item.document, item.instalment};
    receivables::Ledger ledger = account.slice(request.source, item.document);
    const Document document = *receivables::find_document(ledger, item.document);
    const std::string number =
        inferred_number(document, item.instalment) + "/closed " + to_string(as_of_);
    Closure closure{account.customer(), {}, {}, {}};
    if (minor > 0) {
      closure.payment = make_closure(closure.customer, number, document.currency, minor);
      put(ledger, *closure.payment);
      request.source.payment = closure.payment->id;
      request.targets = {{item.document, item.instalment, minor, {}}};
    } else {
      closure.adjustment = make_adjustment(closure.customer, number, document.currency, -minor);
      put(ledger, *closure.adjustment);
      request.targets = {{closure.adjustment->id, 1, -minor, {}}};
    }
    auto rows = receivables::allocate(ledger, request);
    // A later movement may stand in the way of that day: then from the first day that fits.
    if (!rows) {
      request.on.reset();
      rows = receivables::allocate(ledger, request);
    }
    if (!rows) {
      publication_.warn(
          base::refuse(rows.error(), "The closure of document " + document.number).message);
      return;
    }
    closure.rows = *rows;
    add(account, closure);
    ImportTotals& totals = publication_.report.totals[document.currency];
    ++totals.closed_items;
    totals.closed_minor += minor;
    publication_.touch(closure.customer.party);
  }

  /// Later rows of the customer are decided on with the closure; it is written with many others.
  void add(WorkingAccount& account, Closure& closure) {
    if (closure.payment) account.put(*closure.payment);
    if (closure.adjustment) account.put(*closure.adjustment);
    for (Allocation& row : closure.rows) {
      row.id = publication_.facts.ids().make<receivables::AllocationTag>(row.document.part());
      account.add(row);
    }
    closures_.push_back(std::move(closure));
  }

  Payment make_closure(CustomerRef customer, const std::string& number, money::Currency currency,
                       std::int64_t minor) {
    Payment closure;
    closure.id = publication_.facts.ids().make<receivables::PaymentTag>(customer.customer.part());
    closure.kind = receivables::PaymentKind::inferred_closure;
    closure.number = number;
    closure.value_on = as_of_;
    closure.currency = currency;
    closure.amount_minor = minor;
    return closure;
  }

  Document make_adjustment(CustomerRef customer, const std::string& number,
                           money::Currency currency, std::int64_t minor) {
    Document adjustment;
    adjustment.id =
        publication_.facts.ids().make<receivables::DocumentTag>(customer.customer.part());
    adjustment.kind = DocumentKind::adjustment;
    adjustment.number = number;
    adjustment.issued_on = as_of_;
    adjustment.currency = currency;
    adjustment.amount_minor = minor;
    adjustment.instalments = {{1, as_of_, minor, {}, 0}};
    adjustment.reference = "inferred_closure";
    return adjustment;
  }

  /// Their numbers are claimed in one go.
  void write_closures() {
    std::vector<NumberedThing> payments;
    std::vector<NumberedThing> adjustments;
    for (const Closure& closure : closures_) {
      const std::int64_t owner = closure.customer.customer.value;
      if (const auto& payment = closure.payment)
        payments.push_back({payment->id.value, owner, payment->number});
      if (const auto& adjustment = closure.adjustment)
        adjustments.push_back({adjustment->id.value, owner, adjustment->number});
    }
    claim(NumberKind::payment, payments);
    claim(NumberKind::document, adjustments);
    auto payment = payments.begin();
    auto adjustment = adjustments.begin();
    Part part = -1;
    for (Closure& closure : closures_) {
      if (const Part next = closure.customer.customer.part(); next != part) {
        publication_.end_parts();
        part = next;
      }
      if (closure.payment) closure.payment->number = (payment++)->number;
      if (closure.adjustment) closure.adjustment->number = (adjustment++)->number;
      write(closure);
    }
    closures_.clear();
  }

  void write(Closure& closure) {
    if (closure.payment)
      publication_.write(closure.customer, *closure.payment, EntryKind::payment_recorded);
    if (closure.adjustment)
      publication_.write(closure.customer, *closure.adjustment, EntryKind::document_recorded);
    for (Allocation& row : closure.rows)
      publication_.write(closure.customer, row, EntryKind::allocated);
  }

  /// Where a number is taken, its thing gets the first free variant "INV-1/closed 2026-03-31~2".
  void claim(NumberKind kind, std::vector<NumberedThing>& things) {
    Transaction& facts = publication_.facts;
    const parties::EntityId entity = publication_.entity.id;
    const std::vector<bool> free = facts.claim_numbers(entity, kind, things);
    for (std::size_t i = 0; i < things.size(); ++i) {
      const std::string wanted = things[i].number;
      bool claimed = free[i];
      for (int variant = 2; !claimed; ++variant) {
        things[i].number = wanted + "~" + std::to_string(variant);
        claimed = facts.claim_number(entity, kind, things[i]);
      }
    }
  }

  std::map<money::Currency, CurrencyState> find_absent() {
    std::map<money::Currency, CurrencyState> states;
    publication_.facts.each_party({}, Detail::receivables, [&](const PartyFile& file) {
      for (const Account& account : file.accounts) {
        if (account.customer.entity != publication_.entity.id) continue;
        for (const receivables::OpenItem& item : receivables::open_items(account.ledger, as_of_)) {
          CurrencyState& state = states[item.document->currency];
          ++state.open_items;
          state.open_minor += size(item.open_minor);
          if (seen_.find(item.document->number) != 0) continue;
          state.absent.push_back(
              {account.customer.id, {item.document->id, item.instalment->number}, item.open_minor});
        }
      }
    });
    return states;
  }

  /// Whether the file is shown to be complete, or what it lacks is few enough.
  bool may_close(money::Currency currency, const CurrencyState& state) const {
    if (unreadable_) return false;
    // A control total that differs refuses the whole import; see check_controls.
    if (publication_.report.totals[currency].control_minor) return true;
    const auto limit = publication_.plan.request.shrink_limit_percent;
    if (!limit) return false;
    std::int64_t absent_minor = 0;
    for (const Absent& item : state.absent) absent_minor += size(item.open_minor);
    const auto within = [&](std::int64_t part, std::int64_t whole) {
      return money::multiply_divide(part, 100, 1, money::Rounding::down) <=
             money::multiply_divide(whole, *limit, 1, money::Rounding::down);
    };
    return within(static_cast<std::int64_t>(state.absent.size()), state.open_items) &&
           within(absent_minor, state.open_minor);
  }

  void close(std::vector<Absent>& absent) {
    std::ranges::stable_sort(absent, {},
                             [](const Absent& item) { return place_of(item.customer); });
    std::vector<parties::CustomerId> customers;
    for (const Absent& item : absent) customers.push_back(item.customer);
    accounts_.expect(std::move(customers), Payers::left_out);
    for (const Absent& item : absent)
      close(accounts_.get(item.customer), item.item, item.open_minor);
    write_closures();
  }

  void close_absent() {
    auto states = find_absent();
    for (auto& [currency, state] : states) {
      if (state.absent.empty()) continue;
      if (may_close(currency, state)) {
        close(state.absent);
        continue;
      }
      ImportTotals& totals = publication_.report.totals[currency];
      for (const Absent& item : state.absent) {
        ++totals.absent_items;
        totals.absent_minor += item.open_minor;
      }
      publication_.warn(
          std::to_string(totals.absent_items) + " open items of " +
          money::to_text({totals.absent_minor, currency}) +
          " are absent from the file and stay open. " +
          (unreadable_ ? "Correct the lines without a number first."
                       : "To close them, give the sum of the file with --control-total, or with "
                         "--shrink-limit the share in percent that may close."));
    }
  }

  Publication& publication_;
  DocumentFields fields_;
  Date as_of_;
  BatchAccounts accounts_;
  std::vector<Closure> closures_;
  SeenKeys seen_;            ///< first line of each number, also of refused rows
  bool unreadable_ = false;  ///< a row without a readable number might be any open item
};

}  // namespace

std::unique_ptr<KindImport> make_snapshot_import(Publication& publication) {
  return std::make_unique<SnapshotImport>(publication);
}

}  // namespace arrears::app
