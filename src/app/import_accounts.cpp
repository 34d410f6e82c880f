#include "app/import_accounts.h"

#include <algorithm>
#include <iterator>

namespace arrears::app {

using receivables::Allocation;
using receivables::DocumentId;
using receivables::PaymentId;

namespace {

/// From so many allocations and payments on, a slice is sooner made than the ledger gone through.
constexpr std::size_t large_ledger = 48;

/// Accounts that are read at once.
constexpr std::size_t accounts_at_once = 256;

}  // namespace

const receivables::Ledger& WorkingAccount::slice(const receivables::AllocationSource& source,
                                                 DocumentId document) {
  const receivables::Ledger& all = account_.ledger;
  if (!indexed_) {
    if (all.allocations.size() + all.payments.size() < large_ledger) return all;
    make_index();
  }
  slice_.customer = all.customer;
  slice_.documents.clear();
  slice_.payments.clear();
  slice_.allocations.clear();
  const std::int64_t source_id = source.payment ? source.payment.value : source.credit.value;
  take_touching(source_id);
  if (document.value != source_id) take_touching(document.value);
  std::ranges::sort(slice_.allocations, {}, &Allocation::id);
  const auto same = std::ranges::unique(slice_.allocations, {}, &Allocation::id);
  slice_.allocations.erase(same.begin(), same.end());
  // Cancelled sides make an allocation not count: they come with it.
  for (const Allocation& row : slice_.allocations) {
    take(row.document);
    take(row.credit);
    take(row.payment);
  }
  take(document);
  take(source.credit);
  take(source.payment);
  if (const auto reversals = reversals_.find(source.payment); reversals != reversals_.end())
    for (const PaymentId reversal : reversals->second) take(reversal);
  return slice_;
}

void WorkingAccount::take_touching(std::int64_t id) {
  const auto places = touching_.find(id);
  if (places == touching_.end()) return;
  for (const std::uint32_t place : places->second)
    slice_.allocations.push_back(account_.ledger.allocations[place]);
}

void WorkingAccount::take(DocumentId document) {
  const auto* found = receivables::find_document(account_.ledger, document);
  if (found && !receivables::find_document(slice_, document)) app::put(slice_, *found);
}

void WorkingAccount::take(PaymentId payment) {
  const auto* found = receivables::find_payment(account_.ledger, payment);
  if (found && !receivables::find_payment(slice_, payment)) app::put(slice_, *found);
}

void WorkingAccount::put(const receivables::Payment& payment) {
  app::put(account_.ledger, payment);
  if (indexed_) note(payment);
}

void WorkingAccount::add(const Allocation& allocation) {
  account_.ledger.allocations.push_back(allocation);
  if (indexed_) note(account_.ledger.allocations.size() - 1);
}

void WorkingAccount::make_index() {
  indexed_ = true;
  for (std::size_t i = 0; i < account_.ledger.allocations.size(); ++i) note(i);
  for (const receivables::Payment& payment : account_.ledger.payments) note(payment);
}

void WorkingAccount::note(std::size_t allocation) {
  const Allocation& row = account_.ledger.allocations[allocation];
  for (const std::int64_t id : {row.document.value, row.payment.value, row.credit.value})
    if (id != 0) touching_[id].push_back(static_cast<std::uint32_t>(allocation));
}

void WorkingAccount::note(const receivables::Payment& payment) {
  if (!payment.reverses) return;
  std::vector<PaymentId>& reversals = reversals_[payment.reverses];
  if (std::ranges::find(reversals, payment.id) == reversals.end()) reversals.push_back(payment.id);
}

void BatchAccounts::expect(std::vector<parties::CustomerId> customers, Payers payers) {
  std::ranges::sort(customers, {}, place_of);
  const auto same = std::ranges::unique(customers);
  customers.erase(same.begin(), same.end());
  expected_ = std::move(customers);
  payers_ = payers;
  first_ = 0;
  loaded_.clear();
}

WorkingAccount* BatchAccounts::find(parties::CustomerId customer) {
  const auto at = std::ranges::lower_bound(expected_, place_of(customer), {}, place_of);
  if (at == expected_.end() || *at != customer) return nullptr;
  const auto place = static_cast<std::size_t>(at - expected_.begin());
  if (place < first_ || place >= first_ + loaded_.size()) {
    loaded_.clear();
    first_ = place;
    const std::size_t count = std::min(accounts_at_once, expected_.size() - place);
    loaded_.reserve(count);
    facts_.each_account(std::span(expected_).subspan(place, count), payers_,
                        [&](Account& account) { loaded_.emplace_back(std::move(account)); });
  }
  return &loaded_[place - first_];
}

WorkingAccount& BatchAccounts::get(parties::CustomerId customer) {
  WorkingAccount* account = find(customer);
  ARREARS_REQUIRE(account != nullptr);
  return *account;
}

}  // namespace arrears::app
