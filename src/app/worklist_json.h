#pragma once

#include "app/gather.h"
#include "domain/strategy/steps.h"
#include "domain/strategy/worklist.h"

/// Inside the room: how a worklist entry and a due action read as JSON.
namespace arrears::app {

Json to_json(const strategy::WorklistEntry& entry, const std::string& collector,
             std::optional<int> overall_rank, const parties::Entity& entity);

/// The items of a due action: `[{document, instalment, step, days_overdue, open, chased, ...}]`.
boost::json::array to_json(const strategy::DueAction& action, const PartyFile& file);

}  // namespace arrears::app
