#pragma once

#include "app/lookup.h"

/// What happened with one customer over time.
namespace arrears::app {

/// Everything that happened until `as_of`, newest first: `[{on, at, kind, id, number, currency,
/// amount, state, person, text}]`. Kinds: document, credit, payment, payment_returned, call,
/// promise, promise_kept, promise_partly_kept, promise_broken, promise_withdrawn, dispute,
/// dispute_ended, hold, follow_up_closed, the channels of interactions (note, meeting, letter,
/// email, sms, chat), and the actions of steps (remind, demand, ...). `on` is a
/// business date; `at` the instant where one is known, else null. `person` is who did it or who was
/// spoken to.
Result<boost::json::array> customer_timeline(Facts& facts, std::string_view entity,
                                             std::string_view customer, Date as_of);

/// The months up to that of `as_of`, oldest first, per currency: `[{month, currency, invoiced,
/// paid, settled_items, average_days_late}]`. `month` is 2026-06. `paid` is money received less
/// money returned. `average_days_late` is over the instalments of positive documents that were
/// settled in the month, weighted by amount, with one decimal place (rounded to zero); negative:
/// early. Null where nothing was.
Result<boost::json::array> customer_behaviour(Facts& facts, std::string_view entity,
                                              std::string_view customer, Date as_of, int months);

struct SearchQuery {
  std::string text;
  std::size_t limit = 20;
};
/// What bears the number, or whose name contains the text, in all entities that `facts` shows, best
/// first: `[{kind, entity, customer, number, name}]`. Kinds: customer, document, payment, promise.
/// A number counts as `base::number_key` reads it. Less than two characters find nothing.
boost::json::array search(Facts& facts, const SearchQuery& query);

}  // namespace arrears::app
