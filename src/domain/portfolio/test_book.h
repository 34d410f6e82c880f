#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "domain/calendar/business_calendar.h"
#include "domain/portfolio/portfolio.h"
#include "domain/promises/promise.h"
#include "domain/receivables/dispute.h"
#include "domain/receivables/test_ledger.h"

/// For tests only: random customers whose every recorded version is kept, so that both the ledger
/// as known then and the facts for the portfolio can be had.
namespace arrears::portfolio::test {

using receivables::day;
using receivables::Ledger;

template <class Row>
struct Recorded {
  Ordinal known_from = 0;
  Row row;
};

/// What CustomerVersion points into.
struct RecordedNames {
  parties::EntityId entity;
  parties::PartyId party;
  std::string number, segment, country;
};

/// One customer's history.
struct RecordedCustomer {
  parties::CustomerId id;
  std::vector<Recorded<RecordedNames>> names;
  std::vector<Recorded<receivables::Document>> documents;  ///< versions in the order of recording
  std::vector<Recorded<receivables::Payment>> payments;
  std::vector<Recorded<receivables::Allocation>> allocations;
  std::vector<Recorded<receivables::DisputeMark>> disputes;

  Ledger ledger(Ordinal known_at) const {
    Ledger ledger;
    ledger.customer = id;
    const auto keep = [known_at](const auto& versions, auto& rows) {
      for (const auto& version : versions) {
        if (version.known_from > known_at) continue;
        auto same = std::find_if(rows.begin(), rows.end(),
                                 [&](const auto& row) { return row.id == version.row.id; });
        if (same == rows.end()) {
          rows.push_back(version.row);
        } else {
          *same = version.row;
        }
      }
      std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    };
    keep(documents, ledger.documents);
    keep(payments, ledger.payments);
    keep(allocations, ledger.allocations);
    keep(disputes, ledger.disputes);
    return ledger;
  }
};

/// The facts of a customer, for Builder and Portfolio; its texts are those of the customer.
struct FactRows {
  std::vector<InstalmentFact> instalments;
  std::vector<PaymentFact> payments;
  std::vector<AllocationFact> allocations;
  std::vector<DisputeFact> disputes;
  std::vector<PromiseFact> promises;
  std::vector<CustomerVersion> versions;
  parties::CustomerId id;

  explicit FactRows(const RecordedCustomer& customer) : id(customer.id) {
    for (const auto& [known, row] : customer.names)
      versions.push_back({row.entity, row.party, row.number, row.segment, row.country, known});
    for (const auto& [known, row] : sorted(customer.documents))
      for (const auto& part : row.instalments)
        instalments.push_back({row.id, row.version, part.number, row.kind, row.issued_on,
                               part.due_on, row.currency, part.amount_minor, row.cancelled, known});
    for (const auto& [known, row] : sorted(customer.payments))
      payments.push_back({row.id, row.version, row.value_on, row.currency, row.amount_minor,
                          row.reverses, row.cancelled, known});
    for (const auto& [known, row] : customer.allocations)
      allocations.push_back({row.kind, row.payment, row.credit, row.credit_instalment, row.document,
                             row.instalment, row.allocated_on, row.amount_minor, row.source_minor,
                             known});
    std::map<receivables::DisputeMarkId, int> version;
    for (const auto& [known, row] : sorted(customer.disputes))
      disputes.push_back(
          {row.id, ++version[row.id], row.document, row.amount_minor, row.from, row.until, known});
  }

  CustomerFacts facts() const {
    return {id, instalments, payments, allocations, disputes, promises, versions};
  }

 private:
  template <class Row>
  static std::vector<Recorded<Row>> sorted(std::vector<Recorded<Row>> rows) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.row.id < b.row.id; });
    return rows;
  }
};

/// Makes random histories through the decisions of the receivables room.
class RandomCustomer {
 public:
  RandomCustomer(std::int64_t id, std::mt19937_64& random, Date first, bool currencies)
      : test_(id), random_(random), first_(first), currencies_(currencies) {
    recorded_.id = {id};
  }

  const RecordedCustomer& recorded() const { return recorded_; }
  const Ledger& ledger() const { return test_.ledger; }

  void step(Ordinal ordinal) {
    if (recorded_.names.empty() || pick(0, 9) == 0) rename(ordinal);
    act();
    record(test_.ledger.documents, recorded_.documents, ordinal);
    record(test_.ledger.payments, recorded_.payments, ordinal);
    record(test_.ledger.allocations, recorded_.allocations, ordinal);
    record(test_.ledger.disputes, recorded_.disputes, ordinal);
  }

  static constexpr int days = 120;

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  Date some_day() { return first_ + static_cast<int>(pick(0, days - 1)); }
  money::Currency some_currency() {
    return receivables::currency(currencies_ && pick(0, 3) == 0 ? "EUR" : "USD");
  }
  template <class Row>
  const Row& some(const std::vector<Row>& rows) {
    return rows[pick(0, static_cast<std::int64_t>(rows.size()) - 1)];
  }
  template <class T, class E>
  void accept(const base::Result<T, E>& result) {
    if (result.ok()) test_.write(*result);
  }

  void rename(Ordinal ordinal) {
    const auto some_text = [this](std::initializer_list<const char*> texts) {
      return std::string(texts.begin()[pick(0, static_cast<std::int64_t>(texts.size()) - 1)]);
    };
    recorded_.names.push_back({ordinal,
                               {{pick(1, 2)},
                                {pick(1, 3)},
                                std::to_string(pick(100, 102)),
                                some_text({"", "A", "AB", "wholesale"}),
                                some_text({"", "DE", "BDE"})}});
  }

  void act() {
    const Ledger& ledger = test_.ledger;
    switch (pick(0, 12)) {
      case 0:
      case 1:
      case 2:
        return add_document();
      case 3: {
        receivables::Payment payment = receivables::make_payment(pick(1, 8000), some_day());
        payment.currency = some_currency();
        test_.add(payment);
        return;
      }
      case 4:
      case 5:
        return pay_in_full();
      case 6:
        return allocate_some();
      case 7:
        if (ledger.payments.empty()) return;
        return accept(receivables::allocate_oldest_first(
            ledger, {{some(ledger.payments).id, {}, 1}, {}, {}, {}}));
      case 8:
        if (ledger.allocations.empty()) return;
        return accept(receivables::unallocate(
            ledger, {some(ledger.allocations).id, some_day(), std::nullopt}));
      case 9:
        if (ledger.payments.empty()) return;
        return accept(
            receivables::bounce(ledger, {some(ledger.payments).id, some_day(), "R", "R01"}));
      case 10:
        return amend_some();
      case 11:
        return use_credit();
      default:
        return dispute_some();
    }
  }

  void add_document() {
    const Date issued = some_day();
    const Date due = issued + static_cast<int>(pick(0, 30));
    const std::int64_t amount = pick(0, 4) == 0 ? -pick(2, 3000) : pick(2, 5000);
    receivables::Document document = receivables::make_document(
        "I" + std::to_string(test_.ledger.documents.size()), amount, issued, due);
    document.currency = some_currency();
    if (amount > 0) {
      using enum receivables::DocumentKind;
      document.kind = pick(0, 3) ? invoice : (pick(0, 1) ? opening_balance : fee);
    }
    if (amount > 2 && pick(0, 2) == 0) {
      const std::int64_t first = pick(1, amount - 1);
      document.instalments = {{1, due, first, {}, 0}, {2, due + 10, amount - first, {}, 0}};
    }
    test_.add(document);
  }

  void pay_in_full() {
    if (test_.ledger.documents.empty()) return;
    const receivables::Document document = some(test_.ledger.documents);
    if (document.cancelled || document.amount_minor <= 0) return;
    const auto& part = some(document.instalments);
    const Date value_on = document.issued_on + static_cast<int>(pick(0, 40));
    const auto open = receivables::open_amount(test_.ledger, document.id, part.number, value_on);
    if (open <= 0) return;
    receivables::Payment payment = receivables::make_payment(open, value_on);
    payment.currency = document.currency;
    const auto id = test_.add(payment);
    accept(receivables::allocate(test_.ledger,
                                 {{id, {}, 1},
                                  {{document.id, part.number, open, {}}},
                                  pick(0, 2) ? std::nullopt : std::optional(value_on + 3)}));
  }

  void allocate_some() {
    const Ledger& ledger = test_.ledger;
    if (ledger.documents.empty() || ledger.payments.empty()) return;
    const auto payment = some(ledger.payments);
    const auto document = some(ledger.documents);
    const std::int64_t amount = pick(1, 3000);
    std::optional<std::int64_t> source;
    if (payment.currency != document.currency) source = pick(1, 3000);
    accept(receivables::allocate(ledger,
                                 {{payment.id, {}, 1},
                                  {{document.id, static_cast<int>(pick(1, 2)), amount, source}},
                                  std::nullopt}));
  }

  void use_credit() {
    const Ledger& ledger = test_.ledger;
    if (ledger.documents.empty()) return;
    const auto credit = some(ledger.documents);
    if (credit.amount_minor > 0) return;
    const auto& target = some(ledger.documents);
    accept(receivables::allocate(
        ledger, {{{}, credit.id, 1}, {{target.id, 1, pick(1, 2000), {}}}, std::nullopt}));
  }

  void amend_some() {
    const Ledger& ledger = test_.ledger;
    if (ledger.documents.empty() || ledger.payments.empty()) return;
    receivables::Document document = some(ledger.documents);
    receivables::Payment payment = some(ledger.payments);
    switch (pick(0, 4)) {
      case 0: {
        const std::int64_t change = pick(-500, 500);
        document.amount_minor += change;
        document.instalments.back().amount_minor += change;
        document.instalments.back().due_on =
            document.instalments.back().due_on + static_cast<int>(pick(0, 9));
        return accept(receivables::amend_document(ledger, document, ledger.customer));
      }
      case 1:
        document.issued_on = document.issued_on + static_cast<int>(pick(-3, 3));
        return accept(receivables::amend_document(ledger, document, ledger.customer));
      case 2:
        return accept(receivables::cancel_document(ledger, document.id));
      case 3:
        payment.amount_minor += pick(-500, 500);
        payment.value_on = payment.value_on + static_cast<int>(pick(-3, 3));
        return accept(receivables::amend_payment(ledger, payment, ledger.customer));
      default:
        return accept(receivables::cancel_payment(ledger, payment.id));
    }
  }

  void dispute_some() {
    Ledger& ledger = test_.ledger;
    if (ledger.documents.empty()) return;
    if (!ledger.disputes.empty() && pick(0, 2) == 0) {
      const auto id = some(ledger.disputes).id;
      const auto cleared = receivables::clear_dispute(ledger, id, some_day());
      if (cleared.ok())
        *std::ranges::find(ledger.disputes, id, &receivables::DisputeMark::id) = *cleared;
      return;
    }
    receivables::DisputeMark mark;
    mark.document = some(ledger.documents).id;
    mark.from = some_day();
    if (pick(0, 1)) mark.amount_minor = pick(1, 2000);
    const auto marked = receivables::mark_dispute(ledger, mark);
    if (!marked.ok()) return;
    ledger.disputes.push_back(*marked);
    ledger.disputes.back().id = {++last_mark_};
  }

  static bool is_same(const receivables::Document& a, const receivables::Document& b) {
    return a.version == b.version;
  }
  static bool is_same(const receivables::Payment& a, const receivables::Payment& b) {
    return a.version == b.version;
  }
  static bool is_same(const receivables::Allocation&, const receivables::Allocation&) {
    return true;
  }
  static bool is_same(const receivables::DisputeMark& a, const receivables::DisputeMark& b) {
    return a.until == b.until;
  }

  /// Records what is new or has changed.
  template <class Row>
  static void record(const std::vector<Row>& rows, std::vector<Recorded<Row>>& versions,
                     Ordinal ordinal) {
    for (const Row& row : rows) {
      const auto newest = std::find_if(versions.rbegin(), versions.rend(),
                                       [&](const auto& v) { return v.row.id == row.id; });
      if (newest == versions.rend() || !is_same(newest->row, row)) {
        versions.push_back({ordinal, row});
      }
    }
  }

  receivables::TestLedger test_;
  std::mt19937_64& random_;
  Date first_;
  bool currencies_;
  RecordedCustomer recorded_;
  std::int64_t last_mark_ = 0;
};

/// Steps of a customer, recorded under rising ordinals; the last ones are not sealed.
inline void live(RandomCustomer& customer, std::mt19937_64& random, int steps) {
  Ordinal ordinal = 1;
  for (int step = 0; step < steps; ++step) {
    ordinal += static_cast<Ordinal>(random() % 3);
    customer.step(step >= steps - 6 ? unsealed : ordinal);
  }
}

}  // namespace arrears::portfolio::test
