#include "random_desk.h"

#include <utility>

#include "app/calls.h"
#include "app/customers.h"
#include "app/daily_run.h"
#include "app/disputes.h"
#include "app/receivables.h"
#include "app/site.h"

namespace arrears::app::test {

namespace {

constexpr Instant beginning{1'780'000'000'000'000};  // 2026-05-28
constexpr std::int64_t hour = 3'600'000'000;

std::string text(Date day) { return to_string(day); }

}  // namespace

RandomDesk::RandomDesk(std::uint64_t seed, std::string url)
    : random_(seed), url_(std::move(url)), clock_(beginning) {
  std::string pattern = (std::filesystem::temp_directory_path() / "arrears-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  if (url_.empty()) url_ = "sqlite:" + folder_ + "/arrears.db";
  for (int process = 0; process < 2; ++process) {
    stores_.push_back(std::make_unique<storage::DatabaseStore>(
        storage::StoreOptions{url_, folder_ + "/arrears.key", storage::OpenMode::create, true},
        clock_));
  }
  make_site();
}

RandomDesk::~RandomDesk() {
  stores_.clear();
  std::filesystem::remove_all(folder_);
}

Date RandomDesk::today() const {
  return calendar::local_time("America/New_York", clock_.now()).day;
}

KnownAt RandomDesk::some_instant() {
  if (instants_.empty() || pick(0, 2) == 0) return std::nullopt;
  return instants_[static_cast<std::size_t>(
      pick(0, static_cast<std::int64_t>(instants_.size()) - 1))];
}

Caller RandomDesk::caller() {
  clock_.set({clock_.now().micros + 1'000'000});
  return {"desk", "key-" + std::to_string(++keys_), clock_.now(), today()};
}

std::string RandomDesk::amount(std::int64_t most) {
  return money::to_decimal(pick(1, most), *money::parse_currency("USD"));
}

void RandomDesk::make_site() {
  for (const std::string& code : entities_) {
    count(
        add_entity(store(), caller(),
                   {code, "Entity " + code, "USD", "America/New_York", "US", code == "E" ? 1 : 0}));
  }
  auto transaction = store().write();
  for (const auto& [on, scaled] : {std::pair(30, 1'100'000'000), std::pair(2, 1'150'000'000)}) {
    transaction->open_entry(base::slot_of("rates"), EntryKind::rate_recorded, "{}")
        .add(money::Rate{*money::parse_currency("EUR"), *money::parse_currency("USD"), today() - on,
                         scaled},
             Revision::first);
  }
  transaction->commit(clock_.now(), "desk");
  transaction.reset();
  for (int i = 0; i < 4; ++i) add_customer();
}

void RandomDesk::step() {
  switch (pick(0, 19)) {
    case 0:
      return add_customer();
    case 1:
    case 2:
    case 3:
    case 4:
      return add_document();
    case 5:
      return change_document();
    case 6:
    case 7:
    case 8:
      return add_payment();
    case 9:
      return change_payment();
    case 10:
    case 11:
      return allocate();
    case 12:
      return dispute();
    case 13:
    case 14:
      return promise();
    case 15:
      return call();
    case 16:
      return set_site();
    default:
      return move_clock();
  }
}

void RandomDesk::add_customer() {
  CustomerRow row;
  row.number = number("C");
  row.name = "Customer " + row.number;
  if (pick(0, 2) == 0) row.party_reference = "P" + std::to_string(pick(1, 3));
  if (!customers_.empty() && pick(0, 2) == 0) row.parent = some(customers_);
  row.country = pick(0, 1) ? "US" : "DE";
  row.segment = pick(0, 1) ? "retail" : "";
  if (count(app::add_customer(some_store(), caller(), entity(), row, today())))
    customers_.push_back(row.number);
}

void RandomDesk::add_document() {
  if (customers_.empty()) return;
  DocumentInput input;
  input.customer = some(customers_);
  input.number = number("D");
  const auto kind = pick(0, 9);
  if (kind == 0) input.kind = "credit_note";
  if (kind == 1) input.kind = "adjustment";
  if (kind == 2) input.kind = "fee";
  const Date issued = today() - static_cast<int>(pick(0, 80));
  const Date due = issued + static_cast<int>(pick(0, 40));
  input.issued = text(issued);
  input.currency = currency();
  std::string sum = amount(500'000);
  if (input.kind == "credit_note" || (input.kind == "adjustment" && pick(0, 1))) sum = "-" + sum;
  input.instalments.push_back({text(due), sum, "", ""});
  if (pick(0, 3) == 0) input.instalments.push_back({text(due + 20), sum, "", ""});
  if (!count(record_document(some_store(), caller(), entity(), input))) return;
  (sum[0] == '-' ? credits_ : documents_).push_back(input.number);
}

void RandomDesk::change_document() {
  if (documents_.empty()) return;
  if (pick(0, 2) == 0) {
    count(cancel_document(some_store(), caller(), entity(), some(documents_), "a mistake"));
    return;
  }
  DocumentInput input;
  input.number = some(documents_);
  input.kind.clear();
  input.instalments.push_back(
      {text(today() - static_cast<int>(pick(-20, 60))), amount(500'000), "", ""});
  count(amend_document(some_store(), caller(), entity(), input, "corrected"));
}

void RandomDesk::add_payment() {
  if (customers_.empty()) return;
  PaymentInput input;
  input.customer = some(customers_);
  input.number = number("Y");
  input.value_on = text(today() - static_cast<int>(pick(0, 60)));
  input.currency = currency();
  input.amount = amount(700'000);
  const std::string code = entity();
  if (!count(record_payment(some_store(), caller(), code, input))) return;
  payments_.push_back(input.number);
  AllocationInput allocation;
  allocation.payment = input.number;
  if (pick(0, 2)) count(apply_allocation(some_store(), caller(), code, allocation));
}

void RandomDesk::change_payment() {
  if (payments_.empty()) return;
  if (pick(0, 2) == 0) {
    count(cancel_payment(some_store(), caller(), entity(), some(payments_), "a mistake"));
  } else {
    count(bounce_payment(some_store(), caller(), entity(), some(payments_),
                         today() - static_cast<int>(pick(0, 10)), "no cover"));
  }
}

void RandomDesk::allocate() {
  if (documents_.empty()) return;
  const std::string code = entity();
  if (pick(0, 3) == 0 && !customers_.empty()) {
    const auto rows = allocation_list(*store().read({}), code, some(customers_));
    if (!rows || rows->empty()) return;
    const auto& row =
        rows->at(static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(rows->size()) - 1)));
    count(take_back_allocation(some_store(), caller(), code,
                               std::string_view(row.at("allocation_id").as_string()), "",
                               today() - static_cast<int>(pick(0, 5))));
    return;
  }
  AllocationInput input;
  if (pick(0, 1) && !credits_.empty()) {
    input.credit = some(credits_);
  } else if (!payments_.empty()) {
    input.payment = some(payments_);
  }
  if (pick(0, 1)) input.targets.push_back({some(documents_), pick(0, 1) ? amount(90'000) : "", ""});
  count(apply_allocation(some_store(), caller(), code, input));
}

void RandomDesk::dispute() {
  if (documents_.empty()) return;
  if (pick(0, 2)) {
    DisputeInput input;
    input.document = some(documents_);
    if (pick(0, 1)) input.amount = amount(100'000);
    input.from = to_string(today() - static_cast<int>(pick(0, 20)));
    input.reason = "quality";
    count(raise_dispute(some_store(), caller(), entity(), input));
  } else {
    count(resolve_dispute(some_store(), caller(), entity(),
                          {some(documents_), pick(0, 1) ? "resolved" : "rejected", "agreed", ""}));
  }
}

void RandomDesk::promise() {
  if (documents_.empty()) return;
  if (pick(0, 4) == 0 && !promises_.empty()) {
    count(withdraw_promise(some_store(), caller(), entity(), some(promises_), today(), "wrong"));
    return;
  }
  PromiseInput input;
  input.by = text(today() + static_cast<int>(pick(0, 12)));
  for (int i = 0; i < pick(1, 2); ++i) {
    input.items.push_back(some(documents_));
    if (pick(0, 1)) input.items.back() += "=" + amount(100'000);
  }
  if (!promises_.empty() && pick(0, 5) == 0) input.supersedes.push_back(some(promises_));
  const auto made = record_promise(some_store(), caller(), entity(), some(customers_), input);
  if (count(made)) promises_.emplace_back(made->at("promise").as_string());
}

void RandomDesk::call() {
  if (customers_.empty()) return;
  CallInput input;
  input.customer = some(customers_);
  input.disposition = pick(0, 1) ? "right_party_reached" : "";
  input.line_outcome = input.disposition.empty() ? "no_answer" : "answered";
  input.contact = input.disposition.empty() ? "" : "somebody";
  input.next_action = pick(0, 1) ? "call" : "send_copy";
  input.next_on = text(today() + static_cast<int>(pick(0, 6)));
  count(log_call(some_store(), caller(), entity(), input));
}

void RandomDesk::set_site() {
  switch (pick(0, 4)) {
    case 0:
      count(set_calendar_day(some_store(), caller(), entity(),
                             today() + static_cast<int>(pick(-9, 9)), pick(0, 1) != 0, "some day"));
      return;
    case 1: {
      NewBook book;
      book.name = "book" + std::to_string(pick(1, 3));
      book.collector = pick(0, 1) ? "anna" : "bert";
      book.customers = pick(0, 1) ? "C1*" : "";
      book.segment = pick(0, 1) ? "retail" : "";
      book.from = today() - static_cast<int>(pick(0, 30));
      count(set_book(some_store(), caller(), entity(), book));
      return;
    }
    case 2:
      if (customers_.empty()) return;
      count(place_hold(some_store(), caller(), entity(), some(customers_), today(), today() + 3,
                       "merger"));
      return;
    case 3: {
      if (customers_.empty()) return;
      ContactRow contact;
      contact.customer = some(customers_);
      contact.name = "Somebody";
      contact.email = "somebody@example.com";
      count(set_contact(some_store(), caller(), entity(), contact));
      return;
    }
    default:
      count(set_strategy(some_store(), caller(), entity(), pick(0, 20'000),
                         static_cast<int>(pick(0, 4)), {}));
  }
}

/// Some hours or days pass, and the day may be run.
void RandomDesk::move_clock() {
  instants_.push_back(clock_.now());
  clock_.set({clock_.now().micros + pick(1, 60) * hour});
  if (pick(0, 1)) count(run_day(some_store(), caller(), entity(), today(), RunOptions{}));
}

}  // namespace arrears::app::test
