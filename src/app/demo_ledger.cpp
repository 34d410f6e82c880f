#include "app/demo_ledger.h"

#include <algorithm>

#include "domain/receivables/dispute.h"
#include "domain/receivables/record_document.h"
#include "domain/receivables/record_payment.h"
#include "domain/receivables/take_back.h"

namespace arrears::app {

namespace {

using receivables::Document;
using receivables::DocumentId;
using receivables::ItemKey;
using receivables::Payment;
using receivables::PaymentId;

constexpr int never = 100'000;

/// Days from the due date to the payment, by the customer's manner.
int payment_delay(DemoRandom& random, DemoPayer payer) {
  switch (payer) {
    case DemoPayer::prompt:
      return random.days(-6, 3);
    case DemoPayer::slightly_late:
      return random.days(1, 14);
    case DemoPayer::late:
      return random.days(8, 38);
    case DemoPayer::erratic:
      return random.percent(45) ? random.days(-5, 5) : random.days(5, 75);
    case DemoPayer::bad:
      return random.percent(5) ? never : random.days(25, 120);
  }
  return 0;
}

/// Smaller amounts are more frequent than large ones; whole cents, odd ones included.
std::int64_t invoice_amount(DemoRandom& random, const DemoCustomer& customer) {
  const std::int64_t a = random.between(customer.smallest, customer.largest);
  const std::int64_t b = random.between(customer.smallest, customer.largest);
  const std::int64_t c = random.between(customer.smallest, customer.largest);
  return std::min({a, b, c});
}

struct DisputeWords {
  std::string_view code;  ///< of disputes::dispute_reasons
  std::string_view text;
};
constexpr std::array<DisputeWords, 5> dispute_reasons = {
    DisputeWords{"price", "price differs from the order"},
    DisputeWords{"quantity", "quantity short on delivery"},
    DisputeWords{"quality", "goods arrived damaged"}, DisputeWords{"duplicate", "delivered twice"},
    DisputeWords{"not_received", "no proof of delivery"}};

}  // namespace

bool is_chased(const DemoItem& item, Date day) {
  return item.due < day && !item.held && (!item.promised_by || *item.promised_by < day);
}

DemoLedgerDay::DemoLedgerDay(Transaction& facts, const parties::Entity& entity,
                             const calendar::BusinessCalendar& calendar, DemoRandom& random,
                             DemoCounts& counts, Date day)
    : facts_(facts),
      entity_(entity),
      calendar_(calendar),
      random_(random),
      counts_(counts),
      day_(day),
      recorder_(facts, {{"source", "ERP"}, {"business_date", to_string(day)}}) {}

Entry& DemoLedgerDay::entry(const DemoAccount& account, EntryKind kind) {
  Recorder& recorder = recorder_;
  return recorder.entry(account.ref.customer.part(), kind, {}, {});
}

void DemoLedgerDay::open(DemoAccount& account) {
  const auto added = put_customer(facts_, recorder_, entity_, account.cast->row, day_);
  ARREARS_REQUIRE(added.ok());
  account.ref = *find_customer(facts_, entity_, account.cast->row.number);
  account.ledger.customer = account.ref.customer;
  for (const ContactRow& contact : account.cast->contacts)
    ARREARS_REQUIRE(put_contact(facts_, recorder_, entity_, contact).ok());
}

void DemoLedgerDay::record_rate(money::Rate rate) {
  Recorder& recorder = recorder_;
  recorder.entry(base::slot_of("rates"), EntryKind::rate_recorded, {}, {})
      .add(rate, Revision::first);
}

DocumentId DemoLedgerDay::write(DemoAccount& account, Document document) {
  for (const auto& part : document.instalments) document.amount_minor += part.amount_minor;
  auto checked = receivables::record_document(document);
  ARREARS_REQUIRE(checked.ok());
  checked->id = facts_.ids().make<receivables::DocumentTag>(account.ref.customer.part());
  const bool claimed =
      facts_.claim_number(entity_.id, NumberKind::document,
                          {checked->id.value, account.ref.customer.value, checked->number});
  ARREARS_REQUIRE(claimed);
  entry(account, EntryKind::document_recorded).add(account.ref.customer, *checked, "");
  account.ledger.documents.push_back(*checked);
  return checked->id;
}

PaymentId DemoLedgerDay::write(DemoAccount& account, const Payment& payment) {
  auto checked = receivables::record_payment(payment);
  ARREARS_REQUIRE(checked.ok());
  checked->id = facts_.ids().make<receivables::PaymentTag>(account.ref.customer.part());
  const bool claimed =
      facts_.claim_number(entity_.id, NumberKind::payment,
                          {checked->id.value, account.ref.customer.value, checked->number});
  ARREARS_REQUIRE(claimed);
  entry(account, EntryKind::payment_recorded)
      .add(account.ref.customer, account.ref.party, *checked, "");
  account.ledger.payments.push_back(*checked);
  return checked->id;
}

void DemoLedgerDay::write(DemoAccount& account, EntryKind kind, receivables::AllocationRows rows) {
  write_allocations(facts_, entry(account, kind), account.ref.customer, rows);
  auto& known = account.ledger.allocations;
  known.insert(known.end(), rows.begin(), rows.end());
}

void DemoLedgerDay::allocate(DemoAccount& account, const receivables::AllocateRequest& request) {
  if (request.targets.empty()) return;
  auto rows = receivables::allocate(account.ledger, request);
  ARREARS_REQUIRE(rows.ok());
  write(account, EntryKind::allocated, std::move(*rows));
}

std::int64_t DemoLedgerDay::open_of(const DemoAccount& account, ItemKey key) const {
  return receivables::open_amount(account.ledger, key.document, key.instalment, day_);
}

void DemoLedgerDay::later(DemoAccount& account, DemoEvent event) {
  event.on = calendar_.roll_forward(event.on);
  account.events.push_back(std::move(event));
}

void DemoLedgerDay::issue_invoice(DemoAccount& account) {
  const DemoCustomer& customer = *account.cast;
  Document invoice;
  invoice.number = "INV-" + std::to_string(100'001 + counts_.invoices++);
  invoice.issued_on = day_;
  invoice.currency = customer.currency;
  if (random_.percent(70))
    invoice.reference = "PO-" + std::to_string(random_.between(40'000, 99'999));
  const std::int64_t amount = invoice_amount(random_, customer);
  const bool in_parts = !customer.takes_discount && amount > 100'000 && random_.percent(5);
  if (in_parts) {
    const auto parts = money::split(amount, {1, 1, 1});
    for (int n = 0; n < 3; ++n)
      invoice.instalments.push_back(
          {n + 1, day_ + 30 * (n + 1), parts[static_cast<size_t>(n)], {}, 0});
  } else {
    receivables::Instalment whole{1, day_ + customer.terms_days, amount, {}, 0};
    if (customer.takes_discount) {
      whole.discount_until = day_ + 10;
      whole.discounted_minor =
          amount - money::multiply_divide(amount, 2, 100, money::Rounding::half_up);
    }
    invoice.instalments.push_back(whole);
  }
  const DocumentId id = write(account, invoice);
  const bool discounts =
      customer.takes_discount && random_.percent(80) &&
      (customer.payer == DemoPayer::prompt || customer.payer == DemoPayer::slightly_late);
  for (const auto& part : invoice.instalments) {
    DemoItem item;
    item.key = {id, part.number};
    item.due = part.due_on;
    item.plan_on = discounts
                       ? day_ + random_.days(5, 9)
                       : std::max(day_ + 2, part.due_on + payment_delay(random_, customer.payer));
    account.items.push_back(item);
  }
  if (!in_parts) plan_events(account, account.ledger.documents.back());
}

void DemoLedgerDay::plan_events(DemoAccount& account, const Document& invoice) {
  const Date due = invoice.instalments.front().due_on;
  DemoEvent event;
  event.document = invoice.id;
  if (random_.per_mille(account.cast->often_disputes ? 220 : 10)) {
    event.kind = DemoEvent::Kind::dispute;
    event.on = due + random_.days(-8, 10);
    later(account, event);
  } else if (random_.per_mille(15)) {
    event.kind = DemoEvent::Kind::return_goods;
    event.on = day_ + random_.days(4, 15);
    event.percent = random_.days(5, 25);
    later(account, event);
  } else if (random_.per_mille(5) && !invoice.instalments.front().discount_until) {
    event.kind = DemoEvent::Kind::correct_price;
    event.on = day_ + random_.days(1, 6);
    event.percent = random_.days(2, 8);
    later(account, event);
  }
}

void DemoLedgerDay::live(DemoAccount& account) {
  std::vector<DemoEvent> today;
  std::erase_if(account.events, [&](const DemoEvent& event) {
    if (event.on > day_) return false;
    today.push_back(event);
    return true;
  });
  for (const DemoEvent& event : today) take_place(account, event);
  pay(account);
  drop_settled(account);
}

void DemoLedgerDay::take_place(DemoAccount& account, const DemoEvent& event) {
  switch (event.kind) {
    case DemoEvent::Kind::bounce:
      return bounce(account, event);
    case DemoEvent::Kind::apply_cash:
      return apply_cash(account, event);
    case DemoEvent::Kind::dispute:
      return begin_dispute(account, event);
    case DemoEvent::Kind::end_dispute:
      return end_dispute(account, event);
    case DemoEvent::Kind::return_goods:
      return credit(account, event.document, event.percent, random_.percent(90));
    case DemoEvent::Kind::correct_price:
      return correct_price(account, event);
  }
}

void DemoLedgerDay::drop_settled(DemoAccount& account) {
  std::erase_if(account.items,
                [&](const DemoItem& item) { return open_of(account, item.key) == 0; });
}

void DemoLedgerDay::bounce(DemoAccount& account, const DemoEvent& event) {
  const Payment* payment = receivables::find_payment(account.ledger, event.payment);
  const std::string reason = "R01 insufficient funds";
  auto decided = receivables::bounce(account.ledger,
                                     {event.payment, day_, payment->number + "/returned", reason});
  ARREARS_REQUIRE(decided.ok());
  decided->reversal.id = facts_.ids().make<receivables::PaymentTag>(account.ref.customer.part());
  const Payment& reversal = decided->reversal;
  const bool claimed =
      facts_.claim_number(entity_.id, NumberKind::payment,
                          {reversal.id.value, account.ref.customer.value, reversal.number});
  ARREARS_REQUIRE(claimed);
  entry(account, EntryKind::payment_bounced)
      .add(account.ref.customer, account.ref.party, decided->reversal, reason);
  account.ledger.payments.push_back(decided->reversal);
  write(account, EntryKind::payment_bounced, std::move(decided->reversals));
  for (const ItemKey key : event.items) {
    if (std::any_of(account.items.begin(), account.items.end(),
                    [&](const DemoItem& some) { return some.key == key; }))
      continue;
    const Document* document = receivables::find_document(account.ledger, key.document);
    DemoItem item;
    item.key = key;
    item.due = receivables::find_instalment(*document, key.instalment)->due_on;
    item.plan_on = day_ + random_.days(6, 25);
    account.items.push_back(item);
  }
}

void DemoLedgerDay::apply_cash(DemoAccount& account, const DemoEvent& event) {
  receivables::AllocateRequest request;
  request.source.payment = event.payment;
  request.on = day_;
  std::int64_t left = 0;
  for (const auto& payment : receivables::unapplied_payments(account.ledger, day_))
    if (payment.payment->id == event.payment) left = payment.unapplied_minor;
  for (DemoItem& item : account.items) {
    if (std::find(event.items.begin(), event.items.end(), item.key) == event.items.end()) continue;
    item.held = false;
    const std::int64_t amount = std::min(left, open_of(account, item.key));
    if (amount <= 0) continue;
    request.targets.push_back({item.key.document, item.key.instalment, amount, {}});
    left -= amount;
  }
  allocate(account, request);
}

void DemoLedgerDay::begin_dispute(DemoAccount& account, const DemoEvent& event) {
  const ItemKey key{event.document, 1};
  const auto item = std::find_if(account.items.begin(), account.items.end(),
                                 [&](const DemoItem& some) { return some.key == key; });
  if (item == account.items.end() || item->held || item->promised_by) return;
  receivables::DisputeMark mark;
  mark.document = event.document;
  mark.from = day_;
  const DisputeWords& words = random_.pick(dispute_reasons);
  mark.reason_code = words.code;
  mark.reason = words.text;
  mark.owner = "customer service";
  if (random_.percent(30)) mark.amount_minor = std::max<std::int64_t>(1, open_of(account, key) / 2);
  auto marked = receivables::mark_dispute(account.ledger, mark);
  ARREARS_REQUIRE(marked.ok());
  marked->id = facts_.ids().make<receivables::DisputeMarkTag>(account.ref.customer.part());
  entry(account, EntryKind::dispute_marked).add(account.ref.customer, *marked, Revision::first);
  account.ledger.disputes.push_back(*marked);
  item->held = true;
  DemoEvent end;
  end.kind = DemoEvent::Kind::end_dispute;
  end.on = day_ + random_.days(7, random_.percent(85) ? 40 : 150);
  end.document = event.document;
  later(account, end);
}

void DemoLedgerDay::end_dispute(DemoAccount& account, const DemoEvent& event) {
  for (receivables::DisputeMark& mark : account.ledger.disputes) {
    if (mark.document != event.document || !receivables::holds(mark, day_)) continue;
    auto ended = receivables::clear_dispute(account.ledger, mark.id, day_);
    ARREARS_REQUIRE(ended.ok());
    ended->outcome = receivables::DisputeOutcome::resolved;
    ended->resolution = "settled with the customer";
    entry(account, EntryKind::dispute_cleared).add(account.ref.customer, *ended, Revision::next);
    mark = *ended;
  }
  if (random_.percent(45)) credit(account, event.document, random_.days(10, 60), true);
  for (DemoItem& item : account.items) {
    if (item.key.document != event.document) continue;
    item.held = false;
    item.plan_on = day_ + random_.days(4, 20);
  }
}

void DemoLedgerDay::credit(DemoAccount& account, DocumentId document, int percent, bool apply) {
  const Document* invoice = receivables::find_document(account.ledger, document);
  const std::int64_t open = open_of(account, {document, 1});
  const std::int64_t amount = money::multiply_divide(open, percent, 100, money::Rounding::half_up);
  if (amount <= 0) return;
  Document note;
  note.kind = receivables::DocumentKind::credit_note;
  note.number = "CN-" + std::to_string(300'001 + counts_.credits++);
  note.issued_on = day_;
  note.currency = invoice->currency;
  note.reference = invoice->number;
  note.instalments.push_back({1, day_, -amount, {}, 0});
  const DocumentId id = write(account, note);
  if (!apply) return;
  receivables::AllocateRequest request;
  request.source.credit = id;
  request.targets.push_back({document, 1, amount, {}});
  allocate(account, request);
}

void DemoLedgerDay::correct_price(DemoAccount& account, const DemoEvent& event) {
  const auto found = std::find_if(account.ledger.documents.begin(), account.ledger.documents.end(),
                                  [&](const Document& some) { return some.id == event.document; });
  Document corrected = *found;
  if (open_of(account, {corrected.id, 1}) != corrected.amount_minor) return;
  const std::int64_t less =
      money::multiply_divide(corrected.amount_minor, event.percent, 100, money::Rounding::half_up);
  corrected.amount_minor -= less;
  corrected.instalments.front().amount_minor -= less;
  auto amended = receivables::amend_document(account.ledger, corrected, account.ref.customer);
  if (!amended) return;
  entry(account, EntryKind::document_corrected)
      .add(account.ref.customer, *amended, "unit price put right");
  *found = *amended;
}

Date DemoLedgerDay::value_date(const DemoAccount& account, const std::vector<ItemKey>& items) {
  if (!random_.percent(20)) return day_;
  Date valued = day_ - 1;
  while (!calendar_.is_business_day(valued)) valued = valued - 1;
  for (const ItemKey key : items) {
    const Document* document = receivables::find_document(account.ledger, key.document);
    valued = std::max(valued, document->issued_on);
  }
  return valued;
}

void DemoLedgerDay::pay(DemoAccount& account) {
  std::vector<DemoItem*> paid;
  std::vector<ItemKey> keys;
  for (DemoItem& item : account.items) {
    if (item.plan_on > day_ || item.held || open_of(account, item.key) == 0) continue;
    paid.push_back(&item);
    keys.push_back(item.key);
  }
  if (paid.empty()) return;
  const std::int64_t fate = random_.below(1000);
  Payment payment;
  payment.number = "PAY-" + std::to_string(200'001 + counts_.payments++);
  payment.value_on = value_date(account, keys);
  payment.currency = account.cast->currency;
  if (random_.percent(10)) payment.payer = account.cast->row.name;
  receivables::AllocateRequest request;
  for (DemoItem* item : paid) {
    const Document* document = receivables::find_document(account.ledger, item->key.document);
    const auto* part = receivables::find_instalment(*document, item->key.instalment);
    const std::int64_t open = open_of(account, item->key);
    std::int64_t amount = open;
    if (fate < 25 && paid.size() == 1) item->part_percent = random_.days(30, 80);
    if (part->discount_until && payment.value_on <= *part->discount_until &&
        open == part->amount_minor) {
      amount = part->discounted_minor;
    } else if (item->part_percent < 100) {
      amount = std::max<std::int64_t>(
          1, money::multiply_divide(open, item->part_percent, 100, money::Rounding::down));
      item->part_percent = 100;
      item->plan_on = day_ + random_.days(8, 35);
    }
    payment.amount_minor += amount;
    request.targets.push_back({item->key.document, item->key.instalment, amount, {}});
  }
  if (fate >= 50 && fate < 54) payment.amount_minor += random_.between(100, 25'000);
  request.source.payment = write(account, payment);
  DemoEvent event;
  event.payment = request.source.payment;
  event.items = keys;
  if (fate >= 25 && fate < 50) {
    event.kind = DemoEvent::Kind::apply_cash;
    event.on = day_ + random_.days(4, 30);
    for (DemoItem* item : paid) item->held = true;
    later(account, event);
    return;
  }
  allocate(account, request);
  if (fate >= 54 && fate < 66) {
    event.kind = DemoEvent::Kind::bounce;
    event.on = day_ + random_.days(2, 5);
    later(account, event);
  }
}

}  // namespace arrears::app
