#include <algorithm>

#include "app/import_accounts.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/record_payment.h"

namespace arrears::app {

namespace {

using receivables::Payment;

struct PaymentFields {
  explicit PaymentFields(const ImportPlan& plan)
      : number(plan.place("number")),
        customer(plan.place("customer")),
        value_on(plan.place("value_on")),
        amount(plan.place("amount")),
        currency(plan.place("currency")),
        payer(plan.place("payer")),
        reference(plan.place("reference")),
        invoice(plan.place("invoice")) {}
  int number, customer, value_on, amount, currency, payer, reference, invoice;
};

struct PaymentRow {
  RowReader reader;
  Payment payment;
  std::string_view customer_number;  ///< empty: that of the document, if there is one
  std::string_view invoice;
  std::optional<NumberedThing> document;  ///< the invoice
  CustomerRef customer;
  bool is_new = false;
  std::optional<NumberedThing> known;  ///< who bears the number already, where it is not new
};

std::string hex(std::uint64_t value) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[(value >> shift) & 15];
  return text;
}

class PaymentImport final : public KindImport {
 public:
  explicit PaymentImport(Publication& publication)
      : publication_(publication), fields_(publication.plan), accounts_(publication.facts) {}

  std::size_t batch_rows() const override { return fields_.invoice < 0 ? few_rows : 2 * few_rows; }

  void take(const RecordBatch& batch) override {
    std::vector<PaymentRow> rows;
    rows.reserve(batch.records().size());
    for (const StagedRecord& record : batch.records()) {
      PaymentRow row{RowReader(publication_, batch, record), {}, {}, {}, {}, {}, false, {}};
      read(row);
      keep_or_reject(std::move(row), rows);
    }
    find_owners(rows);
    claim_numbers(rows);
    std::ranges::stable_sort(rows, {},
                             [](const PaymentRow& row) { return place_of(row.customer.customer); });
    expect_accounts(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i > 0 && rows[i].customer.customer.part() != rows[i - 1].customer.customer.part())
        publication_.end_parts();
      record(rows[i]);
    }
  }

  void finish() override { publication_.revise_touched(); }

 private:
  void read(PaymentRow& row) {
    RowReader& reader = row.reader;
    Payment& payment = row.payment;
    const std::string_view number = reader.number(fields_.number);
    const std::string_view customer = reader.number(fields_.customer);
    const std::string_view invoice = reader.number(fields_.invoice);
    payment.payer = std::string(reader.text(fields_.payer));
    payment.reference = std::string(reader.text(fields_.reference));
    payment.currency = reader.currency(fields_.currency, fields_.amount);
    const auto value_on = reader.required_date(fields_.value_on);
    const auto amount = reader.required_amount(fields_.amount, payment.currency);
    if (amount) publication_.count_amount(payment.currency, *amount);
    reader.note_repetition(seen_, number, fields_.number, "Payment");
    if (reader.failed()) return;
    payment.value_on = *value_on;
    payment.amount_minor = *amount;
    payment.number =
        number.empty() ? content_number(payment, customer, invoice) : std::string(number);
    if (const auto sound = receivables::record_payment(payment); !sound) {
      reader.fail(base::refuse(sound.error(), "Payment " + payment.number));
      return;
    }
    row.customer_number = customer;
    row.invoice = invoice;
  }

  void keep_or_reject(PaymentRow row, std::vector<PaymentRow>& kept) {
    if (row.reader.failed()) {
      publication_.reject(row.reader.line(), row.reader.problems());
    } else {
      kept.push_back(std::move(row));
    }
  }

  /// Names a payment by its content: the n-th booking of the same content in a file is the n-th
  /// payment of it. Day, amount and currency are in the text, so that the hash need only tell the
  /// payments of one day and amount apart.
  std::string content_number(const Payment& payment, std::string_view customer,
                             std::string_view invoice) {
    const std::string visible = to_string(payment.value_on) + "/" +
                                money::to_decimal(payment.amount_minor, payment.currency) + "/" +
                                std::string(payment.currency.code());
    std::string content = visible;
    for (const std::string_view text : {customer, std::string_view(payment.payer),
                                        std::string_view(payment.reference), invoice}) {
      content += '\0';
      content += text;
    }
    const std::string number = visible + "/" + hex(content_hash(content));
    const std::uint32_t occurrence = ++occurrences_[content];
    return occurrence == 1 ? number : number + "/" + std::to_string(occurrence);
  }

  /// Finds whose the payments are, all in one go; those without an owner are rejected.
  void find_owners(std::vector<PaymentRow>& rows) {
    find_documents(rows);
    std::vector<std::string_view> customers;
    for (const PaymentRow& row : rows) customers.push_back(row.customer_number);
    publication_.begin_batch(customers);
    for (PaymentRow& row : rows) {
      if (row.reader.failed()) continue;
      if (!row.customer_number.empty()) {
        publication_.take_customer(row.customer_number, {}, row.reader);
      } else if (!row.document) {
        publication_.take_unidentified();
        row.customer_number = Publication::unidentified_number;
      }
    }
    publication_.add_stubs();
    std::vector<PaymentRow> owned;
    owned.reserve(rows.size());
    for (PaymentRow& row : rows) {
      if (!row.reader.failed()) set_owner(row);
      keep_or_reject(std::move(row), owned);
    }
    rows = std::move(owned);
  }

  void find_documents(std::vector<PaymentRow>& rows) {
    find_bearers(
        publication_, NumberKind::document, rows, [](const PaymentRow& row) { return row.invoice; },
        [&](PaymentRow& row, std::optional<NumberedThing> document) {
          row.document = std::move(document);
          if (row.document) return;
          row.reader.fail(ImportRefusal::document_unknown, fields_.invoice,
                          "There is no document " + std::string(row.invoice));
        });
  }

  void set_owner(PaymentRow& row) {
    if (row.customer_number.empty()) {
      row.customer.customer = {row.document->owner};  // its party comes with its account
      return;
    }
    row.customer = publication_.customer(row.customer_number);
    if (row.document && row.document->owner != row.customer.customer.value) {
      row.reader.fail(ImportRefusal::other_customer, fields_.invoice,
                      "Payment " + row.payment.number + " of customer " +
                          std::string(row.customer_number) + " names document " +
                          std::string(row.invoice));
    }
  }

  void claim_numbers(std::vector<PaymentRow>& rows) {
    Transaction& facts = publication_.facts;
    std::vector<NumberedThing> things;
    things.reserve(rows.size());
    for (PaymentRow& row : rows) {
      const parties::CustomerId customer = row.customer.customer;
      row.payment.id = facts.ids().make<receivables::PaymentTag>(customer.part());
      things.push_back({row.payment.id.value, customer.value, row.payment.number});
    }
    const std::vector<bool> free =
        facts.claim_numbers(publication_.entity.id, NumberKind::payment, things);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].is_new = free[i];
    find_known(rows);
  }

  void find_known(std::vector<PaymentRow>& rows) {
    find_bearers(
        publication_, NumberKind::payment, rows,
        [](const PaymentRow& row) {
          return row.is_new ? std::string_view() : std::string_view(row.payment.number);
        },
        [](PaymentRow& row, std::optional<NumberedThing> known) { row.known = std::move(known); });
  }

  /// Of the rows that are applied, or compared with what is known.
  void expect_accounts(const std::vector<PaymentRow>& rows) {
    std::vector<parties::CustomerId> customers;
    Payers payers = Payers::left_out;
    for (const PaymentRow& row : rows) {
      if (!row.is_new) payers = Payers::included;
      if (row.is_new && !row.document) continue;
      const parties::CustomerId customer = row.customer.customer;
      if (customers.empty() || customers.back() != customer) customers.push_back(customer);
    }
    accounts_.expect(std::move(customers), payers);
  }

  void record(PaymentRow& row) {
    Payment& payment = row.payment;
    Publication& to = publication_;
    Change change = Change::added;
    WorkingAccount* account = accounts_.find(row.customer.customer);
    if (account) row.customer = account->customer();
    if (row.is_new) {
      if (account) account->put(payment);
      to.write(row.customer, payment, EntryKind::payment_recorded);
    } else {
      const auto amended = amend(row, *account);
      if (!amended) return to.reject(row.reader, amended.error());
      change = *amended;
    }
    bool applied = false;
    if (row.document) applied = apply(row, *account);
    if (row.is_new) {
      ++to.report.added;
      to.count_added(payment.currency, payment.amount_minor);
    } else if (change == Change::changed || applied) {
      ++to.report.changed;
    } else {
      ++to.report.unchanged;
      return;
    }
    to.touch(row.customer.party);
  }

  /// Brings the known payment to what the row says; `row.payment` is then the known one.
  Result<Change> amend(PaymentRow& row, WorkingAccount& account) {
    const auto refused = [&](const std::string& what) {
      return base::refuse(receivables::RecordPaymentRefusal::not_amendable,
                          "Payment " + row.payment.number + what);
    };
    ARREARS_REQUIRE(row.known.has_value());
    if (row.known->owner != row.customer.customer.value)
      return refused(" belongs to another customer");
    const auto* existing = receivables::find_payment(account.ledger(), {row.known->subject});
    ARREARS_REQUIRE(existing != nullptr);
    Payment next = row.payment;
    next.id = existing->id;
    next.version = existing->version;
    if (fields_.payer < 0) next.payer = existing->payer;
    if (fields_.reference < 0) next.reference = existing->reference;
    const bool same = next.kind == existing->kind && next.value_on == existing->value_on &&
                      next.currency == existing->currency && !existing->cancelled &&
                      next.amount_minor == existing->amount_minor &&
                      next.payer == existing->payer && next.reference == existing->reference;
    row.payment = next;
    if (same) return Change::unchanged;
    const auto amended = receivables::amend_payment(account.ledger(), next, row.customer.customer);
    if (!amended) return base::refuse(amended.error(), "Payment " + next.number);
    row.payment = *amended;
    account.put(row.payment);
    publication_.write(row.customer, row.payment, EntryKind::payment_corrected);
    return Change::changed;
  }

  /// Applies what is left of the payment to the document that it names, unless that was done (or
  /// done and taken back) before. What cannot be applied stays unapplied cash.
  bool apply(const PaymentRow& row, WorkingAccount& account) {
    const receivables::DocumentId named{row.document->subject};
    const receivables::Ledger& ledger = account.slice({row.payment.id, {}, 1}, named);
    for (const receivables::Allocation& earlier : ledger.allocations)
      if (earlier.payment == row.payment.id && earlier.document == named) return false;
    const receivables::Document* document = receivables::find_document(ledger, named);
    ARREARS_REQUIRE(document != nullptr);
    receivables::AllocateOldestFirstRequest request{{row.payment.id, {}, 1}, {}, {}, {}};
    for (const receivables::Instalment& instalment : document->instalments)
      request.items.push_back({document->id, instalment.number});
    const auto rows = receivables::allocate_oldest_first(ledger, request);
    if (!rows) {
      if (++unapplied_ <= unapplied_listed_max) {
        publication_.warn("Payment " + row.payment.number + " stays unapplied: " +
                          base::refuse(rows.error(), "Document " + document->number).message);
      }
      return false;
    }
    for (receivables::Allocation allocation : *rows) {
      publication_.write(row.customer, allocation, EntryKind::allocated);
      account.add(allocation);
    }
    return true;
  }

  static constexpr int unapplied_listed_max = 100;

  Publication& publication_;
  PaymentFields fields_;
  BatchAccounts accounts_;
  SeenKeys seen_;         ///< first line of each number
  SeenKeys occurrences_;  ///< of each content
  int unapplied_ = 0;
};

}  // namespace

std::unique_ptr<KindImport> make_payment_import(Publication& publication) {
  return std::make_unique<PaymentImport>(publication);
}

}  // namespace arrears::app
