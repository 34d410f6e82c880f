#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "domain/promises/promise.h"

/// Accepting and withdrawing a promise.

#define ARREARS_CHECK_PROMISE_REFUSALS(R)                                                  \
  R(amount_not_positive, "Give amounts above 0, in the sum and on each item.")             \
  R(beyond_maximum, "Amounts go up to 10^15 - 1 minor units: check the decimals.")         \
  R(promise_date_in_past, "Choose the day on which it was made or a later one.")           \
  R(item_unknown, "Check the number: this party has no such instalment in force.")         \
  R(item_repeated, "Name each item once, with the sum of its amounts.")                    \
  R(mixed_currencies, "Record one promise per currency.")                                  \
  R(items_do_not_sum, "Make the amounts of the items add up to the promised amount.")      \
  R(superseded_not_open, "Only an open promise of this party can be replaced by another.") \
  R(item_not_open, "It is settled on that day: choose an open item.")                      \
  R(exceeds_open_amount, "Lower the amount, add items, or replace the promise that covers them.")

ARREARS_REFUSALS(promises, CheckPromiseRefusal, "record_promise", ARREARS_CHECK_PROMISE_REFUSALS);

#define ARREARS_WITHDRAW_PROMISE_REFUSALS(R)                            \
  R(before_made, "Choose the day on which it was made or a later one.") \
  R(already_withdrawn, "Nothing is left to do.")                        \
  R(not_open, "It is kept, broken or past its deadline: that cannot be withdrawn.")

ARREARS_REFUSALS(promises, WithdrawPromiseRefusal, "withdraw_promise",
                 ARREARS_WITHDRAW_PROMISE_REFUSALS);

namespace arrears::promises {

/// `promise` as it was said, without id, number and events.
struct PromiseRequest {
  Promise promise;
  std::vector<PromiseId> supersedes;  ///< open promises that it replaces
};

/// The promise as it is to be written; the replaced ones get the event `superseded` on `made_on`.
/// `ledgers`: the party's customers in the entity. `others`: the party's promises in the entity,
/// judged as of `made_on`. What is open on `made_on` less what other open promises (suspended ones
/// too, until their deadline) still cover is the most that can be promised.
base::Result<Promise, CheckPromiseRefusal> check_promise(const PromiseRequest& request,
                                                         LedgerRefs ledgers,
                                                         std::span<const JudgedPromise> others);

/// What of `item` is open and not yet promised by others, as `check_promise` judges it; 0 where
/// nothing is.
std::int64_t promisable_amount(const PromiseRequest& request, const PromiseItem& item,
                               LedgerRefs ledgers, std::span<const JudgedPromise> others);

/// The event that ends the promise on `on`; `judged` as of that day.
base::Result<PromiseEvent, WithdrawPromiseRefusal> withdraw_promise(const JudgedPromise& judged,
                                                                    Date on,
                                                                    const std::string& reason);

/// Spreads `total_minor` over `chosen` (their amounts are not read) in order of due date, issue
/// date, number and instalment, each up to what `check_promise` accepts. What is too much stays on
/// the last item, so that `check_promise` refuses it as exceeds_open_amount. Unknown and settled
/// items, and those that get nothing, are left out, unless none is left.
std::vector<PromiseItem> spread_oldest_first(std::int64_t total_minor,
                                             std::vector<PromiseItem> chosen, Date made_on,
                                             LedgerRefs ledgers,
                                             std::span<const JudgedPromise> others,
                                             std::span<const PromiseId> supersedes);

}  // namespace arrears::promises
