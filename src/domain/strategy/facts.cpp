#include "domain/strategy/facts.h"

#include <algorithm>
#include <map>

#include "base/checked.h"
#include "domain/receivables/dispute.h"

namespace arrears::strategy {
namespace {

using promises::PromiseState;

/// What is still to come on each item under promises in force. A payment that counts towards the
/// promise has lowered the open amount already, so only the rest of the promise covers. A dispute
/// keeps a promise open after its deadline; from then on only the dispute covers.
std::map<ItemKey, std::int64_t> promised_amounts(const PartyFacts& facts, Date as_of) {
  std::map<ItemKey, std::int64_t> promised;
  for (const auto& [promise, standing] : facts.promises) {
    if (standing.state != PromiseState::open || promise->made_on > as_of) continue;
    if (standing.deadline < as_of) continue;
    for (std::size_t i = 0; i < promise->items.size(); ++i) {
      const auto& item = promise->items[i];
      auto& sum = promised[{item.document, item.instalment}];
      sum = base::checked_add(sum, item.amount_minor - standing.item_paid_minor[i]);
    }
  }
  return promised;
}

/// What the marks in force contest of each document; the whole document is the largest amount.
std::map<receivables::DocumentId, std::int64_t> disputed_amounts(const receivables::Ledger& ledger,
                                                                 Date as_of) {
  std::map<receivables::DocumentId, std::int64_t> disputed;
  for (const auto& mark : ledger.disputes) {
    if (!receivables::holds(mark, as_of)) continue;
    auto& sum = disputed[mark.document];
    sum = base::checked_add(sum, mark.amount_minor.value_or(money::max_amount_minor));
  }
  return disputed;
}

bool has_small_balance(const std::vector<receivables::Aging>& aging, const RunContext& run) {
  std::int64_t balance = 0;
  for (const auto& row : aging) {
    const auto converted = in_base(row.balance(), row.currency, run);
    if (!converted) return false;
    balance = base::checked_add(balance, *converted);
  }
  return balance < run.strategy.small_balance_minor;
}

}  // namespace

Channel channel_of(StepAction action) {
  switch (action) {
    case StepAction::remind:
    case StepAction::final_demand:
      return Channel::written;
    case StepAction::call:
      return Channel::phone;
    case StepAction::escalate:
      return Channel::manager;
    case StepAction::refer:
      return Channel::agency;
  }
  return Channel::written;
}

std::optional<std::int64_t> in_base(std::int64_t minor, money::Currency currency,
                                    const RunContext& run) {
  if (minor == 0 || currency == run.base) return minor;
  const auto converted = run.rates.convert({minor, currency}, run.base, run.as_of);
  if (!converted) return std::nullopt;
  return converted->minor;
}

const Hold* hold_in_force(const PartyFacts& facts, Date as_of) {
  for (const Hold& hold : facts.holds)
    if (hold.from <= as_of && (!hold.until || as_of < *hold.until)) return &hold;
  return nullptr;
}

bool is_reachable(const PartyFacts& facts, const RunContext& run) {
  if (!run.contacts_kept) return true;
  return std::any_of(facts.contacts.begin(), facts.contacts.end(),
                     [](const parties::Contact& contact) {
                       return contact.active && (!contact.phone.empty() || !contact.email.empty());
                     }) ||
         std::any_of(facts.contacts_made.begin(), facts.contacts_made.end(),
                     [](const ContactMade& made) {
                       return made.disposition == contact::Disposition::right_party_reached;
                     });
}

std::vector<ChasedItem> chased_items(const PartyFacts& facts, const RunContext& run) {
  auto promised = promised_amounts(facts, run.as_of);
  std::vector<ChasedItem> items;
  for (const CustomerFacts& customer : facts.customers) {
    const auto aging = receivables::aging(*customer.ledger, run.as_of);
    const bool small = has_small_balance(aging, run);
    auto disputed = disputed_amounts(*customer.ledger, run.as_of);
    for (const auto& open : receivables::open_items(*customer.ledger, run.as_of)) {
      if (open.open_minor <= 0) continue;
      ChasedItem item;
      item.customer = customer.customer;
      item.document = open.document;
      item.instalment = open.instalment;
      item.days_overdue = open.days_overdue;
      item.open_minor = open.open_minor;
      item.promised_minor = std::min(promised[item.key()], open.open_minor);
      std::int64_t& contested = disputed[open.document->id];
      item.disputed_minor = std::min(contested, open.open_minor);
      contested -= item.disputed_minor;
      item.chased_minor =
          std::max<std::int64_t>(0, open.open_minor - item.promised_minor - item.disputed_minor);
      const auto row = std::find_if(aging.begin(), aging.end(), [&](const auto& candidate) {
        return candidate.currency == open.document->currency;
      });
      item.cash_covers = item.days_overdue > 0 && row != aging.end() && row->overdue() == 0;
      item.small_balance = small;
      items.push_back(item);
    }
  }
  return items;
}

}  // namespace arrears::strategy
