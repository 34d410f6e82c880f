#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "app/store.h"
#include "base/result.h"

/// How every change is made: one journaled, idempotent command in one transaction.
namespace arrears::app {

using base::Refusal;
using base::Result;
using Json = boost::json::object;

/// Who calls, when, and under which idempotency key (scoped to actor and command).
struct Caller {
  std::string actor;
  std::string idempotency_key;  ///< never empty; the edge makes one where the user gave none
  Instant now;
  std::optional<Date> business_date;  ///< nothing: the entity's local day of `now`
};

#define ARREARS_COMMAND_REFUSALS(R)                                                       \
  R(idempotency_key_reused, "Use a new key for a new command.")                           \
  R(entity_unknown, "Run `arrears init --entity CODE ...` first, or correct the code.")   \
  R(customer_unknown, "Check the number; `arrears customer list` shows the known ones.")  \
  R(document_unknown, "Check the number; `arrears items` shows the open ones.")           \
  R(payment_unknown, "Check the number; `arrears payment list` shows the known ones.")    \
  R(promise_unknown, "Check the number; `arrears promise list` shows the known ones.")    \
  R(date_invalid, "Write dates as YYYY-MM-DD.")                                           \
  R(amount_invalid, "Write amounts as plain decimals in the currency's places: 1250.00.") \
  R(text_invalid, "Send well-formed UTF-8 without NUL bytes.")                            \
  R(known_at_in_future, "Ask for an instant that has passed.")

/// Makes a checkpoint after a commit. The command is durable by then, so a checkpoint that fails (a
/// full disk, a lock held too long) does not make it fail: the next one seals its entries.
void seal_committed(Store& store);

/// The part of what a command addresses, where its idempotency key is remembered.
using PartResolver = std::function<Result<Part>(Transaction&)>;
/// A command's own part: the answer, or the refusal that undoes it.
using CommandWork = std::function<Result<Json>(Transaction&)>;

/// Runs `work`, together with other short commands (Store::run), and keeps what it did if it
/// answers with a value. A checkpoint is made with it, so that "known at" an instant after the
/// return includes it.
///
/// The same key with the same `body` gives the same answer without running again; with another body
/// it is refused.
Result<Json> run_command(Store& store, const Caller& caller, std::string_view command,
                         const Json& body, const PartResolver& resolve, const CommandWork& work);

/// The same for a command that takes long: in a transaction of its own, so that no other command
/// waits for it to be acknowledged.
Result<Json> run_long_command(Store& store, const Caller& caller, std::string_view command,
                              const Json& body, const PartResolver& resolve,
                              const CommandWork& work);

}  // namespace arrears::app

ARREARS_REFUSALS(app, CommandRefusal, "command", ARREARS_COMMAND_REFUSALS);
