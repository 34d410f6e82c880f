#pragma once

#include "app/gather.h"
#include "domain/strategy/steps.h"
#include "domain/strategy/worklist.h"

/// Inside the room: how a worklist line is kept and shown, and a due action as JSON.
namespace arrears::app {

/// The line as FrozenEntry keeps it: a JSON array of its values, without the names of fields and
/// without what stands beside it in the record. Amounts are minor units, dates days since
/// 1970-01-01, members of enums their numbers; texts are as the collector saw them. A line with
/// names of fields would not fit into a leaf of SQLite's b-tree (about 1,000 bytes), and cost a
/// page each. Who the party is stands only in its own record, where it can be erased.
std::string line_text(const strategy::WorklistEntry& entry, int overall_rank, money::Currency base);

/// The line as people and programs see it, with null for the name of the party.
Json read_line(const FrozenEntry& line);

/// The items of a due action: `[{document, instalment, step, days_overdue, open, chased, ...}]`.
boost::json::array to_json(const strategy::DueAction& action, const PartyFile& file);

}  // namespace arrears::app
