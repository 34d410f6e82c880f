#include "domain/promises/check_promise.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/checked.h"

namespace arrears::promises {

namespace {

using receivables::Document;
using receivables::ItemKey;
using receivables::Ledger;
using Refused = std::optional<CheckPromiseRefusal>;

ItemKey key_of(const PromiseItem& item) { return {item.document, item.instalment}; }

const Document* find_document(LedgerRefs ledgers, const PromiseItem& item) {
  for (const Ledger* held : ledgers) {
    const Ledger& ledger = *held;
    if (ledger.customer != item.customer) continue;
    const Document* document = receivables::find_document(ledger, item.document);
    const bool in_force = document != nullptr && !document->cancelled &&
                          receivables::find_instalment(*document, item.instalment) != nullptr;
    if (in_force) return document;
  }
  return nullptr;
}

/// Whether it still binds on `made_on`. A suspended promise reads as open after its deadline too,
/// but binds no more.
bool is_in_force(const JudgedPromise& judged, Date made_on) {
  return judged.standing.state == PromiseState::open && made_on <= judged.standing.deadline;
}

/// What may be promised of each open item.
class Promisable {
 public:
  Promisable(LedgerRefs ledgers, Date made_on, std::span<const JudgedPromise> others,
             std::span<const PromiseId> supersedes) {
    for (const Ledger* held : ledgers) {
      const Ledger& ledger = *held;
      for (const receivables::OpenItem& item : receivables::open_items(ledger, made_on)) {
        if (item.open_minor < 0) continue;
        left_.push_back({{item.document->id, item.instalment->number}, item.open_minor});
      }
    }
    std::sort(left_.begin(), left_.end());
    for (const JudgedPromise& other : others) {
      if (!is_in_force(other, made_on)) continue;
      if (std::ranges::find(supersedes, other.promise->id) != supersedes.end()) continue;
      for (std::size_t i = 0; i < other.promise->items.size(); ++i) {
        const PromiseItem& item = other.promise->items[i];
        if (auto* left = find(key_of(item))) {
          *left -= item.amount_minor - other.standing.item_paid_minor[i];
        }
      }
    }
  }

  /// Null where the item is not open.
  std::int64_t* find(ItemKey key) {
    const auto found =
        std::lower_bound(left_.begin(), left_.end(), key,
                         [](const auto& entry, ItemKey wanted) { return entry.first < wanted; });
    return found != left_.end() && found->first == key ? &found->second : nullptr;
  }

 private:
  std::vector<std::pair<ItemKey, std::int64_t>> left_;
};

Refused check_items(const Promise& promise, LedgerRefs ledgers) {
  using enum CheckPromiseRefusal;
  std::vector<ItemKey> keys;
  std::vector<money::Currency> currencies;
  for (const PromiseItem& item : promise.items) {
    const Document* document = find_document(ledgers, item);
    if (document == nullptr) return item_unknown;
    keys.push_back(key_of(item));
    currencies.push_back(document->currency);
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return item_repeated;
  for (const money::Currency currency : currencies) {
    if (currency != currencies.front()) return mixed_currencies;
  }
  ARREARS_REQUIRE(promise.currency == currencies.front());
  std::int64_t sum = 0;
  for (const PromiseItem& item : promise.items) sum = base::checked_add(sum, item.amount_minor);
  if (sum != promise.amount_minor) return items_do_not_sum;
  return std::nullopt;
}

}  // namespace

base::Result<Promise, CheckPromiseRefusal> check_promise(const PromiseRequest& request,
                                                         LedgerRefs ledgers,
                                                         std::span<const JudgedPromise> others) {
  using enum CheckPromiseRefusal;
  const Promise& promise = request.promise;
  if (promise.amount_minor <= 0) return amount_not_positive;
  for (const PromiseItem& item : promise.items) {
    if (item.amount_minor <= 0) return amount_not_positive;
  }
  if (promise.amount_minor > money::max_amount_minor) return beyond_maximum;
  for (const PromiseItem& item : promise.items) {
    if (item.amount_minor > money::max_amount_minor) return beyond_maximum;
  }
  if (promise.due_on < promise.made_on) return promise_date_in_past;
  ARREARS_REQUIRE(!promise.items.empty());
  if (const Refused refused = check_items(promise, ledgers)) return *refused;
  for (const PromiseId id : request.supersedes) {
    const bool known = std::ranges::any_of(others, [&](const JudgedPromise& other) {
      return other.promise->id == id && is_in_force(other, promise.made_on);
    });
    if (!known) return superseded_not_open;
  }
  Promisable promisable(ledgers, promise.made_on, others, request.supersedes);
  for (const PromiseItem& item : promise.items) {
    if (promisable.find(key_of(item)) == nullptr) return item_not_open;
  }
  for (const PromiseItem& item : promise.items) {
    if (item.amount_minor > *promisable.find(key_of(item))) return exceeds_open_amount;
  }
  Promise accepted = promise;
  accepted.events.clear();
  return accepted;
}

std::int64_t promisable_amount(const PromiseRequest& request, const PromiseItem& item,
                               LedgerRefs ledgers, std::span<const JudgedPromise> others) {
  Promisable promisable(ledgers, request.promise.made_on, others, request.supersedes);
  const std::int64_t* left = promisable.find(key_of(item));
  return left == nullptr ? 0 : std::max<std::int64_t>(0, *left);
}

base::Result<PromiseEvent, WithdrawPromiseRefusal> withdraw_promise(const JudgedPromise& judged,
                                                                    Date on,
                                                                    const std::string& reason) {
  using enum WithdrawPromiseRefusal;
  if (on < judged.promise->made_on) return before_made;
  if (judged.standing.state == PromiseState::withdrawn) return already_withdrawn;
  if (!is_in_force(judged, on)) return not_open;
  return PromiseEvent{PromiseEventKind::withdrawn, on, reason};
}

std::vector<PromiseItem> spread_oldest_first(std::int64_t total_minor,
                                             std::vector<PromiseItem> chosen, Date made_on,
                                             LedgerRefs ledgers,
                                             std::span<const JudgedPromise> others,
                                             std::span<const PromiseId> supersedes) {
  struct Aged {
    PromiseItem item;
    const Document* document = nullptr;
    Date due_on;
  };
  Promisable promisable(ledgers, made_on, others, supersedes);
  std::vector<Aged> aged;
  for (const PromiseItem& item : chosen) {
    const Document* document = find_document(ledgers, item);
    const std::int64_t* left = document == nullptr ? nullptr : promisable.find(key_of(item));
    if (left == nullptr || *left <= 0) continue;
    aged.push_back({item, document, find_instalment(*document, item.instalment)->due_on});
  }
  if (aged.empty()) {
    // Nothing to spread over: left to check_promise to say why.
    if (!chosen.empty()) chosen.front().amount_minor = total_minor;
    chosen.resize(std::min<std::size_t>(chosen.size(), 1));
    return chosen;
  }
  std::sort(aged.begin(), aged.end(), [](const Aged& a, const Aged& b) {
    return std::tie(a.due_on, a.document->issued_on, a.document->number, a.item.document,
                    a.item.instalment) < std::tie(b.due_on, b.document->issued_on,
                                                  b.document->number, b.item.document,
                                                  b.item.instalment);
  });
  std::vector<PromiseItem> spread;
  std::int64_t left = total_minor;
  for (const Aged& next : aged) {
    if (left <= 0) break;
    spread.push_back(next.item);
    spread.back().amount_minor = std::min(left, *promisable.find(key_of(next.item)));
    left -= spread.back().amount_minor;
  }
  if (left > 0) spread.back().amount_minor = base::checked_add(spread.back().amount_minor, left);
  return spread;
}

}  // namespace arrears::promises
