#include <algorithm>
#include <tuple>

#include "app/import_documents.h"
#include "domain/receivables/allocate.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

namespace arrears::app {

namespace {

using receivables::Allocation;
using receivables::Document;
using receivables::Instalment;
using receivables::Ledger;
using receivables::Payment;
using receivables::PaymentKind;

/// Day of the inferred payment: nobody settles before there is something to settle.
Date settlement_day(const Document& document, Date settled_on) {
  return std::max(document.issued_on, settled_on);
}

Payment inferred_payment(const Document& document, std::string number, Date day,
                         std::int64_t minor) {
  Payment payment;
  payment.kind = PaymentKind::inferred_payment;
  payment.number = std::move(number);
  payment.value_on = day;
  payment.currency = document.currency;
  payment.amount_minor = minor;
  return payment;
}

bool claim(Publication& publication, CustomerRef customer, const Payment& payment) {
  return publication.facts.claim_number(
      publication.entity.id, NumberKind::payment,
      {payment.id.value, customer.customer.value, payment.number});
}

/// Gives the payment its number, or the first free variant "INV-1~2" where that is taken.
void claim_free_number(Publication& publication, CustomerRef customer, Payment& payment) {
  const std::string wanted = payment.number;
  for (int variant = 2; !claim(publication, customer, payment); ++variant)
    payment.number = wanted + "~" + std::to_string(variant);
}

/// The payments that settle the instalments of a new document, without numbers that are sure.
void infer_payments(Publication& publication, GivenDocument& given) {
  const Document& document = given.document;
  for (std::size_t i = 0; i < given.settled_on.size(); ++i) {
    if (!given.settled_on[i]) continue;
    const Instalment& instalment = document.instalments[i];
    Payment& payment = given.inferred.emplace_back(
        inferred_payment(document, inferred_number(document, instalment.number),
                         settlement_day(document, *given.settled_on[i]), instalment.amount_minor));
    payment.id =
        publication.facts.ids().make<receivables::PaymentTag>(given.customer.customer.part());
  }
}

/// The known document with what the file's columns say.
Document merged(const Document& known, const DocumentFields& fields, const Document& given) {
  Document next = given;
  next.id = known.id;
  next.version = known.version;
  if (fields.kind < 0 && (known.amount_minor < 0) == (given.amount_minor < 0))
    next.kind = known.kind;
  if (fields.payment_method < 0) next.payment_method = known.payment_method;
  if (fields.holder < 0) next.holder = known.holder;
  if (fields.reference < 0) next.reference = known.reference;
  if (fields.discount_until < 0) {
    for (Instalment& instalment : next.instalments) {
      const Instalment* before = receivables::find_instalment(known, instalment.number);
      if (!before || before->amount_minor != instalment.amount_minor) continue;
      instalment.discount_until = before->discount_until;
      instalment.discounted_minor = before->discounted_minor;
    }
  }
  return next;
}

bool same(const Instalment& a, const Instalment& b) {
  return a.number == b.number && a.due_on == b.due_on && a.amount_minor == b.amount_minor &&
         a.discount_until == b.discount_until && a.discounted_minor == b.discounted_minor;
}

bool same(const Document& a, const Document& b) {
  return std::tie(a.kind, a.issued_on, a.amount_minor, a.payment_method, a.holder, a.reference) ==
             std::tie(b.kind, b.issued_on, b.amount_minor, b.payment_method, b.holder,
                      b.reference) &&
         a.currency == b.currency &&
         std::ranges::equal(a.instalments, b.instalments,
                            [](const Instalment& x, const Instalment& y) { return same(x, y); });
}

/// Whether the inferred payment of each instalment already is what the file says. A `false` may be
/// wrong (something else has settled it) and is looked into with the ledger.
bool surely_settled_as_given(Publication& publication, CustomerRef customer,
                             const Document& document, const GivenDocument& given) {
  for (const Instalment& instalment : document.instalments) {
    const auto day = given.settled_on[static_cast<std::size_t>(instalment.number - 1)];
    const auto found = publication.facts.find_number(publication.entity.id, NumberKind::payment,
                                                     inferred_number(document, instalment.number));
    if (!found) {
      if (day) return false;
      continue;
    }
    if (found->owner != customer.customer.value) return false;
    const auto payment = publication.facts.payment(customer.customer, {found->subject});
    ARREARS_REQUIRE(payment.has_value());
    const bool ours = payment->kind == PaymentKind::inferred_payment && !payment->cancelled;
    if (!day && !ours) continue;
    if (!day || !ours || payment->value_on != settlement_day(document, *day) ||
        payment->amount_minor != instalment.amount_minor) {
      return false;
    }
  }
  return true;
}

/// Works out, on a copy of the ledger, how a known document and its inferred payments come to what
/// the file says. Nothing is written before all of it is decided.
class Correction {
 public:
  Correction(Publication& publication, CustomerRef customer, const Ledger& ledger)
      : publication_(publication), customer_(customer), ledger_(ledger) {}

  Result<Change> make(const Document& known, const Document& next, const GivenDocument& given,
                      bool settlement_given) {
    std::vector<Settlement> settlements;
    if (settlement_given) {
      settlements = plan(known, next, given);
      for (const Settlement& settlement : settlements)
        if (settlement.payment && !settlement.stays) take_back(*settlement.payment);
    }
    if (!same(known, next)) {
      const auto amended = receivables::amend_document(ledger_, next, customer_.customer);
      if (!amended)
        return base::refuse(amended.error(), "Document " + next.number + " differs from the file");
      document_ = *amended;
      put(ledger_, *amended);
    }
    for (const Settlement& settlement : settlements) {
      if (settlement.stays) continue;
      if (const auto done = settle(next, settlement); !done) return done.error();
    }
    return act();
  }

 private:
  struct Settlement {
    int instalment = 1;
    std::optional<Payment> payment;  ///< the inferred one in force
    std::optional<Date> day;         ///< wanted
    std::int64_t minor = 0;          ///< wanted
    bool stays = false;              ///< is as wanted
  };

  /// The inferred payment in force of that instalment.
  std::optional<Payment> inferred(const Document& document, int instalment) const {
    const std::string number = inferred_number(document, instalment);
    for (const Payment& payment : ledger_.payments) {
      if (payment.kind != PaymentKind::inferred_payment || payment.cancelled) continue;
      if (receivables::find_reversal(ledger_, payment.id)) continue;
      if (payment.number == number || payment.number.starts_with(number + "~")) return payment;
    }
    return {};
  }

  /// What the payment settles of the instalment, net of what was taken back.
  std::int64_t settled_by(const Payment& payment, const Document& document, int instalment) const {
    std::int64_t sum = 0;
    for (const Allocation& row : ledger_.allocations) {
      if (row.payment == payment.id && row.document == document.id &&
          row.instalment == instalment) {
        sum = base::checked_add(sum, row.amount_minor);
      }
    }
    return sum;
  }

  std::vector<Settlement> plan(const Document& known, const Document& next,
                               const GivenDocument& given) const {
    std::vector<Settlement> settlements;
    const std::size_t count = std::max(known.instalments.size(), next.instalments.size());
    for (int number = 1; number <= static_cast<int>(count); ++number) {
      Settlement settlement{number, inferred(next, number), {}, 0, false};
      const Instalment* wanted = receivables::find_instalment(next, number);
      const auto day =
          wanted ? given.settled_on[static_cast<std::size_t>(number - 1)] : std::nullopt;
      if (day) {
        std::int64_t others = 0;
        for (const receivables::Settlement& movement :
             receivables::settlements(ledger_, known.id, number))
          others = base::checked_add(others, movement.amount_minor);
        if (settlement.payment) others -= settled_by(*settlement.payment, known, number);
        settlement.minor = wanted->amount_minor - others;
        if (settlement.minor > 0) settlement.day = settlement_day(next, *day);
      }
      if (!settlement.payment && !settlement.day) continue;
      settlement.stays = settlement.payment && settlement.day &&
                         settlement.payment->value_on == *settlement.day &&
                         settlement.payment->amount_minor == settlement.minor &&
                         settled_by(*settlement.payment, known, number) == settlement.minor;
      settlements.push_back(std::move(settlement));
    }
    return settlements;
  }

  /// Reverses on the day of each allocation: in hindsight it never was.
  void take_back(const Payment& payment) {
    const std::vector<Allocation> before = ledger_.allocations;
    for (const Allocation& row : before) {
      if (row.payment != payment.id || row.reverses) continue;
      const auto rows = receivables::unallocate(ledger_, {row.id, row.allocated_on, {}});
      if (!rows) continue;  // taken back before
      add(*rows, reversals_);
    }
  }

  Result<base::Done> settle(const Document& document, const Settlement& settlement) {
    const std::string what = "The settlement of document " + document.number;
    if (!settlement.day) {
      const auto cancelled = receivables::cancel_payment(ledger_, settlement.payment->id);
      if (!cancelled) return base::refuse(cancelled.error(), what);
      payments_.push_back(*cancelled);
      put(ledger_, *cancelled);
      return base::Done{};
    }
    Payment payment;
    if (settlement.payment) {
      payment = *settlement.payment;
      payment.value_on = *settlement.day;
      payment.amount_minor = settlement.minor;
      const auto amended = receivables::amend_payment(ledger_, payment, customer_.customer);
      if (!amended) return base::refuse(amended.error(), what);
      payment = *amended;
    } else {
      payment = inferred_payment(document, inferred_number(document, settlement.instalment),
                                 *settlement.day, settlement.minor);
      payment.id =
          publication_.facts.ids().make<receivables::PaymentTag>(customer_.customer.part());
    }
    payments_.push_back(payment);
    put(ledger_, payment);
    const auto rows = receivables::allocate(
        ledger_, {{payment.id, {}, 1},
                  {{document.id, settlement.instalment, settlement.minor, {}}},
                  settlement.day});
    if (!rows) return base::refuse(rows.error(), what);
    add(*rows, allocations_);
    return base::Done{};
  }

  void add(const receivables::AllocationRows& rows, std::vector<Allocation>& to) {
    for (Allocation row : rows) {
      // The ledger of the domain tells rows apart by id; the one written gets its own.
      row.id = {--provisional_id_};
      ledger_.allocations.push_back(row);
      to.push_back(row);
    }
  }

  Change act() {
    if (!document_ && payments_.empty() && reversals_.empty()) return Change::unchanged;
    for (Allocation& row : reversals_) publication_.write(customer_, row, EntryKind::unallocated);
    if (document_) publication_.write(customer_, *document_, EntryKind::document_corrected);
    for (Payment& payment : payments_) {
      if (payment.version == 1) claim_free_number(publication_, customer_, payment);
      publication_.write(
          customer_, payment,
          payment.version > 1 ? EntryKind::payment_corrected : EntryKind::payment_recorded);
    }
    for (Allocation& row : allocations_) publication_.write(customer_, row, EntryKind::allocated);
    publication_.ledger.forget();
    return Change::changed;
  }

  Publication& publication_;
  CustomerRef customer_;
  Ledger ledger_;
  std::optional<Document> document_;
  std::vector<Payment> payments_;
  std::vector<Allocation> reversals_;
  std::vector<Allocation> allocations_;
  std::int64_t provisional_id_ = 0;
};

}  // namespace

std::string inferred_number(const Document& document, int instalment) {
  return instalment == 1 ? document.number : document.number + "#" + std::to_string(instalment);
}

void claim_numbers(Publication& publication, std::span<GivenDocument* const> documents) {
  Transaction& facts = publication.facts;
  std::vector<NumberedThing> things;
  things.reserve(documents.size());
  for (GivenDocument* given : documents) {
    const parties::CustomerId customer = given->customer.customer;
    given->document.id = facts.ids().make<receivables::DocumentTag>(customer.part());
    things.push_back({given->document.id.value, customer.value, given->document.number});
  }
  const std::vector<bool> free =
      facts.claim_numbers(publication.entity.id, NumberKind::document, things);
  for (std::size_t i = 0; i < documents.size(); ++i) documents[i]->is_new = free[i];
  infer_payments(publication, documents);
}

void infer_payments(Publication& publication, std::span<GivenDocument* const> documents) {
  std::vector<NumberedThing> things;
  std::vector<std::pair<CustomerRef, Payment*>> payments;
  for (GivenDocument* given : documents) {
    if (!given->is_new) continue;
    infer_payments(publication, *given);
    for (Payment& payment : given->inferred) {
      payments.emplace_back(given->customer, &payment);
      things.push_back({payment.id.value, given->customer.customer.value, payment.number});
    }
  }
  if (things.empty()) return;
  const std::vector<bool> free =
      publication.facts.claim_numbers(publication.entity.id, NumberKind::payment, things);
  for (std::size_t i = 0; i < payments.size(); ++i)
    if (!free[i]) claim_free_number(publication, payments[i].first, *payments[i].second);
}

void add_document(Publication& publication, const GivenDocument& given) {
  const CustomerRef customer = given.customer;
  publication.write(customer, given.document, EntryKind::document_recorded);
  std::size_t next = 0;
  for (std::size_t i = 0; i < given.settled_on.size(); ++i) {
    if (!given.settled_on[i]) continue;
    // Nothing is allocated to a new document yet: the payment settles the whole instalment.
    const Payment& payment = given.inferred.at(next++);
    publication.write(customer, payment, EntryKind::payment_recorded);
    Allocation row;
    row.payment = payment.id;
    row.document = given.document.id;
    row.instalment = given.document.instalments[i].number;
    row.allocated_on = payment.value_on;
    row.amount_minor = payment.amount_minor;
    row.source_minor = payment.amount_minor;
    publication.write(customer, row, EntryKind::allocated);
  }
  publication.ledger.forget();
}

Result<Change> change_document(Publication& publication, const DocumentFields& fields,
                               const NumberedThing& known, const GivenDocument& given) {
  const CustomerRef customer = given.customer;
  const std::string what = "Document " + given.document.number;
  if (known.owner != customer.customer.value) {
    return base::refuse(receivables::RecordDocumentRefusal::not_amendable,
                        what + " belongs to another customer");
  }
  const auto existing = publication.facts.document(customer.customer, {known.subject});
  ARREARS_REQUIRE(existing.has_value());
  if (existing->cancelled) {
    return base::refuse(receivables::RecordDocumentRefusal::document_cancelled,
                        what + " is cancelled");
  }
  if (existing->currency != given.document.currency) {
    return base::refuse(receivables::RecordDocumentRefusal::not_amendable,
                        what + " is in " + std::string(existing->currency.code()));
  }
  const Document next = merged(*existing, fields, given.document);
  const bool settlement_given = fields.settled_on >= 0;
  if (same(*existing, next) &&
      (!settlement_given || surely_settled_as_given(publication, customer, next, given))) {
    return Change::unchanged;
  }
  return Correction(publication, customer, publication.ledger.of(customer))
      .make(*existing, next, given, settlement_given);
}

}  // namespace arrears::app
