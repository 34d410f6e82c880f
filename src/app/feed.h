#pragma once

#include "app/scoped_facts.h"

/// The journal as a change feed, under the rights of who reads it.
namespace arrears::app {

/// `{items: [{position, checkpoint, part, sequence, recorded_at, kind, actor, entry_id, command_id,
/// customers: [{entity, customer}], payload}], next}`: entries from behind the position `after`
/// (empty: the first) on. `next` is where to go on, also where nothing has come yet: a reader asks
/// again with it.
///
/// An entry shows to a caller who sees all customers and parties that it is about; one of several
/// of which some are hidden shows without its payload. An entry about none (people, books, runs)
/// shows to who may audit all entities. `limit` bounds the entries looked at.
Result<Json> feed_page(ScopedFacts& facts, const Scope& scope, std::string_view after,
                       std::size_t limit);

#define ARREARS_FEED_REFUSALS(R) \
  R(position_invalid, "Send back `next` of the page before, or begin without it.")

}  // namespace arrears::app

ARREARS_REFUSALS(app, FeedRefusal, "feed", ARREARS_FEED_REFUSALS);
